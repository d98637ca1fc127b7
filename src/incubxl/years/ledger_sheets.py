"""资金台账汇总, 台账逐笔, 资金台账问题: the money of several years as sheets and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from incubxl.funding.ledger import STATE_WORDS, Account, State, Years, ledger
from incubxl.funding.ledger_checks import Checked, check, stage_words
from incubxl.funding.ledger_controls import Control
from incubxl.funding.ledger_refunds import Refund
from incubxl.funding.ledger_rows import KIND_WORDS, Entry, Kind
from incubxl.funding.ledger_sums import Sum
from incubxl.issues import Issue
from incubxl.money import in_words, plain
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.register.fold import squash
from incubxl.results.words import labels, payer_label, wan
from incubxl.verdict import Verdict
from incubxl.years.read import LEDGER, Opened
from incubxl.years.sheets import problem_json, problem_sheet

ENTRIES, PROBLEMS = "台账逐笔", "资金台账问题"
_TABLE = "ledger"
SOURCES = 12  # cells that one row names; the rest are counted
_WHO = (Column("单位名称"), Column("统一社会信用代码"))
_ACCOUNTS = (
    *_WHO, Column("资金项目"), Column("出资方"), Column("支持年度", "centre"), Column("年度评价"),
    Column("应得（万元）", "wan"), Column("核定（万元）", "wan"), Column("拨付（万元）", "wan"),
    Column("核实使用（万元）", "wan"), Column("退还（万元）", "wan"), Column("状态", words=True),
    Column("说明"), Column("条款"), Column("原文"), Column("出处", "small"),
)  # fmt: skip
_REFUNDS = (
    *_WHO, Column("应退还"), Column("出资方"), Column(""), Column(""),
    Column("应退还（万元）", "wan"), Column(""), Column("拨付（万元）", "wan"),
    Column("核实使用（万元）", "wan"), Column("退还（万元）", "wan"), Column("状态", words=True),
    Column("说明"), Column("条款"), Column("原文"), Column("出处", "small"),
)  # fmt: skip
_CONTROLS = (
    *_WHO, Column("控制"), Column(""), Column("年度", "centre"), Column(""),
    Column("控制数（万元）", "wan"), Column("核定（万元）", "wan"), Column("拨付（万元）", "wan"),
    Column(""), Column(""), Column("状态", words=True), Column("说明"), Column("条款"), Column("原文"), Column(""),
)  # fmt: skip
_WIDTHS = (26, 22, 24, 12, 10, 12, 14, 14, 14, 14, 14, 11, 44, 14, 36, 42)
_ENTRIES = (
    *_WHO, Column("资金项目"), Column("支持年度", "centre"), Column("类别", "centre"), Column("年度", "integer"),
    Column("日期", "date"), Column("金额（万元）", "wan"), Column("文号"), Column("出处", "small"),
)  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """The accounts with what was found wrong, and the problems of reading."""

    years: Years
    checked: Checked
    notice: str
    issues: tuple[Issue, ...]


def make_ledger(read: Opened, as_of: dt.date) -> Ledger:
    """The money of these workbooks, of what is recorded up to ``as_of``."""
    assessed = zip(read.books, read.assessments, strict=True)
    years = ledger(read.books, as_of, {book: [d.funding for d in found.determinations] for book, found in assessed})
    checked = check(years)
    found = dict.fromkeys((*read.issues, *_told_of_reading(read), *years.issues, *checked.issues))
    return Ledger(years, checked, years.pack.measure.notice(as_of), tuple(found))


def _told_of_reading(read: Opened) -> Iterator[Issue]:
    """What reading found wrong on the sheets of money: rows of nobody's, days and amounts that are none."""
    for book, assessment in zip(read.books, read.assessments, strict=True):
        payments = book.register.pack.funding.payments
        ids = {_TABLE, payments.table if payments else ""}
        specs = [table.spec for id, table in book.register.tables.items() if id in ids]
        sheets = {squash(name) for spec in specs for name in (spec.sheet, *spec.aliases)}
        for problem in assessment.issues:
            if problem.severity != "info" and squash(problem.place.sheet) in sheets:
                yield replace(problem, place=replace(problem.place, file=book.file))


