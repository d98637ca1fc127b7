"""Everything that falls due under a measure, for every applicant of a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from incubxl.issues import Issue
from incubxl.procedure.bans import bans
from incubxl.procedure.by_period import as_notified, periodic
from incubxl.procedure.counted import ends
from incubxl.procedure.due import Due, Horizon, ordered
from incubxl.procedure.on_event import after_event, before_event
from incubxl.procedure.progress import Progress
from incubxl.procedure.publicity import runs_until
from incubxl.procedure.records import Records
from incubxl.procedure.submissions import Submissions
from incubxl.register.model import Register
from incubxl.workdays import NO_OFFICE_DAYS, OfficeDays

_MAKERS = {
    "before_event": before_event,
    "after_event": after_event,
    "yearly": periodic,
    "quarterly": periodic,
    "as_notified": as_notified,
}


@dataclass(frozen=True)
class Duties:
    items: tuple[Due, ...]
    issues: tuple[Issue, ...]


def duties(
    register: Register, as_of: dt.date, within: int, progress: Progress, office: OfficeDays = NO_OFFICE_DAYS
) -> Duties:
    """What is overdue, what falls due within ``within`` days after ``as_of``, what has come, and what has no date."""
    records = Records(register, as_of)
    horizon = Horizon(records, Submissions(records), as_of + dt.timedelta(days=within), office)
    items: list[Due] = []
    for duty in register.pack.procedure.duties:
        items += _MAKERS[duty.kind](horizon, duty)
    items += _terms(horizon)
    items += _publicity(horizon, progress)
    items += _bans(horizon)
    return Duties(ordered(items), tuple(horizon.submissions.issues))


def _terms(horizon: Horizon) -> Iterator[Due]:
    """Ends of pilots and contracts within the horizon, and those as long ago as it reaches ahead."""
    records = horizon.records
    back = horizon.as_of - (horizon.last - horizon.as_of)
    for term in records.register.pack.procedure.terms:
        fits, binding = horizon.of_track(term.tracks), records.binding(term.since)
        open_: dict[str, list[int]] = {}
        for i, end in enumerate(ends(records, term)):
            if not fits[i] or not binding[i]:
                continue
            if end.on is None:
                open_.setdefault(end.why, []).append(i)
            elif end.on >= back and (state := horizon.come_state(end.on)) is not None:
                why = "；".join(w for w in (end.why, "期限届满不顺延") if w)
                ended = f"{term.label}届满"
                yield horizon.item(
                    term, "term", state, (i,), end.on, label=ended, cell=end.cell, why=why, asked=end.asked
                )
        for why, who in open_.items():
            yield horizon.item(term, "term", "undated", tuple(who), label=f"{term.label}届满", why=why)


def _publicity(horizon: Horizon, progress: Progress) -> Iterator[Due]:
    """Ends of the 公示 that the next stage waits for."""
    for course in progress.courses:
        public = course.last if course.last is not None and course.last.stage.public else None
        if public is None or course.next is None:
            continue
        stage, who = public.stage, (course.index,)
        label, period, cell = f"{stage.label}期满", course.period, public.cell
        counted, how = runs_until(horizon.records, public.on, None)
        if public.until is None:
            yield horizon.item(stage, "term", "undated", who, label=label, period=period, cell=cell, why=how)
        elif (state := horizon.come_state(public.until, after=True)) is not None:
            why = f"{how}；" if how and counted == public.until else ""
            why += f"期满后办理「{course.next.label}」"
            yield horizon.item(stage, "term", state, who, public.until, label=label, period=period, cell=cell, why=why)


def _bans(horizon: Horizon) -> Iterator[Due]:
    """Ends of running bans; a ban without a date, or one that the open 口径 decides, is undated."""
    register = horizon.records.register
    question = register.pack.procedure.ban_first_day
    asked = (question,) if question else ()
    for sanction in register.pack.procedure.sanctions:
        if not sanction.may_ban:
            continue
        label = f"禁止申报期届满（{sanction.label}）"
        for i, ban in enumerate(bans(register, sanction, horizon.as_of)):
            if ban.state == "undated":
                why = "处理决定没有日期" + (f"；{ban.hint}" if ban.hint else "")
                yield horizon.item(sanction, "term", "undated", (i,), label=label, cell=ban.cell, why=why)
            elif ban.state == "contested":
                why = "处理决定的申报编号和统一社会信用代码写的不是同一家单位"
                yield horizon.item(sanction, "term", "undated", (i,), label=label, cell=ban.cell, why=why)
            elif ban.state in ("unsaid", "unnamed"):
                seen = f"「{ban.words}」不是本办法列出的情形" if ban.words else "没有写明选定的是哪一种处理"
                why = f"{ban.decided or '没有日期'}的处理决定{seen}，有没有禁止申报期不明"
                yield horizon.item(sanction, "term", "undated", (i,), label=label, cell=ban.cell, why=why)
            elif ban.state == "unset":
                why = f"{ban.decided}决定，早于本办法有关规定施行，禁止多久由人判断（{ban.hint}）"
                yield horizon.item(sanction, "term", "undated", (i,), label=label, cell=ban.cell, why=why)
            elif ban.state == "open":
                why = "口径未定：禁止期从哪一天起算"
                yield horizon.item(sanction, "term", "undated", (i,), label=label, cell=ban.cell, why=why, asked=asked)
            elif ban.state == "running" and ban.last is not None and horizon.as_of <= ban.last <= horizon.last:
                why = f"{ban.decided}决定，{ban.first}至{ban.last}不得申报；禁止期不顺延"
                yield horizon.item(
                    sanction, "term", "soon", (i,), ban.last, label=label, cell=ban.cell, why=why, asked=asked
                )
