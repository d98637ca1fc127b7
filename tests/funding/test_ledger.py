"""Money over the years, typed from the clauses: entitled, approved, paid, used, given back, and every control."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from incubxl.funding.engine import fund
from incubxl.verdict import Verdict
from incubxl.years.ledger_sheets import ledger_json, ledger_sheets

from .build import title
from .ledgers import ANSWERS, SHANGHAI, TONGLIAO, A, account, book, city, codes, entry, hq, look, state

WAN = 10_000
PAY = dt.date(2024, 3, 1)


def one(*rows: Any, **facts: Any) -> Any:
    return look(book(SHANGHAI, 2024, [hq("y1", **facts)], ledger=rows))


def test_paid_within_approved_within_entitled_agrees() -> None:
    """第十三条（三）：市级资金支持高质量孵化器最高1000万元/家。"""
    made = one(city("approved", 900, PAY), city("paid", 800, PAY), city("verified", 700, dt.date(2024, 12, 1)))
    a = account(made, "operating-city", 1)
    assert (a.entitled, a.approved.amount, a.sums["paid"].amount) == (1000 * WAN, 900 * WAN, 800 * WAN)
    assert a.sums["verified"].amount == 700 * WAN
    assert codes(made) == []
    assert state(made, "operating-city", 1) == "agrees"
    assert a.sums["paid"].cells == ("2024.xlsx：资金台账!H3",)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([city("approved", 900, PAY), city("paid", 900.01, PAY)], ["ledger.paid_over_approved"]),
        ([city("approved", 1000.01, PAY)], ["ledger.approved_over_entitled"]),
        ([city("approved", 1000, PAY), city("paid", 1000, PAY)], []),
        (
            [city("approved", 900, PAY), city("paid", 500, dt.date(2024, 1, 14))],
            ["ledger.early"],  # 年度运营补贴在三方合同订立后拨付第一年支持资金
        ),
        ([city("approved", 900, PAY), city("paid", 500, dt.date(2024, 1, 15))], []),
        ([city("approved", 900, PAY), city("paid", 500, None, year=2024)], ["ledger.no_day"]),
        (
            [city("approved", 900, PAY), *[city("paid", 300, PAY, document_number="沪虚构〔2024〕1号")] * 2],
            ["ledger.twice"],
        ),
        (
            [
                city("approved", 900, PAY),
                city("paid", 300, PAY, document_number="沪虚构〔2024〕1号"),
                city("paid", 300, dt.date(2024, 5, 1), document_number="沪虚构〔2024〕1号"),
            ],
            ["ledger.twice"],
        ),
        (
            [
                city("approved", 900, PAY),
                city("paid", 300, PAY, document_number="沪虚构〔2024〕1号"),
                city("paid", 300, PAY, document_number="沪虚构〔2024〕2号"),
            ],
            [],
        ),
        ([city("approved", 900, PAY), city("paid", 300, PAY), city("verified", 301, PAY)], ["ledger.over_used"]),
        ([city("approved", 900, PAY), city("paid", 300, PAY), city("refunded", 301, PAY)], ["ledger.over_refunded"]),
    ],
)
def test_every_violation_is_told_and_nothing_is_cut(rows: list[Any], expected: list[str]) -> None:
    made = look(book(SHANGHAI, 2024, [hq("y1")], ledger=rows))
    assert codes(made) == expected
    a = account(made, "operating-city", 1)
    for kind in ("approved", "paid", "verified", "refunded"):
        told = [row["amount"] for row in rows if row["kind"] == kind]
        amount = a.sums[kind].amount
        assert amount == (sum(map(Decimal, map(str, told))) * WAN if told else None)
    assert (state(made, "operating-city", 1) in ("wrong", "unknown")) == bool(expected)


def test_what_was_paid_without_an_approval_is_not_taken_as_approved() -> None:
    made = look(book(SHANGHAI, 2024, [hq("y1", operating_city_approved=None)], ledger=[city("paid", 300, PAY)]))
    assert codes(made) == ["ledger.no_approval"]
    a = account(made, "operating-city", 1)
    assert (a.approved.amount, a.entitled, a.verdict) == (None, None, Verdict.UNKNOWN)


def test_a_row_that_cannot_be_read_leaves_the_sums_unknown_never_smaller() -> None:
    for row in (
        city("paid", None, PAY),
        entry("补助", "paid", 5, PAY),
        city("paid", -5, PAY),
        city("paid", 5, PAY, stage=None),
    ):
        made = one(city("approved", 900, PAY), city("paid", 300, PAY), row)
        a = account(made, "operating-city", 1)
        assert a.sums["paid"].amount is None
        assert state(made, "operating-city", 1) == "unknown"


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (city("paid", 300, "2026年13月1日"), "cell.unreadable_date", "资金台账!I3"),
        ({**city("paid", 300, PAY), "applicant_id": "无此编号"}, "row.owner_unknown", "资金台账!A3"),
    ],
)
def test_what_reading_found_wrong_with_a_row_is_told(row: Any, code: str, cell: str) -> None:
    """Money that nobody can be paid, and a day that is none: the ledger says so, with the year's file."""
    made = one(city("approved", 900, PAY), row)
    (problem,) = [i for i in made.issues if i.code == code]
    assert (problem.place.file, str(problem.place)) == ("2024.xlsx", cell)


