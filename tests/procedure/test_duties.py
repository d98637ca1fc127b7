"""What falls due and when, typed from the clauses (D rows) and the calendar of 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.procedure.due import Due
from incubxl.procedure.duties import Duties, duties
from incubxl.procedure.progress import progress
from incubxl.register.model import Register
from incubxl.workdays import OfficeDays
from tests.procedure.build import D, event, register, stage

AS_OF = D(2026, 6, 30)
ALL = 100_000
LATE = D(2026, 11, 25)


def looked(found: Register, as_of: dt.date = AS_OF, within: int = 60, **more: Any) -> Duties:
    assert not [i for i in found.issues if i.code.startswith("officer")], found.issues
    return duties(found, as_of, within, progress(found, as_of), **more)


def items(found: Register, id: str, as_of: dt.date = AS_OF, within: int = 60, **more: Any) -> list[Due]:
    return [d for d in looked(found, as_of, within, **more).items if d.id == id]


def one(found: Register, id: str, as_of: dt.date = AS_OF, within: int = 60, **more: Any) -> Due:
    (item,) = items(found, id, as_of, within, **more)
    return item


def test_urumqi_a_change_is_reported_one_month_ahead() -> None:
    """第10条：变更前1个月. 2026-10-04 is a holiday: never later, the workday before is advised."""
    facts = {"recognised_on": "2024-06-30", "planned_change": "site", "planned_change_on": "2026-11-04"}
    found = register("urumqi-intl", facts=facts, track="base")
    item = one(found, "change-notice", within=120)
    assert (item.on, item.advised, item.state, item.kind) == (D(2026, 10, 4), D(2026, 9, 30), "soon", "act")
    assert item.clause == "第10条"
    assert item.quote.endswith("提出书面报备")
    assert item.cell.startswith("申报登记!")
    assert "不顺延" in item.why
    assert items(found, "change-notice", within=91) == []  # the advised day lies 92 days ahead
    assert one(found, "change-notice", D(2026, 10, 5)).state == "overdue"


def test_urumqi_a_change_that_was_reported_is_not_due() -> None:
    facts = {"recognised_on": "2024-06-30", "planned_change_on": "2026-08-01"}
    change = event("change", "场地位置", "2026-06-01", until="2026-09-01")
    found = register("urumqi-intl", change, facts=facts, track="base")
    assert [d.on for d in items(found, "change-notice", within=90)] == [D(2026, 7, 1), D(2026, 8, 1)]
    by_column = register("urumqi-intl", change, facts={**facts, "change_notified_on": "2026-06-20"}, track="base")
    assert [d.on for d in items(by_column, "change-notice", within=90)] == [D(2026, 8, 1)]
    told = event("submission", "change-notice", "2026-06-20", until="2026-09-01")
    left = register("urumqi-intl", change, told, facts=facts, track="base")
    assert [d.on for d in items(left, "change-notice", within=90)] == [D(2026, 7, 1)]
    assert [d.on for d in items(left, "change-notice", D(2026, 6, 19), within=90)] == [D(2026, 7, 1), D(2026, 8, 1)]
    first = register("urumqi-intl", facts={**facts, "recognised_on": "不适用"}, track="base")
    assert items(first, "change-notice") == []  # 国际孵化器 means one that is recognised


def test_two_changes_of_one_day_are_two_duties() -> None:
    """第10条：单位名称、主体、面积、场地、负责人 — each change is reported."""
    facts = {"recognised_on": "2024-06-30"}
    name = event("change", "单位名称", "2026-06-01", until="2026-09-01")
    place = event("change", "场地位置", "2026-06-01", until="2026-09-01")
    found = register("urumqi-intl", name, place, facts=facts, track="base")
    told = items(found, "change-notice", within=90)
    assert [(d.on, d.subject) for d in told] == [(D(2026, 8, 1), "单位名称"), (D(2026, 8, 1), "场地位置")]
    assert len({d.cell for d in told}) == 2
    again = register("urumqi-intl", name, name, facts=facts, track="base")
    assert len(items(again, "change-notice", within=90)) == 1  # written twice
    column = {**facts, "planned_change_on": "2026-09-01"}
    assert len(items(register("urumqi-intl", name, facts=column, track="base"), "change-notice", within=90)) == 1
    reported = {**column, "change_notified_on": "2026-06-20"}
    one_change = register("urumqi-intl", name, facts=reported, track="base")
    assert items(one_change, "change-notice", within=90) == []
    both = register("urumqi-intl", name, place, facts=reported, track="base")
    assert len(items(both, "change-notice", within=90)) == 2  # which of them was reported is not known


def test_an_old_report_that_names_no_change_does_not_answer_this_years() -> None:
    """第10条: what was reported in 2024 was another change; this one is still to be reported, and is told."""
    facts = {"recognised_on": "2023-06-30", "planned_change_on": "2026-08-01"}
    old = register("urumqi-intl", event("submission", "change-notice", "2024-01-05"), facts=facts, track="base")
    assert [d.on for d in items(old, "change-notice", within=90)] == [D(2026, 7, 1)]
    new = register("urumqi-intl", event("submission", "change-notice", "2026-06-05"), facts=facts, track="base")
    assert items(new, "change-notice", within=90) == []


def changes(*rows: dict[str, Any], events: Sequence[dict[str, Any]] = ()) -> Register:
    facts = {"recognised_on": "2023-01-10"}
    return register("urumqi-intl", *events, facts=facts, rows={"changes": list(rows)}, track="base")


def due_changes(found: Register, as_of: dt.date = LATE) -> list[tuple[str, dt.date | None, str]]:
    return [(d.subject, d.on, d.state) for d in items(found, "change-notice", as_of, within=60)]


TOLD = event("submission", "change-notice", "2026-01-15")
NAME = {"what": "name", "notified_on": "2026-01-15", "changed_on": "2026-03-01"}
SITE = {"what": "site", "changed_on": "2026-12-20"}
LATE_SITE = ("场地位置", D(2026, 11, 20), "overdue")


def test_the_report_of_an_earlier_change_does_not_answer_a_later_one() -> None:
    """第10条：在条件发生变更前1个月提出书面报备. One report is of one change; a month before 12-20 is 11-20."""
    assert due_changes(changes(NAME, SITE)) == [LATE_SITE]
    assert due_changes(changes(NAME, SITE, events=[TOLD])) == [LATE_SITE]
    unmarked = {k: v for k, v in NAME.items() if k != "notified_on"}
    assert due_changes(changes(unmarked, SITE, events=[TOLD])) == [LATE_SITE]  # of the next one, the name
    again = event("submission", "change-notice", "2026-11-10")
    assert due_changes(changes(NAME, SITE, events=[TOLD, again])) == []
    assert due_changes(changes(unmarked, SITE, events=[TOLD, again])) == []


def test_a_report_that_names_its_change_is_of_that_one() -> None:
    named = event("submission", "change-notice", "2026-01-15", evidence="场地位置变更报备函")
    name = {"what": "name", "changed_on": "2026-03-01"}
    assert due_changes(changes(name, SITE, events=[named])) == [("名称", D(2026, 2, 1), "overdue")]
    both = event("submission", "change-notice", "2026-01-15", evidence="名称和场地位置变更报备函")
    assert due_changes(changes(name, SITE, events=[both])) == []
    dated = event("submission", "change-notice", "2026-01-15", until="2026-12-20")
    assert due_changes(changes(name, SITE, events=[dated])) == [("名称", D(2026, 2, 1), "overdue")]


def test_where_it_is_unclear_what_was_reported_every_change_stays_due_and_says_why() -> None:
    name = {"what": "name", "changed_on": "2026-12-20"}
    for told in (TOLD, {**TOLD, "until": "2026-12-20"}):  # of the two of that day, which?
        found = items(changes(name, SITE, events=[told]), "change-notice", D(2026, 11, 25), within=60)
        assert [d.subject for d in found] == ["名称", "场地位置"]
        for item in found:
            assert "2026-01-15的报送（事件!" in item.why
            assert "没有写明是哪一件" in item.why
    early = {"what": "name", "changed_on": "2026-01-10"}  # reported late, or is it the later one's?
    assert [d.subject for d in items(changes(early, SITE, events=[TOLD]), "change-notice", D(2026, 11, 25))] == [
        "名称", "场地位置",
    ]  # fmt: skip


def test_urumqi_evaluation_after_a_full_year() -> None:
    """第12条：通过认定且时间满一年以上."""
    found = register("urumqi-intl", facts={"recognised_on": "2025-06-30"}, track="base")
    assert one(found, "take-part", D(2026, 6, 29)).state == "soon"
    item = one(found, "take-part", D(2026, 6, 30))
    assert (item.on, item.state, item.kind) == (D(2026, 6, 30), "open", "start")
    assert "period-start" in item.asked
    counted = register(
        "urumqi-intl", facts={"recognised_on": "2025-06-30"}, answers={"period-start": "same_day"}, track="base"
    )
    assert one(counted, "take-part", D(2026, 6, 29)).on == D(2026, 6, 29)
    took = event("submission", "take-part", "2026-06-20", period="2026")
    assert items(register("urumqi-intl", took, facts={"recognised_on": "2025-06-30"}, track="base"), "take-part") == []
    before = event("submission", "take-part", "2025-06-20", period="2025")
    again = register("urumqi-intl", before, facts={"recognised_on": "2024-06-30"}, track="base")
    assert one(again, "take-part").state == "open"


def test_urumqi_statistics_have_a_date_only_from_a_notice() -> None:
    """第9条：按时填报; nothing is printed."""
    facts = {"recognised_on": "2024-06-30"}
    item = one(register("urumqi-intl", facts=facts, track="base"), "statistics")
    assert (item.state, item.on, item.applicants) == ("undated", None, (0,))
    assert "以通知为准" in item.why
    notice = event(
        "deadline",
        "statistics",
        "2026-06-01",
        until="2026-07-11",
        period="2026上半年",
        document_number="示科函〔2026〕9号",
    )
    dated = one(register("urumqi-intl", notice, facts=facts, track="base"), "statistics")
    assert (dated.on, dated.state, dated.period) == (D(2026, 7, 13), "soon", "2026上半年")  # a Saturday
    assert "示科函〔2026〕9号" in dated.why
    assert "顺延至2026年7月13日" in dated.why
    given_ = event("submission", "statistics", "2026-06-25", period="2026上半年")
    assert items(register("urumqi-intl", notice, given_, facts=facts, track="base"), "statistics") == []


def test_national_pilot_of_two_years_from_the_day_the_office_takes() -> None:
    """第四条、第十三条（一）、附件4; 口径：授牌之日或审核意见函之日."""
    facts = {"plaque_on": "2024-07-15", "opinion_letter_on": "2024-07-01"}
    by_plaque = register("national-base", facts=facts, answers={"pilot-start": "plaque"}, track="pilot-year")
    item = one(by_plaque, "final-summary-due")
    assert (item.on, item.state, item.kind) == (D(2026, 7, 15), "soon", "start")
    assert item.asked == ("pilot-start", "period-start")
    assert one(by_plaque, "pilot").on == D(2026, 7, 15)
    by_letter = register("national-base", facts=facts, answers={"pilot-start": "opinion-letter"}, track="pilot-year")
    assert one(by_letter, "pilot").on == D(2026, 7, 1)
    open_ = one(register("national-base", facts=facts, track="pilot-year"), "final-summary-due")
    assert (open_.state, open_.asked) == ("undated", ("pilot-start",))
    assert "2024-07-15" in open_.why
    assert "2024-07-01" in open_.why
    extended = register(
        "national-base", facts={**facts, "extension_on": "2026-07-16"}, answers={"pilot-start": "plaque"}, track="final"
    )
    assert one(extended, "pilot", within=400).on == D(2027, 7, 16)  # 第十三条（三）：延长试点建设期一年
    done = register("national-base", facts={**facts, "final_summary_on": "2026-06-29"}, track="final")
    assert items(done, "final-summary-due") == []


def test_national_yearly_plan_and_summary_have_the_offices_day_or_none() -> None:
    """第十二条（一）（三）：no day is printed for the plan, 年底 for the summary."""
    facts = {"plaque_on": "2025-03-10"}
    none = register("national-base", facts=facts, track="pilot-year")
    assert [(d.period, d.state) for d in items(none, "yearly-plan-due")] == [("2026年度", "undated")]
    assert "年度材料报送天数" in one(none, "yearly-plan-due").why
    set_ = register("national-base", facts=facts, settings={"yearly_days": 30}, track="pilot-year")
    plan = one(set_, "yearly-plan-due")
    assert (plan.on, plan.state, plan.period) == (D(2026, 2, 2), "overdue", "2026年度")  # 01-31 is a Saturday
    summary = one(set_, "yearly-summary-due")
    assert (summary.on, summary.state, summary.period) == (D(2026, 1, 30), "overdue", "2025年度")  # a Friday


def test_shanghai_changes_are_reported_three_months_ahead() -> None:
    """第九条：提前3个月; 不可抗力 as the office's 口径 takes it."""
    facts = {"contract_on": "2024-03-01", "contract_end": "2027-02-28"}
    rows = {"changes": [{"change_type": "site", "change_on": "2026-11-30"}]}
    found = register("shanghai-hq", facts=facts, rows=rows, track="hq")
    item = one(found, "change-notice", within=70)
    assert (item.on, item.advised) == (D(2026, 8, 30), D(2026, 8, 28))  # a Sunday; the Friday before
    assert item.subject == "场地位置"
    assert item.cell.startswith("重大事项变更!")
    sudden = {"changes": [{"change_type": "force_majeure", "change_on": "2026-06-20"}]}
    asked = one(register("shanghai-hq", facts=facts, rows=sudden, track="hq"), "change-notice")
    assert (asked.state, asked.asked) == ("undated", ("force-majeure",))
    prompt = register("shanghai-hq", facts=facts, rows=sudden, answers={"force-majeure": "prompt"}, track="hq")
    assert (one(prompt, "change-notice").kind, one(prompt, "change-notice").state) == ("start", "open")
    strict = register("shanghai-hq", facts=facts, rows=sudden, answers={"force-majeure": "strict"}, track="hq")
    assert (one(strict, "change-notice").on, one(strict, "change-notice").state) == (D(2026, 3, 20), "overdue")


