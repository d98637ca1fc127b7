"""Duties that hang on an event: a time before it (变更报备), or from a time after it on (期满总结、满一年参评)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dateutil.relativedelta import relativedelta

from incubxl.grid import CellKind
from incubxl.policy.procedure import Duty, Rows
from incubxl.procedure.answered import Answers, Planned
from incubxl.procedure.counted import ends, length_of
from incubxl.procedure.due import Due, Horizon, Kind
from incubxl.procedure.periods import read_period
from incubxl.procedure.records import PERIOD_START, Mark, Records
from incubxl.register.fold import squash
from incubxl.register.model import Column
from incubxl.workdays import no_later_than, period_end


def before_event(horizon: Horizon, duty: Duty) -> Iterator[Due]:
    """The last day before each planned event: counted backwards, never moved later."""
    binding = horizon.records.binding(duty.since)
    fits, year = horizon.of_track(duty.tracks), horizon.records.register.settings.year
    for i, plans in _planned(horizon, duty).items():
        if not fits[i] or binding[i] is False:
            continue
        answers = Answers(plans, horizon.submissions.handed.get((duty.id, i), ()), year)
        for n, planned in enumerate(plans):
            if not answers.reported(n):
                made = _sudden(horizon, duty, i, planned) if planned.exempt else _ahead(horizon, duty, i, planned)
                if made is not None:
                    unclear = answers.unclear(n)
                    yield replace(made, why="；".join((made.why, unclear))) if unclear else made


def _sudden(horizon: Horizon, duty: Duty, i: int, planned: Planned) -> Due | None:
    """An event that no notice can precede, as the office's 口径 takes it."""
    assert duty.exempt is not None
    register = horizon.records.register
    asked = (duty.exempt.interpretation,)
    question = register.pack.interpretation[duty.exempt.interpretation]
    answer = register.answers.get(duty.exempt.interpretation)
    subject, cell = planned.subject, planned.cell
    if answer is None:
        why = f"口径未定：{question.question}"
        return horizon.item(duty, "act", "undated", (i,), subject=subject, cell=cell, why=why, asked=asked)
    if answer.option != duty.exempt.option:
        return _ahead(horizon, duty, i, planned)
    state = horizon.come_state(planned.on)
    if state is None:
        return None
    label = next(o.label for o in question.options if o.id == answer.option)
    why = f"口径：{label}；没有最迟日期"
    return horizon.item(duty, "start", state, (i,), planned.on, subject=subject, cell=cell, why=why, asked=asked)


def _ahead(horizon: Horizon, duty: Duty, i: int, planned: Planned) -> Due | None:
    subject, cell = planned.subject, planned.cell
    length, words = relativedelta(days=1), "事先"
    if duty.lead:
        found = length_of(horizon.records.register, duty.lead, planned.on)
        if found is None:
            why = f"{planned.on}尚无提前的期限"
            return horizon.item(duty, "act", "undated", (i,), subject=subject, cell=cell, why=why)
        length, words = found[0], f"提前{found[1]}"
    deadline = no_later_than(planned.on, length, horizon.office)
    state = horizon.act_state(deadline.last, deadline.advised)
    if state is None:
        return None
    why = f"{planned.on}{words}，最迟{deadline.last}" + (f"；{deadline.why}" if deadline.why else "")
    advised = deadline.advised
    return horizon.item(duty, "act", state, (i,), deadline.last, advised=advised, subject=subject, cell=cell, why=why)


def _planned(horizon: Horizon, duty: Duty) -> dict[int, list[Planned]]:
    """Every planned event by applicant; one that stands in several places under one name is one."""
    records, found = horizon.records, defaultdict[int, list[Planned]](list)
    if duty.event:
        column = records.register.columns[duty.event]
        marks = records.marks(duty.done)
        exempt = _exempt(duty, records.register.columns)
        for i, day in enumerate(records.days(duty.event)):
            if day is not None:
                found[i].append(Planned(day, column.cell(i), "", marks[i], exempt[i] if exempt else False))
    if duty.rows:
        for row in rows_of(horizon, duty.rows):
            found[row.owner].append(Planned(row.on, row.cell, row.name, row.done, _row_exempt(horizon, duty, row.at)))
    if duty.changes:
        for i, events in horizon.submissions.changes.items():
            found[i] += [Planned(e.until, e.cell, e.written) for e in events if e.until]
    return {i: _merged(plans) for i, plans in found.items()}


def _merged(plans: list[Planned]) -> list[Planned]:
    """Changes of one day and name are one; those of other names are changes of their own.

    One without a name goes with the only other one of its day. Beside several it says nothing new: which of them it
    is, and so whether that one is done, is not known.
    """
    if len(plans) < 2:
        return plans
    by_day: dict[dt.date, dict[str, list[Planned]]] = {}
    for plan in plans:
        by_day.setdefault(plan.on, {}).setdefault(squash(plan.subject), []).append(plan)
    return [_one(same) for named in by_day.values() for same in _told_apart(named)]


