"""The test tool is as strict as Excel about deleted, hidden, grouped and chart sheets, and windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import xlwings

from tests.conftest import ROOT
from tests.live.fakewin import DELETED, ComError, Scene, app

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"


@pytest.fixture
def book(opened: Callable[..., Any]) -> Any:
    return opened(SAMPLE).api


def test_objects_of_a_deleted_sheet_answer_nothing(book: Any) -> None:
    mine = book.Worksheets.Add(After=book.Worksheets(1))
    mine.Name = "草稿"
    again, cell = book.Worksheets("草稿"), book.Worksheets("草稿").Range("A1")
    other = book.Worksheets(1)
    mine.Delete()
    for ask in (lambda: mine.Name, lambda: again.Visible, lambda: cell.Value, lambda: setattr(cell, "Value", 1)):
        with pytest.raises(ComError) as error:
            ask()
        assert error.value.hresult == DELETED
    assert other.Name


def test_a_hidden_sheet_cannot_be_activated(book: Any) -> None:
    book.Worksheets("口径").Visible = 0
    with pytest.raises(ComError, match="Exception"):
        book.Worksheets("口径").Activate()


def test_chart_sheets_are_sheets_and_no_worksheets(book: Any, excel: Any) -> None:
    chart = book.add_chart("趋势图")
    assert book.Sheets.Count == book.Worksheets.Count + 1
    with pytest.raises(ComError):
        book.Worksheets("趋势图")
    with pytest.raises(ComError):
        book.Worksheets.Add(After=book.Worksheets(1)).Name = "趋势图"
    chart.Activate()
    assert excel.ActiveSheet.Name == "趋势图"
    assert excel.ActiveCell is None


def test_as_many_sheets_are_added_as_are_selected(book: Any) -> None:
    before = book.Worksheets.Count
    book.group = ("设置", "口径")
    book.Worksheets.Add(After=book.Worksheets(1))
    assert book.Worksheets.Count == before + 2
    book.group = ("设置", "口径")
    book.Worksheets.Add(After=book.Worksheets(1), Count=1)
    assert book.Worksheets.Count == before + 3


def test_an_excel_without_workbooks_has_no_window_to_be_found_by(excel: Any) -> None:
    from xlwings import _xlwindows

    assert not list(xlwings.apps)
    with pytest.raises(OSError, match="AccessibleObjectFromWindow"):
        _ = _xlwindows.App(xl=1).xl
    assert app().api.Name == "Microsoft Excel"
    assert Scene.application is excel
