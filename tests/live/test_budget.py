"""What a click costs: the same number of COM calls for a short and a long register, and no call inside a row loop.

The first click makes our sheets, the others find them; one whose lists have become shorter also scrolls to their top.
"""

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


def costs(opened: Callable[..., Any], folder: Path, rows: int, colours: list[int]) -> list[tuple[int, int]]:
    """Calls of three clicks on 校验全部 on a register of ``rows``: without colours, and those of colours.

    Before the third one all applicants but three are taken out.
    """
    path = folder / f"register-{rows}.xlsx"
    path.write_bytes(build_workbook(store().pack(PACK), year=2026, content=content(rows, 7, tenants=0)))
    book = opened(path).api
    found = []
    for click in range(3):
        if click == 2:
            book.Worksheets("申报登记").Range(f"A9:CZ{rows + 10}").ClearContents()
        colours.clear()
        Wire.calls.clear()
        assert commands.check_all(), Scene.dialogs
        found.append((Wire.calls.total() - sum(colours), sum(colours)))
    return found


@pytest.mark.office
def test_calls_do_not_grow_with_the_register(
    opened: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, colours: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("registers")
    short = costs(opened, folder, 500, colours)
    long = costs(opened, folder, 5_000, colours)
    for click, ((calls, few), (others, many)) in enumerate(zip(short, long, strict=True), 1):
        assert calls == others < CALLS, (click, short, long)
        assert few <= COLOURS, f"click {click}"
        assert many <= COLOURS, f"click {click}"
