"""Typed sums of money held against the ledger: where both say the same thing they must say one number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.funding.amounts import to_yuan
from incubxl.funding.case import Case
from incubxl.funding.items import support_year
from incubxl.funding.ledger_rows import KIND_WORDS, Entry, Items, awards_of, key_of
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import in_words
from incubxl.policy.recorded import Recorded
from incubxl.register.across import Book

ZERO = Decimal(0)


@dataclass(frozen=True)
class Held:
    """``contested``: per applicant's index the facts that the ledger contradicts, with the words why."""

    contested: Mapping[int, Mapping[str, str]]
    issues: tuple[Issue, ...]


def held_against(book: Book, entries: Mapping[str, Sequence[Entry]], broken: Mapping[str, Sequence[str]]) -> Held:
    """Every fact of ``book`` that its pack says the ledger holds too, up to the book's as-of date.

    A fact left empty says nothing, and what no row records is not known: neither contradicts. Where rows could not be
    read, only what is more than the fact says does.
    """
    contested: dict[int, dict[str, str]] = {}
    issues: list[Issue] = []
    register = book.register
    specs, items = register.pack.funding.recorded, Items(register.pack)
    for i in range(register.size) if specs and (entries or broken) else ():
        key = key_of(book, i)
        mine, unread = entries.get(key, ()), broken.get(key, ())
        if not mine and not unread:
            continue
        case = Case(register, i, book.as_of, {}, awards_of(book))
        for spec in specs:
            rows = [e for e in mine if not (spec.elsewhere and e.source.startswith(f"{book.file}："))]
            told, problem = _held(book, case, spec, items, rows, unread)
            issues += problem
            if told:
                contested.setdefault(i, {})[spec.fact] = told
    return Held(contested, tuple(issues))


def _held(
    book: Book, case: Case, spec: Recorded, items: Items, entries: Sequence[Entry], unread: Sequence[str]
) -> tuple[str, list[Issue]]:
    """Why the fact cannot be used (empty: it can), and what is to be told."""
    found = case.number(spec.fact)
    if found is None or found[0] != found[1]:
        return "", []
    typed = to_yuan(found[0], case.unit(spec.fact))
    before, now = _rows(case, spec, items, entries)
    sums = list(_sums(before, now))
    cells = tuple(dict.fromkeys(cell for entry in (*before, *now) for cell in entry.cells))
    at = case.cells(spec.fact)
    seen = {
        "label": case.pack.label(spec.fact), "typed": in_words(typed), "at": "、".join(map(book.at, at)),
        "kind": KIND_WORDS[spec.kind],
    }  # fmt: skip
    place = _place(book, at)
    applicant = case.register.ids[case.i]
    if not before and (not now or typed not in sums):  # of what was before this time nothing is recorded
        kept = any(entry.kind == spec.kind for entry in entries)
        if not unread and kept and typed > 0:
            return "", [issue("funding.ledger_lacks", place, applicant=applicant, **seen)]
    elif typed not in sums and (not unread or typed < sums[0]):
        whole = in_words(sums[0])
        if sums[-1] != sums[0]:
            whole += f"（连同本次及另列的为{in_words(sums[-1])}）"
        why = (
            f"「{seen['label']}」登记为{seen['typed']}（{seen['at']}），"
            f"{_sheets(cells)}{seen['kind']}为{whole}（{'、'.join(cells)}），两处不一致"
        )
        return why, [issue("funding.ledger_differs", place, applicant=applicant, why=why)]
    if unread:
        seen["cells"] = "、".join(unread)
        return "", [issue("funding.ledger_unread", place, applicant=applicant, **seen)]
    return "", []


def _rows(
    case: Case, spec: Recorded, items: Items, entries: Sequence[Entry]
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The ledger's rows that the fact counts, and those that it may count or leave out: of this time, or apart."""
    register = case.register
    own, stage = register.tracks[case.i], support_year(case)
    before: list[Entry] = []
    now: list[Entry] = []
    for entry in entries:
        item = register.pack.funding.item(entry.item)
        if (
            entry.kind != spec.kind
            or (spec.items and item.id not in spec.items)
            or (spec.payer and items.payer_of[item.id] != spec.payer)
            or (spec.stages and entry.stage not in spec.stages)
            or (spec.other_tracks and (not item.tracks or not own or own in item.tracks))
            or (spec.of and register.columns[spec.of].text(case.i) not in item.tracks)
            or _later(entry, case.as_of)
        ):
            continue
        if spec.before and item.yearly and stage is not None and entry.stage is not None and entry.stage > stage:
            continue
        this_time = entry.stage == stage if item.yearly else entry.year is None or entry.year >= register.settings.year
        apart = bool(spec.apart) and register.columns[spec.apart].text(case.i) in item.tracks
        (now if apart or (spec.before and this_time) else before).append(entry)
    return tuple(before), tuple(sorted(now, key=lambda e: e.on or dt.date.max))


def _later(entry: Entry, as_of: dt.date) -> bool:
    return entry.on > as_of if entry.on is not None else entry.year is not None and entry.year > as_of.year


def _sums(before: Iterable[Entry], now: Iterable[Entry]) -> Iterator[Decimal]:
    """What the fact may say: the rows before this time, with none, one, two … of this time's."""
    amount = sum((entry.amount for entry in before), ZERO)
    yield amount
    for entry in now:
        amount += entry.amount
        yield amount


def _sheets(cells: Iterable[str]) -> str:
    """「资金台账」「历史记录」: the sheets of these cells (``file：sheet!cell``)."""
    return "".join(dict.fromkeys(f"「{cell.rpartition('：')[2].partition('!')[0]}」" for cell in cells))


def _place(book: Book, at: Sequence[str]) -> Place:
    sheet, _, cell = (at[0] if at else "").partition("!")
    return Place(sheet, re.split("[，（]", cell)[0], book.file)  # what is said of the cells stands behind them
