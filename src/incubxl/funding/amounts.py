"""The operators of funding.yaml: an amount in yuan with its arithmetic in Chinese, or what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from incubxl.funding.case import Case
from incubxl.funding.conditions import check
from incubxl.money import WAN, in_words, plain
from incubxl.policy.funding import Amount, AmountCase, Joint, Less, Past, Times
from incubxl.verdict import Verdict

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Term:
    """An amount. ``verdict`` MET: known. Otherwise ``missing`` (UNKNOWN) or ``reason`` say why it is not.

    ``words`` is the arithmetic without its result; ``simple`` says that it needs no brackets and no result.
    """

    amount: Decimal | None
    words: str
    cells: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    verdict: Verdict = Verdict.MET
    reason: str = ""
    simple: bool = False

    @property
    def basis(self) -> str:
        """The arithmetic with its result."""
        return self.words if self.simple or self.amount is None else f"{self.words}＝{in_words(self.amount)}"

    @property
    def inner(self) -> str:
        return self.words if self.simple else f"（{self.words}）"


def evaluate(case: Case, amount: Amount) -> Term:
    """The amount for the case's applicant. May raise Unanswered."""
    if amount.parameter is not None:
        return _parameter(case, amount.parameter)
    if amount.fact is not None:
        return fact(case, amount.fact)
    if amount.item is not None:
        return _item(case, amount.item)
    if amount.times is not None:
        return _times(case, amount.times)
    if amount.joint is not None:
        return _joint(case, amount.joint)
    if amount.less is not None:
        return _less(case, amount.less)
    if amount.sum is not None:
        return _sum([evaluate(case, part) for part in amount.sum])
    if amount.cases is not None:
        return _cases(case, amount.cases)
    if amount.past is not None:
        return _past(case, amount.past)
    reading = amount.by_interpretation
    if reading is None:
        raise ValueError("金额没有运算符")
    return evaluate(case, reading.options[case.ask(reading.interpretation)])


def to_yuan(value: Decimal, unit: str) -> Decimal:
    return value * WAN if unit == "万元" else value


def _parameter(case: Case, id: str) -> Term:
    parameter = case.pack.parameter[id]
    value = parameter.at(case.as_of)
    if value is None:
        reason = f"{case.as_of:%Y-%m-%d}尚无「{parameter.label}」的标准"
        return Term(None, parameter.label, verdict=Verdict.NOT_APPLICABLE, reason=reason)
    case.quotes[parameter.quote] = None
    yuan = to_yuan(value, parameter.unit)
    return Term(yuan, f"{parameter.label}{in_words(yuan)}", simple=True)


def fact(case: Case, id: str) -> Term:
    """A money fact in yuan. Blank, unreadable (negative), not one number, or told otherwise by the ledger: unknown."""
    label, cells = case.pack.label(id), case.cells(id)
    found = case.number(id)
    if found is None or found[0] != found[1]:
        words = f"{label}未填" if found is None else f"{label}尚不确定"
        return Term(None, words, cells, case.missing(id), Verdict.UNKNOWN, simple=True)
    if id in case.contested:
        words = f"{label}与资金台账不一致"
        return Term(None, words, cells, case.missing(id), Verdict.UNKNOWN, case.contested[id], simple=True)
    yuan = to_yuan(found[0], case.unit(id))
    return Term(yuan, f"{label}{in_words(yuan)}", cells, simple=True)


def _item(case: Case, id: str) -> Term:
    line = case.lines[id]
    if line.amount is not None:
        return Term(line.amount, f"{line.label}{in_words(line.amount)}", simple=True)
    reason = line.reason or f"「{line.label}」{line.verdict.word}"
    return Term(None, f"{line.label}{line.verdict.word}", (), line.missing, line.verdict, reason, simple=True)


def _rate(case: Case, id: str) -> tuple[Decimal, str] | None:
    parameter = case.pack.parameter[id]
    value = parameter.at(case.as_of)
    if value is None:
        return None
    case.quotes[parameter.quote] = None
    return (value / 100, f"{plain(value)}%") if parameter.unit == "%" else (value, plain(value))


def _no_rate(case: Case, id: str) -> Term:
    return _parameter(case, id)


