"""Duties of a year or a quarter, and those whose days only a notice gives. No measure prints their dates: they come
from an event 报送期限, a table's column, or the office's number of days; else they are undated, and that is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from incubxl.policy.procedure import Duty
from incubxl.procedure.due import Due, Horizon, Kind
from incubxl.procedure.periods import Period
from incubxl.procedure.records import Mark
from incubxl.procedure.submissions import latest
from incubxl.workdays import due

_SETTINGS = {"yearly": "yearly_days", "quarterly": "quarterly_days"}
_QUARTERS = {"q1": 1, "q2": 2, "q3": 3, "q4": 4}


@dataclass(frozen=True, slots=True)
class _Day:
    on: dt.date
    cell: str
    why: str


def periodic(horizon: Horizon, duty: Duty) -> Iterator[Due]:
    """Each applicant's report of each period that has begun by now and is not known to be handed in."""
    if duty.actor != "applicant":
        yield from _office(horizon, duty)
        return
    records, register = horizon.records, horizon.records.register
    year = register.settings.year
    bound = _bound(horizon, duty)
    marks = records.marks(duty.done)
    handed, asked = _table(horizon, duty)
    for period in _periods(duty, year):
        if period.first > horizon.as_of:
            continue
        waiting: list[int] = []
        shared: dict[tuple[dt.date, str], tuple[dt.date, str]] = {}
        for i, span in enumerate(bound):
            if span is None or span[0] > period.last or span[1] < period.first:
                continue
            if _covers(duty, marks[i], period, horizon.as_of) or (i, period) in handed:
                continue
            if horizon.submissions.in_period(duty.id, i, period):
                continue
            day = _day(horizon, duty, i, period, asked)
            if day is None:
                waiting.append(i)
                continue
            rolled = shared.get((day.on, day.why))
            if rolled is None:
                deadline = due(day.on, horizon.office)
                rolled = deadline.last, day.why + (f"；{deadline.why}" if deadline.why else "")
                shared[day.on, day.why] = rolled
            state = horizon.act_state(rolled[0])
            if state is not None:
                yield horizon.item(
                    duty, "act", state, (i,), rolled[0], period=str(period), cell=day.cell, why=rolled[1]
                )
        if period.year == year:
            yield from horizon.undated(duty, waiting, _UNSET[duty.kind], str(period))


_UNSET = {
    "yearly": "办法没有印报送日期；「设置」的「年度材料报送天数」和「事件」的「报送期限」都没有填",
    "quarterly": "办法没有印报送日期；「设置」的「季度报告报送天数」和「事件」的「报送期限」都没有填",
}


def _covers(duty: Duty, mark: Mark | None, period: Period, as_of: dt.date) -> bool:
    """Whether the register's column says that the report of ``period`` was handed in.

    是 speaks of what was due by now. A date speaks of one period: of a plan, the one in which it lies; of a report, the
    last one over by then, or the year in whose last quarter it lies (年底).
    """
    if mark is None:
        return False
    if mark.on is None:
        return period.last < as_of or duty.counted_from == "start"
    if duty.counted_from == "start":
        return period.first <= mark.on <= period.last
    if period.quarter:
        return period.last < mark.on <= period.last + dt.timedelta(days=92)
    early = dt.timedelta(days=92)
    return period.last - early < mark.on <= period.last.replace(year=period.year + 1) - early


def _periods(duty: Duty, year: int) -> list[Period]:
    if duty.kind == "quarterly":
        return [Period(year - 1, 4), *(Period(year, q) for q in (1, 2, 3, 4))]
    return [Period(year)] if duty.counted_from == "start" else [Period(year - 1), Period(year)]


def _bound(horizon: Horizon, duty: Duty) -> list[tuple[dt.date, dt.date] | None]:
    """From when to when the duty binds each applicant; None where it does not, or nobody knows."""
    records = horizon.records
    stage = records.register.pack.procedure.stage.get(duty.since)
    marks = records.done(stage) if stage else records.marks(duty.since) if duty.since else None
    till = records.days(duty.till) if duty.till else [None] * records.n
    out: list[tuple[dt.date, dt.date] | None] = []
    for i, fits in enumerate(horizon.of_track(duty.tracks)):
        mark = marks[i] if marks is not None else None
        if not fits or (marks is not None and mark is None):
            out.append(None)
        else:
            out.append((mark.on if mark and mark.on else dt.date.min, till[i] or dt.date.max))
    return out


