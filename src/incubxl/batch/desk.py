"""The numbers of a workbook's letters: typed on the sheet 结论, held against the office's 文号簿, and noted there."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from incubxl.assess.model import Assessment
from incubxl.docnumber import DocumentNumber, read
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.letters.choose import LetterPlan
from incubxl.letters.faults import PART
from incubxl.letters.reference import Issued
from incubxl.letters.text import paragraphs
from incubxl.numbers.book import NumberBook, against
from incubxl.numbers.model import FILE, STATES, BookUnusable, Entry, Owner, Use
from incubxl.register.fold import squash

define(
    "numbers.unusable",
    "error",
    "文号簿不能用：{reason}；有文号的通知书只出草稿",
    "{remedy}",
    "文号簿文件损坏，或正被别人使用",
)
define(
    "numbers.no_book",
    "warning",
    "「结论」表有{count}处写了发文字号，但没有文号簿：与以前和别处发出的文书是否重号，无从核对",
    "请用 incubxl numbers reserve 建立文号簿，放在工作簿旁边（或用 --numbers 指定）",
    "结论表写了文号，工作簿旁边没有 文号簿.sqlite",
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A letter that was made: ``applicant`` and ``name`` are empty for one document of many; ``data``: its bytes."""

    applicant: str
    name: str
    plan: LetterPlan
    title: str
    data: Callable[[], bytes]


def book_for(workbook: Path, named: Path | None) -> NumberBook | None:
    """The book that was named, else the one beside the workbook, else none."""
    beside = workbook.parent / FILE
    return NumberBook(named) if named is not None else NumberBook(beside) if beside.is_file() else None


class Desk:
    """Holds the numbers of one workbook against a book; without one, against ``shared``.

    ``shared``: numbers (squashed) that another workbook of the run types too → in words, where.
    """

    def __init__(
        self,
        assessment: Assessment,
        book: NumberBook | None,
        at: dt.datetime,
        shared: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._assessment, self._book, self._at, self._shared = assessment, book, at, shared
        self._taken: dict[DocumentNumber, Entry] = {}
        self._trouble = ""
        self.issues: list[Issue] = []
        if book is None:
            self._warn()
        else:
            try:
                self._taken = book.refusals()
            except BookUnusable as error:
                self._fail(error)

    @property
    def today(self) -> dt.date:
        """The day of the run."""
        return self._at.date()

    def refusal(self, number: str, applicant: str, kind: str) -> str:
        """Why a letter may not have this number; empty when it may."""
        if self._trouble:
            return self._trouble
        if self._book is None:
            where = self._shared.get(squash(number))
            return f"发文字号「{number}」在另一个工作簿也用了（{where}）" if where else ""
        parsed = read(number)
        entry = self._taken.get(parsed) if parsed else None
        return against(entry, self._owner(applicant, kind)) if entry else ""

    def known(self, number: str, applicant: str) -> Issued | None:
        """What the book says of a number as an earlier letter of this applicant (empty: as an announcement).

        None where no book is kept.
        """
        parsed = read(number)
        if self._book is None or self._trouble or parsed is None:
            return None
        entry = self._taken.get(parsed)
        if entry is None:
            kept = any((n.code, n.year) == (parsed.code, parsed.year) for n in self._taken)
            return Issued(False, why=f"文号簿里没有发出过文号「{parsed}」的文书" if kept else "")
        if entry.state != "used":
            return Issued(False, why=f"文号「{parsed}」在文号簿里{STATES[entry.state]}")
        if not applicant:
            owner = entry.owner
            if owner and owner.applicant:
                return Issued(False, why=f"文号「{parsed}」在文号簿里是{entry.name}的「{entry.label}」，不是公布文书")
            if owner and owner.pack != self._assessment.pack.id:
                return Issued(False, why=f"文号「{parsed}」在文号簿里是另一办法的「{entry.label}」")
            return Issued(True, entry.title)
        unit = self._owner(applicant, "").code
        if entry.owner and unit != entry.owner.code and self._name(applicant) != entry.name:
            return Issued(False, why=f"文号「{parsed}」在文号簿里是{entry.name}的「{entry.label}」")
        return Issued(True, entry.title)

    def note(self, letters: Sequence[Finished], *, publish: bool = True) -> list[LetterPlan]:
        """Note the numbers of final letters; nothing is noted unless they are published.

        Gives the plans back; one whose number somebody else took meanwhile, or that had said something else under its
        number, is a draft.
        """
        uses: list[Use] = []
        places: list[int] = []
        made = [letter.plan for letter in letters]
        if self._book is None:
            return made
        for n, letter in enumerate(letters):
            plan = letter.plan
            number = read(plan.conclusion.document_number) if plan.conclusion and plan.state == "final" else None
            if number and plan.conclusion:
                signed = plan.conclusion.signed
                owner = self._owner(letter.applicant, plan.kind)
                said = (plan.label, letter.name, signed.on, signed.name, letter.title, content_hash(letter.data()))
                uses.append(Use(number, owner, *said))
                places.append(n)
        if not uses:
            return made
        try:
            refused = self._book.claim(uses, self._at) if publish else self._against(uses)
        except BookUnusable as error:
            self._fail(error)
            refused = dict.fromkeys(range(len(uses)), self._trouble)
        for n, why in refused.items():
            made[places[n]] = replace(made[places[n]], state="draft", why=why)
        return made

    def _against(self, uses: Sequence[Use]) -> dict[int, str]:
        found = {
            n: against(entry, use.owner, use.content)
            for n, use in enumerate(uses)
            if (entry := self._taken.get(use.number))
        }
        return {n: why for n, why in found.items() if why}

    def _warn(self) -> None:
        typed = [
            c.signed.cell
            for one in self._assessment.determinations
            for c in one.conclusions
            if c.document_number.strip()
        ]
        if typed:
            sheet, _, cell = typed[0].rpartition("!")
            self.issues.append(issue("numbers.no_book", Place(sheet, cell), count=len(typed)))

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

    def _name(self, applicant: str) -> str:
        register = self._assessment.register
        return register.names[register.index[applicant]]


def content_hash(data: bytes) -> str:
    """A hash of what a letter says, paragraph by paragraph: layout, fonts and the day it was made are not in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = sorted(name for name in archive.namelist() if PART.match(name))
        said = [text.strip() for part in parts for text in paragraphs(archive.read(part))]
    return hashlib.sha256("\n".join(filter(None, said)).encode()).hexdigest()
