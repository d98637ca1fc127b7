"""One cell's value on its way in and out: what Excel would keep, and what a number comes out as."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.live.com import failed
from tests.live.fakewin import PyTime

EPOCH = dt.datetime(1899, 12, 30)
_DATE, _TIME, _CURRENCY, _LOGICAL, TEXT = 2, 4, 8, 1024, 256  # com.sun.star.util.NumberFormat
# What Excel reads as a number, a date, a formula … when it is put into a cell that is not text
_CONVERTED = re.compile(
    r"^\s*([=+\-@].*|[+-]?[\d,]*\.?\d+(e[+-]?\d+)?%?|\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?|\d{1,2}:\d{2}.*|true|false"
    r"|\d+ \d+/\d+|[¥$]\s*[\d,.]+|\d{1,4}年\d{1,2}月(\d{1,2}日)?|\d{1,2}月\d{1,2}日)\s*$",
    re.IGNORECASE | re.DOTALL,
)


def reading(kind: int, typed: bool) -> Callable[[float], Any] | None:
    """What a number of this format comes out as; ``typed``: Value, else Value2."""
    if kind & _LOGICAL:
        return bool
    if typed and kind & (_DATE | _TIME):
        return _moment
    return _currency if typed and kind & _CURRENCY else None


def _currency(number: float) -> Decimal:
    return Decimal(repr(number)).quantize(Decimal("0.0001"))


def _moment(serial: float) -> PyTime:
    moment = EPOCH + dt.timedelta(milliseconds=round(serial * 86_400_000))
    return PyTime(*moment.timetuple()[:6], tzinfo=dt.UTC)


def put(value: Any, text: bool) -> Any:
    """What Excel would keep; whatever it would change is refused."""
    if value is None or value == "":
        return ""
    if type(value) in (int, float):
        if text:
            raise failed(f"{value!r} into a text cell: Excel makes text of it")
        return float(value)
    if isinstance(value, bool | Decimal | dt.date) or not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} is not written as it is")
    if len(value.encode("utf-16-le")) // 2 > 32_767:
        raise failed("text longer than 32767")
    if value.startswith("'"):
        return value[1:]
    if not text and _CONVERTED.match(value):
        raise failed(f"Excel would convert {value!r}: the cell is not text")
    return value