def test_an_item_may_be_named_by_its_common_name_and_payer() -> None:
    made = one(entry("年度运营补贴", "paid", 300, PAY, stage="第一年", payer="district"))
    assert account(made, "operating-district", 1).sums["paid"].amount == 300 * WAN
    made = one(city("paid", 300, PAY, payer="district"))
    assert codes(made) == ["ledger.other_payer"]


def test_the_same_row_in_two_workbooks_and_two_sheets_is_one_payment() -> None:
    paid = city("paid", 300, PAY, document_number="沪虚构〔2024〕1号")
    own = {"item": "operating", "payer": "city", "stage": "y1", "amount": 300, "paid_on": PAY}
    first = book(SHANGHAI, 2024, [hq("y1")], ledger=[city("approved", 900, PAY), paid], payments=[own])
    second = book(SHANGHAI, 2025, [hq("y2")], ledger=[paid])
    made = look(first, second)
    a = account(made, "operating-city", 1)
    assert a.sums["paid"].amount == 300 * WAN
    assert set(a.sums["paid"].cells) == {
        "2024.xlsx：资金台账!H3",
        "2024.xlsx：拨付台账!E2",
        "2025.xlsx：资金台账!H2",
    }
    assert "ledger.twice" not in codes(made)


def test_continue_suspend_and_stop() -> None:
    """第二十条：继续支持、暂停支持（暂缓或核减）、停止支持（不再拨付，退还剩余部分）。"""
    rows = [city("approved", 500, PAY, "第二年"), city("paid", 500, dt.date(2025, 5, 1), "第二年")]
    for result, verdict, found in (
        ("continue", Verdict.MET, []),
        ("suspend", Verdict.PENDING, []),
        ("stop", Verdict.NOT_MET, ["ledger.not_entitled"]),
        (None, Verdict.UNKNOWN, []),
    ):
        made = look(book(SHANGHAI, 2025, [hq("y2", annual_result=result)], ledger=rows))
        assert account(made, "operating-city", 2).verdict == verdict, result
        assert [c for c in codes(made) if c == "ledger.not_entitled"] == found


def test_only_the_second_year_is_named_so_the_third_follows_the_offices_reading() -> None:
    """第二十条（一）：启动第二年支持: the third year is a question."""
    for answer, verdict in (("same", Verdict.MET), ("by-contract", Verdict.PENDING), ("", Verdict.PENDING)):
        answers = {k: v for k, v in {**ANSWERS, "third-year-result": answer}.items() if v}
        made = look(book(SHANGHAI, 2026, [hq("y3", operating_second_paid=0)], answers=answers))
        assert account(made, "operating-city", 3).verdict == verdict


def test_what_goes_back_is_paid_less_verified_use() -> None:
    """第二十条（三）：退还已拨付的市区两级财政经费剩余部分。"""
    rows = [city("approved", 900, PAY), city("paid", 900, PAY), city("verified", 340.5, dt.date(2025, 4, 1))]
    stopped = book(SHANGHAI, 2025, [hq("y2", annual_result="stop", city_paid=None)], ledger=rows)
    made = look(book(SHANGHAI, 2024, [hq("y1")]), stopped)
    refunds = {r.item.pool: r for r in made.years.refunds}
    assert refunds["city"].due == Decimal("559.5") * WAN
    assert refunds["district"].due is None
    assert refunds["district"].verdict == Verdict.UNKNOWN


