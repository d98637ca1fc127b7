"""Cells as people leave them in a file, from bytes to the register: what is kept, what is told, and where."""

from __future__ import annotations

import datetime as dt
from html import escape

import pytest

from incubxl.files.read import read_bytes
from incubxl.grid import Grid
from incubxl.register.model import Register
from incubxl.register.read import read_register
from tests.files.raw_workbook import workbook
from tests.register.build import CODES, PACK, codes, settings

HEAD = ["申报编号", "单位名称", "统一社会信用代码", "申报类型", "场地面积", "成立日期"]
ROW = ["A1", "甲", CODES[0], "基地", 500, None]
_DATE = 1  # the style of dates in ``raw_workbook``


class Serial(float):
    """A number under a date format."""


def _cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Serial):
        return f'<c r="{place}" s="{_DATE}"><v>{float(value)!r}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def _read(*rows: list[object], merged: str = "", date_1904: bool = False) -> Register:
    xml = ""
    for n, row in enumerate([HEAD, *rows], 1):
        cells = "".join(_cell(f"{letter}{n}", value) for letter, value in zip("ABCDEF", row, strict=False))
        xml += f'<row r="{n}">{cells}</row>'
    after = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    grid, issues = read_bytes(workbook(xml, after=after, formats=("14",), date_1904=date_1904), "登记.xlsx")
    assert grid is not None
    assert issues == []
    sheet = grid.sheets["登记表"]
    own = settings(reference_year=2025)
    return read_register(Grid("登记.xlsx", {sheet.name: sheet, own.name: own}, date_1904=date_1904), PACK)


def _with(at: int, value: object) -> list[object]:
    return [value if i == at else cell for i, cell in enumerate(ROW)]


@pytest.mark.parametrize(
    "name",
    [
        *("nan", "TRUE", "FALSE", "1e5", "inf", "00123", "=1+1", "O'Reilly", "’甲"),
        *("\U00020bb7野家", "\U0002c72c公司", "\U00030ede", "a&b<c>", "100%", "甲（乙）", "３Ｍ", "①号", "_xD800_"),
    ],
)
def test_a_name_that_means_what_it_says_is_kept_exactly(name: str) -> None:
    register = _read(_with(1, name))
    assert register.names == (name,)
    assert codes(register) == []


