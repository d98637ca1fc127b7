"""Ten-year histories made up at random, through registers and outputs: what must hold whatever happened."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incubxl.assess.engine import assess
from incubxl.register.across import Book
from incubxl.verdict import Verdict
from incubxl.years.history import histories
from incubxl.years.ledger_sheets import Ledger, ledger_json
from incubxl.years.read import opened
from incubxl.years.sheets import years_json
from tests.funding.ledgers import SHANGHAI, TONGLIAO, A, B, book, codes, hq, look
from tests.procedure.books import register

WAN = 10_000
FIRST = 2017
YEARS = range(FIRST, FIRST + 10)
LAST_DAY = dt.date(2026, 12, 31)
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a history of ten workbooks shrinks for minutes
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=_PHASES)
_STAGES = {1: "第一年", 2: "第二年", 3: "第三年"}
_CAPS = {1: 1000, 2: 500, 3: 500}

amounts = st.sampled_from([0, 1, 100, 250, 499, 500, 501, 1000, 1001])


@st.composite
def money_rows(draw: Any) -> list[dict[str, Any]]:
    """Rows of one incubator's ledger, each of a day of its own, so that no two are one payment."""
    rows = []
    for n in range(draw(st.integers(0, 8))):
        stage = draw(st.sampled_from([1, 2, 3]))
        on = dt.date(2023 + stage, 2, 1) + dt.timedelta(days=n)
        kind = draw(st.sampled_from(["approved", "paid", "paid", "verified", "refunded"]))
        rows.append(
            {"item": "operating-city", "stage": _STAGES[stage], "kind": kind, "amount": draw(amounts), "on": on}
        )
    return rows


def whole(rows: Sequence[dict[str, Any]], kind: str, stage: int | None = None) -> Decimal | None:
    """What the rows add up to in yuan; None where there is none."""
    mine = [r["amount"] for r in rows if r["kind"] == kind and (stage is None or r["stage"] == _STAGES[stage])]
    return Decimal(sum(mine)) * WAN if mine else None


def before(stage: int) -> list[str]:
    """The support years before this one: what their payments add up to is 累计已拨付，不含本次."""
    return [label for number, label in _STAGES.items() if number < stage]


def three_years(rows: Sequence[dict[str, Any]], control: int | None = None, last: str = "continue") -> list[Book]:
    """The workbooks of a contract's three years; each carries on the rows of those before it."""
    books = []
    for stage in (1, 2, 3):
        year = 2023 + stage
        facts = hq(f"y{stage}", operating_city_approved=5000, total_control_city=control)
        facts["city_paid"] = sum(r["amount"] for r in rows if r["kind"] == "paid" and r["stage"] in before(stage))
        if stage == 3:
            facts["annual_result"] = last
        there = [row for row in rows if row["on"].year <= year]
        limit = {"city_total_control": control} if control is not None else {}
        books.append(book(SHANGHAI, year, [facts], ledger=there, settings=limit))
    return books


@quick
@given(money_rows(), st.sampled_from([None, 500, 1000, 1500]))
def test_no_order_among_the_amounts_is_broken_without_being_told(
    rows: list[dict[str, Any]], control: int | None
) -> None:
    """paid ≤ approved ≤ entitled, the year's and the lifetime control: flagged exactly where they are broken."""
    made = look(*three_years(rows, control))
    expected: Counter[str] = Counter()
    for stage, cap in _CAPS.items():
        paid, approved = whole(rows, "paid", stage), whole(rows, "approved", stage)
        gone = sum(r["amount"] for r in rows if r["kind"] == "paid" and r["stage"] in before(stage))
        rest = [cap, *([2000 - gone] if stage > 1 else []), *([control - gone] if control is not None else [])]
        limit = Decimal(max(min(rest), 0) * WAN)
        account = next(a for a in made.years.accounts if a.item.id == "operating-city" and a.stage == stage)
        assert account.sums["paid"].amount == paid
        assert account.sums["approved"].amount == approved
        assert account.entitled == limit
        ceiling = approved if approved is not None else Decimal(5000 * WAN)  # else the register's 核定数
        expected["ledger.paid_over_approved"] += paid is not None and paid > ceiling
        expected["ledger.approved_over_entitled"] += approved is not None and approved > limit
        expected["ledger.paid_over_entitled"] += approved is None and paid is not None and paid > limit
        total = whole(rows, "paid", stage)
        expected["ledger.total_exceeded"] += control is not None and total is not None and total > control * WAN
        expected["ledger.total_exceeded"] += control is not None and approved is not None and approved > control * WAN
        used, back = whole(rows, "verified", stage), whole(rows, "refunded", stage)
        expected["ledger.over_used"] += used is not None and used > (paid or 0)
        expected["ledger.over_refunded"] += back is not None and back > (paid or 0)
    for kind in ("paid", "approved"):
        total = whole(rows, kind)
        expected["ledger.lifetime_exceeded"] += total is not None and total > 2000 * WAN
        expected["ledger.lifetime_exceeded"] += total is not None and control is not None and total > control * WAN
    assert Counter(codes(made)) == +expected


@quick
@given(money_rows())
def test_what_goes_back_never_exceeds_what_was_paid(rows: list[dict[str, Any]]) -> None:
    made = look(*three_years(rows, last="stop"))
    (refund,) = [r for r in made.years.refunds if r.item.pool == "city"]
    paid, used = whole(rows, "paid"), whole(rows, "verified")
    blind = any(whole(rows, "paid", s) and whole(rows, "verified", s) is None for s in _CAPS)
    if paid is None or used is None or blind:
        assert (refund.due, refund.verdict) == (None, Verdict.UNKNOWN)
    else:
        assert refund.due == max(paid - used, Decimal(0))
        assert refund.due <= paid


