"""One history per organisation out of several years' workbooks: what each year gave, rows of results, bans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from incubxl.assess.model import Determination
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.policy.pack import Pack
from incubxl.policy.procedure import Sanction
from incubxl.procedure.bans import Ban, Decided, decisions, worst
from incubxl.procedure.consecutive import Consecutive, consecutive
from incubxl.procedure.sanctions import Case, cases
from incubxl.procedure.timeline import RESULTS, Item, decided, items, merged, others_of
from incubxl.register.across import Book, Incubator, incubators, place_of
from incubxl.register.model import Answer
from incubxl.years.read import Opened
from incubxl.years.recognised import applied, in_ban
from incubxl.years.same_name import same_name
from incubxl.years.unread import Unread, UnreadRows, told_of_reading, unsettled

define(
    "years.no_year",
    "warning",
    "{cells} 的「{said}」没有写年度，不能算进哪一年，没有计入；连续情况列为资料不足。",
    "请在「历史记录」补填年度。",
    "评价等级一行没有填年度",
)
define(
    "years.other_sanction",
    "warning",
    "「{name}」的处理决定「{what}」（{cells}）不是办法列出的情形，有没有禁止申报期无法判断，没有列入禁止申报期。",
    "请改为办法的情形（{known}），或在「事件」表补记处理决定；与本办法无关的，不用处理。",
    "历史记录写「撤销资格」，办法写的是「申报资料弄虚作假」",
)
define(
    "years.ban_unrecorded",
    "warning",
    "「{name}」在 {last} 以前不得申报（{label}，{decided} 决定，见 {cells}），"
    "{file} 里没有这次处理的记录，单独核对那个工作簿时看不到。",
    "请在 {file} 的「历史记录」补一行处理决定，或在「事件」表补记。",
    "2025 年的处理没有抄进 2026 年的工作簿",
)
define(
    "years.answers_differ",
    "warning",
    "口径「{question}」各年度的工作簿选得不同：{each}。连续情况和禁期按最后一个工作簿的算，各年度的结果按当年的算。",
    "请核对是不是改过口径；要一致的，在当年的「口径」表改正并写明姓名和日期，再运行一次。",
    "2025 年选了「只指未参评」，2026 年选了「两种情形」",
)
define(
    "years.contradiction",
    "warning",
    "「{name}」{year} 年度的评价结果两处不一致：{said}。",
    "请核对原件，改正不对的一处；改正以前涉及连续情况的列为待认定。",
    "历史记录写合格，当年工作簿算出不合格",
)


@dataclass(frozen=True)
class Banned:
    """A decision with the ban it brings on the day asked for; ``option`` is the label chosen, empty where not said.

    ``in_doubt``: whose it is nobody knows, since the workbooks mix up two credit codes.
    """

    decided: Decided
    option: str
    ban: Ban
    in_doubt: bool = False

    @property
    def state(self) -> str:
        """The ban's state; ``in_doubt`` where one that is not over may be another's; ``applied`` where it is over on
        the day asked for and an application lay within it."""
        if self.in_doubt and self.ban.state not in ("none", "over"):
            return "in_doubt"
        return "applied" if self.ban.applied is not None else self.ban.state


@dataclass(frozen=True)
class History:
    """One organisation over the years."""

    incubator: Incubator
    items: tuple[Item, ...]
    rows: tuple[Consecutive, ...]
    bans: tuple[Banned, ...]
    waiting: tuple[tuple[Book, Case], ...]  # findings without a decision
    unread: tuple[Unread, ...] = ()  # rows about it that could not be read, or whose owner is in doubt


@dataclass(frozen=True)
class Histories:
    """Of a measure, on a day. ``years``: all that any workbook or record is of."""

    pack: Pack
    as_of: dt.date
    books: tuple[Book, ...]
    all: tuple[History, ...]
    issues: tuple[Issue, ...]

    @property
    def years(self) -> range:
        told = {item.year for one in self.all for item in one.items if item.year is not None}
        told |= {book.year for book in self.books}
        return range(min(told), max(told) + 1)


def histories(read: Opened, as_of: dt.date) -> Histories:
    """Every organisation's history as the latest workbook's 口径 and the day ``as_of`` have it."""
    books = read.books
    others = others_of(books)
    lost = UnreadRows(books)
    codes = [*(code for by_code in others.values() for code in by_code), *lost.codes]
    found, issues = incubators(books, codes)
    problems = [*read.issues, *told_of_reading(read), *issues, *_answers(books)]
    graded = {
        book: {d.applicant: d for d in assessment.determinations}
        for book, assessment in zip(books, read.assessments, strict=True)
    }
    told = {
        one.key: merged([*(i for i in items(one, others) if not lost.in_doubt(i.cells)), *_results(one, graded)])
        for one in found
    }
    results = [i.year for mine in told.values() for i in mine if i.kind in RESULTS and i.year is not None]
    last_year = max(results, default=books[-1].year)
    answers = {id: answer.option for id, answer in books[-1].register.answers.items()}
    all_: list[History] = []
    all_made = {one.key: [d for d in decided(one, others) if not lost.in_doubt(d.cell.split("、"))] for one in found}
    by_code = {one.code: all_made[one.key] for one in found if one.code}
    for one in found:
        mine = told[one.key]
        unread = lost.of(one)
        made = all_made[one.key]
        theirs = [decision for code in one.mixed_with for decision in by_code[code]]
        rows = tuple(
            unsettled(
                consecutive(read.pack, sanction, answers, mine, last_year, _days(made, sanction)),
                unread,
                mixed=bool(one.mixed_with),
            )
            for sanction in read.pack.procedure.sanctions
            if sanction.streak is not None
        )
        bans = tuple(
            _banned(books[-1], decision, as_of, applied(one), in_doubt=bool(one.mixed_with))
            for decision in (*made, *theirs)
            if decision.on is None or decision.on <= as_of
        )
        waiting = _waiting(one, as_of)
        all_.append(History(one, tuple(mine), rows, bans, waiting, unread))
        problems += [
            *_undated(mine),
            *(row.told(one) for row in unread),
            *_others(one, mine, read.pack),
            *_contradictions(one, mine),
            *(in_ban(one, mine, books[-1], made, as_of) if not one.mixed_with else ()),
        ]
        problems += _unrecorded(one, books[-1], bans)
    problems += same_name([(one.incubator, [(b.decided, b.ban) for b in one.bans]) for one in all_])
    return Histories(read.pack, as_of, books, tuple(all_), tuple(dict.fromkeys(problems)))


def _answers(books: Iterable[Book]) -> Iterable[Issue]:
    """口径 that the workbooks answer differently: each answer with its years and cells."""
    all_ = list(books)
    for asked in all_[-1].register.pack.interpretations:
        given = {book: answer for book in all_ if (answer := book.register.answers.get(asked.id)) is not None}
        options = dict.fromkeys(answer.option for answer in given.values())
        if len(options) < 2:
            continue
        told = []
        for option in options:
            mine = [f"{b.year}年度（{_where(b, a)}）" for b, a in given.items() if a.option == option]
            told.append(f"{'、'.join(mine)}选「{asked.option_label(option)}」")
        without = [f"{b.year}年度（{b.file}）" for b in all_ if b not in given]
        told += [f"{'、'.join(without)}没有选定"] if without else []
        yield issue("years.answers_differ", Place(), question=asked.question, each="；".join(told))


def _where(book: Book, answer: Answer) -> str:
    """The cell that an answer stands in; the law, where it is the legal default."""
    return book.at(answer.signed.cell) if answer.signed is not None else f"{book.file}，没有选定，按{answer.source}"


def _days(made: Iterable[Decided], sanction: Sanction) -> list[dt.date]:
    return [d.on for d in made if d.sanction == sanction.id and d.on is not None]


def _results(one: Incubator, graded: Mapping[Book, Mapping[str, Determination]]) -> Iterable[Item]:
    """What each year's own workbook gives as the year's result."""
    for member in one.members:
        book = member.book
        made = _result(book, graded[book][member.id])
        if made is not None:
            yield made


def _result(book: Book, found: Determination) -> Item | None:
    grade = found.grade
    pack = book.register.pack
    kind = {"graded": "grade", "exempt": "grade", "waived": "withdrawn", "open": "open"}.get(grade.state, "")
    if not kind:
        return None
    label = {"grade": grade.grade, "open": "可能是" + "、".join(grade.possible)}.get(kind, "")
    what = next((g.id for g in pack.evaluation.grades if g.label == label), label) if kind == "grade" else kind
    note = {"graded": "按当年工作簿计算", "exempt": "免评"}.get(grade.state, grade.reason)
    return Item(book.year, kind, what, label, None, None, "", (book.at(found.cell),), note)


def _banned(book: Book, decision: Decided, as_of: dt.date, applied: Iterable[dt.date], *, in_doubt: bool) -> Banned:
    sanction = book.register.pack.procedure.sanction(decision.sanction)
    option = next((o.label for o in sanction.options if o.id == decision.option), "")
    ban = worst(book.register, sanction, as_of, [decision])
    for day in sorted(day for day in applied if day <= as_of):  # each: a later application hides no earlier one
        within = worst(book.register, sanction, as_of, [decision], [day])
        ban = within if ban.applied is None and within.applied is not None else ban
    return Banned(decision, option, ban, in_doubt)


def _waiting(one: Incubator, as_of: dt.date) -> tuple[tuple[Book, Case], ...]:
    """Findings that no workbook has a decision for; the same finding in two workbooks is told by the later one."""
    made: dict[tuple[str, dt.date], tuple[Book, Case]] = {}
    settled: set[tuple[str, dt.date]] = set()
    for member in one.members:
        for case in cases(member.book.register, member.id, as_of):
            if case.finding is not None:
                key = (case.sanction.id, case.finding.on)
                made[key] = (member.book, case)
                if case.decision is not None:
                    settled.add(key)
    return tuple(made[key] for key in sorted(made.keys() - settled, key=lambda k: (k[1], k[0])))


def _undated(mine: Iterable[Item]) -> Iterable[Issue]:
    for item in mine:
        if item.year is None and item.kind in RESULTS:
            yield issue("years.no_year", place_of(item.cells[0]), cells="、".join(item.cells), said=item.said())


def _others(one: Incubator, mine: Iterable[Item], pack: Pack) -> Iterable[Issue]:
    sanctions = pack.procedure.sanctions
    for item in mine:
        if item.kind == "sanction" and item.what not in {s.id for s in sanctions}:
            seen = {"cells": "、".join(item.cells), "known": "、".join(s.label for s in sanctions)}
            name = one.name or one.code
            yield issue("years.other_sanction", place_of(item.cells[0]), name=name, what=item.label, **seen)


def _contradictions(one: Incubator, mine: Iterable[Item]) -> Iterable[Issue]:
    by_year: dict[int, list[Item]] = {}
    for item in mine:
        if item.kind in RESULTS and item.year is not None:
            by_year.setdefault(item.year, []).append(item)
    for year, told in by_year.items():
        if len({(i.kind, i.what if i.kind == "grade" else "") for i in told if i.kind != "open"}) > 1:
            said = "；".join(f"{item.said()}（{'、'.join(item.cells)}）" for item in told)
            yield issue(
                "years.contradiction", place_of(told[-1].cells[0]), name=one.name or one.code, year=year, said=said
            )


def _unrecorded(one: Incubator, latest: Book, bans: Iterable[Banned]) -> Iterable[Issue]:
    """A ban that runs, or in which an application of the latest workbook lies, of which that workbook knows nothing."""
    there = [m for m in one.members if m.book is latest]
    if not there:
        return
    member = there[0]
    known = {(d.sanction, d.on) for m in there for d in decisions(latest.register, m.id)}
    days = applied(replace(one, members=tuple(there)))
    for banned in bans:
        bears = banned.state == "running" or (banned.state == "applied" and banned.ban.applied in days)
        if bears and (banned.decided.sanction, banned.decided.on) not in known:
            column = latest.register.columns["applicant_id"]
            seen: dict[str, Any] = {
                "name": one.name, "last": banned.ban.last, "label": banned.ban.sanction.label,
                "decided": banned.decided.on, "cells": banned.decided.cell, "file": latest.file,
            }  # fmt: skip
            place = place_of(latest.at(column.cell(member.i)))
            yield issue("years.ban_unrecorded", place, applicant=member.id, **seen)
