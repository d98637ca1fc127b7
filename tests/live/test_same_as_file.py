"""What a click writes is what the file path gives for the same input, and nothing of the user's has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.assess.model import Assessment
from incubxl.batch.job import open_assessment
from incubxl.excel import commands
from incubxl.excel.work import OURS
from incubxl.files.read import read_grid
from incubxl.files.write import Properties, render
from incubxl.grid import address
from incubxl.results.agenda import agenda
from incubxl.results.build import result_sheets
from incubxl.style import WORDS
from tests.conftest import ROOT
from tests.live.fakewin import Scene

SAMPLES = ("urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq", "tongliao-award")
LIVE_LINE = "条件核对"  # one line there names the button that a result workbook does not have

pytestmark = pytest.mark.office
Values = dict[str, dict[str, Any]]


def assessed(path: Path) -> Assessment:
    found, issues = open_assessment(path, None, dt.date(2026, 6, 1), None)
    assert found is not None, issues
    return found


def values(path: Path, wanted: Callable[[str], bool]) -> Values:
    grid, issues = read_grid(path)
    assert grid is not None, issues
    found: Values = {}
    for name, sheet in grid.sheets.items():
        if wanted(name):
            cells = {address(r, c): v for r, row in enumerate(sheet.rows) for c, v in enumerate(row) if v is not None}
            found[name] = cells | {address(*at): seen for at, seen in sheet.special.items()}
    return found


def features(path: Path) -> dict[str, Any]:
    """Of the user's sheets: hidden rows, filter, panes, formulas, notes; and the active sheet."""
    book = openpyxl.load_workbook(path)
    found: dict[str, Any] = {"active": book.active.title}
    for sheet in book.worksheets:
        if sheet.title in OURS:
            continue
        hidden = sorted(n for n, row in sheet.row_dimensions.items() if row.hidden)
        texts = {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"}
        notes = {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}
        state = (sheet.sheet_state, sheet.auto_filter.ref, sheet.freeze_panes, hidden, texts, notes)
        found[sheet.title] = state
    return found


@pytest.mark.parametrize("sample", SAMPLES)
def test_sheets_are_those_of_the_file_path(sample: str, excel: Any, opened: Callable[..., Any], tmp_path: Path) -> None:
    source = ROOT / "samples" / f"{sample}-2026.xlsx"
    book = opened(source)
    book.api.Worksheets("申报登记").Activate()
    book.api.Worksheets("申报登记").Range("C9").Select()
    before, after, expected = tmp_path / "before.xlsx", tmp_path / "after.xlsx", tmp_path / "expected.xlsx"
    book.api.SaveCopyAs(str(before))
    for button in (commands.check_all, commands.scores, commands.grade, commands.funding, commands.agenda):
        assert button(), Scene.dialogs
        assert (excel.ActiveSheet.Name, excel.Selection.Address) == ("申报登记", "$C$9")
    book.api.SaveCopyAs(str(after))
    found = assessed(source)
    due = agenda(found.register, found.as_of)
    made = result_sheets(found, ran_at="", run_id="", input_name=source.name, agenda=due)
    expected.write_bytes(render(made, properties=Properties("", dt.datetime(2026, 6, 1))))
    live = values(after, lambda name: name in OURS)
    assert set(live) >= {
        "条件核对",
        "差什么",
        "问题清单",
        "评价结果",
        "指标得分",
        "经费核定",
        "限额明细",
        "待办",
        "进度",
    }
    filed = values(expected, live.__contains__)
    there = next(c for c, v in filed[LIVE_LINE].items() if "点任一结论可到" in str(v))
    del filed[LIVE_LINE][there]
    assert "解释这一行" in live[LIVE_LINE].pop(there)
    assert live == filed
    assert values(after, lambda name: name not in OURS) == values(before, lambda name: name not in OURS)
    assert features(after) == features(before)
    assert values(before, lambda name: True).keys() == values(source, lambda name: True).keys()


def test_words_have_the_colours_of_the_result_workbook(opened: Callable[..., Any], tmp_path: Path) -> None:
    source = ROOT / "samples" / "urumqi-intl-2026.xlsx"
    book = opened(source)
    assert commands.check_all(), Scene.dialogs
    after, expected = tmp_path / "after.xlsx", tmp_path / "expected.xlsx"
    book.api.SaveCopyAs(str(after))
    made = result_sheets(assessed(source), ran_at="", run_id="", input_name=source.name)
    expected.write_bytes(render(made, properties=Properties("", dt.datetime(2026, 6, 1))))
    live, filed = openpyxl.load_workbook(after), openpyxl.load_workbook(expected)
    seen = set()
    for name in ("条件核对", "差什么", "问题清单"):
        for row in filed[name].iter_rows():
            for cell in row:
                if cell.value in WORDS and WORDS[cell.value] != "yes":
                    mine = live[name][cell.coordinate]
                    assert mine.fill.fgColor.rgb[-6:] == cell.fill.fgColor.rgb[-6:], (name, cell.coordinate)
                    assert bool(mine.font.bold) == bool(cell.font.bold), (name, cell.coordinate)
                    seen.add(cell.value)
    assert {"符合", "不符合", "资料不足", "待认定"} <= seen


def test_explaining_a_row_gives_its_rows_of_the_detail(opened: Callable[..., Any], tmp_path: Path) -> None:
    source = ROOT / "samples" / "urumqi-intl-2026.xlsx"
    book = opened(source)
    register = book.api.Worksheets("申报登记")
    register.Activate()
    register.Range("B9").Select()
    assert commands.explain_row(), Scene.dialogs
    after, expected = tmp_path / "after.xlsx", tmp_path / "expected.xlsx"
    book.api.SaveCopyAs(str(after))
    assessment = assessed(source)
    expected.write_bytes(
        render(
            result_sheets(assessment, ran_at="", run_id="", input_name=source.name),
            properties=Properties("", dt.datetime(2026, 6, 1)),
        )
    )
    applicant = register.Range("A9").Value
    rows = openpyxl.load_workbook(expected)["条件核对明细"].iter_rows(values_only=True)
    wanted = [row for row in rows if row[0] == applicant]
    shown = [row for row in openpyxl.load_workbook(after)["解释"].iter_rows(values_only=True) if row[0] == applicant]
    assert len(wanted) > 5
    assert [tuple(v or None for v in row) for row in shown] == [tuple(v or None for v in row) for row in wanted]
