"""A SheetPlan to what one sheet of the open workbook takes: one block of values, and looks by address. Pure, and JSON.

A column of texts only is formatted as text (@) before it is written. In any other column a text bears Excel's leading
apostrophe, so that Excel does not read it as a number, a date or a formula. Dates are written as their day numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.excel.colours import Paint, paints
from incubxl.files.write_text import clean
from incubxl.grid import address, column_letters
from incubxl.plan import Area, Block, Chart, SheetPlan, Value
from incubxl.style import PAPERS, STYLES, page_header

Cell = str | float | None
LONGEST_ADDRESS = 255
MOST_NOTES, NOTE_LENGTH = 8, 700
MOST_LINKS = 5  # one call each, and 下一个问题 leads to every cell
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_BASE = "text"
_ALIKE = 0.75  # of the widest in a class of column widths
_POINTS = 0.75  # in a pixel


@dataclass(frozen=True)
class Bars:
    """A column chart: its corner's cell, its size in points, and (name, address of its numbers, RRGGBB) per series."""

    title: str
    description: str
    corner: str
    width: float
    height: float
    categories: str
    series: list[tuple[str, str, str]]
    stacked: bool


@dataclass(frozen=True)
class Prepared:
    """One sheet. Addresses are A1, several in one text separated by commas, never longer than Excel takes.

    ``looks``: (addresses, name of a style); what is not named looks like the style ``text``. ``freeze``: rows, columns.
    ``links``: (cell, target such as ``'申报登记'!B5``). ``notes``: (cell, text). ``filter``: the main block.
    ``paper``: Excel's number. ``notice``: in the page header.
    The fields with defaults may be missing in what an earlier write kept.
    """

    name: str
    rows: list[list[Cell]]
    formats: list[tuple[str, str]]
    looks: list[tuple[str, str]]
    framed: list[str]
    paints: list[Paint]
    widths: list[tuple[str, float]]
    freeze: tuple[int, int]
    filter: str
    notes: list[tuple[str, str]]
    links: list[tuple[str, str]]
    uncoloured: bool = False  # too many runs of colour: some cells have only their words
    unlinked: bool = False
    paper: int = PAPERS["A4"]
    notice: str = ""
    chart: Bars | None = None

    @property
    def area(self) -> str:
        return f"A1:{address(len(self.rows) - 1, len(self.rows[0]) - 1)}"


def prepare(plan: SheetPlan, *, there: Iterable[str], date_1904: bool, paint_calls: int) -> Prepared:
    """``there``: names of the sheets that links may lead to. ``paint_calls``: how many calls colours may take."""
    width = len(plan.widths)
    rows: list[list[Cell]] = [[_text(plan.title)]]
    looks: dict[str, list[str]] = {"title": [f"A1:{address(0, width - 1)}"]}
    if plan.notice:
        looks["notice"] = [f"A2:{address(1, width - 1)}"]
        rows.append([_text(plan.notice)])
    for line in plan.lines:
        looks.setdefault("line", []).append(f"A{len(rows) + 1}")
        rows.append([_text(line)])
    formats: dict[str, list[str]] = {}
    framed: list[str] = []
    for n, block in enumerate(plan.blocks):
        if n:
            rows.append([])
        if block.heading:
            looks.setdefault("heading", []).append(f"A{len(rows) + 1}")
            rows.append([_text(block.heading)])
        looks.setdefault("header", []).append(_area(len(rows), 0, len(rows), len(block.columns) - 1))
        rows.append([_text(column.label) for column in block.columns])
        if not block.rows:
            looks.setdefault("empty", []).append(f"A{len(rows) + 1}")
            rows.append([_text(block.empty)])
            continue
        first = len(rows)
        framed.append(_area(first - 1, 0, first + len(block.rows) - 1, len(block.columns) - 1))
        rows += _body(block, first, date_1904, looks, formats)
    main = plan.blocks[plan.main]
    header = plan.header_row(plan.main)
    painted, left_out = paints(plan, paint_calls)
    links = [link for link in plan.links if not link.file and link.sheet in set(there)]
    notes = [
        (address(plan.header_row(n), c), column.note[:NOTE_LENGTH])
        for n, block in enumerate(plan.blocks)
        for c, column in enumerate(block.columns)
        if column.note
    ]
    return Prepared(
        name=plan.name,
        rows=[row + [None] * (width - len(row)) for row in rows],
        formats=[(chunk, code) for code, areas in formats.items() for chunk in chunks(areas)],
        looks=[(chunk, style) for style, areas in looks.items() if style != _BASE for chunk in chunks(areas)],
        framed=framed,
        paints=painted,
        widths=_widths(plan.widths),
        freeze=(header + 1, plan.freeze_columns),
        filter=_area(header, 0, header + main.height, len(main.columns) - 1),
        notes=notes[:MOST_NOTES],
        links=[
            (address(link.row, link.column), "'" + link.sheet.replace("'", "''") + f"'!{link.cell}")
            for link in links[:MOST_LINKS]
        ],
        uncoloured=left_out,
        unlinked=len(links) > MOST_LINKS,
        paper=PAPERS[plan.paper],
        notice=page_header(plan.notice),
        chart=_bars(plan.chart) if plan.chart else None,
    )


