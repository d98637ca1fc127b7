"""Masking: people's numbers never get through, dates, amounts and credit codes always do."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from incubxl.excel.own import log_file, logger
from incubxl.mask import mask, masked

_PLACES = ("110101", "310115", "440305", "650102", "150502", "820000")
# What may stand around a number in a message: nothing that would make another number of it.
_JOINING = "0123456789０１２３４５６７８９+-.@()（）Xx ¥￥$＋－．＠Ｘｘ"
_AROUND = st.text(st.characters(exclude_characters=_JOINING, exclude_categories=("Cs", "Nd", "Pd", "Zs")), max_size=12)
_SEPARATOR = st.sampled_from(["", "-", " ", "\u3000", "－", "–"])


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    digits = "1" + draw(st.sampled_from("3456789")) + draw(st.text("0123456789", min_size=9, max_size=9))
    sign = draw(_SEPARATOR)
    parts = draw(st.sampled_from([(11,), (3, 4, 4), (3, 8), (4, 3, 4), (4, 4, 3), (7, 4), (5, 6), (3, 3, 5)]))
    pieces, at = [], 0
    for part in parts:
        pieces.append(digits[at : at + part])
        at += part
    return draw(st.sampled_from(["", "+86", "+86 ", "0086", "86-"])) + sign.join(pieces)


@st.composite
def landlines(draw: st.DrawFn) -> str:
    area, length = draw(st.sampled_from([("010", 8), ("021", 8), ("0991", 7), ("0475", 7), ("0755", 8)]))
    number = draw(st.sampled_from("2345678")) + draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    shape = draw(st.sampled_from(["{}-{}", "{}{}", "({}){}", "（{}）{}", "{} {}"]))
    return shape.format(area, number)


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31)))
    stem = f"{draw(st.sampled_from(_PLACES))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    number = stem + ric.calc_check_digit(stem + "0")
    shape = draw(st.sampled_from(["{}", "{}", "spaced", "wide", "lower"]))
    if shape == "spaced":
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if shape == "wide":
        return number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    return number.lower() if shape == "lower" else number


@st.composite
def old_identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(dt.date(1910, 1, 1), dt.date(1999, 12, 31)))
    return f"{draw(st.sampled_from(_PLACES))}{born:%y%m%d}{draw(st.integers(0, 999)):03d}"


_LOCAL = st.from_regex(r"[a-z][a-z0-9_+-]{2,12}(\.[a-z0-9]{1,5})?", fullmatch=True)
_HOST = st.from_regex(r"[a-z][a-z0-9-]{1,8}[a-z]\.(example\.com|example|test|invalid)", fullmatch=True)


def _plain(text: str) -> str:
    """Letters and digits only, full-width ones as plain ones."""
    folded = text.translate(str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx"))
    return re.sub(r"[^0-9A-Za-z]", "", folded).upper()


@given(st.one_of(mobiles(), landlines(), identities(), old_identities()), _AROUND, _AROUND)
def test_no_number_gets_through(number: str, before: str, after: str) -> None:
    shown = masked(f"{before}{number}{after}")
    digits = _plain(number)
    assert digits not in _plain(shown)
    assert digits[-8:] not in _plain(shown)  # nor the part that is dialled
    assert shown.startswith(before)
    assert shown.endswith(after)
    assert masked(shown) == shown


@given(
    _LOCAL,
    _HOST,
    st.sampled_from(["", "邮箱：", "<", "“", "，", "mailto:"]),
    st.sampled_from(["", "，", ">", "；", "\n"]),
)
def test_no_address_gets_through(local: str, host: str, before: str, after: str) -> None:
    shown = masked(f"{before}{local}@{host}{after}")
    assert local not in shown
    assert host not in shown
    assert masked(shown) == shown


@given(st.lists(st.one_of(mobiles(), identities(), landlines()), min_size=2, max_size=5))
def test_no_number_gets_through_in_a_list(numbers: list[str]) -> None:
    shown = _plain(masked("、".join(numbers)))
    assert not [n for n in numbers if _plain(n) in shown]


@given(
    st.sampled_from("15"), st.sampled_from("123459"), st.sampled_from(_PLACES),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), _AROUND,
)  # fmt: skip
def test_credit_codes_stay(office: str, kind: str, place: str, own: str, around: str) -> None:
    stem = f"{office}{kind}{place}{own}"
    code = stem + uscc.calc_check_digit(stem)
    stays = not code.isdecimal() or not ric.is_valid(code)  # what also is a person's number is masked
    letters_before = around[-1:].isascii() and around[-1:].isalnum()
    if stays and not letters_before:
        assert masked(f"{around}{code}，") == f"{around}{code}，"


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2060, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S",
                     "%Y-%m-%dT%H:%M:%S", "%Y%m%d-%H%M%S"]),
    st.sampled_from(["", "基准日 ", "于", "（"]), st.sampled_from(["", "。", "）", " 起", "，申报年度 2026"]),
)  # fmt: skip
def test_dates_stay(day: dt.datetime, shape: str, before: str, after: str) -> None:
    text = f"{before}{day.strftime(shape)}{after}"
    assert masked(text) == text


@given(
    st.decimals(0, 10**12, places=2),
    st.sampled_from(["{:,.2f}", "{:.2f}", "{:,.0f}元", "{:.0f}元", "{:.0f} 元", "¥{:.0f}", "￥{:.2f}",
                     "{:.0f}万元", "{:.1f}%"]),
)  # fmt: skip
def test_amounts_stay(amount: object, shape: str) -> None:
    text = f"资助 {shape.format(amount)}"
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "申报登记!B12", "第 13 行", "运行编号 20260620-093000", "650100050012345", "示科函〔2026〕15号",
        "3f" * 32, "统计年度 2025、2026", "65万元以下（含）", "1.38E+08", "面积 1500.5 平方米", "13612345678元",
        "结果_xinjiang-makerspace-2026.xlsx", "",
    ],
)  # fmt: skip
def test_what_is_not_personal_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话 13800138000", "电话 138****000"),
        ("电话 138.0013.8000", "电话 138****000"),
        ("传真：0991-4812345转8", "传真：099****345转8"),
        ("身份证 11010119900307123X", "身份证 1101************3X"),
        ("浮点 1.10101199003078E+17", "浮点 1.10************"),
        ("a@b.example;c@d.test", "a*****@b*****.example;c*****@d*****.test"),
        ("13800138000.0", "138****000.0"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text())
def test_any_text_is_masked_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


def test_the_log_is_masked_tracebacks_included(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path))
    try:
        raise ValueError("「13800138000」不是日期")
    except ValueError as error:
        logger().error("%s failed for %s", "校验", "li@example.com", exc_info=error)
    text = log_file().read_text(encoding="utf-8")
    assert "校验 failed for l*****@e*****.com" in text
    assert "「138****000」不是日期" in text
    assert "13800138000" not in text


@pytest.mark.parametrize(
    "number",
    [
        "0991-1234567", "(0991)1234567", "（0991）1234567", "（0991）-1234567", "0991 1234567", "0991 - 1234567",
        "0991—1234567", "0991/1234567", "０９９１－１２３４５６７", "0991-12345678", "010-12345678", "021-1234-5678",
        "+86-0991-1234567", "+86(0991)1234567", "+86 991 1234567", "（+86）0991-1234567", "0991-123-4567",
        "+86 13800000000", "+86-138-0000-0000", "(86)13800000000", "138-0000-0000", "138 0000 0000",
        "138  0000  0000", "138 - 0000 - 0000", "138–0000–0000", "１３８００００００００", "１３８－００００－００００",
        "１３８　００００　００００", "400-000-0000", "400-0000-000", "400 000 0000", "４００－０００－００００",
        "800-000-0000",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "电话：{}。", "请拨打{}转801", "（联系人示例甲，{}）", "{}、{}"])
def test_a_telephone_number_is_masked_however_it_is_written(number: str, around: str) -> None:
    text = around.replace("{}", number)
    shown = masked(text)
    plain = _plain(number)
    assert shown != text
    assert plain[-7:] not in _plain(shown)
    assert shown.count("****") == around.count("{}")
    assert masked(shown) == shown
    assert masked(text, but=f"本单位 {number}") == text  # the office's own may be published


@pytest.mark.parametrize(
    "text",
    [
        "示科函〔2026〕1234567号", "新科规〔2019〕0991号", "示科发〔2026〕400号", "2026-06-01", "2026.06.01",
        "20260601-20260701",
        "2026-06-01 09:00:00", "91650100MA0000000Y", "4000000000元", "4000000元", "400-800万元", "400 800 1234元",
        "400 000 0000万元", "13800000000元", "1,380,000.00", "0991", "XJ-2026-0001", "X26-0991", "A400-000-0000",
        "400-000-0000-1", "65-400-000-0000", "第0991-12页", "1234567", "12345678", "1234567.89", "2026年400-500家",
        "0.9911234567", "申报登记!B12:B400", "编号 0201-1234567",
    ],
)  # fmt: skip
def test_numbers_of_documents_dates_codes_amounts_and_ids_are_not_telephone_numbers(text: str) -> None:
    assert masked(text) == text


def test_an_address_alone() -> None:
    assert mask("zhangsan@mail.example.com") == "z*****@m*****.com"
    assert mask("不是地址") == "不*****"
