"""Findings, options, decisions and the bans they bring, typed from the clauses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incubxl.assess.engine import assess
from incubxl.assess.model import CriterionResult
from incubxl.procedure.duties import duties
from incubxl.procedure.progress import progress
from incubxl.procedure.sanctions import cases
from incubxl.register.model import Register
from incubxl.verdict import Verdict

from .books import register

DAY = dt.date(2026, 6, 30)
REVOKE = "取消认定资格，两年内不得再次申报"


def finding(what: str, on: dt.date, **row: Any) -> dict[str, Any]:
    return {"kind": "finding", "what": what, "on": on, **row}


def decision(what: str, on: dt.date, option: str, **row: Any) -> dict[str, Any]:
    return {"kind": "decision", "what": what, "on": on, "option": option, "signer": "某乙", **row}


def result(r: Register, criterion: str, day: dt.date = DAY) -> CriterionResult:
    return next(c for c in assess(r, day).determinations[0].results if c.criterion == criterion)


def told(r: Register, code: str, day: dt.date = DAY) -> list[str]:
    return [i.message for i in assess(r, day).issues if i.code == code]


def test_a_finding_waits_for_an_official_with_the_measures_options() -> None:
    """上海 第十二条（三）：发生重大变化,逾期未及时报告的; the office picks, 视情节."""
    r = register("shanghai-hq", [{}], procedure_events=[finding("重大变化逾期未报告", dt.date(2026, 3, 1))])
    (case,) = cases(r, "A1", DAY)
    assert (case.state, case.option, case.ban.state) == ("undecided", None, "none")
    (message,) = told(r, "sanction.undecided")
    for words in (
        "第十二条（三）",
        "发生重大变化,逾期未及时报告的",
        "约谈；暂停经费资助；终止建设；追回已拨经费",
        "2026-03-01",
    ):
        assert words in message


def test_a_decision_keeps_option_name_date_and_document_and_brings_no_ban_where_the_measure_has_none() -> None:
    r = register(
        "shanghai-hq",
        [{}],
        procedure_events=[
            finding("late-change", dt.date(2026, 3, 1)),
            decision("late-change", dt.date(2026, 4, 2), "约谈", document_number="沪虚构〔2026〕1号"),
        ],
    )
    (case,) = cases(r, "A1", DAY)
    assert case.decision is not None and case.option is not None
    assert (case.option.label, case.decision.signer, case.decision.on) == ("约谈", "某乙", dt.date(2026, 4, 2))
    assert (case.decision.document_number, case.ban.state) == ("沪虚构〔2026〕1号", "none")
    assert told(r, "sanction.undecided") == []


def test_an_application_inside_a_ban_is_refused_with_clause_and_days() -> None:
    """乌鲁木齐 第11条：取消其认定资格，且两年内不得再次申报。"""
    rows = [decision("fraud", dt.date(2025, 3, 10), REVOKE, document_number="乌虚构〔2025〕3号")]
    r = register("urumqi-intl", [{"track": "base"}], procedure_events=rows, answers={"ban-first-day": "next_day"})
    found = result(r, "a11")
    assert found.verdict == Verdict.NOT_MET
    for words in ("第11条", "2025-03-10", "乌虚构〔2025〕3号", "2025-03-11至2027-03-10"):
        assert words in found.value
    assert found.cell == "事件!C2"


@pytest.mark.parametrize(
    ("day", "answer", "verdict"),
    [
        (dt.date(2027, 3, 9), "same_day", Verdict.NOT_MET),
        (dt.date(2027, 3, 10), "same_day", Verdict.MET),
        (dt.date(2027, 3, 10), "next_day", Verdict.NOT_MET),
        (dt.date(2027, 3, 11), "next_day", Verdict.MET),
        (dt.date(2027, 3, 10), "", Verdict.PENDING),
    ],
)
def test_the_last_day_follows_the_offices_reading(day: dt.date, answer: str, verdict: Verdict) -> None:
    rows = [decision("fraud", dt.date(2025, 3, 10), REVOKE)]
    answers = {"ban-first-day": answer} if answer else {}
    r = register("urumqi-intl", [{"track": "base"}], procedure_events=rows, answers=answers)
    assert result(r, "a11", day).verdict == verdict


def test_what_was_handed_in_within_the_ban_stays_refused_after_it() -> None:
    """两年内不得再次申报: the day of applying counts, not the day on which the office looks at it."""
    rows = [
        decision("fraud", dt.date(2024, 3, 10), REVOKE),
        {"kind": "stage", "what": "application", "on": dt.date(2026, 3, 1)},
    ]
    answers = {"ban-first-day": "next_day"}
    r = register("urumqi-intl", [{"track": "base"}], procedure_events=rows, answers=answers)
    found = result(r, "a11")
    assert found.verdict == Verdict.NOT_MET
    assert "2026-03-01的申报在期内" in found.value
    rows[1]["on"] = dt.date(2026, 3, 11)
    r = register("urumqi-intl", [{"track": "base"}], procedure_events=rows, answers=answers)
    assert result(r, "a11").verdict == Verdict.MET


def test_an_option_without_ban_opens_none() -> None:
    """国家 第十三条（三）：延长试点建设期一年或取消其试点建设资格；被取消的试点单位两年内不得再次申请。"""
    for option, verdict in (("延长试点建设期一年", Verdict.MET), ("cancel", Verdict.NOT_MET)):
        rows = [decision("final-cancelled", dt.date(2026, 1, 15), option)]
        r = register("national-base", [{"track": "pilot"}], procedure_events=rows)
        assert result(r, "no-ban").verdict == verdict, option


def test_two_failed_years_end_in_notice_or_in_cancelling_with_a_ban() -> None:
    """国家 第十四条：给予通报或取消国合孵化基地资格…被取消的国合孵化基地两年内不得再次申请。"""
    for option, verdict in (("notice", Verdict.MET), ("cancel", Verdict.NOT_MET)):
        rows = [decision("base-failed", dt.date(2026, 1, 15), option)]
        r = register("national-base", [{"track": "pilot"}], procedure_events=rows)
        assert result(r, "no-ban").verdict == verdict, option
    history = [{"kind": "sanction", "what": "base-failed", "on": dt.date(2026, 1, 15)}]
    r = register("national-base", [{"track": "pilot"}], history=history)
    found = result(r, "no-ban")
    assert (found.verdict, found.missing) == (Verdict.UNKNOWN, ("history",))
    assert "通报" in found.value


def test_a_decision_settles_what_was_found_before_it_and_nothing_later() -> None:
    rows = [
        finding("fraud", dt.date(2025, 1, 5)),
        decision("fraud", dt.date(2025, 2, 1), REVOKE),
        finding("fraud", dt.date(2026, 5, 5)),
    ]
    r = register("urumqi-intl", [{"track": "base"}], procedure_events=rows)
    assert [case.state for case in cases(r, "A1", DAY)] == ["decided", "undecided"]
    assert [case.state for case in cases(r, "A1", dt.date(2025, 1, 31))] == ["undecided"]


def test_a_decision_dated_before_what_it_settles_is_told() -> None:
    rows = [finding("fraud", dt.date(2026, 5, 1)), decision("fraud", dt.date(2026, 4, 1), REVOKE)]
    r = register("urumqi-intl", [{"track": "base"}], procedure_events=rows)
    assert len(told(r, "sanction.before_finding")) == 1
    assert len(told(r, "sanction.undecided")) == 1


def test_an_override_of_the_ban_is_stale_once_a_decision_is_recorded() -> None:
    answers = {"ban-first-day": "next_day"}
    before = result(register("urumqi-intl", [{"track": "base"}], answers=answers), "a11")
    rows = [decision("fraud", dt.date(2025, 3, 10), REVOKE)]
    after = result(register("urumqi-intl", [{"track": "base"}], procedure_events=rows, answers=answers), "a11")
    assert before.code != after.code


NEXT_DAY = {"ban-first-day": "next_day"}


def past(what: str, on: dt.date | None) -> dict[str, Any]:
    return {"kind": "sanction", "what": what, "on": on}


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        (dt.date(2025, 3, 10), Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),
        (dt.date(2024, 6, 29), Verdict.MET),  # two years from then are over on 30 June 2026
    ],
)
def test_a_past_decision_in_words_that_are_not_the_measures_is_never_taken_for_none(on: Any, verdict: Verdict) -> None:
    """第11条 writes 取消其认定资格; an office writes it so, and nobody can say whether the two years came with it."""
    r = register("urumqi-intl", [{"track": "base"}], history=[past("取消认定资格", on)], answers=NEXT_DAY)
    found = result(r, "a11")
    assert found.verdict == verdict
    assert ("「取消认定资格」" in found.value) == (verdict == Verdict.UNKNOWN)
    assert (found.cell == "历史记录!E2") == (verdict == Verdict.UNKNOWN)


def test_a_ban_is_the_organisations_whichever_row_it_is_recorded_under() -> None:
    """One credit code in two rows: a decision under A1 forbids A2 to apply, too; another organisation not."""
    code, other = "91110108551385082Q", "91350100M000100Y43"
    rows = [{"track": "base", "uscc": code}, {"track": "offshore", "uscc": code}, {"track": "base", "uscc": other}]
    made = [decision("fraud", dt.date(2025, 3, 10), REVOKE)]
    r = register("urumqi-intl", rows, procedure_events=made, answers=NEXT_DAY)
    verdicts = [next(c for c in d.results if c.criterion == "a11").verdict for d in assess(r, DAY).determinations]
    assert verdicts == [Verdict.NOT_MET, Verdict.NOT_MET, Verdict.MET]


@pytest.mark.parametrize(
    ("on", "verdict"),
    [(dt.date(2025, 3, 10), Verdict.UNKNOWN), (dt.date(2023, 3, 10), Verdict.MET), (None, Verdict.UNKNOWN)],
)
def test_a_decision_whose_id_and_code_name_two_organisations_is_charged_to_neither(on: Any, verdict: Verdict) -> None:
    """第11条 bans the one that falsified: 申报编号 says A1, 统一社会信用代码 says A2: both wait until put right."""
    code, other = "91110108551385082Q", "91350100M000100Y43"
    rows = [{"track": "base", "uscc": code}, {"track": "base", "uscc": other}, {"track": "base"}]
    history = [{**past("认定过程中申报资料弄虚作假", on), "uscc": other}]
    made = assess(register("urumqi-intl", rows, history=history, answers=NEXT_DAY), DAY)
    found = [next(c for c in d.results if c.criterion == "a11") for d in made.determinations]
    assert [c.verdict for c in found] == [verdict, verdict, Verdict.MET]
    if verdict == Verdict.UNKNOWN:
        assert all("不是同一家单位" in c.value and c.cell == "历史记录!E2" for c in found[:2])


def test_a_history_row_that_repeats_a_decision_does_not_reopen_the_choice() -> None:
    """第十四条：通报或取消; the events say 通报, the history sheet repeats the finding on the same day."""
    day = dt.date(2025, 3, 10)
    made = [decision("base-failed", day, "notice")]
    r = register(
        "national-base",
        [{"track": "pilot"}],
        procedure_events=made,
        history=[past("base-failed", day)],
        answers=NEXT_DAY,
    )
    assert result(r, "no-ban").verdict == Verdict.MET


def test_an_application_inside_a_ban_counts_by_its_column_as_by_its_event() -> None:
    facts = {"track": "pilot", "application_date": dt.date(2025, 6, 1)}
    made = [decision("base-cancelled", dt.date(2024, 3, 10), "cancel")]
    r = register("national-base", [facts], procedure_events=made, answers=NEXT_DAY)
    found = result(r, "no-ban")
    assert found.verdict == Verdict.NOT_MET
    assert "2025-06-01的申报在期内" in found.value
    again = [*made, {"kind": "stage", "what": "application", "on": dt.date(2026, 6, 1)}]
    r = register("national-base", [facts], procedure_events=again, answers=NEXT_DAY)
    assert result(r, "no-ban").verdict == Verdict.MET  # applied again after the ban


def test_a_decision_in_other_words_is_asked_about_also_where_only_the_application_lies_in_its_ban() -> None:
    past = [{"kind": "sanction", "what": "撤销资格", "on": dt.date(2024, 3, 10)}]
    for applied, verdict in ((dt.date(2026, 3, 1), Verdict.UNKNOWN), (dt.date(2026, 3, 11), Verdict.MET)):
        facts = {"track": "pilot", "application_date": applied}
        r = register("national-base", [facts], history=past, answers=NEXT_DAY)
        assert result(r, "no-ban").verdict == verdict


def test_a_decision_with_a_year_alone_says_which_days_would_decide_it() -> None:
    """乌鲁木齐 第11条：两年内; on 30 June 2026 a ban of 30 June 2024 ends that day."""

    def value(year: int, **facts: Any) -> str:
        row = {"kind": "sanction", "what": "fraud", "year": year}
        r = register("urumqi-intl", [{"track": "base", **facts}], history=[row], answers=NEXT_DAY)
        found = result(r, "a11")
        assert (found.verdict, found.missing) == (Verdict.UNKNOWN, ("history",))
        return found.value

    assert "在2024-01-01至2024-06-29决定的，不在期内；在2024-06-30至2024-12-31决定的，仍在期内" in value(2024)
    assert "不论在2025年哪一天决定，仍在期内" in value(2025)
    assert "不论在2022年哪一天决定，不在期内" in value(2022)
    assert "在2022-03-01至2022-12-31决定的" not in value(2022)
    # applied on 1 March 2024: refused where it was decided on or before that day and not two years earlier
    told = value(2022, application_date=dt.date(2024, 3, 1))
    assert "在2022-01-01至2022-02-28决定的，不在期内；在2022-03-01至2022-12-31决定的，仍在期内" in told


def test_a_decision_before_the_measure_was_in_force_is_left_to_a_person() -> None:
    """新疆 第十四条：自2019年4月1日起施行; 第十一条：2 年内不得再次申报."""
    for on, verdict in (
        (dt.date(2019, 3, 31), Verdict.PENDING),
        (dt.date(2019, 4, 1), Verdict.NOT_MET),
        (dt.date(2018, 5, 1), Verdict.PENDING),
    ):
        r = register("xinjiang-makerspace", [{}], history=[past("fraud", on)], answers=NEXT_DAY)
        assert result(r, "m11", dt.date(2020, 6, 30)).verdict == verdict, on
    r = register("xinjiang-makerspace", [{}], history=[past("fraud", dt.date(2019, 3, 31))], answers=NEXT_DAY)
    value = result(r, "m11", dt.date(2020, 6, 30)).value
    assert "2019-03-31决定" in value and "2019-04-01起才有2年的规定；按2年算，到2021-03-31未满" in value
    assert "由人判断" in value
    items = duties(r, dt.date(2020, 6, 30), 400, progress(r, dt.date(2020, 6, 30))).items
    (ban,) = [item for item in items if "禁止申报期" in item.label]
    assert (ban.state, "由人判断" in ban.why) == ("undated", True)


def test_the_agenda_holds_a_ban_that_one_option_brings_and_none_that_is_past() -> None:
    """第十四条：取消…两年内不得再次申请 comes with one of two options; 待办 tells its end, or that it is not known."""

    def ends(r: Register) -> list[tuple[str, dt.date | None]]:
        items = duties(r, DAY, 365, progress(r, DAY)).items
        return [(i.state, i.on) for i in items if i.label.startswith("禁止申报期届满")]

    day = dt.date(2025, 3, 10)
    made = [decision("base-failed", day, "cancel")]
    base = [{"track": "pilot"}]
    assert ends(register("national-base", base, procedure_events=made, answers=NEXT_DAY)) == [
        ("soon", dt.date(2027, 3, 10))
    ]
    said = register("national-base", base, history=[past("base-failed", day)], answers=NEXT_DAY)
    assert ends(said) == [("undated", None)]
    early = [decision("base-cancelled", dt.date(2024, 3, 10), "cancel")]
    inside = [{"track": "pilot", "application_date": dt.date(2025, 6, 1)}]  # refused, but the ban itself is over
    assert ends(register("national-base", inside, procedure_events=early, answers=NEXT_DAY)) == []
