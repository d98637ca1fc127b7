"""What a blank template offers: sheets in order, dropdowns, notes with clauses, print set-up, nothing invented."""

from __future__ import annotations

import datetime as dt
import io
import string
from typing import Any

import openpyxl
import pytest

from incubxl.files.packs import store
from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.templates.build import build_workbook, standing_notice
from incubxl.templates.hints import note, prompt, validation
from incubxl.templates.text import broken, lines, width


@pytest.fixture(scope="module")
def blank() -> dict[str, Any]:
    """Workbooks already built, by pack id."""
    return {}


@pytest.fixture
def book(pack: Pack, blank: dict[str, Any]) -> Any:
    if pack.id not in blank:
        blank[pack.id] = openpyxl.load_workbook(io.BytesIO(build_workbook(pack, year=None)))
    return blank[pack.id]


def tables(book: Any) -> dict[str, Any]:
    return {s.title: next(iter(s.tables.values())) for s in book.worksheets if s.tables}


def headers(sheet: Any) -> dict[str, Any]:
    (table,) = sheet.tables.values()
    return {cell.value: cell for cell in sheet[table.ref][0]}


def asked_columns(pack: Pack, sheet: str) -> list[Field]:
    if sheet == "申报登记":
        return list(pack.facts)
    return list(next(t for t in pack.tables if t.sheet == sheet).columns)