def _times(case: Case, spec: Times) -> Term:
    rate = _rate(case, spec.rate)
    if rate is None:
        return _no_rate(case, spec.rate)
    of = evaluate(case, spec.of)
    words = f"{of.inner}×{rate[1]}"
    if of.amount is None:
        return Term(None, words, of.cells, of.missing, of.verdict, of.reason)
    return Term(of.amount * rate[0], words, of.cells)


def _joint(case: Case, spec: Joint) -> Term:
    """The other payer matches in full, unless a smaller amount is recorded for it."""
    rate, match = _rate(case, spec.rate), _rate(case, spec.match)
    if rate is None or match is None:
        return _no_rate(case, spec.rate if rate is None else spec.match)
    of = evaluate(case, spec.of)
    words = f"{of.inner}×{rate[1]}"
    shared = f"{words}÷{plain((1 + match[0]).normalize())}"
    if of.amount is None:
        return Term(None, shared, of.cells, of.missing, of.verdict, of.reason)
    full = of.amount * rate[0] / (1 + match[0])
    if case.blank(spec.other):
        return Term(full, shared, of.cells)
    other = fact(case, spec.other)
    if other.amount is None:
        return Term(None, shared, (*of.cells, *other.cells), other.missing, other.verdict)
    rest = of.amount * rate[0] - other.amount
    if rest > full:
        return Term(rest, f"{words}－{other.words}", (*of.cells, *other.cells))
    return Term(full, shared, of.cells)


def _less(case: Case, spec: Less) -> Term:
    whole, take = evaluate(case, spec.from_), evaluate(case, spec.take)
    words = f"{whole.inner}－{take.inner}"
    together = _unite(words, [whole, take])
    if whole.amount is None or take.amount is None:
        return together
    rest = whole.amount - take.amount
    if rest < 0:
        names = {"used": spec.take.fact or "", "paid": spec.from_.fact or ""}
        if all(names.values()):
            seen = {"used_value": in_words(take.amount), "paid_value": in_words(whole.amount)}
            labels = {key: case.pack.label(id) for key, id in names.items()}
            case.find("funding.over_used", names["used"], **labels, **seen)
        words += "，不足0按0计"
    return Term(max(rest, ZERO), words, together.cells)


def _sum(parts: list[Term]) -> Term:
    words = "＋".join(part.inner for part in parts)
    together = _unite(words, parts)
    known = [part.amount for part in parts if part.amount is not None]
    return Term(sum(known, ZERO), words, together.cells) if len(known) == len(parts) else together


def _unite(words: str, parts: list[Term]) -> Term:
    """Terms of which one is not known: the strongest verdict, all that is missing."""
    cells = tuple(cell for part in parts for cell in part.cells)
    missing = tuple(dict.fromkeys(m for part in parts for m in part.missing))
    lacking = [part for part in parts if part.amount is None]
    worst = max(lacking, key=lambda part: part.verdict, default=Term(None, words))
    return Term(None, words, cells, missing, worst.verdict, worst.reason)


def _cases(case: Case, cases: tuple[AmountCase, ...]) -> Term:
    for one in cases:
        verdict, missing = check(case, one.when)
        if verdict == Verdict.MET:
            return evaluate(case, one.then)
        if verdict == Verdict.UNKNOWN:
            return Term(None, "不能确定适用哪一档", (), missing, verdict, simple=True)
        if verdict == Verdict.PENDING:
            return Term(None, "不能确定适用哪一档", verdict=verdict, reason="有待人工判断", simple=True)
    return Term(None, "没有适用的档次", verdict=Verdict.NOT_APPLICABLE, reason="没有适用的档次", simple=True)


def _past(case: Case, spec: Past) -> Term:
    events = case.awards.of(case.i, spec.titles)
    if not events:
        return fact(case, spec.total)
    cells = tuple(event.cell for event in events)
    label = "、".join(dict.fromkeys(event.what for event in events))
    if any(event.amount is None for event in events):
        return Term(None, f"{label}已获支持金额未填", cells, ("history",), Verdict.UNKNOWN, simple=True)
    recorded = sum((event.amount for event in events if event.amount is not None), ZERO)
    typed = fact(case, spec.total)
    if typed.amount is not None and typed.amount != recorded:
        seen = {"typed": in_words(typed.amount), "recorded": in_words(recorded), "cells": "、".join(cells)}
        case.find("funding.history_differs", spec.total, label=case.pack.label(spec.total), **seen)
    return Term(recorded, f"{label}已获支持{in_words(recorded)}", cells, simple=True)
