"""Which workbooks are read for a history, and what each of them says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from incubxl.assess.model import Assessment
from incubxl.batch.inputs import tasks
from incubxl.batch.job import open_assessment
from incubxl.batch.manifest import Manifest
from incubxl.files.ours import is_ours
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.policy.pack import Pack
from incubxl.register.across import Book, in_order

YEARS, LEDGER = "历年台账", "资金台账汇总"  # titles of what this room writes, by which it is known again

define(
    "years.other_measure",
    "error",
    "{file} 是「{other}」的工作簿，这次读的是「{measure}」，没有读进来。",
    "一次只读同一办法各年度的工作簿；不同办法请分开运行。",
    "文件夹里混着两个办法的工作簿",
)
define(
    "years.nothing",
    "error",
    "没有一个工作簿能读。",
    "请给出各年度的登记工作簿（.xlsx 或 .xlsm），或放着它们的文件夹。",
    "给出的文件夹是空的",
)


@dataclass(frozen=True)
class Opened:
    """The books that could be read, in order, each with its assessment; what was found while reading."""

    books: tuple[Book, ...]
    assessments: tuple[Assessment, ...]
    issues: tuple[Issue, ...]

    @property
    def pack(self) -> Pack:
        return self.books[-1].register.pack

    def day(self, as_of: dt.date | None) -> dt.date:
        """The day on which the whole is looked at: as asked, else the latest workbook's."""
        return as_of or max(book.as_of for book in self.books)


def open_books(
    paths: Sequence[Path], today: dt.date, policies: Path | None, beside: Path
) -> tuple[Opened | None, tuple[Issue, ...]]:
    """Read every workbook of one measure among ``paths`` (folders are searched); None where none can be used.

    Each is assessed on its own as-of date. ``beside``: the folder of the outputs, whose runs are not searched.
    What this room wrote earlier is no input. The measure is that of most workbooks, of the latest where two tie.
    """
    found: list[tuple[Book, Assessment]] = []
    issues: list[Issue] = []
    for task in tasks(paths, Manifest(beside)):
        if is_ours(task.path, YEARS) or is_ours(task.path, LEDGER):
            continue
        assessment, problems = open_assessment(task.path, None, today, policies)
        name = task.path.name
        if assessment is None:
            issues += [_in(problem, name) for problem in problems]
            continue
        issues += [_in(problem, name) for problem in problems if problem.code == "as_of.assumed"]
        found.append((Book(name, assessment.register, assessment.as_of), assessment))
    return opened(found, issues)


def opened(
    found: Iterable[tuple[Book, Assessment]], issues: Iterable[Issue]
) -> tuple[Opened | None, tuple[Issue, ...]]:
    """As ``open_books``, from workbooks that have been assessed."""
    by_book = dict(found)
    told = list(issues)
    ordered = in_order(by_book)
    if not ordered:
        return None, (*told, issue("years.nothing", Place()))
    ids = [book.register.pack.id for book in ordered]
    wanted = max(reversed(ids), key=ids.count)
    measure = next(b.register.pack.measure.short_name for b in ordered if b.register.pack.id == wanted)
    for book in ordered:
        pack = book.register.pack
        if pack.id != wanted:
            seen = {"file": book.file, "other": pack.measure.short_name, "measure": measure}
            told.append(issue("years.other_measure", Place(file=book.file), **seen))
    kept = tuple(book for book in ordered if book.register.pack.id == wanted)
    return Opened(kept, tuple(by_book[book] for book in kept), tuple(told)), tuple(told)


def _in(problem: Issue, file: str) -> Issue:
    return replace(problem, place=replace(problem.place, file=file))
