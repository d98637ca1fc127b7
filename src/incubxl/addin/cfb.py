"""A compound file, [MS-CFB] version 3: the container of ``vbaProject.bin``. Written whole, from a tree of bytes.

Excel since version 1708 drops a project whose directory is not a well-ordered red-black tree; so each storage's
entries are laid out as a balanced tree, coloured by level.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Tree: TypeAlias = Mapping[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1


@dataclass(slots=True)
class _Entry:
    """A directory entry under construction."""

    name: str
    kind: int
    data: bytes = b""
    colour: int = _BLACK
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = _END
    size: int = 0


@dataclass(slots=True)
class _Sectors:
    """The sectors so far and the chain that links them."""

    parts: list[bytes] = field(default_factory=list)
    chain: list[int] = field(default_factory=list)

    def add(self, data: bytes, size: int) -> int:
        """Append ``data`` in sectors of ``size``; gives the first one's number, or the end mark for no data."""
        first = len(self.chain)
        count = -(-len(data) // size)
        for n in range(count):
            self.parts.append(data[n * size : (n + 1) * size].ljust(size, b"\0"))
            self.chain.append(first + n + 1 if n + 1 < count else _END)
        return first if count else _END


def compound_file(tree: Tree) -> bytes:
    """The bytes of a compound file with these storages (mappings) and streams (bytes). Raises ValueError if too large
    for a file without DIFAT sectors (about 6.8 MB), or for a name above 31 characters."""
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _directory(tree, entries)
    big, mini = _Sectors(), _Sectors()
    for entry in entries[1:]:
        entry.size = len(entry.data)
        small = entry.size < _CUTOFF
        entry.start = mini.add(entry.data, _MINI) if small else big.add(entry.data, _SECTOR)
        if entry.kind == _STORAGE:
            entry.start = 0
    ministream = b"".join(mini.parts)
    entries[0].start, entries[0].size = big.add(ministream, _SECTOR), len(ministream)
    mini_fat = _numbers(mini.chain)
    mini_start = big.add(mini_fat, _SECTOR)
    directory = b"".join(_record(e) for e in entries)
    directory += _record(_Entry("", 0, colour=_RED, start=0)) * (-len(entries) % 4)
    directory_start = big.add(directory, _SECTOR)
    return _assembled(big, directory_start, mini_start, len(mini_fat) // _SECTOR)


def _assembled(big: _Sectors, directory: int, mini_fat: int, mini_fat_count: int) -> bytes:
    """Header, FAT last."""
    used = len(big.chain)
    fats = 1
    while fats * 128 < used + fats:
        fats += 1
    if fats > 109:
        raise ValueError("too large for a compound file without DIFAT sectors")
    fat = _numbers([*big.chain, *[_FAT] * fats])
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, fats, directory, 0, _CUTOFF),
        mini_fat if mini_fat_count else _END,
        *(mini_fat_count, _END, 0, used),
    )
    rest = [*range(used + 1, used + fats), *[_FREE] * (109 - fats)]
    return header + struct.pack(f"<{len(rest)}I", *rest) + b"".join(big.parts) + fat


def _numbers(values: Sequence[int]) -> bytes:
    """Sector numbers as whole sectors, padded with free marks."""
    padded = [*values, *[_FREE] * (-len(values) % 128)]
    return struct.pack(f"<{len(padded)}I", *padded)


def _directory(tree: Tree, entries: list[_Entry]) -> int:
    """Append the entries of one storage (and below); gives the number of its tree's root."""
    numbers: list[int] = []
    for name in sorted(tree, key=lambda n: (len(n.encode("utf-16-le")), n.upper())):
        if not 0 < len(name.encode("utf-16-le")) <= 62:
            raise ValueError(f"a name in a compound file has 1 to 31 characters: {name!r}")
        content = tree[name]
        numbers.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entry = _Entry(name, _STORAGE)
            entries.append(entry)
            entry.child = _directory(content, entries)
    return _balanced(numbers, entries, 0, _deepest(len(numbers)))


def _deepest(count: int) -> int:
    """The level (0 at the top) that stays incomplete in a balanced tree, -1 when every level is full."""
    return -1 if (count + 1) & count == 0 else count.bit_length() - 1


def _balanced(numbers: Sequence[int], entries: list[_Entry], level: int, red: int) -> int:
    """Link sorted entries as a balanced tree; only the incomplete last level is red."""
    if not numbers:
        return _NONE
    middle = len(numbers) // 2
    entry = entries[numbers[middle]]
    entry.colour = _RED if level == red else _BLACK
    entry.left = _balanced(numbers[:middle], entries, level + 1, red)
    entry.right = _balanced(numbers[middle + 1 :], entries, level + 1, red)
    return numbers[middle]


def _record(entry: _Entry) -> bytes:
    """The 128 bytes of a directory entry: no class id, no times."""
    name = entry.name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16x4x8x8xIQ",
        name,
        len(name) + 2 if name else 0,
        entry.kind,
        entry.colour,
        *(entry.left, entry.right, entry.child, entry.start, entry.size),
    )
