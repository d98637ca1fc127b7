"""What a copy must have kept, seen by zipfile, lxml and openpyxl; no code of the graft is used."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Collection
from typing import Any
from urllib.parse import unquote

import openpyxl
from lxml import etree

from incubxl.files.read import read_bytes


def _path(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


class Book:
    """A package by the paths of its parts."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = {_path(name): name for name in self.archive.namelist()}

    def read(self, path: str) -> bytes:
        return self.archive.read(self.names[_path(path)])

    def relations(self, owner: str) -> list[tuple[str, str, str]]:
        """(last word of the type, target path or outer target, id) of a part's relationships."""
        folder, leaf = posixpath.split(owner)
        rels = posixpath.join(folder, "_rels", f"{leaf}.rels")
        if _path(rels) not in self.names:
            return []
        found = []
        for e in etree.fromstring(self.read(rels)):
            if not isinstance(e.tag, str):
                continue
            target = (e.get("Target") or "").replace("\\", "/").strip()
            if e.get("TargetMode") != "External":
                target = _path(posixpath.normpath(posixpath.join("/" + folder, target)))
                target = target if target in self.names else unquote(target)
            found.append(((e.get("Type") or "").rsplit("/", 1)[-1], target, e.get("Id") or ""))
        return found

    @property
    def workbook(self) -> str:
        return next(target for kind, target, _ in self.relations("") if kind == "officeDocument")

    @property
    def sheets(self) -> list[tuple[str, str, str]]:
        """(title, state, part) in order."""
        by_id = {id: target for _, target, id in self.relations(self.workbook)}
        found = []
        for e in etree.fromstring(self.read(self.workbook)).iterfind("{*}sheets/{*}sheet"):
            id = next((v for k, v in e.attrib.items() if str(k).endswith("}id")), "")
            found.append((e.get("name") or "", e.get("state") or "", by_id.get(str(id), "")))
        return found

    def reached(self, owner: str) -> Counter[tuple[str, str, int]]:
        """Everything that relationships lead to from a part: (kind, target, checksum), followed to the end."""
        found: Counter[tuple[str, str, int]] = Counter()
        todo, seen = [owner], {owner}
        while todo:
            for kind, target, _ in self.relations(todo.pop()):
                there = self.names.get(target)
                found[kind, target, self.archive.getinfo(there).CRC if there else 0] += 1
                if there and target not in seen:
                    seen.add(target)
                    todo.append(target)
        return found


def changed_parts(old: bytes, new: bytes) -> list[str]:
    """Entries of the workbook that are not there, or not byte for byte the same; the four that are extended aside."""
    before, after = Book(old), Book(new)
    folder, leaf = posixpath.split(before.workbook)
    extended = {"[content_types].xml", before.workbook, f"{folder}/_rels/{leaf}.rels".lstrip("/")}
    extended |= {target for kind, target, _ in before.relations(before.workbook) if kind == "styles"}
    return [
        name
        for path, name in before.names.items()
        if path not in extended and (path not in after.names or before.read(path) != after.read(path))
    ]


def lost_relations(old: bytes, new: bytes) -> list[str]:
    """What each sheet of the user's, and the workbook itself, led to and leads to no longer."""
    before, after = Book(old), Book(new)
    lost = []
    mine = {title: part for title, _, part in after.sheets}
    for title, _, part in before.sheets:
        if mine.get(title) != part:
            lost.append(f"{title}: {part}")
        elif part and before.reached(part) != after.reached(part):
            lost.append(title)
    styles = {target for kind, target, _ in before.relations(before.workbook) if kind == "styles"}
    skip = {before.workbook, *styles, *(part for _, _, part in before.sheets)}
    gone = before.reached("") - after.reached("")
    return lost + [f"{kind} {target}" for kind, target, _ in gone if target not in skip]


def kept_sheets(old: bytes, new: bytes, ours: Collection[str]) -> bool:
    """Whether the user's sheets stand in the same order, in the same state."""
    there = [sheet for sheet in Book(new).sheets if sheet[0] not in ours]
    return there == [sheet for sheet in Book(old).sheets if sheet[0] not in ours]


def values(data: bytes, ours: Collection[str], *, formulas: bool) -> dict[str, Any] | str:
    """What openpyxl reads of every cell: value and number format; its error where it cannot open the workbook."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)
        return {
            sheet.title: [
                (
                    place,
                    str(vars(cell.value)) if hasattr(cell.value, "__dict__") else str(cell.value),
                    cell.number_format,
                )
                for place, cell in sorted(
                    getattr(sheet, "_cells", {}).items()
                )  # iter_rows would walk to the far corner
                if cell.value is not None
            ]
            for sheet in book
            if sheet.title not in ours
        } | {"names": sorted((n, str(d.attr_text)) for n, d in book.defined_names.items())}
    except Exception as error:  # noqa: BLE001  (it fails on some of the corpus in a dozen ways: then on both alike)
        return type(error).__name__


def ours_read(data: bytes, ours: Collection[str]) -> Any:
    """What our reader reads of the user's sheets, with its findings."""
    grid, issues = read_bytes(data, "x.xlsx", ours)
    sheets = None if grid is None else {n: (repr(s.rows), s.special, s.hidden) for n, s in grid.sheets.items()}
    return sheets, [(i.code, str(i.place)) for i in issues]


def problems(old: bytes, new: bytes, ours: Collection[str]) -> list[str]:
    """All that is not as it was, in words."""
    found = [f"part changed: {name}" for name in changed_parts(old, new)]
    found += [f"relation lost: {what}" for what in lost_relations(old, new)]
    if not kept_sheets(old, new, ours):
        found.append("sheets or their order")
    for formulas in (False, True):
        if values(old, ours, formulas=formulas) != values(new, ours, formulas=formulas):
            found.append(f"values ({'formulas' if formulas else 'results'}) by openpyxl")
    if ours_read(old, ours) != ours_read(new, ours):
        found.append("values by our reader")
    return found
