"""Days as the law counts them: workdays, the end of a period, the last day before an event.

A workday is known from the State Council's published arrangements and the office's own list. A year whose holidays are
not published is unknown, weekends included: a Saturday of it may become a day of 调休.

Periods follow 民法典 第二百零一条至第二百零三条. Three kinds of dates, and only the first one moves later:
``due`` a deadline for an act rolls over rest days; ``no_later_than`` a deadline counted backwards never moves later;
the end of a term (``period_end``) never rolls at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from dateutil.relativedelta import relativedelta

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
    import chinese_calendar  # years of holidays: only for what asks about a day

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


def previous_workday(date: dt.date, office: OfficeDays = NO_OFFICE_DAYS) -> dt.date | None:
    """The last workday before ``date``; None when an unknown day comes first."""
    before = date
    while True:
        before -= dt.timedelta(days=1)
        kind = day(before, office).kind
        if kind != "rest":
            return before if kind == "workday" else None


@dataclass(frozen=True, slots=True)
class Deadline:
    """``last``: the last day on which the act is in time. ``advised``: an earlier day to do it on, where there is one.

    ``why``: what became of the counted day, a Chinese phrase; empty where it stays as it was counted.
    """

    last: dt.date
    advised: dt.date | None = None
    why: str = ""


def span(value: int, unit: str) -> relativedelta:
    """A length in 年, 个月 (月) or 日. Raises ValueError for another unit."""
    match unit:
        case "年":
            return relativedelta(years=value)
        case "个月" | "月":
            return relativedelta(months=value)
        case "日" | "天":
            return relativedelta(days=value)
    raise ValueError(f"not a unit of time: {unit}")


def period_end(start: dt.date, length: relativedelta, *, first_day_counts: bool = False) -> dt.date:
    """The last day of a period: the corresponding day of the month in which it ends, or that month's last day.

    The day on which it starts is not counted (民法典 第二百零一条); where the office counts it, the day before.
    """
    end = start + length
    return end - dt.timedelta(days=1) if first_day_counts else end


def due(end: dt.date, office: OfficeDays = NO_OFFICE_DAYS) -> Deadline:
    """A deadline for an act, counted to ``end``: on a rest day it becomes the next workday (民法典 第二百零三条)."""
    found = day(end, office)
    if found.kind == "workday":
        return Deadline(end)
    if found.kind == "unknown":
        return Deadline(end, None, f"是否顺延未定：{found.reason}")
    following = next_workday(end, office)
    if following is None:
        return Deadline(end, None, f"{_name(end)}是{found.reason}，顺延到哪一天未定：其后的放假安排没有公布")
    return Deadline(
        following, None, f"{_name(end)}是{found.reason}，顺延至{_name(following)}（民法典第二百零三条，类推）"
    )


def no_later_than(event: dt.date, lead: relativedelta, office: OfficeDays = NO_OFFICE_DAYS) -> Deadline:
    """The last day that lies ``lead`` before ``event``: never moved later; on a rest day an earlier one is advised."""
    last = event - lead
    found = day(last, office)
    if found.kind == "workday":
        return Deadline(last)
    if found.kind == "unknown":
        return Deadline(last, None, f"倒算的期限不顺延；{found.reason}")
    earlier = previous_workday(last, office)
    on = f"，宜在{_name(earlier)}前办" if earlier else ""
    return Deadline(last, earlier, f"{_name(last)}是{found.reason}，倒算的期限不顺延{on}")


def _name(date: dt.date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"
