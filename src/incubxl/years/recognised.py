"""Recognitions inside a ban: of the history sheets, and of what the workbooks themselves record as decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
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


def in_ban(
    one: Incubator, mine: Iterable[Item], book: Book, made: Iterable[Decided], as_of: dt.date
) -> Iterator[Issue]:
    """Every recognition up to ``as_of`` on a day on which a ban by these decisions ran."""
    known = list(made)
    for on, cells in sorted(_recognitions(one, mine).items()) if known else ():
        for decision in known:
            if on > as_of or decision.on is None or decision.on > on:
                continue
            sanction = book.register.pack.procedure.sanction(decision.sanction)
            ban = worst(book.register, sanction, on, [decision])
            if ban.state == "running":
                seen: dict[str, Any] = {
                    "name": one.name or one.code, "on": on, "label": sanction.label, "clause": sanction.clause,
                    "decided": decision.on, "first": ban.first, "last": ban.last,
                    "cells": "、".join((*cells, decision.cell)),
                }  # fmt: skip
                yield issue("years.recognised_in_ban", place_of(next(iter(cells))), **seen)


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
