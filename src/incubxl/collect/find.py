"""Where the parts of a form stand in a workbook that came back: by hidden marks first, then by the printed words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from incubxl.collect import marks
from incubxl.collect.shape import Asked, Card, Rowed, Shape, Words
from incubxl.grid import Sheet
from incubxl.register.headers import heading


@dataclass(frozen=True, slots=True)
class Line:
    """Where one value stands and where the words beside or above it; 0-based, -1 for none."""

    sheet: Sheet
    row: int
    value: int
    label: int
    label_row: int


@dataclass(frozen=True)
class Block:
    """A repeating block: which column holds which field, its headers, and its rows as (key, row)."""

    sheet: Sheet
    columns: dict[str, int]
    titles: dict[str, Line]
    rows: list[tuple[str, int]]


class Page(NamedTuple):
    """A sheet and the marks on it: row, column, (kind, part, key)."""

    sheet: Sheet
    marked: list[tuple[int, int, tuple[str, str, str]]]


def page(sheet: Sheet) -> Page:
    """Look for the marks of a sheet, once."""
    return Page(sheet, list(_marks(sheet)))


def find_cards(pages: Sequence[Page], card: Card, shape: Shape) -> dict[str, list[Line]]:
    """Fact id → every line that asks for it."""
    wanted = {a.field.id for a in card.asked}
    found: dict[str, list[Line]] = {}
    for sheet, marked in pages:
        columns: dict[str, int] = {}
        for row, column, (kind, part, key) in marked:
            if kind in (marks.LABEL, marks.VALUE, marks.HINT) and not part:
                columns.setdefault(kind, column)
            elif kind == marks.CARD and part == card.id and key in wanted:
                value, label = columns.get(marks.VALUE, -1), columns.get(marks.LABEL, -1)
                if value < 0:
                    label, value = _beside(sheet, row, _asked(card, key))
                found.setdefault(key, []).append(Line(sheet, row, value, label, row))
    for one in card.asked:
        if one.field.id not in found and (line := _by_words(pages, one, card)):
            found[one.field.id] = [line]
    return found


def _asked(card: Card, fact: str) -> Asked:
    return next(a for a in card.asked if a.field.id == fact)


def _marks(sheet: Sheet) -> Iterator[tuple[int, int, tuple[str, str, str]]]:
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if type(value) is str and value.startswith("ix|") and (found := marks.read_mark(value)):
                yield row, column, found


def names_of(one: Asked, among: Sequence[Asked]) -> list[str]:
    """The headings by which a value may be known: its words, then the field's own names where no other bears them."""
    mine = [heading(one.label)]
    others = {heading(a.label) for a in among if a is not one}
    return mine + [h for name in (one.field.label, *one.field.aliases) if (h := heading(name)) not in others]


def _by_words(pages: Sequence[Page], one: Asked, card: Card) -> Line | None:
    for name in names_of(one, card.asked):
        for sheet, _ in pages:
            for row, cells in enumerate(sheet.rows):
                for column, value in enumerate(cells):
                    if isinstance(value, str) and len(value) < 200 and heading(value) == name:
                        label, at = _beside(sheet, row, one, column)
                        return Line(sheet, row, at, label, row)
    return None


def _beside(sheet: Sheet, row: int, one: Asked, label: int = -1) -> tuple[int, int]:
    """(label's column, value's column): the first cell with anything to the right of the words that is not the hint."""
    cells = sheet.rows[row]
    if label < 0:
        label = next((c for c, v in enumerate(cells) if isinstance(v, str) and heading(v) == heading(one.label)), -1)
    for column in range(label + 1, sheet.width):
        value = cells[column]
        hint = isinstance(value, str) and value.startswith(("必填", "按实填"))
        if marks.read_mark(value) or hint:
            continue
        if value is not None or (row, column) in sheet.special:
            return label, column
    return label, -1


def find_rows(pages: Sequence[Page], part: Rowed, shape: Shape) -> Block | None:
    """The block of a repeating part."""
    for sheet, marked in pages:
        columns: dict[str, int] = {}
        start = -1
        for row, column, (kind, of, key) in marked:
            if kind == marks.COLUMN and of == part.id:
                columns[key], start = column, row
        if start >= 0:
            return _block(sheet, part, shape, columns, start)
    for sheet, _ in pages:
        for row in range(sheet.height):
            columns = _by_headers(sheet, row, part)
            if len(columns) >= min(2, len(part.asked)) and len(columns) * 2 >= len(part.asked):
                return _block(sheet, part, shape, columns, row - 1)
    return None


def _by_headers(sheet: Sheet, row: int, part: Rowed) -> dict[str, int]:
    there = {heading(v): c for c, v in reversed(list(enumerate(sheet.rows[row]))) if isinstance(v, str) and len(v) < 80}
    found: dict[str, int] = {}
    for one in part.asked:
        column = next((there[name] for name in names_of(one, part.asked) if name in there), None)
        if column is not None:
            found[one.field.id] = column
    return found


def _block(sheet: Sheet, part: Rowed, shape: Shape, columns: dict[str, int], start: int) -> Block:
    """Rows below ``start``: to the next mark of something else, or to words that begin another part."""
    ends = _ends(shape, part)
    titles: dict[str, Line] = {}
    rows: list[tuple[str, int]] = []
    begun = False
    for row in range(start + 1, sheet.height):
        cells = sheet.rows[row]
        found = [m for v in cells if type(v) is str and v.startswith("ix|") and (m := marks.read_mark(v))]
        kinds = {kind for kind, _, _ in found}
        if marks.TITLES in kinds or (not begun and not kinds and _by_headers(sheet, row, part)):
            begun = True
            titles = {id: Line(sheet, row, column, column, row) for id, column in columns.items()}
            continue
        mine = [key for kind, of, key in found if kind == marks.ROW and of == part.id]
        if mine:
            begun = True
            rows.append((mine[0], row))
        elif found:
            if begun:
                break
        elif begun:
            words = [heading(v) for v in cells if isinstance(v, str) and v.strip()]
            if words and words[0] in ends:
                break
            if any(cells[c] is not None or (row, c) in sheet.special for c in columns.values() if c < sheet.width):
                rows.append(("", row))
    return Block(sheet, columns, titles, rows)


def _ends(shape: Shape, part: Rowed) -> set[str]:
    """Words with which another part begins."""
    ends: set[str] = set()
    for other in shape.parts:
        if other is part:
            continue
        if isinstance(other, Words):
            ends.add(heading(other.text))
        elif isinstance(other, Card):
            ends |= {heading(other.title), *(heading(a.label) for a in other.asked)}
        else:
            ends |= {heading(other.title), heading(f"{other.title}（至多{other.most}行）")}
    return ends - {""}
