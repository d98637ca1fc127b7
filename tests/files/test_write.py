"""The writer of result workbooks, read back by two readers that are not ours."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from incubxl.files.write import Properties, render
from incubxl.files.write_text import CUT_MARK
from incubxl.plan import Area, Block, Chart, Column, Link, Series, SheetPlan, Value

AT = Properties("结果 <1> & 2", dt.datetime(2026, 6, 1, 10))


def plan(rows: Sequence[tuple[Value, ...]], styles: Sequence[str] = ("text",), **more: object) -> SheetPlan:
    columns = tuple(
        Column(f"栏{n}", style, words=True, note="第六条\n原文" if n == 0 else "") for n, style in enumerate(styles)
    )
    given: dict[str, object] = {"name": "表一", "title": "标题", "notice": "", "widths": (20.0,) * len(styles)}
    return SheetPlan(blocks=(Block(columns, rows),), **(given | more))  # type: ignore[arg-type]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def by_openpyxl(data: bytes, first: int = 3) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=first, values_only=True)]


def by_calamine(data: bytes, first: int = 3) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)[first - 1 :]


def test_values_read_equal_by_two_readers() -> None:
    rows: list[tuple[Value, ...]] = [
        ("甲", 3, Decimal("1234567.89"), dt.date(2026, 2, 28), None),
        ('乙 & <丙> "丁"', 0, Decimal("0.1"), dt.date(1999, 12, 31), ""),
        ("甲", -5, 2.5, dt.date(2030, 1, 1), "尾"),
    ]
    data = render([plan(rows, ("text", "integer", "yuan", "date", "text"))], properties=AT)
    seen = by_openpyxl(data)
    assert seen == [
        ["甲", 3, 1234567.89, dt.datetime(2026, 2, 28), None],
        ['乙 & <丙> "丁"', 0, 0.1, dt.datetime(1999, 12, 31), None],
        ["甲", -5, 2.5, dt.datetime(2030, 1, 1), "尾"],
    ]
    assert by_calamine(data) == [
        ["甲", 3.0, 1234567.89, dt.date(2026, 2, 28), ""],
        ['乙 & <丙> "丁"', 0.0, 0.1, dt.date(1999, 12, 31), ""],
        ["甲", -5.0, 2.5, dt.date(2030, 1, 1), "尾"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "00123", "18位650100000000000001"])
def test_text_never_becomes_a_formula_or_a_number(text: str) -> None:
    data = render([plan([(text,)])], properties=AT)
    assert by_openpyxl(data) == [[text]]
    assert by_calamine(data) == [[text]]
    assert "<f>" not in parts(data)["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("  两头有空格  ", "  两头有空格  "),
        ("第一行\n第二行\t尾", "第一行\n第二行\t尾"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("有\x0b控制符\x00和\x1f", "有\ufffd控制符\ufffd和\ufffd"),
        ("半个\ud83d字", "半个\ufffd字"),
        ("不是字\ufffe", "不是字\ufffd"),
        ("生僻字\U0002c72c", "生僻字\U0002c72c"),
        ("看似转义_x000D_与_x005F_", "看似转义_x000D_与_x005F_"),
    ],
)
def test_odd_text(text: str, held: str) -> None:
    data = render([plan([(text,)])], properties=AT)
    assert by_calamine(data) == [[held]]
    if "_x005F_" not in text:  # openpyxl removes every x005F_, also one that was typed
        assert by_openpyxl(data) == [[held]]


def test_text_that_looks_like_an_escape_is_escaped_for_excel() -> None:
    strings = parts(render([plan([("a_x000D_b",)])], properties=AT))["xl/sharedStrings.xml"]
    assert "a_x005F_x000D_b" in strings


def test_too_long_text_is_cut_with_a_mark() -> None:
    longest = "长" * 32_767
    (kept,), (cut,), (wide,) = by_openpyxl(
        render([plan([(longest,), (longest + "长",), ("𬜬" * 20_000,)])], properties=AT)
    )
    assert kept == longest
    assert str(cut).endswith(CUT_MARK)
    assert len(str(cut)) == 32_767
    assert len(str(wide).encode("utf-16-le")) // 2 <= 32_767
    assert str(wide).endswith(CUT_MARK)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=12))
def test_any_text_is_held_and_rows_stay_apart(texts: list[str]) -> None:
    data = render([plan([(text, n) for n, text in enumerate(texts)], ("text", "integer"))], properties=AT)
    seen = by_calamine(data)
    assert [row[1] for row in seen] == list(range(len(texts)))
    for text, row in zip(texts, seen, strict=True):
        if text.isprintable() and "_x" not in text:
            assert row[0] == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_no_cell_holds_what_is_not_a_number(value: Value) -> None:
    with pytest.raises(ValueError, match="not a number"):
        render([plan([(value,)], ("number",))], properties=AT)


def test_no_cell_holds_a_bool() -> None:
    with pytest.raises(TypeError, match="是 or 否"):
        render([plan([(True,)], ("number",))], properties=AT)


def test_a_sheet_knows_its_filter_panes_print_set_up_and_protection() -> None:
    rows: list[tuple[Value, ...]] = [(f"甲{n}", n) for n in range(50)]
    data = render(
        [plan(rows, ("text", "integer"), notice="征求意见稿", lines=("说明",), freeze_columns=1)], properties=AT
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert [sheet[f"A{n}"].value for n in range(1, 6)] == ["标题", "征求意见稿", "说明", "栏0", "甲0"]
    assert sheet.dimensions == "A1:B54"
    assert sheet.auto_filter.ref == "A4:B54"
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # absent means 1
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.oddHeader.right.text == "征求意见稿"
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert not sheet.protection.autoFilter
    assert not sheet.protection.formatColumns
    assert sheet["A4"].comment.text == "第六条\n原文"
    defined = parts(data)["xl/workbook.xml"]
    assert "表一!$A$4:$B$54</definedName>" in defined.replace("'", "")
    assert book.properties.title == "结果 <1> & 2"
    assert book.properties.created == dt.datetime(2026, 6, 1, 10)


def test_words_take_their_colour_and_other_text_the_columns() -> None:
    data = render([plan([("不符合",), ("甲",)])], properties=AT)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet["A3"].fill.fgColor.rgb == "FFD9703F"
    assert sheet["A3"].font.bold
    assert sheet["A4"].fill.patternType is None


def test_long_text_gets_a_row_high_enough_for_its_lines() -> None:
    data = render([plan([("短",), ("很长的说明" * 20,), ("一\n二\n三",)])], properties=AT)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    short, long, three = (sheet.row_dimensions[n].height for n in (3, 4, 5))
    # 200 half-widths in a column of 20 take at least 10 lines of 13 points
    assert short < 20 < 3 * 13 < three < 60
    assert 130 <= long <= 409


def test_links_lead_inside_and_to_other_files() -> None:
    links = [
        Link(2, 0, "表'二", "F7"),
        Link(3, 0, "登记表", "B3:B9", "../输 入/甲#1&2.xlsx"),
        Link(4, 0, "", "", "乙.xlsx"),
    ]
    plans = [plan([("甲",), ("乙",), ("丙",)], links=links), plan([("丁",)], name="表'二")]
    data = render(plans, properties=AT)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert (sheet["A3"].hyperlink.location, sheet["A3"].hyperlink.target) == ("'表''二'!F7", None)
    assert (sheet["A4"].hyperlink.location, sheet["A4"].hyperlink.target) == (
        "'登记表'!B3:B9",
        "../输%20入/甲%231&2.xlsx",
    )
    assert (sheet["A5"].hyperlink.location, sheet["A5"].hyperlink.target) == (None, "乙.xlsx")
    rels = parts(data)["xl/worksheets/_rels/sheet1.xml.rels"]
    assert set(re.findall(r'r:id="([^"]+)"', parts(data)["xl/worksheets/sheet1.xml"])) <= set(
        re.findall(r'Id="([^"]+)"', rels)
    )


def charted(numbers: tuple[int, int]) -> SheetPlan:
    block = Block((Column("等级"), Column("优秀", "count"), Column("合格", "count")), [("家数", *numbers)])
    main = Block((Column("编号"),), [("A1",)] * (1 + numbers[0]))
    chart = Chart(
        "各等级家数", f"优秀{numbers[0]}家 & 合格{numbers[1]}家", Area(1, 1, 1, 2),
        (Series("家数", Area(2, 1, 2, 2), "2F6690"),), 4, 5, "家",
    )  # fmt: skip
    return SheetPlan("评价结果", "评价结果", "", (12.0,) * 3, (block, main), main=1, chart=chart)


def test_a_chart_carries_its_own_numbers_and_words_for_each_workbook() -> None:
    for numbers in ((3, 5), (7, 1)):
        held = parts(render([plan([("甲",)]), charted(numbers)], properties=AT))
        chart, drawing = held["xl/charts/chart1.xml"], held["xl/drawings/drawing1.xml"]
        points = re.findall(r'<c:pt idx="\d"><c:v>([^<]*)</c:v>', chart)
        assert points == ["优秀", "合格", str(numbers[0]), str(numbers[1])]
        assert "评价结果!$B$3:$C$3" in chart.replace("'", "")
        assert '<xdr:ext cx="4953000" cy="2857500"/>' in drawing  # 520 × 300 pixels, whatever rows come in
        assert f'descr="优秀{numbers[0]}家 &amp; 合格{numbers[1]}家"' in drawing


def test_same_plans_same_bytes() -> None:
    assert render([charted((3, 5))], properties=AT) == render([charted((3, 5))], properties=AT)


def test_a_block_without_rows_says_so() -> None:
    assert by_openpyxl(render([plan([])], properties=AT)) == [["无"]]


def test_a_block_wider_than_the_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="wider"):
        SheetPlan("表", "表", "", (10.0,), (Block((Column("甲"), Column("乙")), []),))
