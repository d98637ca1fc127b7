"""What goes into a crosscheck and what comes out: 疑点 with their rows and a word why. Never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from incubxl.register.fold import squash
from incubxl.register.model import Register

Kind = Literal["shared", "copied", "jump"]
KINDS: dict[Kind, str] = {"shared": "同一事物", "copied": "数字照抄", "jump": "异常波动"}


@dataclass(frozen=True)
class Book:
    """One workbook. ``label`` is how people know it. ``earlier``: given for comparing only; nothing is said of it."""

    label: str
    register: Register
    sha256: str = ""
    earlier: bool = False

    @property
    def year(self) -> int:
        return self.register.settings.year

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Who each applicant is: its credit code, else its name."""
        column = self.register.columns.get("uscc")
        codes = column.texts() if column else [""] * self.register.size
        return tuple(
            squash(code) or f"名称：{squash(name)}" for code, name in zip(codes, self.register.names, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One row behind a 疑点. ``cells``: ``sheet!A1`` each, the first is the one to go to. ``seen``: masked."""

    book: Book
    applicant: str
    name: str
    cells: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something to look at. ``what`` it is about (masked), ``why`` it is listed, the rows that show it."""

    kind: Kind
    what: str
    why: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked for. ``rule`` in full; ``not_made`` says why it was not, wholly or in part."""

    kind: Kind
    name: str
    rule: str
    found: int = 0
    not_made: str = ""


@dataclass(frozen=True)
class Found:
    """All of it. ``suspicions`` in the order of ``checks``."""

    books: tuple[Book, ...]
    checks: tuple[Check, ...]
    suspicions: tuple[Suspicion, ...]


def years(books: Sequence[Book]) -> list[int]:
    """The years that are asked about, newest first."""
    return sorted({book.year for book in books if not book.earlier}, reverse=True)
