"""Writing beside what the user has done with sheets: groups, chart sheets, hidden sheets, other workbooks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands
from incubxl.publish.own_sheet import OWNED
from tests.conftest import ROOT
from tests.live.com import Wire, failed
from tests.live.fakewin import Scene

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"


@pytest.fixture
def book(opened: Callable[..., Any]) -> Any:
    return opened(SAMPLE).api


def names(book: Any) -> list[str]:
    return [sheet.Name for sheet in book.Sheets]


def last() -> str:
    return Scene.dialogs[-1][0]


def test_selected_sheets_make_no_further_ones(book: Any) -> None:
    before = names(book)
    book.group = ("设置", "口径", "申报登记")
    assert commands.gaps(), Scene.dialogs
    assert names(book) == [*before, "差什么"]


def test_a_chart_sheet_of_the_users_with_our_title(book: Any) -> None:
    book.add_chart("差什么")
    before = names(book)
    assert not commands.gaps()
    assert "已经有「差什么」，不是本程序写的" in last()
    assert names(book) == before


def test_a_title_that_excel_does_not_take_leaves_no_sheet(book: Any) -> None:
    before = names(book)

    def refuse(name: str) -> None:
        if name == "Name=":
            raise failed("That name is already taken.")

    Wire.fault = refuse
    assert not commands.gaps()
    Wire.fault = None
    assert names(book) == before


def test_a_sheet_is_marked_before_it_has_its_title(book: Any) -> None:
    """Ended by force in between: what is left is known to be ours."""

    class EndedError(BaseException):
        pass

    def end(name: str) -> None:
        if name == "Name=":
            raise EndedError

    before = set(names(book))
    Wire.fault = end
    with pytest.raises(EndedError):
        commands.gaps()
    Wire.fault = None
    (left,) = set(names(book)) - before
    assert [name.Name for name in book.Worksheets(left).Names] == [OWNED]


def test_our_sheet_that_the_user_has_hidden_is_written_hidden(book: Any) -> None:
    assert commands.gaps(), Scene.dialogs
    ours = book.Worksheets("差什么")
    written = ours.Range("A1:C20").Value
    book.Worksheets("申报登记").Activate()
    ours.Unprotect("")
    ours.Range("A1:C20").Value = "改过"
    ours.Visible = 0
    assert commands.gaps(), Scene.dialogs
    assert ours.Visible == 0
    assert ours.Range("A1:C20").Value == written


def test_windows_of_other_workbooks_stay_as_they_are(book: Any, excel: Any, tmp_path: Path) -> None:
    """The user goes to another workbook while a click writes."""
    path = tmp_path / "别的.xlsx"
    shutil.copy(ROOT / "samples" / "national-base-2026.xlsx", path)
    other = excel.Workbooks.Open(str(path))
    other.Worksheets("申报登记").Activate()
    other.controller().freezeAtPosition(0, 0)
    mine = next(b for b in excel.books if b.title() == SAMPLE.name)
    excel.active = mine
    mine.Worksheets("申报登记").Activate()

    def goes(name: str) -> None:
        if name == "SaveCopyAs":
            excel.active = other

    Wire.fault = goes
    assert commands.gaps(), Scene.dialogs
    Wire.fault = None
    assert not other.controller().hasFrozenPanes()
    mine.Worksheets("差什么").Activate()
    assert mine.controller().hasFrozenPanes()
