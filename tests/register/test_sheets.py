"""Sheets, headers, rows and settings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from incubxl.grid import CellKind, Grid
from incubxl.register.model import Register
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack

from .build import CODES, HEAD, PACK, codes, found, grid, make_pack, read, settings, sheet

ROW = ["A1", "某某孵化器", CODES[0], "基地"]


def register(*rows: Any, **more: Any) -> Register:
    return read(sheet("申报登记", rows, **more))


def test_a_plain_register() -> None:
    r = register([*HEAD, "场地面积"], [*ROW, 500.0], ["A2", "乙孵化器", CODES[1], "离岸", None])
    assert codes(r) == []
    assert (r.ids, r.names, r.tracks) == (("A1", "A2"), ("某某孵化器", "乙孵化器"), ("base", "offshore"))
    assert r.columns["area"].cell(0) == "申报登记!E2"
    assert r.columns["area"].exact(0) == Decimal("500.0")
    assert not r.columns["area"].has(1)
    assert r.columns["spend"].cell(0) == ""
    assert (r.rows_seen, r.refused) == (2, ())


@pytest.mark.parametrize("name", ["申报登记", "登记表", "申报登记表", "总表", "台账", " 申报登记 "])
def test_register_sheet_by_alias(name: str) -> None:
    assert read(sheet(name, [HEAD, ROW])).size == 1


def test_missing_register_names_the_nearest_sheet() -> None:
    r = read(sheet("申报登记2026", [HEAD, ROW]))
    [issue] = found(r, "sheet.register_missing")
    assert issue.severity == "error"
    assert "是不是「申报登记2026」" in issue.remedy
    assert (r.size, r.rows_seen) == (0, 0)
    assert set(r.columns) == set(PACK.fact)


def test_two_register_sheets() -> None:
    r = read(sheet("登记表", [HEAD]), sheet("申报登记", [HEAD, ROW]))
    assert r.size == 1
    assert found(r, "sheet.twice")


def test_missing_detail_sheets_are_named_once() -> None:
    r = read(sheet("申报登记", [HEAD, ROW]), sheet("在孵企业表", [["x"]]))
    [issue] = found(r, "sheet.missing")
    assert issue.severity == "info"
    assert "在孵企业" in issue.message.split("按没有明细行处理")[0]
    assert "人工判断" not in issue.message.split("；")[1]  # no detail sheet
    assert "须由人判断的条件为待认定" in issue.message
    assert "没有选定口径" in issue.message
    assert "「在孵企业表」是不是「在孵企业」" in issue.remedy


@pytest.mark.parametrize(
    "header",
    [
        ["申报编号*", "单位名称：", "统一社会\n信用代码", "申报类型（必填）", "场地面积(㎡)"],
        ["１.编号", "2、机构名称", "信用代码 ", "类　型", "面积（平方米）"],
        ["（一）申请编号", "(2)申报单位", "机构代码", "*申报类别", "场地面积（单位：平方米）"],
    ],
)
def test_headers_as_people_write_them(header: list[str]) -> None:
    r = register(["某某市登记表"], [], header, [*ROW, 500.0])
    assert codes(r) == []
    assert r.columns["area"].cell(0) == "申报登记!E4"
    assert r.columns["area"].exact(0) == 500


@pytest.mark.parametrize(
    ("label", "typed", "yuan"),
    [
        ("年度运营投入（元）", 35000.0, "35000"),
        ("年度运营投入（万元）", 3.5, "35000"),
        ("年度运营投入(万元)", "1,200.1", "12001000"),
        ("年度运营投入（万元）", "500元", "500"),
        ("年度运营投入（亿元）", 0.3, "30000000"),
        ("年度运营投入", "3万元", "30000"),
        ("年度运营投入（万元）", 1.1, "11000"),
    ],
)
def test_money_in_the_unit_of_the_header(label: str, typed: Any, yuan: str) -> None:
    r = register([*HEAD, label], [*ROW, typed])
    assert r.columns["spend"].exact(0) == Decimal(yuan)


def test_header_in_yuan_for_a_field_in_wan() -> None:
    r = register([*HEAD, "种子资金（元）"], [*ROW, 35000.0])
    assert r.columns["fund"].exact(0) == Decimal("3.5")


def test_a_wrong_unit_in_the_header_is_an_error_and_no_value_is_used() -> None:
    r = register([*HEAD, "场地面积（亩）"], [*ROW, 5.0])
    [issue] = found(r, "header.unit")
    assert (issue.severity, issue.place.cell) == ("error", "E1")
    assert r.columns["area"].kinds[0] == CellKind.UNREADABLE


def test_another_bracket_is_another_column() -> None:
    r = register([*HEAD, "场地面积（国外）"], [*ROW, 5.0])
    assert r.columns["area"].sheet_column == -1


def test_merged_two_row_header() -> None:
    top = ["申报编号", "单位名称", "统一社会信用代码", "申报类型", "场地", None, "情况"]
    below = [None, None, None, None, "面积", "说明", "年度运营投入"]
    merges = (*((0, c, 1, c) for c in range(4)), (0, 4, 0, 5))
    r = register(top, below, [*ROW, 500.0, "好", 3.0], merged=merges)
    assert codes(r) == []
    assert (r.columns["area"].cell(0), r.columns["spend"].cell(0)) == ("申报登记!E3", "申报登记!G3")


def test_two_row_header_without_merges() -> None:
    r = register(
        ["申报编号", "单位名称", "统一社会信用代码", "申报类型", "场地"],
        [None, None, None, None, "面积"],
        [*ROW, 500.0],
    )
    assert (r.size, codes(r)) == (1, [])
    assert r.columns["area"].exact(0) == 500


def test_a_row_of_units_below_the_header() -> None:
    r = register([*HEAD, "场地面积", "年度运营投入"], [None, None, None, None, "㎡", "万元"], [*ROW, 500.0, 3.0])
    assert (r.size, codes(r)) == (1, ["cell.normalised"])
    assert "F3 3 读作 30000元" in found(r, "cell.normalised")[0].message
    assert r.columns["spend"].exact(0) == 30000


def test_group_name_tells_equal_sub_headers_apart() -> None:
    facts = """
