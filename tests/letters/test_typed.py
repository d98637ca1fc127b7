"""What an official types on the row of 结论 and a letter prints: a step that it tells of stands in the register."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from incubxl.assess.model import Assessment, Determination
from incubxl.files.packs import PackStore
from incubxl.grid import CellKind
from incubxl.letters.announce import announcements
from incubxl.letters.announce_context import context as announced
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.context import build
from incubxl.policy.pack import Pack
from incubxl.register.model import Act, Column, Event
from incubxl.verdict import Verdict
from tests.letters.case import STEP, assessment, concluded, flag_column, signed, together

REVIEWED = "评审审核日期"
DAY = dt.date(2026, 6, 5)  # of the letter, as ``signed`` has it


def event(kind: str, what: str, on: dt.date = STEP, **more: Any) -> Event:
    return Event(kind=kind, what=what, written=what, on=on, cell="事件!C3", **more)


def case(pack: Pack, label: str, *, details: str = "", reason: str = "理由示例", events: tuple[Event, ...] = (),
         row: dict[str, Any] | None = None, **more: Any) -> tuple[Assessment, Determination]:  # fmt: skip
    conclusion = replace(concluded(label, by=signed(reason=reason)), details=details, **(row or {}))
    whole, one = assessment(pack, conclusions=[conclusion], **more)
    return replace(whole, register=replace(whole.register, events={"A-01": events})), one


def planned(pack: Pack, label: str, **more: Any) -> LetterPlan:
    return next(p for p in letters_for(*case(pack, label, **more)) if p.label == label)


@pytest.mark.parametrize("said", ["经专家评审，得分82分。", "专家组一致认为条件具备。", "根据专家评审意见，名额调整。"])
def test_a_typed_step_without_a_record_leaves_a_draft_that_names_cell_and_record(xinjiang: Pack, said: str) -> None:
    plan = planned(xinjiang, "备案", details=said)
    assert plan.state == "draft"
    assert "结论!B3 的具体事项写有「" in plan.why
    assert "没有本单位评审的记录（登记表的「评审审核日期」、「事件」表的环节办结「评审、审核」）" in plan.why


def test_nothing_typed_is_rewritten(xinjiang: Pack) -> None:
    whole, one = case(xinjiang, "备案", details="经专家评审，得分82分。")
    made = build(whole, one, letters_for(whole, one)[0])
    assert "经专家评审，得分82分。" in made.details
    assert "「经专家评审」" in made.draft_reason


@pytest.mark.parametrize(
    "record",
    [
        {"dates": {"reviewed_on": STEP}},
        {"events": (event("stage", "review"),)},
        {"events": (event("change", "名额调整", evidence="专家评审意见汇总表"),)},
    ],
)
def test_a_record_in_the_register_or_in_the_events_bears_it_out(xinjiang: Pack, record: dict[str, Any]) -> None:
    plan = planned(xinjiang, "备案", details="经专家评审，得分82分。", **record)
    assert plan.state == "final", plan.why


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"dates": {"reviewed_on": dt.date(2026, 6, 9)}}, "记录的评审日期晚于结论日期"),
        ({"events": (event("stage", "site-visit"),)}, "没有本单位评审的记录"),
        ({"events": (event("exception", "review"),)}, "没有本单位评审的记录"),  # passed over, with leave
    ],
)
def test_another_or_a_later_record_does_not(xinjiang: Pack, record: dict[str, Any], why: str) -> None:
    plan = planned(xinjiang, "备案", details="经专家评审，得分82分。", **record)
    assert (plan.state, why in plan.why) == ("draft", True), plan.why


def test_a_step_that_the_measure_does_not_have_is_recorded_by_its_papers(xinjiang: Pack) -> None:
    plan = planned(xinjiang, "备案", details="经局长办公会研究。")
    assert "本办法没有这一环节，「事件」表的依据材料里也没有写明集体研究" in plan.why
    papers = event("stage", "confirmation", evidence="局长办公会纪要〔2026〕3号")
    assert planned(xinjiang, "备案", details="经局长办公会研究。", events=(papers,)).state == "final"


def test_the_offices_own_review_is_the_name_on_the_row(xinjiang: Pack) -> None:
    said = "材料已审核。"
    assert "没有本单位审核的记录" in planned(xinjiang, "备案", details=said).why
    row = {"reviewed": Act("示例审核人", DAY)}
    assert planned(xinjiang, "备案", details=said, row=row).state == "final"


def test_a_reason_is_looked_at_where_the_letter_prints_it(xinjiang: Pack) -> None:
    assert planned(xinjiang, "备案", reason="经专家评审").state == "final"  # 备案 prints no reason
    plan = planned(xinjiang, "不予备案", reason="经专家评审，不具备条件", verdict=Verdict.NOT_MET)
    assert "结论!B3 的理由写有「经专家评审」" in plan.why


def test_that_papers_were_compared_is_what_the_signer_answers_for(xinjiang: Pack) -> None:
    plan = planned(xinjiang, "不予备案", reason="经核对，场地面积不足", verdict=Verdict.NOT_MET)
    assert plan.state == "final", plan.why
    plan = planned(xinjiang, "不予备案", reason="经核实，场地面积不足", verdict=Verdict.NOT_MET)
    assert "理由写有「经核实」，而没有本单位核实的记录" in plan.why


def test_who_gives_an_expert_a_step_as_his_name_is_told(urumqi: Pack) -> None:
    plan = planned(urumqi, "专家评审邀请", row={"addressee": "经专家评审推荐的示例教授"})
    assert "结论!B3 的主送写有「经专家评审」" in plan.why


FROM, TO = dt.date(2026, 5, 20), dt.date(2026, 5, 27)
NO_OBJECTION = "经公示无异议。"


def _flag(pack: Pack, value: bool) -> dict[str, Column]:
    return {"objection": flag_column(pack.fact["objection"], value, 40)}


@pytest.mark.parametrize(
    ("dates", "objection", "events", "why"),
    [
        ({}, None, (), "没有本单位公示的记录"),
        ({"publicity_from": FROM, "publicity_to": DAY}, False, (), "公示到2026年6月5日，结论时还没有期满"),
        ({"publicity_from": FROM, "publicity_to": TO}, None, (), "没有填"),
        ({"publicity_from": FROM, "publicity_to": TO}, True, (), "填的是「是」"),
        ({"publicity_from": FROM, "publicity_to": TO}, False, (event("objection", "场地", FROM),), "公示异议没有办结"),
        ({"publicity_from": FROM, "publicity_to": TO}, False, (), ""),
        ({}, None, (event("stage", "publicity", FROM, until=TO), event("objection", "场地", FROM),
                    event("objection_closed", "场地", TO)), ""),
    ],
)  # fmt: skip
def test_no_objection_needs_a_publicity_that_is_over_and_open_to_none(
    xinjiang: Pack, dates: dict[str, dt.date], objection: bool | None, events: tuple[Event, ...], why: str
) -> None:
    whole, one = case(xinjiang, "备案", details=NO_OBJECTION, dates=dates, events=events)
    if objection is not None:
        columns = {**whole.register.columns, **_flag(xinjiang, objection)}
        whole = replace(whole, register=replace(whole.register, columns=columns))
    (plan,) = (p for p in letters_for(whole, one) if p.label == "备案")
    assert why in plan.why
    assert plan.state == ("draft" if why else "final"), plan.why


def test_a_list_is_a_draft_for_the_one_whose_step_is_not_recorded(xinjiang: Pack) -> None:
    said, both = "以上单位经实地核查。", {"site_visited_on": STEP, "reviewed_on": STEP}
    first = case(xinjiang, "公示", details=said, dates=both)
    whole = together(first, case(xinjiang, "公示", details=said, dates=both))
    assert announcements(whole)[0].plan.state == "final", announcements(whole)[0].plan.why
    column = whole.register.columns["site_visited_on"]
    blank = replace(column, kinds=np.array([CellKind.VALUE, CellKind.BLANK], dtype=np.int8))
    less = replace(
        whole, register=replace(whole.register, columns={**whole.register.columns, "site_visited_on": blank})
    )
    (made,) = announcements(less)
    assert made.plan.state == "draft"
    assert "A-02：结论!B4 的具体事项写有「经实地核查」，而没有本单位实地核查的记录" in made.plan.why
    assert announced(less, made)["details"] == (said,)


def test_the_reason_of_a_correction_and_its_new_period_are_looked_at(packs: PackStore, xinjiang: Pack) -> None:
    row = {"document_number": "示科公告〔2026〕9号", "refers_to": "示科公告〔2026〕1号",
           "refers_on": dt.date(2026, 6, 1), "refers_kind": "公示"}  # fmt: skip
    details = "删除\n公示期间未收到异议，公示期不变"
    whole = together(case(xinjiang, "更正公告", details=details, reason="经调查，该单位不具备条件", row=row))
    (made,) = announcements(whole)
    assert "具体事项写有「公示期间未收到异议」" in made.plan.why
    assert "理由写有「经调查」，而没有本单位核实的记录" in made.plan.why


def test_a_letters_own_statement_may_be_said_again(urumqi: Pack) -> None:
    """经实地核查 stands in the letter's own wording, with the sheet that bears it out."""
    plan = planned(urumqi, "变更确认", details="经实地核查，新址符合条件。", verdict=Verdict.PENDING)
    assert "写有" not in plan.why
