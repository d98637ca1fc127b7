"""Which days of a year would decide it, where a decision has its year but no day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import groupby

WORDS = {
    "running": "仍在期内",
    "over": "不在期内",
    "none": "不在期内",
    "open": "是否在期内取决于起算日口径",
    "unsaid": "有没有禁止申报期看选定的是哪一种处理",
    "unset": "由人判断",
}


def deciding(year: int, as_of: dt.date, state_of: Callable[[dt.date], str]) -> str:
    """For each run of days of ``year`` (up to ``as_of``) with one outcome, what it is; empty for a later year.

    ``state_of``: the ban's state had the decision been made on that day.
    """
    found = [(WORDS[word], list(days)) for word, days in groupby(_days(year, as_of), state_of)]
    if len({words for words, _ in found}) == 1:
        return f"不论在{year}年哪一天决定，{found[0][0]}"
    return "；".join(
        f"在{days[0]}决定的，{words}" if len(days) == 1 else f"在{days[0]}至{days[-1]}决定的，{words}"
        for words, days in found
    )


def _days(year: int, as_of: dt.date) -> Iterator[dt.date]:
    first, last = dt.date(year, 1, 1), min(dt.date(year, 12, 31), as_of)
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
