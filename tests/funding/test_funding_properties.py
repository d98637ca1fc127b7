"""What holds for all amounts: caps are monotone, city and district stay within half, refunds within what was paid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.funding.model import FundingLine
from incubxl.verdict import Verdict
from tests.funding.build import lines, operating, register, title

wan = st.integers(0, 12_000_00).map(lambda cents: Decimal(cents) / 100)
share = st.sampled_from(["hq", "cultivation"])
basis = {"operating-basis": "planned", "later-years": "each-year", "cultivation-third-year": "by-contract"}
CAPS = {("hq", "y1"): 1000, ("cultivation", "y1"): 300, ("hq", "y2"): 500, ("cultivation", "y2"): 200}
few = settings(max_examples=60, deadline=None)


def _one(**facts: object) -> dict[str, FundingLine]:
    return lines(register("shanghai-hq", [operating(**facts)], answers=basis))[0]


@few
@given(share, wan, wan, st.one_of(st.none(), wan))
def test_city_and_district_stay_within_half_of_the_spend(
    track: str, approved: Decimal, spend: Decimal, district: Decimal | None
) -> None:
    mine = _one(
        track=track,
        operating_city_approved=approved,
        operating_planned=spend,
        operating_actual=spend,
        operating_district_actual=district,
    )
    city, other = mine["operating-city"].amount, mine["operating-district"].amount
    assert city is not None and other is not None
    assert city + other <= spend * 10_000 / 2
    assert other <= city
    assert city <= min(approved, CAPS[track, "y1"]) * 10_000


@few
@given(share, wan, wan, wan, wan)
def test_more_approved_or_more_spend_never_pays_less(
    track: str, low: Decimal, high: Decimal, thrifty: Decimal, lavish: Decimal
) -> None:
    low, high, thrifty, lavish = *sorted((low, high)), *sorted((thrifty, lavish))
    less = _one(track=track, operating_city_approved=low, operating_planned=thrifty)
    more = _one(track=track, operating_city_approved=high, operating_planned=lavish)
    for item in ("operating-city", "operating-district"):
        assert (less[item].amount or 0) <= (more[item].amount or 0)


@few
@given(share, wan, wan, wan)
def test_what_was_paid_and_is_paid_stays_within_all_caps(
    track: str, approved: Decimal, spend: Decimal, paid: Decimal
) -> None:
    facts = {"support_year": "y2", "annual_result": "continue", "support_period": 3}
    mine = _one(track=track, operating_city_approved=approved, operating_planned=spend, city_paid=paid, **facts)[
        "operating-city"
    ]
    lifetime = {"hq": 2000, "cultivation": 500}[track] * 10_000
    assert mine.amount is not None
    assert mine.amount <= max(Decimal(0), lifetime - paid * 10_000)
    assert mine.amount <= CAPS[track, "y2"] * 10_000


@few
@given(wan, wan)
def test_a_refund_never_exceeds_what_was_paid(paid: Decimal, used: Decimal) -> None:
    line = _one(support_year="y2", annual_result="stop", city_paid=paid, city_used=used)["refund-city"]
    assert line.amount is not None
    assert 0 <= line.amount <= paid * 10_000
    assert line.amount == max(Decimal(0), (paid - used) * 10_000)


FACTS = ("operating_city_approved", "operating_planned", "operating_actual", "contract_on", "support_year")


@few
@given(st.sets(st.sampled_from(FACTS), max_size=3), wan, wan)
def test_an_amount_stands_exactly_where_it_is_decided(blank: set[str], approved: Decimal, spend: Decimal) -> None:
    facts = {"operating_city_approved": approved, "operating_planned": spend, "operating_actual": spend}
    row = operating(**{**facts, **dict.fromkeys(blank)})
    for line in lines(register("shanghai-hq", [row]))[0].values():
        assert (line.amount is not None) == (line.verdict == Verdict.MET)
        assert bool(line.missing) == (line.verdict == Verdict.UNKNOWN)
        assert bool(line.binding) == (line.verdict == Verdict.MET)
        if line.verdict == Verdict.MET:
            by_id = {limit.id: limit.amount for limit in line.limits}
            assert all(by_id[id] == line.amount for id in line.binding)
            assert all(amount is not None and amount >= line.amount for amount in by_id.values())


@few
@given(st.lists(st.sampled_from(["国家级科技企业孵化器", "自治区级科技企业孵化器", "国家众创空间"]), max_size=3))
def test_a_title_is_paid_once(earlier: list[str]) -> None:
    history = [{"applicant_id": "A1", "kind": "award", "what": w, "year": 2024, "amount": 30} for w in earlier]
    row = title(title_granted_on=dt.date(2024, 12, 10))
    answers = {"stacking": "each"}
    line = lines(register("tongliao-award", [row], history=history, answers=answers))[0]["award-national-incubator"]
    assert (line.verdict == Verdict.MET) == ("国家级科技企业孵化器" not in earlier)
