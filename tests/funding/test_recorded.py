"""Typed sums of money against the ledger: one number, or no money is computed from it. 上海 第十三条, 通辽 三（一）."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incubxl.funding.engine import fund
from incubxl.funding.model import FundingLine
from incubxl.issues import Issue
from incubxl.verdict import Verdict

from .build import title
from .ledgers import ANSWERS, SHANGHAI, TONGLIAO, book, city, entry, hq, look

WAN = 10_000
TOGETHER = {**ANSWERS, "later-years": "together"}
SECOND = dt.date(2025, 3, 1)


def funded(row: Any, *ledger: Any, **tables: Any) -> tuple[dict[str, FundingLine], list[Issue]]:
    """The lines of one row of 2026, and what the ledger contradicts."""
    made = book(tables.pop("id", SHANGHAI), 2026, [row], ledger=ledger, **tables)
    (lines,), issues = fund(made.register, made.as_of)
    return {one.item: one for one in lines}, [i for i in issues if i.code.startswith("funding.ledger_")]


def third(**facts: Any) -> dict[str, Any]:
    """The third year: 第二、第三年…最高500万元/家, 合计 by the office's 口径."""
    return hq("y3", **{"operating_second_paid": 0, **facts})


@pytest.mark.parametrize(
    ("typed", "paid", "amount"),
    [(0, 300, None), (300, 0, None), (300, 300, 200), (0, 0, 500), (299.99, 300, None)],
)
def test_the_second_years_payment_is_one_number_or_no_third_year_is_computed(
    typed: float, paid: float, amount: int | None
) -> None:
    lines, issues = funded(
        third(operating_second_paid=typed, city_paid=paid), city("paid", paid, SECOND, "第二年"), answers=TOGETHER
    )
    line = lines["operating-city"]
    if amount is not None:
        assert (line.verdict, line.amount, issues) == (Verdict.MET, amount * WAN, [])
        return
    assert (line.verdict, line.amount) == (Verdict.UNKNOWN, None)
    assert "operating_second_paid" in line.missing
    (told,) = issues
    assert told.code == "funding.ledger_differs" and told.severity == "error"
    assert "申报登记!" in told.message and "「资金台账」拨付为" in told.message and "资金台账!H2" in told.message
    assert "两处不一致" in line.reason


def test_both_numbers_are_told_with_their_cells() -> None:
    _, issues = funded(third(city_paid=300), city("paid", 300, SECOND, "第二年"), answers=TOGETHER)
    (told,) = issues
    assert "第二年年度运营补贴市级已拨付" in told.message
    assert "登记为0元" in told.message and "拨付为300万元" in told.message


def test_other_payers_stages_kinds_and_later_days_are_other_money() -> None:
    rows = [
        entry("operating-district", "paid", 300, SECOND, stage="第二年"),
        city("approved", 300, SECOND, "第二年"),
        city("paid", 300, dt.date(2026, 7, 1), "第二年"),  # after the as-of date
    ]
    lines, issues = funded(third(district_paid=300), *rows, answers=TOGETHER)
    assert (lines["operating-city"].amount, issues) == (500 * WAN, [])


def test_this_times_payment_may_be_in_the_ledger_already() -> None:
    """累计已拨付：历年合计，不含本次; the ledger has what was paid this time as soon as it is paid."""
    rows = [city("paid", 900, dt.date(2024, 3, 1)), city("paid", 200, dt.date(2026, 3, 1), "第三年")]
    for typed, count in ((900, 0), (1100, 0), (1000, 1), (200, 1)):
        _, issues = funded(third(city_paid=typed), *rows)
        assert len(issues) == count, typed
    (told,) = issues
    assert "拨付为900万元（连同本次及另列的为1100万元）" in told.message


