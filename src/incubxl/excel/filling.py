"""Values into cells of the user's own sheets: only those that a person has said yes to, and back again by 撤销上次写入.

Nothing else writes there. A cell is written only while it holds what it held when the person was asked, and is put
back only while it holds what was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from incubxl.excel.refused import RefusedError
from incubxl.files.dates import DateKind, format_kind
from incubxl.grid import address
from incubxl.money import plain
from incubxl.publish.fill import Fill

Raw = str | float | bool | None  # as Value2 gives it
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_TEXT = "@"


class Cell(NamedTuple):
    """One cell's change, as the memory keeps it."""

    sheet: str
    cell: str
    before: Raw
    after: Raw


def planned(book: Any, fills: Sequence[Fill]) -> tuple[list[Cell], list[Fill]]:
    """What each cell holds and will hold, and the fills whose cells hold a formula or an error: those are left.

    Raises RefusedError for a protected sheet.
    """
    date_1904 = bool(book.Date1904)
    sheets: dict[str, Any] = {}
    cells: list[Cell] = []
    left: list[Fill] = []
    for one in fills:
        sheet = sheets.setdefault(one.sheet, book.Worksheets(one.sheet))
        if sheet.ProtectContents:
            raise RefusedError(f"「{one.sheet}」受保护，不能写入", "请在「审阅」里撤消工作表保护，再点一次")
        place = address(one.row, one.column)
        target = sheet.Range(place)
        before = target.Value2
        if target.HasFormula or type(before) is int:  # Excel gives errors as whole numbers
            left.append(one)
            continue
        cells.append(Cell(one.sheet, place, before, _raw(one.value, str(target.NumberFormat), date_1904)))
    return cells, left


def _raw(value: str | int | float | Decimal | dt.date, code: str, date_1904: bool) -> Raw:
    """What the cell will hold: a date as its day number where the cell shows dates, else as text."""
    if isinstance(value, dt.date):
        if format_kind(code) is not DateKind.DATE:
            return value.isoformat()
        return float((value - (_EPOCH_1904 if date_1904 else _EPOCH)).days)
    if isinstance(value, str):
        return value
    return plain(Decimal(str(value))) if code == _TEXT else float(value)


def write_cells(book: Any, cells: Sequence[Cell]) -> int:
    """Write them; gives how many. One that somebody has changed meanwhile stays."""
    return sum(_exchange(book, c.sheet, c.cell, c.before, c.after) for c in cells)


def take_back(book: Any, cells: Sequence[Cell]) -> tuple[int, list[str]]:
    """Put them back; gives how many, and the cells that hold something else by now."""
    changed = [
        f"{c.sheet}!{c.cell}" for c in cells
        if not _exchange(book, c.sheet, c.cell, c.after, c.before) and _now(book, c) != c.before
    ]  # fmt: skip
    return len(cells) - len(changed), changed


def _now(book: Any, cell: Cell) -> Raw:
    there = {str(sheet.Name) for sheet in book.Worksheets}
    value: Raw = book.Worksheets(cell.sheet).Range(cell.cell).Value2 if cell.sheet in there else None
    return value


def _exchange(book: Any, sheet: str, cell: str, old: Raw, new: Raw) -> bool:
    """Put ``new`` where ``old`` stands; whether it did."""
    if sheet not in {str(s.Name) for s in book.Worksheets}:
        return False
    target = book.Worksheets(sheet).Range(cell)
    if target.Value2 != old or target.HasFormula:
        return False
    text = isinstance(new, str) and str(target.NumberFormat) != _TEXT
    target.Value = f"'{new}" if text else new
    return True
