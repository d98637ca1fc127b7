"""What was found out, what the measure allows for it, and what an official chose. Nothing is decided here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.policy.procedure import Sanction, SanctionOption
from incubxl.procedure.bans import DECISION, Ban, Decided, applications, worst
from incubxl.register.model import Event, Register

FINDING = "finding"
State = Literal["undecided", "decided"]
STATE_WORDS: dict[State, str] = {"undecided": "待决定", "decided": "已决定"}

define(
    "sanction.undecided",
    "warning",
    "{name}：{on}查明「{finding}」，还没有处理决定。{clause}：{quote}。办法列出的处理有：{options}。",
    "处理由主管部门选定；决定后在「事件」表记一行「处理决定」，写明处理方式、日期、文号和署名人。",
    "查明弄虚作假，还没有决定怎样处理",
)
define(
    "sanction.before_finding",
    "warning",
    "{name}：「{label}」的处理决定（{on}）早于查明情形的日期（{found}）。",
    "请核对两行的日期；决定针对另一次情形的，请补记那一次的查明情形。",
    "查明 2026-05-01，决定 2026-04-01",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One finding with its decision, a finding that waits for one, or a decision without a recorded finding.

    ``option`` None: 待决定; ``ban`` is the ban that the decision brings on the as-of date (state ``none``: no ban).
    """

    sanction: Sanction
    finding: Event | None
    decision: Event | None
    option: SanctionOption | None
    ban: Ban

    @property
    def state(self) -> State:
        return "undecided" if self.decision is None else "decided"


def cases(register: Register, applicant: str, as_of: dt.date) -> tuple[Case, ...]:
    """Findings and decisions about one applicant up to ``as_of``, in the order of their days.

    A decision settles every finding of its sanction of the same day or earlier that no decision has settled before.
    """
    events = [e for e in register.events.get(applicant, ()) if e.on <= as_of]
    applied = applications(register, applicant, as_of)
    found: list[Case] = []
    for sanction in register.pack.procedure.sanctions:
        waiting = sorted((e for e in events if e.kind == FINDING and e.what == sanction.id), key=_order)
        for decision in sorted((e for e in events if e.kind == DECISION and e.what == sanction.id), key=_order):
            settled = [e for e in waiting if e.on <= decision.on]
            waiting = [e for e in waiting if e.on > decision.on]
            option = next(o for o in sanction.options if o.id == decision.option)
            one = Decided(sanction.id, option.id, decision.on, decision.cell, decision.document_number)
            ban = worst(register, sanction, as_of, [one], applied)
            about: list[Event | None] = [*settled] or [None]
            found += [Case(sanction, finding, decision, option, ban) for finding in about]
        found += [Case(sanction, finding, None, None, Ban("none", sanction)) for finding in waiting]
    return tuple(sorted(found, key=lambda case: _order(case.finding or case.decision)))


def _order(event: Event | None) -> tuple[dt.date, str]:
    return (dt.date.min, "") if event is None else (event.on, event.cell)


def undecided(register: Register, as_of: dt.date) -> list[Issue]:
    """Findings that wait for an official, and decisions dated before what they settle."""
    found: list[Issue] = []
    for applicant, name in zip(register.ids, register.names, strict=True):
        if applicant not in register.events:
            continue
        mine = cases(register, applicant, as_of)
        for case in mine:
            if case.finding is not None and case.decision is None:
                found.append(_waiting(case, case.finding, applicant, name))
        for case in mine:
            later = [c.finding for c in mine if c.sanction == case.sanction and c.decision is None and c.finding]
            if case.finding is None and case.decision is not None and later:
                seen = {"label": case.sanction.label, "on": case.decision.on, "found": later[0].on, "name": name}
                found.append(issue("sanction.before_finding", _place(case.decision), applicant=applicant, **seen))
    return found


def _waiting(case: Case, finding: Event, applicant: str, name: str) -> Issue:
    sanction = case.sanction
    seen = {
        "name": name, "on": finding.on, "finding": sanction.finding, "clause": sanction.clause,
        "quote": sanction.quote.rstrip("。"), "options": "；".join(o.label for o in sanction.options),
    }  # fmt: skip
    return issue("sanction.undecided", _place(finding), applicant=applicant, **seen)


def _place(event: Event) -> Place:
    sheet, _, cell = event.cell.rpartition("!")
    return Place(sheet, cell)
