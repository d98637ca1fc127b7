"""Rows of values to the XML of ``<sheetData>``, fast: a cell's XML without its row number is made once per value.

A row is then one join of ready pieces by its row number: `<row r="` 7 `"><c r="A` 7 `" s="3"/><c r="B` 7 …
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from incubxl.grid import column_letters
from incubxl.plan import Block, SheetPlan, Value
from incubxl.style import WORDS

_EPOCH = dt.date(1899, 12, 30)
_TALL = {"title": 30, "notice": 26, "line": 20, "heading": 26}


class Strings(dict[str, int]):
    """Index of each text in the shared strings."""

    def __missing__(self, text: str) -> int:
        self[text] = index = len(self)
        return index


class _Cells(dict[Value, str]):
    """The pieces of one column: value → XML from behind its row number to the next cell's column letters."""

    def __init__(self, style: int, words: Mapping[str, int], strings: Strings, then: str) -> None:
        super().__init__()
        self.style, self.words, self.strings, self.then = style, words, strings, then

    def __missing__(self, value: Value) -> str:
        style = self.style
        if isinstance(value, str):
            style = self.words.get(value, style)
            piece = f'" s="{style}" t="s"><v>{self.strings[value]}</v></c>{self.then}' if value else ""
        elif value is None:
            piece = ""
        else:
            piece = f'" s="{style}"><v>{number(value)}</v></c>{self.then}'
        self[value] = piece = piece or f'" s="{style}"/>{self.then}'
        return piece


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


def sheet_rows(plan: SheetPlan, styles: Mapping[str, int], strings: Strings) -> list[str]:
    """Every row of the sheet, as XML."""
    words = {word: styles[style] for word, style in WORDS.items()}
    out = [_line(1, "title", plan.title, len(plan.widths), styles, strings)]
    if plan.notice:
        out.append(_line(2, "notice", plan.notice, len(plan.widths), styles, strings))
    for text in plan.lines:
        out.append(_line(len(out) + 1, "line", text, 1, styles, strings))
    for index, block in enumerate(plan.blocks):
        header = plan.header_row(index) + 1  # 1-based
        if block.heading:
            out.append(_line(header - 1, "heading", block.heading, 1, styles, strings))
        labels = Block((), [tuple(c.label for c in block.columns)])
        out += _rows(labels, header, [(styles["header"], {})] * len(block.columns), strings)
        if block.rows:
            looks = [(styles[c.style], words if c.words else {}) for c in block.columns]
            out += _rows(block, header + 1, looks, strings)
        else:
            out.append(_line(header + 1, "empty", block.empty, 1, styles, strings))
    return out


def _rows(block: Block, first: int, looks: Sequence[tuple[int, Mapping[str, int]]], strings: Strings) -> list[str]:
    ends = [f'<c r="{column_letters(n)}' for n in range(1, len(looks))] + ["</row>"]
    cells = [_Cells(style, words, strings, end) for (style, words), end in zip(looks, ends, strict=True)]
    head = ['<row r="', '"><c r="A']
    return [
        str(n).join(head + [c[v] for c, v in zip(cells, row, strict=True)]) for n, row in enumerate(block.rows, first)
    ]


def _line(row: int, style: str, text: str, columns: int, styles: Mapping[str, int], strings: Strings) -> str:
    """A row with one text in column A; the look goes on over ``columns``."""
    height = f' ht="{_TALL[style]}" customHeight="1"' if style in _TALL else ""
    rest = "".join(f'<c r="{column_letters(n)}{row}" s="{styles[style]}"/>' for n in range(1, columns))
    first = f'<c r="A{row}" s="{styles[style]}" t="s"><v>{strings[text]}</v></c>'
    return f'<row r="{row}"{height}>{first}{rest}</row>'
