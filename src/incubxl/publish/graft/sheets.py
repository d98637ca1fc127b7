"""The sheets of a result workbook, ready for another package: inline texts, the other's format numbers, free names."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from incubxl.files.package import Package, open_package
from incubxl.files.read import read_package
from incubxl.grid import Grid
from incubxl.issues import Issue
from incubxl.publish.graft.parts import RELATIONSHIPS
from incubxl.publish.graft.splice import Part

_ROWS = re.compile(r"<sheetData>.*</sheetData>", re.DOTALL)
_CELL = re.compile(r'( s="\d+"(?: t="s"><v>\d+</v>)?)')
_CELL_1904 = re.compile(r'( s="\d+"(?: t="s"><v>\d+</v>|><v>[^<]*</v>)?)')
_TAKEN_APART = re.compile(r' s="(\d+)"(?:( t="s")?><v>([^<]*)</v>)?')
_SELECTED = ' tabSelected="1"'
_TARGET = re.compile(r'( Target=")([^"]*)(")(?! TargetMode="External")')
_DAYS_TO_1904 = 1462
_EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class ResultSheet:
    """One sheet of the result. ``names``: its defined names as (name, hidden, text)."""

    title: str
    part: str
    names: tuple[tuple[str, bool, str], ...]


class Result:
    """The result workbook that the writer made."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        book = Part("workbook.xml", self.parts["xl/workbook.xml"]).root
        sheets, names = book.first("sheets"), book.first("definedNames")
        if sheets is None:
            raise ValueError("the result writer made no sheets")
        found: dict[int, list[tuple[str, bool, str]]] = {}
        for element in names.children if names else ():
            text = self.parts["xl/workbook.xml"][element.inner : element.close].decode()
            attributes = element.attributes
            hidden = attributes.get("hidden") == "1"
            found.setdefault(int(attributes["localSheetId"]), []).append((attributes["name"], hidden, text))
        self.sheets = tuple(
            ResultSheet(sheet.attributes["name"], f"xl/worksheets/sheet{n + 1}.xml", tuple(found.get(n, ())))
            for n, sheet in enumerate(sheets.children)
        )
        self.styles = self.parts["xl/styles.xml"]
        types = Part("types", self.parts["[Content_Types].xml"], 1).root.children
        overrides = [t.attributes for t in types if t.name == "Override"]
        self.types = {t["PartName"].lstrip("/"): t["ContentType"] for t in overrides}
        self._vml = next((t.attributes["ContentType"] for t in types if t.attributes.get("Extension") == "vml"), "")

    def type_of(self, part: str) -> str:
        """A part's content type."""
        return self._vml if part.endswith(".vml") else self.types[part]

    @cached_property
    def package(self) -> Package:
        """As any workbook is opened."""
        opened = open_package(self.data, "")
        if isinstance(opened, Issue):
            raise ValueError(opened.message)
        return opened

    @cached_property
    def grid(self) -> Grid:
        """As any workbook is read."""
        grid, _ = read_package(self.package, "", "")
        if grid is None:
            raise ValueError("the result writer made sheets that cannot be read")
        return grid


def transplanted(
    result: Result,
    homes: Mapping[str, str],
    formats: Mapping[int, int],
    free: Callable[[str], str],
    *,
    date_formats: frozenset[int],
    selected: str,
) -> dict[str, tuple[bytes, str]]:
    """Parts for the other package: name → content and content type ('' for relationships).

    ``homes``: title → the part name that the sheet takes; ``free`` gives an unused name for any other part.
    ``date_formats``: our cell formats that show dates, where the other workbook counts days from 1904, else empty.
    ``selected``: the title of the sheet that is open, if it is one of ours.
    """
    moved = {sheet.part: homes[sheet.title] for sheet in result.sheets}
    names = set(result.parts)
    for owner in [sheet.part for sheet in result.sheets]:
        for part in _below(result.parts, owner):
            if part not in moved:
                moved[part] = free(part)
    cells = _Cells(formats, _texts(result.parts["xl/sharedStrings.xml"].decode()), date_formats)
    out: dict[str, tuple[bytes, str]] = {}
    titles = {sheet.part: sheet.title for sheet in result.sheets}
    for old, new in moved.items():
        content = result.parts[old]
        if old in titles:
            content = _sheet(content.decode(), cells, titles[old] == selected).encode()
        out[new] = content, result.type_of(old)
        rels = _rels(old)
        if rels in names:
            out[_rels(new)] = _retargeted(result.parts[rels].decode(), old, new, moved).encode(), ""
    return out