def ledger_sheets(made: Ledger) -> list[SheetPlan]:
    """The three sheets."""
    years = made.years
    about = f"{years.pack.measure.name}　按 {years.as_of:%Y-%m-%d} 看"
    if years.later:
        about += f"　此后的 {years.later} 行没有计入"
    files = "读入的工作簿：" + "、".join(f"{book.file or '本工作簿'}（{book.year}年度）" for book in years.books)
    said = "应得由程序按各年度工作簿和办法计算；核定、拨付、核实使用、退还是台账所记。空着是没有记录，不是零。"
    accounts = [_account(made, n, account) for n, account in enumerate(years.accounts)]
    blocks = [Block(_ACCOUNTS, accounts, empty="没有资金")]
    if any(item.refund for item in years.pack.funding.items):
        blocks.append(Block(_REFUNDS, [_refund(made, r) for r in years.refunds], heading="应退还", empty="没有"))
    if years.pack.funding.lifetime or years.pack.funding.totals:
        rows = [_control(control) for control in made.checked.controls]
        blocks.append(Block(_CONTROLS, rows, heading="总额控制", empty="没有设定"))
    names = {item.id: item.label for item in years.pack.funding.items}
    each = [
        (
            one.name, one.code, names[e.item], stage_words(e.stage), KIND_WORDS[e.kind], e.year, e.on, wan(e.amount),
            e.document_number, "\n".join(e.cells),
        )
        for key, one in years.incubators.items()
        for e in years.entries.get(key, ())
    ]  # fmt: skip
    entries = Block(_ENTRIES, each, empty="没有记录")
    return [
        SheetPlan(
            LEDGER, LEDGER, made.notice, _WIDTHS, tuple(blocks), (about, files, said), freeze_columns=2, paper="A3"
        ),
        SheetPlan(
            ENTRIES, ENTRIES, made.notice, (26, 22, 28, 10, 11, 9, 12, 16, 28, 60), (entries,), (about,),
            freeze_columns=2, paper="A3",
        ),
        problem_sheet(PROBLEMS, made.notice, about, made.issues),
    ]  # fmt: skip


def _wan(amount: Decimal | None) -> Value:
    return None if amount is None else wan(amount)


def _sources(*sums: Sum) -> str:
    cells = list(dict.fromkeys(cell for one in sums for cell in one.cells))
    more = f"……另有 {len(cells) - SOURCES} 处" if len(cells) > SOURCES else ""
    return "\n".join(filter(None, (*cells[:SOURCES], more)))


def explained(made: Ledger, account: Account) -> str:
    """How the entitlement was found, or why there is none; what the measure's age and the office's readings add."""
    line, pack = account.line, made.years.pack
    said = []
    if line is not None and account.entitled is not None:
        said += [f"起约束的限额：{limit.label}（{limit.basis}）" for limit in line.limits if limit.id in line.binding]
        if line.amount != account.entitled and account.item.remaining is not None:
            paid = in_words(account.entitled - (line.amount or Decimal(0)))
            said.append(f"加上此前已拨付{paid}")
    if account.entitled is None:
        word = account.verdict.word if account.line is not None else "资料不足"
        missing = labels(pack, line.missing) if line is not None and line.missing else ""
        why = [text for text in (account.reason, f"缺{missing}" if missing else "") if text]
        said.append("，".join([f"应得：{word}", *why]))
    if account.sums["approved"].amount is None and account.typed.amount is not None:
        said.append(f"核定没有记在台账；登记表填的核定数：{in_words(account.typed.amount)}")
    if account.broken:
        said.append("有读不出的行，合计不全：" + "、".join(account.broken))
    said += line.notes if line is not None else ()
    if account.member is not None:
        book = account.member.book
        said.append(f"应得依据：{book.at(book.register.columns['applicant_id'].cell(account.member.i))}")
    return "\n".join(said)


