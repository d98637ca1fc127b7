"""One applicant under one set of answers to the open questions."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from incubxl.funding.model import FundingLine
from incubxl.funding.past import Awards
from incubxl.grid import CellKind, Place
from incubxl.issues import Issue, issue
from incubxl.policy.pack import Pack
from incubxl.register.model import Register


class Unanswered(Exception):
    """An interpretation is needed that nobody answered: the caller tries each option. No error."""

    def __init__(self, interpretation: str) -> None:
        super().__init__(interpretation)
        self.interpretation = interpretation


@dataclass
class Case:
    """What operators may look at, and what they leave behind: questions used, numbers quoted and issues."""

    register: Register
    i: int
    as_of: dt.date
    answers: Mapping[str, str]
    awards: Awards
    contested: Mapping[str, str] = field(default_factory=dict)  # facts that the ledger contradicts: why
    used: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    quotes: dict[str, None] = field(default_factory=dict)
    lines: dict[str, FundingLine] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def pack(self) -> Pack:
        return self.register.pack

    def ask(self, interpretation: str) -> str:
        """The option to go by. Unanswered when there is none."""
        self.used[interpretation] = None
        if interpretation not in self.answers:
            raise Unanswered(interpretation)
        return self.answers[interpretation]

    def under(self, options: Mapping[str, str]) -> bool:
        """Whether every one of these questions has this answer; asks one after the other."""
        return all(self.ask(question) == option for question, option in options.items())

    def cells(self, fact: str) -> tuple[str, ...]:
        counted = self.register.counted.get(fact)
        cell = counted.source[self.i] if counted is not None else self.register.columns[fact].cell(self.i)
        return (cell,) if cell else ()

    def missing(self, fact: str) -> tuple[str, ...]:
        """What to fill in: the fact, or what keeps a count open."""
        counted = self.register.counted.get(fact)
        if counted is None:
            return (fact,)
        return counted.open[self.i] or (counted.spec.total or fact,)

    def number(self, fact: str) -> tuple[Decimal, Decimal] | None:
        """The number as an interval in the fact's unit; None where nothing is known. High may be infinite."""
        counted = self.register.counted.get(fact)
        if counted is None:
            value = self.register.columns[fact].exact(self.i)
            return None if value is None else (value, value)
        low, high = float(counted.lo[self.i]), float(counted.hi[self.i])
        return None if math.isnan(low) else (Decimal(repr(low)), Decimal(repr(high)))

    def filled(self, fact: str) -> bool:
        """Whether there is a value that can be used."""
        if fact in self.register.counted:
            span = self.number(fact)
            return span is not None and span[0] == span[1]
        return self.register.columns[fact].has(self.i)

    def blank(self, fact: str) -> bool:
        """Whether nothing was recorded: an empty cell, or 「不适用」. An error or unreadable cell is not blank."""
        column = self.register.columns.get(fact)
        if column is not None:
            return int(column.kinds[self.i]) in (CellKind.BLANK, CellKind.DECLARED_NA)
        counted = self.register.counted.get(fact)
        return counted is not None and not counted.from_rows[self.i] and self.blank(counted.spec.total)

    def unit(self, fact: str) -> str:
        counted = self.register.counted.get(fact)
        return counted.spec.unit if counted is not None else self.register.columns[fact].spec.unit

    def find(self, code: str, fact: str, **seen: str) -> None:
        """Leave an issue at a fact's cell."""
        self.tell(code, next(iter(self.cells(fact)), ""), **seen)

    def tell(self, code: str, cell: str, **seen: str) -> None:
        """Leave an issue at a cell."""
        sheet, _, address = cell.partition("!")
        place = Place(sheet, address.split("，")[0])
        self.issues.append(issue(code, place, applicant=self.register.ids[self.i], **seen))
