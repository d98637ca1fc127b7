"""How far each applicant has come through the measure's stages, and what is missing for the next one.

The events sheet says what is done; a register column that a stage names says it where there is no event. Nothing here
blocks: a stage that was passed over or done out of order is an issue, and a recorded exception closes the gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from incubxl.issues import Issue
from incubxl.policy.procedure import Sequence as Steps
from incubxl.policy.procedure import Stage
from incubxl.procedure.counted import ends
from incubxl.procedure.order import order_issues
from incubxl.procedure.periods import read_period
from incubxl.procedure.publicity import Lack, no_record, runs_until, unmet
from incubxl.procedure.records import Mark, Marks, Records
from incubxl.procedure.status import status_issues
from incubxl.register.model import Event, Register

State = Literal["not_open", "not_begun", "under_way", "complete"]


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of one applicant. ``cell``: where it is recorded, empty while it is not. ``event`` None: by a column.

    ``until``: the last day of a 公示, where it is known. ``exception``: the recorded act that lets it be missing.
    """

    stage: Stage
    done: bool
    on: dt.date | None = None
    until: dt.date | None = None
    cell: str = ""
    event: Event | None = None
    exception: Event | None = None

    @property
    def passed(self) -> bool:
        return self.done or self.exception is not None


@dataclass(frozen=True, slots=True)
class Course:
    """One applicant's way through one sequence. ``period``: the year of a sequence that runs each year, else empty.

    ``reached``: where in ``steps`` the last done one stands, -1 for none; ``next``: the mandatory stage after it.
    ``missing``: what that one still lacks; ``why``: why the sequence has not opened.
    """

    index: int  # the applicant
    sequence: Steps
    period: str
    state: State
    steps: tuple[Step, ...]
    reached: int
    next: Stage | None
    missing: tuple[Lack, ...] = ()
    why: str = ""

    @property
    def last(self) -> Step | None:
        return self.steps[self.reached] if self.reached >= 0 else None

    @property
    def exceptions(self) -> tuple[Event, ...]:
        return tuple(s.exception for s in self.steps if s.exception is not None)

    @property
    def skipped(self) -> tuple[Stage, ...]:
        """Mandatory stages before the last done one that are neither done nor excepted."""
        before = self.steps[: max(self.reached, 0)]
        return tuple(s.stage for s in before if s.stage.mandatory and not s.passed)


@dataclass(frozen=True)
class Progress:
    courses: tuple[Course, ...]
    issues: tuple[Issue, ...]


def progress(register: Register, as_of: dt.date) -> Progress:
    """Every applicant's courses on ``as_of``, applicant by applicant, and what does not fit together."""
    records = Records(register, as_of)
    courses: list[Course] = []
    issues: list[Issue] = []
    walks = [_Walk(records, sequence, stages) for sequence, stages in register.pack.procedure.courses]
    for i, (id, events) in enumerate(zip(register.ids, records.events, strict=True)):
        mine = [course for walk in walks if (course := walk.course(i, events)) is not None]
        courses += mine
        for course in mine:
            issues += order_issues(course, id, records)
    issues += status_issues(register, courses)
    return Progress(tuple(courses), tuple(issues))


