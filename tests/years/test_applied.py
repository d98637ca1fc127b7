"""新疆 第十一条：2 年内不得再次申报. The act forbidden is applying: its day counts, whenever the recognition came."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incubxl.assess.engine import assess
from incubxl.register.across import Book
from incubxl.years.history import Histories, histories
from incubxl.years.read import opened
from incubxl.years.sheets import year_sheets
from tests.procedure.books import register
from tests.years.test_years import XINJIANG, A

DECIDED = {
    "kind": "decision", "what": "fraud", "on": dt.date(2024, 3, 1), "signer": "某乙",
    "option": "取消自治区备案资格，2年内不得再次申报",
}  # fmt: skip
DAY = dt.date(2026, 11, 25)


def _look(applied: dt.date, *, last: dict[str, Any] | None = None, **tables: Any) -> Histories:
    """2024: the decision, ban to 2026-03-01; 2026: applied for on that day, recorded as filed on 2026-05-06."""
    facts = {"uscc": A, "application_date": applied, "recognised_on": dt.date(2026, 5, 6), **(last or {})}
    found = []
    for year, row, more in ((2024, {"uscc": A}, {"procedure_events": [DECIDED]}), (2026, facts, tables)):
        made = register(XINJIANG, [row], year=year, answers={"ban-first-day": "next_day"}, **more)
        day = dt.date(2024, 12, 31) if year == 2024 else DAY
        found.append((Book(f"{year}.xlsx", made, day), assess(made, day)))
    read, _ = opened(found, ())
    assert read is not None
    return histories(read, DAY)


def _codes(found: Histories) -> set[str]:
    return {i.code for i in found.issues} & {"years.applied_in_ban", "years.recognised_in_ban", "years.ban_unrecorded"}


def test_an_application_inside_a_ban_is_told_though_it_was_recognised_after() -> None:
    found = _look(dt.date(2025, 9, 1))
    (told,) = [i for i in found.issues if i.code == "years.applied_in_ban"]
    assert told.severity == "error"
    assert "2025-09-01 的申报在禁止申报期内" in told.message
    assert "2024-03-01 决定，2024-03-02 至 2026-03-01 不得申报" in told.message
    assert "其后 2026-05-06 认定或备案（2026.xlsx：申报登记!" in told.message
    assert "2024.xlsx：事件!" in told.message
    assert (told.place.file, told.place.sheet) == ("2026.xlsx", "申报登记")
    assert _codes(found) == {"years.applied_in_ban", "years.ban_unrecorded"}  # the 2026 workbook knows no decision
    (banned,) = found.all[0].bans
    assert (banned.state, banned.ban.applied) == ("applied", dt.date(2025, 9, 1))
    [plan] = [p for p in year_sheets(found) if p.name == "禁期"]
    assert [row[10] for row in plan.blocks[0].rows] == ["申报在期内"]


@pytest.mark.parametrize(
    ("applied", "told"),
    [
        (dt.date(2024, 2, 29), False),  # the application in which the fraud was found
        (dt.date(2024, 3, 2), True),
        (dt.date(2026, 3, 1), True),  # the last day
        (dt.date(2026, 3, 2), False),
    ],
)
def test_the_days_of_the_ban_are_inclusive(applied: dt.date, told: bool) -> None:
    found = _look(applied)
    assert ("years.applied_in_ban" in _codes(found)) is told
    assert found.all[0].bans[0].state == ("applied" if told else "over")


def test_a_later_application_hides_no_earlier_one() -> None:
    event = {"kind": "stage", "what": "application", "on": dt.date(2025, 9, 1)}
    found = _look(dt.date(2026, 3, 20), procedure_events=[event])
    (told,) = [i for i in found.issues if i.code == "years.applied_in_ban"]
    assert "2026.xlsx：事件!" in told.message
    assert found.all[0].bans[0].state == "applied"
