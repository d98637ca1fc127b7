"""Dates and years as people type them. What leaves the day or the order open is not read."""

from __future__ import annotations

import datetime as dt
import math
import re

from incubxl.grid import CellValue
from incubxl.register.fold import fold
from incubxl.register.numbers import APOSTROPHES, settle
from incubxl.register.reading import VALUE, Context, Reading, seen, unreadable

FIRST, LAST = dt.date(1950, 1, 1), dt.date(2099, 12, 31)
_SERIAL_FIRST = dt.date(1980, 1, 1)  # below, 20231 could be meant for 2023-1
_TIME = r"(?:[ T]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0+)?)?)?"
_PARTS = re.compile(r"([0-9]{4})\s*([-./])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})" + _TIME)
_CHINESE = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
_NO_DAY = re.compile(r"[0-9]{4}\s*(?:[-./年]\s*[0-9]{1,2}\s*月?|年)?")
_NO_YEAR = re.compile(r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}")
_YEAR = re.compile(r"([0-9]{4})\s*(?:年度?)?")


def serial_day(serial: float, date_1904: bool) -> dt.date | None:
    """An Excel serial number to its day; None outside 1980–2099 (and so for the colliding 59 and 60)."""
    if not -1e6 < serial < 1e6:
        return None
    epoch = dt.date(1904, 1, 1) if date_1904 else dt.date(1899, 12, 30)
    day = epoch + dt.timedelta(days=int(serial // 1))
    return day if _SERIAL_FIRST <= day <= LAST else None


def read_date(raw: CellValue, context: Context) -> Reading:
    """A date cell → ``datetime.date``."""
    if isinstance(raw, dt.datetime):
        return _plausible(raw.date(), "")
    if isinstance(raw, dt.date):
        return _plausible(raw, "")
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return unreadable("cell.unreadable_date", "不是日期")
    if not isinstance(raw, str):
        return _from_number(float(raw), context, raw)
    text = fold(raw)
    found = _PARTS.fullmatch(text) or _CHINESE.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        year, month, day = (int(part) for part in found.groups() if part not in ("-", ".", "/"))
        try:
            value = dt.date(year, month, day)
        except ValueError:
            return unreadable("cell.unreadable_date", "没有这一天")
        return _plausible(value, "" if text == value.isoformat() else f"{seen(raw)} 读作 {value.isoformat()}")
    if _SERIAL.fullmatch(text):
        return _from_number(float(int(text[:5])), context, raw)
    if text[:1] in APOSTROPHES:
        return unreadable("cell.unreadable_date", "前面多了一个撇号")
    if _NO_DAY.fullmatch(text):
        return unreadable("cell.unreadable_date", "没有写明是哪一天")
    if _NO_YEAR.fullmatch(text):
        return unreadable("cell.unreadable_date", "看不出哪个是年、月、日")
    return unreadable("cell.unreadable_date", "不是一个可以确定的日期")


def _from_number(number: float, context: Context, raw: CellValue) -> Reading:
    day = serial_day(number, context.date_1904)
    if day is None and number == number // 1 and 19500101 <= number <= 20991231:
        compact = str(int(number))
        try:
            day = dt.date(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
        except ValueError:
            return unreadable("cell.unreadable_date", "没有这一天")
    if day is None:
        return unreadable("cell.unreadable_date", "是一个数字，看不出是哪一天")
    return Reading(VALUE, day, "", "", f"{seen(raw)} 读作 {day.isoformat()}")


def _plausible(day: dt.date, shown: str) -> Reading:
    if not FIRST <= day <= LAST:
        return unreadable("cell.unreadable_date", f"不在{FIRST.year}年至{LAST.year}年之间")
    return Reading(VALUE, day, "", "", shown)


def read_year(raw: CellValue) -> Reading:
    """A year cell → float: four digits, or the year of a date."""
    if isinstance(raw, dt.date):
        return _year(raw.year, f"{seen(raw)} 读作 {raw.year}")
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return unreadable("cell.unreadable_year")
    if not isinstance(raw, str):
        year = settle(raw) if abs(raw) < 1e6 else math.nan
        return _year(int(year), "") if year.is_integer() else unreadable("cell.unreadable_year")
    text = fold(raw)
    if found := _YEAR.fullmatch(text):
        return _year(int(found[1]), "" if text == found[1] else f"{seen(raw)} 读作 {found[1]}")
    found = _PARTS.fullmatch(text) or _CHINESE.fullmatch(text)
    return _year(int(found[1]), f"{seen(raw)} 读作 {found[1]}") if found else unreadable("cell.unreadable_year")


def _year(year: int, shown: str) -> Reading:
    if not FIRST.year <= year <= LAST.year:
        return unreadable("cell.unreadable_year")
    return Reading(VALUE, float(year), "", "", shown)