def test_the_start_up_money_that_remains_is_not_computed_from_two_numbers() -> None:
    """第十三条（二）：启动建设经费由区级财政经费安排."""
    facts = {"startup_approved": 800, "construction_investment": 4000, "startup_paid": 0, "district_paid": 300}
    lines, issues = funded(hq("y2", **facts), entry("startup-district", "paid", 300, dt.date(2025, 2, 1)))
    assert lines["startup-district"].verdict == Verdict.UNKNOWN
    assert [i.code for i in issues] == ["funding.ledger_differs"]
    lines, issues = funded(
        hq("y2", **{**facts, "startup_paid": 300}), entry("startup-district", "paid", 300, dt.date(2025, 2, 1))
    )
    assert (lines["startup-district"].amount, issues) == (500 * WAN, [])


def test_what_goes_back_is_not_computed_from_two_numbers() -> None:
    """第二十条（三）：退还已拨付的市区两级财政经费剩余部分."""
    rows = [city("paid", 900, dt.date(2024, 3, 1)), city("verified", 300, dt.date(2025, 3, 1))]
    lines, issues = funded(hq("y2", annual_result="stop", city_paid=900, city_used=400), *rows)
    assert lines["refund-city"].verdict == Verdict.UNKNOWN
    (told,) = issues
    assert "核实使用为300万元" in told.message
    lines, issues = funded(hq("y2", annual_result="stop", city_paid=900, city_used=300), *rows)
    assert (lines["refund-city"].amount, issues) == (600 * WAN, [])


def test_what_the_ledger_does_not_record_is_told_and_contradicts_nothing() -> None:
    """Not recorded is not 0: the ledger has city money only."""
    lines, issues = funded(third(operating_second_paid=300, city_paid=900), city("paid", 900, dt.date(2024, 3, 1)))
    assert [i.code for i in issues] == ["funding.ledger_lacks"]
    assert "没有记这一项的拨付" in issues[0].message
    assert lines["operating-city"].verdict == Verdict.MET


def test_a_row_that_cannot_be_read_leaves_the_typed_sum_unchecked_and_says_so() -> None:
    rows = [city("paid", 300, SECOND, "第二年"), city("paid", None, dt.date(2025, 9, 1), "第二年")]
    _, issues = funded(third(operating_second_paid=500, city_paid=500), *rows)
    assert {i.code for i in issues} == {"funding.ledger_unread"}
    _, issues = funded(third(operating_second_paid=0, city_paid=500), *rows)
    assert "funding.ledger_differs" in {i.code for i in issues}  # more is paid already than was typed


def test_a_sum_left_empty_is_missing_as_before() -> None:
    lines, issues = funded(third(city_paid=None), city("paid", 300, dt.date(2024, 3, 1)))
    assert "city_paid_sum" in lines["operating-city"].missing or "city_paid" in lines["operating-city"].missing
    assert issues == []


def test_the_ledgers_of_other_years_workbooks_count_in_the_ledger() -> None:
    rows = [city("approved", 900, dt.date(2024, 3, 1)), city("paid", 900, dt.date(2024, 3, 1))]
    made = look(book(SHANGHAI, 2024, [hq("y1")], ledger=rows), book(SHANGHAI, 2025, [hq("y2", city_paid=0)]))
    (told,) = [p for p in made.issues if p.code == "funding.ledger_differs"]
    assert told.place.file == "2025.xlsx"
    assert "2024.xlsx：资金台账!H3" in told.message


def test_awards_of_other_titles_are_one_number_or_the_highest_is_not_computed() -> None:
    """三（一）; 口径 stacking: 同一主体就高支持."""
    paid = entry("award-national-makerspace", "paid", 30, dt.date(2025, 2, 1))
    for typed, amount in ((0, None), (30, 70), (50, None)):
        lines, issues = funded(title(other_award_amount=typed), paid, id=TONGLIAO, answers={"stacking": "highest"})
        assert lines["award-national-incubator"].amount == (None if amount is None else amount * WAN)
        assert bool(issues) == (amount is None)
