"""Whether a date is a workday, from the State Council's published arrangements and the office's own list.

A year whose holidays are not published is unknown, weekends included: a Saturday of it may become a day of 调休.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import chinese_calendar

Kind = Literal["workday", "rest", "unknown"]


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """The office's own days, which go before the published ones: worked on (调休上班), and off.

    ``years``: those whose days are all listed here, so that any other weekday is worked and any other weekend is off.
    """

    worked: Collection[dt.date] = ()
    off: Collection[dt.date] = ()
    years: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What a date is, and why, in Chinese."""

    kind: Kind
    reason: str


NO_OFFICE_DAYS = OfficeDays()


def day(date: dt.date, office: OfficeDays = NO_OFFICE_DAYS) -> Day:
    """Workday, rest, or unknown: never a guess."""
    if date in office.worked and date in office.off:
        return Day("unknown", f"本单位把{_name(date)}既列为上班又列为休息")
    if date in office.worked:
        return Day("workday", "本单位列为上班")
    if date in office.off:
        return Day("rest", "本单位列为休息")
    if date.year in office.years:
        return Day("rest", "周末") if date.weekday() >= 5 else Day("workday", "工作日")
    try:
        working, holiday = chinese_calendar.is_workday(date), chinese_calendar.get_holiday_detail(date)[1]
    except NotImplementedError:
        return Day(
            "unknown",
            f"没有{date.year}年的放假安排，请把{_name(date)}列入本单位的上班日或休息日（设置文件夹里的 workdays.toml）",
        )
    weekend = date.weekday() >= 5
    if working:
        return Day("workday", "调休上班" if weekend else "工作日")
    return Day("rest", "法定节假日或调休放假" if holiday else "周末")


def next_workday(date: dt.date, office: OfficeDays = NO_OFFICE_DAYS) -> dt.date | None:
    """The first workday after ``date``; None when an unknown day comes first."""
    following = date
    while True:
        following += dt.timedelta(days=1)
        kind = day(following, office).kind
        if kind != "rest":
            return following if kind == "workday" else None


def _name(date: dt.date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"
