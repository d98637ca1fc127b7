"""A zip package whose members can be copied without being unpacked: local records and directory entries as bytes.

Only what the graft needs and can vouch for: one disk, no ZIP64, no overlapping members; everything else is refused.
``open_package`` has seen the package before: no two entries of one path, none encrypted, names that can be decoded.
Layout by PKWARE's APPNOTE 6.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from incubxl.files.package import plain_path
from incubxl.publish.graft.refusal import Refused

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_OFFSET_AT = 42  # of the local record's offset, in a directory entry
_DESCRIPTOR, _UTF8 = 0x8, 0x800
_NO_DATE = 0x21  # 1980-01-01, as zipfile writes it for members made in memory
_STORED, _DEFLATED = 0, 8
_MOST_MEMBERS, _MOST_BYTES = 0xFFFE, 0xFFFFFFFE


@dataclass(frozen=True, slots=True)
class Member:
    """One entry. ``start:end`` is its local record with all that follows it; ``data`` where its packed bytes begin."""

    name: str
    entry: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    data: int
    end: int


class Archive:
    """The members of a package, in the directory's order."""

    def __init__(self, raw: bytes) -> None:
        """Raises Refused."""
        self.raw = raw
        entries, self._directory, self._tail = _entries(raw)
        starts = sorted(e.start for e in entries)
        if entries and starts[0] != 0:
            raise Refused("graft.zip_kind", seen="压缩包前面有别的内容")
        follows = dict(zip(starts, [*starts[1:], self._directory], strict=True))
        self.members = {e.name: _placed(raw, e, follows.get(e.start, 0)) for e in entries}
        self._by_path = {plain_path(name).lower(): name for name in self.members}

    def find(self, path: str) -> str | None:
        """The entry's name for a part's path; letter case, slashes of either kind and a leading one aside."""
        return self._by_path.get(plain_path(path).lower())

    def read(self, name: str) -> bytes:
        """A member's unpacked bytes. Raises Refused where they are not what the directory says."""
        member = self.members[name]
        packed = self.raw[member.data : member.data + member.packed]
        if member.method == _STORED:
            found = packed
        elif member.method == _DEFLATED:
            try:
                found = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.size + 1)
            except zlib.error as error:
                raise Refused("graft.zip_kind", seen=f"{name} 解压不出来") from error
        else:
            raise Refused("graft.zip_kind", seen=f"{name} 用了少见的压缩方法")
        if len(found) != member.size or zlib.crc32(found) != member.crc:
            raise Refused("graft.zip_kind", seen=f"{name} 与校验码不符")
        return found

    def rewritten(
        self, changed: Mapping[str, bytes], removed: Collection[str], added: Sequence[tuple[str, bytes]]
    ) -> bytes:
        """The package with some members' contents replaced, some left out, and new ones behind all others.

        The order of the local records and of the directory stays. Raises Refused where the result is too large.
        """
        pieces: list[bytes | memoryview] = []
        entries: dict[str, bytes] = {}
        at = 0
        view = memoryview(self.raw)
        for member in sorted(self.members.values(), key=lambda m: m.start):
            if member.name in removed:
                continue
            record: bytes | memoryview
            if member.name in changed:
                record, entry = _record(changed[member.name], member)
            else:
                record, entry = view[member.start : member.end], member.entry
            entries[member.name] = _at(entry, at)
            pieces.append(record)
            at += len(record)
        directory = [entries[name] for name in self.members if name in entries]
        for name, content in added:
            record, entry = _record(content, None, name)
            directory.append(_at(entry, at))
            pieces.append(record)
            at += len(record)
        size = sum(map(len, directory))
        if len(directory) > _MOST_MEMBERS or at + size > _MOST_BYTES:
            raise Refused("graft.zip_kind", seen="太大，要用 ZIP64")
        sign, disk, first_disk, *_, comment = _END.unpack_from(self._tail)
        end = _END.pack(sign, disk, first_disk, len(directory), len(directory), size, at, comment)
        return b"".join((*pieces, *directory, end, self._tail[_END.size :]))


