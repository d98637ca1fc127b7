"""What a letter says, from a determination: the fields of the contract filled. Templates hold no rule of a measure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from incubxl.assess.model import Assessment, Determination
from incubxl.letters import settings as office
from incubxl.letters.cells import without_cells
from incubxl.letters.choose import LetterPlan
from incubxl.letters.clean import one_line, paragraphs
from incubxl.letters.contract import REQUIRED, LetterContext
from incubxl.letters.findings import LetterIncomplete
from incubxl.letters.notes import notes
from incubxl.letters.outcome import failing, payable, recorded_sanctions, sanction_word
from incubxl.letters.recipient import recipient
from incubxl.letters.rows import (
    SAME,
    MissingRow,
    ResultRow,
    attachment_rows,
    clause_rows,
    failings,
    funding_rows,
    missing_rows,
    result_rows,
    score_rows,
    totals,
)
from incubxl.letters.words import chinese_day, words_of
from incubxl.policy.letters import LetterKind, fill
from incubxl.policy.pack import Force
from incubxl.register.model import Register
from incubxl.verdict import Verdict

DRAFT_MARK = "草稿——未经签发，不得送达"
NUMBER_PLACE = "〔　　〕　　号"
DATE_PLACE = "　　　　年　　月　　日"
RECIPIENT_PLACE = "〔主送单位待填〕"
_DETAILED = frozenset(name for name, asked in REQUIRED.items() if "details" in asked)  # others: within the decision


def context(assessment: Assessment, determination: Determination, plan: LetterPlan) -> dict[str, Any]:
    """The template context of one planned letter, by the field names of LetterContext.

    Raises Unprintable for a character that cannot be printed and LetterIncomplete where a final letter would have a
    hole; ValueError for a plan whose state is none.
    """
    built = build(assessment, determination, plan)
    return {f.name: getattr(built, f.name) for f in fields(LetterContext)}


def build(assessment: Assessment, determination: Determination, plan: LetterPlan) -> LetterContext:
    """As ``context``, typed."""
    kind = assessment.pack.letters.kind(plan.kind)
    if kind is None or plan.state == "none":
        raise ValueError(f"no letter is planned: {plan.why}")
    register = assessment.register
    draft = plan.state == "draft"
    words = words_of(assessment, plan, determination)
    signed = plan.conclusion.signed if plan.conclusion else None
    details = paragraphs(plan.conclusion.details, "具体事项") if plan.conclusion else ()
    to = plan.to or recipient(assessment, determination, kind, plan.conclusion, plan.reference)
    on = signed.on if signed else None
    grade = determination.grade
    adverse = kind.is_adverse(grade.grade)
    amends = kind.layout == "amendment"
    settings = register.settings
    results = _spoken(register, _results(kind, determination))
    paid = payable(assessment, determination, kind) if kind.layout == "payment" else ()
    scores = score_rows(grade) if kind.layout == "evaluation_result" and grade.state == "graded" else ()
    made = LetterContext(
        is_draft=draft,
        marks=marks_of(assessment, draft=draft),
        draft_reason=_clean(plan.why, "草稿原因") if draft else "",
        layout=kind.layout,
        kind=kind.label,
        title=fill(kind.title, words),
        document_number=_number(plan, draft),
        applicant_id=_clean(determination.applicant, "申报编号"),
        applicant=words["name"],
        uscc=_clean(_fact(assessment, determination, "uscc"), "统一社会信用代码"),
        track=words["track"],
        year=words["year"],
        measure=words["measure"],
        measure_number=assessment.pack.measure.document_number,
        opening=fill(kind.opening, words),
        decision=(*(fill(t, words) for t in kind.decision), *(() if kind.layout in _DETAILED else details)),
        closing=tuple(fill(t, words) for t in kind.closing),
        clauses=clause_rows(kind.clauses, determination.track),
        duties=clause_rows(kind.duties, determination.track),
        results=results,
        missing=_spoken(register, missing_rows(assessment, determination)) if kind.layout == "correction" else (),
        funding=funding_rows(paid),
        totals=totals(paid),
        grade=_clean(grade.grade, "评价等级"),
        score=words["score"] if grade.score is not None else "",
        adverse=adverse,
        facts=_facts(assessment, determination, plan, kind) if adverse else (),
        reasons=_reasons(kind, plan, words) if adverse or amends else (),
        remedies=tuple(_clean(t, "救济途径告知") for t in office.remedy_lines(settings)) if adverse else (),
        notes=tuple(_clean(t, "说明") for t in notes(assessment, determination, kind, final=not draft)),
        office=words["office"],
        contact=_clean(office.contact(settings), "本单位联系方式"),
        signer=_clean(signed.name, "签发人") if signed else "",
        date=chinese_day(on) or DATE_PLACE,
        addressee=_clean(to, "主送") or (RECIPIENT_PLACE if draft else ""),
        details=details,
        refers_number=words["refers_number"] if amends else "",
        refers_date=words["refers_date"] if amends else "",
        refers_kind=words["refers_kind"] if amends else "",
        applicants=(),
        form=form_of(kind, office.document_form(settings)),
        sealed=office.sealed(settings),
        scores=scores,
        attachments=attachment_rows({"results": results, "scores": scores, "funding": paid}),
        changes=(),
    )
    whole(made)
    return made


def form_of(kind: LetterKind, wanted: str) -> str:
    """The form of a letter: the kind's own unless the office wants another; an announcement stays one."""
    own = "announcement" if kind.recipient == "public" else kind.form
    return wanted if wanted and own != "announcement" else own


