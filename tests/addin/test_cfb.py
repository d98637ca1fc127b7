"""The compound file, read by olefile in its strict mode; the directory's red-black tree checked from the bytes."""

from __future__ import annotations

import io
import struct

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.addin.cfb import compound_file

NAMES = st.text(alphabet="abcdefgXYZ_09", min_size=1, max_size=31)
NONE = 0xFFFFFFFF


def opened(data: bytes) -> olefile.OleFileIO:
    return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE)


@settings(max_examples=60)
@given(st.dictionaries(NAMES.map(str.lower), st.binary(max_size=9000), min_size=1, max_size=40))
def test_every_stream_is_found_again(streams: dict[str, bytes]) -> None:
    file = opened(compound_file({"VBA": streams, "PROJECT": b"x" * 5000, "PROJECTwm": b""}))
    assert sorted(n[-1] for n in file.listdir() if n[0] == "VBA") == sorted(streams)
    for name, content in streams.items():
        assert file.openstream(["VBA", name]).read() == content
    assert file.openstream("PROJECT").read() == b"x" * 5000


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 8, 65, 99, 100, 127])
def test_the_directory_is_a_red_black_tree(count: int) -> None:
    """Excel from version 1708 on deletes projects whose directory is not: 65 and 99 modules were such cases."""
    data = compound_file({"VBA": {f"Module{n}": b"x" for n in range(count)}})
    (start,) = struct.unpack_from("<I", data, 48)
    entries = [data[512 + start * 512 + n * 128 :][:128] for n in range(count + 2)]

    def walk(number: int, red_above: bool) -> tuple[list[str], int]:
        """Names in order and the number of black entries on every way down."""
        if number == NONE:
            return [], 1
        entry = entries[number]
        name = entry[: struct.unpack_from("<H", entry, 64)[0] - 2].decode("utf-16-le")
        red = entry[67] == 0
        assert not (red and red_above)
        left, right = struct.unpack_from("<II", entry, 68)
        before, low = walk(left, red)
        after, high = walk(right, red)
        assert low == high
        return [*before, name, *after], low + (not red)

    names, _ = walk(struct.unpack_from("<I", entries[1], 76)[0], red_above=False)
    assert names == sorted((f"Module{n}" for n in range(count)), key=lambda n: (len(n), n.upper()))


def test_large_content_and_long_names() -> None:
    big = bytes(range(256)) * 4000
    assert opened(compound_file({"a": big, "b": b""})).openstream("a").read() == big
    with pytest.raises(ValueError, match="31 characters"):
        compound_file({"a" * 32: b""})
    with pytest.raises(ValueError, match="too large"):
        compound_file({"a": bytes(8_000_000)})
