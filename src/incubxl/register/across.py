"""The registers of several years as one: which rows are the same organisation. By credit code, never by name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from incubxl.blanks import says_nothing
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
define(
    "years.codes_in_doubt",
    "warning",
    "代码{uscc}各年度的单位名称不同（{mine}），其中「{shared}」又写在代码{other}下（{theirs}），代码是不是填错、"
    "各年的记录是谁的不能判断；两个代码的连续情况和没有过的禁止申报期列为资料不足，申报和认定是不是在禁止申报期内没有核对。",
    "请核对两个单位的统一社会信用代码，改正填错的工作簿，再运行一次；确是各自更名的，请按现在的代码分别核对两处。",
    "2024 年和 2025 年的登记表把两个单位的代码填反了",
)
define(
    "years.renamed",
    "info",
    "代码{uscc}各年度的单位名称不同（{mine}），疑似更名；记录按代码合在一起列出。",
    "更名的不用处理；不是同一单位的，请改正统一社会信用代码，再运行一次。",
    "2025 年更名的单位",
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
    """One organisation over the years. ``code`` is empty where no credit code says who it is; ``members`` by year.

    ``mixed_with``: other codes that share a name with this one while its own names differ, so that nobody knows whose
    the records under each of them are.
    """

    code: str
    name: str  # as the latest row writes it
    members: tuple[Member, ...]
    mixed_with: tuple[str, ...] = ()

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
    names: dict[str, set[str]] = defaultdict(set)
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
    mixed, told = _mixed(by_code, names)
    issues += told
    found = [Incubator(code, _name(members[-1]), tuple(members), mixed[code]) for code, members in by_code.items()]
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


def _mixed(
    by_code: Mapping[str, Sequence[Member]], codes_of: Mapping[str, set[str]]
) -> tuple[dict[str, tuple[str, ...]], list[Issue]]:
    """Per code the codes with which it may have been mixed up; what to ask, and plain changes of name.

    ``codes_of``: codes by squashed name. Asked where a code's names differ between books and another code bears one.
    """
    mixed: dict[str, set[str]] = {code: set() for code in by_code}
    issues: list[Issue] = []
    for code, members in by_code.items():
        last = {squash(_name(m)) for m in members if m.book is members[-1].book}
        before = [m for m in members if m.book is not members[-1].book]
        changed = [m for m in before if not says_nothing(_name(m)) and squash(_name(m)) not in last]
        if not changed or any(says_nothing(name) for name in last):
            continue
        shared = {
            other: name
            for name in dict.fromkeys((*last, *(squash(_name(m)) for m in changed)))
            for other in codes_of[name] - {code}
        }
        if not shared:
            place = place_of(_name_cell(members[-1]))
            issues.append(issue("years.renamed", place, uscc=code, mine=_each([changed[-1], members[-1]])))
        for other, name in sorted(shared.items()):
            mixed[other].add(code)
            if other in mixed[code]:
                continue  # asked from the other side
            mixed[code].add(other)
            theirs = [m for m in by_code[other] if squash(_name(m)) == name]
            issues.append(
                issue(
                    "years.codes_in_doubt", place_of(_name_cell(members[-1])), applicant=members[-1].id, uscc=code,
                    mine=_each([*changed, members[-1]]), shared=_name(theirs[0]), other=other,
                    theirs=_each(by_code[other]),
                )
            )  # fmt: skip
    return {code: tuple(sorted(others)) for code, others in mixed.items()}, issues


def _each(members: Iterable[Member]) -> str:
    """The name on each row with its cell."""
    return "；".join(f"{_name_cell(m)}「{_name(m)}」" for m in members)


def _name_cell(member: Member) -> str:
    return member.book.at(member.book.register.columns["name"].cell(member.i))


def _name(member: Member) -> str:
    return member.book.register.names[member.i]
