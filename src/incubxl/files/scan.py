"""What calamine does not tell of a sheet, found in the sheet's XML without looking at each cell.

Error cells, formulas without a stored result, hidden rows, merged ranges, and whether a cell lies so far out that
calamine would lay out billions of cells. A part that is not written in the ordinary way (another encoding, comments,
spaces around ``=``, cells without references …) is left to ``exact``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache

from incubxl.files.survey import beyond, extent, survey
from incubxl.grid import CellKind

MAX_ROWS = 200_000  # a value below this row, or right of the column, is far out: it is reported, not read
MAX_COLUMNS = 2_000
SHARED_FORMULA = "（共享公式）"

_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_NAMESPACE = re.compile(rb"spreadsheetml/(?:2006/)?main[\"']")
_REFERENCE = re.compile(rb"\A([A-Za-z]{1,3})(\d{1,7})\Z")
_OWN_REFERENCE = re.compile(rb'\sr="([A-Za-z]+\d+)"')
_OWN_NUMBER = re.compile(rb'\sr="(\d{1,7})"')
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)<")
_BLOCK = 4_000_000  # cells that calamine may always lay out, at 40 bytes each with Python's
_MOST = 12_000_000  # cells that it may ever lay out
_BYTES_PER_CELL = 10  # a block with less is mostly empty

Special = dict[tuple[int, int], tuple[CellKind, str]]


class _NotOrdinary(Exception):
    """The part must go to the exact reader."""


@dataclass(frozen=True)
class Scan:
    """What was found. Rows and columns are 0-based. ``special`` as in ``grid.Sheet``. ``cells``: of the block from A1
    to the last cell, which calamine lays out."""

    special: Special = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    cells: int = 0


@dataclass(frozen=True)
class _Tags:
    """Names and patterns for one namespace prefix (mostly none)."""

    data: bytes
    data_end: bytes
    row: bytes
    cell: bytes
    formula: bytes
    whole_cell: re.Pattern[bytes]
    uncached: re.Pattern[bytes]
    merge: re.Pattern[bytes]
    no_reference: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _tags(prefix: bytes) -> _Tags:
    p = re.escape(prefix)
    stored = rb"(?:<%bv\s*/>|<%bv\b[^>]*></%bv>|(</%bc>))" % (p, p, p, p)
    return _Tags(
        data=b"<%bsheetData" % prefix,
        data_end=b"</%bsheetData" % prefix,
        row=b"<%brow" % prefix,
        cell=b"<%bc " % prefix,
        formula=b"<%bf" % prefix,
        whole_cell=re.compile(rb"<%bc(\s[^>]*[^/>])>(.*?)</%bc>" % (p, p), re.DOTALL),
        uncached=re.compile(rb"<%bf(?:\s[^>]*)?(?:/>|>([^<]*)</%bf>)[^<]*%b" % (p, p, stored)),
        merge=re.compile(rb'<%bmergeCell\s+ref="([A-Za-z]+\d+):([A-Za-z]+\d+)"' % p),
        no_reference=re.compile(rb"<%bc(?:>|\s(?![^>]*\br\s*=)[^>]*>)" % p),
    )


def split(reference: bytes) -> tuple[int, int] | None:
    """``b"B3"`` → (2, 1), 0-based; None where it is no reference."""
    match = _REFERENCE.match(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + letter - 64
    return int(match[2]) - 1, column - 1


def text(raw: bytes) -> str:
    """The characters of an XML text without markup."""
    return html.unescape(raw.decode("utf-8", errors="replace")).strip()


def formula_text(formula: str) -> str:
    """How a formula without a result is shown: with its equals sign; a shared one may not carry its text."""
    return f"={formula}" if formula else f"={SHARED_FORMULA}"


def scan(part: bytes) -> Scan | None:
    """Scan the XML of one worksheet. None: the part must go to the exact reader."""
    root = _ROOT.search(part, 0, 8192)
    if root is None:
        return None
    tags = _tags(root[1] + b":" if root[1] else b"")
    start = part.find(tags.data, root.start())
    end = part.rfind(tags.data_end)
    if end < 0:  # <sheetData/> or a part that breaks off
        empty = start >= 0 and part[start : start + 40].split(b">", 1)[0].endswith(b"/")
        return Scan(merged=_merged(part, start, tags)) if empty else None
    try:
        return _scan(part, root.start(), start, end, tags) if 0 <= start < end else None
    except _NotOrdinary:
        return None


def _scan(part: bytes, root: int, start: int, end: int, tags: _Tags) -> Scan:
    if end + 16 > len(part):
        raise _NotOrdinary
    seen = survey(part, start, end)
    if any(part.rfind(b"<", start, sign) > part.rfind(b">", start, sign) for sign in seen.odd):
        raise _NotOrdinary  # inside a tag, not in a formula's text
    cells = _block(part, start, end, tags)
    formulas = part.find(b"f", start, end) >= 0 and part.find(tags.formula, start, end) >= 0
    if not (seen.errors or seen.hidden or formulas):
        return Scan(merged=_merged(part, end, tags), cells=cells)
    if (
        part.find(b"<!", 0, end) >= 0
        or len(_NAMESPACE.findall(part, root, start)) != 1
        or _NAMESPACE.search(part, start, end) is not None
    ):
        raise _NotOrdinary  # comments, CDATA, entities of its own, or several prefixes for the same names
    special = _errors(part, start, tags, seen.errors)
    if formulas:
        special |= _uncached(part, start, end, tags)
    return Scan(special, _hidden(part, start, tags, seen.hidden), _merged(part, end, tags), cells)


def _block(part: bytes, start: int, end: int, tags: _Tags) -> int:
    """The size of the block from A1 to the last cell. Refuses a part in which a cell that holds something makes it far
    larger than the data."""
    rows, columns = extent(part, start, end)
    cells = part.count(tags.cell[:-1], start, end)
    if cells != part.count(tags.cell + b'r="', start, end) and tags.no_reference.search(part, start, end):
        rows, columns = max(rows, part.count(tags.row, start, end)), max(columns, cells)  # they stand one by one
        if rows > MAX_ROWS or columns > MAX_COLUMNS:
            raise _NotOrdinary
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        for sign in beyond(part, start, end, MAX_ROWS, MAX_COLUMNS):
            opened = part.rfind(b"<", start, sign)
            if not part.startswith(tags.row, opened) and part[part.find(b">", sign) - 1] != ord("/"):
                raise _NotOrdinary
        rows, columns = min(rows, MAX_ROWS), min(columns, MAX_COLUMNS)
    if rows * columns > min(_MOST, max(_BLOCK, (end - start) // _BYTES_PER_CELL)):
        raise _NotOrdinary
    return rows * columns


def _tag(part: bytes, start: int, sign: int, name: bytes) -> int | None:
    """Where the tag ``name`` around an equals sign opens; None where the sign stands in a text."""
    opened = part.rfind(b"<", start, sign)
    if opened < part.rfind(b">", start, sign):
        return None
    if not part.startswith(name, opened):
        raise _NotOrdinary
    return opened


def _place(attributes: bytes) -> tuple[int, int]:
    match = _OWN_REFERENCE.search(attributes)
    place = split(match[1]) if match else None
    if place is None:
        raise _NotOrdinary
    return place


def _errors(part: bytes, start: int, tags: _Tags, signs: list[int]) -> Special:
    special: Special = {}
    for sign in signs:
        opened = _tag(part, start, sign, tags.cell)
        if opened is None:
            continue
        cell = tags.whole_cell.match(part, opened)
        if cell is None:
            raise _NotOrdinary
        value = _VALUE.search(cell[2])
        special[_place(cell[1])] = (CellKind.ERROR, text(value[1]) if value else "")
    return special


def _uncached(part: bytes, start: int, end: int, tags: _Tags) -> Special:
    special: Special = {}
    for match in tags.uncached.finditer(part, start, end):
        opened = part.rfind(b"<", start, match.start())
        attributes = part[opened : match.start()]
        if not attributes.startswith(tags.cell):
            raise _NotOrdinary
        if b' t="str"' in attributes and match[2] is None:
            continue  # the stored result is the empty text
        special[_place(attributes)] = (CellKind.UNCACHED, formula_text(text(match[1] or b"")))
    return special


def _hidden(part: bytes, start: int, tags: _Tags, signs: list[int]) -> frozenset[int]:
    rows: set[int] = set()
    for sign in signs:
        opened = _tag(part, start, sign, tags.row)
        if opened is None:
            continue
        tag = part[opened : part.find(b">", sign)]
        number = _OWN_NUMBER.search(tag)
        if number is None:
            raise _NotOrdinary
        if re.search(rb'\shidden="(?:1|true)"', tag):
            rows.add(int(number[1]) - 1)
    return frozenset(rows)


def _merged(part: bytes, end: int, tags: _Tags) -> tuple[tuple[int, int, int, int], ...]:
    corners = [(split(first), split(last)) for first, last in tags.merge.findall(part, end)]
    return tuple(sorted((*first, *last) for first, last in corners if first is not None and last is not None))
