"""更正, 撤回, 补发: linked to the first letter, never without its number; letters to experts and districts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.context import build
from incubxl.letters.reference import Issued, Known, no_record
from incubxl.letters.write import letter_file_name
from incubxl.policy.pack import Pack
from incubxl.register.model import Conclusion, PastEvent
from incubxl.verdict import Verdict
from tests.letters.case import NAME, assessment, concluded, signed, together

TITLE = "关于确认示例旧名有限公司为自治区众创空间的通知"
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
    # no 文号簿 is kept: nobody knows under which title it was issued
    assert made.title == f"关于{letter}“备案”文书（示科函〔2026〕5号）的函"
    assert (made.refers_number, made.refers_date, made.refers_kind) == ("示科函〔2026〕5号", "2026年6月5日", "备案")
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
    assert plan.state == "draft"  # a title alone does not say to whom it went: an office above, a district …
    assert "看不出「示科函〔2025〕11号」当时发给谁，请在 结论!B3 写主送" in plan.why
    found = assessment(xinjiang, conclusions=[typed])[1]
    addressed = replace(typed, addressee=found.name)
    plan = next(p for p in plans(xinjiang, addressed) if p.label == "补发")
    assert (plan.state, plan.to) == ("final", found.name)


def test_what_was_taken_back_no_longer_stands_against_another_decision(xinjiang: Pack) -> None:
    other = concluded("不予备案", "示科函〔2026〕10号", signed(on=dt.date(2026, 6, 10)))
    case = {"verdict": Verdict.NOT_MET}
    first, *_ = plans(xinjiang, concluded("备案", "示科函〔2026〕5号"), other, **case)
    assert first.state == "none"  # contradicted
    refused = next(p for p in plans(xinjiang, FIRST, other, **case) if p.label == "不予备案")
    assert "同一事项另有结论「备案」" in refused.why
    rows = (FIRST, other, amending("撤回"))
    refused = next(p for p in plans(xinjiang, *rows, **case) if p.label == "不予备案")
    assert "同一事项另有结论「备案」" in refused.why  # nothing says that the first one was ever sent
    found = letters_for(*assessment(xinjiang, conclusions=rows, **case), known=lambda *_: Issued(True, TITLE))
    assert [(p.label, p.state) for p in found] == [("备案", "none"), ("不予备案", "final"), ("撤回", "final")]


def test_a_letter_taken_back_may_be_written_again(xinjiang: Pack) -> None:
    again = concluded("备案", "示科函〔2026〕12号", signed(on=dt.date(2026, 6, 12)))
    assert [p.state for p in plans(xinjiang, FIRST, again)] == ["final", "none"]
    states = [(p.label, p.state, p.nth) for p in plans(xinjiang, FIRST, amending("撤回"), again)]
    assert states == [("备案", "final", 1), ("撤回", "final", 1), ("备案", "final", 2)]


@pytest.mark.parametrize(("label", "verdict"), [("备案", Verdict.MET), ("不予备案", Verdict.NOT_MET)])
def test_a_decision_is_not_dated_before_the_first_was_taken_back(xinjiang: Pack, label: str, verdict: Verdict) -> None:
    rows = (FIRST, concluded(label, "示科函〔2026〕12号", signed(on=dt.date(2026, 6, 8))), amending("撤回"))
    case = assessment(xinjiang, conclusions=rows, verdict=verdict)
    found = letters_for(*case, known=lambda *_: Issued(True, TITLE))
    again = next(p for p in found if p.conclusion is rows[1])
    assert again.state == "draft"
    assert "备案」（示科函〔2026〕5号）到2026年6月9日才撤回，本文书的日期不能早于撤回" in again.why


def test_an_announcement_is_not_corrected_by_a_letter(xinjiang: Pack) -> None:
    public = concluded("公示", "示科公告〔2026〕2号")
    plan = next(p for p in plans(xinjiang, public, amending(refers_to="示科公告〔2026〕2号")) if p.label == "更正")
    assert "向社会公布的文书请用「更正公告」「撤回公告」" in plan.why


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


def state(pack: Pack, *rows: Conclusion, known: Known = no_record, **case: Any) -> list[tuple[str, str]]:
    found = letters_for(*assessment(pack, conclusions=rows, **case), known=known)
    return [(p.label, p.state) for p in found]


UNSIGNED = concluded("备案", "示科函〔2026〕5号", signed(name=""))


@pytest.mark.parametrize(
    ("first", "row", "reason"),
    [
        (FIRST, amending(document_number=""), "没有发文字号；更正、撤回、补发须另编文号"),
        (UNSIGNED, amending(), "「示科函〔2026〕5号」（备案）不是已发出的正式文书"),
        (FIRST, amending(signed=signed(on=dt.date(2026, 6, 4))), "结论日期早于原文书「示科函〔2026〕5号」的日期"),
    ],
)
def test_it_is_final_only_with_its_own_number_after_a_letter_that_was_sent(
    xinjiang: Pack, first: Conclusion, row: Conclusion, reason: str
) -> None:
    plan = next(p for p in plans(xinjiang, first, row) if p.label == "更正")
    assert plan.state == "draft"
    assert reason in plan.why


def test_a_letter_that_the_book_knows_may_be_amended_whatever_the_register_says_now(xinjiang: Pack) -> None:
    used = Issued(True, TITLE)
    assert state(xinjiang, UNSIGNED, amending(), known=lambda *_: used) == [("备案", "draft"), ("更正", "final")]
    voided = Issued(False, why="文号「示科函〔2026〕5号」在文号簿里已作废")
    elsewhere = amending(refers_on=dt.date(2026, 1, 5), refers_kind="受理")
    plan = letters_for(*assessment(xinjiang, conclusions=[elsewhere]), known=lambda *_: voided)[0]
    assert (plan.state, plan.why) == ("draft", voided.why)


def test_the_title_is_the_one_under_which_the_first_was_issued(xinjiang: Pack) -> None:
    whole, one = assessment(xinjiang, conclusions=[FIRST, amending()])
    plan = letters_for(whole, one, known=lambda *_: Issued(True, TITLE))[1]
    made = build(whole, one, plan)
    assert made.title == f"关于更正《{TITLE}》（示科函〔2026〕5号）的函"  # not today's name
    assert made.refers_kind == TITLE
    now = letters_for(whole, one, known=lambda *_: Issued(False))[1]  # this run notes number and title
    assert build(whole, one, now).refers_kind == f"关于确认{NAME}为自治区众创空间的通知"
    other = amending(refers_kind="关于受理的通知")
    whole, one = assessment(xinjiang, conclusions=[FIRST, other])
    plan = letters_for(whole, one, known=lambda *_: Issued(True, TITLE))[1]
    assert f"与文号簿里「示科函〔2026〕5号」的标题《{TITLE}》不同" in plan.why


def test_a_correction_of_a_correction_names_the_correction(xinjiang: Pack) -> None:
    again = amending(
        document_number="示科函〔2026〕11号", refers_to="示科函〔2026〕9号", signed=signed(on=dt.date(2026, 6, 10))
    )
    whole, one = assessment(xinjiang, conclusions=[FIRST, amending(), again])
    plan = letters_for(whole, one, known=lambda *_: Issued(False))[2]
    first = f"关于更正《关于确认{NAME}为自治区众创空间的通知》（示科函〔2026〕5号）的函"
    assert build(whole, one, plan).title == f"关于更正《{first}》（示科函〔2026〕9号）的函"


def test_a_draft_does_not_take_back(xinjiang: Pack) -> None:
    again = concluded("备案", "示科函〔2026〕12号", signed(on=dt.date(2026, 6, 12)))
    loose = amending("撤回", document_number="示科函[2026]9号")
    assert state(xinjiang, FIRST, loose, again) == [("备案", "final"), ("撤回", "draft"), ("备案", "none")]


def test_what_was_taken_back_is_not_corrected_any_more(xinjiang: Pack) -> None:
    back = amending("撤回")
    after = amending("更正", document_number="示科函〔2026〕10号", signed=signed(on=dt.date(2026, 6, 10), reason="误"))
    assert state(xinjiang, FIRST, back, after) == [("备案", "final"), ("撤回", "final"), ("更正", "draft")]
    before = amending("更正", document_number="示科函〔2026〕8号", signed=signed(on=dt.date(2026, 6, 8), reason="误"))
    assert state(xinjiang, FIRST, back, before)[2] == ("更正", "final")  # it was sent before


def test_a_letter_may_be_corrected_twice(xinjiang: Pack) -> None:
    second = amending(document_number="示科函〔2026〕11号", details="「丙」更正为「丁」")
    assert state(xinjiang, FIRST, amending(), second)[1:] == [("更正", "final"), ("更正", "final")]
    assert state(xinjiang, FIRST, amending(), amending(document_number=""))[1:] == [
        ("更正", "final"),
        ("更正", "draft"),
    ]


def test_two_decisions_taken_back_leave_the_third(xinjiang: Pack) -> None:
    rows = [FIRST, amending("撤回"), concluded("备案", "示科函〔2026〕10号", signed(on=dt.date(2026, 6, 10)))]
    rows += [amending("撤回", document_number="示科函〔2026〕11号", refers_to="示科函〔2026〕10号",
                      signed=signed(on=dt.date(2026, 6, 11)))]  # fmt: skip
    rows += [concluded("备案", "示科函〔2026〕12号", signed(on=dt.date(2026, 6, 12)))]
    assert {s for _, s in state(xinjiang, *rows)} == {"final"}


def test_two_rows_that_name_each_other_are_both_drafts(xinjiang: Pack) -> None:
    one = amending(refers_to="示科函〔2026〕10号")
    other = amending(document_number="示科函〔2026〕10号", refers_to="示科函〔2026〕9号")
    assert state(xinjiang, one, other)[:2] == [("更正", "draft"), ("更正", "draft")]


def test_a_reissued_letter_does_not_say_that_something_is_appended(xinjiang: Pack) -> None:
    whole, one = assessment(xinjiang, conclusions=[FIRST, amending("补发")])
    decision = build(whole, one, letters_for(whole, one)[1]).decision
    assert not any(word in text for text in decision for word in ("附后", "随附"))
    assert any("本函不附、也不代替上述文书" in text for text in decision)


@pytest.mark.parametrize("letter", ["更正", "撤回", "补发"])
@pytest.mark.parametrize("held", [True, False])
def test_it_goes_to_whom_the_first_went_never_to_the_applicant_instead(xinjiang: Pack, letter: str, held: bool) -> None:
    """The first one's 主送 came from the measure or the register, and stands on no row of the sheet 结论."""
    first = concluded("推荐", "示科函〔2026〕5号")
    stated = {} if held else {"refers_on": dt.date(2026, 6, 5), "refers_kind": "推荐"}
    rows = [first] * held + [amending(letter, **stated)]
    plan = next(p for p in plans(xinjiang, *rows) if p.label == letter)
    assert plan.to == "自治区科技厅"
    nobody = replace(first, letter="推荐国家备案")
    rows = [nobody] * held + [amending(letter, **({} if held else {**stated, "refers_kind": "推荐国家备案"}))]
    for known in (no_record, lambda *_: Issued(True)):
        plan = next(p for p in letters_for(*assessment(xinjiang, conclusions=rows), known=known) if p.label == letter)
        assert plan.state == "draft"
        assert "是给上级主管部门的，结论!B3 没有写主送" in plan.why


