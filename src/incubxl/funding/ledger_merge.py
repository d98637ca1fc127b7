"""Rows of money from several sheets and workbooks as one list: each payment once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from incubxl.funding.ledger_rows import Entry, Rows
from incubxl.register.fold import squash


def gathered(read: Iterable[Rows], as_of: dt.date) -> tuple[dict[str, tuple[Entry, ...]], dict[str, tuple[str, ...]]]:
    """By key the entries of these workbooks up to ``as_of``, each once, and the cells of rows not counted."""
    found: dict[str, list[Entry]] = defaultdict(list)
    broken: dict[str, list[str]] = defaultdict(list)
    for rows in read:
        for key, mine in rows.entries.items():
            found[key] += [e for e in mine if e.on is None or e.on <= as_of]
        for key, cells in rows.broken.items():
            broken[key] += cells
    return (
        {key: tuple(merged(mine)) for key, mine in sorted(found.items())},
        {key: tuple(sorted(set(cells))) for key, cells in sorted(broken.items())},
    )


def merged(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of one organisation from several sheets and workbooks, each payment as often as one sheet has it.

    The same amount of the same item on the same day is one payment however many workbooks repeat it, unless they name
    different documents; a row that has only the year goes with a dated one of that year and amount.
    """
    alike: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        alike[entry.item, entry.stage, entry.kind, entry.amount, entry.year].append(entry)
    found = [entry for same in alike.values() for entry in _once(same)]
    return sorted(found, key=_order)


def _once(same: Sequence[Entry]) -> Iterator[Entry]:
    by_source: dict[str, list[Entry]] = defaultdict(list)
    for entry in same:
        by_source[entry.source].append(entry)
    made: list[list[Entry]] = []  # each payment with all rows that tell it
    for day in sorted({e.on for e in same if e.on is not None}):
        made += _of_one_day([e for _, pile in sorted(by_source.items()) for e in pile if e.on == day])
    undated = [sorted((e for e in pile if e.on is None), key=_order) for _, pile in sorted(by_source.items())]
    for pile in undated:
        own = {e.source for e in pile}
        free = [n for n in range(len(made)) if not own & {e.source for e in made[n]}]
        for entry in pile:
            if free:
                made[free.pop(0)].append(entry)
            else:
                made.append([entry])
    for rows in made:
        first = min(rows, key=_order)
        cells = tuple(sorted({cell for row in rows for cell in row.cells}))
        number = next((row.document_number for row in sorted(rows, key=_order) if row.document_number), "")
        dated = next((row.on for row in rows if row.on is not None), None)
        yield Entry(first.item, first.stage, first.kind, first.year, dated, first.amount, number, first.source, cells)


def _of_one_day(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Rows of one item, kind, amount and day: those of different sheets go together unless both name a document."""
    found: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda e: (not e.document_number, *_order(e))):  # with a number first
        number = _number(entry)
        free = [rows for rows in found if entry.source not in {e.source for e in rows}]
        exact = [rows for rows in free if number in map(_number, rows)]
        blank = [rows for rows in free if not number or not any(e.document_number for e in rows)]
        home = next(iter([*exact, *blank]), None)
        if home is None:
            found.append([entry])
        else:
            home.append(entry)
    return found


def _number(entry: Entry) -> str:
    """The document's number however its brackets are typed."""
    return "".join(filter(str.isalnum, squash(entry.document_number)))


def _order(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.item, entry.stage or 0, entry.kind, entry.year or 0, entry.on or dt.date.max, entry.amount,
        entry.document_number, entry.cells,
    )  # fmt: skip
