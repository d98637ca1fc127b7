"""A small fictional measure and assessments of it, made by hand: what the sheets must say is known beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from incubxl.assess.model import (
    Assessment,
    CriterionResult,
    Determination,
    LetterView,
    OverrideView,
    UsedInterpretation,
)
from incubxl.funding.model import FundingLine, Limit
from incubxl.grading.model import GradeOutcome, IndicatorScore
from incubxl.grid import Place
from incubxl.issues import Issue
from incubxl.policy.load import load_pack
from incubxl.policy.pack import Pack
from incubxl.register.model import Answer, Refused, Register, Settings, Signed
from incubxl.verdict import Verdict

COMMON = Path(__file__).parents[2] / "src" / "incubxl" / "policies" / "common"
MEASURE = """
id: cloud-nest
version: "0.3"
name: 云巢市孵化器管理办法（征求意见稿）
short_name: 云巢孵化器
issuer: 云巢市科技局
draft: true
draft_notice: 征求意见稿，仅供试运行
validity: {undated_reason: 没有载明施行日期}
applicant_noun: 孵化器
seed: none.txt
tracks:
  - {id: nest, label: 普通孵化器, clause: 第二条, quote: 孵化器}
  - {id: deep, label: 专业孵化器, clause: 第二条, quote: 专业孵化器}
roles:
  - {id: city, label: 市科技局, does: 认定, clause: 第三条}
  - {id: applicant, label: 申报单位, does: 申报, clause: 第三条}
"""
FACTS = """
facts:
  - {id: area, label: 场地面积, type: number, unit: 平方米}
  - {id: seats, label: 工位数, type: integer, unit: 个}
"""
CRITERIA = """
criteria:
  - id: space
    title: 场地面积
    clause: 第六条（一）
    quote: 场地面积不少于500平方米
    check: {at_least: {fact: area, than: area}}
    remedy: 补足场地
  - id: seats
    title: 工位
    clause: 第六条（二）
    quote: 工位不少于30个
    check: {at_least: {fact: seats, than: seats}}
    remedy: 补足工位
    advisory: true
"""
PARAMETERS = """
- {id: area, label: 场地面积下限, unit: 平方米, clause: 第六条（一）, quote: 500平方米, values: [{value: 500}]}
- {id: seats, label: 工位下限, unit: 个, clause: 第六条（二）, quote: 30个, values: [{value: 30}]}
"""
INTERPRETATIONS = """
- id: joint-area
  clause: 第六条（一）
  question: 共享场地是否计入面积？
  options: [{id: counted, label: 计入}, {id: excluded, label: 不计入}]
  effect: 场地面积是否达标。
