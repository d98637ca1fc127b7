"""A column read at once says what its cells say one after the other."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from incubxl.grid import CellKind, Sheet
from incubxl.issues import Issue
from incubxl.policy.fields import Choice, Field
from incubxl.register import columns
from incubxl.register.columns import Block
from incubxl.register.headers import Header
from incubxl.register.numbers import settle
from incubxl.register.ordinary import plain_codes, plain_emails, plain_phones, plain_texts, settled, unusual

from .build import CODES

FIELDS = [
    Field(id="f", label="名称", type="text"),
    Field(id="f", label="名称", type="text", may_not_apply=True),
    Field(id="f", label="面积", type="number", unit="平方米", plausible_max=Decimal(100_000)),
    Field(id="f", label="投入", type="money", unit="万元", plausible_max=Decimal("0.3")),
    Field(id="f", label="企业数", type="integer", unit="家", may_not_apply=True),
    Field(id="f", label="比例", type="percent"),
    Field(id="f", label="日期", type="date"),
    Field(id="f", label="年度", type="year"),
    Field(id="f", label="是否", type="boolean"),
    Field(id="f", label="类型", type="choice", choices=(Choice(id="base", label="基地", aliases=("1",)),)),
    Field(id="f", label="信用代码", type="uscc"),
    Field(id="f", label="邮箱", type="email"),
    Field(id="f", label="电话", type="phone"),
]
WORDS = st.sampled_from(
    [
        *(
            "某某孵化器",
            "示例众创空间1",
            "ABC 1",
            "甲|乙",
            "A1",
            "基地",
            "是",
            "否",
            "不适用",
            "适合",
            "",
            " ",
            "\u3000",
        ),
        *(" 甲", "甲 ", "甲| 乙", "甲\n乙", "\n", "甲\u200b", "\u00a0甲", "e\u0301", "\u0301e", "é", "\ud800", "\x00"),
        *("500", "５００", "0.2", "20%", "约500", "3家", "2025", "2025年", "2025-1-1", "2025-02-30", "45000"),
        *("0991-5550101", "13900000000", "13900000000\n13900000000", "12", "010-12345678", "0991-55501012"),
        *(
            "a@example.org",
            "a@example.org\n",
            "a@b@example.com",
            "a..b@example.com",
            ".a@example.org",
            "a.@example.org",
        ),
        *("a@example.com\nb@example.com", "@example.org", "a@", "a@example", "甲@example.org", "a+b.c@x.example.cn"),
        *("a" * 52 + "@example.org", "a" * 51 + "@example.org", "a@-example.org", "a b@example.org", "a@exa_mple.org"),
        *CODES,
        *(CODES[0][:-1] + "0", CODES[0].lower(), f" {CODES[0]}", CODES[0] + "\n", CODES[0] + CODES[1], "9" * 15),
        *("I" + CODES[0][1:], "A" + CODES[0][1:], CODES[0][:9], "９" + CODES[0][1:]),
    ]
)
NUMBERS = st.sampled_from(
    [
        *(0.0, -0.0, 1.0, 0.5, 1.5, 12.34, 0.1 + 0.2, 2025.0, 2025.5, 2025.0000000000002, 1950.0, 2099.0, 2100.0),
        *(1949.0, 100000.0, 100000.5, 0.3, 0.30000000000000004, -1.0, -0.01, 1e15, 1e16, 1e300, 5e-324, 1 / 3, 45000.0),
        *(math.nan, math.inf, -math.inf, 20250101.0, 913.0, 1.0000000000000002, 999999999999999.9),
    ]
)
OTHERS = st.sampled_from(
    [
        *(None, True, False, 0, 1, 2025, 10**18, dt.timedelta(days=2), dt.time(3, 0)),
        *(dt.date(2025, 1, 1), dt.datetime(2025, 1, 1), dt.datetime(2025, 1, 1, 13, 5), dt.date(1949, 12, 31)),
        *(dt.date(1950, 1, 1), dt.date(2099, 12, 31), dt.datetime(2100, 1, 1), dt.date(1970, 1, 1)),
    ]
)
DAYS = st.dates(dt.date(1940, 1, 1), dt.date(2110, 1, 1))
CELLS = WORDS | NUMBERS | OTHERS | DAYS | st.text(max_size=5) | st.floats()
SAME = st.sampled_from([WORDS, NUMBERS, DAYS, st.floats(0, 1e6), st.text("甲乙aB1 |", max_size=4)])


@st.composite
def cells(draw: st.DrawFn) -> list[Any]:
    """A column of any cells, or a long one of a few cells of one sort with others here and there."""
    if draw(st.booleans()):
        return draw(st.lists(CELLS, max_size=12))
    few = draw(st.lists(draw(SAME) | st.none(), min_size=1, max_size=3))
    column = (few * 100)[: draw(st.integers(1, 300))]
    for cell in draw(st.lists(CELLS, max_size=3)):
        column.insert(draw(st.integers(0, len(column))), cell)
    return column


def read(spec: Field, column: Sequence[Any], factor: Decimal, free: bool) -> tuple[list[int], list[str], list[Issue]]:
    """Kinds, values as text ("" where there is none), issues."""
    sheet = Sheet("表", [["f"], *([cell] for cell in column)])
    header = Header(0, {"f": 0}, {"f": factor}, frozenset(), ())
    rows = np.arange(1, len(column) + 1, dtype=np.int64)
    block = Block(sheet, header, rows, [f"A{i}" for i in rows.tolist()], free_text=free)
    found = block.column(spec)
    assert len(found.kinds) == len(found.values) == len(column)
    values = [repr(v) if k == CellKind.VALUE else "" for k, v in zip(found.kinds, found.values, strict=True)]
    return found.kinds.tolist(), [str(found.values.dtype), *values], block.issues


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(FIELDS), cells(), st.sampled_from([Decimal(1), Decimal(10_000)]), st.booleans())
def test_at_once_as_one_by_one(spec: Field, column: list[Any], factor: Decimal, free: bool) -> None:
    fast = read(spec, column, factor, free)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "ordinary", lambda spec, cells, types: None)
        slow = read(spec, column, factor, free)
    assert fast == slow


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**17), 10**17).map(lambda m: m / 100))
def test_fifteen_digits(number: float) -> None:
    values = np.array([number])
    settled(values)
    assert values[0] == settle(number)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ", min_size=9, max_size=9), st.integers(0, 10**8 - 1))
def test_check_characters(tail: str, head: int) -> None:
    """Against a second program."""
    body = f"{head:08d}{tail}"
    for last in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        assert plain_codes([body + last, CODES[0]]) == uscc.is_valid(body + last)


def test_ordinary_columns_are_ordinary() -> None:
    assert plain_texts(["某某孵化器", "示例 1", "𠮷"])
    assert plain_codes(CODES)
    assert plain_emails(["office1@example.org", "a+b.c@x.example.com.cn"])
    assert plain_phones(["0991-5550101", "13900000000"])


def test_one_odd_cell_is_found_among_many() -> None:
    texts = ["甲"] * 1000
    texts[777] = " 甲"
    assert unusual(plain_texts, texts) == [777]
    assert unusual(plain_texts, texts[:777]) == []
