"""What result sheets hold, as the marks of ``publish.own_sheet``: of those just made and of those found later.

Both are read by the same code, and only what a program keeps that saves the workbook again: values, notes, the fills
of cells as colours, and how much is drawn. Numbers of formats, shared texts, widths and the like are not looked at.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lxml import etree

from incubxl.files.package import Package, PartError, local, parse
from incubxl.files.read import read_package
from incubxl.grid import Grid
from incubxl.publish.graft.archive import Archive
from incubxl.publish.graft.book import Book, BookSheet
from incubxl.publish.graft.parts import related
from incubxl.publish.graft.sheets import Result
from incubxl.publish.own_sheet import Layout, Mark, looks_of, marked, notes_of, notice_of, values_of

_OURS_BELOW = frozenset(("drawing", "chart", "chartstyle", "chartcolorstyle", "comments", "vmldrawing", "hyperlink",
                         "printersettings"))  # fmt: skip
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_FILLED = rb"""<(?:[\w.-]+:)?c(?=[^>]*?\ss\s*=\s*["'](%b)["'])(?=[^>]*?\sr\s*=\s*["']([A-Z]+\d+))\s"""
_SPLIT = re.compile(rb'\s([xy])Split="(\d+)"')
_COLUMN = re.compile(rb'<col [^>]*\smax="(\d+)"')
_NOTICE = re.compile(rb"<oddHeader>&amp;L&amp;A&amp;R(.*?)</oddHeader>", re.DOTALL)
_DRAWN = re.compile(rb"<(?:[\w.-]+:)?(?:oneCell|twoCell|absolute)Anchor[\s>]")


def changed(archive: Archive, package: Package, book: Book) -> set[str]:
    """Titles of the sheets of ours that hold something else than was written, or of which that is not known.

    Raises Refused.
    """
    ours = [sheet for sheet in book.sheets if sheet.ours]
    if not ours:
        return set()
    found = _held(archive, package, [sheet.title for sheet in ours], date_1904=book.date_1904)
    return {sheet.title for sheet in ours if not _as_written(archive, sheet, found[sheet.title])}


def _as_written(archive: Archive, sheet: BookSheet, now: Mark | None) -> bool:
    """An open Excel does not say how every cell looks: there the protection stands for that, without which nothing
    can be changed."""
    before = marked(sheet.mark)
    if now is None or before is None or sheet.part is None:
        return False
    if (now.values, now.noted, now.notes) != (before.values, before.noted, before.notes):
        return False
    return now.looks == before.looks if before.looks else b"sheetProtection" in archive.read(sheet.part)


def marks_of(result: Result, date_1904: bool) -> dict[str, str]:
    """Title → mark of the sheets of a result workbook. ``date_1904``: of the workbook into which they go."""
    titles = [sheet.title for sheet in result.sheets]
    archive = Archive(result.data)
    found = _held(archive, result.package, titles, date_1904=date_1904, grid=result.grid)
    if bad := [title for title, mark in found.items() if mark is None]:
        raise ValueError(f"the result writer made sheets that cannot be read: {bad}")
    layouts = {sheet.title: _layout(archive, sheet.part, len(result.grid.sheets[sheet.title].rows))
               for sheet in result.sheets}  # fmt: skip
    return {title: mark._replace(layout=layouts[title]).text for title, mark in found.items() if mark}


def _layout(archive: Archive, part: str, height: int) -> Layout:
    """How the result writer has set a sheet up: as a click on it does, but for margins and exact widths."""
    head, _, rest = archive.read(part).partition(b"<sheetData>")
    pane = dict(_SPLIT.findall(head))
    notice = _NOTICE.search(rest.rpartition(b"</sheetData>")[2])
    return Layout(
        rows=int(pane.get(b"y", 0)),
        columns=int(pane.get(b"x", 0)),
        height=height,
        width=max(int(column) for column in _COLUMN.findall(head)),
        charts=sum(relation.kind == "drawing" for relation, _ in related(archive, part)),  # one on a sheet at most
        notice=notice_of(html.unescape(notice[1].decode()) if notice else ""),
    )


def _held(
    archive: Archive, package: Package, sheets: Sequence[str], *, date_1904: bool, grid: Grid | None = None
) -> Mapping[str, Mark | None]:
    """Title → mark of what the sheet holds; None where a sheet cannot be read or holds what results never hold.

    ``sheets``: titles. ``date_1904``: of the workbook in which they stand or will stand. ``grid``: where they have been
    read. Raises Refused.
    """
    wanted = tuple(sheet for sheet in package.sheets if sheet.name in sheets)
    if grid is None:
        grid, _ = read_package(replace(package, sheets=wanted), "", "")
    found: dict[str, Mark | None] = dict.fromkeys(sheets)
    try:
        colours = _colours(archive.read(package.styles)) if package.styles else {}
        for sheet in wanted:
            cells = grid.sheets.get(sheet.name) if grid else None
            if cells is None or cells.special or sheet.part is None:
                continue
            part = archive.read(sheet.part)
            below = _below(archive, sheet.part)
            if below is None or _FORMULA.search(part):
                continue
            notes, drawn = below
            values = values_of(cells.rows, date_1904=date_1904)
            found[sheet.name] = Mark(values, len(notes), notes_of(notes), looks_of(_fills(part, colours), drawn))
    except (PartError, ValueError):  # what does not say what a cell looks like or notes
        return found
    return found


def _below(archive: Archive, sheet: str) -> tuple[Mapping[str, str], int] | None:
    """The sheet's notes and how many things are drawn on it; None where something is related that is never ours."""
    notes: dict[str, str] = {}
    drawn, todo, seen = 0, [sheet], {sheet}
    while todo:
        for relation, part in related(archive, todo.pop()):
            kind = relation.kind.lower()
            if kind not in _OURS_BELOW:
                return None
            if part is None or part in seen:
                continue
            seen.add(part)
            todo.append(part)
            if kind == "comments":
                notes |= _notes(archive.read(part), part)
            elif kind == "drawing":
                drawn += len(_DRAWN.findall(archive.read(part)))
    return notes, drawn


def _notes(data: bytes, part: str) -> dict[str, str]:
    return {
        note.get("ref") or "": "".join(t.text or "" for t in note.iterfind("{*}text//{*}t"))
        for note in parse(data, part).iter("{*}comment")
    }


def _colours(styles: bytes) -> dict[bytes, str]:
    """Number of a cell format → its fill, for those that have one."""
    root = parse(styles, "styles.xml")
    fills = [_fill(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    formats = [int(xf.get("fillId") or 0) for xf in root.iterfind("{*}cellXfs/{*}xf")]
    return {str(n).encode(): fills[id] for n, id in enumerate(formats) if id < len(fills) and fills[id]}


def _fill(fill: etree._Element) -> str:
    """Pattern and colour; empty for none."""
    kind = next((e for e in fill if local(e)), None)
    if kind is None or (local(kind) == "patternFill" and kind.get("patternType", "none") == "none"):
        return ""
    colour = kind.find("{*}fgColor")
    told = {} if colour is None else {str(k): str(v) for k, v in colour.attrib.items()}
    if "rgb" in told:
        told = {"rgb": told["rgb"][-6:].upper()}
    return " ".join([local(kind), kind.get("patternType") or "", *(f"{k}={v}" for k, v in sorted(told.items()))])


def _fills(part: bytes, colours: Mapping[bytes, str]) -> dict[str, str]:
    if not colours:
        return {}
    pattern = _FILLED % b"|".join(colours)
    return {place.decode(): colours[number] for number, place in re.findall(pattern, part)}
