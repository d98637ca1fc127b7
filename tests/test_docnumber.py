"""发文字号 by GB/T 9704-2012, 7.2.5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.docnumber import DocumentNumber, amiss, read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("新科高字〔2019〕34号", ("新科高字", 2019, 34)),
        ("沪科规〔2023〕14号", ("沪科规", 2023, 14)),
        ("通创办发〔2023〕2号", ("通创办发", 2023, 2)),
        (" 示科函〔2026〕5号 ", ("示科函", 2026, 5)),
    ],
)
def test_numbers_as_offices_print_them(text: str, number: tuple[str, int, int]) -> None:
    assert read(text) == number
    assert amiss(text) == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("示科函[2026]5号", "示科函〔2026〕5号"),
        ("示科函（2026）5号", "示科函〔2026〕5号"),
        ("示科函【2026】第5号", "示科函〔2026〕5号"),
        ("示科函〔2026〕第5号", "示科函〔2026〕5号"),
        ("示科函〔2026〕005号", "示科函〔2026〕5号"),
        ("示科函〔2026年〕5号", "示科函〔2026〕5号"),
        ("示科函〔2026〕5", "示科函〔2026〕5号"),
        ("示科函 〔2026〕 5 号", "示科函〔2026〕5号"),
        ("〔2026〕5号", ""),
        ("示科函〔26〕5号", ""),
        ("示科函2026-5", ""),
        ("示科函〔2026〕0号", ""),
        ("示科函〔2026〕五号", ""),
        ("", ""),
    ],
)
def test_other_forms_are_not_read_but_said_how_to_mend(text: str, meant: str) -> None:
    assert read(text) is None
    said = amiss(text)
    assert "示科函〔2026〕5号（六角括号，年份四位，不写「第」，序号不编虚位）" in said
    assert (f"是不是「{meant}」" in said) == bool(meant)


@given(st.text("甲乙示科函发办", min_size=1, max_size=6), st.integers(2000, 2099), st.integers(1, 999_999))
def test_what_is_written_is_read_again(code: str, year: int, serial: int) -> None:
    number = DocumentNumber(code, year, serial)
    assert read(str(number)) == number
