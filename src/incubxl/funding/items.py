"""One item for one applicant: does it apply, is it closed, what are its limits, which of them binds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from incubxl.funding.amounts import Term, evaluate
from incubxl.funding.case import Case
from incubxl.funding.conditions import Found, check
from incubxl.funding.model import FundingLine, Limit
from incubxl.money import floor_yuan
from incubxl.policy.funding import DayTest, FundingItem, Gate, LimitPolicy
from incubxl.verdict import Verdict

_VERDICTS = {v.key: v for v in Verdict}


@dataclass(frozen=True, slots=True)
class Closed:
    """Why no money is counted."""

    verdict: Verdict
    reason: str = ""
    missing: tuple[str, ...] = ()


def line(case: Case, item: FundingItem) -> FundingLine:
    """The line of one item under the case's answers. May raise Unanswered."""
    case.notes.clear()
    closed = _closed(case, item)
    if closed is not None:
        return _line(case, item, closed.verdict, reason=closed.reason, missing=closed.missing)
    found = [(policy, term, quotes) for policy in item.limits for term, quotes in _quoted(case, policy)]
    limits = tuple(_shown(*each) for each in found)
    lacking = [term for _, term, _ in found if term.amount is None]
    if lacking:
        return _lacking(case, item, limits, lacking)
    amounts = {limit.id: limit.amount for limit in limits if limit.amount is not None}
    if not amounts:
        return _line(case, item, Verdict.PENDING, limits=limits, reason="各项上限都不适用，金额由本单位决定")
    least = min(amounts.values())
    binding = tuple(id for id, amount in amounts.items() if amount == least)
    if least == 0 and item.nothing:
        return _line(case, item, Verdict.NOT_MET, limits=limits, reason=item.nothing)
    for limit in limits:
        if limit.soft and limit.id in binding:
            case.notes[f"「{limit.label}」是「原则上」的上限，起约束作用；例外须有书面决定"] = None
    return replace(_line(case, item, Verdict.MET, limits=limits, binding=binding), amount=least)


def _line(
    case: Case,
    item: FundingItem,
    verdict: Verdict,
    *,
    limits: tuple[Limit, ...] = (),
    binding: tuple[str, ...] = (),
    reason: str = "",
    missing: Iterable[str] = (),
) -> FundingLine:
    notes = tuple(filter(None, (*case.notes, item.note))) if verdict != Verdict.NOT_APPLICABLE else ()
    return FundingLine(
        item=item.id,
        label=item.label,
        payer=item.payer,
        year=support_year(case) if item.yearly else None,
        verdict=verdict,
        amount=None,
        limits=limits,
        binding=binding,
        clause=item.clause,
        quote=item.quote,
        reason=reason,
        missing=tuple(dict.fromkeys(missing)),
        interpretations=tuple(case.used),
        notes=notes,
    )


def support_year(case: Case) -> int | None:
    """The support year of the applicant's row; None where the measure has none or it is not known."""
    spec = case.pack.funding.support_year
    if spec is None:
        return None
    column = case.register.columns[spec.fact]
    if column.spec.type == "choice":
        return spec.years.get(column.text(case.i))
    value = column.exact(case.i)
    return None if value is None else int(value)


def _closed(case: Case, item: FundingItem) -> Closed | None:
    track = case.register.tracks[case.i]
    if item.tracks and not track:
        return Closed(Verdict.UNKNOWN, missing=("track",))
    if item.tracks and track not in item.tracks:
        return Closed(Verdict.NOT_APPLICABLE)
    if item.applies is not None:
        verdict, missing = check(case, item.applies)
        if verdict == Verdict.UNKNOWN and not (item.on_record and all(map(case.blank, missing))):
            return Closed(verdict, missing=missing)
        if verdict != Verdict.MET:
            return Closed(Verdict.PENDING if verdict == Verdict.PENDING else Verdict.NOT_APPLICABLE)
    if item.once:
        events = case.awards.of(case.i, (item.id, item.label, *item.once))
        for event in events[:1]:
            if event.kind == "paid" and event.on is None and event.year is None:
                reason = (
                    f"「{event.what}」的拨付（{event.cell}）没有年度和日期，是不是以前已给的一次性支持无法判断，请补填"
                )
                return Closed(Verdict.PENDING, reason)
            when = f"{event.on:%Y-%m-%d}" if event.on else f"{event.year}年" if event.year else "此前"
            reason = f"「{event.what}」{when}已获支持（{event.cell}），一次性支持不重复给予"
            return Closed(Verdict.NOT_MET, reason)
    for gate in item.gates:
        closed = _gate(case, gate)
        if closed is not None:
            return closed
    for event in case.awards.unlisted(case.i)[:1] if item.once else ():
        case.tell("funding.unlisted_award", event.cell, what=event.what, label=item.label, titles="、".join(item.once))
        return Closed(
            Verdict.PENDING, f"「{event.what}」（{event.cell}）不是办法列出的称号，是不是本项一次性支持已给过，由人判断"
        )
    return None


