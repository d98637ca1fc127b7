"""The parts of a result workbook that do not depend on its rows, made once per layout by XlsxWriter.

Styles, theme, print set-up, protection, notes, drawings and charts come from the library; ``files.write`` puts rows,
links and chart numbers in. Three hundred workbooks of one pack share one skeleton.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xlsxwriter.workbook import Format, Workbook, Worksheet

from incubxl.files.ours import OUTPUT
from incubxl.plan import Area, Chart, SheetPlan
from incubxl.style import BAR_GAP, CHART_NAME, FONT, FOOTER, GRID_LINES, PAPERS, STYLES, Style, page_header

LAST_ROW = 1_048_575  # stands for the filter's last row, which the writer knows
TITLE, ALT = "@@title@@", "@@alt@@"  # replaced by the writer
CREATED = dt.datetime(2001, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
_EMU = 9525  # of a pixel
_CELL_STYLE = re.compile(r'<c r="[A-Z]+1" s="(\d+)"')


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What of a SheetPlan goes into the skeleton. ``chart`` without its words that vary."""

    name: str
    notice: str
    widths: tuple[float, ...]
    header_row: int
    columns: int
    freeze_columns: int
    paper: str
    notes: tuple[tuple[int, int, str], ...]
    chart: Chart | None


@dataclass(frozen=True)
class Skeleton:
    """Zip members by name, the sheet part of each plan in order, and the cell format index of each named style."""

    parts: Mapping[str, bytes]
    sheets: tuple[str, ...]
    styles: Mapping[str, int]


def layout_of(plan: SheetPlan) -> SheetLayout:
    """The constant part of a plan."""
    chart = plan.chart
    if chart:
        chart = Chart(
            chart.title, "", chart.categories, chart.series, chart.row, chart.column,
            chart.unit, chart.stacked, chart.width, chart.height,
        )  # fmt: skip
    notes = tuple(
        (plan.header_row(n), c, column.note)
        for n, block in enumerate(plan.blocks)
        for c, column in enumerate(block.columns)
        if column.note
    )
    main = plan.blocks[plan.main]
    return SheetLayout(
        plan.name, plan.notice, plan.widths, plan.header_row(plan.main), len(main.columns),
        plan.freeze_columns, plan.paper, notes, chart,
    )  # fmt: skip


@lru_cache(maxsize=64)
def skeleton(layouts: tuple[SheetLayout, ...]) -> Skeleton:
    """Build the workbook of these sheets without rows and take it apart."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": TITLE, "category": OUTPUT, "created": CREATED})
    formats = {name: book.add_format(_format(style)) for name, style in STYLES.items()}
    for layout in layouts:
        _sheet(book, layout, formats)
    book.close()
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number, chart in enumerate((x.chart for x in layouts if x.chart), 1):
        drawing = f"xl/drawings/drawing{number}.xml"
        parts[drawing] = _own_size(parts[drawing].decode(), chart).encode()
    sheets = tuple(f"xl/worksheets/sheet{n}.xml" for n in range(1, len(layouts) + 1))
    numbers = _CELL_STYLE.findall(parts[sheets[0]].decode())
    return Skeleton(parts, sheets, {name: int(n) for name, n in zip(formats, numbers, strict=True)})


def _format(style: Style) -> dict[str, Any]:
    look: dict[str, Any] = {
        "font_name": FONT, "font_size": style.size, "font_color": f"#{style.colour}",
        "align": style.align, "valign": "vcenter" if style.middle else "top",
    }  # fmt: skip
    if style.bold:
        look["bold"] = True
    if style.italic:
        look["italic"] = True
    if style.fill:
        look["bg_color"] = f"#{style.fill}"
    if style.wrap:
        look["text_wrap"] = True
    if style.border:
        look |= {"border": 1, "border_color": "#A6A6A6"}
    if style.number_format != "General":
        look["num_format"] = style.number_format
    if style.text:
        look["quote_prefix"] = True
    return look


def _sheet(book: Workbook, layout: SheetLayout, formats: Mapping[str, Format]) -> None:
    sheet = book.add_worksheet(layout.name)
    for column, form in enumerate(formats.values()):
        sheet.write_string(0, column, "-", form)
    for column, width in enumerate(layout.widths):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(layout.header_row + 1, layout.freeze_columns)
    sheet.autofilter(layout.header_row, 0, LAST_ROW, layout.columns - 1)
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
    _print_setup(sheet, layout)
    for row, column, text in layout.notes:
        lines = sum(1 + len(line) // 24 for line in text.split("\n"))
        sheet.write_comment(
            row, column, text, {"author": "incubxl", "width": 340, "height": 24 + 18 * lines, "font_size": 9}
        )
    if layout.chart:
        _chart(book, sheet, layout.name, layout.chart)


def _print_setup(sheet: Worksheet, layout: SheetLayout) -> None:
    sheet.set_paper(PAPERS[layout.paper])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(layout.header_row)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    notice = page_header(layout.notice)
    sheet.set_header(f"&L&A&R{notice}" if notice else "&L&A")
    sheet.set_footer(f"&C{FOOTER}")


def _chart(book: Workbook, sheet: Worksheet, name: str, chart: Chart) -> None:
    drawing = book.add_chart(
        {"type": "column", "name": CHART_NAME, **({"subtype": "stacked"} if chart.stacked else {})}
    )
    font = {"name": FONT, "size": 10}
    for series in chart.series:
        drawing.add_series({
            "name": series.name,
            "categories": [name, *chart.categories],
            "values": [name, *series.values],
            "fill": {"color": f"#{series.colour}"},
            "border": {"color": "#000000", "width": 0.75},
            "gap": BAR_GAP,
            "data_labels": {} if chart.stacked else {"value": True, "font": font},
        })  # fmt: skip
    drawing.set_title(
        {"name": f"{chart.title}（{chart.unit}）", "name_font": {"name": FONT, "size": 12}, "overlay": False}
    )
    drawing.set_x_axis({"num_font": font})
    drawing.set_y_axis({
        "num_font": font, "min": 0, "num_format": "0",
        "major_gridlines": {"visible": True, "line": {"color": f"#{GRID_LINES}"}},
    })  # fmt: skip
    drawing.set_legend({"position": "bottom", "font": font} if len(chart.series) > 1 else {"none": True})
    drawing.set_size({"width": chart.width, "height": chart.height})
    drawing.show_hidden_data()
    for area in (chart.categories, *(s.values for s in chart.series)):
        _placeholders(sheet, area, area is chart.categories)
    sheet.insert_chart(chart.row, chart.column, drawing, {"description": ALT, "object_position": 2})


def _own_size(drawing: str, chart: Chart) -> str:
    """Anchor the chart at one cell with a size of its own: the rows that come in later must not stretch it."""
    size = f'<xdr:ext cx="{chart.width * _EMU}" cy="{chart.height * _EMU}"/>'
    drawing = re.sub(r"<xdr:to>.*?</xdr:to>", size, drawing, flags=re.DOTALL)
    return re.sub(
        r"<xdr:twoCellAnchor[^>]*>(.*)</xdr:twoCellAnchor>", r"<xdr:oneCellAnchor>\1</xdr:oneCellAnchor>", drawing
    )


def _placeholders(sheet: Worksheet, area: Area, words: bool) -> None:
    """XlsxWriter keeps a chart's numbers beside it only for cells that it has seen."""
    for row in range(area.first_row, area.last_row + 1):
        for column in range(area.first_column, area.last_column + 1):
            if words:
                sheet.write_string(row, column, "-")
            else:
                sheet.write_number(row, column, 0)