"""
EVALUATION = """
kind: score
clause: 第九条
quote: 分为优秀、合格、不合格
grades: [{id: top, label: 优秀}, {id: pass, label: 合格}, {id: fail, label: 不合格}]
failing: fail
"""
PROCEDURE = """
stages: [{id: apply, label: 申报, actor: applicant, clause: 第四条, quote: 提出申请}]
"""
FUNDING_TEXT = "note: 见第十条"
LETTER_TEXT = "note: 无"
SCENARIOS = """
- {criterion: space, clause: 第六条（一）, as_of: 2026-06-01, cases: [{name: 恰好, facts: {area: 500}, expect: met}]}
"""
LAW = "《民法典》第一千二百五十九条（类推）"


@pytest.fixture(scope="session")
def small_pack() -> Pack:
    texts = {
        "measure.yaml": MEASURE,
        "facts.yaml": FACTS,
        "criteria.yaml": CRITERIA,
        "parameters.yaml": PARAMETERS,
        "interpretations.yaml": INTERPRETATIONS,
        "procedure.yaml": PROCEDURE,
        "evaluation.yaml": EVALUATION,
        "funding.yaml": FUNDING_TEXT,
        "letters.yaml": LETTER_TEXT,
        "scenarios.yaml": SCENARIOS,
    }
    common = {p.name: p.read_text(encoding="utf-8") for p in COMMON.glob("*.yaml")}
    pack, errors = load_pack("cloud-nest", texts, common)
    assert pack is not None, [str(e) for e in errors]
    return pack


def criterion(id: str, verdict: Verdict, **more: object) -> CriterionResult:
    """One verdict with the words of the fictional measure."""
    words = {
        "space": ("场地面积", "第六条（一）", "场地面积不少于500平方米", "不少于500平方米", "登记表!F"),
        "seats": ("工位", "第六条（二）", "工位不少于30个", "不少于30个", "登记表!G"),
    }
    title, clause, quote, threshold, cell = words[id]
    given: dict[str, object] = {
        "criterion": id, "title": title, "clause": clause, "quote": quote, "verdict": verdict, "computed": verdict,
        "value": "", "threshold": threshold, "cell": f"{cell}4", "missing": (), "interpretations": (),
        "remedy": "", "code": "3f9c1a20", "advisory": id == "seats",
    }  # fmt: skip
    return CriterionResult(**(given | more))  # type: ignore[arg-type]


OFFICER = Signed("测试员甲", dt.date(2026, 5, 12), "现场核对了租赁合同", "改判!C4")
INCLUSIVE = UsedInterpretation("number-inclusive", "inclusive", "包括本数", LAW)
OPEN = UsedInterpretation("joint-area", "", "未确定")


RUN = {
    "item": "run", "label": "运营补贴", "payer": "市科技局", "year": 1, "clause": "第十条",
    "quote": "每年不超过200万元，原则上不超过运营投入的50%",
}  # fmt: skip
CAP = Limit("cap", "每年最高限额", Decimal("2000000"), False, "第十条", "每年不超过200万元")
HALF = Limit("half", "运营投入50%", Decimal("1234567.89"), True, "第十条", "投入×50%", ("登记表!H4",))
OPEN_HALF = Limit("half", "运营投入50%", None, True, "第十条", "缺少年度运营投入", (), ("seats",))


def determinations() -> tuple[Determination, ...]:
    """A001: near, one fact missing, graded and paid. A002: overridden, money unknown. A003: pending, withdrawn."""
    met, not_met, unknown, pending = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING
    score = Decimal("91.5")
    first = Determination(
        "A001", "云巢甲孵化器有限公司", "nest", "登记表!A4",
        (
            criterion("space", met, value="500平方米", interpretations=(INCLUSIVE,), near=True),
            criterion("seats", unknown, missing=("seats",), remedy="请填写「工位数」", cell="登记表!G4"),
        ),
        met,
        GradeOutcome(
            "graded", score, score, score, 1, 2, "优秀", (), "总分达到优秀线90分", "第九条",
            (IndicatorScore("q1", "场地", "direct", "91.5", score, Decimal(100), None, ("评分!D4",)),),
        ),
        (FundingLine(
            **RUN, verdict=met, amount=Decimal("1234567.89"), limits=(CAP, HALF), binding=("half",),
            notes=("原则上比例已适用",),
        ),),
        (),
    )  # fmt: skip
    second = Determination(
        "A002", "=云巢乙&<孵化器>有限公司", "deep", "登记表!A5",
        (
            criterion("space", met, computed=not_met, value="480平方米", override=OverrideView(met, True, OFFICER)),
            criterion("seats", not_met, value="12个", remedy="还差18个工位"),
        ),
        met,
        GradeOutcome("open", None, Decimal(55), Decimal(80), None, None, "", ("合格", "不合格"), "缺少 q1 的评分"),
        (FundingLine(
            **RUN, verdict=unknown, amount=None, limits=(CAP, OPEN_HALF), binding=(), reason="缺少年度运营投入",
            missing=("seats",),
        ),),
        (),
    )  # fmt: skip
    third = Determination(
        "A003", "云巢丙孵化器有限公司", "nest", "登记表!A6",
        (
            criterion("space", pending, interpretations=(OPEN,), remedy="请确定口径"),
            criterion("seats", met, value="40个"),
        ),
        pending, GradeOutcome("waived", reason="未报送材料，视同放弃"), (), (),
    )  # fmt: skip
    return first, second, third


@pytest.fixture
def assessment(small_pack: Pack) -> Assessment:
    return make(small_pack)


def make(pack: Pack, found: tuple[Determination, ...] | None = None) -> Assessment:
    found = determinations() if found is None else found
    n = len(found)
    register = Register(
        pack=pack,
        settings=Settings("cloud-nest", 2026, dt.date(2026, 6, 1), 2025, "云巢市科技局", Decimal(5)),
        ids=tuple(d.applicant for d in found), names=tuple(d.name for d in found),
        tracks=tuple(d.track for d in found), rows=np.arange(3, 3 + n), columns={}, counted={}, tables={},
        judgements={}, overrides={},
        answers={"number-inclusive": Answer("inclusive", None, LAW)},
        conclusions={}, history={}, events={}, issues=(), refused=(), rows_seen=n + 1,
    )  # fmt: skip
    issues = (
        Issue("info", "register.normalised", Place("登记表", "F4"), "「５００」已按 500 读取。", "请核对。", "A001"),
        Issue(
            "error", "register.unreadable", Place("登记表", "G5"), "「约12」不是数字。", "请填写一个确定的数。", "A002"
        ),
        Issue("warning", "register.no-sheet", Place("", "", "甲.xlsx"), "没有「历史记录」表。", "请从模板补上这张表。"),
    )
    return Assessment(
        register, dt.date(2026, 6, 1), pack.measure.force(dt.date(2026, 6, 1)), "征求意见稿，仅供试运行",
        found, issues, (Refused("登记表", 9, "「申报编号」与第4行重复（A001）。"),), "ab" * 32, "incubxl 0.1.0",
    )  # fmt: skip


@pytest.fixture
def letters() -> tuple[LetterView, ...]:
    return (
        LetterView("A001", "recognition", "认定通知书", "letters/A001.docx", "final"),
        LetterView("A002", "correction", "补正通知书", "", "none", "缺少收件人电子邮箱"),
    )


@pytest.fixture
def many(small_pack: Pack) -> Callable[[int], Assessment]:
    """An assessment of n applicants."""

    def build(n: int) -> Assessment:
        model = determinations()
        return make(
            small_pack,
            tuple(replace(model[i % 3], applicant=f"A{i:04d}", name=f"{model[i % 3].name}{i}") for i in range(n)),
        )

    return build
