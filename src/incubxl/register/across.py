"""The registers of several years as one: which rows are the same organisation. By credit code, never by name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.fold import squash
from incubxl.register.model import Register

define(
    "years.no_code",
    "warning",
    "{file} 的「{name}」（{id}）没有可用的统一社会信用代码，不能和其他年度的工作簿对上{hint}，单独列出。",
    "请在登记表补填统一社会信用代码；名称相同不能证明是同一单位，程序不按名称合并。",
    "2024 年的登记表没有填代码",
)
define(
    "years.same_row",
    "info",
    "{file} 里统一社会信用代码{uscc}有几行（{rows}），各年记录合在一起列出。",
    "同一单位有几个称号的无须处理；填错代码的请改正。",
    "同一单位填了两行",
)


@dataclass(frozen=True, eq=False)
class Book:
    """A workbook of one year: its file's name, what it says, and the day on which it is looked at."""

    file: str
    register: Register
    as_of: dt.date

    @property
    def year(self) -> int:
        return self.register.settings.year

    def at(self, cell: str) -> str:
        """A cell with its file, as people find it; the cell alone where the book is the one at hand (no ``file``)."""
        return f"{self.file}：{cell}" if cell and self.file else cell or self.file


@dataclass(frozen=True)
class Member:
    """A row of a register sheet: the book, and the applicant's index in it."""

    book: Book
    i: int

    @property
    def id(self) -> str:
        return self.book.register.ids[self.i]


@dataclass(frozen=True)
class Incubator:
    """One organisation over the years. ``code`` is empty where no credit code says who it is; ``members`` by year."""

    code: str
    name: str  # as the latest row writes it
    members: tuple[Member, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it apart and puts it in order."""
        first = self.members[0] if self.members else None
        return (self.code, self.name, "" if first is None or self.code else f"{first.book.file}{first.id}")


def place_of(cell: str) -> Place:
    """The place of a cell as ``Book.at`` writes it."""
    file, _, address = cell.rpartition("：")
    sheet, _, cell = address.rpartition("!")
    return Place(sheet, cell, file)


def in_order(books: Iterable[Book]) -> tuple[Book, ...]:
    """Books by year, as-of date and file: the order in which they were given says nothing."""
    return tuple(sorted(books, key=lambda book: (book.year, book.as_of, book.file)))


def incubators(books: Sequence[Book], others: Iterable[str] = ()) -> tuple[list[Incubator], list[Issue]]:
    """Every organisation of ``books`` (in order), and what must be asked. ``others``: codes known from history only."""
    by_code: dict[str, list[Member]] = defaultdict(list)
    alone: list[Member] = []
    issues: list[Issue] = []
    for book in books:
        codes = book.register.columns["uscc"]
        for i in range(book.register.size):
            member = Member(book, i)
            (by_code[codes.text(i)] if codes.has(i) else alone).append(member)
    names = defaultdict(set)
    for code, members in by_code.items():
        for member in members:
            names[squash(_name(member))].add(code)
    for member in alone:
        same = sorted(names.get(squash(_name(member)), ()))
        hint = f"（与代码{'、'.join(same)}的单位名称相同，是不是同一单位？）" if same else ""
        column = member.book.register.columns["applicant_id"]
        sheet, _, cell = column.cell(member.i).rpartition("!")
        seen = {"file": member.book.file, "name": _name(member), "id": member.id, "hint": hint}
        issues.append(issue("years.no_code", Place(sheet, cell, member.book.file), applicant=member.id, **seen))
    found = [Incubator(code, _name(members[-1]), tuple(members)) for code, members in by_code.items()]
    found += [Incubator("", _name(member), (member,)) for member in alone]
    found += [Incubator(code, "", ()) for code in sorted({*others} - by_code.keys())]
    issues += [problem for one in found for problem in _repeated(one)]
    return sorted(found, key=lambda one: one.key), issues


def _repeated(one: Incubator) -> Iterable[Issue]:
    rows: dict[str, list[Member]] = defaultdict(list)
    for member in one.members:
        rows[member.book.file].append(member)
    for file, members in rows.items():
        if len(members) > 1:
            cells = [m.book.register.columns["applicant_id"].cell(m.i) for m in members]
            sheet, _, cell = cells[1].rpartition("!")
            seen = {"file": file, "uscc": one.code, "rows": "、".join(cells)}
            yield issue("years.same_row", Place(sheet, cell, file), applicant=members[1].id, **seen)


def _name(member: Member) -> str:
    return member.book.register.names[member.i]
