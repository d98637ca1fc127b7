"""Next step and what is missing for it, in each measure's own order, typed from the clauses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incubxl.procedure.duties import duties
from incubxl.procedure.progress import Course, Progress, progress
from incubxl.register.model import Register
from tests.procedure.build import D, event, register, stage

AS_OF = D(2026, 6, 30)


def walked(found: Register, as_of: dt.date = AS_OF) -> Progress:
    assert not [i for i in found.issues if i.code.startswith("officer")], found.issues
    return progress(found, as_of)


def course(found: Register, sequence: str, as_of: dt.date = AS_OF) -> Course:
    return next(c for c in walked(found, as_of).courses if c.sequence.id == sequence)


def codes(found: Register, as_of: dt.date = AS_OF) -> list[str]:
    return [i.code for i in walked(found, as_of).issues]


def lacks(found: Course) -> list[str]:
    return [lack.key for lack in found.missing]


def urumqi(*upto: str, **more: Any) -> Register:
    """第8条 in order, one stage a week from 2026-03-02, up to those named."""
    order = ["call", "application", "first-review", "recommendation", "expert-review", "deliberation"]
    days = [f"2026-03-{2 + 4 * n:02}" for n in range(len(order))]
    done = [stage(s, d) for s, d in zip(order, days, strict=True)]
    return register("urumqi-intl", *done, *more.pop("events", ()), track="offshore", **more)


PUBLIC = {"what": "publicity", "kind": "stage", "on": "2026-04-01", "evidence": "官网"}


def test_urumqi_publicity_comes_after_deliberation() -> None:
    found = course(urumqi(), "recognition")
    assert found.last is not None
    assert (found.state, found.last.stage.id, found.last.on) == ("under_way", "deliberation", D(2026, 3, 22))
    assert found.last.cell.startswith("事件!")
    assert found.next is not None
    assert (found.next.id, found.next.clause) == ("publicity", "第8条（四）")
    assert lacks(found) == []


def test_urumqi_confirmation_needs_the_end_of_publicity_and_no_objection() -> None:
    """第8条（四）：对拟认定名单公示无异议后确认。No length of 公示 is printed: the office's setting or a typed day."""
    unset = course(urumqi(events=[PUBLIC]), "recognition")
    assert unset.next is not None
    assert unset.next.id == "confirmation"
    assert lacks(unset) == ["publicity_over", "objection_unknown"]
    assert "公示天数" in unset.missing[0].text
    no = {"objection": False}
    running = course(urumqi(events=[PUBLIC], settings={"publicity_days": 7}, facts=no), "recognition", D(2026, 4, 8))
    assert lacks(running) == ["publicity_over"]
    assert "2026-04-08" in running.missing[0].text  # 当日不计入，第七日
    over = course(urumqi(events=[PUBLIC], settings={"publicity_days": 7}, facts=no), "recognition", D(2026, 4, 9))
    assert lacks(over) == []
    typed = {**PUBLIC, "until": "2026-04-20"}
    assert lacks(course(urumqi(events=[typed], facts=no), "recognition", D(2026, 4, 20))) == ["publicity_over"]


def test_urumqi_an_open_objection_is_missing_until_it_is_closed() -> None:
    public = {**PUBLIC, "until": "2026-04-10"}
    raised = event("objection", "场地面积不实", "2026-04-05")
    found = course(urumqi(events=[public, raised]), "recognition")
    assert lacks(found) == ["no_open_objection"]
    assert found.missing[0].cell.startswith("事件!")
    closed = event("objection_closed", "场地面积不实", "2026-04-15")
    assert lacks(course(urumqi(events=[public, raised, closed]), "recognition")) == []
    assert lacks(course(urumqi(events=[public, raised, closed]), "recognition", D(2026, 4, 14))) == [
        "no_open_objection"
    ]
    other = event("objection", "团队人数不实", "2026-04-06")
    elsewhere = event("objection_closed", "另一件", "2026-04-15")
    assert len(lacks(course(urumqi(events=[public, raised, other, elsewhere]), "recognition"))) == 2