@pytest.mark.parametrize("letter", ["更正", "撤回", "补发"])
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"refers_to": ""}, "没有写关联文号"),
        ({"refers_to": "示科函〔2026〕9号"}, "与本函的发文字号相同"),
        ({"refers_to": "示科函〔2025〕77号"}, "也没有写关联文书日期、关联文书名称"),
        ({"refers_to": "示科函〔2025〕77号", "refers_on": dt.date(2025, 6, 5), "refers_kind": "某函"}, "看不出"),
        ({"refers_to": "示科函〔2025〕77号", "refers_on": dt.date(2025, 6, 5), "refers_kind": "推荐国家备案"},
         "是给上级主管部门的"),
        ({"refers_to": "示科函〔2025〕77号", "refers_on": dt.date(2025, 6, 5), "refers_kind": "公示"},
         "向社会公布的文书请用「更正公告」"),
    ],
)  # fmt: skip
def test_a_draft_whose_reader_is_not_known_has_a_blank_and_not_the_applicant(
    xinjiang: Pack, letter: str, row: dict[str, Any], reason: str
) -> None:
    whole, one = assessment(xinjiang, conclusions=[amending(letter, **row)])
    plan = next(p for p in letters_for(whole, one) if p.label == letter)
    assert (plan.state, plan.to, reason in plan.why) == ("draft", "", True), plan.why
    assert "登记表也没有申报单位的名称" not in plan.why
    assert build(whole, one, plan).addressee == "〔主送单位待填〕"
    named = next(p for p in plans(xinjiang, amending(letter, **row, addressee="示例区科技局")) if p.label == letter)
    assert named.to == "示例区科技局"


def test_a_typed_recipient_that_the_first_letter_did_not_have_misleads_nobody(xinjiang: Pack) -> None:
    first = replace(FIRST, addressee="自治区科技厅")  # a 备案 goes to its applicant, whatever is typed there
    case = assessment(xinjiang, conclusions=[first, amending()])
    first_plan, second = letters_for(*case, known=lambda *_: Issued(True, TITLE))
    assert (first_plan.to, second.to, second.state) == (NAME, NAME, "final")