class _Walk:
    """One sequence, for every applicant."""

    def __init__(self, records: Records, sequence: Steps, stages: Sequence[Stage]) -> None:
        self.records, self.sequence = records, sequence
        register = records.register
        self.year = register.settings.year if sequence.every else 0
        self.by_track = {
            track.id: [s for s in stages if not s.tracks or track.id in s.tracks]
            for track in register.pack.measure.tracks
            if not sequence.tracks or track.id in sequence.tracks
        }
        self.about = {  # (kind, matter) of an event → which record of which stage it is
            **{(kind, s.id): (kind, s.id) for s in stages for kind in ("stage", "exception")},
            **{("submission", s.duty): ("stage", s.id) for s in stages if s.duty},
        }
        self.blank = {s.id: Step(s, False) for s in stages}
        self.recorded = {s.id: self._of_year(records.marks(s.recorded)) for s in stages}
        self.until = {s.id: records.days(s.until) for s in stages if s.until}
        opener = register.pack.procedure.stage.get(sequence.after)
        self.opened = records.done(opener) if opener else [Mark(None, "")] * records.n
        self.opener = opener.label if opener else ""
        term = next((t for t in register.pack.procedure.terms if t.id == sequence.over), None)
        self.term, self.ends = term, ends(records, term) if term else []

    def _of_year(self, marks: Marks) -> Marks:
        """In a sequence that runs each year a column's date of another year is another round's."""
        if not self.year:
            return marks
        return [m if m is None or m.on is None or m.on.year == self.year else None for m in marks]

    def course(self, i: int, events: Sequence[Event]) -> Course | None:
        """None where the sequence is not for this kind of applicant, or holds nothing that must be done."""
        stages = self.by_track.get(self.records.register.tracks[i], ())
        if not stages:
            return None
        ours = self._ours(events, stages) if events else {}
        steps = tuple(self._step(i, stage, ours) for stage in stages)
        reached = next((n for n in range(len(steps) - 1, -1, -1) if steps[n].done), -1)
        if reached < 0 and not any(s.mandatory for s in stages):
            return None
        begun = any(s.done and not (s.event and s.event.everybody) for s in steps)
        period = f"{self.year}年度" if self.year else ""
        why = self._closed(i)
        if why and not begun:
            return Course(i, self.sequence, period, "not_open", steps, reached, None, (), why)
        after = next((n for n in range(reached + 1, len(steps)) if self._open(steps[n])), -1)
        if after < 0:
            return Course(i, self.sequence, period, "complete", steps, reached, None)
        state: State = "under_way" if reached >= 0 else "not_begun"
        missing = self._missing(i, steps[:after], steps[after].stage, events)
        if why:
            missing = (Lack(self.sequence.after, why, steps[after].stage.clause), *missing)
        return Course(i, self.sequence, period, state, steps, reached, steps[after].stage, missing)

    def _open(self, step: Step) -> bool:
        return step.stage.mandatory and not step.passed

    def _closed(self, i: int) -> str:
        """Why the sequence has not opened for an applicant; empty when it has."""
        if self.opened[i] is None:
            return f"「{self.opener}」没有登记，还没有到这一程序"
        if self.term is None:
            return ""
        end = self.ends[i]
        if end.on is None:
            return f"{self.term.label}届满日不明：{end.why}"
        return f"{self.term.label}{end.on}届满，届满后办理" if end.on >= self.records.as_of else ""

    def _ours(self, events: Sequence[Event], stages: Sequence[Stage]) -> dict[tuple[str, str], Event]:
        """(kind, stage) → the latest event of this round.

        A round is a year where the sequence runs each year; else it begins with the applicant's last application.
        """
        found = [(key, e) for e in events if (key := self.about.get((e.kind, e.what))) and self._this_year(e)]
        first = ("stage", next((s.id for s in stages if s.actor == "applicant"), ""))
        asked = [e.on for key, e in found if key == first and not e.everybody]
        if len(asked) > 1 and not self.year:
            found = [(key, e) for key, e in found if e.everybody or e.on >= max(asked)]
        return dict(sorted(found, key=lambda pair: pair[1].on))

    def _this_year(self, event: Event) -> bool:
        if not self.year:
            return True
        period = read_period(event.period) if event.period else None
        return (period.year if period else event.on.year) == self.year

    def _step(self, i: int, stage: Stage, ours: dict[tuple[str, str], Event]) -> Step:
        event = ours.get(("stage", stage.id))
        mark = self.recorded[stage.id][i]
        if event is None and mark is None:
            exception = ours.get(("exception", stage.id))
            return Step(stage, False, exception=exception) if exception else self.blank[stage.id]
        exception = ours.get(("exception", stage.id))
        on, cell = (event.on, event.cell) if event else (mark.on, mark.cell) if mark else (None, "")
        until = None
        if stage.public:
            typed = event.until if event and event.until else self.until[stage.id][i] if stage.until else None
            until, _how = runs_until(self.records, on, typed)
        return Step(stage, True, on, until, cell, event, exception)

    def _missing(self, i: int, before: Sequence[Step], stage: Stage, events: Sequence[Event]) -> tuple[Lack, ...]:
        """What ``stage`` lacks, of the steps ``before`` it."""
        out = []
        recorded = any(s.event is not None and not s.event.everybody for s in before)
        for step in before:
            if self._open(step):
                known = "" if recorded else "，也可能是以前办的"
                out.append(Lack(step.stage.id, f"「{step.stage.label}」没有登记{known}", step.stage.clause))
            elif step.done and step.exception is None and (lack := self._evidence(i, step)):
                out.append(lack)
        if stage.needs:
            public = next((s for s in reversed(before) if s.stage.public), None)
            if public is not None and public.done:
                out += unmet(self.records, i, stage, public, events, self.records.as_of)
        return tuple(out)

    def _evidence(self, i: int, step: Step) -> Lack | None:
        """A done stage whose documents nobody has recorded."""
        stage, event = step.stage, step.event
        documents = "、".join(stage.documents)
        key = f"evidence:{stage.id}"
        if event is not None and documents and not (event.document_number or event.evidence):
            if stage.record and self.records.marks(stage.record)[i]:
                return None
            return Lack(key, f"「{stage.label}」没有登记文号或依据材料（应有：{documents}）", stage.clause, event.cell)
        return no_record(self.records, i, step) if event is None and stage.record else None
