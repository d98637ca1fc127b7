"""Scenarios of sanctions, of results in a row and of the ledger: what a person expects against what comes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incubxl.funding.ledger import Years, ledger
from incubxl.funding.ledger_checks import check
from incubxl.policy.pack import Case, ScenarioGroup
from incubxl.procedure.consecutive import consecutive
from incubxl.procedure.sanctions import cases
from incubxl.procedure.timeline import RESULTS, decided, items, others_of
from incubxl.register.across import Book, incubators
from incubxl.register.model import Register
from incubxl.verdict import BY_KEY


def years_problem(register: Register, group: ScenarioGroup, case: Case, as_of: dt.date) -> str:
    """Why the case does not hold; empty when it does."""
    if group.sanction:
        return _sanction(register, group.sanction, case, as_of)
    book = Book(f"{register.settings.year}.xlsx", register, as_of)
    if group.consecutive:
        return _consecutive(book, group.consecutive, case)
    years = ledger([book], as_of)
    if register.pack.funding.item(group.ledger).refund:
        return _refund(years, group.ledger, case)
    return _ledger(years, group.ledger, case)


def _sanction(register: Register, id: str, case: Case, as_of: dt.date) -> str:
    found = [c for c in cases(register, register.ids[0], as_of) if c.sanction.id == id]
    state = found[-1].state if found else "none"
    if state != case.expect:
        return f"应为 {case.expect}，得到 {state}"
    options = tuple(o.label for o in register.pack.procedure.sanction(id).options)
    if case.options is not None and options != case.options:
        return f"应列出 {'、'.join(case.options)}，得到 {'、'.join(options)}"
    ban = found[-1].ban if found else None
    if case.ban is not None and (ban is None or ban.state != case.ban):
        return f"禁止申报期应为 {case.ban}，得到 {ban.state if ban else 'none'}"
    if case.last is not None and (ban is None or ban.last != case.last):
        return f"禁止申报期应至 {case.last}，得到 {ban.last if ban else '无'}"
    return ""


def _consecutive(book: Book, id: str, case: Case) -> str:
    register = book.register
    sanction = register.pack.procedure.sanction(id)
    found, _ = incubators([book])
    others = others_of([book])
    told = items(found[0], others)
    answers = {question: answer.option for question, answer in register.answers.items()}
    last = max((i.year for i in told if i.kind in RESULTS and i.year is not None), default=book.year)
    days = [d.on for d in decided(found[0], others) if d.sanction == id and d.on is not None]
    row = consecutive(register.pack, sanction, answers, told, last, days)
    if row.state != case.expect:
        years = "、".join(f"{i.year}{i.label or i.kind}" for i in row.results)
        return f"应为 {case.expect}，得到 {row.state}（{years}；没有记录的年度 {row.missing}）"
    return ""


def _ledger(years: Years, id: str, case: Case) -> str:
    checked = check(years)
    at = [n for n, a in enumerate(years.accounts) if a.item.id == id and a.stage == case.stage]
    state = checked.states[at[0]] if at else "nothing"
    codes = sorted({i.code for i in (*years.issues, *checked.issues) if i.code.startswith("ledger.")})
    if state != case.expect:
        reason = years.accounts[at[0]].reason if at else ""
        return f"应为 {case.expect}，得到 {state}（{reason}；{'、'.join(codes)}）"
    if case.finds is not None and codes != sorted(case.finds):
        return f"应发现 {sorted(case.finds)}，得到 {codes}"
    return ""


def _refund(years: Years, id: str, case: Case) -> str:
    refund = next((r for r in years.refunds if r.item.id == id), None)
    expected = str(case.expect)
    if expected in BY_KEY:
        verdict = (
            refund.verdict.key if refund is not None and refund.due is None else "met" if refund else "not_applicable"
        )
        return "" if verdict == expected else f"应为 {expected}，得到 {verdict}"
    if refund is None or refund.due != Decimal(expected):
        return f"应退还 {expected} 元，得到 {refund.due if refund else '不适用'}"
    return ""
