"""Stages that were passed over, done out of order or without what they need. An exception on record closes the gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from incubxl.issues import Issue, issue
from incubxl.procedure.findings import at
from incubxl.procedure.publicity import unmet
from incubxl.procedure.records import Records

if TYPE_CHECKING:
    from incubxl.procedure.progress import Course, Step


def order_issues(course: Course, applicant: str, records: Records) -> Iterator[Issue]:
    """Of one course that has events. Dates of columns alone are not compared with each other."""
    skipped = {stage.id for stage in course.skipped}
    highest: Step | None = None  # the latest of the dated steps so far
    for n, step in enumerate(course.steps):
        if step.stage.id in skipped:
            after = next(s for s in course.steps[n + 1 :] if s.done)
            about = {"done": after.stage.label, "stage": step.stage.label, "clause": step.stage.clause}
            yield issue("procedure.skipped", at(after.cell), applicant=applicant, **about)
        if not step.done:
            continue
        yield from _differs(course, step, applicant, records)
        if step.on is None or step.exception is not None:
            continue
        if highest is not None and highest.on is not None and step.on < highest.on and (step.event or highest.event):
            yield issue(
                "procedure.out_of_order", at(step.cell), applicant=applicant,
                later=step.stage.label, later_on=step.on,
                earlier=highest.stage.label, earlier_on=highest.on, cell=highest.cell,
            )  # fmt: skip
        if highest is None or highest.on is None or step.on >= highest.on:
            highest = step
        public = next((s for s in reversed(course.steps[:n]) if s.stage.public and s.done), None)
        if step.stage.needs and public is not None and step.event:
            for lack in unmet(records, course.index, step.stage, public, records.events[course.index], step.on):
                yield issue(
                    "procedure.unmet", at(step.cell), applicant=applicant,
                    stage=step.stage.label, on=step.on, lack=lack.text, clause=step.stage.clause,
                )  # fmt: skip


def _differs(course: Course, step: Step, applicant: str, records: Records) -> Iterator[Issue]:
    """The events sheet and the register's column give different dates."""
    mark = records.marks(step.stage.recorded)[course.index] if step.event else None
    if mark is not None and mark.on is not None and mark.on != step.on:
        yield issue(
            "procedure.dates_differ", at(step.cell), applicant=applicant,
            stage=step.stage.label, on=step.on, other=mark.on, cell=mark.cell,
        )  # fmt: skip
