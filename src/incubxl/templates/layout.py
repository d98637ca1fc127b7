"""Where a plan's cells stand: header row, table body, column widths, row heights, paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from incubxl.grid import column_letters
from incubxl.policy.fields import Field
from incubxl.policy.pack import Measure
from incubxl.templates.content import CellInput, Formula
from incubxl.templates.lists import quoted
from incubxl.templates.plan import SPARE_ROWS, SheetPlan
from incubxl.templates.shown import choices
from incubxl.templates.styles import LINE_HEIGHT
from incubxl.templates.text import broken, lines, width

_WIDTHS = {
    "uscc": 22, "date": 13, "year": 9, "boolean": 9, "integer": 11, "number": 12, "money": 14, "percent": 11,
    "email": 26, "phone": 17, "text": 18,
}  # fmt: skip
_TEXT_WIDTHS = {"name": 28, "question": 46, "options": 46, "answer": 30, "reason": 30, "note": 36, "value": 30}
_MOST = 46
HEADER_LINES = 3
REACH = 2000  # dropdowns and checks reach this many rows down, so that rows added later have them too
TITLE_HEIGHT, ROW_HEIGHT = 26, LINE_HEIGHT + 1.5  # points
POINTS_PER_CHAR = 5.25  # of a column's width, at 100 %


class Margins(NamedTuple):
    """Inches."""

    side: float
    top: float
    bottom: float


MARGINS = Margins(0.5, 0.75, 0.7)
PAGE_CHARS = 300  # characters on A3 landscape at two thirds, still readable


@dataclass(frozen=True)
class Layout:
    """A plan with its measures. Rows and columns are 0-based; widths in characters, heights in points."""

    plan: SheetPlan
    title: str
    top: tuple[str, ...]  # lines between the title and the row over the headers
    widths: tuple[int, ...]
    header_row: int
    header_height: float
    blank: int  # rows to fill in under the filled ones

    @property
    def first(self) -> int:
        return self.header_row + 1

    @property
    def last(self) -> int:
        return self.header_row + max(1, len(self.plan.rows) + self.blank)

    @property
    def total_width(self) -> int:
        return sum(self.widths)

    def range(self, column: str) -> str:
        """The column's cells as a structured reference, which grows with the table.

        Labels with signs (brackets, %, spaces) are written differently by Excel and LibreOffice: plain cells then.
        """
        label = self.plan.columns[self.plan.index(column)].label
        return f"{self.plan.table}[{label}]" if label.isalnum() else self._plain(column)

    def names_formula(self, column: str) -> str:
        """The filled cells of a column, for a dropdown."""
        whole = self._plain(column)
        return f"={whole.split(':')[0]}:INDEX({whole},MAX(1,COUNTA({whole})))"

    def _plain(self, column: str) -> str:
        letter = column_letters(self.plan.index(column))
        return f"{quoted(self.plan.sheet)}!${letter}${self.first + 1}:${letter}${self.first + REACH}"


def lay_out(plan: SheetPlan, measure: Measure, notice: str) -> Layout:
    """Measure a plan. ``notice``: words on the measure's status that stand on every sheet, or empty."""
    widths = tuple(_width(plan, n, f) for n, f in enumerate(plan.columns))
    name, room = measure.name, max(min(sum(widths), 110), 60)
    if paper(sum(widths))[2] > 1:  # printed on several pages side by side: the lines fit over the repeated columns
        name, room = measure.short_name, max(sum(widths[: plan.frozen]), 40)
    top = tuple(broken(plan.purpose, room) + (broken(f"【{notice}】", room) if notice else []))
    tallest = max(lines(f.label, w - 2) for f, w in zip(plan.columns, widths, strict=True))
    header_row, header_height = len(top) + 2, tallest * LINE_HEIGHT + 8
    blank = plan.blank
    if not plan.fixed:
        used = TITLE_HEIGHT + header_row * ROW_HEIGHT + header_height
        fitting = int((_page_height(sum(widths)) - used) / ROW_HEIGHT)
        blank = max(min(blank, fitting - len(plan.rows)), min(blank, SPARE_ROWS))
    return Layout(plan, f"{name}　{plan.sheet}", top, widths, header_row, header_height, blank)


def _width(plan: SheetPlan, column: int, field: Field) -> int:
    if plan.fixed and field.id in ("interpretation", "key", "clause"):
        base = 20
    elif field.type == "choice":
        base = min(max((width(c) for c in choices(field)), default=8) + 4, 22)
    else:
        base = _TEXT_WIDTHS.get(field.id, _WIDTHS["text"]) if field.type == "text" else _WIDTHS[field.type]
    longest = max((width(text_of(row.get(field.id))) for row in plan.rows), default=0)
    fits_header = -(-width(field.label) // HEADER_LINES) + 5  # room for the filter button
    whole_header = min(width(field.label) + 4, 12)
    return min(max(base, min(longest + 2, _MOST if field.type == "text" else 60), fits_header, whole_header), 60)


def text_of(value: CellInput) -> str:
    """Roughly what a cell shows, for measuring."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        return str(value.cached or "")
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{Decimal(str(value)):,.2f}"
    return str(value)


def row_height(layout: Layout, row: int) -> float | None:
    """The height of a filled body row, None for one line."""
    values = layout.plan.rows[row]
    tallest = max(
        (lines(text_of(values.get(f.id)), w) for f, w in zip(layout.plan.columns, layout.widths, strict=True)),
        default=1,
    )
    return min(tallest * LINE_HEIGHT + 4, 400) if tallest > 1 else None


def _page_height(total_width: int) -> float:
    """Points of rows that a page holds, at the scale at which the columns fit its width."""
    size, landscape, pages = paper(total_width)
    long, short = (1190.5, 841.9) if size == 8 else (841.9, 595.3)
    across, down = (long, short) if landscape else (short, long)
    wide = total_width * POINTS_PER_CHAR / pages
    return (down - 72 * (MARGINS.top + MARGINS.bottom)) / min(1.0, (across - 72 * 2 * MARGINS.side) / wide)


def paper(total_width: int) -> tuple[int, bool, int]:
    """Paper size (8 A3, 9 A4), whether landscape, and how many pages wide."""
    if total_width <= 95:
        return 9, False, 1
    if total_width <= 170:
        return 9, True, 1
    return 8, True, max(1, -(-total_width // PAGE_CHARS))
