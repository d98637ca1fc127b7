"""Periods as people write them (2026, 2026年度, 2026年第1季度, 2026Q1), and the days on which they begin and end."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import NamedTuple

from incubxl.register.fold import squash

_YEAR = re.compile(r"((?:19|20)\d\d)(?:年|年度)?")
_QUARTER = re.compile(r"((?:19|20)\d\d)(?:年|年度)?[-—.]?(?:第?([1-4一二三四])季度?|q([1-4]))(?:报告?)?", re.I)
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4}


class Period(NamedTuple):
    """A year (``quarter`` 0) or one of its quarters."""

    year: int
    quarter: int = 0

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 3 * max(self.quarter, 1) - 2, 1)

    @property
    def last(self) -> dt.date:
        month = 3 * self.quarter if self.quarter else 12
        return (dt.date(self.year, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}年第{self.quarter}季度" if self.quarter else f"{self.year}年度"


@lru_cache(maxsize=1024)
def read_period(text: str) -> Period | None:
    """The period that a text names, or None."""
    word = squash(text)
    if match := _QUARTER.fullmatch(word):
        number = match[2] or match[3]
        return Period(int(match[1]), _NUMBERS.get(number) or int(number))
    match = _YEAR.fullmatch(word)
    return Period(int(match[1])) if match else None