def _entries(raw: bytes) -> tuple[list[Member], int, bytes]:
    """The directory's entries (``data`` and ``end`` still open), where it begins, and what follows it."""
    found = raw.rfind(_END_SIGN, max(0, len(raw) - _END.size - 0xFFFF))
    if found < 0 or len(raw) < found + _END.size:
        raise Refused("graft.zip_kind", seen="没有目录")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(raw, found)
    if disk or first_disk or here != count or found + _END.size + comment != len(raw):
        raise Refused("graft.zip_kind", seen="分成几卷，或后面有别的内容")
    if count > _MOST_MEMBERS or start + size != found:
        raise Refused("graft.zip_kind", seen="ZIP64，或目录不在末尾")
    entries = []
    at = start
    for _ in range(count):
        if raw[at : at + 4] != _CENTRAL_SIGN or at + _CENTRAL.size > found:
            raise Refused("graft.zip_kind", seen="目录有误")
        fields = _CENTRAL.unpack_from(raw, at)
        flags, method, crc, packed, unpacked = fields[3], fields[4], fields[7], fields[8], fields[9]
        name_length, extra, remark, place = fields[10], fields[11], fields[12], fields[16]
        if 0xFFFFFFFF in (packed, unpacked, place):
            raise Refused("graft.zip_kind", seen="ZIP64")
        length = _CENTRAL.size + name_length + extra + remark
        name = raw[at + _CENTRAL.size : at + _CENTRAL.size + name_length]
        shown = name.decode("utf-8" if flags & _UTF8 else "cp437")
        entries.append(Member(shown, raw[at : at + length], flags, method, crc, packed, unpacked, place, 0, 0))
        at += length
    if at != found:
        raise Refused("graft.zip_kind", seen="目录有误")
    return entries, start, raw[found:]


def _placed(raw: bytes, e: Member, end: int) -> Member:
    """The member with the place of its packed bytes, checked against its local record."""
    if raw[e.start : e.start + 4] != _LOCAL_SIGN or e.start + _LOCAL.size > end:
        raise Refused("graft.zip_kind", seen="部件的位置有误")
    fields = _LOCAL.unpack_from(raw, e.start)
    name_length, extra = fields[9], fields[10]
    data = e.start + _LOCAL.size + name_length + extra
    of_entry = e.entry[_CENTRAL.size : _CENTRAL.size + name_length]
    named = raw[e.start + _LOCAL.size : e.start + _LOCAL.size + name_length]
    if named != of_entry or data + e.packed > end or fields[3] != e.method:
        raise Refused("graft.zip_kind", seen=f"{e.name} 的两处记录不一致")
    return Member(e.name, e.entry, e.flags, e.method, e.crc, e.packed, e.size, e.start, data, end)


def _record(content: bytes, old: Member | None, name: str = "") -> tuple[bytes, bytes]:
    """A local record and its directory entry (offset still 0) for new content; name and time of an ``old`` member."""
    press = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = press.compress(content) + press.flush()
    crc = zlib.crc32(content)
    if old is None:
        made, needed, flags, time, date, internal, external = 20, 20, 0, 0, _NO_DATE, 0, 0
        label = name.encode("ascii")
    else:
        fields = _CENTRAL.unpack_from(old.entry)
        made, needed, flags = fields[1], max(fields[2], 20), fields[3] & ~(_DESCRIPTOR | 0x6)
        time, date, internal, external = fields[5], fields[6], fields[14], fields[15]
        label = old.entry[_CENTRAL.size : _CENTRAL.size + fields[10]]
    sizes = crc, len(packed), len(content), len(label)
    local = _LOCAL.pack(_LOCAL_SIGN, needed, flags, _DEFLATED, time, date, *sizes, 0)
    entry = _CENTRAL.pack(
        _CENTRAL_SIGN, made, needed, flags, _DEFLATED, time, date, *sizes, 0, 0, 0, internal, external, 0
    )
    return local + label + packed, entry + label


def _at(entry: bytes, offset: int) -> bytes:
    return entry[:_OFFSET_AT] + struct.pack("<L", offset) + entry[_OFFSET_AT + 4 :]