def lists_at(sheet: Any, row: int, column: int) -> list[str]:
    cell = sheet.cell(row, column).coordinate
    return [v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list" and cell in v.sqref]


def test_sheets_stand_in_the_order_of_work(pack: Pack, book: Any) -> None:
    names = book.sheetnames
    assert names[:2] == ["填写说明", "申报登记"]
    assert names[-2:] == ["合计核对", "字典"]
    assert book["字典"].sheet_state == "hidden"
    order = ["人工判断", "改判", "口径", "评价指标", "分段", "评分", "等级规则", "历史记录", "资金台账", "结论", "设置"]
    there = [n for n in order if n in names]
    assert [n for n in names if n in order] == there
    assert {"口径", "历史记录", "结论", "设置"} <= set(names)
    own = [t.sheet for t in pack.tables if t.sheet not in order]
    assert names[2 : 2 + len(own)] == own
    assert ("等级规则" in names) == (pack.evaluation.kind == "score")


def test_headers_are_the_labels_and_tables_are_unique(pack: Pack, book: Any) -> None:
    seen: set[str] = set()
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            assert table.name.isascii()
            assert table.name not in seen
            seen.add(table.name)
            labels = [c.label for c in asked_columns(pack, sheet.title)]
            assert sorted(headers(sheet)) == sorted(labels)


def test_every_coded_column_has_a_dropdown_with_its_labels(pack: Pack, book: Any) -> None:
    lists = dict.fromkeys(book.defined_names, book["字典"])
    for sheet_name in tables(book):
        sheet = book[sheet_name]
        at = headers(sheet)
        for column in asked_columns(pack, sheet_name):
            if column.type not in ("choice", "boolean"):
                continue
            cell = at[column.label]
            for row in (cell.row + 1, cell.row + 30, cell.row + 500):
                (name,) = lists_at(sheet, row, cell.column)
                assert name in lists
            (reference,) = [d.attr_text for n, d in book.defined_names.items() if n == name]
            place = reference.split("!")[1].replace("$", "")
            found = [c.value for row in book["字典"][place] for c in row]
            expected = [c.label for c in column.choices] or ["是", "否"]
            assert found[: len(expected)] == expected


def test_reference_columns_offer_what_the_pack_knows(pack: Pack, book: Any) -> None:
    for sheet_name, label in (("人工判断", "判断事项"), ("改判", "条件"), ("结论", "结论"), ("等级规则", "等级")):
        nothing = {"结论": not pack.letters.kinds, "等级规则": not pack.evaluation.grades}  # the measure names none
        if sheet_name not in book.sheetnames or nothing.get(sheet_name):
            continue
        cell = headers(book[sheet_name])[label]
        assert lists_at(book[sheet_name], cell.row + 1, cell.column)
    for sheet_name in ("人工判断", "改判", "历史记录", "结论"):
        if sheet_name in book.sheetnames:
            cell = headers(book[sheet_name])["申报编号"]
            assert lists_at(book[sheet_name], cell.row + 1, cell.column) == ["dd_applicants"]


def test_each_open_question_has_its_options_and_no_answer(pack: Pack, book: Any) -> None:
    sheet = book["口径"]
    at = headers(sheet)
    first = at["口径编号"].row + 1
    for row, question in enumerate(pack.interpretations, start=first):
        assert sheet.cell(row, at["口径编号"].column).value == question.id
        assert question.question in sheet.cell(row, at["问题"].column).value
        for option in question.options:
            assert option.label in sheet.cell(row, at["可选口径"].column).value
        assert sheet.cell(row, at["选定口径"].column).value is None
        (name,) = lists_at(sheet, row, at["选定口径"].column)
        place = book.defined_names[name].attr_text.split("!")[1].replace("$", "")
        assert [c.value for r in book["字典"][place] for c in r] == [o.label for o in question.options]


def test_nothing_that_looks_official_is_filled_in(pack: Pack, book: Any) -> None:
    for name in ("评价指标", "评分", "人工判断", "改判", "历史记录", "结论", "申报登记"):
        if name in book.sheetnames:
            (table,) = book[name].tables.values()
            assert [c.value for r in book[name][table.ref][1:] for c in r if c.value is not None] == []
    if "等级规则" in book.sheetnames:
        (table,) = book["等级规则"].tables.values()
        rows = [[c.value for c in r] for r in book["等级规则"][table.ref][1:]]
        assert [r[0] for r in rows if r[0]] == [g.label for g in pack.evaluation.grades]
        assert [v for r in rows for v in r[1:] if v is not None] == []
    sheet = book["设置"]
    at = headers(sheet)
    (table,) = sheet.tables.values()
    filled = [
        sheet.cell(r[0].row, at["标识"].column).value
        for r in sheet[table.ref][1:]
        if sheet.cell(r[0].row, at["取值"].column).value is not None
    ]
    assert filled == ["pack"]


def test_header_notes_carry_the_clause(pack: Pack, book: Any) -> None:
    clauses = 0
    for name in tables(book):
        at = headers(book[name])
        for column in asked_columns(pack, name):
            comment = at[column.label].comment
            if column.clause:
                clauses += 1
                assert column.clause in comment.text
            if column.note:
                assert column.note in comment.text
            if column.required:
                assert "必填" in comment.text
    assert clauses > 0


def test_required_is_said_in_words_over_the_header(pack: Pack, book: Any) -> None:
    sheet = book["申报登记"]
    for label, cell in headers(sheet).items():
        above = sheet.cell(cell.row - 1, cell.column).value
        column = next(f for f in pack.facts if f.label == label)
        assert above.startswith("必填" if column.required else "按实填")
        if column.unit:
            assert column.unit in above


def test_input_sheets_are_open_and_ours_are_protected_without_password(book: Any) -> None:
    for sheet in book.worksheets:
        ours = sheet.title in ("填写说明", "合计核对", "字典")
        assert sheet.protection.sheet is ours
        assert sheet.protection.password is None


def test_panes_and_print_set_up(book: Any) -> None:
    for name, table in tables(book).items():
        sheet = book[name]
        head = sheet[table.ref][0][0].row
        assert sheet.freeze_panes.endswith(str(head + 1))
        assert sheet.print_title_rows == f"${head - 1}:${head}"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.paperSize in (8, 9)
        assert sheet.page_setup.fitToHeight == 0
        assert "第 &P 页 共 &N 页" in (sheet.oddFooter.center.text or "").replace("&[Page]", "&P").replace("&N", "&N")
        assert name in sheet.oddHeader.right.text


def test_a_draft_or_an_expired_measure_says_so_on_every_sheet(pack: Pack, book: Any) -> None:
    notice = standing_notice(pack, None)
    if pack.measure.draft:
        assert "征求意见稿" in notice
    if not notice:
        return
    for sheet in book.worksheets:
        if sheet.title != "字典":
            top = "".join(str(c) for r in sheet.iter_rows(max_row=8, values_only=True) for c in r if c)
            assert notice[:20] in top, sheet.title


def test_prompts_keep_excels_limits(pack: Pack) -> None:
    for column in (*pack.facts, *pack.settings, *(c for t in pack.tables for c in t.columns)):
        title, message = prompt(column)
        assert len(title) <= 32
        assert len(message) <= 255
        options = validation(column, "", "A1") or {}
        assert len(options.get("error_message", "")) <= 255
        assert options.get("error_type", "warning") == "warning"


def test_note_says_for_whom_and_what(urumqi: Pack) -> None:
    text = note(urumqi.fact["overseas_area"], urumqi)
    assert text == "只填国外的孵化场地，国内场地不计入。\n单位：平方米\n仅离岸孵化器填写。\n条款：第6条（二）"


def test_chinese_counts_two() -> None:
    assert width("在孵企业abc") == 11
    assert lines("一二三四五六七八九十", 11) == 2
    assert broken("一二三四，五", 8) == ["一二三四，", "五"]


def test_a_measure_is_called_expired_only_when_the_day_to_judge_by_is_past_its_end() -> None:
    """第二十三条: 有效期至2025年10月29日."""
    pack = store().pack("shanghai-hq")
    ends = "本办法有效期至2025年10月29日"
    assert standing_notice(pack, 2024) == ""
    assert standing_notice(pack, 2025) == standing_notice(pack, 2025, dt.date(2025, 10, 29)) == ends
    assert "已届满" in standing_notice(pack, 2025, dt.date(2025, 10, 30))
    assert "已届满" in standing_notice(pack, 2026)


def test_a_blank_sheet_to_fill_in_prints_on_one_page_down(pack: Pack, book: Any) -> None:
    inches = {9: (8.27, 11.69), 8: (11.69, 16.54)}  # A4, A3
    for name, table in tables(book).items():
        sheet = book[name]
        if name in ("口径", "设置"):  # as long as the measure's questions and the settings are
            continue
        short, long = inches[sheet.page_setup.paperSize]
        across, down = (long, short) if sheet.page_setup.orientation == "landscape" else (short, long)
        points = [
            sheet.row_dimensions[n].height or 18
            for n in range(1, int(table.ref.split(":")[1].lstrip(string.ascii_uppercase)) + 1)
        ]
        chars = sum(d.width * (d.max - d.min + 1) for d in sheet.column_dimensions.values())
        wide = chars * 5.25 / (sheet.page_setup.fitToWidth or 1)
        scale = min(1, (across - 1) * 72 / wide)
        assert sum(points) * scale <= (down - 1.45) * 72, name


def test_the_totals_say_their_purpose_within_the_columns_that_every_page_repeats(book: Any) -> None:
    sheet = book["合计核对"]
    room = sheet.column_dimensions["A"].width + sheet.column_dimensions["B"].width
    above = next(n for n in range(1, 20) if sheet.cell(n, 1).value == "一、申报登记各栏合计")
    for n in range(1, above):
        value = sheet.cell(n, 1).value or ""
        assert width(value) <= room + 1 or f"A{n}:B{n}" in map(str, sheet.merged_cells.ranges)
    head = next(n for n in range(above, 200) if sheet.cell(n, 1).value == "申报编号")
    assert sheet.print_title_rows == f"${head - 1}:${head}"
