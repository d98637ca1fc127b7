"""Earlier awards of the same applicant, found by its id or by its credit code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from incubxl.money import WAN
from incubxl.register.model import PastEvent, Register, Table

HISTORY = "history"


class Awards:
    """All awards on the history sheet, also those whose row names an earlier year's applicant id."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._by_owner: dict[int, list[PastEvent]] = defaultdict(list)
        self._by_code: dict[str, list[PastEvent]] = defaultdict(list)
        table = register.tables.get(HISTORY)
        for row in range(table.height if table is not None else 0):
            if table is not None and table.columns["kind"].text(row) == "award":
                event = _event(table, row)
                self._by_owner[int(table.owner[row])].append(event)
                if event.uscc:
                    self._by_code[event.uscc].append(event)

    def of(self, i: int, titles: Iterable[str]) -> list[PastEvent]:
        """Awards of applicant ``i`` with one of these titles, each once, as they stand."""
        if not self._by_owner:
            return []
        wanted = {title.strip() for title in titles}
        code = self._register.columns["uscc"].text(i)
        found = [*self._by_owner.get(i, ()), *(self._by_code.get(code, ()) if code else ())]
        return list(dict.fromkeys(e for e in found if e.what.strip() in wanted))


def _event(table: Table, row: int) -> PastEvent:
    columns = table.columns
    amount = columns["amount"].exact(row)
    year = columns["year"].exact(row)
    return PastEvent(
        kind="award",
        what=columns["what"].text(row),
        on=columns["on"].day(row),
        year=None if year is None else int(year),
        amount=None if amount is None else amount * (WAN if columns["amount"].spec.unit == "万元" else 1),
        cell=columns["what"].cell(row),
        uscc=columns["uscc"].text(row),
    )
