"""Which workbooks are read for a history, and what each of them says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from incubxl.assess.model import Assessment
from incubxl.batch.inputs import tasks
from incubxl.batch.job import open_assessment
from incubxl.batch.manifest import Manifest
from incubxl.files.ours import is_ours, is_output
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.policy.pack import Pack
from incubxl.register.across import Book, in_order

_TOLD = 10  # files named in one issue
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


define(
    "years.own_output",
    "info",
    "{count} 个文件是本程序写出的结果、副本或发出的表，不是登记工作簿，没有读：{files}。",
    "不用处理；要读的登记工作簿没有读到的，请直接写它的文件名。",
    "文件夹里放着回收汇总和上次的结果",
)
define(
    "years.same_year",
    "warning",
    "{first} 和 {second} 都是 {year} 年度的，有 {count} 个单位在两个里都有，记录合在一起列出。",
    "一个是另一个的副本（例如「登记表（合并）」）的，请只留要用的一个，再运行一次；分批申报的不用处理。",
    "登记表和合并后的登记表放在同一个文件夹",
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
    What this program wrote is no input. The measure is that of most workbooks, of the latest where two tie.
    """
    found: list[tuple[Book, Assessment]] = []
    issues: list[Issue] = []
    ours: list[str] = []
    for task in tasks(paths, Manifest(beside)):
        if is_ours(task.path, YEARS) or is_ours(task.path, LEDGER):
            continue
        if is_output(task.path):
            ours.append(task.path.name)
            continue
        assessment, problems = open_assessment(task.path, None, today, policies)
        name = task.path.name
        if assessment is None:
            issues += [_in(problem, name) for problem in problems]
            continue
        issues += [_in(problem, name) for problem in problems if problem.code == "as_of.assumed"]
        found.append((Book(name, assessment.register, assessment.as_of), assessment))
    if ours:
        more = " 等" if len(ours) > _TOLD else ""
        told = "、".join(ours[:_TOLD]) + more
        issues.append(issue("years.own_output", Place(), count=len(ours), files=told))
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
    told += _twice(kept)
    return Opened(kept, tuple(by_book[book] for book in kept), tuple(told)), tuple(told)


def _twice(books: Sequence[Book]) -> Iterable[Issue]:
    """Two workbooks of one year that hold the same organisations, by credit code: one may be a copy of the other."""
    for book, other in combinations(books, 2):
        if book.year == other.year:
            same = _codes(book) & _codes(other)
            if same:
                seen: dict[str, Any] = {"first": book.file, "second": other.file}
                seen |= {"year": book.year, "count": len(same)}
                yield issue("years.same_year", Place(file=other.file), **seen)


def _codes(book: Book) -> set[str]:
    codes = book.register.columns["uscc"]
    return {codes.text(i) for i in range(book.register.size) if codes.has(i)}


def _in(problem: Issue, file: str) -> Issue:
    return replace(problem, place=replace(problem.place, file=file))