def test_shanghai_quarterly_and_annual_reports() -> None:
    """第十条：编制季度、年度报告并及时报送; the days are the office's."""
    facts = {"contract_on": "2026-02-01", "contract_end": "2029-01-31"}
    bare = register("shanghai-hq", facts=facts, track="hq")
    assert [d.period for d in items(bare, "quarterly-report")] == ["2026年第1季度", "2026年第2季度"]
    assert {d.state for d in items(bare, "quarterly-report")} == {"undated"}
    sent = event("submission", "quarterly-report", "2026-04-09", period="2026年第1季度")
    found = register("shanghai-hq", sent, facts=facts, settings={"quarterly_days": 15}, track="hq")
    item = one(found, "quarterly-report")
    assert (item.period, item.on, item.state) == ("2026年第2季度", D(2026, 7, 15), "soon")
    asked = {
        "reports": [
            {"kind": "quarterly", "year": 2026, "period": "q1", "due_on": "2026-04-10"},
            {"kind": "quarterly", "year": 2026, "period": "q2", "due_on": "2026-07-10", "submitted_on": "2026-06-30"},
        ]
    }
    table = one(register("shanghai-hq", facts=facts, rows=asked, track="hq"), "quarterly-report")
    assert (table.period, table.on, table.state) == ("2026年第1季度", D(2026, 4, 10), "overdue")
    wrong = event("submission", "quarterly-report", "2026-04-09")
    (told,) = looked(register("shanghai-hq", wrong, facts=facts, track="hq")).issues
    assert told.code == "duty.period"


