"""Documents until they are published: what goes in comes out, and a shared beginning is kept once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from incubxl.batch.documents import Documents

_PIECES = st.sampled_from([b"", b"a" * 5000, b"b" * 5000, b"a" * 9000, b"c"])


@given(st.dictionaries(st.text(max_size=3), st.tuples(_PIECES, _PIECES, st.binary(max_size=4)).map(b"".join)))
def test_what_goes_in_comes_out(given: dict[str, bytes]) -> None:
    held = Documents()
    for name, data in given.items():
        held[name] = b"something else"
        held.put(name, data, name[:1])
    assert dict(held) == given
    assert list(held) == list(given)


def test_letters_of_two_templates_cost_their_own_parts() -> None:
    held = Documents()
    templates = [b"x" * 20_000, b"x" * 6_000 + b"y" * 14_000]
    for n in range(1000):
        held.put(f"{n}", templates[n % 2] + f"letter {n}".encode(), str(n % 2))
    assert len(held) == 1000
    assert held["999"] == templates[1] + b"letter 999"
    assert held.size < 100_000
