"""One recipient's form workbook: locked but for its input cells, with dropdowns, hints and hidden marks."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter

from incubxl.collect import marks
from incubxl.collect.known import Recipient, card_texts, known_rows
from incubxl.collect.marks import Stamp
from incubxl.collect.shape import Asked, Card, Part, Rowed, Shape, Words
from incubxl.collect.values import written
from incubxl.files.ours import OUTPUT
from incubxl.grid import address
from incubxl.register.model import Register
from incubxl.templates.build import standing_notice
from incubxl.templates.cached import finished
from incubxl.templates.content import CellInput
from incubxl.templates.hints import asked, validation
from incubxl.templates.layout import text_of
from incubxl.templates.lists import SHEET as LISTS
from incubxl.templates.lists import Lists
from incubxl.templates.sheet import set_up_page, write_value
from incubxl.templates.shown import choices
from incubxl.templates.styles import GREY, LINE, LINE_HEIGHT, Styles, number_format
from incubxl.templates.text import lines

TITLE = "incubxl 填报表"
INPUT_FILL = "#FFF9E5"
_GRID = 6  # columns of a form on one sheet
_GRID_WIDTH, _HINT_WIDTH = 14, 60
_WIDTHS = {"uscc": 22, "date": 13, "year": 9, "boolean": 9, "email": 26, "phone": 17, "text": 22, "choice": 20}
_HOW = (
    "只填浅黄色的单元格；灰色的由发表单位填好，不能改。没有数据就空着，空着不是零；确实是零写 0。",
    "行不够时照着往下写；不要删除隐藏的行、列和工作表。填好后保存为 .xlsx，连同文件一起发回，文件名可以改。",
)
_PROTECTED = {"format_columns": True, "format_rows": True, "insert_rows": True, "autofilter": True, "sort": True}


def form_book(register: Register, shape: Shape, recipient: Recipient, stamp: Stamp) -> bytes:
    """The workbook's bytes; the same arguments give the same bytes. Only this recipient's data is in it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": {"font_name": "宋体"}})
    created = dt.datetime.fromisoformat(stamp.made)
    book.set_properties(
        {"title": TITLE, "subject": shape.label, "category": OUTPUT, "author": "incubxl", "created": created}
    )
    writer = _Writer(book, register, shape, recipient)
    groups: list[tuple[str, list[Part]]]
    if shape.one_sheet:
        groups = [("填表", list(shape.parts))]
    else:
        groups = [(p.title, [p]) for p in shape.parts if not isinstance(p, Words)]
    for title, parts in groups:
        writer.sheet(title, parts)
    writer.close(stamp)
    return finished(buffer.getvalue())


