"""Announcements (公示, 公告) of a workbook: one document of a kind for all applicants whose conclusion names the kind.

Nobody is added by computation: each line is a signed row of the sheet 结论. One that was taken back may be published
again under another number; 更正公告 and 撤回公告 are planned by ``announce_amend``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from incubxl.assess.model import Assessment, Determination, LetterState
from incubxl.blanks import names_nobody
from incubxl.letters import settings as office
from incubxl.letters import signing
from incubxl.letters.announce_amend import Standing, amendment
from incubxl.letters.announce_rows import columns
from incubxl.letters.blockers import blockers
from incubxl.letters.changes import ADDED, REMOVED, read
from incubxl.letters.choose import LetterPlan, for_track
from incubxl.letters.lost import LostRow, lost_rows
from incubxl.letters.outcome import check
from incubxl.letters.published import Announcement, Rows, disagreeing, few, private
from incubxl.letters.reference import WITHDRAWAL_PUBLIC, Known, no_record
from incubxl.letters.words import chinese_day
from incubxl.policy.letters import LetterKind
from incubxl.register.fold import squash
from incubxl.register.model import Conclusion

__all__ = ["Announcement", "announcements"]


def announcements(
    assessment: Assessment,
    refusal: signing.Refusal = signing.no_book,
    today: dt.date | None = None,
    known: Known = no_record,
) -> list[Announcement]:
    """Every announcement that the sheet 结论 asks for, in the pack's order of kinds."""
    return _Publisher(assessment, refusal, today, known).all()


@dataclass(eq=False)
class _Document:
    """The rows that make one document; ``made`` is its plan, or None while it is being planned."""

    kind: LetterKind
    rows: list[tuple[Determination, Conclusion]]
    begun: bool = False
    made: Announcement | None = None

    @property
    def number(self) -> str:
        return squash(self.rows[0][1].document_number)

    @property
    def about(self) -> str:
        return squash(self.rows[0][1].refers_to)

    @property
    def on(self) -> dt.date | None:
        return self.rows[0][1].signed.on


