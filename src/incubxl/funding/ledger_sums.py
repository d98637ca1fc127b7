"""Sums of ledger rows of one kind, with the rows behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.funding.ledger_rows import Entry, Kind

ZERO = Decimal(0)


@dataclass(frozen=True)
class Sum:
    """An amount with the rows behind it; ``amount`` None: nothing is recorded, or a row could not be counted."""

    amount: Decimal | None = None
    cells: tuple[str, ...] = ()


NOTHING = Sum()


def total(entries: Iterable[Entry], kind: Kind, broken: Sequence[str] = ()) -> Sum:
    """The sum of one kind; None where nothing is recorded or where a row could not be counted."""
    mine = [entry for entry in entries if entry.kind == kind]
    cells = tuple(cell for entry in mine for cell in entry.cells)
    if broken or not mine:
        return Sum(None, (*cells, *broken) if mine else ())
    return Sum(sum((entry.amount for entry in mine), ZERO), cells)
