"""Write one planned input sheet: headers, Excel Table, cells, dropdowns, notes, print set-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from incubxl.grid import address
from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.templates.cached import UNCACHED
from incubxl.templates.content import CellInput, Formula
from incubxl.templates.hints import asked, note, validation
from incubxl.templates.layout import MARGINS, REACH, ROW_HEIGHT, TITLE_HEIGHT, Layout, paper, row_height
from incubxl.templates.lists import Lists
from incubxl.templates.shown import choices
from incubxl.templates.styles import FONT, Styles, number_format
from incubxl.templates.text import lines


def write_sheet(
    sheet: Any, layout: Layout, pack: Pack, styles: Styles, lists: Lists, ranged: Mapping[str, str]
) -> None:
    """Write ``layout`` to an empty XlsxWriter worksheet. ``ranged``: column id → defined name of its dropdown."""
    write_top(sheet, layout.title, layout.top, styles)
    _headers(sheet, layout, pack, styles)
    _body(sheet, layout, styles)
    _checks(sheet, layout, lists, ranged)
    sheet.freeze_panes(layout.first, layout.plan.frozen)
    set_up_page(sheet, layout.plan.sheet, layout.total_width, (layout.header_row - 1, layout.header_row))
    if paper(layout.total_width)[2] > 1:
        sheet.repeat_columns(0, layout.plan.frozen - 1)


def write_top(sheet: Any, title: str, top: tuple[str, ...], styles: Styles) -> None:
    """The title row and the lines under it."""
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(0, 0, title, styles.title)
    for n, line in enumerate(top, start=1):
        warns = any(x.startswith("【") for x in top[:n])
        sheet.write_string(n, 0, line, styles.notice if warns else styles.line)


def _headers(sheet: Any, layout: Layout, pack: Pack, styles: Styles) -> None:
    plan = layout.plan
    sheet.set_row(layout.header_row - 1, 15)
    sheet.set_row(layout.header_row, layout.header_height)
    for column, (field, wide) in enumerate(zip(plan.columns, layout.widths, strict=True)):
        sheet.set_column(column, column, wide, styles.get(num_format=number_format(field.type)))
        label = "已填好" if field.id in plan.fixed else asked(field)
        sheet.write_string(layout.header_row - 1, column, label, styles.asked)
        text = note(field, pack, plan.clause)
        if text:
            height = (lines(text, 34) + 1) * 18
            look = {"author": "incubxl", "font_name": FONT, "font_size": 9, "width": 230, "height": height}
            sheet.write_comment(layout.header_row, column, text, look)
    columns = [{"header": f.label, "header_format": styles.header(f.required)} for f in plan.columns]
    options = {"name": plan.table, "columns": columns, "style": "Table Style Light 1", "autofilter": True}
    _done(sheet.add_table(layout.header_row, 0, layout.last, len(columns) - 1, options), f"「{plan.sheet}」的表格")


def _body(sheet: Any, layout: Layout, styles: Styles) -> None:
    plan = layout.plan
    for n in range(layout.last - layout.header_row):
        row = plan.rows[n] if n < len(plan.rows) else {}
        height = row_height(layout, n) if row else None
        if height:
            sheet.set_row(layout.first + n, height)
        for column, field in enumerate(plan.columns):
            spec = plan.spec(n, field)
            cell_format = styles.cell(spec.type, fixed=plan.filled_by_template(n, field))
            write_value(sheet, layout.first + n, column, row.get(field.id), cell_format)


def write_value(sheet: Any, row: int, column: int, value: CellInput, cell_format: Any) -> None:
    """One typed cell. Text is always written as text, whatever it looks like. Raises ValueError when it cannot be."""
    at = (row, column)
    if value is None or value == "":
        code = sheet.write_blank(*at, None, cell_format)
    elif isinstance(value, Formula):
        code = sheet.write_formula(*at, value.text, cell_format, UNCACHED if value.cached is None else value.cached)
    elif isinstance(value, str):
        code = sheet.write_string(*at, value, cell_format)
    elif isinstance(value, bool):
        code = sheet.write_boolean(*at, value, cell_format)
    elif isinstance(value, dt.date):
        code = sheet.write_datetime(*at, value, cell_format)
    else:
        code = sheet.write_number(*at, float(value) if isinstance(value, Decimal) else value, cell_format)
    _done(code, f"{sheet.get_name()}!{address(*at)}")


def _done(code: object, what: str) -> None:
    """XlsxWriter tells by its result what it left out; nothing may be left out in silence."""
    if isinstance(code, int) and code != 0:
        raise ValueError(f"{what} 写不进工作簿（超过 Excel 的限度）")


def _checks(sheet: Any, layout: Layout, lists: Lists, ranged: Mapping[str, str]) -> None:
    plan = layout.plan
    for column, field in enumerate(plan.columns):
        if field.id in plan.fixed:
            continue
        if field.id == plan.row_column:
            for n, spec in plan.row_specs.items():
                row = layout.first + n
                _check(sheet, (row, row), column, spec, _list_name(lists, spec, f"{plan.id}_{n + 1}"), plan.clause)
            continue
        name = ranged.get(field.id) or _list_name(lists, field, f"{plan.id}_{field.id}")
        last = max(layout.last, layout.first + REACH - 1)
        _check(sheet, (layout.first, last), column, field, name, plan.clause)


def _list_name(lists: Lists, field: Field, hint: str) -> str:
    found = choices(field)
    return lists.name(hint, field.label, found) if found else ""


def _check(sheet: Any, rows: tuple[int, int], column: int, field: Field, list_name: str, clause: str) -> None:
    options = validation(field, list_name, address(rows[0], column), clause)
    if options:
        _done(sheet.data_validation(rows[0], column, rows[1], column, options), f"「{field.label}」的下拉列表或提示")


def set_up_page(sheet: Any, name: str, total_width: int, repeat: tuple[int, int] | None) -> None:
    """Paper by width, one page wide where that stays readable, repeated header rows, page numbers."""
    size, landscape, pages = paper(total_width)
    sheet.set_paper(size)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(pages, 0)
    sheet.set_margins(left=MARGINS.side, right=MARGINS.side, top=MARGINS.top, bottom=MARGINS.bottom)
    sheet.set_header("&R" + name.replace("&", "&&"))
    sheet.set_footer("&C第 &P 页 共 &N 页")
    if repeat:
        sheet.repeat_rows(*repeat)
    sheet.set_default_row(ROW_HEIGHT)
