"""An .ics file (RFC 5545) of the dated items: all-day entries without a time zone, the same file for the same input.

No personal data: applicants are named by their organisation, tenants and planned changes only by their cell.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence

from icalendar import Calendar, Event

from incubxl.mask import masked
from incubxl.procedure.due import Due
from incubxl.results.agenda import KINDS, STATES, Agenda, questions, who

PRODID = "-//incubxl//agenda//ZH-CN"


def calendar_file(agendas: Sequence[Agenda]) -> bytes:
    """Overdue items and those within the horizon, of every workbook. Undated ones are not in a calendar."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "孵化管理待办")
    seen: Counter[str] = Counter()
    for agenda in agendas:
        for item in agenda.duties.items:
            if item.on is not None and item.state in ("overdue", "soon"):
                key = _key(agenda, item)
                seen[key] += 1
                calendar.add_component(_event(agenda, item, item.on, f"{key}|{seen[key]}"))
    made: bytes = calendar.to_ical()
    return made


def _key(agenda: Agenda, item: Due) -> str:
    """What the item is about, without its date: a date that moves changes the entry, not its identity."""
    register = agenda.register
    codes = register.columns["uscc"]
    applicants = [codes.text(i) or f"{register.ids[i]} {register.names[i]}" for i in item.applicants]
    return "|".join((agenda.pack.id, str(register.settings.year), item.id, item.period, *applicants))


def _event(agenda: Agenda, item: Due, on: dt.date, key: str) -> Event:
    _, names = who(agenda.register, item)
    event = Event()
    event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@incubxl.invalid")
    event.add("dtstamp", dt.datetime.combine(agenda.as_of, dt.time(), dt.UTC))
    event.add("dtstart", on)
    event.add("dtend", on + dt.timedelta(days=1))
    event.add("summary", masked(f"{STATES[item.state]}：{item.label}（{names}）"))
    early = f"宜提前至{item.advised}" if item.advised else ""
    lines = (
        f"{KINDS[item.kind]}；{item.period}".rstrip("；"),
        early,
        f"{agenda.pack.measure.name}{item.clause}：{item.quote}",
        item.why,
        f"由{item.actor}办" if item.actor else "",
        f"来源：{item.cell}" if item.cell else "",
        questions(agenda.register, item),
        agenda.pack.measure.notice(agenda.as_of),
    )
    event.add("description", masked("\n".join(line for line in lines if line)))
    event.add("categories", [agenda.pack.measure.short_name])
    event.add("transp", "TRANSPARENT")
    return event


def is_ours(data: bytes) -> bool:
    """Whether a file is a calendar that this program wrote."""
    return data.startswith(b"BEGIN:VCALENDAR") and f"PRODID:{PRODID}".encode() in data[:400]
