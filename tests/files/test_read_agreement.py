"""The fast way (calamine and a scan) and the exact reader give the same grid, on workbooks of many makers."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.raw_workbook import workbook

from incubxl.files.exact import context, read_sheet
from incubxl.files.package import PartError, open_package
from incubxl.files.read import read_bytes
from incubxl.grid import CellValue, Sheet
from incubxl.issues import Issue

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
SAMPLE = 150


def exactly(data: bytes) -> dict[str, Sheet]:
    package = open_package(data, "x.xlsx")
    assert not isinstance(package, Issue)
    known = context(package)
    return {
        sheet.name: read_sheet(package.read(sheet.part), sheet.name, sheet.hidden, known)[0]
        for sheet in package.sheets
        if sheet.part
    }


def typed(sheet: Sheet) -> list[list[tuple[type, CellValue]]]:
    """1.0 and True are equal, and should not be here. Midnight and its day are one: a serial a hair below midnight
    is rounded to it, and calamine then says midnight where a whole serial would be a day."""
    return [[(type(value), value) for value in map(_day, row)] for row in sheet.rows]


def _day(value: CellValue) -> CellValue:
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time()
    return value.date() if midnight and isinstance(value, dt.datetime) else value


def assert_agreement(data: bytes) -> None:
    grid, issues = read_bytes(data, "x.xlsx")
    assert grid is not None, issues
    exact = exactly(data)
    assert list(grid.sheets) == list(exact)
    for name, sheet in grid.sheets.items():
        assert typed(sheet) == typed(exact[name])
        assert replace(sheet, rows=()) == replace(exact[name], rows=())


FORMATS = [
    "General", "0.00", "#,##0;[Red]-#,##0", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d;@", "h:mm AM/PM",
    "[h]:mm:ss", "yyyy-mm-dd hh:mm:ss", '0"天"', '0.0"days"', "0%", "@", "mmm-yy", "[>=100]0;0.0", r"\d0",
    "_-* #,##0.00_-", "[DBNum1]General", "0;[Red]-0;yyyy", "yyyy;@;0", "[Blue]0", "0.00E+00", "# ?/?", "m/d;@",
    14, 22, 27, 28, 31, 36, 45, 46, 47, 49, 57, 58,
]  # fmt: skip
NUMBERS = [0, 0.25, 1, 1.5, 59, 60, 61, 366.75, 36526, 45200, 45200.5, 45200.123456, 2958465, 3e6, -1, 1e9, 0.1 + 0.2]


@pytest.mark.parametrize("date_1904", [False, True])
def test_numbers_in_every_format(date_1904: bool) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"date_1904": date_1904})
    page = book.add_worksheet("登记表")
    for column, code in enumerate(FORMATS):
        style = book.add_format({"num_format": code})
        for row, number in enumerate(NUMBERS):
            page.write_number(row, column, number, style)
    book.close()
    assert_agreement(target.getvalue())


def test_a_register_by_xlsxwriter_and_by_openpyxl() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("登记表")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.merge_range(0, 0, 0, 5, "2026年度登记表")
    for row in range(2, 200):
        page.write_string(row, 0, f"{row:05d}")
        page.write_string(row, 1, "  前后空格 \n第二行_x000D_ ")
        page.write_number(row, 2, row / 7)
        page.write_datetime(row, 3, dt.datetime(2020, 1, 1) + dt.timedelta(days=row), day)
        page.write_formula(row, 4, f"=C{row + 1}>=3", None, row > 20)
        page.write_formula(row, 5, f"=1/(A{row + 1}-1)", None, "#DIV/0!" if row % 7 == 0 else 0.5)
        page.write_rich_string(row, 6, "甲", book.add_format({"bold": True}), "乙", "丙")
        page.write_blank(row, 9, None, day)
    page.set_row(5, None, None, {"hidden": True})
    book.close()
    assert_agreement(target.getvalue())

    target = io.BytesIO()
    again = openpyxl.Workbook()
    for row in range(300):
        again.active.append(
            [row, f"文字{row}", None, dt.date(2026, 1, 1), dt.time(8, 30), row % 2 == 0, "#N/A", f"=A{row + 1}"]
        )
    again.active["L400"] = "=SUM(A1:A300)"
    again.save(target)
    assert_agreement(target.getvalue())


CELL = st.one_of(
    st.just(""),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: f"<c{{}}><v>{number!r}</v></c>"),
    st.integers(0, 2).map(lambda index: f'<c{{}} t="s"><v>{index}</v></c>'),
    st.sampled_from(["#N/A", "#REF!", "#SPILL!"]).map(lambda text: f'<c{{}} t="e"><v>{text}</v></c>'),
    st.sampled_from(["<f>A1</f>", "<f>A1</f><v/>", "<f>A1</f><v>2</v>", '<f t="shared" si="1"/>']).map(
        "<c{{}}>{}</c>".format
    ),
    st.booleans().map(lambda value: f'<c{{}} t="b"><v>{int(value)}</v></c>'),
    st.just('<c{} s="1"/>'),
    st.floats(0, 70_000).map(lambda number: f'<c{{}} s="1"><v>{number!r}</v></c>'),
)


@settings(max_examples=120, deadline=None)
@given(rows=st.lists(st.lists(CELL, max_size=6), max_size=6), named=st.booleans(), hidden=st.integers(0, 6))
def test_any_mixture_of_cells(rows: list[list[str]], named: bool, hidden: int) -> None:
    xml = ""
    for number, cells in enumerate(rows, 1):
        filled = [cell.format(f' r="{"ABCDEF"[place]}{number}"' if named else "") for place, cell in enumerate(cells)]
        mark = ' hidden="1"' if number == hidden else ""
        xml += f'<row r="{number}"{mark}>{"".join(filled)}</row>'
    assert_agreement(workbook(xml, "<si><t>甲</t></si><si><t/></si><si><t> 乙 </t></si>", formats=("14",)))


def corpus_files() -> Iterator[Path]:
    files = sorted(path for path in CORPUS.rglob("*") if path.suffix in (".xlsx", ".xlsm"))
    yield from random.Random(2026).sample(files, min(SAMPLE, len(files)))


def test_workbooks_that_nobody_here_made() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of foreign workbooks is not here")
    read = 0
    for path in corpus_files():
        data = path.read_bytes()
        grid, _ = read_bytes(data, path.name)
        if grid is None:
            continue
        try:
            exact = exactly(data)
        except PartError:
            continue
        for name, sheet in grid.sheets.items():
            assert typed(sheet) == typed(exact[name]), path.name
            assert sheet == exact[name], path.name
        read += 1
    assert read > SAMPLE * 0.9
