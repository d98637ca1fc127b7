"""Recognitions and applications inside a ban: of the history sheets, and of what the workbooks record themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.procedure.bans import STAGE, Decided, worst
from incubxl.procedure.timeline import Item
from incubxl.register.across import Book, Incubator, Member, place_of

define(
    "years.recognised_in_ban",
    "error",
    "「{name}」{on} 的认定或备案在禁止申报期内：{label}（{clause}）{decided} 决定，{first} 至 {last} 不得申报"
    "（{cells}）。",
    "请核对两处日期和文号；情况属实的，请主管部门处理。",
    "2025-03-10 取消资格，2026-05-01 又认定",
)
define(
    "years.applied_in_ban",
    "error",
    "「{name}」{on} 的申报在禁止申报期内：{label}（{clause}）{decided} 决定，{first} 至 {last} 不得申报"
    "（{cells}）{then}。",
    "请核对申报日期和处理决定；情况属实的，请主管部门处理。期满后重新申报的，请填重新申报的日期。",
    "2024-03-01 决定两年内不得再次申报，2025-09-01 申报，2026-05-06 备案",
)
Days = Mapping[dt.date, Mapping[str, None]]  # with the cells that tell them


def in_ban(
    one: Incubator, mine: Iterable[Item], book: Book, made: Iterable[Decided], as_of: dt.date
) -> Iterator[Issue]:
    """Every recognition and application up to ``as_of`` on a day on which a ban by these decisions ran.

    The measures forbid the act of applying, so its day counts, whenever the recognition came.
    """
    known = list(made)
    if not known:
        return
    recognised = _recognitions(one, mine)
    yield from _within("years.recognised_in_ban", one, recognised, book, known, as_of)
    for on, cells in applied(one).items():
        later = [(day, where) for day, where in sorted(recognised.items()) if on <= day <= as_of]
        then = "".join(f"，其后 {day} 认定或备案（{'、'.join(where)}）" for day, where in later[:1])
        yield from _within("years.applied_in_ban", one, {on: cells}, book, known, as_of, then=then)


def _within(
    code: str, one: Incubator, days: Days, book: Book, known: Sequence[Decided], as_of: dt.date, **more: str
) -> Iterator[Issue]:
    for on, cells in sorted(days.items()):
        for decision in known:
            if on > as_of or decision.on is None or decision.on > on:
                continue
            sanction = book.register.pack.procedure.sanction(decision.sanction)
            ban = worst(book.register, sanction, on, [decision])
            if ban.state == "running":
                seen: dict[str, Any] = {
                    "name": one.name or one.code, "on": on, "label": sanction.label, "clause": sanction.clause,
                    "decided": decision.on, "first": ban.first, "last": ban.last,
                    "cells": "、".join((*cells, decision.cell)), **more,
                }  # fmt: skip
                yield issue(code, place_of(next(iter(cells))), **seen)


def applied(one: Incubator) -> dict[dt.date, dict[str, None]]:
    """Days on which it applied, by the column and the events of every workbook, with their cells."""
    found: dict[dt.date, dict[str, None]] = {}
    for member in one.members:
        register = member.book.register
        stage = register.pack.procedure.stage.get(register.pack.procedure.application)
        if stage is None:
            continue
        if stage.recorded:
            column = register.columns[stage.recorded]
            on = column.day(member.i)
            if on is not None:
                found.setdefault(on, {})[member.book.at(column.cell(member.i))] = None
        for event in register.events.get(member.id, ()):
            if event.kind == STAGE and event.what == stage.id:
                found.setdefault(event.on, {})[member.book.at(event.cell)] = None
    return dict(sorted(found.items()))


def _recognitions(one: Incubator, mine: Iterable[Item]) -> dict[dt.date, dict[str, None]]:
    """Days of recognition with the cells that tell them."""
    found: dict[dt.date, dict[str, None]] = {}
    for item in mine:
        if item.kind == "recognised" and item.on is not None:
            found.setdefault(item.on, {}).update(dict.fromkeys(item.cells))
    for member in one.members:
        for on, cell in _own(member):
            found.setdefault(on, {})[member.book.at(cell)] = None
    return found


def _own(member: Member) -> Iterator[tuple[dt.date, str]]:
    """What the workbook records: signed conclusions that recognise, the date column, and the stage that it records."""
    register = member.book.register
    letters = register.pack.letters
    recognising = {kind.id for kind in letters.kinds if kind.layout == "recognition"}
    for conclusion in register.conclusions.get(member.id, ()):
        if conclusion.letter in recognising and conclusion.signed.name and conclusion.signed.on is not None:
            yield conclusion.signed.on, conclusion.signed.cell
    if letters.recognised_on:
        column = register.columns[letters.recognised_on]
        on = column.day(member.i)
        if on is not None:
            yield on, column.cell(member.i)
        stages = {s.id for s in register.pack.procedure.stages if s.recorded == letters.recognised_on}
        for event in register.events.get(member.id, ()):
            if event.kind == STAGE and event.what in stages:
                yield event.on, event.cell
