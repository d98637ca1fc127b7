"""The exact reader: one worksheet with lxml, cell by cell, for the parts that calamine cannot or must not read.

Several times slower than calamine, and tolerant: any prefix, quotes and encoding; unknown errors (#SPILL!), cells
without references, single cells at the far corner. It gives the same values as calamine for what both can read.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from incubxl.files.dates import DateKind, date_styles, from_iso, from_serial
from incubxl.files.package import Package, PartError, local, no_entities, parse
from incubxl.files.scan import MAX_COLUMNS, MAX_ROWS, formula_text, split
from incubxl.grid import CellKind, CellValue, Sheet, address

MAX_CELLS = 20_000_000  # of the rectangle's rows that hold something
MAX_FAR = 1_000  # cells too far out to be a slip of the hand: the data itself goes on there

_WHITE = " \t\r\n"
_ESCAPED = re.compile(r"_x(?![Dd][89A-Fa-f]|[Ff]{3}[EFef])([0-9A-Fa-f]{4})_")  # no half characters
_NUMERIC = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_EXCEL_ROWS, _EXCEL_COLUMNS = 1_048_576, 16_384


@dataclass(frozen=True)
class Context:
    """What cells refer to: shared texts and, by style index, how a number is a date."""

    shared: Sequence[str]
    styles: Sequence[DateKind]
    date_1904: bool


@dataclass
class _Cells:
    values: dict[int, dict[int, CellValue]] = field(default_factory=dict)
    special: dict[tuple[int, int], tuple[CellKind, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    far: list[str] = field(default_factory=list)


class TooLarge(Exception):
    """The cells reach too far to be laid out. Arguments: rows, columns that they take at least."""


def context(package: Package) -> Context:
    """Read the shared texts and the styles. Raises PartError."""
    shared = _shared(package.read(package.shared)) if package.shared else []
    styles = date_styles(parse(package.read(package.styles), package.styles)) if package.styles else []
    return Context(shared, styles, package.date_1904)


def read_sheet(part: bytes, name: str, hidden: bool, known: Context) -> tuple[Sheet, list[str]]:
    """The sheet and the addresses of far-out cells that were left out. Raises PartError, TooLarge."""
    cells = _Cells()
    row = -1
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        walk = etree.iterparse(io.BytesIO(part), events=("end",), tag=("{*}row", "{*}mergeCell"), **options)
        for _, element in walk:
            if local(element) == "mergeCell":
                _merge(element, cells)
                continue
            row = _row_number(element.get("r"), row + 2) - 1
            if element.get("hidden") in ("1", "true"):
                cells.hidden_rows.add(row)
            _row(element, row, cells, known)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise PartError(f"XML 在第 {error.lineno} 行中断") from error
    no_entities(walk.root, name)
    sheet = Sheet(
        name, _lay_out(cells), cells.special, hidden, frozenset(cells.hidden_rows), tuple(sorted(cells.merged))
    )
    return sheet, cells.far


def _shared(data: bytes) -> list[str]:
    root = parse(data, "sharedStrings.xml")
    return [_plain_text(item) for item in root if local(item) == "si"]


def _plain_text(item: etree._Element) -> str:
    """The text of an ``si`` or ``is``: its runs joined, without the phonetic guide (rPh)."""
    parts: list[str] = []
    for child in item:
        if local(child) == "t":
            parts.append(_run(child))
        elif local(child) == "r":
            parts.extend(_run(run) for run in child if local(run) == "t")
    return "".join(parts)


def _run(element: etree._Element) -> str:
    """A ``t``: outer white space counts only where the file says so; ``_x000D_`` stands for a character."""
    text = element.text or ""
    if element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
        text = text.strip(_WHITE)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else otherwise


def _row_number(text: str | None, otherwise: int) -> int:
    """A row's own number; none that no sheet has. Raises PartError."""
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _EXCEL_ROWS and len(text) < 9):
        raise PartError(f"有一行的行号是“{text[:20]}”，没有这样的行")
    return int(text)


def _cell_place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """A cell's own place; the next one where it tells none. Raises PartError for a place that no sheet has."""
    if reference is None:
        return row, column
    place = split(reference.encode())
    if place is None or not (0 <= place[0] < _EXCEL_ROWS and place[1] < _EXCEL_COLUMNS):
        raise PartError(f"有一个单元格的位置是“{reference[:20]}”，没有这样的位置")
    return place


def _merge(element: etree._Element, cells: _Cells) -> None:
    first, _, last = (element.get("ref") or "").partition(":")
    start, end = split(first.encode()), split((last or first).encode())
    if start is not None and end is not None:
        cells.merged.append((*start, *end))


def _row(element: etree._Element, row: int, cells: _Cells, known: Context) -> None:
    column = -1
    for cell in element:
        if local(cell) != "c":
            continue
        place = _cell_place(cell.get("r"), row, column + 1)
        column = place[1]
        value, special = _cell(cell, known)
        if value is None and special is None:
            continue
        if place[0] >= MAX_ROWS or column >= MAX_COLUMNS:
            cells.far.append(address(*place))
            if len(cells.far) > MAX_FAR:
                raise TooLarge(place[0] + 1, column + 1)
            continue
        if special is not None:
            cells.special[place] = special
            value = None
        else:
            cells.special.pop(place, None)  # a cell that stands twice: the last one counts
        cells.values.setdefault(place[0], {})[column] = None if value == "" else value


def _cell(cell: etree._Element, known: Context) -> tuple[CellValue, tuple[CellKind, str] | None]:
    kind = cell.get("t", "n")
    raw: str | None = None
    formula: str | None = None
    inline: str | None = None
    for child in cell:
        name = local(child)
        if name == "v":
            raw = child.text or ""
        elif name == "f":
            formula = child.text or ""
        elif name == "is":
            inline = _plain_text(child)
    if formula is not None and inline is None and (raw is None or (raw == "" and kind != "str")):
        return None, (CellKind.UNCACHED, formula_text(formula.strip()))
    if kind == "e":
        return None, (CellKind.ERROR, (raw or "").strip())
    if inline is not None or kind == "inlineStr":
        return inline if inline is not None else raw, None
    if raw is None or (raw == "" and kind != "str"):
        return None, None
    if kind == "s":
        index = _number(raw.strip(), -1)
        if not 0 <= index < len(known.shared):
            return None, (CellKind.ERROR, f"共享文本第 {raw.strip()} 条不存在")
        return known.shared[index], None
    return _value(kind, raw, cell.get("s"), known), None


def _value(kind: str, raw: str, style: str | None, known: Context) -> CellValue:
    """The value of a cell that is no shared text; what its type does not allow stays text."""
    if kind == "b" and raw in ("0", "1", "false", "true"):
        return raw in ("1", "true")
    if kind == "d":
        return from_iso(raw.strip())
    if kind != "n" or not _NUMERIC.fullmatch(raw) or math.isinf(number := float(raw)):
        return raw
    place = _number(style, 0)
    form = known.styles[place] if place < len(known.styles) else DateKind.NUMBER
    return from_serial(number, form, known.date_1904)


def _lay_out(cells: _Cells) -> list[list[CellValue]]:
    """A rectangle from A1; rows without a value share one blank row."""
    if not cells.values:
        return []
    height = max(cells.values) + 1
    width = max(max(row) for row in cells.values.values()) + 1
    if len(cells.values) * width > MAX_CELLS:
        raise TooLarge(height, width)
    blank: list[CellValue] = [None] * width
    rows = [blank] * height
    for number, values in cells.values.items():
        row: list[CellValue] = [None] * width
        for column, value in values.items():
            row[column] = value
        rows[number] = row
    return rows
