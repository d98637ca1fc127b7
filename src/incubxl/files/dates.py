"""When a number in a cell is a date, and which: number formats and serials, as calamine understands them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from enum import IntEnum

from lxml import etree

from incubxl.files.package import local


class DateKind(IntEnum):
    """How the number format of a style shows a number."""

    NUMBER = 0
    DATE = 1
    DURATION = 2


# 27–36 and 50–58 are dates in Chinese and Japanese Excel and carry no format code in the file
_BUILTIN_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_BUILTIN_DURATION = 46
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\[[^\]]*\]?")
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (cells know no time zone)


def date_styles(styles: etree._Element) -> Sequence[DateKind]:
    """For each cell style (``cellXfs`` index) of a styles part: is a number a date."""
    codes: dict[str, DateKind] = {}
    kinds: list[DateKind] = []
    for element in styles.iter("{*}numFmt"):
        codes.setdefault(element.get("numFmtId") or "", format_kind(element.get("formatCode") or ""))
    for table in styles:
        if local(table) != "cellXfs":
            continue
        for style in table:
            if local(style) == "xf":
                number = style.get("numFmtId") or "0"
                kinds.append(codes[number] if number in codes else _builtin(number))
    return kinds


def _builtin(number: str) -> DateKind:
    if not number.isdigit():
        return DateKind.NUMBER
    if int(number) == _BUILTIN_DURATION:
        return DateKind.DURATION
    return DateKind.DATE if int(number) in _BUILTIN_DATES else DateKind.NUMBER


def format_kind(code: str) -> DateKind:
    """What a format code does; only its first section (positive numbers) is looked at."""
    bare = _LITERAL.sub("", code).split(";", 1)[0]
    if _ELAPSED.search(bare):
        return DateKind.DURATION
    bare = _BRACKETED.sub("", bare)
    if re.search(r"general", bare, re.IGNORECASE):
        return DateKind.NUMBER
    return DateKind.DATE if re.search(r"[dmhysDMHYS]|AM/PM|A/P", bare) else DateKind.NUMBER


Moment = dt.date | dt.datetime | dt.time | dt.timedelta


def from_serial(number: float, kind: DateKind, date_1904: bool) -> float | Moment:
    """An Excel serial as its format shows it: date, date with time, time of day (serial below 1) or duration.

    Serial 60, Excel's 29 February 1900, is given as 28 February. A serial outside the calendar stays a number.
    """
    if kind is DateKind.NUMBER:
        return number
    try:
        if kind is DateKind.DURATION:
            return dt.timedelta(milliseconds=round(number * 86_400_000))
        days = number + 1462 if date_1904 else number
        if not date_1904 and days < 60:
            days += 1
        moment = _EPOCH + dt.timedelta(milliseconds=round(days * 86_400_000))
    except (OverflowError, ValueError):
        return number
    if number < 1:
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment


def from_iso(text: str) -> str | dt.date | dt.datetime | dt.time:
    """A cell of type ``d`` (ISO 8601). What is no date stays text."""
    for reader in (dt.date.fromisoformat, dt.datetime.fromisoformat, dt.time.fromisoformat):
        try:
            return reader(text)
        except ValueError:
            continue
    return text
