"""Cells as people type them: what is read, what is not, and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import phonenumbers
import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from incubxl.grid import CellKind
from incubxl.policy.fields import Choice, Field
from incubxl.register.identity import _PLAIN_EMAIL, _PLAIN_PHONE, _checks
from incubxl.register.parse import read_cell
from incubxl.register.reading import Context

from .build import CODES, found, one_fact

AREA = Field(id="area", label="面积", type="number", unit="平方米", plausible_max=Decimal(100_000))
HOMES = Field(id="homes", label="企业数", type="integer", unit="家")
YUAN = Field(id="yuan", label="投入", type="money", unit="元")
WAN = Field(id="wan", label="资金", type="money", unit="万元")
EVENTS = Field(id="events", label="活动", type="integer", unit="场次")
PERCENT = Field(id="share", label="比例", type="percent")
DAY = Field(id="day", label="日期", type="date")
YEAR = Field(id="year", label="年度", type="year")
FLAG = Field(id="flag", label="是否", type="boolean")
TEXT = Field(id="text", label="名称", type="text")
MAYBE = Field(id="maybe", label="日期", type="date", may_not_apply=True)
CODE = Field(id="code", label="信用代码", type="uscc")
EMAIL = Field(id="email", label="邮箱", type="email")
PHONE = Field(id="phone", label="电话", type="phone")
KIND = Field(
    id="kind",
    label="类型",
    type="choice",
    choices=(Choice(id="offshore", label="离岸孵化器", aliases=("离岸",)), Choice(id="base", label="基地（创客）")),
)
D = dt.date

GOOD: list[tuple[Field, Any, Any]] = [
    (AREA, 500.0, 500.0), (AREA, 500, 500.0), (AREA, "500", 500.0), (AREA, "５００", 500.0), (AREA, " 500 ", 500.0),
    (AREA, "1,200", 1200.0), (AREA, "1，200", 1200.0), (AREA, "1 200", 1200.0), (AREA, "1,234,567.5", 1234567.5),
    (AREA, "500平方米", 500.0), (AREA, "500 平方米", 500.0), (AREA, "500㎡", 500.0), (AREA, "500m2", 500.0),
    (AREA, "500m²", 500.0), (AREA, "500平米", 500.0), (AREA, "1.2万平方米", 12000.0), (AREA, "0.1万", 1000.0),
    (AREA, 0.1 + 0.2, 0.3), (AREA, "0", 0.0), (AREA, 0.0, 0.0),
    (AREA, "５００．５", 500.5), (AREA, "\u00a0500\u200b", 500.0),
    (HOMES, "3家", 3.0), (HOMES, "3个", 3.0), (HOMES, "3户", 3.0), (HOMES, "3.0", 3.0), (HOMES, 3.0, 3.0),
    (EVENTS, "10场次", 10.0), (EVENTS, "10次", 10.0), (EVENTS, "10场", 10.0),
    (YUAN, "3万元", 30000.0), (YUAN, "3万", 30000.0), (YUAN, "0.3亿元", 30000000.0), (YUAN, "１２．５万元", 125000.0),
    (YUAN, "¥1,200.50", 1200.5), (YUAN, "￥100", 100.0), (YUAN, "人民币3万元", 30000.0),
    (YUAN, "100元整", 100.0), (YUAN, "2千元", 2000.0),
    (WAN, "3万元", 3.0), (WAN, "0.3亿元", 3000.0), (WAN, "35000元", 3.5), (WAN, "1200", 1200.0), (WAN, "0.1万元", 0.1),
    (PERCENT, "20%", 20.0), (PERCENT, "20％", 20.0), (PERCENT, 20.0, 20.0), (PERCENT, 0.2, 20.0), (PERCENT, 0.07, 7.0),
    (PERCENT, 0.0, 0.0), (PERCENT, "75", 75.0), (PERCENT, "1%", 1.0), (PERCENT, "0.5%", 0.5), (PERCENT, 100.0, 100.0),
    (DAY, D(2023, 5, 1), D(2023, 5, 1)), (DAY, dt.datetime(2023, 5, 1, 8, 30), D(2023, 5, 1)),
    (DAY, "2023.5.1", D(2023, 5, 1)), (DAY, "2023-5-1", D(2023, 5, 1)), (DAY, "2023/05/01", D(2023, 5, 1)),
    (DAY, "2023年10月30日", D(2023, 10, 30)), (DAY, "2023 年 10 月 30 日", D(2023, 10, 30)),
    (DAY, "2023年10月30号", D(2023, 10, 30)), (DAY, "20231030", D(2023, 10, 30)), (DAY, 20231030.0, D(2023, 10, 30)),
    (DAY, "２０２３．１０．３０", D(2023, 10, 30)), (DAY, 45229.0, D(2023, 10, 30)), (DAY, "45229", D(2023, 10, 30)),
    (DAY, 45229.75, D(2023, 10, 30)), (DAY, "2023-10-30 00:00:00", D(2023, 10, 30)),
    (DAY, "2024-02-29", D(2024, 2, 29)),
    (YEAR, 2025.0, 2025.0), (YEAR, "2025", 2025.0), (YEAR, "2025年", 2025.0), (YEAR, "2025年度", 2025.0),
    (YEAR, D(2025, 3, 1), 2025.0), (YEAR, "2025-03-01", 2025.0),
    (FLAG, "是", True), (FLAG, "否", False), (FLAG, "有", True), (FLAG, "无", False), (FLAG, "√", True),
    (FLAG, "×", False), (FLAG, "Y", True), (FLAG, "ｎ", False), (FLAG, True, True), (FLAG, False, False),
    (FLAG, "TRUE", True), (FLAG, " 是 ", True),
    (KIND, "离岸孵化器", "offshore"), (KIND, "离岸", "offshore"), (KIND, "offshore", "offshore"),
    (KIND, "基地(创客)", "base"), (KIND, " 基地（创客） ", "base"),
    (TEXT, " 甲公司\u200b ", "甲公司"), (TEXT, "NA", "NA"), (TEXT, "None", "None"), (TEXT, "null", "null"),
    (TEXT, "\U0002c72c公司", "\U0002c72c公司"), (TEXT, "甲\n公司", "甲公司"), (TEXT, "A\nB", "A B"),
    (TEXT, "=1+1", "=1+1"), (TEXT, "00123", "00123"), (TEXT, 20260001.0, "20260001"), (TEXT, "e\u0301", "é"),
    (TEXT, "甲_x000D_\n乙", "甲乙"), (TEXT, "无", "无"), (TEXT, "甲（乙）公司", "甲（乙）公司"),
    (CODE, CODES[0], CODES[0]), (CODE, " 91650100ma700001xy ", CODES[0]),
    (CODE, "９１６５０１００MA700001XY", CODES[0]),
    (CODE, "91650100 MA700001XY", CODES[0]), (CODE, "91650100MA700001X5", "91650100MA700001X5"),
    (CODE, 650100012345678.0, "650100012345678"),
    (EMAIL, "office@example.com", "office@example.com"), (EMAIL, " a.b@example.org\u3000", "a.b@example.org"),
    (PHONE, "0991-5550101", "0991-5550101"), (PHONE, 9915550101.0, "9915550101"), (PHONE, "12", "12"),
]  # fmt: skip

BAD: list[tuple[Field, Any, str]] = [
    *[
        (AREA, value, "cell.unreadable_number")
        for value in (
            "约500", "500左右", "300–500", "300-500", "300~500", "300至500", "nan", "inf", "1_000", "５×10²", "1e400",
            "1e3", "१२३", "①", ">500", "500+", "≥500", "500以上", "无", "暂无", "-", "/", "五百", "1,20", "12,00",
            "1,2000", "500.", "500亩", "500家", "3万美元", "20%", "(500)", "500平方米左右", "1.2.3",
            "+500", "--5", "N/A",
            D(2023, 5, 1), dt.time(5, 0), True, float("nan"), float("inf"), "1.23456789012345678901", "9" * 50,
        )
    ],
    (AREA, -5.0, "cell.negative"), (AREA, "-5", "cell.negative"), (AREA, "－５", "cell.negative"),
    (HOMES, 3.5, "cell.not_integer"), (HOMES, "3.5家", "cell.not_integer"), (HOMES, "3人", "cell.unreadable_number"),
    (AREA, "不适用", "cell.not_applicable"), (TEXT, "不适用", "cell.not_applicable"),
    (KIND, "不适用", "cell.not_applicable"),
    (YUAN, "3万美元", "cell.unreadable_number"), (YUAN, "三百万元", "cell.unreadable_number"),
    (PERCENT, 1.0, "cell.unreadable_number"), (PERCENT, "1", "cell.unreadable_number"),
    *[
        (DAY, value, "cell.unreadable_date")
        for value in (
            "2023年10月", "2023.10", "2023-10", "2023", "2023年", "3/4/2023", "23.5.1", "2023-13-01", "2023-02-30",
            "2023-5.1", "去年", "2023年上半年", 59.0, 60.0, 1.0, 2023.0, 2023.5, 202310.0, 20235.0, "20231301",
            D(1905, 7, 15), D(2150, 1, 1), True, dt.time(8, 0), "2023.5.1前", "无", "约2023年5月1日", 1e300,
        )
    ],
    *[
        (YEAR, value, "cell.unreadable_year")
        for value in ("25", "25年", 45229.0, 2025.5, "二〇二五年", "2025上半年", 99999999.0)
    ],
    *[(FLAG, value, "cell.unreadable_boolean") for value in ("部分", "1", 1.0, 0.0, "x", "是/否", "基本")],
    *[(KIND, value, "cell.unknown_choice") for value in ("孵化器", "离岸孵化器、基地", 1.0)],
    (CODE, 9.165010012345679e17, "cell.digits_lost"), (CODE, "无", "cell.unreadable_code"),
    (CODE, "91650100MA7", "cell.unreadable_code"), (CODE, "待办理", "cell.unreadable_code"),
    (TEXT, 1.2345e17, "cell.digits_lost"),
    *[
        (EMAIL, value, "cell.bad_email")
        for value in (
            "a@example.com;b@example.com", "a@example.com，b@example.com", "a＠example.com",
            "a@example.com\n", "a@example",
            "a b@example.com", "example.com", "a@@example.com", 123.0, "a@example.com\nb@example.com",
            "mailto:a@example.com",
            "张三@example.com", "a@example..com", "a@localhost",
        )
    ],
    (TEXT, "甲\x07公司", "cell.bad_text"), (TEXT, "甲\ud800", "cell.bad_text"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "raw", "value"), GOOD)
def test_is_read(field: Field, raw: Any, value: Any) -> None:
    reading = read_cell(raw, field, Context())
    assert reading.kind == CellKind.VALUE, (reading.code, reading.why)
    assert reading.value == value
    assert type(reading.value) is type(value)


@pytest.mark.parametrize(("field", "raw", "code"), BAD)
def test_is_an_issue_and_never_a_value(field: Field, raw: Any, code: str) -> None:
    reading = read_cell(raw, field, Context())
    assert reading.kind == CellKind.UNREADABLE
    assert reading.code == code
    assert reading.value is None


@pytest.mark.parametrize("raw", [None, "", " ", "\u3000", "\u00a0 \n"])
@pytest.mark.parametrize("field", [AREA, YUAN, DAY, YEAR, FLAG, KIND, TEXT, CODE, EMAIL, PHONE, PERCENT])
def test_white_space_is_blank(field: Field, raw: Any) -> None:
    assert read_cell(raw, field, Context()).kind == CellKind.BLANK


def test_not_applicable_only_where_the_field_admits_it() -> None:
    assert read_cell("不适用", MAYBE, Context()).kind == CellKind.DECLARED_NA
    assert read_cell(" 不 适用", MAYBE, Context()).kind == CellKind.DECLARED_NA
    assert read_cell("不适用", TEXT, Context(free_text=True)).value == "不适用"


def test_1904_serials() -> None:
    assert read_cell(43767.0, DAY, Context(date_1904=True)).value == D(2023, 10, 30)


def test_suspicious_values_are_kept_with_a_warning() -> None:
    register = one_fact("场地面积", 3_000_000.0)
    [warning] = found(register, "cell.implausible")
    assert (warning.severity, warning.place.cell, warning.applicant) == ("warning", "E2", "A1")
    assert register.columns["area"].exact(0) == Decimal("3000000.0")


def test_old_and_miskeyed_codes_are_kept_with_a_warning() -> None:
    assert read_cell("650100012345678", CODE, Context()).code == "cell.check_digit"
    reading = read_cell("91650100MA700001X5", CODE, Context())
    assert (reading.code, reading.why) == ("cell.check_digit", "校验位不对")


def test_a_fraction_beside_percents_is_a_question() -> None:
    register = one_fact("自主支配比例", 20.0, 0.2)
    assert [i.place.cell for i in found(register, "cell.percent_mixed")] == ["E3"]
    assert register.columns["share"].values.tolist() == [20.0, 20.0]


def test_what_was_normalised_is_listed_once_per_column() -> None:
    register = one_fact("场地面积", "500平方米", "６００", "1,200", "700㎡", 800.0, "900")
    [info] = found(register, "cell.normalised")
    assert (info.severity, info.place.cell) == ("info", "E2")
    assert "4处" in info.message
    assert "E2 500平方米 读作 500平方米；E3 ６００ 读作 600平方米；E4 1,200 读作 1200平方米等" in info.message


def test_plain_cells_leave_no_note() -> None:
    register = one_fact("场地面积", 500.0, None, 300)
    assert not found(register, "cell.normalised")
    assert register.columns["area"].kinds.tolist() == [CellKind.VALUE, CellKind.BLANK, CellKind.VALUE]


def test_error_uncached_blank_and_zero_stay_apart() -> None:
    register = one_fact("场地面积", "#N/A", "=?", None, 0.0)
    kinds = register.columns["area"].kinds.tolist()
    assert kinds == [CellKind.ERROR, CellKind.UNCACHED, CellKind.BLANK, CellKind.VALUE]
    assert [i.place.cell for i in found(register, "cell.error")] == ["E2"]
    assert [i.place.cell for i in found(register, "cell.uncached")] == ["E3"]


def test_a_formula_s_last_bits_are_not_data() -> None:
    register = one_fact("场地面积", 0.1 + 0.2, 500.00000000000006)
    assert [register.columns["area"].exact(i) for i in range(2)] == [Decimal("0.3"), Decimal("500.0")]
    assert one_fact("在孵企业数", 3.0000000000000004).columns["tenant_total"].exact(0) == 3


def test_true_is_not_one_in_a_mixed_column() -> None:
    register = one_fact("是否独立法人", True, 1.0, "是")
    assert register.columns["legal"].flag(0) is True
    assert register.columns["legal"].kinds.tolist() == [CellKind.VALUE, CellKind.UNREADABLE, CellKind.VALUE]


@pytest.mark.parametrize("bad", [-1.0, 3.5, 200_000.0, "约5", float("inf")])
def test_one_bad_cell_does_not_change_its_neighbours(bad: Any) -> None:
    register = one_fact("在孵企业数", 5.0, bad, 7.0)
    column = register.columns["tenant_total"]
    assert (column.exact(0), column.exact(2)) == (Decimal("5.0"), Decimal("7.0"))


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_in_wan_is_exact(amount: Decimal) -> None:
    reading = read_cell(f"{amount}万元", YUAN, Context())
    assert Decimal(repr(reading.value)) == amount * 10_000


@given(st.text())
def test_any_text_gives_a_value_or_an_issue(text: str) -> None:
    for field in (AREA, YUAN, DAY, YEAR, FLAG, KIND, TEXT, CODE, EMAIL, PHONE, PERCENT):
        reading = read_cell(text, field, Context())
        assert reading.kind in (CellKind.VALUE, CellKind.BLANK) or reading.code


@given(st.from_regex(_PLAIN_EMAIL, fullmatch=True).filter(lambda a: len(a) < 64))
def test_the_short_way_for_addresses_accepts_what_the_library_accepts(address: str) -> None:
    validate_email(address, check_deliverability=False)


@given(st.from_regex(_PLAIN_PHONE, fullmatch=True))
def test_the_short_way_for_phones_accepts_what_the_library_accepts(number: str) -> None:
    assert phonenumbers.is_possible_number(phonenumbers.parse(number, "CN"))


@given(st.from_regex(r"[0-9]{8}[0-9A-Z]{10}", fullmatch=True), st.booleans())
def test_the_short_way_for_codes_accepts_what_the_library_accepts(code: str, mend: bool) -> None:
    if mend and not set(code) & set("IOSVZ"):
        code = code[:17] + uscc.calc_check_digit(code[:17])
    assert _checks(code) == uscc.is_valid(code)
