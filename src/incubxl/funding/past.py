"""Earlier awards of the same applicant, by its id or by its credit code: on the history sheet and in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from decimal import Decimal
from functools import cached_property

from incubxl.money import WAN
from incubxl.register.fold import squash
from incubxl.register.model import Column, PastEvent, Register, Table

HISTORY, LEDGER = "history", "ledger"


class Awards:
    """All awards paid before, also those whose row names an earlier year's applicant id.

    A payment in the ledger is one that was made in an earlier year than the register's: the year's own payment is of
    the award that is being looked at. One that has neither year nor day may be either.
    """

    def __init__(self, register: Register, *, in_ledger: bool = True) -> None:
        self._register = register
        self._history, self._ledger = _Shelf(), _Shelf()
        for table, shelf, kind in (
            (register.tables.get(HISTORY), self._history, "award"),
            (register.tables.get(LEDGER) if in_ledger else None, self._ledger, "paid"),
        ):
            for row in range(table.height if table is not None else 0):
                if table is not None and table.columns["kind"].text(row) == kind:
                    event = _event(table, row, kind, "what" if kind == "award" else "item")
                    if kind == "award" or (event.amount != 0 and _earlier(event, register.settings.year)):
                        shelf.add(int(table.owner[row]), event)

    def of(self, i: int, titles: Iterable[str]) -> list[PastEvent]:
        """Awards of applicant ``i`` with one of these titles, each once, as they stand.

        The history sheet's; where it has none, the ledger's (kind ``paid``): one award may stand on both.
        """
        wanted = {squash(title) for title in titles}
        return self._of(self._history, i, wanted) or self._of(self._ledger, i, wanted)

    def on_history(self, i: int, titles: Iterable[str]) -> list[PastEvent]:
        """``of`` without the ledger."""
        return self._of(self._history, i, {squash(title) for title in titles})

    def unlisted(self, i: int) -> list[PastEvent]:
        """Awards of applicant ``i`` under words that are no title of the measure: which one they were is not known."""
        return [
            e
            for shelf in (self._history, self._ledger)
            for e in self._all(shelf, i)
            if squash(e.what) not in self._names
        ]

    @cached_property
    def _names(self) -> frozenset[str]:
        items = self._register.pack.funding.items
        named = [name for item in items for name in (item.id, item.label, *item.once, *item.names)]
        past = [a.past.titles for item in items for limit in item.limits for a in limit.amount.walk() if a.past]
        return frozenset(squash(name) for name in (*named, *(title for titles in past for title in titles)))

    def _of(self, shelf: _Shelf, i: int, wanted: Container[str]) -> list[PastEvent]:
        return [event for event in self._all(shelf, i) if squash(event.what) in wanted]

    def _all(self, shelf: _Shelf, i: int) -> list[PastEvent]:
        if not shelf.by_owner:
            return []
        code = self._register.columns["uscc"].text(i)
        found = [*shelf.by_owner.get(i, ()), *(shelf.by_code.get(code, ()) if code else ())]
        return list(dict.fromkeys(found))


class _Shelf:
    def __init__(self) -> None:
        self.by_owner: dict[int, list[PastEvent]] = defaultdict(list)
        self.by_code: dict[str, list[PastEvent]] = defaultdict(list)

    def add(self, owner: int, event: PastEvent) -> None:
        self.by_owner[owner].append(event)
        if event.uscc:
            self.by_code[event.uscc].append(event)


def _earlier(event: PastEvent, year: int) -> bool:
    paid = event.year if event.year is not None else event.on.year if event.on is not None else None
    return paid is None or paid < year


def _event(table: Table, row: int, kind: str, what: str) -> PastEvent:
    columns = table.columns
    year = columns["year"].exact(row)
    return PastEvent(
        kind=kind,
        what=columns[what].text(row),
        on=columns["on"].day(row),
        year=None if year is None else int(year),
        amount=_yuan(columns["amount"], row),
        cell=columns[what].cell(row),
        uscc=columns["uscc"].text(row),
    )


def _yuan(column: Column, row: int) -> Decimal | None:
    amount = column.exact(row)
    return None if amount is None else amount * (WAN if column.spec.unit == "万元" else 1)
