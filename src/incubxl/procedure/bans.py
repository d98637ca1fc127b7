"""Bans on applying again: when one runs, by the sanction recorded in the history sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from dateutil.relativedelta import relativedelta

from incubxl.policy.criteria import Parameter
from incubxl.policy.procedure import Sanction
from incubxl.register.model import Answer, PastEvent, Register

State = Literal["none", "over", "running", "undated", "open"]


@dataclass(frozen=True, slots=True)
class Ban:
    """One sanction's ban on one applicant. ``first`` and ``last`` are inclusive days; None while undated or open."""

    state: State
    sanction: Sanction
    first: dt.date | None = None
    last: dt.date | None = None
    decided: dt.date | None = None
    cell: str = ""


def window(decided: dt.date, length: relativedelta, option: str) -> tuple[dt.date, dt.date]:
    """First and last counted day of a ban; the day of the decision is banned in any case.

    ``next_day``: the decision day is not counted (民法典 第二百零一条); ``same_day``: it is.
    Bans never roll over holidays.
    """
    if option == "same_day":
        return decided, decided + length - dt.timedelta(days=1)
    return decided + dt.timedelta(days=1), decided + length


def ban_length(parameter: Parameter, day: dt.date) -> relativedelta:
    """The ban's length on the day of the decision; the parameter's unit is 年 or 个月."""
    value = parameter.at(day)
    number = int(value) if value is not None else 0
    return relativedelta(years=number) if parameter.unit == "年" else relativedelta(months=number)


def bans(register: Register, sanction: Sanction, as_of: dt.date) -> list[Ban]:
    """The ban of ``sanction`` per applicant on ``as_of``: the one that ends last when there are several."""
    return [_worst(register, sanction, as_of, register.history.get(id, ())) for id in register.ids]


_ORDER: dict[State, int] = {"none": 0, "over": 1, "open": 2, "undated": 3, "running": 4}


def _worst(register: Register, sanction: Sanction, as_of: dt.date, events: tuple[PastEvent, ...]) -> Ban:
    names = {sanction.id, sanction.label, sanction.finding}
    found = [_ban(register, sanction, as_of, e) for e in events if e.kind == "sanction" and e.what in names]
    if not found:
        return Ban("none", sanction)
    return max(found, key=lambda ban: (_ORDER[ban.state], ban.last or dt.date.min))


def _ban(register: Register, sanction: Sanction, as_of: dt.date, event: PastEvent) -> Ban:
    if event.on is None:
        return Ban("undated", sanction, cell=event.cell)
    length = ban_length(register.pack.parameter[sanction.ban], event.on)
    windows = [window(event.on, length, option) for option in _options(register)]
    states = {_state(event.on, last, as_of) for _, last in windows}
    first, last = windows[0]
    if len(states) > 1:
        return Ban("open", sanction, None, None, event.on, event.cell)
    return Ban(states.pop(), sanction, first, last, event.on, event.cell)


def _state(decided: dt.date, last: dt.date, as_of: dt.date) -> State:
    if as_of < decided:
        return "none"
    return "running" if as_of <= last else "over"


def _options(register: Register) -> tuple[str, ...]:
    """The answers that must be considered: one when the office (or the law) has answered, else all."""
    question = register.pack.procedure.ban_first_day
    if not question:
        return ("next_day",)
    answer: Answer | None = register.answers.get(question)
    if answer is not None:
        return (answer.option,)
    return tuple(o.id for o in register.pack.interpretation[question].options)
