"""Prepared sheets into the open workbook: our own sheets, created and owned; no other cell is touched.

A sheet is ours when it has the hidden name ``incubxl_result``, which stays with it when it is renamed or copied. Ours
is written again in place, so that formulas of the user's that refer to it go on doing so; what a person has put there
is copied aside before (``kept``). One with our title but without that name, or that is no worksheet, is the user's and
is refused before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from incubxl.excel import drawing, page
from incubxl.excel.kept import Ours, begin, ours_of, put_mark
from incubxl.excel.prepare import Prepared
from incubxl.excel.reading import VISIBLE, Sheets
from incubxl.excel.refused import RefusedError
from incubxl.publish.own_sheet import Layout, notice_of
from incubxl.style import FONT, STYLES, Style, bgr

_BASE = STYLES["text"]
_PLAIN_LINE = STYLES["line"]  # its dark grey is not worth the calls
_ALIGN = {"left": -4131, "center": -4108, "right": -4152}
_TOP, _MIDDLE = -4160, -4108
_LINE, _GREY, _NO_FILL = 1, 0xA6A6A6, -4142


def claim(sheets: Sheets, names: Iterable[str]) -> dict[str, Ours]:
    """Ours by title, for those of ``names`` that are there.

    Raises RefusedError where a sheet of the user's has a title that we need.
    """
    there = {title.casefold(): sheet for title, sheet in sheets.items()}
    wanted = {name: there[name.casefold()] for name in names if name.casefold() in there}
    found = {name: None if sheet is None else ours_of(sheet) for name, sheet in wanted.items()}
    foreign = [name for name, one in found.items() if one is None]
    if foreign:
        titles = "、".join(f"「{name}」" for name in foreign)
        raise RefusedError(f"工作簿里已经有{titles}，不是本程序写的，不能覆盖", "请把它改名，再点一次")
    return {name: one for name, one in found.items() if one is not None}


def write(book: Any, application: Any, sheet: Prepared, ours: Ours | None) -> None:
    """Write one of our sheets: over ``ours``, or a new one after the last sheet. May leave it active: the caller goes
    back.

    Panes, page and widths of columns are set up where they are not, or are to differ from what the mark has noted: so
    a user's own stay, and the place in the list. One that the user has hidden is written hidden: it cannot be active,
    and its panes stay as they are.
    """
    now = Layout(*sheet.freeze, len(sheet.rows), len(sheet.rows[0]), 1 if sheet.chart else 0, notice_of(sheet.notice))
    target = ours.sheet if ours else _create(book, sheet.name)
    before = ours.layout if ours else None
    if ours:
        begin(ours.names)
        target.Unprotect("")
        target.AutoFilterMode = False  # else rows that were filtered out would stay hidden
        target.Cells.Clear()
        if before is None or before.charts:
            drawing.remove(target)
    everything = target.Range(sheet.area)
    everything.NumberFormat = "@"
    for addresses, code in sheet.formats:
        target.Range(addresses).NumberFormat = code
    if before is None or before.width != now.width:
        _columns(target, everything, sheet)
    framed = _looks(target, everything, sheet)
    everything.Value = tuple(map(tuple, sheet.rows))  # last, so that Excel gives wrapped rows their height
    for cell, text in sheet.notes:
        target.Range(cell).AddComment(text)
    if sheet.links:
        links = target.Hyperlinks
        for cell, place in sheet.links:
            links.Add(target.Range(cell), "", place)
    shown = _window(book, target, sheet, now, before, new=ours is None)
    (framed[sheet.filter] if sheet.filter in framed else target.Range(sheet.filter)).AutoFilter()
    if sheet.chart:
        drawing.draw(target, sheet.name, sheet.chart)
    paged = page.set_up(application, target, sheet, before)
    names = ours.names if ours else target.Names  # a new one has got its title since
    put_mark(names, everything.Value2, sheet, now if shown and paged else _to_be_set(now, before))
    # contents and drawings; widths, heights and filters stay free; Excel sorts unlocked cells only, and none is
    target.Protect("", True, True, True, False, False, True, True, *[False] * 6, True, False)


def _to_be_set(now: Layout, before: Layout | None) -> Layout | None:
    """What to note of a sheet that was hidden, or whose page no printer took: the next click sets what differs now."""
    if before is None:
        return None
    height = max(before.height, now.height)
    return now._replace(rows=before.rows, columns=before.columns, height=height, notice=before.notice)


def _create(book: Any, name: str) -> Any:
    """A sheet of ours. It is marked before it has its title, so that none is left that nobody knows to be ours."""
    sheets = book.Sheets
    target = sheets.Add(After=sheets(sheets.Count), Count=1)  # else as many as the user has selected
    try:
        begin(target.Names)
        target.Name = name
    except Exception:
        target.Delete()
        raise
    return target


def remove(book: Any, name: str) -> None:
    """Take one of our sheets away; Excel's question about it must be switched off."""
    book.Worksheets(name).Delete()


