"""What a click costs: the same number of COM calls for a short and a long register, and no call inside a row loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import apply, commands
from incubxl.files.packs import store
from incubxl.templates.build import build_workbook
from tests.bench.inputs import PACK, content
from tests.live.com import Wire
from tests.live.fakewin import Scene

CALLS, COLOURS = 400, 200


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The calls that each run of colour takes."""
    taken: list[int] = []
    paint = apply._paint

    def counted(*args: Any) -> None:
        before = Wire.calls.total()
        paint(*args)
        taken.append(Wire.calls.total() - before + 1)  # and the range itself

    monkeypatch.setattr(apply, "_paint", counted)
    return taken


def cost(opened: Callable[..., Any], folder: Path, rows: int, colours: list[int]) -> tuple[int, int]:
    """Calls of 校验全部 on a register of ``rows``, without colours, and those of colours."""
    path = folder / f"register-{rows}.xlsx"
    path.write_bytes(build_workbook(store().pack(PACK), year=2026, content=content(rows, 7, tenants=0)))
    opened(path)
    colours.clear()
    assert commands.check_all(), Scene.dialogs
    return Wire.calls.total() - sum(colours), sum(colours)


@pytest.mark.office
def test_calls_do_not_grow_with_the_register(
    opened: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, colours: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("registers")
    short, few = cost(opened, folder, 500, colours)
    long, many = cost(opened, folder, 5_000, colours)
    assert short == long < CALLS
    assert few <= COLOURS
    assert many <= COLOURS
