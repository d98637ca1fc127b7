"""What falls due: every duty, term, 公示 and ban of a measure, as of a date, within a horizon of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from incubxl.policy.procedure import Duty, Sanction, Stage, Term
from incubxl.procedure.records import Records
from incubxl.procedure.submissions import Submissions
from incubxl.workdays import OfficeDays

Kind = Literal["act", "start", "term", "advice"]
State = Literal["overdue", "soon", "open", "undated"]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to look after.

    ``kind``: ``act`` must be done by ``on``; ``start``: it may or must be done from ``on``, no last day is printed;
    ``term`` ends on ``on`` by itself; ``advice`` only warns. ``state``: ``overdue``: ``on`` is past and nothing says
    that it was done; ``soon``: within the horizon; ``open``: has come; ``undated``: no date is known, ``why`` says why.
    ``applicants``: positions in the register; empty: the office's own matter. ``advised``: an earlier workday for a
    deadline that falls on a rest day and never moves later. ``why``: how the date was counted and rolled.
    ``asked``: interpretations it rests on. ``subject``: which row or change of the applicant's.
    """

    id: str
    label: str
    kind: Kind
    state: State
    applicants: tuple[int, ...]
    actor: str
    clause: str
    quote: str
    on: dt.date | None = None
    advised: dt.date | None = None
    period: str = ""
    subject: str = ""
    cell: str = ""
    why: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Horizon:
    """What the makers of items share."""

    records: Records
    submissions: Submissions
    last: dt.date  # the last day of the horizon
    office: OfficeDays

    @property
    def as_of(self) -> dt.date:
        return self.records.as_of

    def of_track(self, tracks: Sequence[str]) -> list[bool]:
        """Whether each applicant is of one of these kinds; all where none is named."""
        return [not tracks or track in tracks for track in self.records.register.tracks]

    def _actor(self, role: str) -> str:
        """The Chinese name of a role."""
        roles = self.records.register.pack.measure.roles
        return next((r.label for r in roles if r.id == role), "申报单位" if role == "applicant" else role)

    def act_state(self, on: dt.date, advised: dt.date | None = None) -> State | None:
        """Of a deadline; None where it lies beyond the horizon."""
        if on < self.as_of:
            return "overdue"
        return "soon" if (advised or on) <= self.last else None

    def come_state(self, on: dt.date, *, after: bool = False) -> State | None:
        """Of a day that only comes: ``open`` from it on (``after``: from the next day on)."""
        if on < self.as_of or (on == self.as_of and not after):
            return "open"
        return "soon" if on <= self.last else None

    def item(
        self,
        what: Duty | Term | Stage | Sanction,
        kind: Kind,
        state: State,
        who: tuple[int, ...],
        on: dt.date | None = None,
        *,
        label: str = "",
        advised: dt.date | None = None,
        period: str = "",
        subject: str = "",
        cell: str = "",
        why: str = "",
        asked: tuple[str, ...] = (),
    ) -> Due:
        """An item about an entry of the procedure, with its clause and words."""
        actor = self._actor(what.actor) if isinstance(what, Duty | Stage) else ""
        return Due(
            what.id, label or what.label, kind, state, who, actor, what.clause, what.quote,
            on, advised, period, subject, cell, why, asked,
        )  # fmt: skip

    def undated(
        self, duty: Duty, waiting: Iterable[int], why: str, period: str = "", asked: tuple[str, ...] = ()
    ) -> list[Due]:
        """One item for all whom a duty without a date concerns; none where there is nobody."""
        who = tuple(waiting)
        kind: Kind = "advice" if duty.advisory else "act"
        return [self.item(duty, kind, "undated", who, period=period, why=why, asked=asked)] if who else []


_ORDER: dict[State, int] = {"overdue": 0, "soon": 1, "open": 2, "undated": 3}


def ordered(items: Iterable[Due]) -> tuple[Due, ...]:
    """Overdue ones first, then by date, by applicant."""
    far = dt.date.max
    return tuple(sorted(items, key=lambda d: (_ORDER[d.state], d.on or far, d.applicants[:1], d.clause, d.subject)))
