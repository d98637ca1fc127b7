"""The zip archive of a package, with what its directory may not hold, and parts unpacked within bounds.

A workbook that was saved by a program has none of what is refused here (0 of 1,063 workbooks of the corpus of foreign
makers): two entries of one path, paths that lead out of the package, sizes that no register has.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator

import incubxl.files.findings  # noqa: F401  (registers what is wrong with a file)
from incubxl.grid import Place
from incubxl.issues import Issue, issue

MAX_UNPACKED = 1 << 30  # bytes, all parts together
BOMB_FROM = 64 << 20  # bytes: below this size no compression ratio is suspicious
BOMB_RATIO = 200
MAX_PART = 256 << 20  # bytes of one part, empty rows left out
_LARGE = 32 << 20  # bytes: parts from here on are unpacked piece by piece
_PIECE = 4 << 20

# What reading a member of a damaged archive raises, whatever its compression (NotImplementedError is a RuntimeError).
READ_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError, ValueError)
_BAD_PATH = re.compile(r"\A[/\\]|\A[A-Za-z]:|(?:\A|[/\\])\.\.(?:[/\\]|\Z)|[\0-\x1f]")
_ROW = b'<row r="'
_CONTENT = (b"v>", b"<f", b"<is", b"<!", b" t=")  # signs that a row holds something
_PROLOGUE = re.compile(rb"\A\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<!DOCTYPE", re.DOTALL)


class PartError(Exception):
    """A part of the package cannot be unpacked or is not well-formed XML. The text is Chinese.

    ``code``: the issue that says so, empty where it depends on the part's place in the workbook.
    """

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


def open_archive(data: bytes, file: str) -> tuple[zipfile.ZipFile | None, list[Issue]]:
    """The archive, or None with the issue that says why not; a warning may stand beside an archive."""
    place = Place(file=file)
    end = _end(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data[:end]))
    except READ_ERRORS:
        return None, [issue("file.truncated", place, path=file, reason="压缩包的目录缺失或读不出来")]
    entries = archive.infolist()
    before = _before(data, end, archive)
    if before:
        return None, [issue("file.prefixed", place, path=file)]
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > BOMB_FROM and unpacked > BOMB_RATIO * len(data)):
        sizes = {"unpacked": f"{unpacked / 1e6:.0f}", "packed": f"{len(data) / 1e6:.1f}"}
        return None, [issue("file.too_large", place, path=file, **sizes)]
    names = [entry.orig_filename for entry in entries]
    if bad := next((name for name in names if _BAD_PATH.search(name)), None):
        return None, [issue("file.bad_path", place, path=file, seen=_shown(bad))]
    paths = [plain_path(name).lower() for name in names]
    if len(set(paths)) < len(paths):
        twice = next(name for n, name in enumerate(names) if paths[n] in paths[:n])
        return None, [issue("file.part_twice", place, path=file, seen=_shown(twice))]
    if any(entry.flag_bits & 1 for entry in entries):
        return None, [issue("file.zip_password", place, path=file)]
    extra = len(data) - end
    return archive, [issue("file.trailing", place, path=file, count=extra)] if extra else []


def plain_path(name: str) -> str:
    """A zip entry's name as relationships write it; some programs use backslashes or a leading slash."""
    return name.replace("\\", "/").lstrip("/")


def read(archive: zipfile.ZipFile, part: str) -> bytes:
    """The unpacked bytes of an entry, never more than the size it declares. Raises PartError.

    Of a large worksheet the rows that hold nothing are left out: formats dragged down to the last row take hundreds
    of megabytes.
    """
    try:
        if archive.getinfo(part).file_size <= _LARGE:
            data = archive.read(part)
        else:
            with archive.open(part) as stream:
                data = b"".join(_pieces(stream, part))  # type: ignore[arg-type]
    except KeyError as error:
        raise PartError(f"缺少 {part}") from error
    except NotImplementedError as error:
        raise PartError(f"{part} 的压缩方法不是工作簿所用的") from error
    except READ_ERRORS as error:
        if "Bad CRC-32" in str(error):
            raise PartError(part, "file.bad_crc") from error
        raise PartError(f"{part} 解压不出来") from error
    if _has_doctype(data):
        raise PartError(part, "file.entities")
    return data


def _pieces(stream: io.BufferedIOBase, part: str) -> Iterator[bytes]:
    carry = b""
    size = 0
    while piece := stream.read(_PIECE):
        block = carry + piece
        last = block.rfind(_ROW)
        first = block.find(_ROW) if last > 0 else last
        if first < last and not any(block.find(sign, first, last) >= 0 for sign in _CONTENT):
            kept = block[:first]
        else:
            kept = block[: max(last, 0)] if last >= 0 else block
        carry = block[last:] if last >= 0 else b""
        size += len(kept)
        if size > MAX_PART:
            raise PartError(part, "file.part_too_large")
        yield kept
    yield carry


def _has_doctype(data: bytes) -> bool:
    """Whether an XML part begins with a document type declaration, which no package may have (ISO/IEC 29500-2)."""
    head = data[:8192].removeprefix(b"\xef\xbb\xbf")
    if b"\0" in head[:4] or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    return b"<!" in head and (_PROLOGUE.match(head) is not None or _long_prologue(data))


def _long_prologue(data: bytes) -> bool:
    """A comment before the root may be long."""
    return data.lstrip().startswith((b"<!--", b"<?")) and _PROLOGUE.match(data) is not None


def _end(data: bytes) -> int:
    """Where the zip ends: behind the last end record and its comment; the whole where there is none."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(data):
        return len(data)
    return min(len(data), at + 22 + int.from_bytes(data[at + 20 : at + 22], "little"))


def _before(data: bytes, end: int, archive: zipfile.ZipFile) -> int:
    """Bytes before the archive: how far its directory lies behind the place that the end record tells."""
    at = data.rfind(b"PK\x05\x06", 0, end)
    told = int.from_bytes(data[at + 16 : at + 20], "little")
    return 0 if told == 0xFFFFFFFF else archive.start_dir - told  # 2^32-1: a zip64 record tells


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "□" for c in name[:80])
