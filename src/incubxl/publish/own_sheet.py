"""How a result sheet in a user's workbook is known to be ours, and whether a person has changed it since.

Ours bears a hidden name of its own, whose text is a mark: hashes of what the sheet held when it was written. A person
may then have typed, noted or coloured something there; that is found by what the cells hold, never by bytes, because a
program that saves the workbook again writes other bytes for the same cells. What was changed is not written over: it
stays under another title (``kept_title``) and is the user's from then on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count

from incubxl.grid import CellValue

OWNED = "incubxl_result"
_EPOCH, _EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001  (cells have no zone)
_MARK = re.compile(r'\A=?"incubxl ([0-9a-f]{32}) ([0-9a-f]{32}|-)"\Z')
_LONGEST_TITLE = 31  # UTF-16 units
_BREAKS = re.compile(r"\r\n?")


def contents(
    rows: Iterable[Sequence[CellValue]], notes: Mapping[str, str], *, first: tuple[int, int] = (0, 0), date_1904: bool
) -> str:
    """A hash of what the cells hold: values where they stand, and ``notes`` (address → text).

    ``first``: row and column of the first of ``rows``, 0-based. A day is its number, as the workbook counts.
    """
    found = hashlib.sha256()
    for r, row in enumerate(rows, first[0]):
        cells = [
            f"{c}s{value}" if type(value) is str and "\r" not in value else f"{c}{_told(value, date_1904)}"
            for c, value in enumerate(row, first[1])
            if value is not None and value != ""
        ]
        if cells:
            found.update("\0".join([str(r), *cells, ""]).encode("utf-8", "surrogatepass"))
    for place, text in sorted(notes.items()):
        found.update(f"{place}#{_BREAKS.sub(chr(10), text).strip()}\0".encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:32]


def looks(fills: Mapping[str, str], drawn: int) -> str:
    """A hash of the cells' fills (address → colour, as they stand on the sheet) and of how many pictures, shapes and
    charts lie on it."""
    told = "\0".join([str(drawn), *map("=".join, fills.items())])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def mark(contents: str, looks: str = "") -> str:
    """The text of the hidden name: a constant, as formulas write it. Without ``looks``: those were not looked at."""
    return f'"incubxl {contents} {looks or "-"}"'


def marked(text: str) -> tuple[str, str] | None:
    """The hashes of contents and looks (empty: not looked at); None for what is no mark, as earlier versions wrote."""
    match = _MARK.match(text)
    return (match[1], match[2].strip("-")) if match else None


def kept_title(title: str, taken: Collection[str]) -> str:
    """The title under which a sheet of ours that a person has changed stays."""
    folded = {other.casefold() for other in taken}
    for n in count(1):
        ending = f"（人工修改{n if n > 1 else ''}）"
        room = _LONGEST_TITLE - len(ending)
        cut = title.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
        if (made := cut + ending).casefold() not in folded:
            return made
    raise AssertionError


def _told(value: CellValue, date_1904: bool) -> str:
    if isinstance(value, str):
        return "s" + _BREAKS.sub("\n", value)
    if isinstance(value, bool):
        return f"b{value:d}"
    if isinstance(value, int | float):
        return f"n{float(value):.15g}"
    if isinstance(value, dt.date):
        at = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        days = (at - (_EPOCH_1904 if date_1904 else _EPOCH)) / dt.timedelta(days=1)
        return f"n{days:.15g}" if days > 0 else f"s{at.date()}"  # such a day is text where days count from 1904
    return f"t{value}"
