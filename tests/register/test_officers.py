"""The officers' sheets: what takes effect and what does not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from incubxl.register.model import Act, Register
from incubxl.verdict import Verdict

from .build import CODES, HEAD, codes, found, read, sheet

DAY = dt.date(2026, 6, 1)
TWO = [HEAD, ["A1", "甲", CODES[0], "基地"], ["A2", "乙", CODES[1], "离岸"]]
JUDGED = ["申报编号", "判断事项", "判断结论", "判断理由", "判断人", "判断日期"]
CHANGED = ["申报编号", "条件", "改判结论", "改判理由", "改判人", "改判日期", "核对码"]
ANSWERED = ["口径编号", "问题", "选定口径", "理由", "确定人", "确定日期"]
CONCLUDED = ["申报编号", "结论", "结论日期", "发文字号", "签发人", "理由"]
HISTORY = ["申报编号", "统一社会信用代码", "年度", "事项", "内容", "日期", "金额（万元）", "文号"]


def office(name: str, head: list[str], *rows: list[Any]) -> Register:
    return read(sheet("申报登记", TWO), sheet(name, [head, *rows]))


@pytest.mark.parametrize("item", ["team", "有专业团队", " 有专业团队 ", "team｜有专业团队", "team 有专业团队"])
def test_a_judgement(item: str) -> None:
    r = office("人工判断", JUDGED, ["A1", item, "符合", "看了名单", "某甲", DAY])
    assert codes(r) == []
    judged = r.judgements["A1", "team"]
    assert (judged.verdict, judged.signed.name, judged.signed.on) == (Verdict.MET, "某甲", DAY)
    assert (judged.signed.reason, judged.signed.cell) == ("看了名单", "人工判断!C2")


def test_a_prepared_row_without_an_answer_is_no_act() -> None:
    r = office("人工判断", JUDGED, ["A1", "有专业团队", None, None, None, None])
    assert (r.judgements, codes(r)) == ({}, [])


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        (["A1", "team", "符合", None, None, DAY], "判断人"),
        (["A1", "team", "符合", None, "某甲", None], "判断日期"),
        (["A1", "team", None, "看了", "某甲", DAY], "判断结论"),
        (["A1", None, "符合", None, None, None], "判断事项、判断人、判断日期"),
        (["A1", "team", "符合", None, "某甲", "6月1日"], "判断日期"),
        (["A1", "team", "符合", None, "待定", DAY], "判断人（「待定」不是人的姓名）"),
    ],
)
def test_an_incomplete_judgement_does_nothing(row: list[Any], lacks: str) -> None:
    r = office("人工判断", JUDGED, row)
    assert r.judgements == {}
    [issue] = found(r, "officer.incomplete")
    assert (issue.severity, issue.applicant) == ("error", "A1")
    assert f"缺少{lacks}，" in issue.message


def test_an_unknown_question_suggests_the_nearest() -> None:
    r = office("人工判断", JUDGED, ["A1", "专业团队", "符合", None, "某甲", DAY])
    [issue] = found(r, "officer.unknown_item")
    assert "是不是「有专业团队」" in issue.remedy
    assert r.judgements == {}


def test_judgements_that_contradict_each_other_both_fall_away() -> None:
    r = office(
        "人工判断",
        JUDGED,
        ["A1", "team", "符合", None, "某甲", DAY],
        ["A1", "有专业团队", "不符合", None, "某乙", DAY],
        ["A2", "team", "不适用", None, "某甲", DAY],
        ["A2", "team", "不适用", None, "某乙", DAY],
    )
    assert set(r.judgements) == {("A2", "team")}
    assert r.judgements["A2", "team"].signed.name == "某甲"
    assert "人工判断!C2 与 人工判断!C3" in found(r, "officer.conflict")[0].message
    assert found(r, "officer.repeated")[0].severity == "info"


def test_an_override_needs_a_reason_and_keeps_its_check_code() -> None:
    r = office(
        "改判",
        CHANGED,
        ["A1", "场地不少于500平方米", "符合", "新合同", "某甲", DAY, "ab12"],
        ["A2", "space", "符合", None, "某甲", DAY, "ab12"],
    )
    override = r.overrides["A1", "space"]
    assert (override.verdict, override.seen, override.signed.reason) == (Verdict.MET, "ab12", "新合同")
    assert ("A2", "space") not in r.overrides
    assert "缺少改判理由" in found(r, "officer.incomplete")[0].message


def test_the_law_answers_where_the_office_does_not() -> None:
    r = office("口径", ANSWERED, ["each-year", "「每年」指哪一年？", None, None, None, None])
    assert set(r.answers) == {"number-inclusive", "period-start"}
    assert r.answers["number-inclusive"].option == "inclusive"
    assert r.answers["number-inclusive"].signed is None
    assert "民法典" in r.answers["number-inclusive"].source


@pytest.mark.parametrize(("question", "answer"), [("each-year", "逐年"), ("「每年」指哪一年？", "every")])
def test_an_answer(question: str, answer: str) -> None:
    r = office("口径", ANSWERED, [question, None, answer, "惯例", "某甲", DAY])
    got = r.answers["each-year"]
    assert got.signed is not None
    assert (got.option, got.signed.name, got.source) == ("every", "某甲", "")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["number-inclusive", None, "不包括本数", None, None, DAY], "officer.incomplete"),
        (["number-inclusive", None, "都可以", None, "某甲", DAY], "officer.unknown_item"),
    ],
)
def test_an_answer_gone_wrong_leaves_the_question_open(row: list[Any], code: str) -> None:
    r = office("口径", ANSWERED, row)
    assert "number-inclusive" not in r.answers
    assert found(r, code)[0].severity == "error"


def test_answers_that_contradict_each_other_leave_the_question_open() -> None:
    rows = [["period-start", None, option, None, "某甲", DAY] for option in ("next_day", "same_day")]
    r = office("口径", ANSWERED, *rows)
    assert "period-start" not in r.answers
    assert found(r, "officer.conflict")


def test_conclusions() -> None:
    r = office(
        "结论",
        CONCLUDED,
        ["A1", "认定", DAY, "〔2026〕5号", "某甲", "同意"],
        ["A1", "认定", DAY, "〔2026〕5号", "某甲", "同意"],
        ["A1", "拨付", DAY, None, "某甲", None],
        ["A2", "认定", None, None, "某甲", None],
        [None, "认定", DAY, None, "某甲", None],
    )
    assert [(c.letter, c.document_number, c.signed.name) for c in r.conclusions["A1"]] == [
        ("认定", "〔2026〕5号", "某甲"),
        ("拨付", "", "某甲"),
    ]
    (unsigned,) = r.conclusions["A2"]  # kept, and said to be incomplete: its letter is a draft
    assert (unsigned.signed.on, unsigned.handled, unsigned.refers_to) == (None, Act(), "")
    assert len(found(r, "officer.repeated")) == 1
    assert len(found(r, "officer.incomplete")) == 1
    assert len(found(r, "row.owner_blank")) == 1


def test_a_conclusion_says_who_handled_reviewed_and_signed_it_and_what_it_amends() -> None:
    head = ["申报编号", "结论", "结论日期", "发文字号", "理由", "具体事项", "主送", "关联文号",
            "关联文书日期", "关联文书名称", "经办人", "经办日期", "审核人", "审核日期", "签发人",
            "签发日期"]  # fmt: skip
    days = [dt.date(2026, 6, n) for n in (1, 2, 3, 4)]
    r = office(
        "结论",
        head,
        ["A1", "更正", days[3], "示科函〔2026〕9号", "名称写错", "第一行\n第二行", "示例区科技局", "示科函〔2026〕5号",
         days[0], "认定", "某乙", days[1], "某丙", days[2], "某甲", days[3]],
    )  # fmt: skip
    (c,) = r.conclusions["A1"]
    assert c.letter == "更正"  # an id where the pack has the common letters
    assert (c.details, c.addressee) == ("第一行\n第二行", "示例区科技局")
    assert (c.refers_to, c.refers_on, c.refers_kind) == ("示科函〔2026〕5号", days[0], "认定")
    assert (c.handled, c.reviewed) == (Act("某乙", days[1]), Act("某丙", days[2]))
    assert (c.signed.name, c.signed.on, c.signed_on) == ("某甲", days[3], days[3])


def test_letters_to_two_experts_are_two_conclusions() -> None:
    head = ["申报编号", "结论", "结论日期", "主送", "签发人"]
    r = office("结论", head, *(["A1", "专家评审邀请", DAY, to, "某甲"] for to in ("示例专家甲", "示例专家乙")))
    assert [c.addressee for c in r.conclusions["A1"]] == ["示例专家甲", "示例专家乙"]


def test_conclusions_with_one_number_and_two_dates_both_fall_away() -> None:
    rows = [["A1", "认定", day, "〔2026〕5号", "某甲", None] for day in (DAY, dt.date(2026, 6, 2))]
    r = office("结论", CONCLUDED, *rows)
    assert r.conclusions == {}
    assert found(r, "officer.conflict")


def test_history() -> None:
    r = office(
        "历史记录",
        HISTORY,
        ["A1", None, 2025.0, "评价等级", "优秀", DAY, None, None],
        ["A1", None, "2024年", "奖励或补助", "国家级孵化器", "2024.5.1", 100.0, "某字1号"],
        ["A1", None, None, "处理决定", "弄虚作假", DAY, "50万元", None],
        ["A1", None, 2023.0, "放弃评价", None, None, None, None],
        ["A1", None, 2023.0, None, "优秀", None, None, None],
    )
    events = r.history["A1"]
    assert [(e.kind, e.what, e.year) for e in events] == [
        ("grade", "a", 2025),
        ("award", "国家级孵化器", 2024),
        ("sanction", "fraud", None),
        ("withdrawn", "", 2023),
    ]
    assert [e.amount for e in events] == [None, Decimal(1_000_000), Decimal(500_000), None]
    assert events[1].on == dt.date(2024, 5, 1)
    assert events[0].cell == "历史记录!E2"
    assert len(found(r, "officer.incomplete")) == 1


def test_history_goes_by_credit_code_where_the_id_says_nothing() -> None:
    r = office(
        "历史记录",
        HISTORY,
        ["2019-07", CODES[0], 2019.0, "认定或备案", "认定", None, None, None],
        [None, CODES[3], 2019.0, "认定或备案", "认定", None, None, None],
        ["A2", CODES[0], 2019.0, "认定或备案", "认定", None, None, None],
        [None, None, 2019.0, "认定或备案", "认定", None, None, None],
    )
    assert [e.cell for e in r.history["A1"]] == ["历史记录!E2"]
    both = found(r, "row.owner_contradicts")  # told to each that the row may be about
    assert [(i.severity, i.applicant, i.place.cell) for i in both] == [("error", "A2", "A4"), ("error", "A1", "A4")]
    assert [i.place.cell for i in found(r, "row.owner_blank")] == ["A5"]
    assert not found(r, "row.owner_unknown")
