"""Rows of values to the XML of ``<sheetData>``, fast: a cell's XML without its row number is made once per value.

A row is then one join of ready pieces by its row number: `<row r="` 7 `"><c r="A` 7 `" s="3"/><c r="B` 7 …
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from incubxl.grid import column_letters
from incubxl.plan import Block, SheetPlan, Value
from incubxl.style import STYLES, WORDS

_EPOCH = dt.date(1899, 12, 30)
_PIECE = 4_000  # rows made at a time: a large register must not stand in memory as XML
_LINE, _PADDING, _TALLEST = 15, 3, 409  # points
_MARGIN = 1.5  # of a column's width, not usable for text
_TALL = {"title": 30, "notice": 26, "line": 20, "heading": 26}


class Strings(dict[str, int]):
    """Index of each text in the shared strings."""

    def __missing__(self, text: str) -> int:
        self[text] = index = len(self)
        return index


class _Cells(dict[Value, str]):
    """The pieces of one column: value → XML from behind its row number to the next cell's column letters.

    ``lines`` tells how many lines a text takes in the column, for texts that take more than one.
    """

    def __init__(self, style: int, words: Mapping[str, int], strings: Strings, room: float, then: str) -> None:
        super().__init__()
        self.style, self.words, self.strings, self.room, self.then = style, words, strings, room, then
        self.lines: dict[Value, int] = {}

    def __missing__(self, value: Value) -> str:
        style = self.style
        if isinstance(value, str) and value:
            style = self.words.get(value, style)
            piece = f'" s="{style}" t="s"><v>{self.strings[value]}</v></c>{self.then}'
            if self.room and (len(value) * 2 > self.room or "\n" in value):
                self.lines[value] = lines_in(value, self.room)
        elif value is None or value == "":
            piece = f'" s="{style}"/>{self.then}'
        else:
            piece = f'" s="{style}"><v>{number(value)}</v></c>{self.then}'
        self[value] = piece
        return piece


def lines_in(text: str, room: float) -> int:
    """Lines that a wrapped text takes where ``room`` half-width characters stand in a line (Chinese ones take two)."""
    if "\n" in text:
        return sum(lines_in(line, room) for line in text.split("\n"))
    return max(1, math.ceil((len(text.encode("utf-8", "replace")) + len(text)) / 2 / room))


def number(value: int | float | Decimal | dt.date) -> str:
    """A number or date as XML has it. Raises ValueError for what is neither finite nor plain, TypeError for bool."""
    if isinstance(value, bool):
        raise TypeError("a result cell holds 是 or 否, not a bool")
    if isinstance(value, dt.date):
        if isinstance(value, dt.datetime):
            raise TypeError("a result cell holds a date or the time as text")
        return str((value - _EPOCH).days)
    if not math.isfinite(value):
        raise ValueError(f"not a number that a cell can hold: {value}")
    return repr(value) if isinstance(value, float) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def sheet_rows(plan: SheetPlan, styles: Mapping[str, int], strings: Strings) -> Iterator[str]:
    """Every row of the sheet, as XML, in pieces of at most some thousand rows."""
    words = {word: styles[style] for word, style in WORDS.items()}
    wide = len(plan.widths)
    yield _line(1, "title", plan.title, wide, styles, strings)
    if plan.notice:
        yield _line(2, "notice", plan.notice, wide, styles, strings)
    for row, text in enumerate(plan.lines, plan.top - len(plan.lines) + 1):
        yield _line(row, "line", text, 1, styles, strings)
    for index, block in enumerate(plan.blocks):
        header = plan.header_row(index) + 1  # 1-based
        if block.heading:
            yield _line(header - 1, "heading", block.heading, 1, styles, strings)
        rooms = [width - _MARGIN for width in plan.widths[: len(block.columns)]]
        heads = [
            _Cells(styles["header"], {}, strings, room, end) for room, end in zip(rooms, _ends(block), strict=True)
        ]
        yield _rows([tuple(c.label for c in block.columns)], header, heads)
        cells = [
            _Cells(styles[c.style], words if c.words else {}, strings, room if STYLES[c.style].wrap else 0, end)
            for c, room, end in zip(block.columns, rooms, _ends(block), strict=True)
        ]
        for at in range(0, len(block.rows), _PIECE):
            yield _rows(block.rows[at : at + _PIECE], header + 1 + at, cells)
        if not block.rows:
            yield _line(header + 1, "empty", block.empty, 1, styles, strings)


def _ends(block: Block) -> list[str]:
    """What follows each cell of a row: the beginning of the next cell, or the end of the row."""
    return [f'<c r="{column_letters(n)}' for n in range(1, len(block.columns))] + ["</row>"]


def _rows(rows: Sequence[tuple[Value, ...]], first: int, cells: list[_Cells]) -> str:
    """Heights are written (not fixed): programs that do not measure wrapped text on opening would clip it."""
    pieces = [[c[v] for c, v in zip(cells, row, strict=True)] for row in rows]
    tall = [(n, c.lines) for n, c in enumerate(cells) if c.lines]
    heads = [['<row r="', f'" ht="{min(_TALLEST, _LINE * max(n, 1) + _PADDING)}"><c r="A'] for n in range(30)]
    out = []
    for n, (row, piece) in enumerate(zip(rows, pieces, strict=True), first):
        lines = max([of.get(row[at], 1) for at, of in tall], default=1)
        out.append(str(n).join(heads[min(lines, 29)] + piece))
    return "".join(out)


def _line(row: int, style: str, text: str, columns: int, styles: Mapping[str, int], strings: Strings) -> str:
    """A row with one text in column A; the look goes on over ``columns``."""
    height = f' ht="{_TALL[style]}" customHeight="1"' if style in _TALL else ""
    rest = "".join(f'<c r="{column_letters(n)}{row}" s="{styles[style]}"/>' for n in range(1, columns))
    first = f'<c r="A{row}" s="{styles[style]}" t="s"><v>{strings[text]}</v></c>'
    return f'<row r="{row}"{height}>{first}{rest}</row>'