def _told_apart(named: dict[str, list[Planned]]) -> list[list[Planned]]:
    bare = named.pop("", [])
    if not named:
        return [bare]
    found = list(named.values())
    if len(found) == 1:
        found[0] = [*bare, *found[0]]
    return found


def _one(same: list[Planned]) -> Planned:
    subject = next((p.subject for p in same if p.subject), "")
    done, exempt = next((p.done for p in same if p.done), None), any(p.exempt for p in same)
    return Planned(same[0].on, same[0].cell, subject, done, exempt)


def _exempt(duty: Duty, columns: object) -> list[bool]:
    if duty.exempt is None or not isinstance(columns, dict) or duty.exempt.column not in columns:
        return []
    return [text == duty.exempt.value for text in columns[duty.exempt.column].texts()]


def _row_exempt(horizon: Horizon, duty: Duty, at: int) -> bool:
    if duty.exempt is None or duty.rows is None:
        return False
    column = horizon.records.register.tables[duty.rows.table].columns.get(duty.exempt.column)
    return column is not None and column.text(at) == duty.exempt.value


@dataclass(frozen=True, slots=True)
class Row:
    """A detail row of a known applicant. ``at``: its position in the table."""

    owner: int
    at: int
    on: dt.date
    cell: str
    name: str
    done: Mark | None


def rows_of(horizon: Horizon, spec: Rows) -> list[Row]:
    """The rows with a date in the column that ``spec`` counts from."""
    table = horizon.records.register.tables.get(spec.table)
    if table is None or not table.height:
        return []
    column = table.columns[spec.event]
    done = horizon.records.marked(table.columns[spec.done]) if spec.done else [None] * table.height
    names = _names(table.columns[spec.name]) if spec.name else [""] * table.height
    return [
        Row(owner, at, day, column.cell(at), names[at], done[at])
        for at, (owner, day) in enumerate(zip(table.owner.tolist(), column.days(), strict=True))
        if owner >= 0 and day is not None
    ]


def _names(column: Column) -> list[str]:
    return [column.spec.choice_label(t) if t and column.spec.choices else t for t in column.texts()]


def after_event(horizon: Horizon, duty: Duty) -> Iterator[Due]:
    """What begins when a time is over. The measure prints no last day, so nothing is overdue: it has come."""
    records = horizon.records
    kind: Kind = "advice" if duty.advisory else "start"
    if duty.event or duty.by:
        yield from _after(horizon, duty, kind)
    counted: dict[dt.date, tuple[dt.date, str] | None] = {}  # a day's end and its words: thousands of rows share days
    for row in rows_of(horizon, duty.rows) if duty.rows else ():
        if row.done is not None:
            continue
        if row.on not in counted:
            counted[row.on] = _row_end(records, duty, row.on)
        found = counted[row.on]
        if found is None:
            continue
        end, why = found
        state = horizon.come_state(end, after=duty.advisory)
        if state is not None:
            asked = (PERIOD_START,) if duty.after else ()
            yield horizon.item(
                duty, kind, state, (row.owner,), end, subject=row.name, cell=row.cell, why=why, asked=asked
            )


def _row_end(records: Records, duty: Duty, on: dt.date) -> tuple[dt.date, str] | None:
    """When the time that begins on a row's day is over, and how that was counted; None: it has no length yet."""
    if not duty.after:
        return on, ""
    found = length_of(records.register, duty.after, on)
    if found is None:
        return None
    end = period_end(on, found[0], first_day_counts=records.first_day_counts)
    return end, f"自{on}起{found[1]}，到{end}"


def _after(horizon: Horizon, duty: Duty, kind: Kind) -> Iterator[Due]:
    records = horizon.records
    marks, fits = records.marks(duty.done), horizon.of_track(duty.tracks)
    na = int(CellKind.DECLARED_NA)
    columns = [duty.event] if duty.event else list(duty.by.columns.values()) if duty.by else []
    kinds = [records.register.columns[c].kinds.tolist() for c in columns if c in records.register.columns]
    open_: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for i, counted in enumerate(ends(records, duty)):
        if not fits[i] or marks[i] is not None or any(k[i] == na for k in kinds) or _handed(horizon, duty, i):
            continue
        if counted.on is None:
            open_.setdefault((counted.why, counted.asked), []).append(i)
        elif (state := horizon.come_state(counted.on)) is not None:
            yield horizon.item(
                duty, kind, state, (i,), counted.on, cell=counted.cell, why=counted.why, asked=counted.asked
            )
    for (why, asked), who in open_.items():
        yield from horizon.undated(duty, who, why, asked=asked)


def _handed(horizon: Horizon, duty: Duty, i: int) -> bool:
    """Whether it was handed in; of a duty that returns each year, in the workbook's year."""
    events = horizon.submissions.handed.get((duty.id, i), ())
    if not duty.every:
        return bool(events)
    year = horizon.records.register.settings.year
    return any((p.year if (p := read_period(e.period)) else e.on.year) == year for e in events)