def _account(made: Ledger, n: int, a: Account) -> tuple[Value, ...]:
    sums = a.sums
    return (
        a.incubator.name, a.incubator.code, a.item.label, payer_label(made.years.pack, a.item.payer),
        stage_words(a.stage), a.result, _wan(a.entitled), _wan(sums["approved"].amount), _wan(sums["paid"].amount),
        _wan(sums["verified"].amount), _wan(sums["refunded"].amount), STATE_WORDS[made.checked.states[n]],
        explained(made, a), a.item.clause, a.item.quote, _sources(a.approved, *sums.values()),
    )  # fmt: skip


def _refund(made: Ledger, r: Refund) -> tuple[Value, ...]:
    word = "已列出" if r.verdict == Verdict.MET else r.verdict.word
    left = ""
    if r.due is not None and r.refunded.amount is not None:
        left = f"还应退还{in_words(r.due - r.refunded.amount)}" if r.refunded.amount < r.due else "已退足"
    return (
        r.incubator.name, r.incubator.code, r.item.label, payer_label(made.years.pack, r.item.payer), "", "",
        _wan(r.due), None, _wan(r.paid.amount), _wan(r.verified.amount), _wan(r.refunded.amount), word,
        "\n".join(filter(None, (r.reason, left))), r.item.clause, r.item.quote,
        _sources(r.paid, r.verified, r.refunded),
    )  # fmt: skip


def _control(c: Control) -> tuple[Value, ...]:
    return (
        c.name or "全部单位", c.code, c.label, "", str(c.year) if c.year else "历年", "", _wan(c.cap),
        _wan(c.sums["approved"]), _wan(c.sums["paid"]), None, None, STATE_WORDS[c.state], c.why, c.clause, c.quote, "",
    )  # fmt: skip


def ledger_json(made: Ledger) -> dict[str, Any]:
    """The same as data: amounts as text in yuan, null where nothing is known."""
    years = made.years
    return {
        "measure": years.pack.id,
        "as_of": years.as_of.isoformat(),
        "notice": made.notice,
        "workbooks": [{"file": book.file, "year": book.year, "as_of": book.as_of.isoformat()} for book in years.books],
        "accounts": [_account_json(made, n, a) for n, a in enumerate(years.accounts)],
        "refunds": [
            {
                "code": r.incubator.code, "name": r.incubator.name, "item": r.item.id, "pool": r.item.pool,
                "verdict": r.verdict.key, "due": _text(r.due), "paid": _text(r.paid.amount),
                "verified": _text(r.verified.amount), "refunded": _text(r.refunded.amount), "reason": r.reason,
            }
            for r in years.refunds
        ],
        "controls": [
            {
                "label": c.label, "code": c.code, "year": c.year, "cap": _text(c.cap), "state": c.state,
                "approved": _text(c.sums["approved"]), "paid": _text(c.sums["paid"]), "why": c.why,
            }
            for c in made.checked.controls
        ],
        "entries": [
            {"code": one.code, "name": one.name, **_entry_json(e)}
            for key, one in years.incubators.items()
            for e in years.entries.get(key, ())
        ],
        "issues": [problem_json(problem) for problem in made.issues],
    }  # fmt: skip


def _account_json(made: Ledger, n: int, a: Account) -> dict[str, Any]:
    kinds: Sequence[Kind] = ("paid", "verified", "refunded")
    return {
        "code": a.incubator.code, "name": a.incubator.name, "item": a.item.id, "stage": a.stage,
        "verdict": a.verdict.key, "entitled": _text(a.entitled), "reason": a.reason, "result": a.result,
        "approved": _text(a.sums["approved"].amount), "approved_in_register": _text(a.typed.amount),
        **{kind: _text(a.sums[kind].amount) for kind in kinds},
        "state": _state(made, n), "broken": list(a.broken), "notes": list(a.line.notes) if a.line else [],
    }  # fmt: skip


def _state(made: Ledger, n: int) -> State:
    return made.checked.states[n]


def _entry_json(e: Entry) -> dict[str, Any]:
    return {
        "item": e.item, "stage": e.stage, "kind": e.kind, "year": e.year, "on": None if e.on is None else str(e.on),
        "amount": plain(e.amount), "document_number": e.document_number, "cells": list(e.cells),
    }  # fmt: skip


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
