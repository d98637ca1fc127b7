"""What a click costs: the same number of COM calls for a short and a long register, and no call inside a row loop.

The first click makes our sheets, the others find them; where a run has written its results into a copy of the register,
the first one finds them too, among all the others of that run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from incubxl.excel import apply, commands
from incubxl.files.packs import store
from incubxl.templates.build import build_workbook
from tests.bench.inputs import PACK, content
from tests.live.com import Wire
from tests.live.fakewin import Scene
from tests.live.grafted import with_results

pytestmark = pytest.mark.office
CALLS, COLOURS = 400, 200


class Cost(NamedTuple):
    """Calls of one click: beside colours, and those of colours."""

    calls: int
    colours: int


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


def register(folder: Path, rows: int) -> Path:
    path = folder / f"register-{rows}.xlsx"
    path.write_bytes(build_workbook(store().pack(PACK), year=2026, content=content(rows, 7, tenants=0)))
    return path


def clicked(colours: list[int]) -> Cost:
    colours.clear()
    Wire.calls.clear()
    assert commands.check_all(), Scene.dialogs
    return Cost(Wire.calls.total() - sum(colours), sum(colours))


def costs(book: Any, rows: int, colours: list[int]) -> dict[str, Cost]:
    """Of clicks on 校验全部 on a register of ``rows``, each after the one before.

    Before the third one 基准日 lies before the measure (2019-04-01), whose notice moves the frozen row of every sheet;
    before the fourth one all applicants but three are gone.
    """
    found = {"first": clicked(colours), "second": clicked(colours)}
    settings = book.Worksheets("设置")
    day = next(n for n, row in enumerate(settings.UsedRange.Value, 1) if row[0] == "基准日")
    settings.Range(f"B{day}").Value = float((dt.date(2019, 3, 1) - dt.date(1899, 12, 30)).days)
    found["with a notice"] = clicked(colours)
    book.Worksheets("申报登记").Range(f"A9:CZ{rows + 10}").ClearContents()
    found["shorter"] = clicked(colours)
    return found


@pytest.mark.parametrize("copy", [False, True], ids=["register", "copy with results"])
def test_calls_do_not_grow_with_the_register(
    copy: bool, opened: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, colours: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("registers")

    def counted(rows: int) -> dict[str, Cost]:
        path = register(folder, rows)
        return costs(opened(with_results(path, folder) if copy else path).api, rows, colours)

    short, long = counted(500), counted(5_000)
    for click, few in short.items():
        many = long[click]
        assert few.calls == many.calls < CALLS, (click, short, long)
        assert few.colours <= COLOURS, (click, short)
        assert many.colours <= COLOURS, (click, long)
