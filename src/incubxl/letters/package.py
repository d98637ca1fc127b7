"""A .docx as a zip whose unchanging members stay deflated: only what a letter changes is compressed again.

zipfile cannot write bytes that are deflated already; the few records of the format that this needs are here.
Member times are fixed, so equal letters are equal bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from incubxl.files.unzip import READ_ERRORS

_TIME, _DATE = 0, (1 << 5) | 1  # 1980-01-01 00:00, the format's zero
_UTF8 = 0x0800
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
MEMBER_LIMIT = 50_000_000  # bytes, unpacked


@dataclass(frozen=True, slots=True)
class Member:
    """One deflated member."""

    name: str
    crc: int
    size: int
    deflated: bytes


def deflate(name: str, data: bytes, level: int = 6) -> Member:
    """Compress one member."""
    press = zlib.compressobj(level, zlib.DEFLATED, -15)
    return Member(name, zlib.crc32(data), len(data), press.compress(data) + press.flush())


def pack(members: list[Member]) -> bytes:
    """The zip file of these members in this order."""
    out = bytearray()
    directory = bytearray()
    for member in members:
        name = member.name.encode()
        common = (
            _UTF8,
            zipfile.ZIP_DEFLATED,
            _TIME,
            _DATE,
            member.crc,
            len(member.deflated),
            member.size,
            len(name),
            0,
        )
        directory += _CENTRAL.pack(b"PK\x01\x02", 20, 20, *common, 0, 0, 0, 0, len(out)) + name
        out += _LOCAL.pack(b"PK\x03\x04", 20, *common) + name + member.deflated
    end = _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), len(directory), len(out), 0)
    return bytes(out + directory + end)


def unpack(data: bytes, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, bytes]:
    """The members of a .docx whose names are ``wanted``. Raises ValueError when it is not a whole zip or a member is
    beyond all measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(info.file_size > MEMBER_LIMIT for info in archive.infolist()):
                raise ValueError("a member is too large")
            found = [info for info in archive.infolist() if not info.is_dir() and wanted(info.filename)]
            return {info.filename: archive.read(info) for info in found}
    except READ_ERRORS as error:
        raise ValueError(str(error)) from error


def rebuild(members: Mapping[str, bytes]) -> bytes:
    """A .docx from its members, content types first as Word writes them, reproducible."""
    order = sorted(members, key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels", name))
    return pack([deflate(name, members[name]) for name in order])
