"""The compression of VBA source text: [MS-OVBA] 2.4.1, chunks of 4,096 bytes."""

from __future__ import annotations

_CHUNK = 4096


def compress(data: bytes) -> bytes:
    """A CompressedContainer holding ``data``. Raises ValueError for a short last chunk that does not shrink.

    Such a chunk could only be stored padded with zero bytes (2.4.1.3.10), which would change a module's text; source
    text always shrinks.
    """
    out = bytearray(b"\x01")
    for start in range(0, len(data), _CHUNK):
        out += _chunk(data[start : start + _CHUNK])
    return bytes(out)


def _chunk(plain: bytes) -> bytes:
    """One CompressedChunk: a two-byte header (size - 3, signature 0b011, flag) and token sequences."""
    body = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(plain):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if at >= len(plain):
                break
            offset, length = _longest(plain, at, seen)
            if length:
                flags |= 1 << bit
                tokens += _copy_token(at, offset, length).to_bytes(2, "little")
            else:
                length = 1
                tokens.append(plain[at])
            for step in range(at, at + length):
                seen.setdefault(plain[step : step + 3], []).append(step)
            at += length
        body.append(flags)
        body += tokens
    if len(body) <= _CHUNK:
        return (len(body) - 1 | 0xB000).to_bytes(2, "little") + bytes(body)
    if len(plain) < _CHUNK:
        raise ValueError("the last chunk does not shrink; storing it would append zero bytes")
    return (_CHUNK - 1 | 0x3000).to_bytes(2, "little") + plain


def _length_bits(at: int) -> int:
    """Bits of a copy token that hold its length, at ``at`` bytes into the chunk (2.4.1.3.19.1)."""
    return 16 - max((at - 1).bit_length(), 4)


def _longest(plain: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """The longest earlier match: (offset back, length); length 0 when none has three bytes. Matches may overlap."""
    most = min((1 << _length_bits(at)) + 2, len(plain) - at) if at else 0
    best, length = 0, 0
    for start in reversed(seen.get(plain[at : at + 3], ())):
        size = 0
        while size < most and plain[start + size] == plain[at + size]:
            size += 1
        if size > length:
            best, length = at - start, size
    return (best, length) if length >= 3 else (0, 0)


def _copy_token(at: int, offset: int, length: int) -> int:
    return offset - 1 << _length_bits(at) | length - 3
