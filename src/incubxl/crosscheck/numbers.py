"""The numbers of all applicants of one measure as matrices, one per year: applicants × numbers, NaN for none.

Facts of type number, integer, money and percent, and what is counted from the rows of the detail sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from incubxl.crosscheck.model import Book, Member, years
from incubxl.grid import CellKind
from incubxl.policy.fields import Derived, Field
from incubxl.policy.pack import Pack

Floats = npt.NDArray[np.float64]
_TYPES = frozenset(("number", "integer", "money", "percent"))


@dataclass(frozen=True)
class Year:
    """``values``: who × what. ``book`` and ``row``: where each applicant stands (-1: not in this year)."""

    year: int
    values: Floats
    book: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]

    @property
    def present(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(self.row >= 0)


@dataclass(frozen=True)
class Numbers:
    """One measure. ``who``: applicants by key, the rows of every year's matrix. ``what``: their columns."""

    pack: Pack
    books: Sequence[Book]
    who: Sequence[str]
    what: tuple[Field | Derived, ...]
    years: dict[int, Year]
    asked: tuple[int, ...]  # years about which something may be said

    def member(self, year: Year, who: int, what: Sequence[int]) -> Member:
        """The applicant's row of that year with these numbers."""
        book, row = self.books[year.book[who]], int(year.row[who])
        register = book.register
        cells = [register.columns["applicant_id"].cell(row)]
        for n in what:
            spec = self.what[n]
            if isinstance(spec, Field):
                cells.append(register.columns[spec.id].cell(row))
            else:
                cells.append(register.counted[spec.id].source[row])
        if len(what) == 1:
            cells.reverse()  # where to go is the number itself
        seen = "；".join(self.shown(n, float(year.values[who, n])) for n in what)
        return Member(book, register.ids[row], register.names[row], tuple(filter(None, cells)), seen)

    def shown(self, what: int, value: float) -> str:
        """``服务面积 1,234.5 平方米``."""
        spec = self.what[what]
        unit = "%" if isinstance(spec, Field) and spec.type == "percent" else f" {spec.unit}"
        return f"{spec.label} {plain(value)}{unit}".rstrip()


def plain(value: float) -> str:
    """A number with thousands apart and at most six decimals, without trailing zeros."""
    text = f"{value:,.6f}"
    return text.rstrip("0").rstrip(".")


def numbers(books: Sequence[Book]) -> Iterator[Numbers]:
    """One for each measure."""
    packs: dict[str, list[Book]] = {}
    for book in books:
        packs.setdefault(book.register.pack.id, []).append(book)
    for same in packs.values():
        yield _numbers(same)


def _numbers(books: Sequence[Book]) -> Numbers:
    pack = books[-1].register.pack
    fields = tuple(f for f in pack.facts if f.type in _TYPES)
    what: tuple[Field | Derived, ...] = (*fields, *pack.derived)
    place: dict[str, int] = {}
    for book in books:
        for key in book.keys:
            place.setdefault(key, len(place))
    made: dict[int, Year] = {}
    for n, book in enumerate(books):
        year = made.get(book.year)
        if year is None:
            nowhere = np.full(len(place), -1, dtype=np.int64)
            year = Year(book.year, np.full((len(place), len(what)), np.nan), nowhere, nowhere.copy())
            made[book.year] = year
        _fill(year, n, book, what, np.array([place[key] for key in book.keys], dtype=np.int64))
    asked = tuple(year for year in years(books) if year in made)
    return Numbers(pack, books, list(place), what, made, asked)


def _fill(year: Year, n: int, book: Book, what: Sequence[Field | Derived], at: npt.NDArray[np.int64]) -> None:
    """The first row of an applicant counts, and of two workbooks the first; who applies twice is told elsewhere."""
    register = book.register
    _, first = np.unique(at, return_index=True)
    mine = first[year.row[at[first]] < 0]
    to = at[mine]
    year.book[to], year.row[to] = n, mine
    for k, spec in enumerate(what):
        if isinstance(spec, Field):
            column = register.columns.get(spec.id)
            if column is not None and column.sheet_column >= 0:
                values = np.where(column.kinds == CellKind.VALUE, column.values.astype(np.float64), np.nan)
                year.values[to, k] = values[mine]
        elif (count := register.counted.get(spec.id)) is not None:
            sure = count.from_rows & (count.lo == count.hi)
            year.values[to, k] = np.where(sure, count.lo, np.nan)[mine]