def _bars(chart: Chart) -> Bars:
    return Bars(
        title=f"{chart.title}（{chart.unit}）",
        description=chart.description,
        corner=address(chart.row, chart.column),
        width=chart.width * _POINTS,
        height=chart.height * _POINTS,
        categories=_fixed(chart.categories),
        series=[(s.name, _fixed(s.values), s.colour) for s in chart.series],
        stacked=chart.stacked,
    )


def _fixed(area: Area) -> str:
    """``$B$6:$H$6``."""
    first, last = (f"${column_letters(c)}${r + 1}" for r, c in (area[:2], area[2:]))
    return f"{first}:{last}"


def _body(
    block: Block, first: int, date_1904: bool, looks: dict[str, list[str]], formats: dict[str, list[str]]
) -> list[list[Cell]]:
    """The rows under a header, and into ``looks`` and ``formats`` how its columns look."""
    last = first + len(block.rows) - 1
    columns: list[list[Cell]] = []
    for c, column in enumerate(block.columns):
        values = [row[c] for row in block.rows]
        looks.setdefault("centre" if column.words else column.style, []).append(_area(first, c, last, c))
        style = STYLES[column.style]
        if all(value is None or isinstance(value, str) for value in values) and style.text:
            columns.append([_text(value) if isinstance(value, str) and value else None for value in values])
            continue
        formats.setdefault(style.number_format, []).append(_area(first, c, last, c))
        columns.append([_cell(value, date_1904) for value in values])
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(value: Value, date_1904: bool) -> Cell:
    """As it goes into a cell that is not formatted as text."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return "'" + clean(value)
    if isinstance(value, dt.date):
        return float((value - (_EPOCH_1904 if date_1904 else _EPOCH)).days)
    return float(value) if isinstance(value, Decimal | int) else value


def _text(text: str) -> str:
    """As it goes into a text cell: Excel takes the first apostrophe of a text for a sign of its own."""
    text = clean(text)
    return "'" + text if text.startswith("'") else text


def _area(r0: int, c0: int, r1: int, c1: int) -> str:
    return f"{address(r0, c0)}:{address(r1, c1)}" if (r0, c0) != (r1, c1) else address(r0, c0)


def chunks(areas: Sequence[str]) -> list[str]:
    """Addresses joined by commas, as many in one text as Excel takes."""
    joined: list[str] = []
    for area in areas:
        if joined and len(joined[-1]) + 1 + len(area) <= LONGEST_ADDRESS:
            joined[-1] += "," + area
        else:
            joined.append(area)
    return joined


def _widths(widths: Sequence[float]) -> list[tuple[str, float]]:
    """Columns of like widths together, at the width of the widest of them: one call for each; most columns first."""
    classes: dict[float, float] = {}
    widest = 0.0
    for width in sorted(set(widths), reverse=True):
        if width < widest * _ALIKE or not widest:
            widest = width
        classes[width] = widest
    by_width: dict[float, list[str]] = {}
    for c, width in enumerate(widths):
        by_width.setdefault(classes[width], []).append(f"{column_letters(c)}1")
    usual = max(by_width, key=lambda width: len(by_width[width]))
    ordered = [usual, *(width for width in by_width if width != usual)]
    return [(chunk, width) for width in ordered for chunk in chunks(by_width[width])]
