"""One bad register for every code about sheets, headers, rows, cells, counts and the officers' sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from incubxl.grid import Grid
from incubxl.issues import Issue
from incubxl.register.model import Register
from incubxl.register.settings import peek_pack
from tests.catalogue.bad import Bad
from tests.register.build import CODES, HEAD, one_fact, read, sheet, with_tenants

DAY = dt.date(2026, 6, 1)
ROW = ["A1", "甲", CODES[0], "基地"]
TWO = [HEAD, ROW, ["A2", "乙", CODES[1], "离岸"]]
JUDGED = ["申报编号", "判断事项", "判断结论", "判断理由", "判断人", "判断日期"]
HISTORY = ["申报编号", "统一社会信用代码", "年度", "事项", "内容", "日期", "金额（万元）", "文号"]


def _read(made: Callable[[], Register], place: str, *also: str) -> Bad:
    return Bad(place, lambda _: made().issues, frozenset(also))


def _fact(label: str, *values: Any) -> Bad:
    """One applicant per value in E2, E3 …; the last one is the bad one."""
    return _read(lambda: one_fact(label, *values), f"申报登记!E{1 + len(values)}")


def _rows(place: str, *rows: list[Any], **more: Any) -> Bad:
    return _read(lambda: read(sheet("申报登记", list(rows), **more)), place)


def _office(place: str, name: str, *rows: list[Any]) -> Bad:
    return _read(lambda: read(sheet("申报登记", TWO), sheet(name, list(rows))), place)


def _settings(place: str, *rows: list[Any]) -> Bad:
    def made() -> Register:
        return read(sheet("设置", [["项目", "取值"], *rows]), sheet("申报登记", [HEAD, ROW]))

    return _read(made, place)


def _peek(place: str, *sheets: Any) -> Bad:
    def made(_: object) -> list[Issue]:
        return peek_pack(Grid("t.xlsx", {s.name: s for s in sheets}))[1]

    return Bad(place, made)


def _contact(label: str, value: Any) -> Bad:
    return _rows("申报登记!E2", [*HEAD, label], [*ROW, value])


BAD: dict[str, Bad] = {
    # sheets
    "sheet.register_missing": _read(lambda: read(sheet("sheet1", [HEAD, ROW])), "t.xlsx"),
    "sheet.missing": _read(lambda: read(sheet("申报登记", [HEAD, ROW])), "t.xlsx"),
    "sheet.twice": _read(lambda: read(sheet("登记表", [HEAD]), sheet("申报登记", [HEAD, ROW])), "登记表"),
    "sheet.hidden": _rows("申报登记", HEAD, ROW, hidden=True),
    "sheet.settings_missing": _peek("t.xlsx", sheet("申报登记", [HEAD, ROW])),
    "sheet.pack_missing": _peek("设置!B2", sheet("设置", [["项目", "取值"], ["办法标识", None]])),
    # headers
    "header.not_found": _rows("申报登记", ["甲", "乙"], ROW),
    "header.missing": _rows("申报登记!A1", ["申报编号", "单位全称", *HEAD[2:]], ROW),
    "header.absent": _rows("申报登记!A1", HEAD, ROW),
    "header.twice": _rows("申报登记!F1", [*HEAD, "场地面积", "面积"], [*ROW, 500.0, 300.0]),
    "header.unit": _rows("申报登记!E1", [*HEAD, "场地面积（亩）"], [*ROW, 5.0]),
    # rows
    "row.no_id": _rows("申报登记!A3", HEAD, ROW, [None, "没有编号", CODES[1], "基地"]),
    "row.duplicate_id": _rows("申报登记!A3", HEAD, ROW, [" a1", "乙", CODES[1], "基地"]),
    "row.note": _rows("申报登记!A3", HEAD, ROW, ["注：金额单位为万元"]),
    "row.total": _rows("申报登记!A3", HEAD, ROW, ["合计", 3.0]),
    "row.hidden": _rows("申报登记", HEAD, ROW, hidden_rows=frozenset({1})),
    "row.owner_blank": _office("在孵企业!A2", "在孵企业", ["申报编号", "企业名称"], [None, "一"]),
    "row.owner_unknown": _office("在孵企业!A2", "在孵企业", ["申报编号", "企业名称"], ["A01", "一"]),
    "row.owner_contradicts": _office(
        "历史记录!A2", "历史记录", HISTORY, ["A2", CODES[0], 2019.0, "认定或备案", "认定", None, None, None]
    ),
    # cells
    "cell.error": _fact("场地面积", "#N/A"),
    "cell.uncached": _fact("场地面积", "=?"),
    "cell.unreadable_number": _fact("场地面积", "约500"),
    "cell.negative": _fact("场地面积", -5.0),
    "cell.not_integer": _fact("在孵企业数", 3.5),
    "cell.not_applicable": _fact("场地面积", "不适用"),
    "cell.implausible": _fact("场地面积", 3_000_000.0),
    "cell.percent_mixed": _read(lambda: one_fact("自主支配比例", 20.0, 0.2), "申报登记!E3", "cell.normalised"),
    "cell.normalised": _fact("场地面积", "500平方米"),
    "cell.unreadable_date": _fact("成立日期", "2023年10月"),
    "cell.unreadable_year": _fact("起始年度", "25年"),
    "cell.unreadable_boolean": _fact("是否独立法人", "部分"),
    "cell.unknown_choice": _fact("单位性质", "协会"),
    "cell.required_blank": _rows("申报登记!B2", HEAD, ["A1", None, CODES[0], "基地"]),
    "cell.no_name": _rows("申报登记!B2", HEAD, ["A1", "待定", "", "基地"]),
    "cell.digits_lost": _rows("申报登记!C2", HEAD, ["A1", "甲", 9.165010012345679e17, "基地"]),
    "cell.unreadable_code": _rows("申报登记!C2", HEAD, ["A1", "甲", "待办理", "基地"]),
    "cell.check_digit": _rows("申报登记!C2", HEAD, ["A1", "甲", "91650100MA700001X5", "基地"]),
    "cell.bad_text": _rows("申报登记!B2", HEAD, ["A1", "甲\x07公司", CODES[0], "基地"]),
    "cell.bad_email": _contact("电子邮箱", "a@example.com;b@example.com"),
    "cell.bad_phone": _contact("联系电话", "12"),
    # counts
    "count.repeated": _read(lambda: with_tenants([["A1", "一", CODES[0], "内资", DAY, None, "是"]] * 2), "在孵企业!C3"),
    "count.total_disagrees": _read(
        lambda: with_tenants([["A1", "一", CODES[0], "内资", DAY, None, "是"]], total=6.0), "申报登记!E2"
    ),
    "count.no_reference_year": _read(
        lambda: with_tenants([["A1", "一", CODES[0], "内资", DAY, None, "是"]], reference_year=None), "设置"
    ),
    # officers
    "officer.no_year": _settings("设置!B2", ["申报年度", None]),
    "officer.setting_twice": _settings("设置!B3", ["统计年度", 2025.0], ["统计年度", 2024.0], ["申报年度", 2026.0]),
    "officer.incomplete": _office("人工判断!C2", "人工判断", JUDGED, ["A1", "team", "符合", None, None, DAY]),
    "officer.unknown_item": _office("人工判断!B2", "人工判断", JUDGED, ["A1", "专业团队", "符合", None, "某甲", DAY]),
    "officer.conflict": _office(
        "人工判断!C3",
        "人工判断",
        JUDGED,
        ["A1", "team", "符合", None, "某甲", DAY],
        ["A1", "team", "不符合", None, "某乙", DAY],
    ),
    "officer.repeated": _office(
        "人工判断!C3",
        "人工判断",
        JUDGED,
        ["A1", "team", "符合", None, "某甲", DAY],
        ["A1", "team", "符合", None, "某甲", DAY],
    ),
}