class _Publisher:
    """Plans each document once, those that others rest on first."""

    def __init__(self, assessment: Assessment, refusal: signing.Refusal, today: dt.date | None, known: Known) -> None:
        self.assessment, self.refusal, self.today, self.known = assessment, refusal, today, known
        self.documents = _documents(assessment)
        self.lost = lost_rows(assessment)
        self.asked_back = {d.about for d in self.documents if d.kind.id == WITHDRAWAL_PUBLIC}

    def all(self) -> list[Announcement]:
        found: list[Announcement] = []
        for document in self.documents:
            plan = self._plan(document)
            assert plan is not None  # no other plan is being made
            label, state = plan.plan.label, plan.plan.state
            nth = 1 + sum(other.plan.label == label and other.plan.state != "none" for other in found)
            found.append(replace(plan, plan=replace(plan.plan, nth=nth)) if state != "none" else plan)
        return found

    def _plan(self, document: _Document) -> Announcement | None:
        """The plan of one document; None while it is being made (two that name each other)."""
        if not document.begun:
            document.begun = True
            document.made = self._amended(document) if document.kind.amends else self._listed(document)
        return document.made

    def _numbered(self, document: _Document) -> list[str]:
        """What is wrong with the number, the same number on another document, and rows that were meant for it."""
        reasons = list(signing.numbering(self.assessment, document.rows[0][1], document.kind, "", self.refusal))
        same = [d for d in self.documents if d is not document and d.kind == document.kind]
        if document.number and any(document.number == other.number for other in same):
            reasons.append(f"发文字号「{document.rows[0][1].document_number}」在「{document.kind.label}」用了不止一次")
        lost = dict.fromkeys(row.why for row in self.lost if self._of(document, row))
        return reasons + [f"{why}；该行写的是同一份公布文书，名单可能不全" for why in lost]

    def _of(self, document: _Document, row: LostRow) -> bool:
        """Whether a row that reaches no document was meant for this one."""
        if row.number and row.number == document.number:
            return True
        if row.kind != document.kind.id:
            return False
        if document.kind.amends:
            return row.refers_to == document.about and row.on in (document.on, None)
        return not {row.number, document.number} & self.asked_back

    def _taken_back(self, number: str) -> dt.date | None:
        """The day on which a final 撤回公告 took back the document of a number."""
        days = [
            d.on
            for d in self.documents
            if d.kind.id == WITHDRAWAL_PUBLIC and number and d.about == number and d.on
            and (plan := self._plan(d)) and plan.plan.state == "final"
        ]  # fmt: skip
        return min(days, default=None)

    def _listed(self, document: _Document) -> Announcement:
        others: list[str] = []
        if document.number not in self.asked_back:  # what is to be taken back stood before the others of its kind
            others = [
                f"「{document.kind.label}」另有一份（{other.rows[0][1].document_number}）{standing}"
                for other in self.documents
                if other.kind == document.kind and other is not document
                if (standing := _still_stands(self._taken_back(other.number), document.on))
            ]
        others += [*self._changed_since(document), *self._numbered(document)]
        return _listed(self.assessment, document.kind, document.rows, others, self.today)

    def _changed_since(self, document: _Document) -> Iterator[str]:
        """What a correction says was published otherwise than the register has it now: that list is out as it was."""
        for other in self.documents:
            if not other.kind.amends or "details" not in other.kind.needs or self._list_of(other) is not document:
                continue
            for one, conclusion in other.rows:
                for item, old, _ in read(conclusion.details).items:
                    yield (
                        f"「{conclusion.document_number.strip()}」更正了{one.applicant}的{item}（写明公布时是「{old}」），"
                        "本文书不按现在的数据重写；以公布时的文件为准"
                    )

    def _amended(self, document: _Document) -> Announcement:
        first = next((d for d in self.documents if document.about and d.number == document.about), None)
        plan = self._plan(first) if first and first is not document else None
        taken_back: dt.date | None = None
        twice: list[str] = []
        if document.kind.id != WITHDRAWAL_PUBLIC:
            taken_back = self._taken_back(document.about)
        else:
            at = self.documents.index(document)
            if any(d.kind == document.kind and d.about == document.about for d in self.documents[:at]):
                twice = [f"「{document.rows[0][1].refers_to}」已另有一份「{document.kind.label}」"]
        reasons = [*twice, *self._numbered(document)]
        return amendment(
            self.assessment, document.kind, document.rows, plan, self._standing(document), taken_back, reasons,
            self.known, self.today,
        )  # fmt: skip

    def _list_of(self, document: _Document) -> _Document | None:
        """The list that an amendment changes at last: what it names, or what that one amends."""
        seen = [document]
        while seen[-1].kind.amends:
            named = next((d for d in self.documents if seen[-1].about and d.number == seen[-1].about), None)
            if named is None or named in seen:
                return None
            seen.append(named)
        return seen[-1]

    def _standing(self, document: _Document) -> Standing | None:
        """Who stands on that list by the final corrections before this document; None where it is not known.

        Whoever was on a row of the list counts, whether or not he would be listed by what is known now.
        """
        first = self._list_of(document)
        if first is None:
            return None
        listed = {one.applicant for one, _ in first.rows}
        corrected = False
        values: dict[tuple[str, str], tuple[str, str]] = {}
        at = (document.on or dt.date.max, self.documents.index(document))
        for n, other in enumerate(self.documents):
            corrects = other.kind.amends and "details" in other.kind.needs and other is not document
            if not corrects or other.on is None or (other.on, n) > at or self._list_of(other) is not first:
                continue
            plan = self._plan(other)
            if plan is None or self._taken_back(other.number) is not None:
                continue
            for one, conclusion in other.rows:
                if not names_nobody(conclusion.signed.name):  # signed, though the register may have moved on since
                    number, items = conclusion.document_number.strip(), read(conclusion.details).items
                    values |= {(one.applicant, item): (new, number) for item, _, new in items}
            if plan.plan.state != "final":
                continue
            corrected = True
            for one, conclusion in other.rows:
                said = read(conclusion.details)
                if said.change == ADDED:
                    listed.add(one.applicant)
                elif said.change == REMOVED:
                    listed.discard(one.applicant)
        return Standing(first.kind, frozenset(listed), corrected, values)


