"""Each kind of cell as an official may meet it: what stands in the grid, and what kind of nothing is there."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from tests.files.raw_workbook import parts, workbook, zipped

from incubxl.files.read import read_bytes, read_grid
from incubxl.grid import CellKind, Grid, Sheet


def grid_of(data: bytes) -> Grid:
    grid, issues = read_bytes(data, "登记.xlsx")
    assert grid is not None
    assert issues == []
    return grid


def sheet_of(data: bytes) -> Sheet:
    return grid_of(data).sheets["登记表"]


def row(cells: str) -> str:
    return f'<row r="1">{cells}</row>'


@pytest.mark.parametrize(
    ("cell", "value", "special"),
    [
        ("", None, None),
        ('<c r="B1" s="0"/>', None, None),
        ('<c r="B1"><v>0</v></c>', 0.0, None),
        ('<c r="B1"><v>7</v></c>', 7.0, None),
        ('<c r="B1"><v>1.5E-3</v></c>', 0.0015, None),
        ('<c r="B1" t="n"><v>12</v></c>', 12.0, None),
        ('<c r="B1" t="s"><v>0</v></c>', "星河", None),
        ('<c r="B1" t="s"><v>1</v></c>', None, None),  # an empty text is blank
        ('<c r="B1" t="s"><v>2</v></c>', "孵化器", None),  # rich text, phonetic guide left out
        ('<c r="B1" t="s"><v>3</v></c>', "00123", None),
        ('<c r="B1" t="s"><v>4</v></c>', "=SUM(A1)", None),
        ('<c r="B1" t="s"><v>5</v></c>', "a\r\nb", None),
        ('<c r="B1" t="inlineStr"><is><t>内联</t></is></c>', "内联", None),
        ('<c r="B1" t="inlineStr"><is><r><t>内</t></r><r><t>联</t></r></is></c>', "内联", None),
        (
            '<c r="B1" t="inlineStr"><is><t>t="e" hidden="1" r="XFD1048576"</t></is></c>',
            't="e" hidden="1" r="XFD1048576"',
            None,
        ),
        ('<c r="B1" t="zz"><is><t>甲</t></is></c>', "甲", None),
        ('<c r="B1" t="b"><v>1</v></c>', True, None),
        ('<c r="B1" t="b"><v>0</v></c>', False, None),
        ('<c r="B1" t="e"><v>#N/A</v></c>', None, (CellKind.ERROR, "#N/A")),
        ('<c r="B1" t="e"><v>#SPILL!</v></c>', None, (CellKind.ERROR, "#SPILL!")),
        ("<c r='B1' t='e'><v>#REF!</v></c>", None, (CellKind.ERROR, "#REF!")),
        ('<c r="B1" t = "e"><v>#REF!</v></c>', None, (CellKind.ERROR, "#REF!")),
        ('<c r="B1" t="e"/>', None, (CellKind.ERROR, "")),
        ('<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', None, (CellKind.ERROR, "#DIV/0!")),
        ('<c r="B1"><f>A1*2</f><v>0</v></c>', 0.0, None),
        ('<c r="B1"><f>A1*2</f><v>4</v></c>', 4.0, None),
        ('<c r="B1"><f>A1*2</f></c>', None, (CellKind.UNCACHED, "=A1*2")),
        ('<c r="B1"><f>A1*2</f><v/></c>', None, (CellKind.UNCACHED, "=A1*2")),
        ('<c r="B1"><f>A1*2</f><v></v></c>', None, (CellKind.UNCACHED, "=A1*2")),
        ('<c r="B1" t="e"><f>A1*2</f><v/></c>', None, (CellKind.UNCACHED, "=A1*2")),
        ('<c r="B1" t="str"><f>A1*2</f></c>', None, (CellKind.UNCACHED, "=A1*2")),
        ('<c r="B1" t="str"><f>""</f><v></v></c>', None, None),  # the stored result is the empty text
        ('<c r="B1" t="str"><f>""</f><v/></c>', None, None),
        ('<c r="B1" t="str"><f>"x"</f><v>x</v></c>', "x", None),
        ('<c r="B1"><f t="shared" si="0"/><v/></c>', None, (CellKind.UNCACHED, "=（共享公式）")),
        ('<c r="B1"><f t="shared" si="0"/><v>3</v></c>', 3.0, None),
        ('<c r="B1"><f>IF(A1&gt;=3,"是","否")</f></c>', None, (CellKind.UNCACHED, '=IF(A1>=3,"是","否")')),
        ("<c r=\"B1\"><f>'2025'!A1='2026'!A1</f></c>", None, (CellKind.UNCACHED, "='2025'!A1='2026'!A1")),
        ('<c r="B1"><f>A1 = 1</f></c>', None, (CellKind.UNCACHED, "=A1 = 1")),
        ('<c r="B1" t="s"><v>99</v></c>', None, (CellKind.ERROR, "共享文本第 99 条不存在")),
        ('<c r="B1"><v>1_000</v></c>', "1_000", None),
        ('<!-- <c r="B1" t="e"><v>#N/A</v></c> --><c r="B1"><f>1</f></c>', None, (CellKind.UNCACHED, "=1")),
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_one_cell(cell: str, value: object, special: object, prefix: str) -> None:
    shared = (
        "<si><t>星河</t></si><si><t></t></si>"
        '<si><r><t>孵化</t></r><r><rPr><b/></rPr><t>器</t></r><rPh sb="0" eb="1"><t>fuhua</t></rPh></si>'
        "<si><t>00123</t></si><si><t>=SUM(A1)</t></si><si><t>a_x000D_\nb</t></si>"
    )
    # the last cell keeps the block two rows high and three columns wide
    entries = parts(row(f'<c r="A1"><v>5</v></c>{cell}') + '<row r="2"><c r="C2"><v>1</v></c></row>', shared)
    if prefix:
        name = "xl/worksheets/sheet1.xml"
        xml = entries[name].replace("xmlns=", "xmlns:x=").replace("</", "\0").replace("<", "<x:")
        entries[name] = xml.replace("\0", "</x:").replace("<x:!", "<!")
    sheet = sheet_of(zipped(entries))
    assert (sheet.height, sheet.width) == (2, 3)
    assert sheet.rows[0][0] == 5.0
    assert (type(sheet.rows[0][1]), sheet.rows[0][1]) == (type(value), value)
    assert dict(sheet.special) == ({(0, 1): special} if special else {})


def test_a_special_cell_outside_the_values_makes_the_block_larger() -> None:
    sheet = sheet_of(workbook(row('<c r="A1"><v>1</v></c>') + '<row r="3"><c r="D3"><f>A1</f></c></row>'))
    assert [list(line) for line in sheet.rows] == [[1.0, None, None, None], [None] * 4, [None] * 4]
    assert sheet.special == {(2, 3): (CellKind.UNCACHED, "=A1")}


def test_the_block_begins_at_a1() -> None:
    sheet = sheet_of(workbook('<row r="3"><c r="C3"><v>1</v></c></row>'))
    assert [list(line) for line in sheet.rows] == [[None] * 3, [None] * 3, [None, None, 1.0]]


def test_dimension_may_lie() -> None:
    entries = parts("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 51)))
    name = "xl/worksheets/sheet1.xml"
    entries[name] = entries[name].replace("<sheetData>", '<dimension ref="A1:B6"/><sheetData>')
    assert [line[0] for line in sheet_of(zipped(entries)).rows] == [float(n) for n in range(1, 51)]


def test_rows_and_cells_without_references() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c t='e'><v>#N/A</v></c></row>"
    sheet = sheet_of(workbook(rows))
    assert [list(line) for line in sheet.rows] == [[1.0, 2.0], [3.0, None]]
    assert sheet.special == {(1, 1): (CellKind.ERROR, "#N/A")}


def test_of_a_cell_that_stands_twice_the_last_counts() -> None:
    sheet = sheet_of(workbook(row('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>') + row('<c r="A1"><v>3</v></c>')))
    assert [list(line) for line in sheet.rows] == [[3.0]]


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates(date_1904: bool) -> None:
    # 14 date, 22 date with time, 31 Chinese long date, 46 duration; serials counted by hand from the epoch
    cells = (
        '<c r="A1" s="1"><v>45200</v></c><c r="B1" s="2"><v>45200.5</v></c><c r="C1" s="3"><v>45200</v></c>'
        '<c r="D1" s="4"><v>1.5</v></c><c r="E1" s="1"><v>0.25</v></c><c r="F1"><v>45200</v></c>'
    )
    grid = grid_of(workbook(row(cells), formats=("14", "22", "31", "46"), date_1904=date_1904))
    day = dt.date(2027, 10, 2) if date_1904 else dt.date(2023, 10, 1)
    assert grid.date_1904 is date_1904
    assert grid.sheets["登记表"].rows[0] == [
        day,
        dt.datetime.combine(day, dt.time(12)),
        day,
        dt.timedelta(hours=36),
        dt.time(6),
        45200.0,
    ]


def test_the_29th_of_february_1900_that_never_was() -> None:
    cells = "".join(f'<c r="{"ABC"[n]}1" s="1"><v>{59 + n}</v></c>' for n in range(3))
    sheet = sheet_of(workbook(row(cells), formats=("14",)))
    assert sheet.rows[0] == [dt.date(1900, 2, 28), dt.date(1900, 2, 28), dt.date(1900, 3, 1)]


def test_hidden_rows_and_merged_ranges() -> None:
    rows = (
        '<row r="1" ht="20" customHeight="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="3" hidden="0"/><row r="4" hidden="true"/>'
    )
    merged = '<mergeCells count="2"><mergeCell ref="B3:C4"/><mergeCell ref="A1:C1"/></mergeCells>'
    sheet = sheet_of(workbook(rows, after=merged))
    assert sheet.hidden_rows == {1, 3}
    assert [line[0] for line in sheet.rows] == [1.0, 2.0]  # hidden rows are read like the others
    assert sheet.merged == ((0, 0, 0, 2), (2, 1, 3, 2))


def test_sheets_in_order_hidden_ones_marked_charts_left_out(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in ("乙", "甲", "丙"):
        book.add_worksheet(name).write_string(0, 0, name)
    book.get_worksheet_by_name("甲").hide()
    book.get_worksheet_by_name("丙").very_hidden()
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=乙!$A$1:$A$2"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    grid, issues = read_grid(path)
    assert grid is not None
    assert issues == []
    assert [(sheet.name, sheet.hidden, sheet.rows) for sheet in grid.sheets.values()] == [
        ("乙", False, [["乙"]]),
        ("甲", True, [["甲"]]),
        ("丙", True, [["丙"]]),
    ]
    assert grid.name == "表.xlsx"
    assert grid.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_openpyxl_never_stores_results_and_xlsxwriter_stores_them() -> None:
    target = io.BytesIO()
    by_openpyxl = openpyxl.Workbook()
    page = by_openpyxl.active
    page.title = "登记表"
    page.append([1, 0, None, "", "文字", True, dt.date(2026, 3, 1), "#N/A", "=A1+1"])
    by_openpyxl.save(target)
    sheet = sheet_of(target.getvalue())
    assert sheet.rows == [[1.0, 0.0, None, None, "文字", True, dt.date(2026, 3, 1), None, None]]
    assert sheet.special == {(0, 7): (CellKind.ERROR, "#N/A"), (0, 8): (CellKind.UNCACHED, "=A1+1")}

    target = io.BytesIO()
    by_xlsxwriter = xlsxwriter.Workbook(target)
    page = by_xlsxwriter.add_worksheet("登记表")
    page.write_formula(0, 0, "=1+1", None, 2)
    page.write_formula(0, 1, "=A1/0", None, "#DIV/0!")
    page.write_formula(0, 2, '="甲"', None, "甲")
    page.write_string(1, 0, "=1+1")
    by_xlsxwriter.close()
    sheet = sheet_of(target.getvalue())
    assert sheet.rows == [[2.0, None, "甲"], ["=1+1", None, None]]
    assert sheet.special == {(0, 1): (CellKind.ERROR, "#DIV/0!")}


def test_an_empty_sheet_has_no_rows() -> None:
    sheet = sheet_of(workbook(""))
    assert list(sheet.rows) == []
    assert (
        sheet_of(
            zipped({name: xml.replace("<sheetData></sheetData>", "<sheetData/>") for name, xml in parts("").items()})
        )
        == sheet
    )
