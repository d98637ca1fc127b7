"""The open workbook to a Grid: one block read per sheet, and bounded questions about hidden and merged rows.

Only sheets that the workbook's measure knows are read: what stands on the others (a cover form, notes, charts) has no
part in any result, on disk neither, and must not refuse a button.

Excel gives errors as whole numbers (CVErr), every other number as a float, dates as datetimes, and numbers in a
currency format as Decimals cut to four places, which are therefore read once more as plain numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from incubxl.excel.packs import packs
from incubxl.excel.refused import RefusedError
from incubxl.grid import CellKind, CellValue, Grid, Sheet, address
from incubxl.policy.fields import Field
from incubxl.register.fold import squash
from incubxl.register.headers import find_header
from incubxl.register.rows import filled_rows
from incubxl.register.settings import peek_pack
from incubxl.register.sheets import REGISTER, SETTINGS

Sheets = Mapping[str, Any]  # Excel's Worksheets by title, in the order of the tabs; None for one without cells
Rectangle = tuple[int, int, int, int]  # first row, first column, last row, last column; 0-based, inclusive
_ERROR_BASE = -2146828288
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!",
    2049: "#FIELD!", 2050: "#CALC!",
}  # fmt: skip
_MOST_CELLS = 4_000_000
_MOST_QUESTIONS = 120  # to Excel about one sheet's merged cells, or its hidden rows
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
_MANUAL = -4135
VISIBLE = -1
_MARCH_1900 = dt.date(1900, 3, 1)  # before it Excel's day numbers are one behind the calendar


def read_book(book: Any, skip: Collection[str] = (), used: Callable[[str], bool] | None = None) -> tuple[Grid, Sheets]:
    """What the sheets of ``book`` (Excel's Workbook) show, saved or not, and all its sheets.

    Sheets in ``skip`` are not in the grid; those that are not ``used`` (usually: unknown to the measure that 设置
    names) are there without cells. Raises RefusedError for a sheet that cannot be read as a whole.
    """
    title = str(book.Name)
    manual = book.Application.Calculation == _MANUAL
    listed = [(str(sheet.Name), sheet) for sheet in book.Worksheets]
    read: dict[str, Sheet] = {}
    fields: Mapping[str, Sequence[Field]] = {}
    if used is None:
        settings = [(name, sheet) for name, sheet in listed if name not in skip and squash(name) == squash(SETTINGS)]
        read = {name: _read_sheet(sheet, name, manual) for name, sheet in settings}
        fields = _known(Grid(title, read))
        used = lambda name: squash(name) in fields  # noqa: E731
    sheets: dict[str, Sheet] = {}
    for name, sheet in listed:
        if name in skip:
            continue
        if name in read:
            sheets[name] = read[name]
        elif used(name):
            sheets[name] = _read_sheet(sheet, name, manual, fields.get(squash(name), ()))
        else:
            sheets[name] = Sheet(name, ())
    grid = Grid(title, sheets, date_1904=bool(book.Date1904))
    worksheets, everything = dict(listed), book.Sheets
    if everything.Count != len(listed):
        return grid, {name: worksheets.get(name) for name in (str(sheet.Name) for sheet in everything)}
    return grid, worksheets


def _known(settings: Grid) -> dict[str, Sequence[Field]]:
    """The sheets that the workbook's measure reads, by squashed name, with the columns that each may have."""
    store = packs()
    id, _ = peek_pack(settings)
    tables = store.pack(id).tables if id in store.ids else ()
    known: dict[str, Sequence[Field]] = {squash(name): () for name in (SETTINGS, *REGISTER)}
    return known | {squash(name): table.columns for table in tables for name in (table.sheet, *table.aliases)}


def _waits(sheet: Sheet, fields: Sequence[Field]) -> bool:
    """Whether a sheet has its whole header and nothing below it: merged or hidden cells, or that it is hidden itself,
    say nothing."""
    header = find_header(sheet, fields) if fields and sheet.height else None
    return header is not None and len(header.columns) == len(fields) and not filled_rows(sheet, header)


def _read_sheet(sheet: Any, name: str, manual: bool, fields: Sequence[Field] = ()) -> Sheet:
    used = sheet.UsedRange
    top, left, bottom, right = _corners(used.Address)
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        raise RefusedError(
            f"「{name}」的已用区域大到{address(bottom, right)}，多半是整行整列设过格式",
            "请删除末尾的空行空列（按 Ctrl+End 可以看到末尾在哪里）、保存，再点一次",
        )
    block = _block(used.Value)
    if any(type(value) is Decimal for row in block for value in row):
        plain = _block(used.Value2)
        block = [
            [p if type(v) is Decimal else v for v, p in zip(row, other, strict=True)]
            for row, other in zip(block, plain, strict=True)
        ]
    special: dict[tuple[int, int], tuple[CellKind, str]] = {}
    rows: list[list[CellValue]] = [[None] * (right + 1) for _ in range(top)]
    for r, values in enumerate(block, top):
        rows.append([None] * left + [_value(value, (r, c), special) for c, value in enumerate(values, left)])
    if manual and used.HasFormula is not False:
        _mark_uncomputed(_block(used.Formula), rows, top, left, special)
    rows = _trimmed(rows, special)
    if not special and _waits(found := Sheet(name, rows), fields):
        return found
    merged = _merged(sheet, name, (top, left, bottom, right), used.MergeCells)
    hidden_rows = _hidden(sheet, (top, left, bottom, right), used.EntireRow.Hidden)
    return Sheet(name, rows, special, sheet.Visible != VISIBLE, hidden_rows, merged)


def _block(value: Any) -> list[Any]:
    """A range's values as rows; a single cell comes bare."""
    return list(value) if isinstance(value, tuple) else [(value,)]


def _corners(reference: str) -> Rectangle:
    """``$B$2:$D$9``, ``$B$2``, whole columns ``$A:$C``, or whole rows ``$1:$7``."""
    first, _, last = reference.replace("$", "").partition(":")
    (top, left), (bottom, right) = _cell(first), _cell(last or first)
    return (
        0 if top is None else top,
        0 if left is None else left,
        _LAST_ROW if bottom is None else bottom,
        _LAST_COLUMN if right is None else right,
    )


def _cell(reference: str) -> tuple[int | None, int | None]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    digits = reference[len(letters) :]
    return int(digits) - 1 if digits else None, column - 1 if letters else None


def _value(value: Any, at: tuple[int, int], special: dict[tuple[int, int], tuple[CellKind, str]]) -> CellValue:
    if value is None or value == "":
        return None
    if type(value) is int:
        special[at] = (CellKind.ERROR, _ERRORS.get(value - _ERROR_BASE, f"#{value - _ERROR_BASE}"))
        return None
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, str | float | bool):
        return value
    raise TypeError(f"a cell of a kind that Excel does not have: {type(value).__name__}")