def test_shanghai_contract_end_is_a_term_and_never_rolls() -> None:
    facts = {"contract_on": "2024-03-01", "contract_end": "2026-08-01"}  # a Saturday
    found = register("shanghai-hq", facts=facts, track="hq")
    item = one(found, "contract")
    assert (item.on, item.kind, item.state) == (D(2026, 8, 1), "term", "soon")
    assert "不顺延" in item.why
    later = [d.period for d in items(found, "quarterly-report", D(2027, 6, 30))]
    assert later == ["2026年第1季度", "2026年第2季度", "2026年第3季度"]  # the contract is over before the fourth


def test_xinjiang_residence_over_24_months_is_a_warning_per_tenant() -> None:
    """第七条：一般不超过 24 个月: 超过 does not include the number."""
    rows = {
        "tenants": [
            {"tenant_no": "T1", "tenant_name": "示例团队一", "moved_in_on": "2024-06-30"},
            {"tenant_no": "T2", "tenant_name": "示例团队二", "moved_in_on": "2024-06-29"},
            {"tenant_no": "T3", "tenant_name": "示例团队三", "moved_in_on": "2024-01-01", "moved_out_on": "2026-01-05"},
            {"tenant_no": "T4", "tenant_name": "示例团队四", "moved_in_on": "2026-01-01"},
        ]
    }
    found = register("xinjiang-makerspace", rows=rows)
    told = {d.subject: (d.state, d.kind, d.on) for d in items(found, "residence")}
    assert told == {
        "示例团队二": ("open", "advice", D(2026, 6, 29)),
        "示例团队一": ("soon", "advice", D(2026, 6, 30)),
    }


