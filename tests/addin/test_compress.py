"""Compression of VBA source: [MS-OVBA]'s own examples, and a round trip through olevba's reader."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oletools.olevba import decompress_stream

from incubxl.addin.compress import compress


def test_the_specifications_examples() -> None:
    """Sections 3.2.1 (nothing to compress) and 3.2.3 (as much as possible)."""
    assert compress(b"abcdefghijklmnopqrstuv.").hex(" ") == (
        "01 19 b0 00 61 62 63 64 65 66 67 68 00 69 6a 6b 6c 6d 6e 6f 70 00 71 72 73 74 75 76 2e"
    )
    assert compress(b"a" * 73).hex(" ") == "01 03 b0 02 61 45 00"


@given(st.text(alphabet="abc \r\n", min_size=1, max_size=9000))
def test_what_goes_in_comes_out(text: str) -> None:
    data = text.encode("ascii")
    assert bytes(decompress_stream(bytearray(compress(data)))) == data


@pytest.mark.parametrize("size", [4095, 4096, 4097, 8192, 20000])
def test_at_the_chunk_borders(size: int) -> None:
    words = random.Random(7).choices(["Dim", "Set", "Public Sub", "End If", "\r\n", "x = y + 1", "'"], k=size)
    data = " ".join(words).encode("ascii")[:size]
    assert bytes(decompress_stream(bytearray(compress(data)))) == data


def test_a_full_chunk_of_noise_is_stored_and_a_short_one_refused() -> None:
    noise = random.Random(7).randbytes(4096)
    assert bytes(decompress_stream(bytearray(compress(noise)))) == noise
    with pytest.raises(ValueError, match="does not shrink"):
        compress(noise[:4000])
