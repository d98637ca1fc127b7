"""One planned letter to bytes, or to the issue that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from incubxl.assess.model import Assessment, Determination
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.letters.announce import Announcement
from incubxl.letters.announce_context import context as announced
from incubxl.letters.choose import LetterPlan
from incubxl.letters.context import context
from incubxl.letters.engine import LetterEngine
from incubxl.letters.findings import LetterRefused, Unprintable
from incubxl.publish.names import safe_name

_COLUMNS = {"单位名称": "name", "所在区县": "district", "统一社会信用代码": "uscc", "申报编号": "applicant_id"}
_TYPED = frozenset(("具体事项", "原因", "理由", "更正内容", "发文字号", "主送", "签发人", "关联文号", "关联文书名称"))


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter: ``file`` is its name without folder, ``applicant`` and ``title`` what stands in it."""

    plan: LetterPlan
    file: str
    data: bytes
    applicant: str
    title: str


def letter_file_name(applicant: str, name: str, plan: LetterPlan) -> str:
    """``A-01_认定_示例孵化器有限公司.docx``, on drafts ``….草稿.docx``; one for each applicant, kind and letter."""
    label = plan.label if plan.nth == 1 else f"{plan.label}{plan.nth}"
    return safe_name(applicant, f"{label}_{name}", ".草稿.docx" if plan.state == "draft" else ".docx")


def announcement_file_name(year: int, plan: LetterPlan) -> str:
    """``公布-2026_公示（拟认定）.docx``: no applicant's id begins it, and a kind has one a year, or some."""
    label = plan.label if plan.nth == 1 else f"{plan.label}{plan.nth}"
    return safe_name(f"公布-{year}", label, ".草稿.docx" if plan.state == "draft" else ".docx")


def write(
    engine: LetterEngine, assessment: Assessment, determination: Determination, plan: LetterPlan
) -> Letter | Issue:
    """Render a plan whose state is draft or final. What refuses the letter comes back as an issue at the applicant."""
    try:
        values = context(assessment, determination, plan)
        data = engine.render(plan.kind, values)
    except LetterRefused as refused:
        return _issue(refused, assessment, determination, plan)
    file = letter_file_name(determination.applicant, determination.name, plan)
    return Letter(plan, file, data, values["applicant"], values["title"])


def write_announcement(engine: LetterEngine, assessment: Assessment, announcement: Announcement) -> Letter | Issue:
    """As ``write``, for the one document of many applicants."""
    plan = announcement.plan
    try:
        values = announced(assessment, announcement)
        data = engine.render(plan.kind, values)
    except LetterRefused as refused:
        rows = {d.applicant: d for d in announcement.members}
        return _issue(refused, assessment, rows.get(refused.applicant) or _owner(assessment, announcement), plan)
    file = announcement_file_name(assessment.register.settings.year, plan)
    return Letter(plan, file, data, announcement.members[0].name.strip(), values["title"])


def _owner(assessment: Assessment, announcement: Announcement) -> Determination:
    """Whose row of the sheet 结论 says what the whole document says."""
    said = announcement.plan.conclusion
    mine = (one for one in assessment.determinations if any(c is said for c in one.conclusions))
    return next(mine, announcement.members[0])


def _cell(refused: LetterRefused, assessment: Assessment, determination: Determination, plan: LetterPlan) -> str:
    """Where the value stands that refuses a letter: the unit's column, its row of 结论, or at least the unit's row."""
    what = refused.what if isinstance(refused, Unprintable) else ""
    if what in _TYPED:
        kind = assessment.pack.letters.kind(plan.kind)
        rows = [c for c in determination.conclusions if assessment.pack.letters.kind(c.letter) == kind]
        said = next((c for c in rows if c is plan.conclusion), rows[0] if rows else None)
        return (said.signed.cell if said else "") or determination.cell
    column = assessment.register.columns.get(_COLUMNS.get(what, ""))
    return (column.cell(assessment.register.index[determination.applicant]) if column else "") or determination.cell


def _issue(refused: LetterRefused, assessment: Assessment, determination: Determination, plan: LetterPlan) -> Issue:
    sheet, _, cell = _cell(refused, assessment, determination, plan).rpartition("!")
    name = determination.name.encode("utf-8", "replace").decode()
    printable = "".join(c if c.isprintable() else "�" for c in name)
    return issue(
        refused.code,
        Place(sheet, cell),
        applicant=determination.applicant,
        name=printable,
        label=plan.label,
        reason=refused.reason,
    )
