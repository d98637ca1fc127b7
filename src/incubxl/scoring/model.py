"""What a scoring round is: who scores whom on what, as it was issued; and what came back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from incubxl.policy.fields import Strict


@dataclass(frozen=True, slots=True)
class Expert:
    """A row of the office's experts sheet; names are never read. ``avoids``, ``ties``: applicants as written there."""

    code: str
    organisation: str
    speciality: str
    avoids: tuple[str, ...]
    ties: tuple[str, ...]
    cell: str


class Asked(Strict):
    """An indicator as it stands in the books. ``top``: the highest score that may be given, as text."""

    id: str
    name: str
    top: str
    kind: str  # direct, bonus, deduction


class Task(Strict):
    """One cell to fill: an expert's score of an applicant on an indicator. ``key`` stands hidden in its row."""

    key: str
    expert: str
    applicant: str
    indicator: str


class Round(Strict):
    """A round as issued; kept as JSON beside the books. By applicant id: ``names``; ``shown``: the name in the books.

    ``barred``: expert, applicant, why. ``id`` tells rounds apart: it is made of everything else.
    """

    name: str
    id: str
    pack: str
    year: int
    per_applicant: int
    blind: bool
    experts: tuple[str, ...]
    names: Mapping[str, str]
    shown: Mapping[str, str]
    barred: tuple[tuple[str, str, str], ...]
    indicators: tuple[Asked, ...]
    tasks: tuple[Task, ...]

    @cached_property
    def by_key(self) -> dict[str, Task]:
        return {task.key: task for task in self.tasks}

    @cached_property
    def asked(self) -> dict[str, Asked]:
        return {one.id: one for one in self.indicators}

    @cached_property
    def away(self) -> dict[tuple[str, str], str]:
        """(expert, applicant) → why it must not be."""
        return {(expert, applicant): why for expert, applicant, why in self.barred}


def digest(*parts: object) -> str:
    """A short fingerprint of texts."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Cell:
    """A score cell of a returned book. ``score`` None and not ``excused``: blank, or not fit to be used (``bad``)."""

    key: str
    score: Decimal | None
    excused: bool
    note: str
    file: str
    cell: str  # sheet!A1
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A task with what came of it. ``state``: 已评, 回避, 未评, 未采用 (two versions, over the maximum …)."""

    task: Task
    state: str
    score: Decimal | None
    note: str
    file: str
    cell: str
