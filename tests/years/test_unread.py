"""What could not be read is told with its cell, and nothing definite is said that rests on it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.assess.engine import assess
from incubxl.cli.chinese import Exit
from incubxl.cli.years import years
from incubxl.files.read import read_grid
from incubxl.register.across import Book
from incubxl.years.history import Histories, histories
from incubxl.years.read import opened
from incubxl.years.sheets import year_sheets, years_json
from tests.conftest import ROOT
from tests.procedure.books import register
from tests.years.test_years import BOTH, DAY, URUMQI, A, B, graded, look

RULE = "twice-absent-or-failed"
BAN = {"kind": "sanction", "what": "申报资料弄虚作假", "on": dt.date(2025, 3, 10)}


def _of(found: Histories, code: str) -> Any:
    return next(one for one in found.all if one.incubator.code == code)


def _unread(found: Histories) -> list[str]:
    return [i.message for i in found.issues if i.code == "years.unread"]


@pytest.mark.parametrize(
    ("bad", "cell"),
    [
        ({"year": 2025, "kind": "自动放弃"}, "历史记录!D3"),
        ({"year": 2025, "kind": "grade"}, "历史记录!E3"),
        ({"year": 2025, "kind": "grade", "what": "不达标"}, "历史记录!E3"),
        ({"year": "25年", "kind": "absent"}, "历史记录!C3"),
        ({"year": 2025, "kind": "sanction"}, "历史记录!E3"),
    ],
)
def test_a_row_that_was_not_read_leaves_the_rule_without_an_answer(bad: dict[str, Any], cell: str) -> None:
    """乌鲁木齐 第18条 连续两次: 合格 in 2024, and a row of 2025 that says nobody knows what."""
    history = [*graded((2024, "合格")), bad]
    found = look(URUMQI, [(2026, [{"uscc": A}, {"uscc": B}], history)], **BOTH)
    (rule,) = _of(found, A).rows
    assert rule.state == "unknown"
    assert any(cell in message for message in [*_unread(found), *(str(i.place) for i in found.issues)])
    assert _of(found, B).rows[0].state == "nothing"  # another's row says nothing of this one
    [plan] = [p for p in year_sheets(found) if p.name == "连续情况"]
    assert f"2026.xlsx：{cell}" in str(plan.blocks[0].rows[0])
    json_of = next(one for one in years_json(found)["incubators"] if one["code"] == A)
    assert [u["cell"] for u in json_of["unread"]] == [f"2026.xlsx：{cell}"]


def test_the_year_of_an_unread_row_is_not_said_to_have_no_record() -> None:
    history = [*graded((2023, "合格"), (2025, "合格")), {"year": 2024, "kind": "自动放弃"}]
    found = look(URUMQI, [(2026, [{"uscc": A}], history)], **BOTH)
    years, rules = year_sheets(found)[:2]
    [year] = [row for row in years.blocks[0].rows if row[2] == 2024]
    assert year[4] == "没有计入：2026.xlsx：历史记录!D4的「事项」没有填或读不出来"
    assert "2026.xlsx：历史记录!D4" in str(year[8])
    assert "2024" not in str(rules.blocks[0].rows[0][9])


def test_what_stands_whatever_the_row_says_is_said() -> None:
    history = [*graded((2024, "不合格"), (2025, "不合格")), {"year": 2021, "kind": "grade", "what": "不达标"}]
    found = look(URUMQI, [(2026, [{"uscc": A}], history)], **BOTH)
    assert _of(found, A).rows[0].state == "reached"
    assert len(_unread(found)) == 1


def test_a_row_of_money_or_recognition_leaves_the_rule_alone() -> None:
    history = [*graded((2024, "合格"), (2025, "合格")), {"year": 2024, "kind": "award"}]
    found = look(URUMQI, [(2026, [{"uscc": A}], history)], **BOTH)
    assert _of(found, A).rows[0].state == "not_reached"
    assert [i.place.cell for i in found.issues if i.code == "officer.incomplete"] == ["A4"]  # and it is told


def test_a_decision_that_was_not_read_is_asked_about_among_the_bans() -> None:
    event = {"kind": "decision", "what": "弄虚作假吗", "on": dt.date(2025, 5, 1), "option": "x", "signer": "某乙"}
    made = register(URUMQI, [{"uscc": A}], year=2026, procedure_events=[event], answers={"consecutive-scope": "both"})
    read, _ = opened([(Book("2026.xlsx", made, DAY), assess(made, DAY))], ())
    assert read is not None
    found = histories(read, DAY)
    [plan] = [p for p in year_sheets(found) if p.name == "禁期"]
    [told] = plan.blocks[2].rows
    assert (told[1], told[2], told[10]) == (A, 2025, "资料不足")
    assert "事件!" in str(told[11])
    assert _of(found, A).rows[0].state == "unknown"


def test_an_unknown_id_in_the_history_is_told_with_its_cell() -> None:
    found = look(URUMQI, [(2026, [{"uscc": A}], [{**BAN, "applicant_id": "U24-78"}])])
    [told] = [i for i in found.issues if i.code == "row.owner_unknown"]
    assert (told.place.file, told.place.sheet, told.place.cell) == ("2026.xlsx", "历史记录", "A2")


def test_a_row_whose_id_and_code_are_two_units_bans_neither() -> None:
    """第11条: nobody knows whose ban it is, so it is 资料不足 for both."""
    history = [{**BAN, "applicant_id": "A1", "uscc": B}]
    found = look(URUMQI, [(2026, [{"uscc": A}, {"uscc": B}], history)], ban_first_day="next_day")
    assert [len(one.bans) for one in found.all] == [0, 0]
    assert [one.rows[0].state for one in found.all] == ["unknown", "unknown"]
    assert [i.place.cell for i in found.issues if i.code == "row.owner_contradicts"] == ["A2"]
    assert len(_unread(found)) == 2
    [plan] = [p for p in year_sheets(found) if p.name == "禁期"]
    assert [row[1] for row in plan.blocks[2].rows] == [A, B]


def test_columns_that_no_history_rests_on_are_not_repeated() -> None:
    rows = [{"uscc": A, "talent_total": "无"}, {"uscc": "待办理", "recognised_on": "2026年5月"}]
    told = {i.code for i in look(URUMQI, [(2026, rows, [])]).issues}
    assert "cell.unreadable_number" not in told
    assert {"cell.unreadable_code", "cell.unreadable_date"} <= told


def test_the_command_says_so_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sample's history with the wrong words for 放弃评价: terminal, JSON, sheet and exit code."""
    book = openpyxl.load_workbook(ROOT / "samples" / "urumqi-intl-2026.xlsx")
    sheet = book["历史记录"]
    head = next(r for r in range(1, 12) if sheet.cell(r, 1).value == "申报编号")
    columns = {sheet.cell(head, c).value: c for c in range(1, sheet.max_column + 1)}
    row = head + 1
    while sheet.cell(row, 1).value:
        row += 1
    id = (
        book["申报登记"]
        .cell(next(r for r in range(1, 12) if book["申报登记"].cell(r, 1).value == "申报编号") + 1, 1)
        .value
    )
    for label, value in (("申报编号", id), ("年度", 2025), ("事项", "自动放弃")):
        sheet.cell(row, columns[label]).value = value
    path, out = tmp_path / "a.xlsx", tmp_path / "y.xlsx"
    book.save(path)
    assert years([path], out, None, None, as_json=True) == Exit.FINDINGS
    told = capsys.readouterr()
    assert "「自动放弃」" in told.err
    codes = {i["code"] for i in json.loads(told.out)["issues"]}
    assert {"cell.unknown_choice", "officer.incomplete", "years.unread"} <= codes
    grid, _ = read_grid(out)
    assert grid is not None
    words = str(grid.sheets["问题"].rows)
    assert "没有发现问题" not in words
    assert "自动放弃" in words
