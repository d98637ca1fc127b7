"""Money over the years: entitled, approved, paid, used and given back, per organisation, item and stage.

What is entitled is computed from each year's workbook, never typed. What is not recorded is not known: None, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import incubxl.funding.ledger_findings  # noqa: F401  (registers this room's issues)
from incubxl.funding.amounts import to_yuan
from incubxl.funding.case import Case
from incubxl.funding.engine import fund
from incubxl.funding.ledger_merge import gathered
from incubxl.funding.ledger_refunds import Lines, Refund, refunds
from incubxl.funding.ledger_rows import (
    LEDGER,
    Entry,
    Kind,
    awards_of,
    key_of,
    ledger_rows,
)
from incubxl.funding.ledger_sums import NOTHING, Sum, total
from incubxl.funding.model import FundingLine
from incubxl.funding.recorded import held_against
from incubxl.issues import Issue
from incubxl.policy.funding import FundingItem
from incubxl.policy.pack import Pack
from incubxl.register.across import Book, Incubator, Member, incubators
from incubxl.verdict import Verdict

State = Literal["agrees", "wrong", "unknown", "pending", "nothing"]
STATE_WORDS: Mapping[State, str] = {
    "agrees": "相符",
    "wrong": "有问题",
    "unknown": "资料不足",
    "pending": "待认定",
    "nothing": "没有记录",
}


@dataclass(frozen=True)
class Account:
    """One item of one organisation, in one support year where the item has one. ``line`` None: no workbook has it."""

    key: str
    incubator: Incubator
    item: FundingItem
    stage: int | None
    line: FundingLine | None
    member: Member | None  # the register row that the line is of
    members: tuple[Member, ...]  # all rows that have such a line
    entitled: Decimal | None
    reason: str  # why nothing stands there
    sums: Mapping[Kind, Sum]
    entries: tuple[Entry, ...]
    broken: tuple[str, ...]  # cells of this organisation's rows that could not be counted
    result: str  # the year's evaluation, as the workbook has it
    typed: Sum = NOTHING  # approved by the register's own column

    @property
    def verdict(self) -> Verdict:
        """How far the entitlement is decided."""
        return Verdict.UNKNOWN if self.line is None else self.line.verdict

    @property
    def approved(self) -> Sum:
        """By the ledger, else by the register's column."""
        own = self.sums["approved"]
        return own if own.amount is not None or self.broken else self.typed


@dataclass(frozen=True)
class Years:
    """All accounts of several workbooks; ``issues``: of reading the rows."""

    pack: Pack
    books: tuple[Book, ...]
    as_of: dt.date
    accounts: tuple[Account, ...]
    refunds: tuple[Refund, ...]
    entries: Mapping[str, tuple[Entry, ...]]
    broken: Mapping[str, tuple[str, ...]]
    incubators: Mapping[str, Incubator]
    issues: tuple[Issue, ...]
    later: int  # entries after ``as_of``, not counted


Funded = Sequence[tuple[FundingLine, ...]]


def ledger(books: Sequence[Book], as_of: dt.date, funded: Mapping[Book, Funded] | None = None) -> Years:
    """The accounts of ``books`` (in order, of one pack), of what is recorded up to ``as_of``.

    ``funded``: per book the lines of every applicant, in the register's order, where they are at hand.
    """
    pack = books[-1].register.pack
    read = [ledger_rows(book) for book in books]
    entries, broken = gathered(read, as_of)
    later = len({e.cells for rows in read for mine in rows.entries.values() for e in mine if e.on and e.on > as_of})
    issues = [problem for rows in read for problem in rows.issues]
    lines: Lines = {}
    for book in books:
        held = held_against(book, *gathered(read, book.as_of))
        issues += held.issues
        made = funded[book] if funded is not None and not held.contested and not _closes(book) else None
        found = made if made is not None else fund(book.register, book.as_of, in_ledger=False, held=held)[0]
        lines |= {(book, i): {one.item: one for one in mine} for i, mine in enumerate(found)}
    everybody, asked = incubators(books, [key for key in entries if not key.startswith("#")])
    by_key = {_key(one): one for one in everybody}
    accounts = [
        account
        for key, one in by_key.items()
        for account in _accounts(pack, key, one, lines, entries.get(key, ()), broken.get(key, ()))
    ]
    due = [
        refund
        for key, one in by_key.items()
        for refund in refunds(pack, key, one, lines, entries.get(key, ()), broken.get(key, ()))
    ]
    return Years(
        pack, tuple(books), as_of, tuple(accounts), tuple(due), entries, broken, by_key, (*asked, *issues), later
    )