def test_urumqi_confirmed_during_publicity_is_an_issue_and_does_not_block() -> None:
    done = [{**PUBLIC, "until": "2026-04-10"}, stage("confirmation", "2026-04-09")]
    found = urumqi(events=done, facts={"objection": False})
    assert codes(found) == ["procedure.unmet"]
    assert course(found, "recognition").state == "complete"
    allowed = event("exception", "confirmation", "2026-04-09", reason="上级要求", signer="示例甲")
    assert codes(urumqi(events=[*done, allowed], facts={"objection": False})) == []


def test_urumqi_evaluation_opens_with_recognition() -> None:
    """第12条、第15条：通过认定的参评；notices to everybody do not begin it."""
    assert course(urumqi(), "evaluation").state == "not_open"
    facts = {"recognised_on": "2024-06-30"}
    found = register("urumqi-intl", stage("evaluation-call", "2026-05-06"), facts=facts, track="base")
    one = course(found, "evaluation")
    assert (one.period, one.state, one.next and one.next.id) == ("2026年度", "under_way", "evaluation-recommendation")
    recognition = course(found, "recognition")
    assert recognition.state == "complete"  # by the column; what came before is not in this workbook, and no issue
    assert codes(found) == []
    last_year = register("urumqi-intl", stage("evaluation-call", "2025-05-06"), facts=facts, track="base")
    assert course(last_year, "evaluation").state == "not_begun"


def test_xinjiang_recommendation_lacks_the_site_visit() -> None:
    """第十条2：初审并实地核查，初审通过后书面推荐。"""
    done = [stage("application", "2026-03-01"), stage("first-review", "2026-03-10")]
    found = course(register("xinjiang-makerspace", *done), "all")
    assert found.next is not None
    assert (found.next.id, found.next.documents) == ("site-visit", ("实地核查记录",))
    past = register("xinjiang-makerspace", *done, stage("recommendation", "2026-03-20"))
    found = course(past, "all")
    assert found.next is not None
    assert found.next.id == "review"
    assert lacks(found) == ["site-visit"]
    assert found.missing[0].clause == "第十条2"
    assert codes(past) == ["procedure.skipped"]


def test_xinjiang_a_site_visit_without_record_is_missing_its_record() -> None:
    done = [
        stage("application", "2026-03-01"), stage("first-review", "2026-03-10"),
        event("stage", "site-visit", "2026-03-15"),
    ]  # fmt: skip
    found = course(register("xinjiang-makerspace", *done), "all")
    assert lacks(found) == ["evidence:site-visit"]
    assert "实地核查记录" in found.missing[0].text
    assert lacks(course(register("xinjiang-makerspace", *done, facts={"site_visit_record": True}), "all")) == []
    by_column = {"application_date": "2026-03-01", "first_review_passed": True, "site_visited_on": "2026-03-15"}
    assert lacks(course(register("xinjiang-makerspace", facts=by_column), "all")) == ["evidence:site-visit"]


def test_an_exception_closes_the_gap_and_is_shown() -> None:
    done = [
        stage("application", "2026-03-01"),
        stage("first-review", "2026-03-10"),
        stage("recommendation", "2026-03-20"),
    ]
    allowed = event("exception", "site-visit", "2026-03-18", reason="道路中断，改为视频核查", signer="示例甲")
    found = register("xinjiang-makerspace", *done, allowed)
    assert codes(found) == []
    one = course(found, "all")
    assert lacks(one) == []
    assert [(e.what, e.reason, e.signer) for e in one.exceptions] == [
        ("site-visit", "道路中断，改为视频核查", "示例甲")
    ]


