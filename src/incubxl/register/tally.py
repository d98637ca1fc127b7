"""The arithmetic of counting: rows that pass, may pass or do not, and the intervals they leave per applicant."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.grid import CellKind
from incubxl.policy.fields import Where
from incubxl.register.fold import squash_all
from incubxl.register.model import Column, Floats, Table

NO, OPEN, YES = 0, 1, 2
States = npt.NDArray[np.int8]
Codes = npt.NDArray[np.int64]
Interval = tuple[Floats, Floats]
_NO_KEY = frozenset(("无", "没有", "暂无", "不详", "未知", "待定", "待补", "不适用", "/", "-", "--", "—", "——", "n/a"))


def row_states(table: Table, where: Sequence[Where], reference_year: int | None) -> States:
    """YES, OPEN or NO per row. A tested cell without a value leaves it open; a row with nothing but its owner too."""
    filled = np.zeros(table.height, dtype=np.bool_)
    for id, column in table.columns.items():
        if id != table.spec.owner:
            filled |= column.kinds != CellKind.BLANK
    states = np.where(filled, np.int8(YES), np.int8(OPEN))
    for test in where:
        states = np.minimum(states, _test(table.columns[test.column], test, reference_year))
    return states


def _test(column: Column, test: Where, reference_year: int | None) -> States:
    has = column.kinds == CellKind.VALUE
    if test.one_of is not None:
        passed = np.array([value in test.one_of for value in column.values], dtype=np.bool_)
    elif test.truthy:
        passed = column.values == True  # noqa: E712
    elif reference_year is None:
        return np.where(column.kinds == CellKind.DECLARED_NA, np.int8(NO), np.int8(OPEN))
    else:
        passed = row_years(column) == reference_year
    states = np.where(has & passed, np.int8(YES), np.int8(NO))
    states[~has & (column.kinds != CellKind.DECLARED_NA)] = OPEN
    return states


def row_years(column: Column) -> Floats:
    """The calendar year of every row's date or year; NaN without a value."""
    if column.spec.type == "date":
        years = column.values.astype("datetime64[Y]").astype(np.float64) + 1970
    else:
        years = column.values.astype(np.float64)
    return np.where(column.kinds == CellKind.VALUE, years, np.nan)


def year_states(states: States, years: Floats, year: int) -> States:
    """``states`` within one calendar year; a row of unknown year may belong to each."""
    out = np.where(years == year, states, np.int8(NO))
    return np.where(np.isnan(years), np.minimum(states, OPEN), out).astype(np.int8)


def row_keys(table: Table, key: Sequence[str]) -> Codes:
    """One number per distinct key; -1 where a part of the key is missing. Texts compare folded, codes upper-case."""
    columns = [table.columns[id] for id in key]
    whole = np.ones(table.height, dtype=np.bool_)
    for column in columns:
        whole &= column.kinds == CellKind.VALUE
    codes = np.full(table.height, -1, dtype=np.int64)
    rows = np.flatnonzero(whole)
    parts = [column.values[rows].tolist() for column in columns]
    keys = zip(*(squash_all(part) if part and type(part[0]) is str else part for part in parts), strict=True)
    numbers: dict[tuple[Any, ...], int] = {}
    codes[rows] = [numbers.setdefault(key, len(numbers)) if _NO_KEY.isdisjoint(key) else -1 for key in keys]
    return codes


def _per_owner(owner: Codes, rows: npt.NDArray[np.bool_], n: int) -> Floats:
    return np.bincount(owner[rows], minlength=n).astype(np.float64)


def _distinct(owner: Codes, codes: Codes, rows: npt.NDArray[np.bool_], n: int) -> Floats:
    width = int(codes.max(initial=0)) + 1
    pairs = np.unique(owner[rows] * width + codes[rows])
    return np.bincount(pairs // width, minlength=n).astype(np.float64)


def count_rows(owner: Codes, states: States, n: int) -> Interval:
    """Rows per applicant; rows of nobody known may belong to anybody."""
    mine = owner >= 0
    stray = float(((states > NO) & ~mine).sum())
    return _per_owner(owner, mine & (states == YES), n), _per_owner(owner, mine & (states > NO), n) + stray


def count_distinct(owner: Codes, states: States, codes: Codes, n: int) -> Interval:
    """Distinct keys per applicant. A row without a key may repeat one that is counted, or be one more."""
    mine, keyed = owner >= 0, codes >= 0
    sure = _distinct(owner, codes, mine & keyed & (states == YES), n)
    any_sure = _per_owner(owner, mine & (states == YES), n) > 0
    stray = (states > NO) & ~mine
    strays = len(np.unique(codes[stray & keyed])) + int((stray & ~keyed).sum())
    high = _distinct(owner, codes, mine & keyed & (states > NO), n)
    high += _per_owner(owner, mine & ~keyed & (states > NO), n) + strays
    return np.maximum(sure, any_sure.astype(np.float64)), high


def add_up(owner: Codes, states: States, amounts: Column, scale: Decimal, n: int) -> Interval:
    """The exact sum per applicant; a row whose amount is missing may add anything (``inf``)."""
    low: dict[int, Decimal] = {}
    high: dict[int, Decimal] = {}
    unlimited = np.zeros(n, dtype=np.bool_)
    stray = Decimal(0)
    for i in np.flatnonzero(states > NO).tolist():
        one = int(owner[i])
        amount = amounts.exact(i)
        if amount is None and amounts.kinds[i] == CellKind.DECLARED_NA:
            continue
        if amount is None:
            unlimited[one if one >= 0 else slice(None)] = True
        elif one < 0:
            stray += amount
        else:
            high[one] = high.get(one, Decimal(0)) + amount
            if states[i] == YES:
                low[one] = low.get(one, Decimal(0)) + amount
    lo, hi = np.zeros(n), np.full(n, float(stray * scale))
    for one, amount in high.items():
        hi[one] = float((amount + stray) * scale)
        lo[one] = float(low.get(one, Decimal(0)) * scale)
    hi[unlimited] = np.inf
    return lo, hi
