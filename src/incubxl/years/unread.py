"""Rows that a history rests on and that could not be read, or whose owner is in doubt; and what reading told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.policy.pack import Pack
from incubxl.procedure.bans import DECISION, SANCTION
from incubxl.procedure.consecutive import Consecutive
from incubxl.procedure.timeline import RESULTS
from incubxl.register.across import Book, Incubator, place_of
from incubxl.register.fold import squash
from incubxl.register.model import Table
from incubxl.register.rows import EVERYBODY
from incubxl.register.tables import EVENTS, OFFICERS
from incubxl.years.read import Opened

define(
    "years.unread",
    "error",
    "「{name}」的{cell}（{year}）{why}，没有计入，{rests}列为资料不足。",
    "请在那个工作簿改正这一行，再运行一次。",
    "历史记录的事项写成「自动放弃」",
)

_HISTORY, _LEDGER = "history", "ledger"


@dataclass(frozen=True, slots=True)
class Unread:
    """A row left out. ``cell``: with its file. ``kind``: what it was to tell; empty: not known.

    ``why``: what it lacks, as the middle of a sentence.
    """

    cell: str
    kind: str
    year: int | None
    why: str

    @property
    def on_results(self) -> bool:
        """Whether it may be a year's result, or the decision after which the count begins anew."""
        return self.on_bans or self.kind in RESULTS

    @property
    def on_bans(self) -> bool:
        """Whether it may be a decision."""
        return self.kind in ("", SANCTION, DECISION)

    def told(self, one: Incubator) -> Issue:
        """What the row leaves without an answer."""
        rests = "连续情况和禁止申报期" if self.on_bans else "连续情况"
        year = f"{self.year}年" if self.year is not None else "没有读出年度"
        name = one.name or one.code
        return issue(
            "years.unread", place_of(self.cell), name=name, cell=self.cell, year=year, why=self.why, rests=rests
        )


class UnreadRows:
    """Those of all books, by row of the register and by credit code."""

    def __init__(self, books: Iterable[Book]) -> None:
        self._mine: dict[tuple[Book, int], list[Unread]] = defaultdict(list)
        self._coded: dict[str, list[Unread]] = defaultdict(list)
        self._doubtful: set[str] = set()  # cells that were read, though their id and code name two organisations
        for book in books:
            self._history(book)
            self._events(book)

    def of(self, one: Incubator) -> tuple[Unread, ...]:
        """In the order of the books; each row once."""
        mine = [row for m in one.members for row in self._mine.get((m.book, m.i), ())]
        if one.code:
            mine += self._coded.get(one.code, ())
        return tuple(dict.fromkeys(row for row in mine if row.on_results))

    def in_doubt(self, cells: Iterable[str]) -> bool:
        """Whether all these cells are of rows whose owner nobody knows."""
        return self._doubtful.issuperset(cells)

    @property
    def codes(self) -> Iterator[str]:
        """Credit codes that such rows name."""
        return iter(self._coded)

    def _history(self, book: Book) -> None:
        table, own = book.register.tables[_HISTORY], book.register.columns["uscc"]
        codes, kinds = table.columns["uscc"].texts(), table.columns["kind"].texts()
        for i, owner in enumerate(table.owner.tolist()):
            other = owner >= 0 and own.has(owner) and bool(codes[i]) and codes[i] != own.text(owner)
            why, cell = _lacks(book.register.pack, table, i)
            if other:
                self._doubtful.add(book.at(_cell(table, i)))
                why = why or "的编号和信用代码不是同一个单位的，是谁的不能判断"
            if not why:
                continue
            row = Unread(book.at(cell), kinds[i], _year(table, i), why)
            if owner >= 0:
                self._mine[book, owner].append(row)
            if codes[i] and (owner < 0 or other):
                self._coded[codes[i]].append(row)

    def _events(self, book: Book) -> None:
        table = book.register.tables[EVENTS]
        read = {event.cell for events in book.register.events.values() for event in events}
        for i, owner in enumerate(table.owner.tolist()):
            cell, kind = _cell(table, i), table.columns["kind"].text(i)
            if cell in read or kind not in ("", DECISION) or (owner < 0 and owner != EVERYBODY):
                continue
            on = table.columns["on"].day(i)
            row = Unread(book.at(cell), kind, on.year if on else None, "没有读进来")
            for applicant in [owner] if owner >= 0 else range(book.register.size):
                self._mine[book, applicant].append(row)