class _Writer:
    def __init__(self, book: Any, register: Register, shape: Shape, recipient: Recipient) -> None:
        self.book, self.register, self.shape, self.recipient = book, register, shape, recipient
        self.styles, self.lists = Styles(book), Lists()
        self.given: list[tuple[str, str, str, str, str]] = []  # kind, part, key, field, text
        self.page: Any = None
        self.row = 0

    def sheet(self, title: str, parts: list[Part]) -> None:
        self.page = self.book.add_worksheet(title)
        widest = max((len(p.asked) for p in parts if isinstance(p, Rowed)), default=0)
        if any(not isinstance(p, Rowed) for p in parts):
            grid = max(_GRID, widest)
            self.label, self.value, self.hint = (1, 2), (3, grid), grid + 1
            self.page.set_column(1, grid, _GRID_WIDTH)
            self.page.set_column(self.hint, self.hint, _HINT_WIDTH)
            self.spans = [_spread(grid, len(p.asked)) if isinstance(p, Rowed) else [] for p in parts]
            widths = [_GRID_WIDTH] * grid
        else:
            (only,) = [p for p in parts if isinstance(p, Rowed)]
            self.label = self.value = (1, 1)
            self.hint = widest + 1
            widths = [_width(a) for a in only.asked]
            for column, wide in enumerate(widths, 1):
                self.page.set_column(column, column, wide)
            self.spans = [[(n, n) for n in range(1, widest + 1)]]
        self.page.set_column(0, 0, None, None, {"hidden": True})
        self.page.set_row(0, None, None, {"hidden": True})
        for column, kind in ((self.label[0], marks.LABEL), (self.value[0], marks.VALUE), (self.hint, marks.HINT)):
            if len(parts) > 1 or isinstance(parts[0], Card):
                self.page.write_string(0, column, marks.mark(kind))
        self.row = 1
        self._top(sum(widths))
        for part, spans in zip(parts, self.spans, strict=True):
            if isinstance(part, Card):
                self._card(part)
            elif isinstance(part, Rowed):
                self._rowed(part, spans)
            else:
                self._words(part)
        set_up_page(self.page, title, sum(widths), None)
        self.page.print_area(0, 1, max(self.row - 1, 1), len(widths))
        self.page.protect("", _PROTECTED)

    def close(self, stamp: Stamp) -> None:
        """The hidden sheets, and the end of the workbook."""
        lists = self.book.add_worksheet(LISTS)
        self.lists.write(self.book, lists, self.styles)
        lists.protect()
        lists.hide()
        page = self.book.add_worksheet(marks.SHEET)
        page.write_string(0, 0, marks.FIRST)
        rows = [("stamp", *pair) for pair in stamp.rows()] + [("cell", *entry) for entry in self.given]
        for n, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                page.write_string(n, column, text)
        page.protect()
        page.very_hidden()
        self.book.close()

    def _top(self, room: int) -> None:
        shape, register = self.shape, self.register
        self.page.set_row(self.row, 28)
        self._other()
        self.page.write_string(self.row, 1, shape.label, self.styles.get(bold=True, font_size=16))
        self.row += 1
        notice = standing_notice(register.pack, register.settings.year, register.settings.as_of)
        told = [f"【{notice}】"] if notice else []
        told.append(f"{register.pack.measure.name}　{shape.source}　{register.settings.year}年度")
        if len(self.recipient.applicants) == 1 and self.recipient.key in register.ids:
            code = register.columns["uscc"].text(self.recipient.applicants[0])
            told.append(f"编号：{self.recipient.key}　单位：{self.recipient.name}　统一社会信用代码：{code}")
        else:
            told.append(f"推荐单位：{self.recipient.name}　单位数：{len(self.recipient.applicants)}")
        for line in (*told, *_HOW):
            look = self.styles.get(bold=line.startswith("【"), text_wrap=True)
            self._merge(self.row, (1, max(self.hint - 1, 4)), line, look)
            self.page.set_row(self.row, lines(line, max(room, 60)) * LINE_HEIGHT + 2)
            self._other()
            self.row += 1

    def _other(self) -> None:
        self.page.write_string(self.row, 0, marks.mark(marks.OTHER))

    def _title(self, text: str) -> None:
        if text:
            self._other()
            self._merge(self.row, (1, self.hint - 1), text, self.styles.header(False))
            self.page.set_row(self.row, lines(text, _GRID_WIDTH * (self.hint - 1)) * LINE_HEIGHT + 6)
            self.row += 1

    def _card(self, card: Card) -> None:
        self._title(card.title)
        (owner,) = self.recipient.applicants
        texts = card_texts(self.register, card, owner)
        for one in card.asked:
            id, text = one.field.id, texts[one.field.id]
            self.page.write_string(self.row, 0, marks.mark(marks.CARD, card.id, id))
            self._merge(self.row, self.label, one.label, self._locked(wrap=True))
            self.given.append((marks.LABEL, card.id, "", id, one.label))
            value = self._put(card.id, "", one, text, self.value)
            message = "　".join(x for x in (asked(one.field), one.field.note) if x)
            self.page.write_string(self.row, self.hint, message, self.styles.get(text_wrap=True, font_size=9))
            tallest = max(
                lines(one.label, _GRID_WIDTH * 2),
                lines(message, _HINT_WIDTH + 6),
                lines(text_of(value), _GRID_WIDTH * 4),
            )
            self.page.set_row(self.row, max(tallest, 1) * LINE_HEIGHT + 5)
            self.row += 1
        if card.note:
            self._other()
            self._merge(self.row, (1, self.hint - 1), card.note, self.styles.get(align="right"))
            self.row += 1

    def _rowed(self, part: Rowed, spans: list[tuple[int, int]]) -> None:
        self._title(f"{part.title}（至多{part.most}行）" if part.most else part.title)
        self.page.write_string(self.row, 0, marks.mark(marks.HEAD, part.id))
        for one, span in zip(part.asked, spans, strict=True):
            self.page.write_string(self.row, span[0], marks.mark(marks.COLUMN, part.id, one.field.id))
        self.page.set_row(self.row, None, None, {"hidden": True})
        self.row += 1
        if not self.shape.one_sheet:
            self._other()
            for one, span in zip(part.asked, spans, strict=True):
                self.page.write_string(self.row, span[0], asked(one.field), self.styles.asked)
            self.row += 1
        self.page.write_string(self.row, 0, marks.mark(marks.TITLES, part.id))
        for one, span in zip(part.asked, spans, strict=True):
            self._merge(self.row, span, one.label, self.styles.header(one.field.required))
            self.given.append((marks.LABEL, part.id, "", one.field.id, one.label))
        self.page.set_row(self.row, max(lines(a.label, 12) for a in part.asked) * LINE_HEIGHT + 6)
        self.row += 1
        if not self.shape.one_sheet:
            self.page.freeze_panes(self.row, 3 if part.table == "" else 2)
        rows = known_rows(self.register, part, self.recipient.applicants)
        first = self.row
        for row in rows:
            self._row(part, row.key, row.texts, spans)
        spare = max(part.blank - len(rows), 0 if part.most else min(part.blank, 4))
        for n in range(min(spare, max(part.most - len(rows), 0)) if part.most else spare):
            self._row(part, f"n{n + 1}", {}, spans)
        for one, span in zip(part.asked, spans, strict=True):
            if self.row > first and not one.given and not one.kept:
                self._check(one, (first, self.row - 1), span[0], owner=part.owned and one.field.id == part.owner)

    def _row(self, part: Rowed, key: str, texts: dict[str, str], spans: list[tuple[int, int]]) -> None:
        self.page.write_string(self.row, 0, marks.mark(marks.ROW, part.id, key))
        tallest = 1
        for one, span in zip(part.asked, spans, strict=True):
            value = self._put(part.id, key, one, texts.get(one.field.id, ""), span, check=False)
            wide = _GRID_WIDTH * (span[1] - span[0] + 1) if self.shape.one_sheet else _width(one)
            tallest = max(tallest, lines(text_of(value), wide))
        self.page.set_row(self.row, min(tallest * LINE_HEIGHT + 6, 400))
        self.row += 1

    def _put(
        self, part: str, key: str, one: Asked, text: str, span: tuple[int, int], *, check: bool = True
    ) -> CellInput:
        """A value's cell: locked where the office gave it, else to be filled in."""
        locked = one.kept or (one.given and text != "")
        value = written(one.field, text)
        self._merge(self.row, span, value, self._locked(one, wrap=True) if locked else self._open(one))
        self.given.append((marks.GIVEN if locked else marks.INPUT, part, key, one.field.id, text))
        if check and not locked:
            self._check(one, (self.row, self.row), span[0])
        return value

    def _check(self, one: Asked, rows: tuple[int, int], column: int, *, owner: bool = False) -> None:
        found = [self.register.ids[i] for i in self.recipient.applicants] if owner else choices(one.field)
        name = self.lists.name(one.field.id, one.field.label, found) if found else ""
        options = validation(one.field, name, address(rows[0], column))
        if options:
            self.page.data_validation(rows[0], column, rows[1], column, options)

    def _words(self, part: Words) -> None:
        self._other()
        self._merge(self.row, (1, self.hint - 1), part.text, self._locked(wrap=True))
        wide = _GRID_WIDTH * (self.hint - 1)
        self.page.set_row(self.row, max(part.lines, lines(part.text, wide)) * LINE_HEIGHT + 6)
        self.row += 1

    def _merge(self, row: int, span: tuple[int, int], value: CellInput, look: Any) -> None:
        if span[1] > span[0]:
            self.page.merge_range(row, span[0], row, span[1], "", look)
        write_value(self.page, row, span[0], value, look)

    def _locked(self, one: Asked | None = None, *, wrap: bool) -> Any:
        code = number_format(one.field.type) if one else "@"
        return self.styles.get(
            num_format=code, border=1, border_color=LINE, bg_color=GREY, text_wrap=wrap, align="left"
        )  # fmt: skip

    def _open(self, one: Asked) -> Any:
        return self.styles.get(
            num_format=number_format(one.field.type), border=1, border_color=LINE, bg_color=INPUT_FILL, text_wrap=True,
            align="left", locked=False,
        )  # fmt: skip


def _spread(grid: int, count: int) -> list[tuple[int, int]]:
    """``count`` spans over ``grid`` columns from column 1, the later ones wider."""
    base, rest = divmod(grid, count)
    spans, at = [], 1
    for n in range(count):
        wide = base + (n >= count - rest)
        spans.append((at, at + wide - 1))
        at += wide
    return spans


def _width(one: Asked) -> int:
    return _WIDTHS.get(one.field.type, 14)
