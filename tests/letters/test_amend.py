"""更正, 撤回, 补发: linked to the first letter, never without its number; letters to experts and districts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.context import build
from incubxl.letters.write import letter_file_name
from incubxl.policy.pack import Pack
from incubxl.register.model import Conclusion, PastEvent
from incubxl.verdict import Verdict
from tests.letters.case import NAME, assessment, concluded, signed, together

FIRST = concluded("备案", "示科函〔2026〕5号")


def amending(letter: str = "更正", **more: Any) -> Conclusion:
    row = concluded(letter, "示科函〔2026〕9号", signed(on=dt.date(2026, 6, 9), reason="名称写错"))
    return replace(row, **{"refers_to": "示科函〔2026〕5号", "details": "「甲」更正为「乙」", **more})


def plans(pack: Pack, *rows: Conclusion, **case: Any) -> list[LetterPlan]:
    return letters_for(*assessment(pack, conclusions=rows, **case))


@pytest.mark.parametrize("letter", ["更正", "撤回", "补发"])
def test_it_names_number_date_and_kind_of_the_first(xinjiang: Pack, letter: str) -> None:
    whole, one = assessment(xinjiang, conclusions=[FIRST, amending(letter)])
    first, second = letters_for(whole, one)
    assert (first.kind, first.state) == ("recognition", "final")  # what was sent stays what it was
    assert (second.label, second.state) == (letter, "final"), second.why
    made = build(whole, one, second)
    title = f"关于确认{NAME}为自治区众创空间的通知"  # 引用公文先引标题，后引发文字号
    assert made.title == f"关于{letter}《{title}》（示科函〔2026〕5号）的函"
    assert (made.refers_number, made.refers_date, made.refers_kind) == ("示科函〔2026〕5号", "2026年6月5日", title)
    assert (made.document_number, made.reasons) == ("示科函〔2026〕9号", ("名称写错",))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (amending(refers_to=""), "没有写关联文号，不知道是哪一份文书"),
        (amending(refers_to="示科函〔2026〕9号"), "更正、撤回、补发另编文号"),
        (amending(refers_to="示科函〔2026〕8号"), "工作簿里没有文号「示科函〔2026〕8号」的文书"),
        (amending(refers_on=dt.date(2026, 6, 4)), "关联文书日期与文号「示科函〔2026〕5号」的日期不同"),
        (amending(details=""), "没有写具体事项"),
        (amending(signed=signed(reason="")), "没有写理由"),
        (amending(document_number="示科函〔2026〕5号"), "更正、撤回、补发另编文号"),
    ],
)
def test_it_is_a_draft_while_the_first_is_not_known(xinjiang: Pack, row: Conclusion, reason: str) -> None:
    plan = next(p for p in plans(xinjiang, FIRST, row) if p.label == "更正")
    assert plan.state == "draft"
    assert reason in plan.why


def test_the_letter_of_another_applicant_is_never_amended(xinjiang: Pack) -> None:
    whole = together(
        assessment(xinjiang, conclusions=[FIRST]), assessment(xinjiang, name="示例乙空间", conclusions=[amending()])
    )
    plan = letters_for(whole, whole.determinations[1])[0]
    assert plan.state == "draft"
    assert "是申报编号「A-01」的文书" in plan.why


def test_a_letter_of_an_earlier_year_is_known_from_the_history_or_the_row(xinjiang: Pack) -> None:
    past = PastEvent(
        "recognised", "众创空间", dt.date(2025, 7, 1), 2025, None, "历史记录!A4", document_number="示科函〔2025〕11号"
    )
    row = amending("补发", refers_to="示科函〔2025〕11号")
    plan = next(p for p in plans(xinjiang, row, history=[past]) if p.label == "补发")
    assert plan.state == "final"
    assert plan.reference
    assert (plan.reference.on, plan.reference.label) == (dt.date(2025, 7, 1), "众创空间")
    typed = replace(row, refers_on=dt.date(2025, 7, 1), refers_kind="关于确认众创空间的通知")
    plan = next(p for p in plans(xinjiang, typed) if p.label == "补发")
    assert plan.state == "final"


def test_what_was_taken_back_no_longer_stands_against_another_decision(xinjiang: Pack) -> None:
    other = concluded("不予备案", "示科函〔2026〕10号")
    case = {"verdict": Verdict.NOT_MET}
    first, *_ = plans(xinjiang, concluded("备案", "示科函〔2026〕5号"), other, **case)
    assert first.state == "none"  # contradicted
    refused = next(p for p in plans(xinjiang, FIRST, other, **case) if p.label == "不予备案")
    assert "同一事项另有结论「备案」" in refused.why
    refused = next(p for p in plans(xinjiang, FIRST, other, amending("撤回"), **case) if p.label == "不予备案")
    assert refused.state == "final"


def test_a_letter_taken_back_may_be_written_again(xinjiang: Pack) -> None:
    again = concluded("备案", "示科函〔2026〕12号")
    assert [p.state for p in plans(xinjiang, FIRST, again)] == ["final", "none"]
    states = [(p.label, p.state, p.nth) for p in plans(xinjiang, FIRST, amending("撤回"), again)]
    assert states == [("备案", "final", 1), ("撤回", "final", 1), ("备案", "final", 2)]


def test_an_announcement_is_not_corrected_by_a_letter(xinjiang: Pack) -> None:
    public = concluded("公示", "示科公告〔2026〕2号")
    plan = next(p for p in plans(xinjiang, public, amending(refers_to="示科公告〔2026〕2号")) if p.label == "更正")
    assert "向社会公布的文书请另行公布更正" in plan.why


def test_every_expert_has_a_letter_and_a_file_of_its_own(urumqi: Pack) -> None:
    invited = [
        replace(
            concluded("专家评审邀请", f"示科函〔2026〕{n}号"), addressee=f"示例专家{n}", details="6月18日，示例会议室"
        )
        for n in (21, 22)
    ]
    found = plans(urumqi, *invited, verdict=Verdict.PENDING)
    assert [(p.to, p.state) for p in found] == [("示例专家21", "final"), ("示例专家22", "final")]
    assert len({letter_file_name("A-01", NAME, p) for p in found}) == 2
    (nobody,) = plans(urumqi, replace(invited[0], addressee=""), verdict=Verdict.PENDING)
    assert nobody.state == "draft"
    assert "没有写主送，登记表也没有专家的名称" in nobody.why


@pytest.mark.parametrize(
    ("district", "typed", "to"),
    [
        ("示例县", "", "示例县科技局"),
        ("示例县科学技术局", "", "示例县科学技术局"),
        ("示例县", "示例区科技局", "示例区科技局"),
        ("", "", ""),
    ],
)
def test_a_district_is_addressed_as_the_register_or_the_row_names_it(
    urumqi: Pack, district: str, typed: str, to: str
) -> None:
    row = replace(concluded("商请初审"), addressee=typed)
    dates = {"application_date": dt.date(2026, 5, 1)}
    plan, *_ = plans(urumqi, row, verdict=Verdict.PENDING, dates=dates, texts={"district": district})
    assert (plan.to, plan.state) == (to, "final" if to else "draft")


def test_a_step_that_the_register_does_not_record_gives_no_final_letter(urumqi: Pack) -> None:
    plan, *_ = plans(urumqi, concluded("受理"), verdict=Verdict.PENDING)
    assert plan.state == "draft"
    assert "登记表没有载明申报日期" in plan.why
