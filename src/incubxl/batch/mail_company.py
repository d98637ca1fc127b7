"""A run's letters beside each other and beside all rows of its registers: which letter is which, who shares an address
or a code with whom, what was withdrawn or amended before it left."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from incubxl.batch.contacts import SHEET, Contacts
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.letters.reference import WITHDRAWAL
from incubxl.letters.whose import Names
from incubxl.mail.model import Addressed, Row
from incubxl.register.fold import fold, squash
from incubxl.register.model import Register
from incubxl.register.units import doubled, row_in_words

EMAIL = "contact_email"
REPLACING = ("amend_correct", "amend_reissue")  # kinds that go beside the letter that they are about
_ADDRESS = re.compile(r"[^\s;,、<>()\"']+@[^\s;,、<>()\"']+")


@dataclass(frozen=True)
class Book:
    """A register of the run, the workbook's path, and its 通讯录."""

    source: str
    register: Register
    contacts: Contacts


def in_company(letters: Sequence[Addressed], books: Sequence[Book]) -> Iterator[tuple[Addressed, Issue | None]]:
    """Each letter with what the others and the registers tell about it, and why it may not go."""
    names = Names(name for book in books for name in book.register.names)
    at = _by_address(books)
    codes = _by_code(books)
    twice = dict(_twice(books))
    withdrawn = _withdrawn(books)
    kin: dict[tuple[object, ...], list[Addressed]] = defaultdict(list)
    for one in letters:
        kin[one.pack, one.year, one.kind, one.name_key, one.code].append(one)
    replaced = {(one.source, one.applicant, one.amends): one for one in letters if one.amends and not one.withdraws}
    there = {(one.source, one.applicant, one.letter_key) for one in letters if not one.amends}
    for one in letters:
        place = (one.source, one.applicant)
        siblings = kin[one.pack, one.year, one.kind, one.name_key, one.code]
        amending = None if one.amends else replaced.get((*place, one.letter_key)) if one.letter_key else None
        letter = replace(
            one,
            siblings=tuple((other.letter_key, other.sha256) for other in siblings if other is not one),
            amends=one.amends if (*place, one.amends) in there else "",
            amended_by=amending.label if amending else "",
            sharers=tuple(r for r in at.get(one.address_key, ()) if _beside(one, r)),
            names=names,
        )
        yield letter, _withheld(letter, codes, withdrawn, twice.get(place, ()))


def _beside(letter: Addressed, row: Row) -> bool:
    """Whether a row with the letter's address is another than the one that the address is taken from."""
    if not row.applicant:  # of the 通讯录
        return row.name_key != letter.reader_key
    return bool(letter.reader) or (row.source, row.applicant) != (letter.source, letter.applicant)


def _withheld(
    letter: Addressed,
    codes: Mapping[tuple[str, int, str], list[Row]],
    withdrawn: set[tuple[str, str, str]],
    twice: Sequence[str],
) -> Issue | None:
    """Why it may not go. ``twice``: other rows of its workbook that are the same application, in words."""
    place = Place(*letter.cell.split("!", 1)) if "!" in letter.cell else Place(file=letter.source)
    about = {"applicant": letter.applicant, "name": letter.name, "label": letter.label}
    if letter.letter_key and (letter.source, letter.applicant, letter.letter_key) in withdrawn:
        return issue("mail.withdrawn", place, number=letter.letter_key, **about)
    if twice:
        return issue("mail.conflict", place, others="登记表里的" + "、".join(twice), **about)
    marks = [mark for mark in (letter.code, letter.name_key) if mark]
    rows = dict.fromkeys(row for mark in marks for row in codes.get((letter.pack, letter.year, mark), ()))
    others = [
        f"「{row.name}」（申报编号{row.applicant}，{row.cell}）"
        for row in rows
        if (row.source, row.applicant) != (letter.source, letter.applicant) and _mistaken(letter, row)
    ]
    return issue("mail.conflict", place, others="登记表里的" + "、".join(others[:2]), **about) if others else None


def _mistaken(letter: Addressed, row: Row) -> bool:
    """One code under two names, or one name and no codes to tell them apart: a copied cell, or two rows of one unit."""
    code = row.party if row.party != row.name_key else ""
    if letter.code and code:
        return letter.code == code and letter.name_key != row.name_key
    return letter.name_key == row.name_key


def _twice(books: Sequence[Book]) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Rows of a workbook that are one application with another one: asked again here, whatever made the letters."""
    for book in books:
        for n, others in doubled(book.register).items():
            first = [row_in_words(book.register, other, n) for other in list(others)[:2]]
            yield (book.source, book.register.ids[n]), first


def _rows(book: Book) -> Iterator[tuple[int, Row]]:
    register = book.register
    column = register.columns.get(EMAIL)
    codes = register.columns.get("uscc")
    for n, applicant in enumerate(register.ids):
        name = register.names[n]
        cell = (column.cell(n) if column else "") or register.columns["applicant_id"].cell(n)
        code = codes.text(n) if codes else ""
        yield n, Row(book.source, applicant, name, squash(name), code or squash(name), cell)


def _by_address(books: Sequence[Book]) -> dict[str, list[Row]]:
    """Every address that stands in a row, also where the cell holds more than one; and in the 通讯录."""
    found: dict[str, list[Row]] = defaultdict(list)
    for book in books:
        for name, address, cell in book.contacts.addresses():
            found[address.casefold()].append(Row(book.source, "", f"{SHEET}里的{name}", name, name, cell))
        column = book.register.columns.get(EMAIL)
        if column is None:
            continue
        for n, row in _rows(book):
            for address in dict.fromkeys(_ADDRESS.findall(fold(column.text(n)).casefold())):
                found[address].append(row)
    return found


def _by_code(books: Sequence[Book]) -> dict[tuple[str, int, str], list[Row]]:
    """Rows by pack, year and code; and by name."""
    found: dict[tuple[str, int, str], list[Row]] = defaultdict(list)
    for book in books:
        for _, row in _rows(book):
            for mark in {row.party, row.name_key} - {""}:
                found[book.register.pack.id, book.register.settings.year, mark].append(row)
    return found


def _withdrawn(books: Sequence[Book]) -> set[tuple[str, str, str]]:
    """Source, applicant and number of every letter that a 撤回 names, signed or not: somebody means to take it back."""
    return {
        (book.source, applicant, squash(row.refers_to))
        for book in books
        for applicant, rows in book.register.conclusions.items()
        for row in rows
        if row.refers_to.strip() and (kind := book.register.pack.letters.kind(row.letter)) and kind.id == WITHDRAWAL
    }