def _clean(text: str, what: str) -> str:
    return one_line(text, what).strip()


def _fact(assessment: Assessment, determination: Determination, fact: str) -> str:
    column = assessment.register.columns.get(fact)
    return column.text(assessment.register.index[determination.applicant]) if column else ""


def marks_of(assessment: Assessment, *, draft: bool) -> tuple[str, ...]:
    """The words above a letter: 草稿, 征求意见稿, 有效期已届满."""
    marks = [DRAFT_MARK] if draft else []
    if assessment.force is Force.DRAFT and office.final_document(assessment.register.settings):
        number = _clean(office.final_document(assessment.register.settings), "正式文件文号")
        marks.append(f"所引条款据征求意见稿文本，正式文件为{number}")
    elif assessment.force in (Force.DRAFT, Force.EXPIRED, Force.NOT_YET):
        marks.append(assessment.notice)
    return tuple(marks)


def _number(plan: LetterPlan, draft: bool) -> str:
    written = _clean(plan.conclusion.document_number, "发文字号") if plan.conclusion else ""
    return written or (NUMBER_PLACE if draft else "")


def _results(kind: LetterKind, determination: Determination) -> tuple[ResultRow, ...]:
    if kind.when.outcome == "concluded":
        return ()
    if kind.layout == "recognition":
        shown = [r for r in determination.results if not r.advisory and r.verdict is not Verdict.NOT_APPLICABLE]
        return result_rows(shown)
    if kind.layout == "refusal":
        return result_rows(failing(determination, Verdict.NOT_MET))
    return ()


def _facts(assessment: Assessment, determination: Determination, plan: LetterPlan, kind: LetterKind) -> tuple[str, ...]:
    """事实: what was computed or recorded, with where it stands; a person's finding in that person's words."""
    said: list[str] = []
    if kind.layout == "refusal":
        said += [
            f"{row.title}：{row.clause}要求“{row.quote}”，"
            f"核对值{'' if row.value == SAME else '为'}{row.value}，结论为{row.verdict}。"
            for row in failings(failing(determination, Verdict.NOT_MET))
        ]
    grade = determination.grade
    if kind.when.outcome == "graded" and grade.grade:
        score = f"得分{grade.score:f}分，" if grade.score is not None else ""
        said.append(f"{score}评价结果为“{grade.grade}”。{_ended(grade.reason) if grade.reason else ''}")
    if kind.when.outcome == "waived" and grade.reason:
        said.append(_ended(grade.reason))
    if kind.matter == "sanction":
        said += [
            f"{sanction_word(assessment, e)}（历史记录）。"
            for e in recorded_sanctions(assessment, determination, kind)
        ]  # fmt: skip
    if plan.conclusion and plan.conclusion.signed.reason.strip() and kind.layout != "refusal":
        said.append(_ended(plan.conclusion.signed.reason))
    said = [without_cells(assessment.register, text) for text in said]
    return tuple(_clean(text, "事实") for text in said) or (("〔事实待填写〕",) if plan.state == "draft" else ())


Row = TypeVar("Row", ResultRow, MissingRow)


def _spoken(register: Register, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows as their reader may see them: a cell of the office's workbook means nothing to an applicant."""
    return tuple(
        replace(row, **{f.name: without_cells(register, getattr(row, f.name)) for f in fields(row)}) for row in rows
    )


def _reasons(kind: LetterKind, plan: LetterPlan, words: dict[str, str]) -> tuple[str, ...]:
    """理由: why the facts fall under the clauses; of an amendment, why it is made."""
    if kind.layout == "amendment":
        written = paragraphs(plan.conclusion.signed.reason, "原因") if plan.conclusion else ()
        return written or (("〔原因待填写〕",) if plan.state == "draft" else ())
    said = [fill(kind.reasoning or "", words)]
    if kind.layout == "refusal" and plan.conclusion and plan.conclusion.signed.reason.strip():
        said.append(_clean(_ended(plan.conclusion.signed.reason), "理由"))
    return tuple(said)


def _ended(text: str) -> str:
    text = text.strip()
    return text if text.endswith(("。", "！", "？", "；")) else text + "。"


def whole(made: LetterContext) -> None:
    """A final letter has no holes: raise LetterIncomplete naming the first."""
    if made.is_draft:
        return
    holes = {
        "单位名称": made.applicant,
        "本单位名称": made.office,
        "签发人": made.signer,
        "签发日期": made.date.strip("　年月日"),
        "依据条款": made.clauses,
    }
    if made.layout == "correction":
        holes["缺少的资料"] = made.missing
    if made.layout == "payment":
        holes["核定金额"] = made.funding
    if made.layout == "evaluation_result":
        holes["评价等级"] = made.grade
    if made.layout in ("amendment", "announcement_amendment"):
        holes.pop("依据条款")
        holes |= {"原文书文号": made.refers_number, "原文书日期": made.refers_date, "原文书名称": made.refers_kind}
        holes["原因"] = made.reasons
    if made.layout == "announcement":
        holes.pop("单位名称")
        holes["公布的单位"] = made.applicants
    elif made.layout == "announcement_amendment":
        holes.pop("单位名称")
    else:
        holes["主送"] = made.addressee
    if made.adverse:
        holes |= {"事实": made.facts, "理由": made.reasons, "救济途径": made.remedies}
    for name, value in holes.items():
        if not value:
            raise LetterIncomplete(f"缺少{name}")
