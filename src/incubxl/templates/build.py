"""A whole register workbook for a pack, blank or filled."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

from incubxl.policy.pack import Pack
from incubxl.templates.cached import finished
from incubxl.templates.content import WorkbookContent, unknown_keys
from incubxl.templates.guide import SHEET as GUIDE_SHEET
from incubxl.templates.guide import write_guide
from incubxl.templates.layout import Layout, lay_out
from incubxl.templates.lists import SHEET as LISTS_SHEET
from incubxl.templates.lists import Lists
from incubxl.templates.plan import REGISTER, plans
from incubxl.templates.sheet import write_sheet
from incubxl.templates.shown import references
from incubxl.templates.styles import Styles
from incubxl.templates.totals import SHEET as TOTALS_SHEET
from incubxl.templates.totals import totals, write_totals

_BASE_FONT = {"font_name": "宋体", "font_size": 11}
_INDICATOR = {"scores": "indicator", "score_bands": "indicator", "grade_rules": "veto_indicator"}
_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed date: the same pack gives the same bytes


def build_workbook(pack: Pack, *, year: int | None, content: WorkbookContent | None = None) -> bytes:
    """The register workbook of ``pack`` as .xlsx bytes; the same input gives the same bytes.

    ``year`` fills 申报年度 and 统计年度 (the year before); None leaves them blank. ``content`` fills the sheets.
    Raises ValueError naming the keys of ``content`` that the pack does not know.
    """
    content = content or WorkbookContent()
    wrong = unknown_keys(pack, content)
    if wrong:
        raise ValueError("内容里有办法不认识的键：" + "；".join(wrong))
    as_of = content.settings.get("as_of")
    notice = standing_notice(pack, year, as_of if isinstance(as_of, dt.date) else None)
    layouts = [lay_out(plan, pack.measure, notice) for plan in plans(pack, year, content)]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": dict(_BASE_FONT)})
    book.set_properties({"title": f"{pack.measure.name} 登记工作簿", "author": "incubxl", "created": _CREATED})
    styles = Styles(book)
    lists = Lists()
    guide = book.add_worksheet(GUIDE_SHEET)
    summed = totals(layouts)
    write_guide(guide, pack, notice, layouts, summed, styles)
    for layout in layouts:
        sheet = book.add_worksheet(layout.plan.sheet)
        write_sheet(sheet, layout, pack, styles, lists, _ranged(pack, layout, layouts, lists))
    write_totals(book.add_worksheet(TOTALS_SHEET), pack, notice, summed, styles)
    hidden = book.add_worksheet(LISTS_SHEET)
    lists.write(book, hidden, styles)
    hidden.protect()
    hidden.hide()
    book.close()
    return finished(buffer.getvalue())


def standing_notice(pack: Pack, year: int | None, as_of: dt.date | None = None) -> str:
    """What must be said on every sheet: a draft, an expired measure, one that ends within ``year``, no dates.

    Judged on ``as_of``, else at the end of ``year``; a measure that ends within the year is not called expired while
    the day to judge by is not known.
    """
    measure = pack.measure
    until = measure.validity.until
    ends = f"本办法有效期至{until.year}年{until.month}月{until.day}日" if until else ""
    if measure.draft:
        return measure.notice(as_of or dt.date.min)
    if as_of is None and year is None:
        return ends or ("" if measure.validity.since else measure.validity.undated_reason)
    this_year = until is not None and until.year == (as_of.year if as_of else year)
    if as_of is not None:
        return measure.notice(as_of) or (ends if this_year else "")
    return ends if this_year else measure.notice(dt.date(year or 1, 12, 31))


def _ranged(pack: Pack, layout: Layout, layouts: list[Layout], lists: Lists) -> dict[str, str]:
    """Column id → defined name, for the columns that name an applicant, an indicator, or an entry of the pack."""
    by_id = {one.plan.id: one for one in layouts}
    out: dict[str, str] = {}
    owner = pack.table[layout.plan.id].owner if layout.plan.id in pack.table else ""
    if owner:
        out[owner] = lists.ranged("applicants", by_id[REGISTER].names_formula("applicant_id"))
    if (column := _INDICATOR.get(layout.plan.id, "")) and "indicators" in by_id:
        out[column] = lists.ranged("indicator_ids", by_id["indicators"].names_formula("indicator"))
    for (table, column), labels in references(pack).items():
        if table == layout.plan.id and labels:
            out[column] = lists.name(f"{table}_{column}", layout.plan.sheet, list(labels.values()))
    return out
