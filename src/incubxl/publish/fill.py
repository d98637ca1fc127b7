"""Values into cells of a copy of a workbook, every other byte of it as it was.

Only blank and plain cells are filled: a formula stays. Sheets and, where rows go below an Excel table, its part are
extended by splices at byte offsets; the copy is opened again and compared before it is given.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.files.dates import DateKind, date_styles
from incubxl.files.package import Package, open_package, parse
from incubxl.files.read import read_bytes
from incubxl.files.write_text import clean, escape
from incubxl.grid import CellValue, Grid, address
from incubxl.issues import Issue, register
from incubxl.money import plain
from incubxl.publish.graft.archive import Archive
from incubxl.publish.graft.parts import related
from incubxl.publish.graft.refusal import Refused
from incubxl.publish.graft.splice import Element, Part

register(
    "fill.refused", "error",
    "登记表的副本写不成：{why}；没有写出副本。",
    "请按「拟更新」「新增行」逐项填进登记表；或在 Excel 里另存为 .xlsx 后再运行一次。",
    "登记表带有数字签名",
)  # fmt: skip

Filling = str | int | float | Decimal | dt.date
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Fill:
    """A value for one cell; 0-based."""

    sheet: str
    row: int
    column: int
    value: Filling


@dataclass(frozen=True)
class Filled:
    """The copy; ``left``: the fills whose cells hold a formula. ``formulas``: stored results may be out of date."""

    data: bytes
    left: tuple[Fill, ...]
    formulas: bool


def fill(data: bytes, name: str, fills: Sequence[Fill]) -> Filled | Issue:
    """A copy of the workbook ``name`` with ``fills`` in it, proved; or the issue that says why there is none."""
    package = open_package(data, name)
    if isinstance(package, Issue):
        return package
    try:
        work = _Work(data, package)
        made = work.done(fills)
        _prove(data, made, name, [f for f in fills if f not in work.left], work.changed)
    except Refused as why:
        return why.issue(name)
    return Filled(made, tuple(work.left), work.formulas)


class _Work:
    def __init__(self, data: bytes, package: Package) -> None:
        self.archive, self.package = Archive(data), package
        self.left: list[Fill] = []
        self.changed: dict[str, bytes] = {}
        self.formulas = False
        if any(n.lower().startswith(("_xmlsignatures/", "xl/revisions/")) for n in self.archive.members):
            raise Refused("fill.refused", why="它带有数字签名或修订记录")
        styles = parse(self.archive.read(package.styles), package.styles) if package.styles else None
        self._dates = date_styles(styles) if styles is not None else ()

    def done(self, fills: Sequence[Fill]) -> bytes:
        parts = {sheet.name: sheet.part for sheet in self.package.sheets}
        by_sheet: dict[str, list[Fill]] = {}
        for one in fills:
            by_sheet.setdefault(one.sheet, []).append(one)
        for title, mine in by_sheet.items():
            name = parts.get(title)
            if name is None:
                raise Refused("fill.refused", why=f"没有工作表「{title}」")
            self._sheet(name, mine)
        self.formulas = any(_FORMULA.search(self.archive.read(part)) for part in parts.values() if part)
        if self.formulas:
            self._recalculate()
        return self.archive.rewritten(self.changed, (), ())

    def _sheet(self, name: str, fills: Sequence[Fill]) -> None:
        part = Part(name, self.archive.read(name), 3)
        body = part.root.first("sheetData")
        if body is None:
            raise Refused("fill.refused", why=f"{name} 的写法少见")
        rows = {_number(row): row for row in body.all("row")}
        by_row: dict[int, list[Fill]] = {}
        for one in fills:
            by_row.setdefault(one.row, []).append(one)
        inserted: list[tuple[int, bytes]] = []
        for number, mine in sorted(by_row.items()):
            row = rows.get(number)
            if row is None:
                above = rows.get(max((n for n in rows if n < number), default=-1))
                cells = b"".join(self._cell(body.prefix, one, _style(above, one.column)) for one in _placed(mine))
                prefix = body.prefix
                inserted.append(
                    (number, f'<{prefix}row r="{number + 1}">'.encode() + cells + f"</{prefix}row>".encode())
                )
            else:
                self._row(part, row, mine)
        self._insert(part, body, rows, inserted)
        self._reach(part, max(by_row))
        self.changed[name] = part.edited()
        for relation, entry in related(self.archive, name):
            if relation.kind == "table" and entry:
                self._table(entry, max(by_row), {f.column for f in fills})

    def _row(self, part: Part, row: Element, fills: Sequence[Fill]) -> None:
        cells = {_column(c.attributes.get("r", "")): c for c in row.all("c")}
        if len(cells) != len(list(row.all("c"))) or -1 in cells:
            raise Refused("fill.refused", why=f"{part.name} 的单元格没有写位置")
        new: list[tuple[int, bytes]] = []
        for one in _placed(fills):
            cell = cells.get(one.column)
            if cell is None:
                new.append((one.column, self._cell(row.prefix, one, _style(None, one.column))))
            elif _FORMULA.search(part.text(cell)):
                self.left.append(one)
            else:
                style = cell.attributes.get("s", "")
                part.replace(cell.start, cell.end, self._cell(row.prefix, one, style))
        if row.empty and new:
            part.append(row, b"".join(text for _, text in new))
            return
        for column, text in new:
            after = min((c for c in cells if c > column), default=None)
            at = cells[after].start if after is not None else row.close
            part.replace(at, at, text)

    def _insert(self, part: Part, body: Element, rows: Mapping[int, Element], new: Sequence[tuple[int, bytes]]) -> None:
        if body.empty and new:
            part.append(body, b"".join(text for _, text in new))
            return
        for number, text in new:
            after = min((n for n in rows if n > number), default=None)
            at = rows[after].start if after is not None else body.close
            part.replace(at, at, text)

    def _cell(self, prefix: str, one: Fill, style: str) -> bytes:
        kept = f' s="{style}"' if style else ""
        start = f'<{prefix}c r="{address(one.row, one.column)}"{kept}'
        value = one.value
        if isinstance(value, dt.date):
            if not (style.isdigit() and int(style) < len(self._dates) and self._dates[int(style)] is DateKind.DATE):
                value = value.isoformat()  # a number would be shown as a number
            else:
                epoch = _EPOCH_1904 if self.package.date_1904 else _EPOCH
                value = (value - epoch).days
        if isinstance(value, str):
            text = f'<{prefix}is><{prefix}t xml:space="preserve">{escape(clean(value))}</{prefix}t></{prefix}is>'
            return f'{start} t="inlineStr">{text}</{prefix}c>'.encode()
        written = plain(value) if isinstance(value, Decimal) else repr(value)
        return f"{start}><{prefix}v>{written}</{prefix}v></{prefix}c>".encode()

    def _reach(self, part: Part, row: int) -> None:
        """The sheet's dimension, where rows went below it."""
        dimension = part.root.first("dimension")
        first, _, last = (dimension.attributes.get("ref", "") if dimension else "").partition(":")
        if dimension is not None and last and _row_of(last) < row:
            part.set(dimension, "ref", f"{first}:{last.rstrip('0123456789')}{row + 1}")

    def _table(self, name: str, row: int, columns: set[int]) -> None:
        """An Excel table grows over the rows that went below it."""
        part = Part(name, self.archive.read(name), 1)
        first, _, last = part.root.attributes.get("ref", "").partition(":")
        left, right = _column(first), _column(last)
        if not last or _row_of(last) >= row or not any(left <= c <= right for c in columns):
            return
        if part.root.attributes.get("totalsRowCount", "0") != "0":
            raise Refused("fill.refused", why="明细表带有汇总行，行数不够")
        ref = f"{first}:{last.rstrip('0123456789')}{row + 1}"
        part.set(part.root, "ref", ref)
        if (filtered := part.root.first("autoFilter")) is not None and "ref" in filtered.attributes:
            part.set(filtered, "ref", ref)
        self.changed[name] = part.edited()

    def _recalculate(self) -> None:
        """Excel computes all formulas when it opens the copy."""
        name = self.package.workbook
        part = Part(name, self.archive.read(name), 1)
        settings = part.root.first("calcPr")
        if settings is None:
            return  # Excel computes where nothing is said and the stored results bear no engine's number
        if "fullCalcOnLoad" in settings.attributes:
            part.set(settings, "fullCalcOnLoad", "1")
        else:
            at = settings.start + 1 + len(settings.tag)
            part.replace(at, at, b' fullCalcOnLoad="1"')
        self.changed[name] = part.edited()


