"""经办、审核、签发 and the typed 发文字号: what keeps a letter from being final is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from incubxl.letters.announce import announcements
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.policy.pack import Pack
from incubxl.register.model import Act, Conclusion
from incubxl.verdict import Verdict
from tests.letters.case import OFFICE, assessment, concluded, signed, together

DAY = dt.date(2026, 6, 5)


def planned(pack: Pack, row: Conclusion, **more: Any) -> LetterPlan:
    return letters_for(*assessment(pack, conclusions=[row]), **more)[0]


def test_nobody_signed_but_others_did_their_part(xinjiang: Pack) -> None:
    row = replace(concluded("备案", by=signed(name="")), handled=Act("示例乙", DAY), reviewed=Act("示例丙", DAY))
    plan = planned(xinjiang, row)
    assert plan.state == "draft"
    assert "没有签发人姓名（已有经办示例乙、审核示例丙）" in plan.why


@pytest.mark.parametrize("name", ["待定", "（待签）", "张三（拟稿）", "X", "0", "会议通过", "N/A", "局长"])
@pytest.mark.parametrize("label", ["备案", "公示"])
def test_a_scribble_signs_nothing(xinjiang: Pack, label: str, name: str) -> None:
    whole, one = assessment(xinjiang, conclusions=[concluded(label, by=signed(name=name))])
    plan = announcements(whole)[0].plan if label == "公示" else letters_for(whole, one)[0]
    assert plan.state == "draft"
    assert f"结论!B3 所在行的签发人「{name}」不是人的姓名，请写签发的人的姓名" in plan.why


def test_a_scribble_did_no_part_of_the_signing(xinjiang: Pack) -> None:
    row = replace(concluded("备案"), handled=Act("待定", DAY), reviewed=Act("/", DAY))
    assert "（已有" not in planned(xinjiang, replace(row, signed=signed(name=""))).why


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"handled": Act("示例乙", dt.date(2026, 6, 6))}, "经办日期（2026年6月6日）晚于签发日期（2026年6月5日）"),
        (
            {"handled": Act("示例乙", dt.date(2026, 6, 3)), "reviewed": Act("示例丙", dt.date(2026, 6, 2))},
            "经办日期（2026年6月3日）晚于审核日期（2026年6月2日）",
        ),
        ({"signed_on": dt.date(2026, 6, 6)}, "签发日期晚于结论日期"),
        ({"document_number": "示科函[2026]5号"}, "不合GB/T 9704的写法，是不是「示科函〔2026〕5号」"),
        ({"document_number": "示科函〔2026〕第5号"}, "是不是「示科函〔2026〕5号」"),
        ({"document_number": "示科函〔2026〕05号"}, "是不是「示科函〔2026〕5号」"),
        ({"document_number": "〔2026〕5号"}, "没有机关代字"),
        ({"document_number": "示科函2026-5"}, "不合GB/T 9704"),
        ({"document_number": "示科函〔2025〕5号"}, "发文字号是2025年的，结论日期在2026年"),
    ],
)
def test_it_is_a_draft(xinjiang: Pack, more: dict[str, Any], reason: str) -> None:
    plan = planned(xinjiang, replace(concluded("备案"), **more))
    assert plan.state == "draft"
    assert reason in plan.why


def test_steps_in_order_are_final(xinjiang: Pack) -> None:
    row = replace(
        concluded("备案"), handled=Act("示例乙", dt.date(2026, 6, 3)), reviewed=Act("示例丙", dt.date(2026, 6, 4)),
        signed_on=dt.date(2026, 6, 4),
    )  # fmt: skip
    assert planned(xinjiang, row).state == "final"


def test_one_number_on_two_rows_is_on_no_final_letter(xinjiang: Pack) -> None:
    whole = together(*(assessment(xinjiang, name=n, conclusions=[concluded("备案")]) for n in ("示例甲", "示例乙")))
    for one in whole.determinations:
        (plan,) = letters_for(whole, one)
        assert plan.state == "draft"
        assert "在「结论」表用了不止一次" in plan.why


def test_the_book_may_refuse_a_number(xinjiang: Pack) -> None:
    asked: list[tuple[str, str, str]] = []

    def refusal(number: str, applicant: str, kind: str) -> str:
        asked.append((number, applicant, kind))
        return "文号已由别的文书使用"

    plan = planned(xinjiang, concluded("备案"), refusal=refusal)
    assert (plan.state, plan.why) == ("draft", "文号已由别的文书使用")
    assert asked == [("示科函〔2026〕5号", "A-01", "recognition")]


def test_a_date_that_cannot_be_gives_no_final_letter(xinjiang: Pack) -> None:
    row = concluded("备案")  # 2026-06-05
    late = planned(xinjiang, row, today=dt.date(2026, 6, 3))
    assert (late.state, "的结论日期（2026年6月5日）还没有到" in late.why) == ("draft", True)
    assert planned(xinjiang, row, today=dt.date(2026, 6, 4)).state == "final"
    applied = {"application_date": dt.date(2026, 6, 6)}
    plan, *_ = letters_for(*assessment(xinjiang, conclusions=[row], dates=applied))
    assert "早于申报日期（2026年6月6日）" in plan.why


@pytest.mark.parametrize("reason", ["。", "无", "请填写", " —— "])
def test_facts_of_a_burden_must_say_something(xinjiang: Pack, reason: str) -> None:
    plan = next(
        p
        for p in letters_for(
            *assessment(xinjiang, conclusions=[concluded("取消资格（弄虚作假）", by=signed(reason=reason))])
        )
    )
    assert plan.state == "draft"
    assert "没有写理由，通知书缺少事实" in plan.why


@pytest.mark.parametrize("details", ["/", "待定", "无", "……", "（待补充）"])
@pytest.mark.parametrize("label", ["催报", "更正", "备案"])
def test_particulars_must_say_something(xinjiang: Pack, label: str, details: str) -> None:
    first = concluded("备案")
    row = replace(concluded(label, "示科函〔2026〕6号"), details=details, refers_to=first.document_number)
    plans = letters_for(*assessment(xinjiang, conclusions=[first, row] if label == "更正" else [row]))
    plan = next(p for p in plans if p.label == label)
    assert plan.state == "draft"
    assert f"结论!B3 的具体事项「{details}」没有说什么，请写明或者清空" in plan.why


@pytest.mark.parametrize("label", ["备案", "公示"])
def test_a_reader_that_the_kind_does_not_have_is_told(xinjiang: Pack, label: str) -> None:
    row = replace(concluded(label), addressee="示例地区科技局")
    whole, one = assessment(xinjiang, conclusions=[row])
    plan = announcements(whole)[0].plan if label == "公示" else letters_for(whole, one)[0]
    assert plan.state == "draft"
    assert "结论!B3 的主送写的是「示例地区科技局」，而" in plan.why
    assert "否则请清空主送" in plan.why


def test_the_unit_itself_may_be_named_as_the_reader(xinjiang: Pack) -> None:
    assert planned(xinjiang, replace(concluded("备案"), addressee="示例国际孵化器有限公司")).state == "final"


@pytest.mark.parametrize("remedy", ["请填写", "（请填写救济途径）", "无"])
def test_a_remedy_that_says_nothing_is_none(xinjiang: Pack, remedy: str) -> None:
    case = assessment(
        xinjiang,
        verdict=Verdict.NOT_MET,
        conclusions=[concluded("不予备案")],
        settings={**OFFICE, "remedy_text": remedy},
    )
    assert "「设置」表没有填「救济途径告知」" in letters_for(*case)[0].why
