"""A made copy, opened again by other means than it was made with, and compared with the workbook that it is of."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import replace

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet

from incubxl.files.package import Package, PartError, open_package, parse, plain_path
from incubxl.files.read import read_package
from incubxl.grid import CellValue, Grid
from incubxl.issues import Issue
from incubxl.publish.graft.refusal import Refused
from incubxl.publish.graft.sheets import Result
from incubxl.publish.own_sheet import OWNED

_LISTS = ("numFmts", "fonts", "fills", "borders", "cellXfs")
_OF_FORMATS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_FIRST_1904 = dt.date(1904, 1, 2)
_BOOK_ALONE = ("sheets", "definedNames", "bookViews")  # compared by themselves
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, etree.Error,
               zipfile.BadZipFile, SyntaxError)  # fmt: skip


def prove(
    old: bytes,
    made: bytes,
    result: Result,
    mine: Collection[str],
    titles: Collection[str],
    kept: Mapping[str, str] | None = None,
    charts: Collection[str] = (),
) -> None:
    """Raises Refused (``graft.not_proved``) unless ``made`` holds all of ``old`` and the sheets of ``result``.

    ``mine``: the entries that were edited, added or taken out. ``titles``: all that results can have. ``kept``: title →
    new title of our earlier sheets that stay, ``charts``: their charts' entries, which may name the new title.
    """
    try:
        _prove(old, made, result, mine, titles, kept or {})
        _charts(old, made, charts, kept or {})
    except (PartError, etree.LxmlError) as error:
        raise Refused("graft.not_proved", what=str(error)) from error


def _prove(
    old: bytes, made: bytes, result: Result, mine: Collection[str], every: Collection[str], kept: Mapping[str, str]
) -> None:
    before, after = zipfile.ZipFile(io.BytesIO(old)), zipfile.ZipFile(io.BytesIO(made))
    _members(before, after, old, made, mine)
    old_book, new_book = _opened(old), _opened(made)
    titles = [sheet.title for sheet in result.sheets]
    _workbook(old_book, new_book, titles, {title.casefold() for title in every}, kept)
    _types(before, after)
    if old_book.styles is not None and old_book.styles in mine:
        _styles(old_book.read(old_book.styles), new_book.read(old_book.styles))
    _cells(new_book, result.grid, titles)
    _second_reader(old, made, new_book)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise Refused("graft.not_proved", what=what)


def _members(before: zipfile.ZipFile, after: zipfile.ZipFile, old: bytes, made: bytes, mine: Collection[str]) -> None:
    """Every entry that is not mine: same order, same place in the directory's words, same packed bytes."""
    theirs = [i for i in before.infolist() if i.filename not in mine]
    kept = [i for i in after.infolist() if i.filename not in mine]
    _check([i.filename for i in theirs] == [i.filename for i in kept], "部件的清单")
    for a, b in zip(theirs, kept, strict=True):
        same = (_said(a), _packed(old, a)) == (_said(b), _packed(made, b))
        _check(same, a.filename)
    for name in sorted(set(after.namelist()) & set(mine)):
        try:
            after.read(name)  # with its checksum
        except _UNREADABLE as error:
            raise Refused("graft.not_proved", what=name) from error


def _said(i: zipfile.ZipInfo) -> tuple[object, ...]:
    return (i.CRC, i.file_size, i.compress_size, i.compress_type, i.flag_bits, i.date_time, i.external_attr, i.extra)


def _packed(data: bytes, i: zipfile.ZipInfo) -> bytes:
    """The packed bytes with the local record before them."""
    name, extra = struct.unpack_from("<2H", data, i.header_offset + 26)
    return data[i.header_offset : i.header_offset + 30 + name + extra + i.compress_size]


def _opened(data: bytes) -> Package:
    opened = open_package(data, "")
    if isinstance(opened, Issue):
        raise Refused("graft.not_proved", what="再次打开")
    return opened


