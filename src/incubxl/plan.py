"""A result sheet, described once: blocks of values, looks, links, notes, a chart, print set-up. Never a formula.

Writers apply a plan: ``files.write`` to a new workbook, later a graft to a copy or the live shell to an open Excel.
Rows on the sheet, all 0-based: the title, the lines under it, then the blocks; a blank row stands between blocks,
and a block without rows shows its ``empty`` words in one row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

MOST_LINKS = 65_530  # Excel's limit for one sheet; the cells beyond it keep their text without a link
Value = str | int | float | Decimal | dt.date | None  # no bool: say 是 or 否


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block. ``words``: a cell whose text stands in ``style.WORDS`` takes that look instead."""

    label: str
    style: str = "text"
    words: bool = False
    note: str = ""  # a note on the header cell


@dataclass(frozen=True, slots=True)
class Block:
    """A table from column A. ``rows`` hold one value per column."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]]
    heading: str = ""
    empty: str = "无"

    @property
    def height(self) -> int:
        """Rows under the header on the sheet."""
        return len(self.rows) or 1


class Link(NamedTuple):
    """From a cell (0-based) to ``cell`` (A1) of ``sheet``, in this workbook or in ``file`` (a relative path).

    With a ``file`` the sheet may be empty: the workbook as a whole.
    """

    row: int
    column: int
    sheet: str
    cell: str
    file: str = ""


class Area(NamedTuple):
    """A rectangle of cells, 0-based, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its name, its numbers, its fill (RRGGBB)."""

    name: str
    values: Area
    colour: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A column chart. ``description`` is the alt text; ``row``, ``column`` its upper left corner; size in pixels."""

    title: str
    description: str
    categories: Area
    series: tuple[Series, ...]
    row: int
    column: int
    unit: str
    stacked: bool = False
    width: int = 520
    height: int = 300


@dataclass(frozen=True)
class SheetPlan:
    """One sheet. ``main`` is the block with the filter, the frozen header and the header repeated in print."""

    name: str
    title: str
    notice: str  # 征求意见稿、已届满 …: on the sheet and on every printed page; empty when plainly in force
    widths: tuple[float, ...]
    blocks: tuple[Block, ...]
    lines: tuple[str, ...] = ()  # under the title
    main: int = 0
    freeze_columns: int = 0
    paper: Literal["A4", "A3"] = "A4"
    links: Sequence[Link] = field(default=())
    chart: Chart | None = None

    def __post_init__(self) -> None:
        if any(len(block.columns) > len(self.widths) for block in self.blocks):
            raise ValueError(f"sheet {self.name}: a block is wider than the sheet's widths")

    @property
    def top(self) -> int:
        """Rows above the first block."""
        return 1 + bool(self.notice) + len(self.lines)

    def header_row(self, index: int) -> int:
        """The sheet row of block ``index``'s header."""
        row = self.top
        for block in self.blocks[:index]:
            row += bool(block.heading) + 1 + block.height + 1
        return row + bool(self.blocks[index].heading)

    def first_row(self, index: int) -> int:
        """The sheet row of block ``index``'s first data row."""
        return self.header_row(index) + 1