def _placed(fills: Sequence[Fill]) -> list[Fill]:
    return sorted(fills, key=lambda f: f.column)


def _number(row: Element) -> int:
    number = row.attributes.get("r", "")
    if not number.isdigit():
        raise Refused("fill.refused", why="行没有写行号")
    return int(number) - 1


def _row_of(reference: str) -> int:
    return int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$") or 0) - 1


def _column(reference: str) -> int:
    """0-based column of an A1 address; -1 for none."""
    index = 0
    for letter in reference.rstrip("0123456789"):
        index = index * 26 + ord(letter) - 64
    return index - 1


def _style(above: Element | None, column: int) -> str:
    """The look of the cell above, for a new one."""
    if above is None:
        return ""
    return next((c.attributes.get("s", "") for c in above.all("c") if _column(c.attributes.get("r", "")) == column), "")


def _prove(old: bytes, made: bytes, name: str, fills: Sequence[Fill], changed: Mapping[str, bytes]) -> None:
    """Raises Refused unless every other part is the same and every cell is what it was or what was asked for."""
    before, after = zipfile.ZipFile(io.BytesIO(old)), zipfile.ZipFile(io.BytesIO(made))
    if before.namelist() != after.namelist():
        raise Refused("fill.refused", why="写出后部件的清单不同")
    for entry in before.namelist():
        if entry not in changed and before.read(entry) != after.read(entry):
            raise Refused("fill.refused", why=f"写出后 {entry} 不同")
    first, second = _grid(old, name), _grid(made, name)
    wanted = {(f.sheet, f.row, f.column): f.value for f in fills}
    for title, sheet in first.sheets.items():
        other = second.sheets[title]
        for row in range(max(sheet.height, other.height)):
            for column in range(max(sheet.width, other.width)):
                is_now, was = (_at(g, title, row, column) for g in (second, first))
                asked = wanted.get((title, row, column))
                if (is_now != was) if asked is None else not _alike(is_now, asked):
                    raise Refused("fill.refused", why=f"写出后 {title}!{address(row, column)} 不同")


def _grid(data: bytes, name: str) -> Grid:
    grid, _ = read_bytes(data, name)
    if grid is None:
        raise Refused("fill.refused", why="写出后读不出来")
    return grid


def _at(grid: Grid, title: str, row: int, column: int) -> CellValue | tuple[object, str]:
    sheet = grid.sheets[title]
    if (row, column) in sheet.special:
        return sheet.special[row, column]
    return sheet.rows[row][column] if row < sheet.height and column < sheet.width else None


def _alike(found: object, asked: Filling) -> bool:
    if isinstance(asked, dt.date):
        return found == asked or found == asked.isoformat()
    if isinstance(asked, str):
        return found == clean(asked)
    return isinstance(found, int | float) and float(found) == float(asked)