def test_xinjiang_yearly_filing_is_the_offices_own_matter() -> None:
    """第八条：每年开展一次备案工作."""
    item = one(register("xinjiang-makerspace"), "annual-filing")
    assert (item.applicants, item.state, item.actor) == ((), "undated", "自治区科技厅")
    held = event("submission", "annual-filing", "2026-05-06", period="2026")
    assert items(register("xinjiang-makerspace", held), "annual-filing") == []


def test_tongliao_a_brand_is_filed_before_it_begins() -> None:
    """三（二）：需事先向市科技局进行备案."""
    rows = {"outputs": [{"served_name": "示例对象", "started_on": "2026-07-20"}]}
    item = one(register("tongliao-award", rows=rows, track="regional-incubator"), "brand-filing-first")
    assert (item.on, item.advised) == (D(2026, 7, 19), D(2026, 7, 17))  # a Sunday
    filed = {"outputs": [{"served_name": "示例对象", "started_on": "2026-07-20", "filed_on": "2026-06-01"}]}
    assert items(register("tongliao-award", rows=filed, track="regional-incubator"), "brand-filing-first") == []


def test_the_end_of_publicity_is_told_until_the_next_stage_is_done() -> None:
    order = ["application", "first-review", "site-visit", "recommendation", "review"]
    done = [stage(s, f"2026-06-{n:02}") for n, s in enumerate(order, 1)]
    public = stage("publicity", "2026-06-24")
    found = register("xinjiang-makerspace", *done, public, settings={"publicity_days": 10})
    item = one(found, "publicity")
    assert (item.on, item.state, item.kind) == (D(2026, 7, 4), "soon", "term")  # a Saturday: no rolling
    assert one(found, "publicity", D(2026, 7, 6)).state == "open"
    assert one(register("xinjiang-makerspace", *done, public), "publicity").state == "undated"
    over = register(
        "xinjiang-makerspace", *done, {**public, "until": "2026-06-29"}, stage("confirmation", "2026-06-30")
    )
    assert items(over, "publicity") == []


