"""Bans on applying again: when one runs, by the sanctions in the history sheet and the decisions among the events."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dateutil.relativedelta import relativedelta

from incubxl.policy.criteria import Parameter
from incubxl.policy.pack import Pack
from incubxl.policy.procedure import Sanction
from incubxl.procedure.deciding import deciding
from incubxl.register.model import Answer, PastEvent, Register

State = Literal["none", "over", "running", "undated", "unsaid", "unnamed", "contested", "open", "unset"]
SANCTION, DECISION, STAGE = "sanction", "decision", "stage"


@dataclass(frozen=True, slots=True)
class Ban:
    """One sanction's ban on one applicant. ``first`` and ``last`` are inclusive days; None while undated or open.

    ``undated``: the row has no date. ``unsaid``: the history does not say which of the measure's options was taken,
    and not all of them forbid applying. ``unnamed``: a decision of the history under ``words`` that are none of the
    measure's, and a ban of this length would still run. ``contested``: the row's id and credit code name different
    organisations, so that it may be about somebody else. ``unset``: decided before the measure's length was in force,
    so that a person judges. ``hint``: what is known of an ``undated`` or ``unset`` one. ``applied``: the day of an
    application within the ban; None: the as-of date alone lies in it.
    """

    state: State
    sanction: Sanction
    first: dt.date | None = None
    last: dt.date | None = None
    decided: dt.date | None = None
    cell: str = ""
    document_number: str = ""
    applied: dt.date | None = None
    words: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A sanction as it was decided. ``option`` is empty where the row (of the history sheet) does not say it.

    ``year``: of a row that has no day.
    """

    sanction: str
    option: str
    on: dt.date | None
    cell: str
    document_number: str
    year: int | None = None


def window(decided: dt.date, length: relativedelta, option: str) -> tuple[dt.date, dt.date]:
    """First and last counted day of a ban; the day of the decision is banned in any case.

    ``next_day``: the decision day is not counted (民法典 第二百零一条); ``same_day``: it is.
    Bans never roll over holidays.
    """
    if option == "same_day":
        return decided, decided + length - dt.timedelta(days=1)
    return decided + dt.timedelta(days=1), decided + length


def ban_length(parameter: Parameter, day: dt.date) -> relativedelta | None:
    """The ban's length on the day of the decision, None before the first in force; the unit is 年 or 个月."""
    value = parameter.at(day)
    if value is None:
        return None
    return relativedelta(years=int(value)) if parameter.unit == "年" else relativedelta(months=int(value))


def bans(register: Register, sanction: Sanction, as_of: dt.date) -> list[Ban]:
    """The ban of ``sanction`` per applicant on ``as_of``: the one that ends last when there are several.

    A ban is the organisation's: what was decided about another row of the same credit code counts too.
    """
    rows = _rows(register)
    found = []
    for i, id in enumerate(register.ids):
        applied = applications(register, id, as_of)
        same = [register.ids[n] for n in rows[i]]
        known = worst(register, sanction, as_of, (d for one in same for d in decisions(register, one)), applied)
        others = [_unnamed(register, sanction, as_of, e, applied) for one in same for e in _unknown(register, one)]
        theirs = worst(register, sanction, as_of, (d for one in same for d in _contested(register, one)), applied)
        matters = theirs.state not in ("none", "over")
        asked = [replace(theirs, state="contested", first=None, last=None, applied=None)] if matters else []
        found.append(_last([known, *asked, *(ban for ban in others if ban is not None)]))
    return found


def _rows(register: Register) -> list[list[int]]:
    """Per applicant the rows of its credit code; its own alone where it has none."""
    column = register.columns["uscc"]
    codes = [column.text(i) if column.has(i) else "" for i in range(register.size)]
    by_code: dict[str, list[int]] = defaultdict(list)
    for i, code in enumerate(codes):
        by_code[code].append(i)
    return [by_code[code] if code else [i] for i, code in enumerate(codes)]


