"""A workbook as values with addresses. Files and live Excel both give one; nothing here opens a file.

Four kinds of "nothing to read" stay apart, because an official mends each in another way: a blank cell,
an error cell (#N/A …), a formula whose result was never stored, and text that cannot be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

CellValue = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class CellKind(IntEnum):
    """What a cell holds. The numbers are used in columnar masks."""

    VALUE = 0
    BLANK = 1
    ERROR = 2  # #REF!, #N/A, #DIV/0!, #SPILL! …
    UNCACHED = 3  # a formula that was saved without its result
    UNREADABLE = 4  # something is there, but not what the column asks for
    DECLARED_NA = 5  # 「不适用」, where the fact admits it


@lru_cache(maxsize=20_000)
def column_letters(index: int) -> str:
    """0-based column index to letters: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """0-based row and column to an A1 address."""
    return f"{column_letters(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. ``cell`` is an A1 address, empty for a whole sheet; ``sheet`` is empty for a file."""

    sheet: str = ""
    cell: str = ""
    file: str = ""

    def __str__(self) -> str:
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.sheet or self.file


@dataclass(frozen=True)
class Sheet:
    """One sheet's cells.

    ``rows``: a rectangular list of rows from A1 (row 0 is Excel's row 1; no leading rows are trimmed).
    Blank cells are ``None``. ``special`` maps (row, column), both 0-based, to the kind and the text seen
    (``"#N/A"`` …) for every error cell and every formula without a cached value; such cells are ``None`` in rows.
    ``numeric_text`` is not kept: text stays ``str`` even where it looks like a number.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    special: Mapping[tuple[int, int], tuple[CellKind, str]] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()  # (first row, first column, last row, last column), inclusive

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True)
class Grid:
    """A workbook: sheets in order, by name. ``sha256`` is of the file's bytes, empty for an unsaved live workbook."""

    name: str
    sheets: Mapping[str, Sheet]
    sha256: str = ""
    date_1904: bool = False