def _closes(book: Book) -> bool:
    """Whether the ledger may have closed an item: its rows are what is held against the entitlement here."""
    table = book.register.tables.get(LEDGER)
    return bool(table is not None and table.height and any(item.once for item in book.register.pack.funding.items))


def _key(one: Incubator) -> str:
    return one.code or key_of(one.members[0].book, one.members[0].i)


def _accounts(
    pack: Pack, key: str, one: Incubator, lines: Lines, entries: Sequence[Entry], broken: tuple[str, ...]
) -> Iterable[Account]:
    for item in pack.funding.items:
        if item.refund:
            continue
        told = [(m, lines[m.book, m.i][item.id]) for m in one.members]
        told = [(m, made) for m, made in told if made.verdict != Verdict.NOT_APPLICABLE]
        mine = [entry for entry in entries if entry.item == item.id]
        stages: set[int | None] = {made.year if item.yearly else None for _, made in told}
        stages |= {entry.stage for entry in mine}
        for stage in sorted(stages, key=lambda s: s or 0):
            there = [(m, made) for m, made in told if not item.yearly or made.year == stage]
            recorded = tuple(entry for entry in mine if entry.stage == stage)
            yield _account(key, one, item, stage, there, recorded, broken)


def _account(
    key: str,
    one: Incubator,
    item: FundingItem,
    stage: int | None,
    told: Sequence[tuple[Member, FundingLine]],
    entries: tuple[Entry, ...],
    broken: tuple[str, ...],
) -> Account:
    met = [(m, made) for m, made in told if made.verdict == Verdict.MET]
    # an item over several years stays entitled by the workbook that paid it; a stage goes by its latest workbook
    member, line = ((met or told) if not item.yearly else told)[-1] if told else (None, None)
    entitled, reason = _entitled(item, member, line, entries)
    kinds: tuple[Kind, ...] = ("approved", "paid", "verified", "refunded")
    sums = {kind: total(entries, kind, broken) for kind in kinds}
    members = tuple(m for m, _ in told)
    return Account(
        key, one, item, stage, line, member, members, entitled, reason, sums, entries, broken, _result(member),
        _typed(item, member),
    )  # fmt: skip


def _entitled(
    item: FundingItem, member: Member | None, line: FundingLine | None, entries: Sequence[Entry]
) -> tuple[Decimal | None, str]:
    if line is None or member is None:
        return None, "没有读到算得出应得数的工作簿（发放当年的登记工作簿）" if entries else "没有记录"
    if line.verdict == Verdict.NOT_MET and item.once and awards_of(member.book).of(member.i, _titles(item)):
        return None, f"{line.reason}；发放当年的工作簿没有读入，不能核对应得数"
    if line.amount is None:
        return None, line.reason
    if item.remaining is None or _support_year(member) not in item.remaining.years:
        return line.amount, ""
    case = Case(member.book.register, member.i, member.book.as_of, {}, awards_of(member.book))
    before = case.number(item.remaining.paid)
    if before is None or before[0] != before[1]:
        return None, f"{member.book.register.pack.label(item.remaining.paid)}不确定"
    return line.amount + to_yuan(before[0], case.unit(item.remaining.paid)), ""


def closed_by_award(account: Account) -> bool:
    """Whether the item is closed only because its one award stands in the history already."""
    member = account.member
    if member is None or not account.item.once or account.verdict != Verdict.NOT_MET:
        return False
    return bool(awards_of(member.book).of(member.i, _titles(account.item)))


def _titles(item: FundingItem) -> tuple[str, ...]:
    return (item.id, item.label, *item.once)


def _support_year(member: Member) -> int | None:
    spec = member.book.register.pack.funding.support_year
    if spec is None:
        return None
    return spec.years.get(member.book.register.columns[spec.fact].text(member.i))


def _typed(item: FundingItem, member: Member | None) -> Sum:
    if not item.approved or member is None:
        return NOTHING
    column = member.book.register.columns[item.approved]
    value = column.exact(member.i)
    if value is None:
        return NOTHING
    return Sum(to_yuan(value, column.spec.unit), (member.book.at(column.cell(member.i)),))


def _result(member: Member | None) -> str:
    """The office's result of the year, where the measure's evaluation is one by contract."""
    if member is None or not member.book.register.pack.evaluation.outcome:
        return ""
    column = member.book.register.columns[member.book.register.pack.evaluation.outcome]
    return column.spec.choice_label(column.text(member.i)) if column.has(member.i) else ""
