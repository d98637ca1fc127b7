"""What a register records as done, beside its events sheet: dates and 是/否 in the columns that a measure's stages and
duties name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from incubxl.grid import CellKind
from incubxl.policy.procedure import Stage
from incubxl.register.model import Column, Event, Register

PERIOD_START = "period-start"


@dataclass(frozen=True, slots=True)
class Mark:
    """That something is recorded. ``on`` None: without a date (是)."""

    on: dt.date | None
    cell: str


Marks = Sequence[Mark | None]


class Records:
    """The register on ``as_of``: what is dated later is not there yet. Answers per applicant are lists of length n."""

    def __init__(self, register: Register, as_of: dt.date) -> None:
        self.register, self.as_of = register, as_of
        self.n = register.size
        self._marks: dict[str, Marks] = {}
        self._days: dict[str, list[dt.date | None]] = {}
        self._excluded: dict[str, list[bool]] = {}

    @cached_property
    def first_day_counts(self) -> bool:
        """The office's 口径 on the first day of a period; 民法典 第二百零一条 where it has none."""
        answer = self.register.answers.get(PERIOD_START)
        return answer is not None and answer.option == "same_day"

    @cached_property
    def events(self) -> list[tuple[Event, ...]]:
        """Events up to the as-of date."""
        known, last = self.register.events, self.as_of
        found = [known.get(id, ()) for id in self.register.ids]
        return [e if all(x.on <= last for x in e) else tuple(x for x in e if x.on <= last) for e in found]

    def days(self, fact: str) -> list[dt.date | None]:
        """The dates of a date column."""
        if fact not in self._days:
            self._days[fact] = self.register.columns[fact].days()
        return self._days[fact]

    def marks(self, fact: str) -> Marks:
        """A date that has come, 是, or any other value: the mark; else None. No fact: nothing is marked."""
        if not fact:
            return [None] * self.n
        if fact not in self._marks:
            self._marks[fact] = self.marked(self.register.columns[fact])
        return self._marks[fact]

    def marked(self, column: Column) -> Marks:
        """``marks`` of any column, per row."""
        kinds, kind = column.kinds.tolist(), column.spec.type
        value = int(CellKind.VALUE)
        if kind == "date":
            return [
                Mark(day, column.cell(i)) if day is not None and day <= self.as_of else None
                for i, day in enumerate(column.days())
            ]
        good = column.values.tolist() if kind == "boolean" else [True] * len(kinds)
        return [
            Mark(None, column.cell(i)) if k == value and yes else None
            for i, (k, yes) in enumerate(zip(kinds, good, strict=True))
        ]

    def excluded(self, fact: str) -> list[bool]:
        """Where the column says 不适用 or 否."""
        if fact not in self._excluded:
            self._excluded[fact] = self._no(self.register.columns[fact])
        return self._excluded[fact]

    def _no(self, column: Column) -> list[bool]:
        no = int(CellKind.DECLARED_NA)
        if column.spec.type != "boolean":
            return [kind == no for kind in column.kinds.tolist()]
        has = int(CellKind.VALUE)
        pairs = zip(column.kinds.tolist(), column.values.tolist(), strict=True)
        return [kind == no or (kind == has and not yes) for kind, yes in pairs]

    def done(self, stage: Stage) -> Marks:
        """Whether a stage is done, by its last event or else by its column."""
        key = f"stage:{stage.id}"
        if key not in self._marks:
            recorded = self.marks(stage.recorded)
            out: list[Mark | None] = []
            for events, mark in zip(self.events, recorded, strict=True):
                last = max((e for e in events if e.kind == "stage" and e.what == stage.id), key=_on, default=None)
                out.append(Mark(last.on, last.cell) if last else mark)
            self._marks[key] = out
        return self._marks[key]

    def binding(self, since: str) -> list[bool | None]:
        """Whether what binds from a fact or stage on binds by now; None where that is not known."""
        if not since:
            return [True] * self.n
        stage = self.register.pack.procedure.stage.get(since)
        marks = self.done(stage) if stage else self.marks(since)
        fact = (stage.recorded if stage else since) or ""
        if not fact:
            return [mark is not None for mark in marks]
        later = [d is not None for d in self.days(fact)] if self._is_date(fact) else [False] * self.n
        no = [a or b for a, b in zip(self.excluded(fact), later, strict=True)]
        return [True if mark else False if out else None for mark, out in zip(marks, no, strict=True)]

    def _is_date(self, fact: str) -> bool:
        return self.register.columns[fact].spec.type == "date"


def _on(event: Event) -> dt.date:
    return event.on