def test_the_end_of_a_ban_is_told_and_never_rolls() -> None:
    """第十一条：2 年内不得再次申报."""
    history = {"history": [{"kind": "sanction", "what": "申报中弄虚作假", "on": "2024-07-11"}]}
    found = register("xinjiang-makerspace", rows=history, answers={"ban-first-day": "next_day"})
    item = one(found, "fraud")
    assert (item.on, item.state, item.asked) == (D(2026, 7, 11), "soon", ("ban-first-day",))  # a Saturday
    edge = register("xinjiang-makerspace", rows={"history": [{**history["history"][0], "on": "2024-06-30"}]})
    assert one(edge, "fraud").state == "undated"  # on this very day the two readings differ


def test_a_year_without_published_holidays_is_said() -> None:
    notice = event("deadline", "statistics", "2026-06-01", until="2027-01-02", period="2026")
    found = register("urumqi-intl", notice, facts={"recognised_on": "2024-06-30"}, track="base")
    item = one(found, "statistics", within=365)
    assert item.on == D(2027, 1, 2)
    assert "没有2027年的放假安排" in item.why
    own = OfficeDays(years=[2027])
    assert one(found, "statistics", within=365, office=own).on == D(2027, 1, 4)


@pytest.mark.parametrize(
    "pack", ["urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq", "tongliao-award"]
)
def test_an_empty_register_makes_no_dated_item(pack: str) -> None:
    found = register(pack)
    assert [d for d in looked(found, within=ALL).items if d.on is not None] == []


@given(st.dates(D(2024, 1, 1), D(2027, 12, 31)), st.integers(0, 400))
def test_what_is_soon_lies_within_the_horizon(change: dt.date, within: int) -> None:
    facts = {"recognised_on": "2020-06-30", "planned_change_on": change.isoformat()}
    for item in items(register("urumqi-intl", facts=facts, track="base"), "change-notice", within=within):
        assert item.on is not None
        assert item.on < change
        if item.state == "soon":
            assert item.on >= AS_OF
            assert (item.advised or item.on) <= AS_OF + dt.timedelta(days=within)
        else:
            assert item.on < AS_OF
