"""The zip package of a workbook: is it one, what sheets does it hold, in which parts.

Everything here works on bytes read once. A file that is not an .xlsx/.xlsm package becomes one issue that says
what the file is instead.
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, replace

from lxml import etree

from incubxl.files import findings as _findings  # noqa: F401  (registers the issue codes)
from incubxl.files.sniff import not_a_zip
from incubxl.files.unzip import PartError, open_archive, plain_path, read
from incubxl.grid import Place
from incubxl.issues import Issue, issue

__all__ = ["Package", "PartError", "SheetPart", "local", "no_entities", "open_package", "parse", "plain_path"]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet as the workbook lists it. ``part`` is its zip entry, None where the entry is missing."""

    name: str
    part: str | None
    hidden: bool


@dataclass(frozen=True)
class Package:
    """An opened workbook package. ``shared`` and ``styles`` are zip entries or None."""

    archive: zipfile.ZipFile
    sheets: tuple[SheetPart, ...]
    date_1904: bool
    workbook: str
    shared: str | None
    styles: str | None
    notes: tuple[Issue, ...] = ()  # what is odd about the file and forbids nothing

    def read(self, part: str) -> bytes:
        """The unpacked bytes of an entry (never more than the size it declares). Raises PartError."""
        return read(self.archive, part)


def open_package(data: bytes, file: str) -> Package | Issue:
    """Open the bytes of a workbook; ``file`` is the name shown in the issue that says why not."""
    place = Place(file=file)
    kind = not_a_zip(data, file)
    if kind:
        return issue(kind, place, path=file, head=data[:4].hex(" "))
    archive, found = open_archive(data, file)
    if archive is None:
        return found[0]
    names = _Names(archive)
    try:
        workbook = _workbook_part(archive, names)
        if workbook is None:
            return _no_workbook(names, place, file)
        if workbook.lower().endswith(".bin"):
            return issue("file.binary_workbook", place, path=file)
        return replace(_package(archive, names, workbook), notes=tuple(found))
    except PartError as reason:
        return issue(reason.code or "file.truncated", place, path=file, reason=str(reason), part=f"部件 {reason} ")


def parse(data: bytes, part: str) -> etree._Element:
    """A small part's root element; entities are never resolved. Raises PartError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise PartError(f"{part} 不是完整的 XML") from error
    no_entities(root, part)
    return root


def no_entities(root: etree._Element, part: str) -> None:
    """Raises PartError for a part with a document type of its own, in whatever encoding."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise PartError(part, "file.entities")


def local(element: etree._Element) -> str:
    """An element's name without its namespace or an unbound prefix; empty for comments and the like."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


class _Names:
    """Zip entries by the path a relationship gives: letter case and leading slash aside."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._by_path = {plain_path(name).lower(): name for name in archive.namelist()}

    def find(self, path: str) -> str | None:
        return self._by_path.get(plain_path(path).lower())

    def has_under(self, folder: str) -> bool:
        return any(path.startswith(folder) for path in self._by_path)


def _relations(archive: zipfile.ZipFile, names: _Names, owner: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, zip path of its target) for the part ``owner`` ('' is the package)."""
    folder, leaf = posixpath.split(plain_path(owner))
    entry = names.find(posixpath.join(folder, "_rels", f"{leaf}.rels"))
    if entry is None:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for element in parse(read(archive, entry), entry):
        if local(element) != "Relationship" or element.get("TargetMode") == "External":
            continue
        target = (element.get("Target") or "").replace("\\", "/").strip()
        path = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[element.get("Id") or ""] = ((element.get("Type") or "").rsplit("/", 1)[-1], path)
    return found


def _workbook_part(archive: zipfile.ZipFile, names: _Names) -> str | None:
    for kind, path in _relations(archive, names, "").values():
        entry = names.find(path)
        if kind == "officeDocument" and entry and not path.lstrip("/").lower().startswith(("word/", "ppt/")):
            return entry
    return names.find("xl/workbook.xml") or names.find("xl/workbook.bin")


def _no_workbook(names: _Names, place: Place, file: str) -> Issue:
    if names.find("word/document.xml"):
        seen = "它是 Word 文档"
    elif names.find("ppt/presentation.xml"):
        seen = "它是演示文稿"
    elif names.find("mimetype") and names.find("content.xml"):
        seen = "它是 ODS 一类的文档"
    elif names.has_under("xl/"):
        seen = "压缩包里缺少 xl/workbook.xml"
    else:
        seen = "它是普通压缩包"
    return issue("file.no_workbook", place, path=file, seen=seen)


def _package(archive: zipfile.ZipFile, names: _Names, workbook: str) -> Package:
    root = parse(read(archive, workbook), workbook)
    relations = _relations(archive, names, workbook)
    sheets: list[SheetPart] = []
    date_1904 = False
    for element in root.iter("{*}sheet", "{*}workbookPr"):
        if local(element) == "workbookPr":
            date_1904 = element.get("date1904", "0") in ("1", "true")
            continue
        reference = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
        kind, path = relations.get(str(reference), ("", ""))
        if kind in ("", "worksheet"):  # chart, dialogue and macro sheets hold no register
            hidden = element.get("state", "visible") != "visible"
            sheets.append(SheetPart(element.get("name") or "", names.find(path) if path else None, hidden))
    by_kind = {kind: names.find(path) for kind, path in relations.values()}
    return Package(archive, tuple(sheets), date_1904, workbook, by_kind.get("sharedStrings"), by_kind.get("styles"))