def unsettled(row: Consecutive, unread: Sequence[Unread], *, mixed: bool) -> Consecutive:
    """The row with what the unread ones may change: 资料不足, unless it stands whatever they say.

    It stands where it is reached and they are results of other years than those that count. ``mixed``: nobody knows
    whose the results are.
    """
    years = {item.year for item in row.counted}
    harmless = all(u.kind in RESULTS and u.year is not None and u.year not in years for u in unread)
    if not mixed and (not unread or (row.state == "reached" and harmless)):
        return row
    return replace(row, state="unknown", readings=())


def told_of_reading(read: Opened) -> Iterator[Issue]:
    """What reading each workbook found wrong with that on which a history rests; information apart.

    Without applicants: what one row leaves open for two of them is told once.
    """
    for book, assessment in zip(read.books, read.assessments, strict=True):
        register = book.register
        by_table = {id: {column.sheet for column in table.columns.values()} for id, table in register.tables.items()}
        office = {sheet for id, sheets in by_table.items() if id in OFFICERS - {_LEDGER} for sheet in sheets}
        details = {sheet for sheets in by_table.values() for sheet in sheets} - office
        facts = [register.columns[id] for id in _facts(register.pack)] if register.size else []
        columns = {(c.sheet, _letters(c.cell(0))) for c in facts if c.cell(0)}
        before = (i for i in assessment.issues if not i.place.sheet and i.code.startswith("file."))
        for problem in dict.fromkeys((*before, *register.issues)):
            sheet = problem.place.sheet
            whole = problem.code.partition(".")[0] in ("file", "sheet", "header", "row") and sheet not in details
            ours = whole or sheet in office or (sheet, _letters(problem.place.cell)) in columns
            if ours and problem.severity != "info":
                yield replace(problem, place=replace(problem.place, file=book.file), applicant="")


def _facts(pack: Pack) -> Iterator[str]:
    """The register's columns that a history rests on."""
    letters, evaluation = pack.letters, pack.evaluation
    stages = (stage.recorded for stage in pack.procedure.stages if stage.id == pack.procedure.application)
    taken = (f for one in evaluation.waived for f in [one.fact])
    wanted = ("applicant_id", "name", "uscc", letters.recognised_on, evaluation.outcome, *stages, *taken)
    known = {fact.id for fact in pack.facts}
    return (id for id in dict.fromkeys(wanted) if id in known)


def _letters(cell: str) -> str:
    return cell.rpartition("!")[2].rstrip("0123456789")


def _cell(table: Table, i: int) -> str:
    return table.columns["what"].cell(i) or table.columns[table.spec.owner].cell(i)


def _year(table: Table, i: int) -> int | None:
    year, on = table.columns["year"], table.columns["on"].day(i)
    return int(year.values[i]) if year.has(i) else on.year if on else None


def _lacks(pack: Pack, table: Table, i: int) -> tuple[str, str]:
    """What keeps a row of the history sheet from being counted (empty: nothing does), and the cell to look at."""
    columns, at = table.columns, _cell(table, i)
    kind, what = columns["kind"].text(i), columns["what"].text(i)
    asked = ["kind"] if not kind or kind in RESULTS - {"grade"} else ["what"]
    asked += ["year"] if kind in RESULTS else []
    lost = [columns[id] for id in asked if not columns[id].has(i)]
    if lost:
        labels = "".join(f"「{column.spec.label}」" for column in lost)
        return f"的{labels}没有填或读不出来", lost[0].cell(i) or at
    evaluation = pack.evaluation
    if kind == "grade" and evaluation.grades and not evaluation.more_grades and not _is_grade(pack, what):
        return f"写的「{what}」不是办法的等级", at
    return "", at


def _is_grade(pack: Pack, what: str) -> bool:
    return squash(what) in {squash(name) for grade in pack.evaluation.grades for name in (grade.label, grade.id)}