def _columns(target: Any, everything: Any, sheet: Prepared) -> None:
    usual = sheet.widths[0][1]
    everything.ColumnWidth = usual
    for addresses, width in sheet.widths:
        if width != usual:
            target.Range(addresses).ColumnWidth = width


def _looks(target: Any, everything: Any, sheet: Prepared) -> dict[str, Any]:
    """Gives the framed blocks by address."""
    font = everything.Font
    font.Name, font.Size = FONT, _BASE.size
    everything.VerticalAlignment = _TOP
    framed = {addresses: target.Range(addresses) for addresses in sheet.framed}
    for block in framed.values():
        borders = block.Borders
        borders.LineStyle = _LINE
        borders.Color = _GREY
        block.WrapText = True
    for addresses, style in sheet.looks:
        _look(target, addresses, STYLES[style])
    for addresses, style in sheet.paints:
        _paint(target.Range(addresses), STYLES[style])
    return framed


def _look(target: Any, addresses: str, style: Style) -> None:
    """What of a style differs from the plain one."""
    different = {
        name: value
        for name, value, plain in (
            ("Bold", style.bold, _BASE.bold),
            ("Italic", style.italic, _BASE.italic),
            ("Size", style.size, _BASE.size),
            ("Color", 0 if style is _PLAIN_LINE else bgr(style.colour), bgr(_BASE.colour)),
        )
        if value != plain
    }
    aligned = style.align != _BASE.align
    middle = style.middle and style.wrap  # a line that does not wrap has no height to be in the middle of
    if not (style.fill or different or aligned or middle):
        return
    cells = target.Range(addresses)
    if style.fill:
        cells.Interior.Color = bgr(style.fill)
    if different:
        font = cells.Font
        for name, value in different.items():
            setattr(font, name, value)
    if aligned:
        cells.HorizontalAlignment = _ALIGN[style.align]
    if middle:
        cells.VerticalAlignment = _MIDDLE


def _paint(cells: Any, style: Style) -> None:
    """The whole colour of a word, over whatever the cells had."""
    inside = cells.Interior
    if style.fill:
        inside.Color = bgr(style.fill)
    else:
        inside.ColorIndex = _NO_FILL
    font = cells.Font
    font.Bold, font.Italic, font.Color = style.bold, style.italic, bgr(style.colour)


def _window(book: Any, target: Any, sheet: Prepared, now: Layout, before: Layout | None, *, new: bool) -> bool:
    """Panes of the sheet, and its top where it has become shorter than the user may have scrolled.

    Excel freezes what is shown, so it is scrolled to the top first. Panes belong to the window's active sheet: nothing
    is set, and the answer is False, where that is hidden or the user has gone to another one meanwhile.
    """
    frozen = before if before and before[:2] == now[:2] else None
    if frozen and frozen.height <= now.height:
        return True
    if not new:  # a new one is active
        if target.Visible != VISIBLE:
            return False
        target.Activate()
    window = book.Windows(1)
    if window.ActiveSheet.Name != sheet.name:
        return False
    if frozen:
        window.ScrollRow = 1
        return True
    if not new:
        window.FreezePanes = False
        window.ScrollRow = 1
        window.ScrollColumn = 1
    window.SplitRow = now.rows
    if now.columns or not new:  # a new sheet is not split
        window.SplitColumn = now.columns
    window.FreezePanes = True
    if before is None:
        window.DisplayGridlines = False
    return True