def decisions(register: Register, applicant: str) -> list[Decided]:
    """What was decided about an applicant: rows of the history sheet, and decisions among the events.

    A history row that repeats an event's decision (one day, one sanction) says less and is left out.
    """
    found = _told(register.pack, register.history.get(applicant, ()))
    events = register.events.get(applicant, ())
    told = [Decided(e.what, e.option, e.on, e.cell, e.document_number) for e in events if e.kind == DECISION]
    chosen = {(one.sanction, one.on) for one in told}
    return [one for one in found if (one.sanction, one.on) not in chosen] + told


def _contested(register: Register, applicant: str) -> list[Decided]:
    """Decisions of the history that may be about this applicant or about another one."""
    return _told(register.pack, register.contested.get(applicant, ()))


def _told(pack: Pack, history: Iterable[PastEvent]) -> list[Decided]:
    known = _by_name(pack)
    return [
        Decided(known[e.what], "", e.on, e.cell, e.document_number, e.year if e.on is None else None)
        for e in history
        if e.kind == SANCTION and e.what in known
    ]


def _unknown(register: Register, applicant: str) -> Iterator[PastEvent]:
    """Decisions on the history sheet that name no sanction of the measure."""
    history = register.history.get(applicant, ())
    known = _by_name(register.pack) if history else {}
    return (e for e in history if e.kind == SANCTION and e.what not in known)


def _unnamed(
    register: Register, sanction: Sanction, as_of: dt.date, event: PastEvent, applied: Sequence[dt.date]
) -> Ban | None:
    """What such a decision leaves open: nobody knows whether it brought the ban. None where that would be over."""
    if event.on is not None:
        spans = _spans(register, (sanction.ban_of(option.id) for option in sanction.options), event.on)
        last = event.on if spans is None else max((last for _, last in spans), default=event.on)
        looked = (as_of, max(applied, default=as_of))
        if not any(event.on <= day <= last for day in looked) and (spans is not None or as_of < event.on):
            return None
    return Ban("unnamed", sanction, None, None, event.on, event.cell, event.document_number, None, event.what)


def applications(register: Register, applicant: str, as_of: dt.date) -> list[dt.date]:
    """The days on which the applicant is recorded to have applied, up to ``as_of``: by events and by the column.

    The measures forbid the act (两年内不得再次申报、申请), so its day counts and not only the day of looking.
    """
    stage = register.pack.procedure.stage.get(register.pack.procedure.application)
    if stage is None:
        return []
    events = register.events.get(applicant, ())
    told = [e.on for e in events if e.kind == STAGE and e.what == stage.id]
    if stage.recorded:
        day = register.columns[stage.recorded].day(register.index[applicant])
        told += [day] if day is not None else []
    return [day for day in told if day <= as_of]


def worst(
    register: Register, sanction: Sanction, as_of: dt.date, decided: Iterable[Decided], applied: Sequence[dt.date] = ()
) -> Ban:
    """The ban that these decisions bring, or that none runs."""
    found = [
        ban
        for one in decided
        if one.sanction == sanction.id
        for ban in [_ban(register, sanction, as_of, one, max(applied, default=None))]
        if ban is not None
    ]
    return _last(found) if found else Ban("none", sanction)


def _last(found: Iterable[Ban]) -> Ban:
    return max(found, key=lambda ban: (_ORDER[ban.state], ban.last or dt.date.min))


_ORDER: dict[State, int] = {
    "none": 0, "over": 1, "open": 2, "unset": 3, "unnamed": 4, "contested": 5, "unsaid": 6, "undated": 7,
    "running": 8,
}  # fmt: skip


def _by_name(pack: Pack) -> dict[str, str]:
    sanctions = pack.procedure.sanctions
    return {name: s.id for s in sanctions for name in (s.finding, s.label)} | {s.id: s.id for s in sanctions}


