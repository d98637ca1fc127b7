"""What keeps a concluded letter from being final: everything at once, as Chinese clauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from incubxl.assess.model import Assessment, Determination
from incubxl.blanks import names_nobody, says_nothing
from incubxl.grid import Place
from incubxl.letters import signing
from incubxl.letters.outcome import Check, sanction_questions
from incubxl.letters.recipient import WORDS, recipient
from incubxl.letters.reference import Reference, taking_back
from incubxl.letters.settings import final_document, remedy_lines
from incubxl.letters.typed import unrecorded
from incubxl.policy.letters import LetterKind
from incubxl.policy.pack import Force
from incubxl.register.fold import squash
from incubxl.register.model import Conclusion
from incubxl.register.units import TWO_ROWS
from incubxl.verdict import Verdict


def blockers(
    assessment: Assessment,
    determination: Determination,
    conclusion: Conclusion,
    kind: LetterKind,
    found: Check,
    reference: Reference | None,
    withdrawn: Callable[[str], bool] = lambda _: False,
    today: dt.date | None = None,
) -> list[str]:
    """Why one applicant's letter of this kind cannot be final; the row's number is looked at by ``signing``.

    ``withdrawn``: whether a final 撤回 took back the applicant's letter of a number.
    """
    settings = assessment.register.settings
    place = conclusion.signed.cell or "「结论」表"
    reasons = [
        *signing.signatures(conclusion),
        *signing.untimely(assessment, determination.applicant, conclusion, kind, today),
    ]
    if not found.met:
        reasons.append(f"结论为「{kind.label}」，但{found.why}")
    told = reference is not None and reference.unaddressed  # the reference says what is missing
    if kind.recipient != "public" and not told:
        to = recipient(assessment, determination, kind, conclusion, reference)
        if not to:
            reasons.append(f"{place} 没有写主送，登记表也没有{WORDS[kind.recipient]}的名称")
        elif to != determination.name.strip() and says_nothing(to):
            reasons.append(f"{place} 的主送写的是「{to}」，没有说发给谁")
    typed = conclusion.addressee.strip()
    own = {"applicant": squash(determination.name), "public": ""}
    if typed and kind.layout != "amendment" and squash(typed) != own.get(kind.recipient, squash(typed)):
        reasons.append(
            f"{place} 的主送写的是「{typed}」，而「{kind.label}」是给{WORDS[kind.recipient]}的；"
            "发给别处的请用相应的种类，否则请清空主送"
        )
    office = settings.office.strip()
    if not office:
        reasons.append("「设置」表没有填本单位名称，通知书不能落款")
    elif says_nothing(office):
        reasons.append(f"「设置」表的本单位名称写的是「{office}」，通知书不能落款")
    if kind.formal and assessment.force is Force.DRAFT and not final_document(settings):
        reasons.append("本办法为征求意见稿，「设置」表没有填正式文件文号，不出正式决定")
    if kind.formal and assessment.force is Force.NOT_YET:
        reasons.append("本办法在基准日尚未施行，不出正式决定")
    if kind.is_adverse(determination.grade.grade) and not remedy_lines(settings):
        reasons.append("不利决定须告知救济途径，「设置」表没有填「救济途径告知」")
    reasons += signing.particulars(assessment, conclusion, kind)
    reasons += unrecorded(assessment, determination, conclusion, kind)
    reasons += _not_before(assessment, determination, kind)
    reasons += _procedure(assessment, determination, kind)
    reasons += _stale(determination)
    reasons += _identity_in_doubt(assessment, determination)
    rivals = _rivals(assessment, determination, conclusion, kind, withdrawn)
    if rivals:
        reasons.append(f"同一事项另有结论「{'」「'.join(rivals)}」，请保留一个")
    return reasons


def _not_before(assessment: Assessment, determination: Determination, kind: LetterKind) -> list[str]:
    """Decisions that must be signed before this letter and are not."""
    letters = assessment.pack.letters
    signed = {
        found.id
        for c in determination.conclusions
        if not names_nobody(c.signed.name) and c.signed.on and (found := letters.kind(c.letter))
    }
    lacking = [found.label for id in kind.after if id not in signed and (found := letters.kind(id))]
    return [f"「结论」表没有先作出「{label}」" for label in lacking]


def _procedure(assessment: Assessment, determination: Determination, kind: LetterKind) -> list[str]:
    """What the measure puts before this letter: its steps, and the questions of who decides and of what."""
    done = (Verdict.MET, Verdict.NOT_APPLICABLE)
    open_ = [r for r in determination.results if r.criterion in kind.requires and r.verdict not in done]
    questions = dict.fromkeys((*kind.questions, *sanction_questions(assessment, determination, kind)))
    asked = [assessment.pack.interpretation[q] for q in questions if q not in assessment.register.answers]
    return [
        *(f"「{r.title}」（{r.clause}）为「{r.verdict.word}」" for r in open_),
        *(f"口径未定：{q.question}" for q in asked),
    ]


def _stale(determination: Determination) -> list[str]:
    titles = [r.title for r in determination.results if r.override and r.override.stale]
    return [f"改判后数据有变，需复核：{'、'.join(titles)}"] if titles else []


def _identity_in_doubt(assessment: Assessment, determination: Determination) -> list[str]:
    """Errors on the very cells that say who the applicant is, a second row of the unit, or a second workbook."""
    register = assessment.register
    row = register.index[determination.applicant]
    cells = {register.columns[f].cell(row) for f in ("applicant_id", "name", "uscc") if f in register.columns}
    return [
        finding.message
        if finding.code in ("applicant.repeated", TWO_ROWS)
        else f"{finding.place} 的单位身份信息有误：{finding.message}"
        for finding in assessment.issues_of.get(determination.applicant, ())
        if finding.severity == "error"
        and finding.place.cell
        and (finding.code == "row.duplicate_id" or _same(finding.place, cells))
    ]


def _same(place: Place, cells: set[str]) -> bool:
    return f"{place.sheet}!{place.cell}" in cells


def _rivals(
    assessment: Assessment,
    determination: Determination,
    conclusion: Conclusion,
    kind: LetterKind,
    withdrawn: Callable[[str], bool],
) -> Sequence[str]:
    """Labels of other decisions that the same sheet holds on the same matter, those taken back aside.

    A decision that is being taken back was sent before the others: it stands against them, not they against it.
    """
    if kind.matter in ("sanction", "notice") or taking_back(assessment, determination, conclusion.document_number):
        return []
    rivals = {
        other.label: None
        for c in determination.conclusions
        if (other := assessment.pack.letters.kind(c.letter))
        and c is not conclusion
        and other.id != kind.id
        and other.matter == kind.matter
        and {other.layout, kind.layout}.isdisjoint({"correction"})
        and not withdrawn(c.document_number)
    }
    return list(rivals)
