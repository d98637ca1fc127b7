"""Which letters a case allows: final only behind a named official's conclusion that the determination bears out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from incubxl.assess.model import Assessment, Determination, LetterState
from incubxl.grid import Place
from incubxl.letters.outcome import Check, check, sanction_questions
from incubxl.letters.settings import correction_days, final_document, remedy_lines
from incubxl.policy.letters import LetterKind, Matter
from incubxl.policy.pack import Force
from incubxl.register.model import Conclusion
from incubxl.verdict import Verdict


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """One letter that is written, or the reason why none is.

    ``kind`` is the id of a kind of the pack and ``label`` its Chinese name; both are empty where no kind fits.
    ``why`` is complete Chinese: what allows the letter, or what keeps it a draft or from being written.
    """

    kind: str
    label: str
    state: LetterState
    why: str
    conclusion: Conclusion | None = None


def letters_for(assessment: Assessment, determination: Determination) -> list[LetterPlan]:
    """Every letter for one applicant, concluded ones first; never empty.

    A conclusion brings one plan. Where a matter (application, evaluation, funding, sanction) has no conclusion that
    led to a letter, the computed outcome proposes a draft.
    """
    plans: list[LetterPlan] = []
    settled: set[Matter] = set()
    written: set[str] = set()
    for conclusion in determination.conclusions:
        kind = assessment.pack.letters.kind(conclusion.letter)
        plan = _concluded(assessment, determination, conclusion, kind, written)
        plans.append(plan)
        if kind and plan.state != "none":
            settled.add(kind.matter)
            written.add(kind.id)
    if not determination.name.strip():
        return plans or [LetterPlan("", "", "none", f"{determination.cell} 所在行没有单位名称，不能出通知书")]
    for kind in assessment.pack.letters.kinds:
        if kind.matter in settled or kind.when.outcome == "concluded" or not _for_track(kind, determination):
            continue
        found = check(assessment, determination, kind)
        if found.met:
            why = f"{found.why}；「结论」表没有本单位此项完整的结论，只出草稿"
            plans.append(LetterPlan(kind.id, kind.label, "draft", why))
    return plans or [LetterPlan("", "", "none", _why_none(assessment, determination))]


def _for_track(kind: LetterKind, determination: Determination) -> bool:
    return not kind.tracks or determination.track in kind.tracks


def _concluded(
    assessment: Assessment,
    determination: Determination,
    conclusion: Conclusion,
    kind: LetterKind | None,
    written: set[str],
) -> LetterPlan:
    place = conclusion.signed.cell or "「结论」表"
    if kind is None:
        known = "、".join(k.label for k in assessment.pack.letters.kinds) or "（本办法没有通知书）"
        why = f"{place} 的结论「{conclusion.letter}」不是本办法的通知书种类；可用的有：{known}"
        return LetterPlan("", conclusion.letter, "none", why, conclusion)

    def plan(state: LetterState, why: str) -> LetterPlan:
        return LetterPlan(kind.id, kind.label, state, why, conclusion)

    if kind.id in written:
        return plan("none", f"{place} 与前面一行是同一种结论，同一通知书只出一份")
    if not _for_track(kind, determination):
        return plan("none", f"「{kind.label}」不适用于本单位的申报类型")
    if not determination.name.strip():
        return plan("none", f"{determination.cell} 所在行没有单位名称，不能出通知书")
    found = check(assessment, determination, kind)
    if found.contradicted:
        return plan("none", f"{place} 结论为「{kind.label}」，与核对结果相反：{found.why}")
    reasons = _blockers(assessment, determination, conclusion, kind, found)
    if reasons:
        return plan("draft", "；".join(reasons))
    return plan("final", f"{conclusion.signed.name}于{_date(conclusion)}作出结论（{place}）；{found.why}")


def _date(conclusion: Conclusion) -> str:
    on = conclusion.signed.on
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def _blockers(
    assessment: Assessment,
    determination: Determination,
    conclusion: Conclusion,
    kind: LetterKind,
    found: Check,
) -> list[str]:
    """Everything that keeps a concluded letter from being final, as Chinese clauses."""
    settings = assessment.register.settings
    place = conclusion.signed.cell or "「结论」表"
    reasons: list[str] = []
    if not conclusion.signed.name.strip():
        reasons.append(f"{place} 没有签发人姓名")
    if conclusion.signed.on is None:
        reasons.append(f"{place} 没有结论日期")
    if not found.met:
        reasons.append(f"结论为「{kind.label}」，但{found.why}")
    if not settings.office.strip():
        reasons.append("「设置」表没有填本单位名称，通知书不能落款")
    if kind.formal and assessment.force is Force.DRAFT and not final_document(settings):
        reasons.append("本办法为征求意见稿，「设置」表没有填正式文件文号，不出正式决定")
    if kind.formal and assessment.force is Force.NOT_YET:
        reasons.append("本办法在基准日尚未施行，不出正式决定")
    if kind.is_adverse(determination.grade.grade) and not remedy_lines(settings):
        reasons.append("不利决定须告知救济途径，「设置」表没有填「救济途径告知」")
    if kind.layout == "revocation" and not conclusion.signed.reason.strip():
        reasons.append(f"{place} 没有写理由，通知书缺少事实")
    if kind.layout == "correction" and correction_days(settings) is None:
        reasons.append("「设置」表没有填「补正期限天数」，补正通知书缺少期限")
    reasons += _procedure(assessment, determination, kind)
    reasons += _stale(determination)
    reasons += _identity_in_doubt(assessment, determination)
    rivals = _rivals(assessment, determination, conclusion, kind)
    if rivals:
        reasons.append(f"同一事项另有结论「{'」「'.join(rivals)}」，请保留一个")
    return reasons


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
    """Errors on the very cells that say who the applicant is, a second row with the same id, or a second workbook."""
    register = assessment.register
    row = register.index[determination.applicant]
    cells = {register.columns[f].cell(row) for f in ("applicant_id", "name", "uscc") if f in register.columns}
    return [
        finding.message
        if finding.code == "applicant.repeated"
        else f"{finding.place} 的单位身份信息有误：{finding.message}"
        for finding in assessment.issues_of.get(determination.applicant, ())
        if finding.severity == "error"
        and finding.place.cell
        and (finding.code == "row.duplicate_id" or _same(finding.place, cells))
    ]


def _same(place: Place, cells: set[str]) -> bool:
    return f"{place.sheet}!{place.cell}" in cells


def _rivals(
    assessment: Assessment, determination: Determination, conclusion: Conclusion, kind: LetterKind
) -> Sequence[str]:
    """Labels of other decisions that the same sheet holds on the same matter."""
    others = (assessment.pack.letters.kind(c.letter) for c in determination.conclusions if c is not conclusion)
    rivals = {
        other.label: None
        for other in others
        if other
        and other.id != kind.id
        and other.matter == kind.matter
        and {other.layout, kind.layout}.isdisjoint({"correction"})
        and kind.matter != "sanction"
    }
    return list(rivals)


def _why_none(assessment: Assessment, determination: Determination) -> str:
    pending = [r for r in determination.results if r.verdict is Verdict.PENDING and not r.advisory]
    if determination.eligible is Verdict.PENDING:
        titles = "、".join(f"{r.title}（{r.clause}）" for r in pending)
        return f"有条件待认定：{titles}；须有人工判断或选定口径后才有相应的通知书"
    if determination.grade.state == "waived":
        return f"{determination.grade.reason or '放弃评价'}；放弃不出评价结果"
    if not assessment.pack.letters.kinds:
        return "本办法没有规定可出的通知书"
    label = assessment.pack.label
    lines = [
        f"{line.label}{line.verdict.word}{'（' + '、'.join(map(label, line.missing)) + '）' if line.missing else ''}"
        f"{'，' + line.reason if line.reason else ''}"
        for line in determination.funding
        if line.verdict is not Verdict.NOT_APPLICABLE
    ]
    detail = f"；资金：{'；'.join(lines)}" if lines else ""
    if determination.grade.state == "open":
        detail += f"；{determination.grade.reason}"
    return f"条件核对为「{determination.eligible.word}」，「结论」表没有可出通知书的结论{detail}"