class _Book:
    """What a workbook part says, without our sheets."""

    def __init__(
        self, package: Package, ours: Collection[str], *, marked: bool = False, kept: Mapping[str, str] | None = None
    ) -> None:
        """``ours``: titles in any case; ``marked``: only those of them that bear our name. ``kept``: title → the title
        that such a sheet has instead, as one of the user's."""
        kept = kept or {}
        root = parse(package.read(package.workbook), package.workbook)
        sheets = root.findall("{*}sheets/{*}sheet")
        titles = [s.get("name") or "" for s in sheets]
        names = root.findall("{*}definedNames/{*}definedName")
        folded = {t.casefold() for t in ours}
        if marked:
            bearing = [n for x in names if (x.get("name") or "").lower() == OWNED and (n := _scope(x)) is not None]
            folded &= {titles[n].casefold() for n in bearing if n < len(titles)}
        folded -= {title.casefold() for title in kept}
        self.ours = folded
        self.sheets = [
            tuple(sorted((str(k), kept.get(str(v), v) if k == "name" else v) for k, v in s.attrib.items()))
            for s in sheets
            if (s.get("name") or "").casefold() not in folded
        ]
        self.all = titles
        self.names = []
        for x in names:
            n = _scope(x)
            scope = titles[n] if n is not None and n < len(titles) else n
            if not (isinstance(scope, str) and scope.casefold() in folded):
                attributes = {k: v for k, v in x.attrib.items() if k != "localSheetId"}
                new, text = kept.get(str(scope), ""), x.text
                if new and (x.get("name") or "").lower() == OWNED:
                    continue
                self.names.append((new or scope, tuple(sorted(attributes.items())), _titled(text, scope, new)))
        view = root.find("{*}bookViews/{*}workbookView")
        text = "" if view is None else view.get("activeTab") or ""
        opened = int(text) if text.isdecimal() else 0
        self.open = titles[opened if opened < len(titles) else 0]
        self.open = kept.get(self.open, self.open)
        self.rest = [
            _canonical(e) for e in root if isinstance(e.tag, str) and etree.QName(e).localname not in _BOOK_ALONE
        ]
        self.head = tuple(sorted(root.attrib.items()))


def _titled(text: str | None, old: object, new: str) -> str | None:
    """A reference with the new title for the old one, quoted."""
    if not new or text is None:
        return text
    place = f"'{new}'!"
    return re.sub(rf"(?<![\w.'\]]){re.escape(str(old))}!", place, text.replace(f"'{old}'!", place))


def _charts(old: bytes, made: bytes, charts: Collection[str], kept: Mapping[str, str]) -> None:
    """Nothing of them is changed but which of the kept sheets they name."""
    before, after = zipfile.ZipFile(io.BytesIO(old)), zipfile.ZipFile(io.BytesIO(made))
    for name in charts:
        was, now = before.read(name).decode(), after.read(name).decode()
        _check(any(_titled(was, title, new) == now for title, new in kept.items()), name)


def _scope(name: etree._Element) -> int | None:
    text = name.get("localSheetId") or ""
    return int(text) if text.isdecimal() else None


def _canonical(element: etree._Element) -> bytes:
    copied = etree.fromstring(etree.tostring(element, with_tail=False))
    return bytes(etree.tostring(copied, method="c14n", exclusive=True))


def _workbook(old: Package, new: Package, titles: list[str], every: Collection[str], kept: Mapping[str, str]) -> None:
    _check(old.workbook == new.workbook and old.date_1904 == new.date_1904, "工作簿部件")
    before, after = _Book(old, every, marked=True, kept=kept), _Book(new, titles)
    _check(before.sheets == after.sheets, "原有工作表的清单和次序")
    _check(before.names == after.names, "原有的名称")
    _check((before.rest, before.head) == (after.rest, after.head), "工作簿的设置")
    _check(after.open == before.open or before.open.casefold() in before.ours, "打开着的工作表")
    _check({t for t in after.all if t in titles} == set(titles), "结果表的清单")
    parts = {s.name: s.part for s in new.sheets}
    stay = [(kept.get(s.name, s.name), s.part) for s in old.sheets if s.name.casefold() not in before.ours]
    _check(all(parts[title] == part for title, part in stay), "原有工作表的部件")