def test_use_that_nobody_verified_leaves_the_refund_unknown() -> None:
    rows = [city("approved", 900, PAY), city("paid", 900, PAY)]
    made = look(book(SHANGHAI, 2025, [hq("y2", annual_result="stop", city_paid=None)], ledger=rows))
    refund = next(r for r in made.years.refunds if r.item.pool == "city")
    assert (refund.due, refund.verdict) == (None, Verdict.UNKNOWN)
    assert "核实使用" in refund.reason


def test_a_payment_whose_use_nobody_verified_is_not_taken_for_unused() -> None:
    """第二十条（三）：剩余部分. 第一年 is verified, 第二年 is not: what is left of the second is not known."""
    later = dt.date(2025, 3, 1)
    second = [city("paid", 400, later, stage="y2", year=2025), city("approved", 400, later, stage="y2", year=2025)]
    first = [city("approved", 900, PAY), city("paid", 900, PAY), city("verified", 900, dt.date(2024, 12, 1))]
    facts = hq("y2", annual_result="stop", city_paid_sum=None, city_used=None)
    made = look(book(SHANGHAI, 2025, [facts], ledger=[*first, *second]))
    refund = next(r for r in made.years.refunds if r.item.pool == "city")
    assert (refund.due, refund.verdict) == (None, Verdict.UNKNOWN)
    assert "2025.xlsx：资金台账!H5" in refund.reason
    used = city("verified", 150, dt.date(2025, 6, 1), stage="y2", year=2025)
    made = look(book(SHANGHAI, 2025, [facts], ledger=[*first, *second, used]))
    assert next(r for r in made.years.refunds if r.item.pool == "city").due == 250 * WAN


def test_no_refund_without_stop() -> None:
    made = look(book(SHANGHAI, 2025, [hq("y2")], ledger=[city("paid", 900, PAY)]))
    assert made.years.refunds == ()


def test_total_control_of_the_year() -> None:
    """第十三条（三）：实行总额控制."""
    rows = [city("approved", 900, PAY), city("paid", 900, PAY)]
    for limit, found in ((900, []), (899.99, ["ledger.total_exceeded"] * 2)):
        made = look(book(SHANGHAI, 2024, [hq("y1")], settings={"city_total_control": limit}, ledger=rows))
        assert [c for c in codes(made) if c == "ledger.total_exceeded"] == found
    other_year = [city("approved", 900, PAY, year=2023), city("paid", 900, PAY, year=2023)]
    made = look(book(SHANGHAI, 2024, [hq("y1")], settings={"city_total_control": 100}, ledger=other_year))
    assert "ledger.total_exceeded" not in codes(made)


def test_lifetime_control_of_one_incubator() -> None:
    paid = [
        city("paid", 1000, PAY),
        city("paid", 500, dt.date(2025, 3, 1), "第二年"),
        city("paid", 500, dt.date(2026, 3, 1), "第三年"),
    ]
    for control, count in ((2000, 0), (1999, 1)):
        made = look(book(SHANGHAI, 2026, [hq("y3", total_control_city=control)], ledger=paid))
        assert codes(made).count("ledger.lifetime_exceeded") == count
    # 分别: the question later-years decides between 2000 and 1500
    for answer, found in (
        ("each-year", []),
        ("together", ["ledger.lifetime_exceeded"]),
        ("", ["ledger.lifetime_open"]),
    ):
        answers = {k: v for k, v in {**ANSWERS, "later-years": answer}.items() if v}
        made = look(book(SHANGHAI, 2026, [hq("y3")], answers=answers, ledger=paid))
        assert [c for c in codes(made) if "lifetime" in c] == found, answer


def test_a_contract_that_outlives_the_measure_is_counted_and_says_so() -> None:
    """第二十三条：有效期至2025年10月29日."""
    made = look(book(SHANGHAI, 2026, [hq("y3")], ledger=[city("approved", 500, PAY, "第三年")]))
    a = account(made, "operating-city", 3)
    assert a.entitled == 500 * WAN
    assert a.line is not None
    assert "办法已届满（第二十三条），存续合同部分依合同核对" in a.line.notes
    assert "已届满" in made.notice
    shown = str(ledger_sheets(made)[0].blocks[0].rows)
    assert "存续合同部分依合同核对" in shown


