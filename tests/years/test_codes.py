"""Credit codes that two organisations swapped, and plain changes of name: whose a record is, is asked or stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from incubxl.years.history import Histories
from incubxl.years.sheets import year_sheets, years_json
from tests.years.test_years import URUMQI, A, B, graded, look

BAN = {"applicant_id": "A1", "kind": "sanction", "what": "fraud", "on": dt.date(2025, 5, 1)}  # to 2027-05-01


def _look(first: Sequence[tuple[str, str]], second: Sequence[tuple[str, str]]) -> Histories:
    """(code, name) rows of 2025, whose first one is banned, and of 2026."""
    books = [
        (2025, [{"uscc": code, "name": name} for code, name in first], [BAN, *graded((2024, "合格"))]),
        (2026, [{"uscc": code, "name": name} for code, name in second], []),
    ]
    return look(URUMQI, books, ban_first_day="next_day", consecutive_scope="both")


def _states(found: Histories) -> dict[str, list[str]]:
    return {one.incubator.code: [ban.state for ban in one.bans] for one in found.all}


@pytest.mark.parametrize(
    "second",
    [
        [(A, "虚构乙"), (B, "虚构甲")],  # both codes exchanged
        [(A, "虚构乙")],  # one row under the other's code
        [(A, "虚构丙"), (B, "虚构甲")],  # the old name under the other code
    ],
)
def test_swapped_codes_are_asked_about_and_ban_neither_without_a_word(second: list[tuple[str, str]]) -> None:
    found = _look([(A, "虚构甲"), (B, "虚构乙")], second)
    (told,) = [i for i in found.issues if i.code == "years.codes_in_doubt"]
    assert told.severity == "warning"
    for said in (
        A,
        B,
        "2025.xlsx：申报登记!B2「虚构甲」",
        "2026.xlsx：申报登记!B2",
        "2025.xlsx：申报登记!B3「虚构乙」",
    ):
        assert said in told.message
    assert _states(found) == {A: ["in_doubt"], B: ["in_doubt"]}
    assert [row.state for one in found.all for row in one.rows] == ["unknown", "unknown"]
    [plan] = [p for p in year_sheets(found) if p.name == "禁期"]
    assert [(row[1], row[8], row[9], row[10]) for row in plan.blocks[0].rows] == [
        (A, None, None, "资料不足"),
        (B, None, None, "资料不足"),
    ]
    assert not {"years.ban_unrecorded", "years.renamed"} & {i.code for i in found.issues}
    again = _look([(A, "虚构甲"), (B, "虚构乙")], second)
    assert years_json(again) == years_json(found)


def test_a_plain_change_of_name_takes_the_ban_along() -> None:
    found = _look([(A, "虚构甲"), (B, "虚构乙")], [(A, "虚构新甲"), (B, "虚构乙")])
    assert _states(found) == {A: ["running"], B: []}
    codes = [i.code for i in found.issues]
    assert "years.codes_in_doubt" not in codes
    assert "years.ban_unrecorded" in codes
    (told,) = [i for i in found.issues if i.code == "years.renamed"]
    assert told.severity == "info"
    assert "2025.xlsx：申报登记!B2「虚构甲」；2026.xlsx：申报登记!B2「虚构新甲」" in told.message


@pytest.mark.parametrize("name", ["虚构甲", " 虚构 甲", "", "待定"])
def test_a_name_written_otherwise_or_left_out_asks_nothing(name: str) -> None:
    found = _look([(A, "虚构甲"), (B, "虚构乙")], [(A, name), (B, "虚构乙")])
    assert not {"years.codes_in_doubt", "years.renamed"} & {i.code for i in found.issues}
    assert _states(found) == {A: ["running"], B: []}
