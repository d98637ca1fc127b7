"""File names: distinct for distinct ids, legal everywhere, short, never cut inside a character."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathvalidate import is_valid_filename

from incubxl.publish.names import MAX_BYTES, safe_name

IDS = st.one_of(
    st.text(max_size=40), st.text("AaBb_-. /01é企", max_size=4), st.from_regex(r"[A-Z0-9-]{1,20}", fullmatch=True)
)


@pytest.mark.parametrize(
    ("id", "label", "name"),
    [
        ("SH-003", "星河科技", "SH-003_星河科技.docx"),
        ("91650100MA00000009", "", "91650100MA00000009.docx"),
        ("SH-003", "甲/乙:丙*丁?", "SH-003_甲-乙-丙-丁.docx"),
        ("SH-003", "a\u202excod.exe", "SH-003_a-xcod.exe.docx"),
        ("SH-003", "  空 格\n换行  ", "SH-003_空-格-换行.docx"),
        ("SH-003", "..", "SH-003.docx"),
    ],
)
def test_names(id: str, label: str, name: str) -> None:
    assert safe_name(id, label, ".docx") == name


def test_a_long_label_is_cut_between_characters() -> None:
    name = safe_name("SH-003", "企" * 100, ".docx")
    assert name == f"SH-003_{'企' * 36}.docx"  # 7 + 36 × 3 + 5 = 120 bytes
    assert safe_name("SH-003", "e" * 107 + "e\u0301\u0323", ".docx").endswith("eé.docx") is False


@pytest.mark.parametrize(
    "reserved", ["CON", "nul", "COM1", "LPT9", "..", ".", "", "a/b", "A\0B", "企" * 60, "~$x", "-rf"]
)
def test_an_id_that_cannot_be_a_name_keeps_a_hash(reserved: str) -> None:
    name = safe_name(reserved, "星河", ".docx")
    assert is_valid_filename(name, platform="universal")
    assert any(len(piece) == 12 and set(piece) <= set(string.hexdigits) for piece in name.replace("_", "-").split("-"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/b", "a:b"), ("a", "A"), ("A", "A "), ("A_B", "A"), ("企" * 30 + "甲", "企" * 30 + "乙"), ("é", "e\u0301")],
)
def test_ids_that_look_alike_stay_apart(one: str, other: str) -> None:
    assert safe_name(one, "", ".docx").casefold() != safe_name(other, "B", ".docx").casefold()
    assert safe_name(one, "B", ".docx").casefold() != safe_name(other, "", ".docx").casefold()


def test_the_form_of_a_hash_is_no_way_round() -> None:
    changed = safe_name("A/B", "", ".docx").removesuffix(".docx")
    assert safe_name(changed.upper(), "", ".docx").casefold() != f"{changed}.docx".casefold()


@given(one=IDS, other=IDS, labels=st.tuples(st.text(max_size=60), st.text(max_size=60)))
def test_two_ids_never_share_a_name(one: str, other: str, labels: tuple[str, str]) -> None:
    first, second = safe_name(one, labels[0], ".docx"), safe_name(other, labels[1], ".docx")
    assert (first.casefold() == second.casefold()) <= (one == other)
    for name in (first, second):
        assert len(name.encode()) <= MAX_BYTES
        assert name.endswith(".docx")
        assert is_valid_filename(name, platform="universal")
        assert not name.startswith((".", "-", "~", " "))


@pytest.mark.parametrize("suffix", ["docx", "./x", ".a b\n", ".", "." + "x" * 30])
def test_a_suffix_is_a_plain_extension(suffix: str) -> None:
    with pytest.raises(ValueError, match="extension"):
        safe_name("A", "b", suffix)