def _moment(value: dt.datetime) -> dt.date | dt.datetime | dt.time:
    """As the file reader gives it: a date at midnight, a time of day for a serial below 1, else both."""
    moment = value.replace(tzinfo=None, microsecond=round(value.microsecond, -3) % 1_000_000)
    moment = dt.datetime(*moment.timetuple()[:6], moment.microsecond)  # noqa: DTZ001  (cells know no time zone)
    if moment.date() == dt.date(1899, 12, 30):
        return moment.time()
    if moment.date() < _MARCH_1900:
        moment += dt.timedelta(days=1)
    return moment.date() if moment.time() == dt.time() else moment


def _mark_uncomputed(
    formulas: list[Any],
    rows: list[list[CellValue]],
    top: int,
    left: int,
    special: dict[tuple[int, int], tuple[CellKind, str]],
) -> None:
    """Under manual calculation a formula may never have been computed: it shows nothing, and is not blank."""
    for r, line in enumerate(formulas, top):
        for c, formula in enumerate(line, left):
            if isinstance(formula, str) and formula.startswith("=") and rows[r][c] is None and (r, c) not in special:
                special[(r, c)] = (CellKind.UNCACHED, formula)


def _trimmed(rows: list[list[CellValue]], special: Collection[tuple[int, int]]) -> list[list[CellValue]]:
    """Without the empty rows and columns that formatting alone has added at the end."""
    height = max((r for r, _ in special), default=-1) + 1
    width = max((c for _, c in special), default=-1) + 1
    for r, row in enumerate(rows):
        filled = next((c for c in range(len(row) - 1, -1, -1) if row[c] is not None), -1)
        if filled >= 0:
            height, width = r + 1 if r >= height else height, max(width, filled + 1)
    return [row[:width] for row in rows[:height]]


def _merged(sheet: Any, name: str, used: Rectangle, whole: bool | None) -> tuple[Rectangle, ...]:
    """Merged areas, found by halving: Excel answers False, True or (mixed) None for an area."""
    found: set[Rectangle] = set()

    def look(part: Rectangle) -> bool | None:
        if any(_inside(part, area) for area in found):
            return False
        return bool_or_none(sheet.Range(_reference(part)).MergeCells)

    def take(part: Rectangle) -> None:
        area = sheet.Range(_reference((*part[:2], *part[:2]))).MergeArea
        found.add(_corners(area.Address))

    if not _halve(used, bool_or_none(whole), look, take):
        raise RefusedError(f"「{name}」里合并单元格太多，不能逐个看清", "请取消这张表里的合并单元格，再点一次")
    return tuple(sorted(found))


def _hidden(sheet: Any, used: Rectangle, whole: bool | None) -> frozenset[int]:
    """Hidden and filtered rows. They count like others and are only mentioned: beyond the limit those found are."""
    found: set[int] = set()

    def look(part: Rectangle) -> bool | None:
        return bool_or_none(sheet.Range(_reference(part)).EntireRow.Hidden)

    def take(part: Rectangle) -> None:
        found.update(range(part[0], part[2] + 1))

    _halve((used[0], 0, used[2], 0), bool_or_none(whole), look, take)
    return frozenset(found)


def _halve(
    area: Rectangle, whole: bool | None, look: Callable[[Rectangle], bool | None], take: Callable[[Rectangle], None]
) -> bool:
    """Ask ``look`` about ever smaller parts of a mixed area; ``take`` what is True. False: too many questions."""
    parts = [(area, whole)]
    asked = 0
    while parts:
        part, answer = parts.pop()
        if answer is False:
            continue
        r0, c0, r1, c1 = part
        if answer or (r0, c0) == (r1, c1):
            take(part)
            continue
        if r1 > r0:
            middle = (r0 + r1) // 2
            halves = [(r0, c0, middle, c1), (middle + 1, c0, r1, c1)]
        else:
            middle = (c0 + c1) // 2
            halves = [(r0, c0, r1, middle), (r0, middle + 1, r1, c1)]
        for half in halves:
            asked += 1
            if asked > _MOST_QUESTIONS:
                return False
            parts.append((half, look(half)))
    return True


def bool_or_none(value: Any) -> bool | None:
    """Excel's True, False or Null."""
    return None if value is None else bool(value)


def _inside(part: Rectangle, area: Rectangle) -> bool:
    return part[0] >= area[0] and part[1] >= area[1] and part[2] <= area[2] and part[3] <= area[3]


def _reference(part: Rectangle) -> str:
    r0, c0, r1, c1 = part
    return f"{address(r0, c0)}:{address(r1, c1)}"
