"""What calamine does not tell of a sheet, found in the sheet's XML by regular expressions over bytes.

Error cells, formulas without a stored result, hidden rows, merged ranges and cells far away from the data. In a
sheet without errors and formulas this costs a few searches at C speed; no cell is looked at in Python.
A part that is not written in the ordinary way (UTF-16, comments, spaces around ``=`` …) is left to ``exact``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache

from incubxl.grid import CellKind

MAX_ROWS = 200_000  # a value below this row, or right of the column, is far out: it is reported, not read
MAX_COLUMNS = 2_000
SHARED_FORMULA = "（共享公式）"

_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_NAMESPACE = re.compile(rb"spreadsheetml/(?:2006/)?main[\"']")
_SUSPECT = re.compile(rb"r\s*=\s*[\"'](?:[A-Za-z]{3}|[A-Za-z]{0,2}\d{6})")
_REFERENCE = re.compile(rb"\A([A-Za-z]{1,3})(\d{1,7})\Z")
_SPARSE_ROW = 100  # bytes per row below which a long sheet may be a few cells far apart


@dataclass(frozen=True)
class Scan:
    """What was found. Rows and columns are 0-based. ``special`` as in ``grid.Sheet``."""

    special: dict[tuple[int, int], tuple[CellKind, str]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class _Patterns:
    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    valued: re.Pattern[bytes]
    hidden: re.Pattern[bytes]
    merge: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> _Patterns:
    p = re.escape(prefix)

    def pattern(text: bytes) -> re.Pattern[bytes]:
        return re.compile(text.replace(b"<", b"<" + p).replace(b"<" + p + b"/", b"</" + p), re.DOTALL)

    return _Patterns(
        error=pattern(rb'<c(\s[^>]*?\bt="e"[^>]*)>(.*?)</c>'),
        formula=pattern(rb"<c(\s[^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>([^\x3c]*)</f>)\s*(?:<v\s*/>|<v\b[^>]*></v>|</c>)"),
        valued=pattern(rb'<c\s[^>]*?\br\s*=\s*["\']([A-Za-z]{3}\d+|[A-Za-z]+\d{5,})["\'](?:[^>]*[^/>])?>'),
        hidden=pattern(rb'<row(\s[^>]*?\bhidden="(?:1|true)"[^>]*)>'),
        merge=pattern(rb'<mergeCell\s+ref="([A-Za-z]+\d+):([A-Za-z]+\d+)"'),
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


def scan(part: bytes) -> Scan | None:
    """Scan the XML of one worksheet. None: the part must go to the exact reader."""
    root = _ROOT.search(part, 0, 8192)
    if root is None:
        return None
    prefix = root[1] + b":" if root[1] else b""
    start = part.find(b"<" + prefix + b"sheetData", root.start())
    end = part.rfind(b"</" + prefix + b"sheetData")
    if start < 0:
        return None
    if end < 0:
        end = start  # <sheetData/>, or a broken part: calamine will tell
    patterns = _patterns(prefix)
    if _far_out(part, start, end, prefix, patterns):
        return None
    special: dict[tuple[int, int], tuple[CellKind, str]] = {}
    hidden: frozenset[int] = frozenset()
    odd_quotes = part.find(b"'", start, end) >= 0
    errors = part.find(b"e", start, end) >= 0 and part.find(b'"e"', start, end) >= 0
    formulas = part.find(b"f", start, end) >= 0 and part.find(b"<" + prefix + b"f", start, end) >= 0
    rows_hidden = part.find(b"hidden", start, end) >= 0
    if odd_quotes and (part.find(b"='", start, end) >= 0 or part.find(b"= '", start, end) >= 0):
        return None
    if errors or formulas or rows_hidden:
        if not _ordinary(part, root.start(), start, end):
            return None
        found = _special(part, start, end, patterns, errors, formulas)
        shown = _hidden(part, start, end, patterns) if rows_hidden else frozenset()
        if found is None or shown is None:
            return None
        special, hidden = found, shown
    return Scan(special, hidden, _merged(part, end, patterns))


def _ordinary(part: bytes, root: int, start: int, end: int) -> bool:
    """No comments, CDATA or entities of its own, one binding of the namespace, no spaces around ``=``."""
    if part.find(b"<!", 0, end) >= 0 or part.find(b'= "', start, end) >= 0 or part.find(b' ="', start, end) >= 0:
        return False
    return len(_NAMESPACE.findall(part, root, start)) == 1 and _NAMESPACE.search(part, start, end) is None


def _far_out(part: bytes, start: int, end: int, prefix: bytes, patterns: _Patterns) -> bool:
    """Whether a cell that holds something makes the block from A1 far larger than the data."""
    suspect = _SUSPECT.search(part, start, end) is not None
    last = part.rfind(b"<" + prefix + b"row", start, end)
    number = re.compile(rb'\sr\s*=\s*["\'](\d{1,9})').search(part, last, last + 400) if last >= 0 else None
    sparse = number is not None and int(number[1]) > 5_000 and end - start < _SPARSE_ROW * int(number[1])
    if not (suspect or sparse):
        return False
    rows, columns, cells = 0, 0, 0
    for reference in patterns.valued.findall(part, start, end):
        place = split(reference)
        if place is None:
            return True
        rows, columns, cells = max(rows, place[0] + 1), max(columns, place[1] + 1), cells + 1
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        return True
    return max(rows, 100_000) * max(columns, 702) > 75_000_000 and rows * columns > 20 * (end - start)


def _attribute_reference(attributes: bytes) -> tuple[int, int] | None:
    match = re.search(rb'\sr="([A-Za-z]+\d+)"', attributes)
    return split(match[1]) if match else None


def _special(
    part: bytes, start: int, end: int, patterns: _Patterns, errors: bool, formulas: bool
) -> dict[tuple[int, int], tuple[CellKind, str]] | None:
    special: dict[tuple[int, int], tuple[CellKind, str]] = {}
    if errors:
        for match in patterns.error.finditer(part, start, end):
            if match[1].endswith(b"/"):
                return None
            place = _attribute_reference(match[1])
            value = re.search(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)<", match[2])
            if place is None:
                return None
            special[place] = (CellKind.ERROR, text(value[1]) if value else "")
    if formulas:
        for match in patterns.formula.finditer(part, start, end):
            place = _attribute_reference(match[1])
            if place is None:
                return None
            if b't="str"' in match[1] and not match[0].endswith(b"c>"):
                continue  # the stored result is the empty text
            special[place] = (CellKind.UNCACHED, formula_text(text(match[2] or b"")))
    return special


def text(raw: bytes) -> str:
    """The characters of an XML text without markup."""
    return html.unescape(raw.decode("utf-8", errors="replace")).strip()


def formula_text(formula: str) -> str:
    """How a formula without a result is shown: with its equals sign; a shared one may not carry its text."""
    return f"={formula}" if formula else f"={SHARED_FORMULA}"


def _hidden(part: bytes, start: int, end: int, patterns: _Patterns) -> frozenset[int] | None:
    numbers = [re.search(rb'\sr="(\d{1,7})"', match[1]) for match in patterns.hidden.finditer(part, start, end)]
    rows = [int(number[1]) - 1 for number in numbers if number is not None]
    return frozenset(rows) if len(rows) == len(numbers) else None


def _merged(part: bytes, end: int, patterns: _Patterns) -> tuple[tuple[int, int, int, int], ...]:
    corners = [(split(first), split(last)) for first, last in patterns.merge.findall(part, end)]
    return tuple((*first, *last) for first, last in corners if first is not None and last is not None)
