"""The zip package of a workbook: is it one, what sheets does it hold, in which parts.

Everything here works on bytes read once. A file that is not an .xlsx/.xlsm package becomes one issue that says
what the file is instead.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from incubxl.files import findings as _findings  # noqa: F401  (registers the issue codes)
from incubxl.grid import Place
from incubxl.issues import Issue, issue

MAX_UNPACKED = 1 << 30  # bytes, all parts together
BOMB_FROM = 64 << 20  # bytes: below this size no compression ratio is suspicious
BOMB_RATIO = 200

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class PartError(Exception):
    """A part of the package cannot be unpacked or is not well-formed XML. The text is Chinese."""


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

    def read(self, part: str) -> bytes:
        """The unpacked bytes of an entry (never more than the size it declares). Raises PartError."""
        return _read(self.archive, part)


def open_package(data: bytes, file: str) -> Package | Issue:
    """Open the bytes of a workbook; ``file`` is the name shown in the issue that says why not."""
    place = Place(file=file)
    kind = _not_a_zip(data)
    if kind:
        return issue(kind, place, path=file, head=data[:4].hex(" "))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _READ_ERRORS:
        return issue("file.truncated", place, path=file, reason="压缩包的目录缺失或读不出来")
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED or (unpacked > BOMB_FROM and unpacked > BOMB_RATIO * len(data)):
        packed = f"{len(data) / 1e6:.1f}"
        return issue("file.too_large", place, path=file, unpacked=f"{unpacked / 1e6:.0f}", packed=packed)
    names = _Names(archive)
    try:
        workbook = _workbook_part(archive, names)
        if workbook is None:
            return _no_workbook(names, place, file)
        if workbook.lower().endswith(".bin"):
            return issue("file.binary_workbook", place, path=file)
        return _package(archive, names, workbook)
    except PartError as reason:
        return issue("file.truncated", place, path=file, reason=str(reason))


def parse(data: bytes, part: str) -> etree._Element:
    """A small part's root element; entities are never resolved. Raises PartError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise PartError(f"{part} 不是完整的 XML") from error
    if root is None:
        raise PartError(f"{part} 是空的")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace or an unbound prefix; empty for comments and the like."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def plain_path(name: str) -> str:
    """A zip entry's name as relationships write it; some programs use backslashes or a leading slash."""
    return name.replace("\\", "/").lstrip("/")


class _Names:
    """Zip entries by the path a relationship gives: letter case and leading slash aside."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._by_path = {plain_path(name).lower(): name for name in archive.namelist()}

    def find(self, path: str) -> str | None:
        return self._by_path.get(plain_path(path).lower())

    def has_under(self, folder: str) -> bool:
        return any(path.startswith(folder) for path in self._by_path)


def _not_a_zip(data: bytes) -> str | None:
    """The issue code that says what the bytes are, None for a zip."""
    if not data:
        return "file.empty"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    if data.startswith(_OLE):
        wide = "EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le")
        return "file.encrypted" if any(name in data for name in wide) else "file.old_xls"
    head = data[:4096]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style", b"<body")):
        return "file.html"
    if start.startswith(b"<?xml"):
        return "file.html" if b"<html" in start else "file.xml_spreadsheet"
    return "file.text" if _is_text(head) else "file.unknown_kind"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if any(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head):
        return False
    for cut in range(4):  # the head may end inside a character
        for encoding in ("utf-8", "gb18030"):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    try:
        return archive.read(part)
    except KeyError as error:
        raise PartError(f"缺少 {part}") from error
    except _READ_ERRORS as error:
        raise PartError(f"{part} 解压不出来") from error


def _relations(archive: zipfile.ZipFile, names: _Names, owner: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, zip path of its target) for the part ``owner`` ('' is the package)."""
    folder, leaf = posixpath.split(plain_path(owner))
    entry = names.find(posixpath.join(folder, "_rels", f"{leaf}.rels"))
    if entry is None:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for element in parse(_read(archive, entry), entry):
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
    root = parse(_read(archive, workbook), workbook)
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
