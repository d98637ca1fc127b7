"""历年台账, 连续情况, 禁期, 问题: the history as sheets and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.mask import masked
from incubxl.money import plain
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.policy.pack import Pack
from incubxl.procedure.consecutive import WORDS, Consecutive
from incubxl.procedure.timeline import RESULTS, Item
from incubxl.results.words import wan
from incubxl.years.history import Banned, Histories, History
from incubxl.years.read import YEARS
from incubxl.years.unread import Unread

ROWS, BANS, PROBLEMS = "连续情况", "禁期", "问题"
BAN_WORDS: Mapping[str, str] = {
    "none": "没有禁止申报期",
    "over": "已过",
    "running": "在期内",
    "undated": "资料不足",
    "unsaid": "资料不足",
    "open": "待认定",
    "unset": "待认定",
    "in_doubt": "资料不足",
    "applied": "申报在期内",
}
_WHO = (Column("单位名称"), Column("统一社会信用代码"))
_YEARS = (
    *_WHO, Column("年度", "integer"), Column("认定或备案"), Column("评价结果", "strong"),
    Column("奖励或补助"), Column("奖励合计（万元）", "wan"), Column("查明与处理"), Column("出处", "small"),
)  # fmt: skip
_ROWS = (
    *_WHO, Column("情形"), Column("条款"), Column("原文"), Column("连续", "centre"),
    Column("结论", words=True), Column("各年结果"), Column("计入的年度"), Column("没有记录的年度"), Column("口径"),
    Column("各口径的结果"), Column("办法列出的处理"), Column("上次处理", "date"),
)  # fmt: skip
_BANS = (
    *_WHO, Column("处理事项"), Column("条款"), Column("原文"), Column("决定日期", "date"),
    Column("处理方式"), Column("文号"), Column("不得申报自", "date"), Column("不得申报至", "date"),
    Column("状态", words=True),
    Column("出处", "small"),
)  # fmt: skip
_WAITING = (
    *_WHO, Column("查明情形"), Column("条款"), Column("原文"), Column("查明日期", "date"),
    Column("办法列出的处理"), Column("事实"), Column("", "text"), Column("", "text"), Column("状态", words=True),
    Column("出处", "small"),
)  # fmt: skip
_UNREAD = (
    *_WHO, Column("年度", "integer"), Column(""), Column(""), Column(""), Column("原因"), Column("涉及"), Column(""),
    Column(""), Column("状态", words=True), Column("出处", "small"),
)  # fmt: skip
_PROBLEMS = (
    Column("序号", "integer"), Column("程度", words=True), Column("工作簿"), Column("工作表"), Column("单元格"),
    Column("说明"), Column("如何处理"), Column("代码", "small"),
)  # fmt: skip


def year_sheets(found: Histories) -> list[SheetPlan]:
    """The four sheets."""
    about = f"{found.pack.measure.name}　{found.years.start}—{found.years.stop - 1}年　按 {found.as_of:%Y-%m-%d} 看"
    files = "读入的工作簿：" + "、".join(f"{book.file}（{book.year}年度）" for book in found.books)
    notice = found.pack.measure.notice(found.as_of)
    years = Block(_YEARS, [row for one in found.all for row in _years(found, one)], empty="没有单位")
    rows = Block(
        _ROWS, [_row(found, one, row) for one in found.all for row in one.rows], empty="办法没有连续情形的处理"
    )
    bans = Block(_BANS, [_ban(one, banned) for one in found.all for banned in one.bans], empty="没有处理决定")
    waiting = Block(
        _WAITING, [row for one in found.all for row in _waiting(one)], heading="查明而没有处理决定的情形", empty="没有"
    )
    unread = Block(
        _UNREAD,
        [row for one in found.all for row in _unread(one)],
        heading="没有计入、涉及连续情况或禁期的记录",
        empty="没有",
    )
    said = "结论由主管部门作出；这里只列出按口径数到的结果和出处，程序不作处理决定。"
    return [
        SheetPlan(
            YEARS, YEARS, notice, (26, 22, 9, 20, 18, 30, 16, 40, 46), (years,), (about, files), freeze_columns=2,
            paper="A3",
        ),
        SheetPlan(
            ROWS, ROWS, notice, (26, 22, 24, 14, 34, 8, 11, 46, 30, 14, 40, 40, 26, 12), (rows,), (about, said),
            freeze_columns=2, paper="A3",
        ),
        SheetPlan(
            BANS, BANS, notice, (26, 22, 24, 16, 34, 12, 30, 20, 12, 12, 11, 46), (bans, waiting, unread), (about,),
            freeze_columns=2, paper="A3",
        ),
        problem_sheet(PROBLEMS, notice, about, found.issues),
    ]  # fmt: skip


def problem_sheet(name: str, notice: str, about: str, issues: Iterable[Issue]) -> SheetPlan:
    """Problems of several workbooks: errors first."""
    order = {severity: n for n, severity in enumerate(SEVERITY_WORDS)}
    found = sorted(issues, key=lambda i: order[i.severity])
    rows: list[tuple[Value, ...]] = [
        (n, SEVERITY_WORDS[i.severity], i.place.file, i.place.sheet, i.place.cell, i.message, i.remedy, i.code)
        for n, i in enumerate(found, 1)
    ]
    block = Block(_PROBLEMS, rows, empty="没有发现问题")
    return SheetPlan(name, name, notice, (7, 9, 30, 14, 9, 70, 56, 24), (block,), (about,), paper="A3")


def _years(found: Histories, one: History) -> Iterable[tuple[Value, ...]]:
    told = [item.year for item in one.items if item.year is not None]
    told += [member.book.year for member in one.incubator.members]
    told += [row.year for row in one.unread if row.year is not None]
    for year in range(min(told), max(told) + 1) if told else ():
        mine = [item for item in one.items if item.year == year]
        here = [m for m in one.incubator.members if m.book.year == year]
        lost = [row for row in one.unread if row.year == year]
        results = [i for i in mine if i.kind in RESULTS]
        said = "\n".join(filter(None, (_said(results), *(_left_out(row) for row in lost))))
        awards = [i for i in mine if i.kind == "award"]
        amounts = [i.amount for i in awards]
        whole = wan(sum((a for a in amounts if a is not None), Decimal(0)))
        total: Value = "" if not awards else "金额不全" if None in amounts else whole
        sources = dict.fromkeys(
            [cell for i in mine for cell in i.cells]
            + [row.cell for row in lost]
            + [_own(m.book.file, m.id) for m in here]
        )
        yield (
            one.incubator.name, one.incubator.code, year, _said(i for i in mine if i.kind == "recognised"),
            said or "没有记录", _said(awards), total,
            _said(i for i in mine if i.kind in ("finding", "decision", "sanction")), "\n".join(sources),
        )  # fmt: skip


def _own(file: str, id: str) -> str:
    return f"{file}：申报编号 {id}"


def _said(items: Iterable[Item]) -> str:
    lines = []
    for item in items:
        amount = f"{plain(wan(item.amount))}万元" if item.amount is not None else ""
        tail = "，".join(filter(None, (str(item.on or ""), item.document_number, amount, item.note)))
        lines.append(item.said() + (f"（{tail}）" if tail else ""))
    return "\n".join(lines)


def questions(pack: Pack, answers: Mapping[str, str], row: Consecutive) -> list[str]:
    """Each question with its answer, or that it is open."""
    found = []
    for question in row.questions:
        asked = pack.interpretation[question]
        answer = answers.get(question)
        found.append(f"{asked.question}{asked.option_label(answer) if answer else '未确定'}")
    return found


def _row(found: Histories, one: History, row: Consecutive) -> tuple[Value, ...]:
    answers = {id: answer.option for id, answer in found.books[-1].register.answers.items()}
    each = [f"按{'、'.join(f'「{label}」' for _, label in r.answers)}：{WORDS[r.state]}" for r in row.readings]
    if row.state == "pending" and not each:
        when = "、".join(map(str, row.open_years))
        each = [f"{when}年的结果两处不一致，或者不计入而是否中断连续办法没有写，由人判断"]
    results = [f"{i.year}年 {i.said()}（{'、'.join(i.cells)}）" for i in row.results]
    if one.incubator.mixed_with:
        results.append(f"代码可能和{'、'.join(one.incubator.mixed_with)}填混，是谁的记录不能判断，见「问题」")
    results += [_left_out(u) for u in one.unread]
    missing = [year for year in row.missing if year not in {u.year for u in one.unread}]
    return (
        one.incubator.name, one.incubator.code, row.sanction.label, row.sanction.clause, row.sanction.quote,
        f"{row.sanction.consecutive}", WORDS[row.state], "\n".join(results) or "没有记录",
        "\n".join(f"{i.year}年 {i.said()}" for i in row.counted), "、".join(map(str, missing)),
        "\n".join(questions(found.pack, answers, row)), "\n".join(each),
        "；".join(o.label for o in row.sanction.options), row.settled_on,
    )  # fmt: skip


def _ban(one: History, banned: Banned) -> tuple[Value, ...]:
    ban, decided = banned.ban, banned.decided
    dated = banned.state in ("running", "over", "applied")
    return (
        one.incubator.name, one.incubator.code, ban.sanction.label, ban.sanction.clause, ban.sanction.quote, decided.on,
        banned.option or "（历史记录没有写）", decided.document_number, ban.first if dated else None,
        ban.last if dated else None, BAN_WORDS[banned.state], decided.cell,
    )  # fmt: skip


def _waiting(one: History) -> Iterable[tuple[Value, ...]]:
    for book, case in one.waiting:
        if case.finding is not None:
            options = "；".join(o.label for o in case.sanction.options)
            yield (
                one.incubator.name, one.incubator.code, case.sanction.finding, case.sanction.clause,
                case.sanction.quote, case.finding.on, options, case.finding.reason or case.finding.evidence, "", "",
                "待决定", book.at(case.finding.cell),
            )  # fmt: skip


def _left_out(row: Unread) -> str:
    return f"没有计入：{row.cell}{row.why}"


def _unread(one: History) -> Iterable[tuple[Value, ...]]:
    for row in one.unread:
        rests = "连续情况、禁止申报期" if row.on_bans else "连续情况"
        yield (
            one.incubator.name, one.incubator.code, row.year, "", "", "", row.why.removeprefix("的"), rests, "", "",
            "资料不足", row.cell,
        )  # fmt: skip


def years_json(found: Histories) -> dict[str, Any]:
    """The same as data. Days as ISO text, amounts as text in yuan."""
    answers = {id: answer.option for id, answer in found.books[-1].register.answers.items()}
    return {
        "measure": found.pack.id,
        "as_of": found.as_of.isoformat(),
        "workbooks": [{"file": book.file, "year": book.year, "as_of": book.as_of.isoformat()} for book in found.books],
        "incubators": [_one_json(found.pack, answers, one) for one in found.all],
        "issues": [problem_json(problem) for problem in found.issues],
    }


def problem_json(problem: Issue) -> dict[str, str]:
    """An issue with the workbook it is about."""
    return {
        "severity": problem.severity, "code": problem.code, "file": problem.place.file, "sheet": problem.place.sheet,
        "cell": problem.place.cell, "message": masked(problem.message), "remedy": problem.remedy,
    }  # fmt: skip


def _one_json(pack: Pack, answers: Mapping[str, str], one: History) -> dict[str, Any]:
    return {
        "code": one.incubator.code,
        "name": one.incubator.name,
        "items": [
            {
                "year": i.year, "kind": i.kind, "what": i.what, "label": i.label, "on": _day(i.on),
                "amount": None if i.amount is None else plain(i.amount), "document_number": i.document_number,
                "cells": list(i.cells), "note": i.note,
            }
            for i in one.items
        ],
        "consecutive": [
            {
                "sanction": row.sanction.id, "state": row.state, "times": row.sanction.consecutive,
                "counted": [i.year for i in row.counted], "missing": list(row.missing),
                "answers": {q: answers.get(q, "") for q in row.questions},
                "readings": [{"answers": dict(r.answers), "state": r.state} for r in row.readings],
            }
            for row in one.rows
        ],
        "bans": [
            {
                "sanction": b.ban.sanction.id, "option": b.option, "decided": _day(b.decided.on), "state": b.state,
                "first": _day(b.ban.first), "last": _day(b.ban.last), "applied": _day(b.ban.applied),
                "cell": b.decided.cell,
            }
            for b in one.bans
        ],
        "undecided": [
            {"sanction": case.sanction.id, "found": _day(case.finding.on), "cell": book.at(case.finding.cell)}
            for book, case in one.waiting
            if case.finding is not None
        ],
        "unread": [{"cell": u.cell, "year": u.year, "why": u.why, "bans": u.on_bans} for u in one.unread],
    }  # fmt: skip


def _day(day: Any) -> str | None:
    return None if day is None else str(day)
