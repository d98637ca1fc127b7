"""The open workbook reads as its file does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from incubxl.batch.job import assess_grid
from incubxl.excel.reading import _corners, read_book
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import SKIPPED
from incubxl.files.read import read_grid
from incubxl.grid import CellKind
from tests.conftest import ROOT

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"


def odd_cells(path: Path) -> None:
    """One of each kind of cell, hidden rows, merged areas, and a block that does not begin at A1."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("各种")
    date, both, time = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm"))
    money = book.add_format({"num_format": "¥#,##0.00"})
    sheet.write_datetime("C3", dt.datetime(2026, 5, 31), date)
    sheet.write_datetime("D3", dt.datetime(2026, 5, 31, 14, 30), both)
    sheet.write_number("E3", 0.5, time)
    sheet.write_number("F3", 1234.56789, money)
    sheet.write_boolean("G3", True)
    sheet.write_string("H3", "00123")
    sheet.write_number("I3", 0)
    sheet.write_formula("C4", "=1/0", None, "#DIV/0!")
    sheet.write_formula("D4", "=NA()", None, "#N/A")
    sheet.write_formula("E4", "=2+3", None, 5)
    sheet.write_string("C9", "末行")
    sheet.write_number("K9", -1.5)
    for row in (4, 6):
        sheet.set_row(row, None, None, {"hidden": True})
    sheet.merge_range("C11:E12", "合并")
    hidden = book.add_worksheet("藏")
    hidden.write("A1", "x")
    hidden.hide()
    book.add_worksheet("空")
    book.close()


def test_every_kind_of_cell(opened: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "odd.xlsx"
    odd_cells(path)
    live, sheets = read_book(opened(path).api, used=lambda name: True)
    filed, issues = read_grid(path)
    assert filed is not None, issues
    assert tuple(sheets) == ("各种", "藏", "空")
    sheet = live.sheets["各种"]
    assert sheet.rows[2][2:] == [
        *(dt.date(2026, 5, 31), dt.datetime(2026, 5, 31, 14, 30), dt.time(12), 1234.56789, True, "00123", 0.0),
        *(None, None),
    ]
    assert sheet.special == {(3, 2): (CellKind.ERROR, "#DIV/0!"), (3, 3): (CellKind.ERROR, "#N/A")}
    assert sheet.hidden_rows == frozenset((4, 6))
    assert sheet.merged == ((10, 2, 11, 4),)
    assert live.sheets["藏"].hidden
    for name, other in filed.sheets.items():
        mine = live.sheets[name]
        assert mine.special == other.special
        assert mine.merged == other.merged
        assert mine.hidden == other.hidden
        filled = {(r, c): v for r, row in enumerate(other.rows) for c, v in enumerate(row) if v is not None}
        assert {(r, c): v for r, row in enumerate(mine.rows) for c, v in enumerate(row) if v is not None} == filled


@pytest.mark.parametrize("sample", ["urumqi-intl", "shanghai-hq"])
def test_samples_read_as_their_files(sample: str, opened: Callable[..., Any]) -> None:
    path = ROOT / "samples" / f"{sample}-2026.xlsx"
    live, _ = read_book(opened(path).api, {"填写说明", "合计核对", "字典"})
    filed, _ = read_grid(path, {"填写说明", "合计核对", "字典"})
    assert filed is not None
    assert live.name == filed.name
    for name, other in filed.sheets.items():
        wanted = [list(row) for row in other.rows]
        found = [list(row) + [None] * (other.width - len(row)) for row in live.sheets[name].rows]
        assert found == wanted[: len(found)], name
        assert not any(v is not None for row in wanted[len(found) :] for v in row)


def test_a_workbook_that_was_never_saved(excel: Any) -> None:
    book = excel.Workbooks.Add()
    book.Worksheets(1).Range("B2").Value = "未保存"
    grid, sheets = read_book(book, used=lambda name: True)
    assert grid.sheets[next(iter(sheets))].rows == [[None, None], [None, "未保存"]]


def test_more_merged_areas_than_can_be_asked_about(opened: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "merged.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("乱")
    for row in range(0, 160, 4):
        sheet.merge_range(row, 0, row + 1, 0, row)
    book.close()
    with pytest.raises(RefusedError, match="合并单元格太多"):
        read_book(opened(path).api, used=lambda name: True)


@pytest.mark.parametrize(
    ("reference", "corners"),
    [
        ("$B$2:$D$9", (1, 1, 8, 3)),
        ("$B$2", (1, 1, 1, 1)),
        ("$A:$C", (0, 0, 1_048_575, 2)),
        ("$AA:$AA", (0, 26, 1_048_575, 26)),
        ("$1:$7", (0, 0, 6, 16_383)),
    ],
)
def test_addresses_as_excel_gives_them(reference: str, corners: tuple[int, ...]) -> None:
    assert _corners(reference) == corners


def test_a_cover_form_with_many_merged_cells_refuses_nothing(opened: Callable[..., Any], tmp_path: Path) -> None:
    """Fifty merged areas, and a cell at the far end, on a sheet that the measure does not know."""
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / SAMPLE.name
    book = openpyxl.load_workbook(SAMPLE)
    form = book.create_sheet("申请表封面", 0)
    for row in range(1, 51, 2):
        form[f"B{row}"], form[f"F{row}"] = "栏目", "内容"
        form.merge_cells(f"B{row}:D{row}")
        form.merge_cells(f"F{row}:H{row}")
    form["XFD300"] = "远处"
    book.save(path)
    live, sheets = read_book(opened(path).api, SKIPPED)
    assert next(iter(sheets)) == "申请表封面"
    filed, issues = read_grid(path, SKIPPED)
    assert filed is not None, issues
    of_live, _ = assess_grid(live, None, dt.date(2026, 6, 1), None)
    of_file, _ = assess_grid(filed, None, dt.date(2026, 6, 1), None)
    assert of_live is not None
    assert of_file is not None
    assert of_live.determinations == of_file.determinations
    assert of_live.issues == of_file.issues


def test_a_chart_sheet_is_named_and_not_read(opened: Callable[..., Any]) -> None:
    book = opened(SAMPLE)
    book.api.add_chart("趋势图")
    grid, sheets = read_book(book.api, SKIPPED)
    assert sheets["趋势图"] is None
    assert "趋势图" not in grid.sheets


def test_a_hidden_sheet_is_told_where_something_stands_on_it(opened: Callable[..., Any], tmp_path: Path) -> None:
    """On disk and in Excel alike; an empty one says nothing, hidden or not."""
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "hidden.xlsx"
    book = openpyxl.load_workbook(SAMPLE)
    for title in ("申报登记", "结论", "孵化场地"):
        book[title].sheet_state = "hidden"
    book.save(path)
    live, _ = read_book(opened(path).api, SKIPPED)
    filed, _ = read_grid(path, SKIPPED)
    assert filed is not None
    for grid in (live, filed):
        assessment, issues = assess_grid(grid, None, dt.date(2026, 6, 1), None)
        assert assessment is not None, issues
        assert {str(i.place) for i in assessment.issues if i.code == "sheet.hidden"} == {"申报登记", "结论"}
