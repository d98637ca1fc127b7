"""Dates that are counted: which column's date counts (an open question, an extension), and when a time from it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dateutil.relativedelta import relativedelta

from incubxl.money import plain
from incubxl.policy.procedure import Duty, Extension, Reading, Term
from incubxl.procedure.records import PERIOD_START, Records
from incubxl.register.model import Register
from incubxl.workdays import period_end, span


@dataclass(frozen=True, slots=True)
class Counted:
    """One date per applicant. ``on`` None: not known, and ``why`` says what is lacking.

    ``asked``: the interpretations that the date rests on, or that keep it open.
    """

    on: dt.date | None
    cell: str = ""
    why: str = ""
    asked: tuple[str, ...] = ()


def starts(records: Records, event: str, by: Reading | None) -> list[Counted]:
    """The date from which is counted, per applicant: a column's, a stage's, or the one that the office's 口径 names."""
    if by is None:
        return _dates(records, event)
    columns = {option: _dates(records, column) for option, column in by.columns.items()}
    answer = records.register.answers.get(by.interpretation)
    asked = (by.interpretation,)
    if answer is not None:
        return [replace(found, asked=asked) for found in columns[answer.option]]
    question = records.register.pack.interpretation[by.interpretation].question
    out = []
    for each in zip(*columns.values(), strict=True):
        days = {found.on for found in each}
        first = each[0]
        if len(days) == 1 and first.on is not None:
            out.append(first)
            continue
        options = "、".join(f"{found.on}" if found.on else found.why for found in each)
        out.append(Counted(None, first.cell, f"口径未定：{question}（{options}）", asked))
    return out


def _dates(records: Records, event: str) -> list[Counted]:
    register = records.register
    stage = register.pack.procedure.stage.get(event)
    if stage is not None:
        lacking = Counted(None, "", f"「{stage.label}」没有登记")
        return [Counted(m.on, m.cell) if m and m.on else lacking for m in records.done(stage)]
    column = register.columns[event]
    lacking = Counted(None, "", f"「{column.spec.label}」没有填")
    return [Counted(day, column.cell(i)) if day is not None else lacking for i, day in enumerate(records.days(event))]


def ends(records: Records, spec: Duty | Term) -> list[Counted]:
    """When the time that ``spec`` counts ends, per applicant: its last day. Terms and ends never roll."""
    found = starts(records, spec.event, spec.by)
    out = [_end(records, start, spec.after) for start in found]
    return _extended(records, out, spec.extension) if spec.extension else out


def _extended(records: Records, out: Sequence[Counted], extension: Extension) -> list[Counted]:
    later = _dates(records, extension.event)
    return [
        replace(_end(records, again, extension.after), asked=first.asked) if again.on is not None else first
        for first, again in zip(out, later, strict=True)
    ]


def _end(records: Records, start: Counted, after: str) -> Counted:
    if not after or start.on is None:
        return start
    length = length_of(records.register, after, start.on)
    if length is None:
        return Counted(None, start.cell, f"{start.on}尚无此期限", start.asked)
    span_, words = length
    last = period_end(start.on, span_, first_day_counts=records.first_day_counts)
    first = "当日计入" if records.first_day_counts else "当日不计入"
    asked = (*start.asked, PERIOD_START)
    return Counted(last, start.cell, f"自{start.on}起{words}（{first}），{last}届满", asked)


def length_of(register: Register, parameter: str, day: dt.date) -> tuple[relativedelta, str] | None:
    """A parameter's length of time on a day, with its words; None where it has no value yet."""
    spec = register.pack.parameter[parameter]
    value = spec.at(day)
    return None if value is None else (span(int(value), spec.unit), f"{plain(value)}{spec.unit}")
