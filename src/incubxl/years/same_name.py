"""Bans of organisations that only their name connects with another workbook's row: asked about, never carried over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.procedure.bans import Ban, Decided
from incubxl.register.across import Incubator, place_of
from incubxl.register.fold import squash

define(
    "years.ban_same_name",
    "warning",
    "「{name}」{decided} 的处理决定（{label}，{cells}）{ban}；{file} 的{who}（{at}）名称相同，两处不都有信用代码，"
    "是不是同一单位不能判断，没有算作它的禁止申报期。",
    "请核对；是同一单位的，两处都补填统一社会信用代码，或在 {file} 的「历史记录」补一行处理决定；不是的不用处理。",
    "2025 年没有代码的单位被处理，2026 年又有同名的单位申报",
)
_OPEN = ("running", "undated", "unsaid", "open", "unset")  # what may still forbid applying
Banned = tuple[Incubator, Sequence[tuple[Decided, Ban]]]


def same_name(all_: Sequence[Banned]) -> Iterator[Issue]:
    """Each ban that may still run, against every row of the same name that no credit code tells apart from it."""
    by_name: dict[str, list[Banned]] = defaultdict(list)
    for one, bans in all_:
        for name in {squash(m.book.register.names[m.i]) for m in one.members} - {""}:
            by_name[name].append((one, bans))
    for same in by_name.values():
        for one, bans in same:
            for other, own in same:
                if other is not one and not (one.code and other.code):
                    yield from _between(one, bans, other, own)


def _between(
    one: Incubator, bans: Iterable[tuple[Decided, Ban]], other: Incubator, own: Sequence[tuple[Decided, Ban]]
) -> Iterator[Issue]:
    known = {(decided.sanction, decided.on) for decided, _ in own}
    books = {member.book for member in one.members}
    for decided, ban in bans:
        if ban.state not in _OPEN or (decided.sanction, decided.on) in known:
            continue
        for member in other.members:
            if member.book in books:
                continue  # two rows of one workbook: repeated names are told where it is read
            column = member.book.register.columns["applicant_id"]
            at = member.book.at(column.cell(member.i))
            seen: dict[str, Any] = {
                "name": one.name, "decided": decided.on or "日期不明", "label": ban.sanction.label,
                "cells": decided.cell, "file": member.book.file, "who": f"申报编号 {member.id}", "at": at,
                "ban": f"禁止申报至 {ban.last}" if ban.last is not None else "可能仍禁止申报",
            }  # fmt: skip
            yield issue("years.ban_same_name", place_of(at), applicant=member.id, **seen)
