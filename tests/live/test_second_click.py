"""A click on sheets that are there: what the user has set up on them stays, and what has to differ is set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from incubxl.excel import commands
from incubxl.excel.apply import claim, write
from incubxl.excel.prepare import prepare
from incubxl.plan import Column, SheetPlan
from tests.conftest import ROOT
from tests.live.fakewin import Scene
from tests.live.test_prepare import plan

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"
PORTRAIT, LANDSCAPE = 1, 2
WIDE = 61  # characters


def test_the_user_s_page_panes_widths_and_place_in_the_list_stay(opened: Callable[..., Any]) -> None:
    """Until the list has become shorter than the place."""
    book = opened(SAMPLE).api
    assert commands.gaps(), Scene.dialogs
    ours = book.Worksheets("差什么")

    def leave_at(row: int) -> None:
        ours.Activate()
        book.Windows(1).ScrollRow = row
        book.Worksheets("申报登记").Activate()

    def found() -> tuple[bool, int]:
        ours.Activate()
        return book.controller().hasFrozenPanes(), book.controller().getFirstVisibleRow() + 1

    ours.PageSetup.Orientation = PORTRAIT
    ours.Range("B1").ColumnWidth = WIDE
    ours.Activate()
    book.Windows(1).FreezePanes = False
    leave_at(8)
    assert commands.gaps(), Scene.dialogs
    assert book.ActiveSheet.Name == "申报登记"
    assert found() == (False, 8)
    book.Worksheets("申报登记").Range("A7:BI30").ClearContents()
    leave_at(8)
    assert commands.gaps(), Scene.dialogs
    assert found() == (False, 1)
    assert ours.PageSetup.Orientation == PORTRAIT
    assert ours.Range("B1").ColumnWidth == pytest.approx(WIDE, abs=0.5)


def test_a_sheet_whose_changes_went_to_a_copy_is_set_up_anew(opened: Callable[..., Any]) -> None:
    book = opened(SAMPLE).api
    assert commands.gaps(), Scene.dialogs
    ours = book.Worksheets("差什么")
    ours.Unprotect("")
    ours.Range("Z6").Value = "已电话核实"
    ours.PageSetup.Orientation = PORTRAIT
    ours.Activate()
    book.Windows(1).FreezePanes = False
    assert commands.gaps(), Scene.dialogs
    assert ours.PageSetup.Orientation == LANDSCAPE
    ours.Activate()
    assert book.controller().hasFrozenPanes()


def test_a_notice_that_came_moves_the_panes_and_goes_to_the_page(excel: Any, opened: Callable[..., Any]) -> None:
    """And what the user has set on the page stays, as well after it has gone again."""
    book = opened(SAMPLE).api

    def written(sheet: SheetPlan) -> tuple[int, int, str]:
        ours = claim({s.Name: s for s in book.Worksheets}, [sheet.name])
        write(book, excel, prepare(sheet, there=(), date_1904=False, paint_calls=0), ours.get(sheet.name))
        target = book.Worksheets(sheet.name)
        target.Activate()
        header = target.PageSetup.style().RightPageHeaderContent  # its texts live no longer than it
        words = header.RightText.getString()
        return book.controller().getSplitRow(), target.uno.getTitleRows().StartRow + 1, words

    bare = plan([("甲",)], Column("文"))
    assert written(bare) == (3, 3, "")
    book.Worksheets(bare.name).PageSetup.Orientation = PORTRAIT
    assert written(replace(bare, notice="征求意见稿")) == (4, 4, "征求意见稿")
    assert written(bare) == (3, 3, "")
    assert book.Worksheets(bare.name).PageSetup.Orientation == PORTRAIT


def test_a_page_that_no_printer_took_is_set_when_there_is_one(excel: Any, opened: Callable[..., Any]) -> None:
    book = opened(SAMPLE).api
    excel.papers = ()
    assert commands.gaps(), Scene.dialogs
    assert book.Worksheets("差什么").PageSetup.Orientation == PORTRAIT
    excel.papers = (9, 8)
    assert commands.gaps(), Scene.dialogs
    assert book.Worksheets("差什么").PageSetup.Orientation == LANDSCAPE


def test_what_is_set_up_on_a_hidden_sheet_stays_too(opened: Callable[..., Any]) -> None:
    """A list that became shorter while nobody could see it is scrolled to its top when it is seen again."""
    book = opened(SAMPLE).api
    assert commands.gaps(), Scene.dialogs
    ours = book.Worksheets("差什么")
    ours.PageSetup.Orientation = PORTRAIT
    ours.Range("B1").ColumnWidth = WIDE
    ours.Activate()
    book.Windows(1).ScrollRow = 8
    book.Worksheets("申报登记").Activate()
    ours.Visible = 0
    book.Worksheets("申报登记").Range("A7:BI30").ClearContents()
    assert commands.gaps(), Scene.dialogs
    ours.Visible = -1
    assert commands.gaps(), Scene.dialogs
    assert ours.PageSetup.Orientation == PORTRAIT
    assert ours.Range("B1").ColumnWidth == pytest.approx(WIDE, abs=0.5)
    ours.Activate()
    assert book.controller().getFirstVisibleRow() == 0