def awarded(track: str, year: int, previous: str, upgrade: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A title of 通辽 granted on 1 February of the year, and the answers that its award asks for."""
    title = {
        "uscc": A, "track": track, "title_kind": "recognised", "title_granted_on": dt.date(year, 2, 1),
        "title_document": f"虚构〔{year}〕8号", "previous_title": previous, "same_title_awarded": False,
        "other_award_amount": 0,
    }  # fmt: skip
    return title, {"new-from": "from-issue", "upgrade": upgrade, "stacking": "each"}


def test_an_award_is_paid_once_per_title() -> None:
    """通辽 三（一）：一次性给予100万元和50万元经费支持。"""
    title, answers = awarded("regional-incubator", 2024, "none", "in-full")
    first = book(TONGLIAO, 2024, [title], answers=answers, ledger=[entry("award-regional-incubator", "paid", 50, PAY)])
    made = look(first)
    assert account(made, "award-regional-incubator").entitled == 50 * WAN
    assert codes(made) == []
    again = {
        "uscc": A,
        "year": 2025,
        "kind": "award",
        "what": "自治区级科技企业孵化器",
        "on": dt.date(2025, 4, 1),
        "amount": 50,
    }
    made = look(first, book(TONGLIAO, 2025, [title], answers=answers, history=[again]))
    assert codes(made) == ["ledger.once", "ledger.paid_over_entitled"]
    assert account(made, "award-regional-incubator").sums["paid"].amount == 100 * WAN
    carried = {**again, "year": 2024, "on": PAY}
    made = look(first, book(TONGLIAO, 2025, [title], answers=answers, history=[carried]))
    assert codes(made) == []


@pytest.mark.parametrize(
    ("year", "row", "verdict", "words"),
    [
        (2025, {}, Verdict.NOT_MET, "2024-03-01已获支持（资金台账!C2）"),
        (2024, {}, Verdict.MET, ""),  # the year's own payment is of this award
        (2025, {"on": None}, Verdict.PENDING, "没有年度和日期"),
        (2025, {"kind": "approved"}, Verdict.MET, ""),
        (2025, {"amount": 0}, Verdict.MET, ""),
    ],
)
def test_an_award_that_only_the_ledger_has_is_not_counted_again(
    year: int, row: Any, verdict: Verdict, words: str
) -> None:
    """通辽 三（一）：一次性给予; an office that keeps 资金台账 alone has paid it all the same."""
    title, answers = awarded("regional-incubator", 2024, "none", "in-full")
    paid = {**entry("award-regional-incubator", "paid", 50, PAY), **row}
    one = book(TONGLIAO, year, [title], answers=answers, ledger=[paid])
    (lines,), _ = fund(one.register, one.as_of)
    made = next(line for line in lines if line.item == "award-regional-incubator")
    assert (made.verdict, made.amount is not None) == (verdict, verdict == Verdict.MET)
    assert words in made.reason


def test_an_upgrade_takes_off_what_the_ledger_paid_and_takes_it_once() -> None:
    """通辽 三（一）, the difference only: 100 less 50, also where the history sheet repeats the ledger's payment."""
    title, answers = awarded("national-incubator", 2025, "regional-incubator", "top-up")
    paid = [entry("award-regional-incubator", "paid", 50, PAY)]
    told = [{"kind": "award", "what": "自治区级 科技企业孵化器", "on": PAY, "amount": 50}]
    for tables in ({"ledger": paid}, {"ledger": paid, "history": told}):
        one = book(TONGLIAO, 2025, [title], answers=answers, **tables)
        (lines,), _ = fund(one.register, one.as_of)
        assert next(x for x in lines if x.item == "award-national-incubator").amount == 50 * WAN


def test_the_day_asked_for_leaves_out_what_comes_later() -> None:
    rows = [city("approved", 900, PAY), city("paid", 300, PAY), city("paid", 200, dt.date(2024, 9, 1))]
    made = look(book(SHANGHAI, 2024, [hq("y1")], ledger=rows), as_of=dt.date(2024, 6, 30))
    assert account(made, "operating-city", 1).sums["paid"].amount == 300 * WAN


def test_json_tells_amounts_as_text_and_what_is_not_known_as_null() -> None:
    data = ledger_json(one(city("paid", 300, PAY)))
    found = next(a for a in data["accounts"] if a["item"] == "operating-city")
    assert (found["paid"], found["entitled"], found["verified"], found["stage"]) == ("3000000", "10000000", None, 1)


@pytest.mark.parametrize(
    ("row", "found", "words"),
    [
        (city("paid", None, PAY), "ledger.incomplete", "缺少金额"),
        (entry("operating-city", "paid", 5, PAY), "ledger.incomplete", "缺少支持年度"),
        (entry("补助", "paid", 5, PAY), "ledger.unknown_item", "「补助」不是办法里的项目"),
        (city("paid", -5, PAY), "ledger.incomplete", "缺少金额"),  # a negative amount is no amount
    ],
)
def test_what_cannot_be_counted_is_told_with_its_cell(row: Any, found: str, words: str) -> None:
    made = one(row)
    (told,) = [p for p in made.issues if p.code.startswith("ledger.")]
    assert told.code == found
    assert words in told.message
    assert (told.place.file, str(told.place)) == ("2024.xlsx", "资金台账!C2")


def test_a_refund_that_the_register_sees_otherwise_is_told() -> None:
    rows = [city("approved", 900, PAY), city("paid", 900, PAY), city("verified", 300, dt.date(2025, 4, 1))]
    facts = hq("y2", annual_result="stop", city_paid=900, city_used=400)
    made = look(book(SHANGHAI, 2024, [hq("y1")]), book(SHANGHAI, 2025, [facts], ledger=rows))
    (told,) = [p for p in made.issues if p.code == "funding.ledger_differs"]
    assert "登记为400万元" in told.message and "核实使用为300万元（2025.xlsx：资金台账!H4）" in told.message
    refund = next(r for r in made.years.refunds if r.item.pool == "city")
    assert refund.due == 600 * WAN


@pytest.mark.parametrize(
    ("other", "paid"), [("示科拨〔2026〕2号", 400), ("示科拨〔2026〕1号", 200), ("示科拨[2026]1 号", 200), (None, 200)]
)
def test_two_documents_are_two_payments_though_day_and_amount_agree(other: str | None, paid: int) -> None:
    """第十三条：专账; a repeated row is one payment, a second document is not."""
    first = [city("approved", 300, PAY), city("paid", 200, PAY, document_number="示科拨〔2026〕1号")]
    made = look(
        book(SHANGHAI, 2024, [hq("y1")], ledger=first),
        book(SHANGHAI, 2025, [hq("y2", city_paid=200)], ledger=[city("paid", 200, PAY, document_number=other)]),
    )
    assert account(made, "operating-city", 1).sums["paid"].amount == paid * WAN
    assert ("ledger.paid_over_approved" in codes(made)) == (paid > 300)


def test_a_total_control_that_a_later_workbook_leaves_empty_still_holds() -> None:
    """第十三条（四）的市级资金总额控制: set in 2024 at 1200万元, left empty in 2025."""
    rows = [city("approved", 2000, PAY), city("paid", 1300, PAY)]
    made = look(
        book(SHANGHAI, 2024, [hq("y1", total_control_city=1200)], ledger=rows),
        book(SHANGHAI, 2025, [hq("y2", city_paid=1300)]),
    )
    assert "ledger.lifetime_exceeded" in codes(made)


@pytest.mark.parametrize(("typed", "differs"), [(0, True), (40, True), (50, False)])
def test_an_upgrade_is_held_against_what_an_earlier_ledger_paid_for_the_title_below(
    typed: float, differs: bool
) -> None:
    """三（一），口径补足差额: 国家级100万元 less the 50万元 of 自治区级, whoever typed what."""
    upgraded = title(uscc=A, previous_title="regional-incubator", previous_award_amount=typed)
    paid = entry("award-regional-incubator", "paid", 50, dt.date(2025, 3, 1))
    answers = {"upgrade": "top-up"}
    made = look(
        book(TONGLIAO, 2025, [title(uscc=A, track="regional-incubator")], ledger=[paid], answers=answers),
        book(TONGLIAO, 2026, [upgraded], answers=answers),
    )
    told = [p for p in made.issues if p.code == "funding.ledger_differs" and p.place.file == "2026.xlsx"]
    assert len(told) == differs
    due = account(made, "award-national-incubator").entitled
    assert due == (None if differs else 50 * WAN)