@pytest.mark.parametrize("name", ["NA", "N/A", "None", "null", "-", "/", "待定", "无"])
def test_a_name_that_stands_for_a_blank_is_kept_exactly_and_told(name: str) -> None:
    register = _read(_with(1, name))
    assert register.names == (name,)
    assert codes(register) == ["cell.no_name"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\ufeff甲公司", "甲公司"), ("甲\u200b公司", "甲公司"), ("甲\u00ad公司", "甲公司"),
        ("甲 公司\u00a0", "甲 公司"), ("A\u00a0B", "A B"), ("甲_x000D_\n公司", "甲公司"), ("甲\r\n公司", "甲公司"),
        ("甲\u202e公司", "甲公司"), ("cafe\u0301", "caf\u00e9"), ("A_x0041_", "AA"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_taken_out(written: str, kept: str) -> None:
    register = _read(_with(1, written))
    assert register.names == (kept,)
    assert {i.code for i in register.issues if i.place.cell == "B2"} <= {"cell.normalised"}


@pytest.mark.parametrize("written", ["甲\x07公司".replace("\x07", "_x0007_"), "甲_x0000_", "甲\u0085乙\u0081"])
def test_a_control_character_is_told_and_no_name_is_made_of_the_rest(written: str) -> None:
    register = _read(_with(1, written))
    assert [(i.code, str(i.place)) for i in register.issues if i.code.startswith("cell.bad")] == [
        ("cell.bad_text", "登记表!B2")
    ]
    assert register.names == ("",)


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [
        (2, 916501000000000051.0, "cell.digits_lost"),
        (1, 650100199001010017, "cell.digits_lost"),
        (2, f"'{CODES[0]}", "cell.unreadable_code"),
        (4, "'500", "cell.unreadable_number"),
        (4, "５×10²", "cell.unreadable_number"),
        (4, "१२३", "cell.unreadable_number"),
        (4, "1_000", "cell.unreadable_number"),
        (4, "500 亩", "cell.unreadable_number"),
        (4, True, "cell.unreadable_number"),
        (5, Serial(59), "cell.unreadable_date"),
        (5, Serial(60), "cell.unreadable_date"),
        (5, 60, "cell.unreadable_date"),
        (5, 0, "cell.unreadable_date"),
        (5, "'2023-05-01", "cell.unreadable_date"),
        (5, "5/1/23", "cell.unreadable_date"),
    ],
)
def test_what_could_mean_two_things_is_told_with_place_value_and_remedy(at: int, value: object, code: str) -> None:
    register = _read(_with(at, value))
    [found] = [i for i in register.issues if i.severity == "error"]
    assert (found.code, str(found.place), found.applicant) == (code, f"登记表!{'ABCDEF'[at]}2", "A1")
    assert found.remedy
    if isinstance(value, str):
        assert value[:5] in found.message


@pytest.mark.parametrize(
    ("value", "date_1904", "day"),
    [
        (Serial(45047), False, dt.date(2023, 5, 1)),
        (Serial(43585), True, dt.date(2023, 5, 1)),
        (43585, True, dt.date(2023, 5, 1)),
        (45047, False, dt.date(2023, 5, 1)),
        ("2023.5.1", False, dt.date(2023, 5, 1)),
    ],
)
def test_days(value: object, date_1904: bool, day: dt.date) -> None:
    register = _read(_with(5, value), date_1904=date_1904)
    assert register.columns["founded"].values[0].astype(object) == day


@pytest.mark.parametrize("again", ["A1", "a1", "Ａ1", "A1\u200b", "\ufeffA1", " A1\u00a0", "A1\u00ad", "A 1"])
def test_one_id_in_two_spellings_is_one_id_twice(again: str) -> None:
    register = _read(ROW, [again, "乙", CODES[1], "基地"])
    assert register.ids == ("A1",)
    [found] = [i for i in register.issues if i.code == "row.duplicate_id"]
    assert str(found.place) == "登记表!A3"
    assert "登记表!A2" in found.message


def test_two_compositions_of_one_letter_are_one_id() -> None:
    register = _read(["caf\u00e9", "甲", CODES[0], "基地"], ["cafe\u0301", "乙", CODES[1], "基地"])
    assert register.ids == ("caf\u00e9",)
    assert [i.code for i in register.issues if i.severity == "error"] == ["row.duplicate_id"]


@pytest.mark.parametrize("id", [916501000000000051.0, 650100199001010017])
def test_an_id_that_lost_its_digits_is_no_id(id: float) -> None:
    """Two ids of 18 digits can be one number; neither is taken."""
    register = _read([id, "甲", CODES[0], "基地"], [id, "乙", CODES[1], "基地"])
    assert (register.size, register.rows_seen, len(register.refused)) == (0, 2, 2)
    lost = [i for i in register.issues if i.code == "cell.digits_lost"]
    assert [str(i.place) for i in lost] == ["登记表!A2", "登记表!A3"]
    assert "文本格式" in lost[0].remedy
    assert not [i for i in register.issues if i.code in ("row.no_id", "row.duplicate_id")]


def test_an_id_merged_over_two_rows_says_so() -> None:
    register = _read(ROW, [None, "乙", CODES[1], "基地"], merged="A2:A3")
    [found] = [i for i in register.issues if i.code == "row.no_id"]
    assert str(found.place) == "登记表!A3"
    assert "与A2合并成一格" in found.message
    assert (register.size, len(register.refused)) == (1, 1)
