"""What was handed in and which deadlines a notice set, from the events sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from incubxl.issues import Issue, issue
from incubxl.procedure.findings import at
from incubxl.procedure.periods import Period, read_period
from incubxl.procedure.records import Records
from incubxl.register.fold import squash
from incubxl.register.model import Event


class Submissions:
    """Events 报送 and 报送期限 by duty and applicant, up to the as-of date."""

    def __init__(self, records: Records) -> None:
        self.handed: dict[tuple[str, int], list[Event]] = defaultdict(list)
        self.deadlines: dict[tuple[str, int], list[Event]] = defaultdict(list)
        self.changes: dict[int, list[Event]] = defaultdict(list)
        self.issues: list[Issue] = []
        register = records.register
        fulfilled = {s.id: s.duty for s in register.pack.procedure.stages if s.duty}
        periodic = {d.id: d for d in register.pack.procedure.duties if d.kind in ("yearly", "quarterly")}
        for i, (id, events) in enumerate(zip(register.ids, records.events, strict=True)):
            for event in events:
                if event.kind == "stage" and event.what in fulfilled:
                    period = event.period or str(event.on.year)
                    self.handed[fulfilled[event.what], i].append(replace(event, period=period))
                    continue
                if event.kind == "submission":
                    self.handed[event.what, i].append(event)
                elif event.kind == "deadline":
                    self.deadlines[event.what, i].append(event)
                elif event.kind == "change":
                    self.changes[i].append(event)
                else:
                    continue
                duty = periodic.get(event.what) if event.kind != "change" else None
                if duty and not self._readable(event, duty.kind):
                    about = {"duty": duty.label, "seen": event.period or "（空）"}
                    self.issues.append(issue("duty.period", at(event.cell), applicant=id, **about))

    @staticmethod
    def _readable(event: Event, kind: str) -> bool:
        period = read_period(event.period)
        return period is not None and bool(period.quarter) == (kind == "quarterly")

    def in_period(self, duty: str, i: int, period: Period) -> bool:
        """Whether the duty's report of ``period`` was handed in."""
        return any(read_period(e.period) == period for e in self.handed.get((duty, i), ()))

    def deadline(self, duty: str, i: int, period: Period) -> Event | None:
        """The last notice that set a day for ``period``; one for this applicant goes before one for all."""
        found = [e for e in self.deadlines.get((duty, i), ()) if read_period(e.period) == period]
        return max(found, key=lambda e: (not e.everybody, e.on), default=None)

    def after(self, duty: str, i: int, notice: Event) -> bool:
        """Whether what a notice asks for was handed in: for its period, or without one after the notice."""
        return any(same_period(e, notice) for e in self.handed.get((duty, i), ()))


def same_period(handed: Event, notice: Event) -> bool:
    """Whether what was handed in answers a notice."""
    if notice.period and handed.period:
        one, other = read_period(notice.period), read_period(handed.period)
        return one == other if one and other else squash(notice.period) == squash(handed.period)
    return not notice.period and handed.on >= notice.on


def latest(events: Iterable[Event]) -> Sequence[Event]:
    """Of notices for the same period, the last one."""
    kept: dict[str, Event] = {}
    for event in sorted(events, key=lambda e: (not e.everybody, e.on)):
        kept[str(read_period(event.period) or squash(event.period))] = event
    return list(kept.values())
