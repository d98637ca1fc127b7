"""What a stage needs besides those before it: a 公示 that is over, no open objection, the record of a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from incubxl.policy.procedure import Stage
from incubxl.procedure.records import Records
from incubxl.register.fold import squash
from incubxl.register.model import Event
from incubxl.workdays import period_end

if TYPE_CHECKING:
    from incubxl.procedure.progress import Step

DAYS = "publicity_days"


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing for a step.

    ``key``: a stage's id, ``evidence:<stage>``, ``publicity_over``, ``no_open_objection`` or ``objection_unknown``.
    """

    key: str
    text: str
    clause: str = ""
    cell: str = ""


def runs_until(records: Records, on: dt.date | None, typed: dt.date | None) -> tuple[dt.date | None, str]:
    """The last day of a 公示 that began ``on``, and how it is known. A term: it never rolls.

    No measure prints a length; it is the office's, from the setting 公示天数.
    """
    if typed is not None:
        return typed, ""
    days = records.register.settings.values.get(DAYS)
    if on is None or days is None:
        return None, "公示截止日期没有登记，「设置」里也没有公示天数"
    first = "当日计入" if records.first_day_counts else "当日不计入"
    last = period_end(on, relativedelta(days=int(days)), first_day_counts=records.first_day_counts)
    return last, f"自{on}起公示{days}日（{first}，天数由本单位在「设置」里定）"


def open_objections(events: Sequence[Event], since: dt.date | None, by: dt.date) -> list[Event]:
    """Objections raised from ``since`` on and not closed on the day ``by``.

    One that is closed under other words than it was raised with is matched only where it is the only one open.
    """
    waiting: list[Event] = []
    told = [e for e in events if e.kind in ("objection", "objection_closed") and e.on <= by]
    for event in sorted(told, key=lambda e: (e.on, e.kind)):
        if event.kind == "objection":
            if since is None or event.on >= since:
                waiting.append(event)
            continue
        same = [e for e in waiting if squash(e.what) == squash(event.what)]
        if same or len(waiting) == 1:
            waiting.remove((same or waiting)[0])
    return waiting


def unmet(records: Records, i: int, stage: Stage, public: Step, events: Sequence[Event], day: dt.date) -> list[Lack]:
    """What ``stage`` needs of the 公示 before it and does not have on ``day``."""
    out = []
    if "publicity_over" in stage.needs:
        _until, how = runs_until(records, public.on, None) if public.until is None else (None, "")
        if public.until is None:
            out.append(Lack("publicity_over", how, stage.clause, public.cell))
        elif public.until >= day:
            out.append(Lack("publicity_over", f"公示到{public.until}，还没有期满", stage.clause, public.cell))
    if "no_open_objection" not in stage.needs:
        return out
    raised = open_objections(events, public.on, day)
    for event in raised:
        out.append(Lack("no_open_objection", f"公示异议（{event.on}）没有办结", stage.clause, event.cell))
    fact = public.stage.objection
    if raised or not fact or any(e.kind == "objection" for e in events):
        return out
    column = records.register.columns[fact]
    said = column.flag(i)
    if said:
        out.append(Lack("no_open_objection", f"「{column.spec.label}」填的是「是」", stage.clause, column.cell(i)))
    elif said is None and not (public.until and public.until >= day):
        out.append(Lack("objection_unknown", f"「{column.spec.label}」没有填", stage.clause, column.cell(i)))
    return out


def no_record(records: Records, i: int, step: Step) -> Lack | None:
    """A done stage whose column for its documents does not say 是, where its event names none either."""
    stage, event = step.stage, step.event
    if records.marks(stage.record)[i] or (event is not None and (event.document_number or event.evidence)):
        return None
    column, documents = records.register.columns[stage.record], "、".join(stage.documents)
    text = f"「{column.spec.label}」没有填「是」（应有：{documents}）"
    return Lack(f"evidence:{stage.id}", text, stage.clause, step.cell)
