"""The numbers of a workbook's letters: typed on the sheet 结论, held against the office's 文号簿, and noted there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from incubxl.assess.model import Assessment
from incubxl.docnumber import DocumentNumber, read
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.letters.choose import LetterPlan
from incubxl.numbers.book import NumberBook, against
from incubxl.numbers.model import FILE, BookUnusable, Entry, Owner, Use

define(
    "numbers.unusable",
    "error",
    "文号簿不能用：{reason}；有文号的通知书只出草稿",
    "{remedy}",
    "文号簿文件损坏，或正被别人使用",
)


def book_for(workbook: Path, named: Path | None) -> NumberBook | None:
    """The book that was named, else the one beside the workbook, else none."""
    beside = workbook.parent / FILE
    return NumberBook(named) if named is not None else NumberBook(beside) if beside.is_file() else None


class Desk:
    """Holds the numbers of one workbook against a book; without one, nothing is refused."""

    def __init__(self, assessment: Assessment, book: NumberBook | None, at: dt.datetime) -> None:
        self._assessment, self._book, self._at = assessment, book, at
        self._taken: dict[DocumentNumber, Entry] = {}
        self._trouble = ""
        self.issues: list[Issue] = []
        if book is not None:
            try:
                self._taken = book.refusals()
            except BookUnusable as error:
                self._fail(error)

    def refusal(self, number: str, applicant: str, kind: str) -> str:
        """Why a letter may not have this number; empty when it may."""
        if self._trouble:
            return self._trouble
        parsed = read(number)
        entry = self._taken.get(parsed) if parsed else None
        return against(entry, self._owner(applicant, kind)) if entry else ""

    def note(self, plans: Sequence[tuple[str, str, LetterPlan]]) -> list[LetterPlan]:
        """Note the numbers of final letters, given as (applicant id, its name, plan) with both empty for all.

        Gives the plans back; one whose number somebody else took meanwhile is a draft.
        """
        uses: list[Use] = []
        places: list[int] = []
        for n, (applicant, name, plan) in enumerate(plans):
            number = read(plan.conclusion.document_number) if plan.conclusion and plan.state == "final" else None
            if number and plan.conclusion:
                signed = plan.conclusion.signed
                uses.append(Use(number, self._owner(applicant, plan.kind), plan.label, name, signed.on, signed.name))
                places.append(n)
        made = [plan for _, _, plan in plans]
        if self._book is None or not uses:
            return made
        try:
            refused = {places[n]: why for n, why in self._book.claim(uses, self._at).items()}
        except BookUnusable as error:
            self._fail(error)
            refused = dict.fromkeys(places, self._trouble)
        for n, why in refused.items():
            made[n] = replace(made[n], state="draft", why=why)
        return made

    def _fail(self, error: BookUnusable) -> None:
        self._trouble = error.reason
        self.issues.append(issue("numbers.unusable", Place(), reason=error.reason, remedy=error.remedy))

    def _owner(self, applicant: str, kind: str) -> Owner:
        register = self._assessment.register
        code = ""
        if applicant:
            row = register.index[applicant]
            column = register.columns.get("uscc")
            code = (column.text(row) if column else "") or register.names[row]
        return Owner(register.pack.id, register.settings.year, applicant, code, kind)