def test_national_plaque_comes_before_publicity() -> None:
    """第十一条（六）（七）：授牌在前，公示在后。"""
    order = ["application", "first-review", "site-visit", "expert-opinion"]
    done = [stage(s, f"2026-03-{n:02}") for n, s in enumerate(order, 2)]
    found = course(register("national-base", *done, track="pilot"), "approval")
    assert found.next is not None
    assert found.next.id == "plaque"
    public = stage("publicity", "2026-03-20")
    shown_first = register("national-base", *done, public, stage("plaque", "2026-03-25"), track="pilot")
    assert codes(shown_first) == ["procedure.out_of_order"]
    right = register("national-base", *done, stage("plaque", "2026-03-18"), public, track="pilot")
    assert codes(right) == []
    assert course(right, "approval").state == "complete"


def test_national_acceptance_opens_when_the_pilot_is_over() -> None:
    """第十三条（一）：于建设期满后；第四条：试点期限为两年。"""
    facts = {"plaque_on": "2024-06-15"}
    answers = {"pilot-start": "plaque"}
    found = register("national-base", facts=facts, answers=answers, track="final")
    assert course(found, "final", D(2026, 6, 15)).state == "not_open"
    after = course(found, "final", D(2026, 6, 16))
    assert (after.state, after.next and after.next.id) == ("not_begun", "final-summary")
    unanswered = register("national-base", facts=facts, track="final")
    assert "口径未定" in course(unanswered, "final", D(2026, 7, 1)).why


def test_shanghai_contract_opens_the_yearly_evaluation() -> None:
    """第六条、第八条、第十八条（二）。"""
    facts = {"selected": True, "plan_made": True, "announced_on": "2024-01-10", "argued_on": "2024-02-10"}
    found = course(register("shanghai-hq", facts=facts, track="hq"), "setting-up")
    assert found.next is not None
    assert found.next.id == "contract"
    signed = {**facts, "contract_on": "2024-03-01", "contract_end": "2027-02-28"}
    report = register("shanghai-hq", stage("evaluation-call", "2026-01-10"), facts=signed, track="hq")
    assert course(report, "evaluation").next is not None
    assert course(report, "evaluation").next.id == "evaluation-report"  # type: ignore[union-attr]
    assert course(report, "final").why.startswith("三方合同2027-02-28届满")


def test_tongliao_only_regional_makerspaces_wait_for_the_evaluation() -> None:
    """三（一）：首次自治区绩效评价优秀，只写自治区级众创空间、星创天地。"""
    facts = {"title_granted_on": "2025-12-10"}
    for track, expected in (("regional-incubator", "support"), ("regional-makerspace", "regional-evaluation")):
        one = course(register("tongliao-award", facts=facts, track=track), "award")
        assert one.next is not None
        assert one.next.id == expected
    courses = {
        c.sequence.id for c in walked(register("tongliao-award", facts=facts, track="regional-incubator")).courses
    }
    assert courses == {"award", "assessment"}  # nobody must file a brand output that there is none of


def test_a_second_application_begins_a_new_round() -> None:
    old = [stage("application", "2024-03-01"), stage("first-review", "2024-03-10")]
    found = register("xinjiang-makerspace", *old, stage("application", "2026-03-01"))
    one = course(found, "all")
    assert (one.next and one.next.id, codes(found)) == ("first-review", [])


def test_what_lies_after_the_as_of_date_is_not_done_yet() -> None:
    found = register("xinjiang-makerspace", stage("application", "2026-03-01"), stage("first-review", "2026-03-10"))
    one = course(found, "all", D(2026, 3, 9))
    assert one.next is not None
    assert one.next.id == "first-review"


def test_the_status_that_somebody_typed_is_held_against_the_events() -> None:
    done = [stage("application", "2026-03-01"), stage("first-review", "2026-03-10")]
    assert codes(register("xinjiang-makerspace", *done, facts={"status": "初审"})) == []
    wrong = register("xinjiang-makerspace", *done, facts={"status": "公示"})
    (told,) = walked(wrong).issues
    assert told.code == "procedure.status_differs"
    assert "「公示」" in told.message
    assert "「初审」" in told.message
    assert told.place.sheet == "申报登记"
    assert codes(register("xinjiang-makerspace", *done, facts={"status": "办理中"})) == ["procedure.status_unknown"]


