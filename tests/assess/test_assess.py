"""Overrides, margins, bans and force: what stands beside a computed verdict."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incubxl.assess.engine import assess
from incubxl.assess.model import Assessment, CriterionResult
from incubxl.assess.scenarios import APPLICANT, scenario_grid
from incubxl.files.packs import PackStore
from incubxl.policy.pack import Case, Force, Pack, ScenarioGroup
from incubxl.register.read import read_register
from incubxl.verdict import Verdict

AS_OF = dt.date(2026, 5, 31)
SIGNED = {"reason": "示例理由", "signer": "示例甲", "signed_on": "2026-05-20"}


@pytest.fixture(scope="module")
def xinjiang(packs: PackStore) -> Pack:
    return packs.pack("xinjiang-makerspace")


def _assess(pack: Pack, as_of: dt.date = AS_OF, **said: Any) -> Assessment:
    case = Case(name="x", expect="", **said)
    group = ScenarioGroup(criterion="x", clause="x", as_of=as_of, cases=(case,))
    return assess(read_register(scenario_grid(pack, group, case), pack), as_of)


def _result(found: Assessment, criterion: str) -> CriterionResult:
    return next(r for r in found.determinations[0].results if r.criterion == criterion)


def _override(verdict: str, seen: str) -> dict[str, tuple[dict[str, Any], ...]]:
    return {"overrides": ({"criterion": "m6-5", "verdict": verdict, "seen": seen, **SIGNED},)}


def test_an_override_holds_while_the_values_are_those_it_saw(xinjiang: Pack) -> None:
    code = _result(_assess(xinjiang, facts={"tenant_total": 19}), "m6-5").code
    found = _result(_assess(xinjiang, facts={"tenant_total": 19}, rows=_override("met", code)), "m6-5")
    assert (found.computed, found.verdict, found.remedy) == (Verdict.NOT_MET, Verdict.MET, "")
    assert found.override is not None
    assert not found.override.stale
    assert (found.override.signed.name, found.override.signed.on) == ("示例甲", dt.date(2026, 5, 20))


def test_an_override_whose_values_changed_needs_review(xinjiang: Pack) -> None:
    code = _result(_assess(xinjiang, facts={"tenant_total": 19}), "m6-5").code
    changed = _assess(xinjiang, facts={"tenant_total": 18}, rows=_override("met", code))
    found = _result(changed, "m6-5")
    assert (found.computed, found.verdict) == (Verdict.NOT_MET, Verdict.PENDING)
    assert found.override is not None
    assert found.override.stale
    assert "override.stale" in [i.code for i in changed.issues]


def test_an_override_without_code_needs_review_too(xinjiang: Pack) -> None:
    found = _result(_assess(xinjiang, facts={"tenant_total": 19}, rows=_override("met", "")), "m6-5")
    assert found.verdict in (Verdict.PENDING, Verdict.NOT_MET)
    assert found.computed == Verdict.NOT_MET


def test_an_override_that_changes_nothing_is_told(xinjiang: Pack) -> None:
    code = _result(_assess(xinjiang, facts={"tenant_total": 20}), "m6-5").code
    found = _assess(xinjiang, facts={"tenant_total": 20}, rows=_override("met", code))
    assert "override.idle" in [i.code for i in found.issues]


def test_the_code_follows_values_and_answers_and_nothing_else(xinjiang: Pack) -> None:
    base = _result(_assess(xinjiang, facts={"case_total": 3}), "m6-7").code
    other_fact = _assess(xinjiang, facts={"case_total": 3, "seats": 40})
    other_value = _assess(xinjiang, facts={"case_total": 4})
    other_answer = _assess(xinjiang, facts={"case_total": 3}, interpretations={"every-year": "each-year"})
    assert _result(other_fact, "m6-7").code == base
    assert _result(other_value, "m6-7").code != base
    assert _result(other_answer, "m6-7").code != base


@pytest.mark.parametrize(("tenants", "near"), [(20, True), (19, True), (21, True), (18, False), (22, False)])
def test_values_near_the_line_are_marked_where_the_office_sets_a_margin(
    xinjiang: Pack, tenants: int, near: bool
) -> None:
    with_margin = _assess(xinjiang, facts={"tenant_total": tenants}, settings={"margin": "5%"})
    assert _result(with_margin, "m6-5").near is near
    assert _result(_assess(xinjiang, facts={"tenant_total": tenants}), "m6-5").near is False


def test_a_verdict_cites_everything_it_rests_on(xinjiang: Pack) -> None:
    found = _result(_assess(xinjiang, facts={"tenant_total": 17}), "m6-5")
    assert found.clause == "第六条5"
    assert found.quote == "年协议入驻创业团队和企业不低于 20 家"
    assert "17家" in found.value
    assert found.threshold == "≥20家"
    assert found.cell.startswith("申报登记!")
    assert found.remedy.startswith("协议入驻团队和企业还差3家")


def test_an_or_names_every_way_and_the_shortest_first(xinjiang: Pack) -> None:
    facts = {"new_company_total": 5, "financed_total": 2}
    found = _result(_assess(xinjiang, facts=facts, interpretations={"every-year": "last-year"}), "m6-6")
    assert found.verdict == Verdict.NOT_MET
    assert "任选其一" in found.remedy
    assert "新注册企业还差3家" in found.remedy
    assert "获得融资的还差1家" in found.remedy


@pytest.mark.parametrize(("typed", "step"), [(None, "补填"), ("约500", "改正"), ("不适用", "改正")])
def test_a_cell_with_something_in_it_is_to_be_corrected_not_filled(xinjiang: Pack, typed: Any, step: str) -> None:
    facts = {"service_area": typed, "seats": 29, "seat_area": 320, "public_area": 400, "total_area": 900}
    found = _result(_assess(xinjiang, facts=facts, judgements={"public-facilities": "met"}), "m6-4")
    assert found.verdict == Verdict.UNKNOWN
    assert f"{step}「服务场地面积」（{found.cell.split('；')[0]}）" in found.remedy


def test_before_its_first_day_the_measure_asks_nothing(xinjiang: Pack) -> None:
    found = _assess(xinjiang, dt.date(2019, 3, 31), facts={"tenant_total": 3})
    assert found.force == Force.NOT_YET
    assert {r.computed for r in found.determinations[0].results} == {Verdict.NOT_APPLICABLE}
    assert "2019年4月1日" in found.notice
    assert (
        _result(_assess(xinjiang, dt.date(2019, 4, 1), facts={"tenant_total": 3}), "m6-5").computed == Verdict.NOT_MET
    )


@pytest.mark.parametrize(
    ("on", "verdict"),
    [("2024-05-31", Verdict.PENDING), ("2024-05-30", Verdict.MET), ("2024-06-01", Verdict.NOT_MET)],
)
def test_a_ban_with_an_open_first_day_is_open_only_on_the_day_that_matters(
    xinjiang: Pack, on: str, verdict: Verdict
) -> None:
    history = {"history": ({"kind": "sanction", "what": "申报中弄虚作假", "on": on},)}
    assert _result(_assess(xinjiang, rows=history), "m11").computed == verdict


def test_the_expired_measure_is_told_and_still_computed(packs: PackStore) -> None:
    found = _assess(packs.pack("shanghai-hq"), AS_OF, track="hq")
    assert found.force == Force.EXPIRED
    assert "2025年10月29日" in found.notice
    assert {r.computed for r in found.determinations[0].results} != {Verdict.NOT_APPLICABLE}


def test_one_applicant_alone_still_sees_everybody(xinjiang: Pack) -> None:
    case = Case(name="x", expect="")
    group = ScenarioGroup(criterion="x", clause="x", as_of=AS_OF, cases=(case,))
    register = read_register(scenario_grid(xinjiang, group, case), xinjiang)
    assert [d.applicant for d in assess(register, AS_OF, only=(APPLICANT,)).determinations] == [APPLICANT]
    assert assess(register, AS_OF, only=("无此编号",)).determinations == ()
