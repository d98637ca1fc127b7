"""One applicant, or one 发文字号, in two workbooks of a run: told in each, and kept from final letters.

The same applicant is one credit code, or one name where a code is lacking, under one measure in one year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from incubxl.assess.model import Assessment, Determination, LetterView
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.fold import squash
from incubxl.results.summary import RepeatedApplicant

REPEATED = "applicant.repeated"
define(
    REPEATED,
    "error",
    "同一单位在两个工作簿中申报：「{name}」另见 {others}，通知书只出草稿。",
    "请核对由哪个工作簿申报，删去另一处的登记行后，把这些工作簿放在一起重新运行。",
    "市里和区里的登记表都有同一家单位",
)
define(
    "input.repeated",
    "error",
    "这些文件内容完全相同：{files}。",
    "请只保留一个，再用同样的命令运行。",
    "把登记表复制了一份，两份都放在待核对的文件夹里",
)


class Applicant(NamedTuple):
    """An applicant of one workbook. ``finals``: its final letters, by name below the workbook's folder.

    ``numbers``: 发文字号 that its conclusions bear; ``booked``: a 文号簿 guards them already.
    """

    id: str
    code: str  # empty where there is none, or none that could be read
    name: str
    cell: str
    finals: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    booked: bool = False


@dataclass(frozen=True)
class Claims:
    """Who applies in one workbook of the run. ``folder`` is its folder of results; ``measure`` is for people."""

    folder: str
    shown: str
    sha256: str
    pack: str
    measure: str
    year: int | None
    applicants: Sequence[Applicant]


_Member = tuple[Claims, Applicant]
_Key = tuple[str, str]
_TOLD, _LISTED = 3, 40  # places named in an issue, and on the summary


@dataclass(frozen=True)
class Repeated:
    """What was found. ``holds``: folder → applicant id → in words, where else. ``rows``: for the summary.

    ``shared``: folder → 发文字号 (squashed) that another workbook types too → in words, where.
    """

    rows: tuple[RepeatedApplicant, ...] = ()
    issues: tuple[Issue, ...] = ()
    holds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shared: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def withdrawn(self, book: Claims) -> list[str]:
        """The final letters of a workbook that may not stand."""
        hold, shared = self.holds.get(book.folder, {}), self.shared.get(book.folder, {})
        held = [one for one in book.applicants if one.id in hold or any(squash(n) in shared for n in one.numbers)]
        return list(dict.fromkeys(name for one in held for name in one.finals))


def applicants(assessment: Assessment, letters: Iterable[LetterView], *, booked: bool) -> tuple[Applicant, ...]:
    """Everyone who applies in a workbook. ``booked``: a 文号簿 guards its numbers."""
    finals: dict[str, list[str]] = defaultdict(list)
    for letter in letters:
        if letter.state == "final":
            finals[letter.applicant].append(letter.file)
    register = assessment.register
    column = register.columns.get("uscc")
    codes = column.texts() if column else [""] * register.size
    return tuple(
        Applicant(d.applicant, code, d.name, d.cell, tuple(finals.get(d.applicant, ())), _numbers(d), booked)
        for d, code in zip(assessment.determinations, codes, strict=True)
    )


def recorded(rows: Iterable[Sequence[Any]]) -> tuple[Applicant, ...]:
    """Applicants as the run's record keeps them."""
    return tuple(
        Applicant(id, code, name, cell, tuple(finals), tuple(numbers), booked)
        for id, code, name, cell, finals, numbers, booked in rows
    )


def _numbers(determination: Determination) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.document_number.strip() for c in determination.conclusions if c.document_number))


def held(assessment: Assessment, hold: Mapping[str, str]) -> list[Issue]:
    """An issue for every applicant of ``hold``, at the cell of its id; it keeps the letters drafts."""
    found = [d for d in assessment.determinations if d.applicant in hold]
    return [
        issue(REPEATED, Place(*d.cell.split("!", 1)), applicant=d.applicant, name=d.name, others=hold[d.applicant])
        for d in found
    ]


