"""Which letters a case allows: final only behind a named official's conclusion that the determination bears out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from incubxl.assess.model import Assessment, Determination, LetterState
from incubxl.letters import signing
from incubxl.letters.blockers import blockers
from incubxl.letters.outcome import check
from incubxl.letters.recipient import recipient
from incubxl.letters.reference import WITHDRAWAL, Known, Reference, amiss, find, no_record, taking_back
from incubxl.policy.letters import LetterKind
from incubxl.register.fold import squash
from incubxl.register.model import Conclusion
from incubxl.verdict import Verdict


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """One letter that is written, or the reason why none is.

    ``kind`` is the id of a kind of the pack and ``label`` its Chinese name; both are empty where no kind fits.
    ``why`` is complete Chinese: what allows the letter, or what keeps it a draft or from being written.
    ``to``: the recipient by name, empty where nobody is named. ``reference``: the letter that this one amends.
    ``nth``: which of this applicant's letters of this kind, from 1.
    """

    kind: str
    label: str
    state: LetterState
    why: str
    conclusion: Conclusion | None = None
    to: str = ""
    reference: Reference | None = None
    nth: int = 1


def letters_for(
    assessment: Assessment,
    determination: Determination,
    refusal: signing.Refusal = signing.no_book,
    known: Known = no_record,
    today: dt.date | None = None,
) -> list[LetterPlan]:
    """Every letter to or about one applicant, concluded ones first; empty only where all it has is an announcement.

    A conclusion brings one plan. Where a matter (application, evaluation, funding, sanction) has no conclusion that
    led to a letter, the computed outcome proposes a draft. Announcements (公示) are planned by ``announce``.
    """
    planned = _Planned(assessment, determination, refusal, known, today)
    for conclusion in determination.conclusions:
        planned.take(conclusion)
    plans = planned.plans
    if not determination.name.strip():
        return plans or [LetterPlan("", "", "none", f"{determination.cell} 所在行没有单位名称，不能出通知书")]
    for kind in assessment.pack.letters.kinds:
        if planned.is_settled(kind) or kind.when.silent or not for_track(kind, determination):
            continue
        found = check(assessment, determination, kind)
        if found.met:
            why = f"{found.why}；「结论」表没有本单位此项完整的结论，只出草稿"
            to = recipient(assessment, determination, kind)
            plans.append(LetterPlan(kind.id, kind.label, "draft", why, to=to))
    if plans or planned.public:
        return plans
    return [LetterPlan("", "", "none", _why_none(assessment, determination))]


def for_track(kind: LetterKind, determination: Determination) -> bool:
    """Whether the kind is for applicants of this track."""
    return not kind.tracks or determination.track in kind.tracks


class _Planned:
    """The conclusions of one applicant. A row's plan may rest on another's: that one is then made first."""

    def __init__(
        self,
        assessment: Assessment,
        determination: Determination,
        refusal: signing.Refusal,
        known: Known,
        today: dt.date | None,
    ) -> None:
        self.assessment, self.determination, self.refusal, self.known = assessment, determination, refusal, known
        self.today = today
        self.plans: list[LetterPlan] = []
        self.public = False  # whether an announcement is asked for
        self._settled: set[str] = set()
        self._made: dict[int, LetterPlan] = {}
        self._making: set[int] = set()

    def is_settled(self, kind: LetterKind) -> bool:
        """Whether a conclusion already led to a letter on the kind's matter (a notice: of the very kind)."""
        return (kind.id if kind.matter == "notice" else kind.matter) in self._settled

    def take(self, conclusion: Conclusion) -> None:
        kind = self.assessment.pack.letters.kind(conclusion.letter)
        if kind and kind.recipient == "public":
            self.public = True
            return
        plan = self._plan_of(conclusion)
        assert plan is not None  # no other plan is being made
        nth = 1 + sum(other.kind == plan.kind and other.state != "none" for other in self.plans)
        self.plans.append(replace(plan, nth=nth))
        if kind and plan.state != "none":
            self._settled |= {kind.id} if kind.matter == "notice" else {kind.matter}

    def _plan_of(self, conclusion: Conclusion) -> LetterPlan | None:
        """The plan of one row; None while it is being made (two rows that name each other)."""
        key = id(conclusion)
        if key in self._making:
            return None
        if key not in self._made:
            self._making.add(key)
            self._made[key] = self._plan(conclusion, self.assessment.pack.letters.kind(conclusion.letter))
            self._making.remove(key)
        return self._made[key]

    def _plan(self, conclusion: Conclusion, kind: LetterKind | None) -> LetterPlan:
        assessment, determination = self.assessment, self.determination
        place = conclusion.signed.cell or "「结论」表"
        if kind is None:
            known = "、".join(k.label for k in assessment.pack.letters.kinds) or "（本办法没有通知书）"
            why = f"{place} 的结论「{conclusion.letter}」不是本办法的通知书种类；可用的有：{known}"
            return LetterPlan("", conclusion.letter, "none", why, conclusion)
        reference: Reference | None = None
        if kind.when.outcome == "referred":
            reference = find(assessment, determination, conclusion, self._plan_of, self.known)
        to = recipient(assessment, determination, kind, conclusion, reference)

        def plan(state: LetterState, why: str) -> LetterPlan:
            return LetterPlan(kind.id, kind.label, state, why, conclusion, to, reference)

        if self._is_repeated(conclusion, kind, to):
            return plan("none", f"{place} 与前面一行是同一种结论，同一通知书只出一份")
        if not for_track(kind, determination):
            return plan("none", f"「{kind.label}」不适用于本单位的申报类型")
        if not determination.name.strip():
            return plan("none", f"{determination.cell} 所在行没有单位名称，不能出通知书")
        found = check(assessment, determination, kind)
        if found.contradicted:
            return plan("none", f"{place} 结论为「{kind.label}」，与核对结果相反：{found.why}")
        reasons = blockers(
            assessment, determination, conclusion, kind, found, reference, self._is_withdrawn, self.today
        )
        reasons += self._too_early(conclusion, kind)
        if reference is not None:
            taken_back = None if kind.id == WITHDRAWAL else self._taken_back(conclusion.refers_to)
            reasons += amiss(conclusion, reference, taken_back)
        reasons += signing.numbering(assessment, conclusion, kind, determination.applicant, self.refusal)
        if reasons:
            return plan("draft", "；".join(reasons))
        note = signing.unsigned_steps(assessment, conclusion)
        said = [f"{conclusion.signed.name}于{_day(conclusion.signed.on)}作出结论（{place}）", found.why, note]
        return plan("final", "；".join(filter(None, said)))

    def _taken_back(self, number: str) -> dt.date | None:
        """The day on which a letter of this applicant was taken back: by a 撤回 that is itself final."""
        days = [
            row.signed.on
            for row in taking_back(self.assessment, self.determination, number)
            if row.signed.on and (plan := self._plan_of(row)) and plan.state == "final"
        ]
        return min(days, default=None)

    def _too_early(self, conclusion: Conclusion, kind: LetterKind) -> Iterator[str]:
        """Earlier rows on the same matter that were taken back only after the day of this one."""
        on = conclusion.signed.on
        for other in self.determination.conclusions:
            if other is conclusion or on is None or kind.layout == "amendment":
                return
            found = self.assessment.pack.letters.kind(other.letter)
            if found is None or not (found == kind or _one_matter(found, kind)):
                continue
            day = self._taken_back(other.document_number)
            if day and on < day:
                number = other.document_number.strip()
                yield f"「{found.label}」（{number}）到{_day(day)}才撤回，本文书的日期不能早于撤回"

    def _is_withdrawn(self, number: str) -> bool:
        return self._taken_back(number) is not None

    def _key(self, conclusion: Conclusion, kind: LetterKind, to: str) -> tuple[str, ...]:
        """What makes a letter one of its own. A letter may be corrected twice, in other words or by another number."""
        key = (kind.id, squash(to))
        if kind.layout != "amendment":
            return key
        if kind.id == WITHDRAWAL:
            return (*key, squash(conclusion.refers_to))
        own = (conclusion.refers_to, conclusion.document_number, conclusion.signed.reason, conclusion.details)
        return (*key, *map(squash, own))

    def _is_repeated(self, conclusion: Conclusion, kind: LetterKind, to: str) -> bool:
        """Whether an earlier row asks for the same letter, and it was not taken back since."""
        letters, last = self.assessment.pack.letters, None
        for other in self.determination.conclusions:
            if other is conclusion:
                break
            if letters.kind(other.letter) != kind:
                continue
            plan = self._plan_of(other)
            if plan and plan.state != "none" and self._key(other, kind, plan.to) == self._key(conclusion, kind, to):
                last = other
        return last is not None and not self._is_withdrawn(last.document_number)


def _one_matter(one: LetterKind, other: LetterKind) -> bool:
    """Whether two kinds decide the same thing, so that only one of them stands."""
    decides = one.matter == other.matter and one.matter not in ("sanction", "notice")
    return decides and {one.layout, other.layout}.isdisjoint({"correction", "amendment"})


def _day(on: dt.date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


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
