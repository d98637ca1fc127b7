"""Scenarios of sanctions, rows of results and money fail where the expectation is wrong, with both values told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incubxl.assess.scenarios import run_scenarios
from incubxl.files.packs import store
from incubxl.policy.pack import Case, ScenarioGroup

DECIDED = {"kind": "decision", "what": "fraud", "on": dt.date(2026, 6, 1), "option": "revoke", "signer": "情景"}
FAILED = [{"kind": "grade", "what": "fail", "year": year} for year in (2024, 2025)]
PAID = {"item": "operating-city", "stage": "第一年", "kind": "paid", "amount": 1200, "on": dt.date(2024, 3, 1)}
USED = {**PAID, "kind": "verified", "amount": 200}


@pytest.mark.parametrize(
    ("pack", "group", "case", "told"),
    [
        ("urumqi-intl", {"sanction": "fraud"}, {"expect": "undecided"}, "得到 decided"),
        ("urumqi-intl", {"sanction": "fraud"}, {"expect": "decided", "ban": "over"}, "得到 running"),
        ("urumqi-intl", {"sanction": "fraud"}, {"expect": "decided", "last": dt.date(2028, 6, 2)}, "得到 2028-06-01"),
        ("urumqi-intl", {"sanction": "fraud"}, {"expect": "decided", "options": ("约谈",)}, "得到 取消认定资格"),
        ("urumqi-intl", {"consecutive": "twice-absent-or-failed"}, {"expect": "pending"}, "得到 reached"),
        ("shanghai-hq", {"ledger": "operating-city"}, {"expect": "agrees", "stage": 1}, "得到 wrong"),
        ("shanghai-hq", {"ledger": "operating-city"}, {"expect": "wrong", "stage": 1, "finds": ()}, "paid_over"),
        ("shanghai-hq", {"ledger": "refund-city"}, {"expect": "5"}, "得到 10000000"),
        ("shanghai-hq", {"ledger": "refund-city"}, {"expect": "unknown"}, "得到 met"),
    ],
)
def test_a_wrong_expectation_is_told(pack: str, group: dict[str, str], case: dict[str, Any], told: str) -> None:
    facts = {"support_year": "y1", "contract_on": dt.date(2024, 1, 15), "operating_city_approved": 1000}
    shanghai = {"facts": {**facts, "operating_planned": 50000}, "track": "hq", "rows": {"ledger": (PAID, USED)}}
    if group.get("ledger", "").startswith("refund"):
        shanghai["facts"] = {**facts, "operating_planned": 50000, "annual_result": "stop"}
    urumqi = {"track": "base", "rows": {"procedure_events": (DECIDED,), "history": tuple(FAILED)}}
    answers = {"operating-basis": "planned"} if pack == "shanghai-hq" else {"ban-first-day": "next_day"}
    made = ScenarioGroup.model_validate(
        {
            **group,
            "clause": "x",
            "as_of": dt.date(2026, 6, 30),
            "interpretations": answers,
            "cases": [Case(name="x", **case)],
            **(shanghai if pack == "shanghai-hq" else urumqi),
        }
    )
    (outcome,) = run_scenarios(store().pack(pack).model_copy(update={"scenarios": (made,)}))
    assert told in outcome.problem
