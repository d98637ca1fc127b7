"""Made-up letters of every kind, state and outcome: what a template must stand before an office uses it.

The values come from the contract, not from a register: a template sees nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from incubxl.letters.context import DATE_PLACE, DRAFT_MARK, NUMBER_PLACE, form_of
from incubxl.letters.contract import MEANINGS, ROW_FIELDS, LetterContext
from incubxl.letters.rows import (
    ApplicantRow,
    ChangeRow,
    ClauseRow,
    FundingRow,
    MissingRow,
    ResultRow,
    ScoreRow,
    TotalRow,
)
from incubxl.letters.rows import attachment_rows as attachments
from incubxl.policy.letters import PLACEHOLDERS, LetterKind, fill
from incubxl.policy.pack import Pack

OFFICE = "示例市科学技术局"
NAME = "示例国际孵化器有限公司"
FORMS = ("letter", "official", "plain")
_WORDS = {
    "name": NAME,
    "year": "2026",
    "score": "86.5",
    "days": "15",
    "office": OFFICE,
    "publicity_days": "5",
    "refers_number": "示科函〔2026〕4号",
    "refers_date": "2026年1月4日",
    "refers_letter": "《示例》",
}


@dataclass(frozen=True)
class Example:
    """One made-up letter. ``label``: kind, form, state, outcome, in Chinese."""

    kind: LetterKind
    label: str
    context: dict[str, Any]


def examples(pack: Pack) -> Iterator[Example]:
    """Every kind of ``pack`` in each form, drafted and final, for each grade and track; with and without what may lack.

    Raises nothing: what a template does with them is the caller's to see.
    """
    for kind in pack.letters.kinds:
        for form in ("announcement",) if form_of(kind, "") == "announcement" else FORMS:
            for draft in (False, True):
                for grade in _grades(pack, kind):
                    for track in kind.tracks or tuple(t.id for t in pack.measure.tracks) or ("",):
                        for sparse in (False, True):
                            words = (_FORM_WORDS[form], "草稿" if draft else "正式", grade, "从简" if sparse else "")
                            label = "、".join((kind.label, *filter(None, words)))
                            made = _context(pack, kind, form, track, grade, draft=draft, sparse=sparse)
                            yield Example(kind, label, made)


_FORM_WORDS = {"letter": "信函格式", "official": "红头文件", "plain": "不套红", "announcement": "公告格式"}


def _grades(pack: Pack, kind: LetterKind) -> tuple[str, ...]:
    if kind.layout != "evaluation_result":
        return ("",)
    return kind.when.grades or tuple(g.label for g in pack.evaluation.grades) or ("合格",)


def _context(
    pack: Pack, kind: LetterKind, form: str, track: str, grade: str, *, draft: bool, sparse: bool
) -> dict[str, Any]:
    tracks = {t.id: t.label for t in pack.measure.tracks}
    words = {key: _WORDS.get(key, "示例") for key in PLACEHOLDERS} | {
        "measure": pack.measure.name,
        "noun": pack.measure.applicant_noun,
        "track": tracks.get(track, ""),
        "grade": grade,
    }
    adverse = kind.is_adverse(grade)
    clauses = tuple(ClauseRow(c.clause, c.quote) for c in kind.clauses if not c.tracks or track in c.tracks)
    duties = tuple(ClauseRow(c.clause, c.quote) for c in kind.duties if not c.tracks or track in c.tracks)
    layout = kind.layout
    tables: dict[str, tuple[Any, ...]] = {
        "results": _RESULTS if layout in ("recognition", "refusal") and not sparse else (),
        "scores": _SCORES if layout == "evaluation_result" and not sparse else (),
        "funding": _FUNDING if layout == "payment" else (),
    }
    values: dict[str, Any] = {
        "is_draft": draft,
        "marks": (DRAFT_MARK, "征求意见稿，仅供试运行") if draft else (),
        "draft_reason": "「结论」表没有本单位此项完整的结论，只出草稿" if draft else "",
        "layout": layout,
        "kind": kind.label,
        "title": fill(kind.title, words),
        "document_number": NUMBER_PLACE if draft else "" if sparse else "示科函〔2026〕5号",
        "applicant_id": "A-01",
        "applicant": NAME,
        "uscc": "" if sparse else "91650100MA0000000Y",
        "track": words["track"],
        "year": "2026",
        "measure": pack.measure.name,
        "measure_number": pack.measure.document_number,
        "opening": fill(kind.opening, words),
        "decision": tuple(fill(t, words) for t in kind.decision),
        "closing": tuple(fill(t, words) for t in kind.closing),
        "clauses": clauses,
        "duties": duties,
        **tables,
        "missing": _MISSING if layout == "correction" else (),
        "totals": (TotalRow("市级", "1,000,000.00", "壹佰万元整"),) if layout == "payment" else (),
        "grade": grade,
        "score": "" if sparse else "86.5",
        "adverse": adverse,
        "facts": ("孵化场地：核对值为420平方米，结论为不符合。",) if adverse else (),
        "reasons": (fill(kind.reasoning or "上述事实属于所引条款的情形。", words),) if adverse or kind.amends else (),
        "remedies": _REMEDIES if adverse and not (draft and sparse) else (),
        "notes": () if sparse else ("口径：期间开始的当日是否计入？——当日不计入（本单位选定）。",),
        "office": OFFICE,
        "contact": "" if sparse else "0991-5550101",
        "signer": "" if draft else "示例签发人",
        "date": DATE_PLACE if draft else "2026年1月5日",
        "form": form_of(kind, form),
        "sealed": not sparse,
        "addressee": _TO.get(kind.recipient, NAME),
        "details": () if sparse else ("时间：2026年6月8日上午。", "地点：你单位孵化场地。"),
        "refers_number": _WORDS["refers_number"] if kind.amends else "",
        "refers_date": _WORDS["refers_date"] if kind.amends else "",
        "refers_kind": "示例" if kind.amends else "",
        "applicants": _APPLICANTS if layout == "announcement" else (),
        "attachments": attachments(tables),
        "changes": _CHANGES if layout == "announcement_amendment" and "details" in kind.needs else (),
    }
    return {f.name: values[f.name] if f.name in values else _example(f.name) for f in fields(LetterContext)}


def _example(name: str) -> Any:
    """A field that is newer than the examples: its example of the contract, an empty list otherwise."""
    hint = get_type_hints(LetterContext)[name]
    if hint is str:
        return MEANINGS[name][1]
    return False if hint is bool else () if name in ROW_FIELDS else (MEANINGS[name][1],)


_TO = {"district": "示例区科技局", "expert": "示例专家", "authority": "示例省科学技术厅", "public": ""}
_REMEDIES = (
    "如不服本决定，可以自收到本通知之日起六十日内申请行政复议。",
    "也可以自收到本通知之日起六个月内提起行政诉讼。",
)
_RESULTS = tuple(
    ResultRow(str(n), f"示例条件{n}", f"第6条（{n}）", "在国外拥有不少于500平方米的孵化场地", "不符合", "420平方米",
              "500平方米", "还差80平方米")
    for n in (1, 2)
)  # fmt: skip
_SCORES = tuple(ScoreRow(str(n), f"示例指标{n}", "按数量计分", "8", "10", "8.5") for n in (1, 2))
_FUNDING = (
    FundingRow("1", "年度运营补贴（第1年）", "市级", "1,000,000.00", "壹佰万元整", "市级首年上限1000万元", "第十三条"),
)
_MISSING = (MissingRow("1", "国外孵化场地面积（空白）", "申报登记“国外孵化场地面积”栏", "第6条（二）", "补充面积证明"),)
_CHANGES = (
    ChangeRow("1", "示例孵化器1有限公司", "增加", "名单", "未列入", "列入（示例类型、示例区）"),
    ChangeRow("2", "示例孵化器2有限公司", "删除", "名单", "列入", "不列入"),
    ChangeRow("3", "示例孵化器3有限公司", "变更", "单位名称", "示例孵化器三公司", "示例孵化器3有限公司"),
)
_APPLICANTS = tuple(ApplicantRow(str(n), f"示例孵化器{n}有限公司", "示例类型", "示例区", "—") for n in (1, 2, 3))