def lengths(sanction: Sanction, option: str) -> Iterator[str]:
    """The parameters that may hold the ban's length ("" : no ban): one where the option is known."""
    if option:
        yield sanction.ban_of(option)
    elif sanction.ban:
        yield sanction.ban
    else:
        yield from dict.fromkeys(sanction.ban_of(o.id) for o in sanction.options)


def _ban(register: Register, sanction: Sanction, as_of: dt.date, one: Decided, applied: dt.date | None) -> Ban | None:
    """None where the decision brings no ban."""
    parameters = list(lengths(sanction, one.option))
    if not any(parameters):
        return None
    if one.on is None:
        hint = ""
        if one.year is not None:
            states_of = (register, sanction, as_of, one, applied)
            hint = deciding(one.year, as_of, lambda day: _state_on(day, *states_of))
        return Ban("undated", sanction, cell=one.cell, document_number=one.document_number, hint=hint)
    spans = _spans(register, parameters, one.on)
    if spans is None:
        state: State = "none" if as_of < one.on else "unset"
        hint = _later_lengths(register, parameters, one.on, as_of)
        return Ban(state, sanction, None, None, one.on, one.cell, one.document_number, hint=hint)
    states = {_state(one.on, last, as_of, applied) for _, last in spans}
    if "" in parameters and states & {"running"}:
        return Ban("unsaid", sanction, None, None, one.on, one.cell, one.document_number)
    if len(states) > 1:
        return Ban("open", sanction, None, None, one.on, one.cell, one.document_number)
    first, last = spans[0]
    within = applied if applied is not None and one.on <= applied <= last < as_of else None
    return Ban(states.pop(), sanction, first, last, one.on, one.cell, one.document_number, within)


def _spans(register: Register, parameters: Iterable[str], decided: dt.date) -> list[tuple[dt.date, dt.date]] | None:
    """The ban's days by every length and first day still possible; None where a length was not in force yet."""
    found = [ban_length(register.pack.parameter[parameter], decided) for parameter in parameters if parameter]
    known = [length for length in found if length is not None]
    if len(known) < len(found):
        return None
    return [window(decided, length, first_day) for length in known for first_day in first_days(register)]


def _state_on(
    day: dt.date, register: Register, sanction: Sanction, as_of: dt.date, one: Decided, applied: dt.date | None
) -> State:
    """The state had the decision been made on ``day``."""
    ban = _ban(register, sanction, as_of, replace(one, on=day), applied)
    return "none" if ban is None else ban.state


def _later_lengths(register: Register, parameters: Iterable[str], decided: dt.date, as_of: dt.date) -> str:
    """How long the ban would have been by the first length that came into force later."""
    told: dict[str, None] = {}
    for parameter in (register.pack.parameter[id] for id in parameters if id):
        first = min((v.since for v in parameter.values if v.since is not None), default=as_of)
        length = ban_length(parameter, first)
        if length is not None:
            last = max(window(decided, length, first_day)[1] for first_day in first_days(register))
            value = f"{parameter.at(first)}{parameter.unit}"
            told[f"{first}起才有{value}的规定；按{value}算，到{last}{'已满' if last < as_of else '未满'}"] = None
    return "；".join(told)


def _state(decided: dt.date, last: dt.date, as_of: dt.date, applied: dt.date | None) -> State:
    """An application handed in within the ban stays forbidden when it is looked at after the ban."""
    if as_of < decided:
        return "none"
    return "running" if as_of <= last or (applied is not None and decided <= applied <= last) else "over"


def first_days(register: Register) -> tuple[str, ...]:
    """The answers that must be considered: one when the office (or the law) has answered, else all."""
    question = register.pack.procedure.ban_first_day
    if not question:
        return ("next_day",)
    answer: Answer | None = register.answers.get(question)
    if answer is not None:
        return (answer.option,)
    return tuple(o.id for o in register.pack.interpretation[question].options)
