"""The contract between letters and Word templates, in words: what every field means, of what its rows consist.

``VERSION`` goes up when a field is removed or means something else: an office's own templates rest on it
(docs/letter-fields.md is made from here; a test holds the frozen state).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, fields
from typing import Any, get_args, get_type_hints

from incubxl.letters.rows import (
    ApplicantRow,
    AttachmentRow,
    ChangeRow,
    ClauseRow,
    FundingRow,
    MissingRow,
    ResultRow,
    ScoreRow,
    TotalRow,
)

VERSION = 2  # 1: whole letters; 2: forms, attachments, recipients


@dataclass(frozen=True, slots=True)
class LetterContext:
    """Everything a template may use, and nothing else.

    Every text stands on one line and is fit to be printed (clean.py); lists are paragraphs or table rows. Money is in
    yuan.
    """

    is_draft: bool
    marks: tuple[str, ...]  # words above the letter: 草稿, 征求意见稿, 有效期已届满
    draft_reason: str  # why the letter is only a draft; empty on final letters
    layout: str  # a Layout of policy/letters.py
    kind: str  # the kind's Chinese name
    title: str
    document_number: str  # 发文字号; an empty place on drafts, empty on a final letter without number
    applicant_id: str
    applicant: str  # full name
    uscc: str  # 统一社会信用代码, may be empty
    track: str  # 申报类型
    year: str
    measure: str
    measure_number: str  # 文号 of the measure, may be empty
    opening: str
    decision: tuple[str, ...]
    closing: tuple[str, ...]
    clauses: tuple[ClauseRow, ...]  # 依据
    duties: tuple[ClauseRow, ...]  # what follows for the applicant
    results: tuple[ResultRow, ...]  # 条件核对 (refusal: those not met)
    missing: tuple[MissingRow, ...]  # 缺少或无法读取的资料
    funding: tuple[FundingRow, ...]  # 经费核定
    totals: tuple[TotalRow, ...]  # by payer
    grade: str  # empty when there is none
    score: str  # empty when there is none
    adverse: bool
    facts: tuple[str, ...]  # 事实
    reasons: tuple[str, ...]  # 理由
    remedies: tuple[str, ...]  # 救济途径, the office's own words
    notes: tuple[str, ...]  # 口径, 原则上, undated measure
    office: str
    contact: str
    signer: str
    date: str
    addressee: str  # 主送, by name; empty on announcements
    details: tuple[str, ...]  # 具体事项, the official's own words
    refers_number: str  # the letter that this one amends
    refers_date: str
    refers_kind: str
    applicants: tuple[ApplicantRow, ...]  # announcements only
    form: str  # letter, official, announcement, plain
    sealed: bool  # room for a seal
    scores: tuple[ScoreRow, ...]  # 评分明细
    attachments: tuple[AttachmentRow, ...]  # tables on pages of their own
    changes: tuple[ChangeRow, ...]  # 更正公告: what changes in the published list


FIELDS: frozenset[str] = frozenset(f.name for f in fields(LetterContext))
ALWAYS: frozenset[str] = frozenset({"marks", "title", "document_number", "applicant", "opening", "office", "date"})
REQUIRED: dict[str, frozenset[str]] = {  # what a template of each layout must use, beside ALWAYS
    "correction": frozenset({"missing", "closing", "clauses"}),
    "recognition": frozenset({"decision", "clauses"}),
    "refusal": frozenset({"decision", "facts", "clauses", "reasons", "remedies"}),
    "evaluation_result": frozenset({"decision", "grade", "clauses", "facts", "reasons", "remedies"}),
    "payment": frozenset({"decision", "funding", "clauses", "notes"}),
    "revocation": frozenset({"decision", "facts", "clauses", "reasons", "remedies"}),
    "notice": frozenset({"decision", "clauses", "details"}),
    "about": frozenset({"addressee", "decision", "clauses", "details"}),
    "announcement": frozenset({"decision", "clauses", "details", "applicants"}),
    "amendment": frozenset(
        {"addressee", "refers_number", "refers_date", "refers_kind", "reasons", "decision", "details"}
    ),
    "announcement_amendment": frozenset(
        {"refers_number", "refers_date", "refers_kind", "reasons", "decision", "details", "changes"}
    ),
}
_NO_READER = ("announcement", "announcement_amendment")


def required(layout: str) -> frozenset[str]:
    """What a template of this layout must show; an announcement names no single reader."""
    return (ALWAYS - {"applicant"} if layout in _NO_READER else ALWAYS) | REQUIRED[layout]


MUST_SHOW: dict[str, tuple[str, ...]] = {  # what must be readable of each row, beside the plain fields
    "clauses": ("clause", "quote"),
    "missing": ("what", "where", "how"),
    "funding": ("label", "payer", "amount", "capital"),
    "results": ("title", "clause", "verdict"),
    "scores": ("name", "points"),
    "applicants": ("name", "track", "district", "result"),
    "attachments": ("title",),
    "changes": ("name", "change", "item", "old", "new"),
}
MEANINGS: dict[str, tuple[str, str]] = {  # field: meaning, example
    "is_draft": ("是否草稿", "是"),
    "marks": ("页眉上的标记：草稿、征求意见稿、有效期已届满", "草稿——未经签发，不得送达"),
    "draft_reason": ("为什么只是草稿；正式的为空", "「结论」表没有本单位此项完整的结论，只出草稿"),
    "layout": ("版式标识", "recognition"),
    "kind": ("通知书种类", "认定"),
    "title": ("标题", "关于认定示例孵化器有限公司为国际孵化器的通知"),
    "document_number": ("发文字号；草稿没有编号时为空位，正式的没有编号时为空", "示科函〔2026〕5号"),
    "applicant_id": ("申报编号", "A-01"),
    "applicant": ("申报单位全称", "示例孵化器有限公司"),
    "uscc": ("统一社会信用代码，可以为空", "91650100MA0000000Y"),
    "track": ("申报类型，可以为空", "离岸孵化器"),
    "year": ("申报年度", "2026"),
    "measure": ("办法名称", "示例市科技企业孵化器管理办法"),
    "measure_number": ("办法文号，可以为空", "示科规〔2024〕1号"),
    "opening": ("开头一段", "你单位2026年度申报材料收悉，现将认定结果通知如下。"),
    "decision": ("决定或告知的内容，一项一段", "确认你单位为国际孵化器。"),
    "closing": ("结束语", "特此通知。"),
    "clauses": ("依据条款和原文", "第6条：“……”"),
    "duties": ("收文单位随后要做的事，条款和原文", "第9条：“……”"),
    "results": ("条件核对（不予认定的只列不符合的）", "孵化场地 不符合"),
    "missing": ("缺少或者无法读取的资料", "国外孵化场地面积（空白）"),
    "funding": ("经费核定，一个项目一行", "年度运营补贴 1,000,000.00"),
    "totals": ("按拨付主体合计", "市级 1,000,000.00"),
    "grade": ("评价等级，没有时为空", "良好"),
    "score": ("评价总分，没有时为空", "86.5"),
    "adverse": ("是否不利决定（须有事实、依据、理由、救济途径）", "否"),
    "facts": ("事实，一项一段", "孵化场地：核对值为420平方米，结论为不符合。"),
    "reasons": ("理由，一项一段", "上述事实表明至少一项条件不具备。"),
    "remedies": ("救济途径，本单位在「设置」中写的原话", "可以自收到之日起六十日内申请行政复议。"),
    "notes": ("说明：所用口径、原则上的规定、办法未印日期", "口径：……（本单位选定）。"),
    "office": ("发文机关（「设置」的本单位名称）", "示例市科学技术局"),
    "contact": ("本单位联系方式，可以为空", "0991-5550101"),
    "signer": ("签发人；草稿可以为空", "示例签发人"),
    "date": ("成文日期；草稿没有日期时为空位", "2026年1月5日"),
    "addressee": ("主送；公示、公告为空", "示例孵化器有限公司"),
    "details": ("具体事项，「结论」表里写的原话，一行一段", "现场核查时间：2026年6月8日上午。"),
    "refers_number": ("更正、撤回、补发所指原文书的文号，其余为空", "示科函〔2026〕4号"),
    "refers_date": ("原文书的日期，其余为空", "2026年1月4日"),
    "refers_kind": ("原文书的名称，其余为空", "认定"),
    "applicants": ("公示、公告的名单；不含代码、联系人和电话", "1 示例孵化器有限公司"),
    "form": ("公文格式：letter 信函格式，official 红头文件，announcement 公示公告，plain 不套红", "letter"),
    "sealed": ("是否按盖章排署名和日期", "是"),
    "scores": ("评分明细，一个指标一行", "创业导师 10 8.5"),
    "attachments": ("附件：另页的表格", "条件核对情况表"),
    "changes": ("更正公告：名单里增加、删除和变更的，一处一行；其余为空", "1 示例孵化器有限公司 删除 名单 列入 不列入"),
}
ROW_MEANINGS: dict[str, str] = {
    "number": "序号",
    "clause": "条款",
    "quote": "条款原文",
    "title": "名称",
    "verdict": "结论",
    "value": "核对值或取值",
    "threshold": "要求",
    "gap": "差什么、怎样达到",
    "what": "缺什么",
    "where": "在登记表的哪一栏",
    "how": "怎样补正",
    "label": "项目",
    "payer": "拨付主体",
    "amount": "金额，元，到分",
    "capital": "金额大写",
    "binding": "起作用的限额和算式",
    "name": "名称",
    "track": "申报类型",
    "district": "所在地",
    "result": "结果",
    "method": "计分方法",
    "maximum": "满分",
    "points": "得分",
    "table": "所列的表：results、scores、funding",
    "change": "更正方式：增加、删除、变更",
    "item": "更正的栏目",
    "old": "原公布的内容",
    "new": "更正后的内容",
}


def _row_fields() -> dict[str, tuple[str, ...]]:
    rows: dict[str, tuple[str, ...]] = {}
    for name, hint in get_type_hints(LetterContext).items():
        item: Any = next(iter(get_args(hint)), None)
        if dataclasses.is_dataclass(item):
            rows[name] = tuple(f.name for f in dataclasses.fields(item))
    return rows


ROW_FIELDS: dict[str, tuple[str, ...]] = _row_fields()  # lists whose items are rows, with the rows' fields


def type_word(name: str) -> str:
    """The type of a field as an official reads it: 文字, 是否, 段落, 表格."""
    hint = get_type_hints(LetterContext)[name]
    return {str: "文字", bool: "是否"}.get(hint, "表格" if name in ROW_FIELDS else "段落")