facts:
  - {id: abroad, label: 国外场地面积, type: number, unit: 平方米}
  - {id: home, label: 国内场地面积, type: number, unit: 平方米}
"""
    top = [*HEAD, "国外场地", None, "国内场地"]
    below = [None, None, None, None, "面积", "地址", "面积（㎡）"]
    s = sheet("申报登记", [top, below, [*ROW, 500.0, "某地", 300.0]], merged=((0, 4, 0, 5),))
    r = read_register(grid(s), make_pack(facts=facts))
    assert (r.columns["abroad"].exact(0), r.columns["home"].exact(0)) == (500, 300)


def test_duplicate_headers_name_both_cells_and_nothing_is_used() -> None:
    r = register([*HEAD, "场地面积", "面积"], [*ROW, 500.0, 300.0])
    [issue] = found(r, "header.twice")
    assert "申报登记!E1 和 申报登记!F1" in issue.message
    assert r.columns["area"].kinds[0] == CellKind.UNREADABLE


@pytest.mark.parametrize(("first", "second", "cell"), [(500.0, None, "申报登记!E2"), (None, 500.0, "申报登记!F2")])
def test_an_empty_duplicate_does_no_harm(first: Any, second: Any, cell: str) -> None:
    r = register([*HEAD, "场地面积", "面积"], [*ROW, first, second])
    assert not found(r, "header.twice")
    assert (r.columns["area"].cell(0), r.columns["area"].exact(0)) == (cell, 500)


def test_a_missing_required_header_suggests_the_nearest() -> None:
    r = register(["申报编号", "单位全称", "统一社会信用代码", "申报类型"], ["A1", "甲", CODES[0], "基地"])
    [issue] = found(r, "header.missing")
    assert issue.severity == "error"
    assert "「单位名称」" in issue.message
    assert "单位全称" in issue.remedy


def test_no_header_at_all() -> None:
    r = register(["A1", "甲"], ["A2", "乙"])
    [issue] = found(r, "header.not_found")
    assert "申报编号" in issue.remedy
    assert r.size == 0


def test_the_users_own_columns_are_left_alone() -> None:
    assert codes(register([*HEAD, "我的备注", None], [*ROW, "约500", "x"])) == []


def test_every_row_is_an_applicant_or_refused_with_a_reason() -> None:
    r = register(
        HEAD,
        ROW,
        [],
        [None, "没有编号", None, None],
        ["a1 ", "重复", None, "基地"],
        ["", " ", None, None],
        ["合 计", 3.0, None, None],
        ["注：金额单位为万元", None, None, None],
        ["申报编号", "单位名称", "统一社会信用代码", "申报类型"],
        ["A2", "乙", CODES[1], "基地"],
    )
    assert r.ids == ("A1", "A2")
    assert [(x.row, x.reason) for x in r.refused] == [
        (4, "没有申报编号"),
        (5, "申报编号「a1」与申报登记!A2重复"),
        (7, "「合计」行，不是申报单位"),
        (8, "说明文字，不是申报单位"),
        (9, "「表头」行，不是申报单位"),
    ]
    assert r.rows_seen == r.size + len(r.refused)
    [twice] = found(r, "row.duplicate_id")
    assert "申报登记!A2 与 申报登记!A5" in twice.message
    assert [i.severity for i in found(r, "row.no_id")] == ["error"]


def test_a_missing_key_column_is_told_once() -> None:
    r = read(
        sheet("申报登记", [HEAD[1:], ROW[1:], ["乙", CODES[1], "基地"]]),
        sheet("在孵企业", [["企业名称", "在孵"], ["一", "是"]]),
    )
    assert [(x.row, x.reason) for x in r.refused] == [(2, "没有申报编号"), (3, "没有申报编号")]
    assert [i.code for i in r.issues if i.severity == "error"] == ["header.missing", "header.missing"]
    assert r.tables["tenants"].owner.tolist() == [-1]


def test_an_error_cell_alone_makes_a_row() -> None:
    r = register(HEAD, ROW, [None, "#N/A", None, None])
    assert (r.rows_seen, r.refused[0].row) == (2, 3)


def test_hidden_rows_count_and_that_is_said() -> None:
    r = register(HEAD, ROW, ["A2", "乙", CODES[1], "基地"], hidden_rows=frozenset({2, 9}))
    assert r.size == 2
    [info] = found(r, "row.hidden")
    assert "有1行" in info.message


def test_blank_required_cells_are_listed_per_column() -> None:
    r = register(HEAD, ["A1", None, None, "基地"], ["A2", None, CODES[0], "基地"])
    messages = [i.message for i in found(r, "cell.required_blank")]
    assert messages == ["必填栏目「单位名称」有2处空着：B2、B3。", "必填栏目「统一社会信用代码」有1处空着：C2。"]


def test_detail_rows_find_their_applicant() -> None:
    detail = sheet(
        "入驻企业",
        [
            ["申报编号", "企业名称"],
            ["ａ1", "一"],
            ["A-1", "二"],
            [None, "三"],
            ["A1", "四"],
            [None, "五"],
            ["合计", 5.0],
        ],
        merged=((4, 0, 5, 0),),
    )
    r = read(sheet("申报登记", [HEAD, ROW]), detail)
    table = r.tables["tenants"]
    assert table.owner.tolist() == [0, -1, -1, 0, 0]
    assert [i.place.cell for i in found(r, "row.owner_blank")] == ["A4"]
    [unknown] = found(r, "row.owner_unknown")
    assert (unknown.place.cell, unknown.severity) == ("A3", "error")
    assert "是不是「A1」" in unknown.remedy
    assert len(found(r, "row.total")) == 1


def test_settings_are_typed() -> None:
    own = settings(reference_year="2025年", as_of="2026.6.1", margin=0.05, correction_days="15日", ties="由人决定")
    r = read(own, sheet("申报登记", [HEAD, ROW]))
    s = r.settings
    assert (s.pack_id, s.year, s.reference_year) == ("testland", 2026, 2025)
    assert (s.as_of, s.margin, s.values["correction_days"]) == (dt.date(2026, 6, 1), Decimal(5), 15)
    assert s.values["ties"] == "person"
    assert s.cells["as_of"] == "设置!B5"


def test_settings_by_label_blank_and_unreadable() -> None:
    own = sheet("设置", [["项目", "取值"], ["申报年度", "明年"], ["统计年度", None], ["通知书用语", "x"]])
    r = read(own, sheet("申报登记", [HEAD, ROW]))
    assert (r.settings.year, r.settings.reference_year, r.settings.margin) == (0, None, None)
    assert [i.place.cell for i in found(r, "cell.unreadable_year")] == ["B2"]
    assert [i.place.cell for i in found(r, "officer.no_year")] == ["B2"]


def test_a_setting_that_stands_twice_with_two_values_is_not_used() -> None:
    own = sheet("设置", [["项目", "取值"], ["申报年度", 2026.0], ["申报年度", 2025.0]])
    r = read(own, sheet("申报登记", [HEAD, ROW]))
    assert r.settings.year == 0
    assert "设置!B2 和 设置!B3" in found(r, "officer.setting_twice")[0].message


def test_peek_pack() -> None:
    assert peek_pack(grid()) == ("testland", [])
    by_label = Grid(
        "x", {"设置": sheet("设置", [["说明"], ["项目", "取值", "标识"], ["办法标识", " TestLand ", None]])}
    )
    assert peek_pack(by_label) == ("testland", [])


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({}, "sheet.settings_missing"),
        ({"设置": sheet("设置", [["项目", "取值"], ["申报年度", 2026.0]])}, "sheet.pack_missing"),
        ({"设置": sheet("设置", [["项目", "取值"], ["办法标识", None]])}, "sheet.pack_missing"),
        ({"设置": sheet("设置", [["甲", "乙"]])}, "header.not_found"),
        ({"设置": sheet("设置", [])}, "header.not_found"),
    ],
)
def test_peek_pack_says_what_is_missing(sheets: dict[str, Any], code: str) -> None:
    pack, issues = peek_pack(Grid("t.xlsx", sheets))
    assert pack == ""
    assert [i.code for i in issues] == [code]
    assert issues[0].remedy


def test_an_empty_workbook_is_issues_not_an_exception() -> None:
    r = read_register(Grid("empty.xlsx", {}), PACK)
    assert {"sheet.register_missing", "officer.no_year"} <= {i.code for i in r.issues}
    assert set(r.counted) == set(PACK.derivation)