def _still_stands(taken_back: dt.date | None, on: dt.date | None) -> str:
    """Why a list is in the way of another that is dated ``on``; empty where it had been taken back by then."""
    if taken_back is None:
        return "没有撤回"
    if on is not None and on < taken_back:
        return f"到{chinese_day(taken_back)}才撤回，本文书的日期不能早于撤回"
    return ""


def _documents(assessment: Assessment) -> list[_Document]:
    """The rows of the sheet 结论 by document, in the pack's order of kinds; of one kind, by date."""
    letters = assessment.pack.letters
    kinds = {k.id: k for k in letters.kinds if k.recipient == "public"}
    rows = [
        (one, conclusion, kind)
        for one in assessment.determinations
        for conclusion in one.conclusions
        if kinds and (kind := letters.kind(conclusion.letter)) and kind.id in kinds
    ]
    asked_back = {squash(c.refers_to) for _, c, kind in rows if kind.id == WITHDRAWAL_PUBLIC} - {""}
    found: dict[tuple[str, str, dt.date | None], _Document] = {}
    for one, conclusion, kind in rows:
        number, on = squash(conclusion.document_number), conclusion.signed.on
        if kind.amends:
            key = kind.id, squash(conclusion.refers_to), on
        else:
            key = kind.id, number if number in asked_back else "", None
        found.setdefault(key, _Document(kind, [])).rows.append((one, conclusion))
    order = {id: n for n, id in enumerate(kinds)}
    return sorted(found.values(), key=lambda d: (order[d.kind.id], d.on or dt.date.max))


def _listed(
    assessment: Assessment, kind: LetterKind, rows: Rows, amiss: list[str], today: dt.date | None
) -> Announcement:
    members: dict[str, Determination] = {}
    left_out: list[tuple[Determination, Conclusion, str]] = []
    reasons: dict[str, None] = {}
    for one, conclusion in rows:
        found = check(assessment, one, kind)
        if one.applicant in members:
            why = f"{conclusion.signed.cell or '「结论」表'} 与前面一行重复，只列一次"
        elif not one.name.strip():
            why = f"{one.cell} 所在行没有单位名称"
        elif not for_track(kind, one):
            why = f"「{kind.label}」不适用于本单位的申报类型"
        elif found.contradicted:
            why = f"与核对结果相反：{found.why}"
        else:
            members[one.applicant] = one
            for reason in blockers(assessment, one, conclusion, kind, found, None, today=today):
                reasons[f"{one.applicant}：{reason}"] = None
            continue
        left_out.append((one, conclusion, why))
        if one.applicant not in members:
            reasons[f"{one.applicant}没有列入：{why}"] = None
    conclusions = [c for _, c in rows]
    reasons = few(reasons)
    reasons |= dict.fromkeys(disagreeing(conclusions, {"具体事项": {c.details.strip() for c in conclusions}}))
    contact = office.contact(assessment.register.settings)
    reasons |= dict.fromkeys(r for c in conclusions for r in private(c.signed.cell, c.details, "具体事项", contact))
    for one in members.values():
        name, _, district, _ = columns(assessment, kind, one)
        reasons |= dict.fromkeys([*private(one.cell, name, "单位名称"), *private(one.cell, district, "所在区县")])
    reasons |= dict.fromkeys(amiss)
    first = conclusions[0]
    state: LetterState = "draft" if reasons else "final"
    why = "；".join(reasons) or f"{first.signed.name}于{chinese_day(first.signed.on)}作出结论，共{len(members)}家"
    if not members:
        state = "none"
    plan = LetterPlan(kind.id, kind.label, state, why, first)
    return Announcement(plan, tuple(members.values()), tuple(left_out))