def _types(before: zipfile.ZipFile, after: zipfile.ZipFile) -> None:
    """Every part that stays has the type that it had."""
    old, new = _typed(before), _typed(after)
    stay = {plain_path(name).lower() for name in after.namelist()}
    said = {k: new.get(k) or new.get(f".{k.rpartition('.')[2]}") for k in old}  # its own, or its kind's
    _check(all(said[k] == v for k, v in old.items() if k.startswith(".") or k in stay), "部件的类型")


def _typed(archive: zipfile.ZipFile) -> Mapping[str, str]:
    name = next(n for n in archive.namelist() if plain_path(n).lower() == "[content_types].xml")
    found = {}
    for element in parse(archive.read(name), name):
        key = element.get("PartName") or "." + (element.get("Extension") or "")
        found[key.lstrip("/").lower()] = element.get("ContentType") or ""
    return found


def _styles(old: bytes, new: bytes) -> None:
    """The same styles once what came behind them is cut off, and what came behind refers to what is there."""
    before, after = parse(old, "styles.xml"), parse(new, "styles.xml")
    sizes = {id: len(after.findall(f"{{*}}{name}/*")) for id, name in _OF_FORMATS.items()}
    theirs_too = len(before.findall("{*}cellXfs/*"))
    for xf in after.findall("{*}cellXfs/*")[theirs_too:]:
        _check(all(int(xf.get(id) or 0) < size for id, size in sizes.items()), "结果表的单元格格式")
    for name in _LISTS:
        theirs, grown = before.find(f"{{*}}{name}"), after.find(f"{{*}}{name}")
        if theirs is None:
            if grown is not None:
                after.remove(grown)
            continue
        if grown is None:
            raise Refused("graft.not_proved", what=f"格式部件的 {name}")
        for extra in list(grown)[len(theirs) :]:
            grown.remove(extra)
        for element in (theirs, grown):
            if "count" in element.attrib:
                del element.attrib["count"]
            if not len(element):
                element.text = None
    _check(etree.tostring(before, method="c14n") == etree.tostring(after, method="c14n"), "原有的单元格格式")


def _cells(book: Package, single: Grid, titles: list[str]) -> None:
    """Our reader finds the result's sheets with the result's values, none of whose texts is among the user's."""
    mine = tuple(sheet for sheet in book.sheets if sheet.name in titles)
    grafted, _ = read_package(replace(book, sheets=mine, shared=None), "", "")
    if grafted is None:
        raise Refused("graft.not_proved", what="再次读取结果表")
    for title in titles:
        ours, theirs = grafted.sheets.get(title), single.sheets.get(title)
        if ours is None or theirs is None or ours.special:
            raise Refused("graft.not_proved", what=f"结果表「{title}」")
        found, wanted = ours.rows, theirs.rows
        if book.date_1904:
            found, wanted = ([[_shown(v) for v in row] for row in rows] for rows in (found, wanted))
        _check(found == wanted, f"结果表「{title}」的内容")


def _shown(value: CellValue) -> CellValue:
    """A day that a workbook counting from 1904 can only hold as text."""
    day = value.date() if isinstance(value, dt.datetime) else value
    return str(day) if isinstance(day, dt.date) and day < _FIRST_1904 else day


def _second_reader(old: bytes, made: bytes, book: Package) -> None:
    """openpyxl opens the copy, where it could open the workbook itself."""
    try:
        names = _sheet_names(made)
    except _UNREADABLE as error:
        try:
            _sheet_names(old)
        except _UNREADABLE:
            return
        raise Refused("graft.not_proved", what="用另一种程序再次打开") from error
    _check({s.name for s in book.sheets} <= set(names), "另一种程序看到的工作表")


def _sheet_names(data: bytes) -> list[str]:
    """What ``load_workbook`` does, without the texts and the sheets: those are the user's bytes, or read above."""
    reader = ExcelReader(io.BytesIO(data), read_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        return [sheet.name for sheet, _ in reader.parser.find_sheets()]
