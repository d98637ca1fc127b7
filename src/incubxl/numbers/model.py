"""What the 文号簿 holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

from incubxl.docnumber import DocumentNumber

State = Literal["reserved", "used", "voided"]
STATES: dict[str, str] = {"reserved": "已预留", "used": "已使用", "voided": "已作废"}
FILE = "文号簿.sqlite"  # beside the workbooks, where nobody names another place


class Owner(NamedTuple):
    """The letter that bears a number. ``code``: the applicant's credit code, or its name where it has none.

    An announcement has neither applicant nor code. ``pack`` and ``year`` are the workbook's.
    """

    pack: str
    year: int
    applicant: str
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Use:
    """A final letter takes its number: ``label`` and ``name`` are shown in the book.

    ``title``: as the letter bears it; ``content``: a hash of all that it says, empty where it is not known.
    """

    number: DocumentNumber
    owner: Owner
    label: str
    name: str
    dated: dt.date | None
    signer: str
    title: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number. ``by``, ``at``, ``reason`` belong to its present state; ``at`` is local time to the second."""

    number: DocumentNumber
    state: State
    by: str
    at: str
    reason: str
    owner: Owner | None
    label: str
    name: str
    dated: str
    title: str = ""
    content: str = ""


class Gap(NamedTuple):
    """Numbers from ``first`` to ``last`` that nobody reserved, used or voided though later ones are."""

    code: str
    year: int
    first: int
    last: int

    def __str__(self) -> str:
        first = DocumentNumber(self.code, self.year, self.first)
        if self.first == self.last:
            return str(first)
        return f"{first}至{self.last}号"


class NumberRefused(Exception):
    """The book does not allow it. The message is one Chinese clause."""


class BookUnusable(Exception):
    """The file is no 文号簿, or is locked or damaged. ``reason`` is one Chinese clause, ``remedy`` how to mend it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy
