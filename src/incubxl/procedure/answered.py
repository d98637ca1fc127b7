"""Which planned events the reports on the events sheet answer. One report is of one event, unless it names more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incubxl.procedure.records import Mark
from incubxl.register.fold import squash
from incubxl.register.model import Event


@dataclass(frozen=True, slots=True)
class Planned:
    """An event on a day: of the register's row, of a detail row, or of the events sheet. ``done``: its own report."""

    on: dt.date
    cell: str
    subject: str = ""
    done: Mark | None = None
    exempt: bool = False


class Answers:
    """Of one applicant's planned events: which were reported, and what was reported without saying of which.

    A report names its event by the day (截止或计划日期) or by its words in another cell. One that names none is of the
    next event that nothing has answered, and only where no other can be meant: never of one that lies before it.
    """

    def __init__(self, plans: Sequence[Planned], reports: Iterable[Event], year: int) -> None:
        """``year``: the workbook's; a report of an earlier one that names no day is of an earlier event."""
        self._plans = plans
        self._reported: set[int] = set()  # by the events sheet
        self._words: dict[int, list[str]] = {}
        ordered = sorted(reports, key=lambda e: e.on)
        bare = [e for e in ordered if not self._named(e, year)]
        for event in bare:
            self._next(event)

    def reported(self, n: int) -> bool:
        return self._plans[n].done is not None or n in self._reported

    def unclear(self, n: int) -> str:
        """Why a report on the sheet does not count for an unanswered event; empty where there is none."""
        return "；".join(self._words.get(n, ()))

    def _named(self, event: Event, year: int) -> bool:
        """Whether it says of which it is; also when that one is none of these, or its own cell records the same."""
        text = squash("\n".join((event.evidence, event.reason, event.option, event.period)))
        named = [n for n, plan in enumerate(self._plans) if plan.subject and squash(plan.subject) in text]
        if event.until is not None:
            day = [n for n, plan in enumerate(self._plans) if plan.on == event.until]
            meant = [n for n in day if n in named] or day
            if len(meant) == 1 or set(meant) <= set(named):
                self._reported.update(meant)
            else:
                self._say(event, meant)
            return True
        if event.on.year < year:
            return True
        ahead = [n for n in named if self._plans[n].on >= event.on and not self.reported(n)]
        for subject in {squash(self._plans[n].subject) for n in ahead}:
            of_it = [n for n in ahead if squash(self._plans[n].subject) == subject]
            self._reported.add(min(of_it, key=lambda n: self._plans[n].on))
        return bool(named) or any(p.done is not None and p.done.on == event.on for p in self._plans)

    def _next(self, event: Event) -> None:
        """Of a report that names nothing."""
        missed = [n for n, plan in enumerate(self._plans) if plan.on < event.on and not self.reported(n)]
        ahead = [n for n, plan in enumerate(self._plans) if plan.on >= event.on and n not in self._reported]
        first = min((self._plans[n].on for n in ahead), default=None)
        next_ = [n for n in ahead if self._plans[n].on == first]
        if len(next_) == 1 and not missed and not self.reported(next_[0]):
            self._reported.add(next_[0])
            return
        still = [n for n in ahead if not self.reported(n)]
        soonest = min((self._plans[n].on for n in still), default=None)
        self._say(event, [*missed, *(n for n in still if self._plans[n].on == soonest)])

    def _say(self, event: Event, of: Iterable[int]) -> None:
        for n in of:
            self._words.setdefault(n, []).append(
                f"{event.on}的报送（{event.cell}）没有写明是哪一件，没有算作已报；是这一件的，请在该行写截止或计划日期，"
                "一行写不清的在「依据材料」写明事项"
            )