def _rels(part: str) -> str:
    folder, leaf = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{leaf}.rels")


def _below(parts: Mapping[str, bytes], owner: str) -> Sequence[str]:
    """The parts that the owner's relationships lead to, and theirs."""
    rels = parts.get(_rels(owner))
    if rels is None:
        return ()
    if RELATIONSHIPS.encode() not in rels:
        raise ValueError(f"{owner}: not relationships")
    found = []
    for _, target, _ in _TARGET.findall(rels.decode()):
        part = posixpath.normpath(posixpath.join(posixpath.dirname(owner), target))
        found += [part, *_below(parts, part)]
    return found


def _retargeted(rels: str, old: str, new: str, moved: Mapping[str, str]) -> str:
    """Relationships with the new names of what they lead to inside the package."""

    def target(found: re.Match[str]) -> str:
        part = posixpath.normpath(posixpath.join(posixpath.dirname(old), found[2]))
        return found[1] + posixpath.relpath(moved[part], posixpath.dirname(new)) + found[3]

    return _TARGET.sub(target, rels)


def _texts(shared: str) -> list[str]:
    """What stands inside each ``si``."""
    start = shared.find("<si>")
    return [] if start < 0 else shared[start + 4 : shared.rindex("</si>")].split("</si><si>")


class _Cells(dict[str, str]):
    """The middle of a cell as the writer made it → as it is in the other workbook. A cell's look and text repeat."""

    def __init__(self, formats: Mapping[int, int], texts: Sequence[str], date_formats: frozenset[int]) -> None:
        super().__init__()
        self.formats, self.texts, self.date_formats = formats, texts, date_formats
        self.pattern = _CELL_1904 if date_formats else _CELL

    def __missing__(self, found: str) -> str:
        match = _TAKEN_APART.fullmatch(found)
        if match is None:
            raise ValueError(f"not a cell as the writer makes it: {found}")
        own = int(match[1])
        style = f' s="{self.formats[own]}"'
        if match[3] is None:
            made = style
        elif match[2]:
            made = f'{style} t="inlineStr"><is>{self.texts[int(match[3])]}</is>'
        elif own in self.date_formats:
            made = self._date(style, int(match[3]))
        else:
            made = f"{style}><v>{match[3]}</v>"
        self[found] = made
        return made

    def _date(self, style: str, serial: int) -> str:
        """A day counted from 1904; one that has no positive number there is a text."""
        if serial > _DAYS_TO_1904:
            return f"{style}><v>{serial - _DAYS_TO_1904}</v>"
        return f'{style} t="inlineStr"><is><t>{_EPOCH + dt.timedelta(serial)}</t></is>'


def _sheet(xml: str, cells: _Cells, selected: bool) -> str:
    xml = xml.replace(_SELECTED, "", 1)
    if selected:
        xml = xml.replace("<sheetView ", f"<sheetView{_SELECTED} ", 1)
    rows = _ROWS.search(xml)
    if rows is None:
        raise ValueError("the result writer made no rows")
    pieces = cells.pattern.split(rows[0])
    pieces[1::2] = map(cells.__getitem__, pieces[1::2])
    return xml[: rows.start()] + "".join(pieces) + xml[rows.end() :]