def _gate(case: Case, gate: Gate) -> Closed | None:
    verdict, missing = check(case, gate.when) if gate.when is not None else _day(case, gate.date)
    reason = gate.reason + (f"（{gate.clause}）" if gate.clause else "")
    if verdict == Verdict.MET:
        return Closed(_VERDICTS[gate.verdict], reason) if case.under(gate.under) else None
    if verdict == Verdict.PENDING:
        return Closed(Verdict.PENDING, reason) if case.under(gate.under) else None
    blank = all(map(case.blank, missing))  # an unreadable cell is never taken for one left empty
    if verdict != Verdict.UNKNOWN or (gate.missing == "pass" and blank) or not case.under(gate.under):
        return None
    if gate.missing == "unknown" or not blank:
        return Closed(Verdict.UNKNOWN, missing=missing)
    return Closed(_VERDICTS[gate.missing], reason)


def _day(case: Case, test: DayTest | None) -> Found:
    if test is None:
        raise ValueError("关口没有条件")
    validity = case.pack.measure
    days: dict[str, date | None] = {
        "issued_on": validity.issued_on,
        "since": validity.validity.since,
        "as_of": case.as_of,
    }
    bound, day = days[test.day], case.register.columns[test.fact].day(case.i)
    if bound is None:
        return Verdict.NOT_APPLICABLE, ()
    if day is None:
        return Verdict.UNKNOWN, (test.fact,)
    hit = {"before": day < bound, "after": day > bound, "not_before": day >= bound}[test.is_]
    return (Verdict.MET if hit else Verdict.NOT_MET), ()


def _limit(case: Case, policy: LimitPolicy) -> Term | None:
    """The limit's amount; None where it drops out."""
    if policy.when_filled and case.blank(policy.when_filled):
        return None
    if policy.applies is not None:
        verdict, missing = check(case, policy.applies)
        if verdict in (Verdict.UNKNOWN, Verdict.PENDING):
            return Term(None, f"不能确定「{policy.label}」是否适用", (), missing, verdict, simple=True)
        if verdict != Verdict.MET:
            return None
    if policy.under and not case.under(policy.under):
        return None
    if policy.exception and not case.filled(policy.exception) and not case.blank(policy.exception):
        words = f"读不出「{policy.label}」是否有例外"
        return Term(None, words, case.cells(policy.exception), (policy.exception,), Verdict.UNKNOWN, simple=True)
    if policy.exception and case.register.columns[policy.exception].flag(case.i):
        document = policy.exception_document
        if document and not case.filled(document):
            words = f"记录了「{policy.label}」的例外，没有写决定文号"
            return Term(None, words, case.cells(policy.exception), (document,), Verdict.UNKNOWN, simple=True)
        number = f"（{case.register.columns[document].text(case.i)}）" if document else ""
        case.notes[f"「{policy.label}」另有书面决定{number}，没有适用"] = None
        return None
    return evaluate(case, policy.amount)


def _quoted(case: Case, policy: LimitPolicy) -> Iterable[tuple[Term, tuple[str, ...]]]:
    """The limit's amount with what the measure says of the numbers in it; nothing where it drops out."""
    case.quotes.clear()
    term = _limit(case, policy)
    return () if term is None else ((term, tuple(case.quotes)),)


def _shown(policy: LimitPolicy, term: Term, quotes: tuple[str, ...]) -> Limit:
    amount = None if term.amount is None else floor_yuan(term.amount)
    cells = tuple(dict.fromkeys(term.cells))
    return Limit(policy.id, policy.label, amount, policy.soft, policy.clause, term.basis, cells, term.missing, quotes)


def _lacking(case: Case, item: FundingItem, limits: tuple[Limit, ...], lacking: list[Term]) -> FundingLine:
    """A limit is not known: what it waits for decides. Not being entitled outweighs missing facts."""
    reason = next((term.reason for term in lacking if term.reason), "")
    verdicts = {term.verdict for term in lacking}
    for verdict in (Verdict.NOT_APPLICABLE, Verdict.NOT_MET):
        if verdict in verdicts:
            why = next((t.reason for t in lacking if t.verdict == verdict), "")
            return _line(case, item, verdict, limits=limits, reason=why)
    missing = [m for term in lacking for m in term.missing]
    verdict = Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.PENDING
    return _line(case, item, verdict, limits=limits, reason=reason, missing=missing)