def find(workbooks: Sequence[Claims]) -> Repeated:
    """Applicants of more than one of ``workbooks``, and workbooks that are the same file; in the given order."""
    groups: dict[tuple[Any, ...], list[_Member]] = defaultdict(list)
    for book in workbooks:
        for one in book.applicants:
            if one.code:
                groups[book.pack, book.year, "code", one.code].append((book, one))
            if name := squash(one.name):
                groups[book.pack, book.year, "name", name].append((book, one))
    others: dict[_Key, dict[str, None]] = defaultdict(dict)  # where else, in order and each once
    rows: dict[tuple[_Key, ...], RepeatedApplicant] = {}
    for (*_, by, _value), group in groups.items():
        everybody = _by_folder(group)
        if len(everybody) < 2:
            continue
        codeless = everybody if by == "code" else _by_folder([m for m in group if not m[1].code])
        members = []
        for book, one in group:
            pool = codeless if one.code else everybody  # by name only where a code is lacking
            others[book.folder, one.id] |= dict.fromkeys(_elsewhere(pool, book.folder))
            if pool.keys() - {book.folder}:
                members.append((book, one))
        if members:
            rows.setdefault(tuple((book.folder, one.cell) for book, one in members), _row(members))
    holds: dict[str, dict[str, str]] = defaultdict(dict)
    for (folder, id), places in others.items():
        if places:
            holds[folder][id] = "、".join(places)
    return Repeated(tuple(rows.values()), tuple(_same_files(workbooks)), dict(holds), _shared_numbers(workbooks))


def _shared_numbers(workbooks: Sequence[Claims]) -> dict[str, dict[str, str]]:
    """Numbers that two workbooks type, whatever their measures: an office has each number once."""
    groups: dict[str, list[_Member]] = defaultdict(list)
    for book in workbooks:
        for one in book.applicants:
            for number in one.numbers:
                groups[squash(number)].append((book, one))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for number, group in groups.items():
        everybody = _by_folder(group)
        if number and len(everybody) > 1:
            for folder, members in everybody.items():
                if not members[0][1].booked:
                    found[folder][number] = "、".join(_elsewhere(everybody, folder))
    return dict(found)


def _by_folder(group: Iterable[_Member]) -> dict[str, list[_Member]]:
    found: dict[str, list[_Member]] = defaultdict(list)
    for member in group:
        found[member[0].folder].append(member)
    return found


def _elsewhere(pool: Mapping[str, list[_Member]], folder: str) -> list[str]:
    """The first places in other workbooks, and how many there are."""
    total = sum(map(len, pool.values())) - len(pool.get(folder, ()))
    first = islice((m for other, found in pool.items() if other != folder for m in found), _TOLD)
    places = [_where(*member) for member in first]
    return [*places, f"等{total}处"] if total > len(places) else places


def _where(book: Claims, one: Applicant) -> str:
    return f"{book.shown} {one.cell}"


def _row(members: Sequence[_Member]) -> RepeatedApplicant:
    book = members[0][0]
    books = list(dict.fromkeys(b.shown for b, _ in members))
    more = [f"等{len(members)}处"] if len(members) > _LISTED else []
    return RepeatedApplicant(
        book.measure,
        book.year,
        next((one.code for _, one in members if one.code), ""),
        next((one.name for _, one in members if one.name), ""),
        (*books[:_LISTED], *([f"等{len(books)}个"] if len(books) > _LISTED else [])),
        (*(_where(b, one) for b, one in members[:_LISTED]), *more),
    )


def _same_files(workbooks: Sequence[Claims]) -> Iterable[Issue]:
    same: dict[str, list[str]] = defaultdict(list)
    for book in workbooks:
        same[book.sha256].append(book.shown)
    for files in same.values():
        if len(files) > 1:
            yield issue("input.repeated", Place(file=files[0]), files="、".join(f"「{f}」" for f in files))
