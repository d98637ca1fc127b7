"""Workbooks to their agendas. Only read: nothing is written."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from incubxl.batch.inputs import tasks
from incubxl.batch.job import GENERATED, register_of
from incubxl.batch.manifest import Manifest
from incubxl.files.read import read_grid
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.results.agenda import Agenda, agenda
from incubxl.workdays import OfficeDays


@dataclass(frozen=True)
class Book:
    """One workbook. ``agenda`` None: it could not be read, and ``issues`` say why."""

    path: Path
    shown: str
    agenda: Agenda | None
    issues: tuple[Issue, ...] = ()


@dataclass
class Collected:
    books: list[Book] = field(default_factory=list)

    @property
    def agendas(self) -> list[Agenda]:
        return [book.agenda for book in self.books if book.agenda is not None]


def collect(
    paths: Sequence[Path],
    as_of: dt.date | None,
    within: int,
    today: dt.date,
    office: OfficeDays,
    *,
    policies: Path | None = None,
    out: Path | None = None,
) -> Collected:
    """The agenda of every workbook among ``paths``; folders are searched whole, without what runs have written.

    ``as_of`` None: each workbook's own 基准日, and where it has none ``today``, which is said. ``out``: the folder from
    which links lead to the workbooks.
    """
    found = Collected()
    for task in tasks(paths, Manifest.read(out or Path())):
        grid, issues = read_grid(task.path, GENERATED)
        if grid is None:
            found.books.append(Book(task.path, task.shown, None, tuple(issues)))
            continue
        register, issues = register_of(grid, as_of, policies, issues)
        if register is None:
            found.books.append(Book(task.path, task.shown, None, tuple(issues)))
            continue
        day = as_of or register.settings.as_of
        if day is None:
            issues.append(issue("as_of.assumed", Place("设置"), day=today))
        file = Path(os.path.relpath(task.path, out.resolve())).as_posix() if out else None
        made = agenda(register, day or today, within, office, book=task.path.name, file=file)
        found.books.append(Book(task.path, task.shown, made, tuple(issues)))
    return found
