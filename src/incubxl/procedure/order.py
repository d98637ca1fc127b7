"""Stages that were passed over, done out of order or without what they need. An exception on record closes the gap.

By events or by the register's columns alike. A column that says only 是 has no place among the dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from incubxl.grid import CellKind
from incubxl.issues import Issue, issue
from incubxl.procedure.findings import at
from incubxl.procedure.publicity import no_record, unmet
from incubxl.procedure.records import Records

if TYPE_CHECKING:
    from incubxl.policy.procedure import Stage
    from incubxl.procedure.progress import Course, Step


def order_issues(course: Course, applicant: str, records: Records) -> Iterator[Issue]:
    """Of one course; none of a recognition of an earlier year, whose steps are not in this workbook."""
    own = any(step.event and not step.event.everybody for step in course.steps)
    if not own and _earlier(course, records.register.settings.year):
        return
    yield from _skipped(course, applicant, records, own=own)
    highest: Step | None = None  # the latest of the dated steps so far
    for n, step in enumerate(course.steps):
        if not step.done:
            continue
        yield from _differs(course, step, applicant, records)
        yield from _backwards(course, step, applicant, records)
        if step.exception is not None:
            continue
        if step.on is not None:
            if highest is not None and highest.on is not None and step.on < highest.on:
                yield issue(
                    "procedure.out_of_order", at(step.cell), applicant=applicant,
                    later=step.stage.label, later_on=step.on,
                    earlier=highest.stage.label, earlier_on=highest.on, cell=highest.cell,
                )  # fmt: skip
            if highest is None or highest.on is None or step.on >= highest.on:
                highest = step
        yield from _unmet(course, n, applicant, records)


def _earlier(course: Course, year: int) -> bool:
    """Whether the last step is a column's date of an earlier year and the register does not tell how it came to it.

    The columns before it may then tell of something else: a recognised applicant is recommended again, for its
    evaluation. A 公示 is held only of a recognition, so that one with its 公示 is told whole.
    """
    last = course.last
    if last is None or last.event is not None or last.on is None or last.on.year >= year:
        return False
    before = course.steps[: course.reached]
    public = [step for step in before if step.stage.public]
    return not any(map(_own, public or before))


def _own(step: Step) -> bool:
    return step.done and not (step.event is not None and step.event.everybody)


def _skipped(course: Course, applicant: str, records: Records, *, own: bool) -> Iterator[Issue]:
    """Without an event of the applicant's own: only stages that have a column, before one that its columns record."""
    skipped = {stage.id for stage in course.skipped if own or stage.recorded}
    for n, step in enumerate(course.steps):
        if step.stage.id not in skipped:
            continue
        after = next((s for s in course.steps[n + 1 :] if (s.done if own else _own(s))), None)
        if after is None:
            continue
        yield issue(
            "procedure.skipped", at(after.cell), applicant=applicant, done=after.stage.label,
            stage=step.stage.label, clause=step.stage.clause, seen=_seen(step.stage, course.index, records),
        )  # fmt: skip


def _seen(stage: Stage, i: int, records: Records) -> str:
    """What stands where the stage should be recorded, which is not always nothing."""
    if not stage.recorded:
        return "没有登记"
    column = records.register.columns[stage.recorded]
    label, cell = column.spec.label, column.cell(i)
    if records.excluded(stage.recorded)[i]:
        return f"，「{label}」填的是「{'否' if column.flag(i) is False else '不适用'}」（{cell}）"
    kind = column.kinds[i]
    if kind == CellKind.VALUE and column.spec.type == "date":
        day = records.days(stage.recorded)[i]
        return f"，「{label}」填的{day}（{cell}）" + ("还没有到" if day and day > records.as_of else "不是本年度的")
    return "没有登记" if kind == CellKind.BLANK else f"，「{label}」（{cell}）读不出来"


def _unmet(course: Course, n: int, applicant: str, records: Records) -> Iterator[Issue]:
    """What the step lacked when it was done; of one without a date, what it lacks to this day."""
    step, before = course.steps[n], course.steps[:n]
    events = records.events[course.index]
    day = step.on or records.as_of
    lacks = []
    previous: Sequence[Step] = [s for s in before if s.done][-1:]  # its record is asked for once, by the next step
    for done in previous:
        if done.stage.record and done.exception is None and (lack := no_record(records, course.index, done)):
            lacks.append(lack)
    public = next((s for s in reversed(before) if s.stage.public and s.done), None)
    if step.stage.needs and public is not None:
        lacks += unmet(records, course.index, step.stage, public, events, day)
    for lack in lacks:
        yield issue(
            "procedure.unmet", at(step.cell), applicant=applicant,
            stage=step.stage.label, on=_on(step.on), lack=lack.text, clause=lack.clause,
        )  # fmt: skip


def _on(day: dt.date | None) -> str:
    return f"（{day}）" if day else ""


def _backwards(course: Course, step: Step, applicant: str, records: Records) -> Iterator[Issue]:
    """A 公示 that ends before it begins."""
    if step.until is None or step.on is None or step.until >= step.on:
        return
    typed = step.event is not None and step.event.until is not None
    cell = step.cell if typed or not step.stage.until else records.register.columns[step.stage.until].cell(course.index)
    yield issue(
        "procedure.publicity_days", at(cell), applicant=applicant,
        stage=step.stage.label, until=step.until, on=step.on, cell=step.cell,
    )  # fmt: skip


def _differs(course: Course, step: Step, applicant: str, records: Records) -> Iterator[Issue]:
    """The events sheet and the register's column give different dates."""
    mark = records.marks(step.stage.recorded)[course.index] if step.event else None
    if mark is not None and mark.on is not None and mark.on != step.on:
        yield issue(
            "procedure.dates_differ", at(step.cell), applicant=applicant,
            stage=step.stage.label, on=step.on, other=mark.on, cell=mark.cell,
        )  # fmt: skip
