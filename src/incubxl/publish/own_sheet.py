"""How a result sheet in a user's workbook is known to be ours, and whether a person has changed it since.

Ours bears a hidden name of its own, whose text is a mark: hashes of what the sheet held when it was written. A person
may then have typed, noted or coloured something there; that is found by what the cells hold, never by bytes, because a
program that saves the workbook again writes other bytes for the same cells. What was changed is not written over: it
stays under another title (``kept_title``) and is the user's from then on.

Values and notes have hashes of their own, because an open Excel gives the text of each note by a call of its own: there
the notes are only counted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from incubxl.grid import CellValue

OWNED = "incubxl_result"
_EPOCH, _EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001  (cells have no zone)
_MARK = re.compile(
    r'\A=?"incubxl ([0-9a-f]{32}) (\d+):([0-9a-f]{32}) ([0-9a-f]{32}|-) (?:(\d+(?:\.\d+){4})\.([0-9a-f]{16})|-)"\Z'
)
_LONGEST_TITLE = 31  # UTF-16 units
_BREAKS = re.compile(r"\r\n?")


class Layout(NamedTuple):
    """What has been set up on the sheet beside its cells: rows and columns that are frozen, how many rows and columns
    there are, how many charts, and the notice in the page header, as ``notice_of`` gives it."""

    rows: int
    columns: int
    height: int
    width: int
    charts: int
    notice: str


class Mark(NamedTuple):
    """``values``, ``notes`` and ``looks``: hashes (``looks`` empty: not looked at); ``noted``: how many notes.

    ``layout``: None where the sheet was not, or not wholly, set up.
    """

    values: str
    noted: int
    notes: str
    looks: str = ""
    layout: Layout | None = None

    @property
    def text(self) -> str:
        """The text of the hidden name: a constant, as formulas write it."""
        layout = ".".join(map(str, self.layout)) if self.layout else "-"
        return f'"incubxl {self.values} {self.noted}:{self.notes} {self.looks or "-"} {layout}"'


def marked(text: str) -> Mark | None:
    """The mark that a hidden name's text is; None for what is no mark, as earlier versions wrote."""
    match = _MARK.match(text)
    if match is None:
        return None
    values, noted, notes, looks, numbers, notice = match.groups()
    layout = None
    if notice:
        frozen_rows, frozen_columns, height, width, charts = map(int, numbers.split("."))
        layout = Layout(frozen_rows, frozen_columns, height, width, charts, notice)
    return Mark(values, int(noted), notes, looks.strip("-"), layout)


def values_of(rows: Iterable[Sequence[CellValue]], *, date_1904: bool) -> str:
    """A hash of the cells' values where they stand; ``rows`` from A1. A day is its number, as the workbook counts."""
    found = hashlib.sha256()
    for r, row in enumerate(rows):
        cells = [
            f"{c}s{value}"
            if type(value) is str and "\r" not in value
            else f"{c}n{value:.15g}"
            if type(value) is float
            else f"{c}{_told(value, date_1904)}"
            for c, value in enumerate(row)
            if value is not None and value != ""
        ]
        if cells:
            found.update("\0".join([str(r), *cells, ""]).encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:32]


def notes_of(notes: Mapping[str, str]) -> str:
    """A hash of notes (address → text)."""
    told = "".join(f"{place}#{_BREAKS.sub(chr(10), text).strip()}\0" for place, text in sorted(notes.items()))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def notice_of(header: str) -> str:
    """A hash of the notice in a page header; of nothing too."""
    return hashlib.sha256(header.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def looks_of(fills: Mapping[str, str], drawn: int) -> str:
    """A hash of the cells' fills (address → colour, as they stand on the sheet) and of how many pictures, shapes and
    charts lie on it."""
    told = "\0".join([str(drawn), *map("=".join, fills.items())])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


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