def _day(
    horizon: Horizon, duty: Duty, i: int, period: Period, asked: dict[tuple[int, Period], tuple[dt.date, str]]
) -> _Day | None:
    notice = horizon.submissions.deadline(duty.id, i, period)
    if notice is not None and notice.until is not None:
        number = f"（{notice.document_number}）" if notice.document_number else ""
        return _Day(notice.until, notice.cell, f"通知{number}定于{notice.until}前报送")
    if (i, period) in asked:
        on, cell = asked[i, period]
        return _Day(on, cell, f"登记的要求报送日期{on}")
    name = _SETTINGS[duty.kind]
    days = horizon.records.register.settings.values.get(name)
    if days is None:
        return None
    start = period.first if duty.counted_from == "start" else period.last
    label = next(f.label for f in horizon.records.register.pack.settings if f.id == name)
    cell = horizon.records.register.settings.cells.get(name, "")
    return _Day(start + dt.timedelta(days=int(days)), cell, f"本单位设置「{label}」{days}日，自{start}起")


def _table(
    horizon: Horizon, duty: Duty
) -> tuple[set[tuple[int, Period]], dict[tuple[int, Period], tuple[dt.date, str]]]:
    """From the table of reports: (applicant, period) handed in; and the days on which they were asked for."""
    handed: set[tuple[int, Period]] = set()
    asked: dict[tuple[int, Period], tuple[dt.date, str]] = {}
    spec = duty.rows
    table = horizon.records.register.tables.get(spec.table) if spec else None
    if spec is None or table is None or not table.height:
        return handed, asked
    years = table.columns[spec.year]
    quarters = table.columns[spec.quarter].texts() if spec.quarter else []
    kinds = table.columns[spec.kind].texts() if spec.kind else []
    marks = horizon.records.marked(table.columns[spec.done]) if spec.done else [None] * table.height
    for at, owner in enumerate(table.owner.tolist()):
        if owner < 0 or not years.has(at) or (kinds and kinds[at] != spec.of):
            continue
        quarter = _QUARTERS.get(quarters[at], 0) if quarters else 0
        if quarters and not quarter:
            continue
        period = Period(int(years.values[at]), quarter)
        if marks[at] is not None:
            handed.add((owner, period))
        elif (day := table.columns[spec.event].day(at)) is not None:
            asked[owner, period] = day, table.columns[spec.event].cell(at)
    return handed, asked


def _office(horizon: Horizon, duty: Duty) -> Iterator[Due]:
    """A duty of the office itself: one item, done when an event says so under any applicant."""
    register, n = horizon.records.register, horizon.records.n
    for period in _periods(duty, register.settings.year)[-1:]:
        if period.first > horizon.as_of or any(horizon.submissions.in_period(duty.id, i, period) for i in range(n)):
            continue
        day = _day(horizon, duty, 0, period, {}) if n else None
        if day is None:
            yield horizon.item(duty, "act", "undated", (), period=str(period), why=_UNSET[duty.kind])
            continue
        deadline = due(day.on, horizon.office)
        if (state := horizon.act_state(deadline.last)) is not None:
            why = "；".join(w for w in (day.why, deadline.why) if w)
            yield horizon.item(duty, "act", state, (), deadline.last, period=str(period), cell=day.cell, why=why)


def as_notified(horizon: Horizon, duty: Duty) -> Iterator[Due]:
    """What a notice asks for, by the day it sets; without any notice on record, that the date is open."""
    records = horizon.records
    kind: Kind = "advice" if duty.advisory else "act"
    marks, bound = records.marks(duty.done), _bound(horizon, duty)
    waiting: list[int] = []
    for i, span in enumerate(bound):
        if span is None or span[1] < horizon.as_of:
            continue
        notices = latest(horizon.submissions.deadlines.get((duty.id, i), ()))
        if not notices and marks[i] is None and not horizon.submissions.handed.get((duty.id, i)):
            waiting.append(i)
        for notice in notices:
            if notice.until is None or horizon.submissions.after(duty.id, i, notice):
                continue
            deadline = due(notice.until, horizon.office)
            state = horizon.act_state(deadline.last)
            if state is None:
                continue
            number = f"（{notice.document_number}）" if notice.document_number else ""
            why = f"通知{number}定于{notice.until}前报送" + (f"；{deadline.why}" if deadline.why else "")
            yield horizon.item(duty, kind, state, (i,), deadline.last, period=notice.period, cell=notice.cell, why=why)
    yield from horizon.undated(duty, waiting, "日期以通知为准，「事件」里没有登记「报送期限」")
