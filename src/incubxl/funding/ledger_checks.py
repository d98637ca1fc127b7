"""What the accounts must keep: paid ≤ approved ≤ entitled, nothing early, nothing twice, every control. All is told."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incubxl.funding.ledger import Account, State, Years, closed_by_award
from incubxl.funding.ledger_controls import Control, lifetimes, tell, totals
from incubxl.funding.ledger_rows import Entry, Kind
from incubxl.issues import Issue
from incubxl.money import in_words
from incubxl.verdict import Verdict

ZERO = Decimal(0)
_OVER: tuple[tuple[Kind, str, str], ...] = (
    ("verified", "ledger.over_used", "used"),
    ("refunded", "ledger.over_refunded", "refunded"),
)


@dataclass(frozen=True)
class Checked:
    """Findings by account, and the controls."""

    states: Mapping[int, State]  # index in Years.accounts
    controls: tuple[Control, ...]
    issues: tuple[Issue, ...]


def check(years: Years) -> Checked:
    """Look at every account and every control."""
    found: list[Issue] = []
    states: dict[int, State] = {}
    for n, account in enumerate(years.accounts):
        mine = list(_account(account))
        found += mine
        states[n] = _state(account, mine)
    controls: list[Control] = []
    for control, problems in (*lifetimes(years), *totals(years)):
        controls.append(control)
        found += problems
    return Checked(states, tuple(controls), tuple(dict.fromkeys(found)))


def stage_words(stage: int | None) -> str:
    """第二年 as the sheets write it; empty for an item without stages."""
    return f"第{'零一二三四五六七八九十'[stage] if 0 < stage <= 10 else stage}年" if stage is not None else ""


def _state(account: Account, found: Sequence[Issue]) -> State:
    if any(problem.severity == "error" for problem in found):
        return "wrong"
    if account.broken or any(problem.severity == "warning" for problem in found):
        return "unknown"
    if account.verdict == Verdict.PENDING:
        return "pending"
    if account.verdict == Verdict.UNKNOWN or (account.entitled is None and account.entries):
        return "unknown"
    return "agrees" if account.entries or account.entitled is not None else "nothing"


def _about(account: Account, cells: Iterable[str]) -> dict[str, Any]:
    return {
        "name": account.incubator.name or account.incubator.code,
        "item": account.item.label,
        "stage": stage_words(account.stage),
        "clause": account.item.clause,
        "cells": "、".join(dict.fromkeys(cells)),
    }


def _account(a: Account) -> Iterator[Issue]:
    paid, approved, entitled = a.sums["paid"], a.approved, a.entitled
    if paid.amount is not None and approved.amount is not None and paid.amount > approved.amount:
        cells = (*paid.cells, *approved.cells)
        over = in_words(paid.amount - approved.amount)
        told = {"paid": in_words(paid.amount), "approved": in_words(approved.amount), "over": over}
        yield tell("ledger.paid_over_approved", cells, **_about(a, cells), **told)
    ordered = a.sums["approved"]  # what the register's column holds is itself one of the limits, not an act
    if ordered.amount is not None and entitled is not None and ordered.amount > entitled:
        over = in_words(ordered.amount - entitled)
        told = {"approved": in_words(ordered.amount), "entitled": in_words(entitled), "over": over}
        yield tell("ledger.approved_over_entitled", ordered.cells, **_about(a, ordered.cells), **told)
    if paid.amount is not None and ordered.amount is None and entitled is not None and paid.amount > entitled:
        over = in_words(paid.amount - entitled)
        told = {"paid": in_words(paid.amount), "entitled": in_words(entitled), "over": over}
        yield tell("ledger.paid_over_entitled", paid.cells, **_about(a, paid.cells), **told)
    recorded = max((s.amount for s in (paid, a.sums["approved"]) if s.amount is not None), default=ZERO)
    if a.verdict == Verdict.NOT_MET and recorded > 0 and not closed_by_award(a):
        cells = (*paid.cells, *a.sums["approved"].cells)
        yield tell("ledger.not_entitled", cells, **_about(a, cells), reason=a.reason, amount=in_words(recorded))
    if paid.amount and approved.amount is None and not a.broken and not a.item.once:
        yield tell("ledger.no_approval", paid.cells, **_about(a, paid.cells), paid=in_words(paid.amount))
    yield from _early(a)
    yield from _twice(a)
    yield from _more_than_paid(a)


def _more_than_paid(a: Account) -> Iterator[Issue]:
    paid = a.sums["paid"]
    if a.broken:
        return
    for kind, code, name in (
        ("verified", "ledger.over_used", "used"),
        ("refunded", "ledger.over_refunded", "refunded"),
    ):
        got = a.sums[kind]  # type: ignore[index]
        if got.amount is not None and got.amount > (paid.amount or ZERO):
            cells = (*got.cells, *paid.cells)
            told = {name: in_words(got.amount), "paid": in_words(paid.amount or ZERO)}
            yield tell(code, cells, **_about(a, cells), **told)


def _early(a: Account) -> Iterator[Issue]:
    paid = [entry for entry in a.entries if entry.kind == "paid"]
    if not a.item.not_before or not paid or not a.members:
        return
    days = [m.book.register.columns[a.item.not_before].day(m.i) for m in a.members]
    day = next((day for day in reversed(days) if day is not None), None)
    label = a.members[-1].book.register.pack.label(a.item.not_before)
    undated = [entry for entry in paid if entry.on is None]
    if day is None or undated:
        cells = [cell for entry in (undated or paid) for cell in entry.cells]
        lacks = "、".join(word for word, lacking in ((label, day is None), ("拨付日期", bool(undated))) if lacking)
        yield tell("ledger.no_day", cells, **_about(a, cells), lacks=lacks, label=label)
    for entry in paid:
        if day is not None and entry.on is not None and entry.on < day:
            told = {"on": entry.on, "amount": in_words(entry.amount), "label": label, "day": day}
            yield tell("ledger.early", entry.cells, **_about(a, entry.cells), **told)


def _twice(a: Account) -> Iterator[Issue]:
    paid = [entry for entry in a.entries if entry.kind == "paid"]
    if a.item.once:
        if len(paid) > 1:
            cells = [cell for entry in paid for cell in entry.cells]
            whole = in_words(sum((entry.amount for entry in paid), ZERO))
            yield tell("ledger.once", cells, **_about(a, cells), times=len(paid), paid=whole)
        return
    for same in _alike(paid):
        cells = [cell for entry in same for cell in entry.cells]
        told = {"amount": in_words(same[0].amount), "times": len(same)}
        yield tell("ledger.twice", cells, **_about(a, cells), **told)


def _alike(paid: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Payments that are one written twice: one document and amount, or one day and amount without telling documents."""
    by_document: dict[tuple[Decimal, str], list[Entry]] = defaultdict(list)
    by_day: dict[tuple[Decimal, dt.date | None], list[Entry]] = defaultdict(list)
    for entry in paid:
        if entry.document_number:
            by_document[entry.amount, entry.document_number].append(entry)
        by_day[entry.amount, entry.on].append(entry)
    told: set[int] = set()
    for same in by_document.values():
        if len(same) > 1:
            told |= {id(entry) for entry in same}
            yield same
    for (_, on), same in by_day.items():
        numbers = Counter(entry.document_number for entry in same)
        rest = [entry for entry in same if id(entry) not in told]
        if on is not None and len(same) > 1 and numbers[""] and rest:
            yield same