def test_two_places_with_different_dates_are_named() -> None:
    found = register(
        "xinjiang-makerspace", stage("application", "2026-03-01"), facts={"application_date": "2026-03-02"}
    )
    (told,) = walked(found).issues
    assert told.code == "procedure.dates_differ"
    assert "2026-03-01" in told.message
    assert "2026-03-02" in told.message


def test_a_stage_and_the_duty_it_fulfils_are_recorded_by_either_event() -> None:
    """第十二条（一）: the yearly plan is a stage of the pilot and a yearly duty."""
    handed = event("submission", "yearly-plan-due", "2026-03-20", period="2026")
    found = register("national-base", handed, facts={"plaque_on": "2025-07-05"}, track="pilot-year")
    one = course(found, "building")
    assert one.next is not None
    assert one.next.id == "building"
    done = register(
        "national-base", stage("yearly-plan", "2026-03-20"), facts={"plaque_on": "2025-07-05"}, track="pilot-year"
    )
    due = duties(done, AS_OF, 60, progress(done, AS_OF)).items
    assert "yearly-plan-due" not in {item.id for item in due}


def test_what_is_done_for_everybody_makes_nobody_late() -> None:
    """第8条（一）: the notice of a year is no step of one who was recognised before."""
    call = {**stage("call", "2026-03-02"), "applicant_id": "全体"}
    facts = {"recognised_on": "2024-06-30"}
    assert codes(register("urumqi-intl", call, facts=facts, track="base")) == []


TENTH: dict[str, Any] = {  # 第十条1至3 in order, as docs/whole-year.md has it recorded: by columns of the register
    "application_date": "2026-03-01", "first_review_passed": True, "site_visited_on": "2026-04-01",
    "site_visit_record": True, "recommended_on": "2026-04-10", "reviewed_on": "2026-05-10",
    "publicity_from": "2026-06-01", "publicity_to": "2026-06-07", "objection": False, "recognised_on": "2026-06-08",
}  # fmt: skip
BLANK = "（删）"


def by_columns(*events: dict[str, Any], settings: dict[str, Any] | None = None, **other: Any) -> Register:
    facts = {k: v for k, v in {**TENTH, **other}.items() if v != BLANK}
    return register("xinjiang-makerspace", *events, facts=facts, settings=settings)


def told(found: Register, as_of: dt.date = AS_OF) -> list[tuple[str, str]]:
    """(code, label of the column whose cell is named) of each finding."""
    columns = {c.cell(0): c.spec.label for c in found.columns.values()}
    return [(i.code.removeprefix("procedure."), columns[str(i.place)]) for i in walked(found, as_of).issues]


CONFIRMED = "备案日期"


def test_xinjiang_tenth_article_in_order_by_columns_finds_nothing() -> None:
    assert told(by_columns()) == []
    assert course(by_columns(), "all").state == "complete"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"recommended_on": "2026-03-20"}, ("out_of_order", "书面推荐日期")),  # 实地核查 2026-04-01
        ({"publicity_from": "2026-05-01"}, ("out_of_order", "公示开始日期")),  # 评审、审核 2026-05-10
        ({"recognised_on": "2026-06-07"}, ("unmet", CONFIRMED)),  # the last day of 公示
        ({"objection": True}, ("unmet", CONFIRMED)),
        ({"objection": BLANK}, ("unmet", CONFIRMED)),
        ({"site_visit_record": False}, ("unmet", "书面推荐日期")),
        ({"site_visit_record": BLANK}, ("unmet", "书面推荐日期")),
        ({"publicity_to": "2026-05-20"}, ("publicity_days", "公示结束日期")),
        ({"first_review_passed": False}, ("skipped", "实地核查日期")),
        ({"site_visited_on": BLANK, "site_visit_record": BLANK}, ("skipped", "书面推荐日期")),
        ({"reviewed_on": BLANK}, ("skipped", "公示开始日期")),
        ({"publicity_from": BLANK, "publicity_to": BLANK}, ("skipped", CONFIRMED)),
    ],
)
def test_xinjiang_tenth_article_by_columns_finds_what_events_would(
    other: dict[str, Any], expected: tuple[str, str]
) -> None:
    """第十条：初审并实地核查，初审通过后书面推荐；评审、审核，并公示结果；公示无异议的确认."""
    assert told(by_columns(**other)) == [expected]