def _told(made: Ledger) -> tuple[Any, Any]:
    """Everything but the cells, which are where the rows stand."""
    data = ledger_json(made)
    drop = ("cells", "broken")
    shelves = ("accounts", "refunds", "controls", "entries")
    kept = {shelf: [{a: b for a, b in one.items() if a not in drop} for one in data[shelf]] for shelf in shelves}
    return kept, Counter(p["code"] for p in data["issues"])


@quick
@given(money_rows(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_workbooks_says_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    first = look(*three_years(rows))
    assert ledger_json(first) == ledger_json(look(*three_years(rows)))  # a replay equals the original
    mixed = list(rows)
    random.shuffle(mixed)
    books = three_years(mixed)
    random.shuffle(books)
    assert _told(look(*books)) == _told(first)


@quick
@given(st.lists(st.tuples(st.sampled_from(YEARS), st.sampled_from([20, 50])), max_size=4, unique_by=lambda t: t[0]))
def test_each_award_once(paid: list[tuple[int, int]]) -> None:
    """通辽 三（一）：一次性给予."""
    title = {
        "uscc": A, "track": "regional-incubator", "title_kind": "recognised", "title_granted_on": dt.date(2016, 2, 1),
        "title_document": "虚构〔2016〕8号", "previous_title": "none", "same_title_awarded": False,
        "other_award_amount": 0,
    }  # fmt: skip
    name = "自治区级科技企业孵化器"
    rows = [
        {"uscc": A, "year": year, "kind": "award", "what": name, "on": dt.date(year, 5, 1), "amount": amount}
        for year, amount in paid
    ]
    answers = {"new-from": "no-limit", "upgrade": "in-full", "stacking": "each"}
    books = [
        book(TONGLIAO, year, [title], answers=answers, history=[row for row in rows if row["year"] <= year])
        for year in YEARS
    ]
    made = look(*books)
    assert codes(made).count("ledger.once") == (len(paid) > 1)
    account = next(a for a in made.years.accounts if a.item.id == "award-regional-incubator")
    assert account.sums["paid"].amount == (sum(amount for _, amount in paid) * WAN if paid else None)


days = st.dates(dt.date(FIRST, 1, 1), LAST_DAY)
REVOKE = "取消认定资格，两年内不得再次申报"


def corresponding(day: dt.date, years: int) -> dt.date:
    """The corresponding day of a later year, else the month's last (民法典 第二百零二条)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@quick
@given(st.lists(days, max_size=3, unique=True), st.lists(days, max_size=3, unique=True), days)
def test_nobody_is_recognised_inside_a_ban_without_being_told(
    decided: list[dt.date], recognised: list[dt.date], applied: dt.date
) -> None:
    """乌鲁木齐 第11条：两年内不得再次申报; the first day is the next one here."""
    history = [{"kind": "recognised", "what": "国际创新创业创客基地", "on": day} for day in recognised]
    events = [{"kind": "decision", "what": "fraud", "on": day, "option": REVOKE, "signer": "某乙"} for day in decided]
    made = register(
        "urumqi-intl", [{"uscc": A, "track": "base"}], history=history, procedure_events=events,
        answers={"ban-first-day": "next_day"},
    )  # fmt: skip
    found = assess(made, applied)
    refused = any(day <= applied <= corresponding(day, 2) for day in decided)
    result = next(r for r in found.determinations[0].results if r.criterion == "a11")
    assert (result.verdict == Verdict.NOT_MET) == refused
    read, _ = opened([(Book("a.xlsx", made, LAST_DAY), assess(made, LAST_DAY))], ())
    assert read is not None
    told = [i for i in histories(read, LAST_DAY).issues if i.code == "years.recognised_in_ban"]
    expected = {(r, d) for r in recognised for d in decided if d <= r <= corresponding(d, 2)}
    assert len(told) == len(expected)


GRADES = st.sampled_from(["优秀", "合格", "不合格", "absent"])


@quick
@given(st.lists(GRADES, min_size=10, max_size=10), st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_a_row_of_results_over_ten_years(results: list[str], scope: bool, mixed: bool, random: Any) -> None:
    """乌鲁木齐 第18条, with the 口径 answered: counted by hand here, over workbooks in any order."""
    answers = {
        "consecutive-scope": "both" if scope else "absence-only",
        "waiver-counts": "counts",
        "mixed-years": "mixed" if mixed else "same-kind",
    }
    rows = [
        {"year": year, "kind": "absent"} if result == "absent" else {"year": year, "kind": "grade", "what": result}
        for year, result in zip(YEARS, results, strict=True)
    ]
    pairs = list(pairwise(results))
    bad = ("不合格", "absent")
    reached = any(a in bad and b in bad and (mixed or a == b) for a, b in pairs) or (not scope and "不合格" in results)
    books = []
    for year in YEARS:
        there = [row for row in rows if row["year"] <= year]
        random.shuffle(there)
        made = register("urumqi-intl", [{"uscc": A}, {"uscc": B}], year=year, history=there, answers=answers)
        books.append((Book(f"{year}.xlsx", made, dt.date(year, 12, 31)), assess(made, dt.date(year, 12, 31))))
    random.shuffle(books)
    read, _ = opened(books, ())
    assert read is not None
    found = histories(read, LAST_DAY)
    one = next(h for h in found.all if h.incubator.code == A)
    (row,) = one.rows
    assert row.state == ("reached" if reached else "not_reached")
    again, _ = opened(books[::-1], ())
    assert again is not None
    assert years_json(histories(again, LAST_DAY)) == years_json(found)