def test_what_stands_in_the_column_of_a_stage_that_is_not_done_is_told_with_its_cell() -> None:
    def words(**other: Any) -> str:
        (one,) = walked(by_columns(**other)).issues
        return one.message

    assert "「地州市初审是否通过」填的是「否」（申报登记!" in words(first_review_passed=False)
    assert "「评审、审核」（第十条3）没有登记。" in words(reviewed_on=BLANK)
    assert "「评审审核日期」填的2026-07-01（申报登记!" in words(reviewed_on="2026-07-01")  # after the as-of date
    assert "还没有到。" in words(reviewed_on="2026-07-01")
    assert "读不出来。" in words(reviewed_on="五月中旬")


def test_publicity_by_columns_runs_the_days_of_the_office() -> None:
    """Seven days from 2026-06-01, that day not counted, end on 06-08: confirmed on it is too early, on 06-09 not."""
    week = {"settings": {"publicity_days": 7}, "publicity_to": BLANK}
    assert told(by_columns(**week)) == [("unmet", CONFIRMED)]
    assert told(by_columns(**week, recognised_on="2026-06-09")) == []


def test_an_objection_on_the_events_sheet_counts_where_stages_stand_in_columns() -> None:
    raised = event("objection", "数据不实", "2026-06-05")
    late, early = (event("objection_closed", "数据不实", day) for day in ("2026-06-20", "2026-06-07"))
    assert told(by_columns(raised)) == [("unmet", CONFIRMED)]
    assert told(by_columns(raised, late)) == [("unmet", CONFIRMED)]
    assert told(by_columns(raised, early)) == []
    allowed = event("exception", "confirmation", "2026-06-08", reason="上级要求", signer="示例甲")
    assert told(by_columns(raised, late, allowed)) == []


def test_an_exception_excuses_a_stage_that_the_columns_lack() -> None:
    allowed = event("exception", "site-visit", "2026-04-05", reason="道路中断", signer="示例甲")
    assert told(by_columns(allowed, site_visited_on=BLANK, site_visit_record=BLANK)) == []


def test_a_recognition_of_an_earlier_year_is_not_held_against_this_years_columns() -> None:
    """A recognised applicant is recommended again for its evaluation; how it was recognised is in another workbook."""
    gone = dict.fromkeys(("reviewed_on", "publicity_from", "publicity_to", "objection", "site_visited_on"), BLANK)
    assert told(by_columns(**gone, recognised_on="2023-06-06")) == []
    only = {k: BLANK for k in TENTH if k != "recognised_on"}
    assert told(by_columns(**only, recognised_on="2023-06-06")) == []
    assert told(by_columns(recognised_on="2025-06-08")) == [("out_of_order", CONFIRMED), ("unmet", CONFIRMED)]


def test_what_is_done_for_everybody_does_not_make_columns_lack_a_stage() -> None:
    """Only the application is recorded of one whose name is not on the list that was made public."""
    public = {**stage("publicity", "2026-06-01", until="2026-06-07"), "applicant_id": "全体"}
    asked = {k: BLANK for k in TENTH if k not in ("application_date", "first_review_passed")}
    assert told(by_columns(public, **asked)) == []


def test_national_a_plaque_before_the_application_is_found_by_columns() -> None:
    """第十一条（二）（六）. What has no column (初审、调研、审核意见) is left to the events sheet."""
    facts = {"application_date": "2026-03-02", "plaque_on": "2026-03-01"}
    assert codes(register("national-base", facts=facts, track="pilot")) == ["procedure.out_of_order"]
    right = {**facts, "plaque_on": "2026-05-15"}
    assert codes(register("national-base", facts=right, track="pilot")) == []
