"""Controls over several payments: of one organisation over all years, and of all organisations in one year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incubxl.funding.amounts import Term, evaluate
from incubxl.funding.case import Case, Unanswered
from incubxl.funding.ledger import State, Years
from incubxl.funding.ledger_rows import KIND_WORDS, Kind, awards_of
from incubxl.funding.ledger_sums import total
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import WAN, in_words
from incubxl.policy.funding import Lifetime, TotalControl
from incubxl.register.across import Book, Member
from incubxl.verdict import Verdict

_CHECKED: tuple[Kind, ...] = ("approved", "paid")


@dataclass(frozen=True)
class Control:
    """A control over several payments: of one organisation over all years, or of all in one year (``year``)."""

    label: str
    clause: str
    quote: str
    name: str  # the organisation; empty: all
    code: str
    year: int | None
    cap: Decimal | None
    why: str  # why there is no cap: not set, or open
    sums: Mapping[Kind, Decimal | None]
    state: State


def tell(code: str, at: Sequence[str], **seen: Any) -> Issue:
    """The issue at the first of these cells (``file：sheet!cell``)."""
    file, _, address = (at[0] if at else "").rpartition("：")
    sheet, _, cell = address.rpartition("!")
    return issue(code, Place(sheet, cell, file), **seen)


def lifetimes(years: Years) -> Iterator[tuple[Control, list[Issue]]]:
    """What one organisation may get of some items over all years."""
    for control in years.pack.funding.lifetime:
        for key, one in years.incubators.items():
            if not one.members:
                continue
            entries = [e for e in years.entries.get(key, ()) if e.item in control.items]
            # the latest year that sets it: a later workbook that leaves the column empty lifts nothing
            terms = next((found for member in reversed(one.members) if (found := _caps(member, control))), [])
            if not terms:
                continue
            broken = years.broken.get(key, ())
            sums = {kind: total(entries, kind, broken) for kind in _CHECKED}
            caps = {term.amount for term in terms}
            known = [cap for cap in caps if cap is not None]
            cap = known[0] if len(caps) == 1 and known else None
            why = "" if cap is not None else "、".join(dict.fromkeys(t.reason or t.words for t in terms if t.words))
            problems: list[Issue] = []
            state: State = "agrees"
            for kind in _CHECKED:
                amount = sums[kind].amount
                if amount is None:
                    continue
                told = {
                    "name": one.name, "label": control.label, "clause": control.clause, "kind": KIND_WORDS[kind],
                    "total": in_words(amount),
                }  # fmt: skip
                cells = sums[kind].cells
                if known and len(known) == len(caps) and amount > max(known):
                    over = {"cap": in_words(max(known)), "over": in_words(amount - max(known))}
                    problems.append(tell("ledger.lifetime_exceeded", cells, **told, **over, cells="、".join(cells)))
                    state = "wrong"
                elif cap is None and (not known or len(known) < len(caps) or amount > min(known)):
                    problems.append(tell("ledger.lifetime_open", cells, **told, why=why))
                    state = "pending" if state == "agrees" else state
            if state == "agrees" and broken:
                state = "unknown"
            amounts = {kind: made.amount for kind, made in sums.items()}
            yield (
                Control(
                    control.label, control.clause, control.quote, one.name, one.code, None, cap, why, amounts, state
                ),
                problems,
            )


def _caps(member: Member, control: Lifetime) -> list[Term]:
    """The cap under every reading still open; empty where the control does not concern the organisation."""
    register = member.book.register
    answers = {id: answer.option for id, answer in register.answers.items()}
    case = Case(register, member.i, member.book.as_of, answers, awards_of(member.book))
    if control.when_filled and case.blank(control.when_filled):
        return []
    return [term for term in _readings(case, control) if term.verdict != Verdict.NOT_APPLICABLE]


def _readings(case: Case, control: Lifetime) -> Iterator[Term]:
    try:
        yield evaluate(case, control.amount)
    except Unanswered as open_:
        for option in case.pack.interpretation[open_.interpretation].options:
            answers = {**case.answers, open_.interpretation: option.id}
            yield from _readings(Case(case.register, case.i, case.as_of, answers, case.awards), control)


def totals(years: Years) -> Iterator[tuple[Control, list[Issue]]]:
    """What the office has set for all organisations of one year."""
    by_year: dict[int, Book] = {book.year: book for book in years.books}
    for control in years.pack.funding.totals:
        for year, book in sorted(by_year.items()):
            cap = _ceiling(book, control)
            if cap is not None:
                yield _total(years, control, year, book, cap)


def _ceiling(book: Book, control: TotalControl) -> Decimal | None:
    value = book.register.settings.values.get(control.setting)
    if value is None:
        return None
    spec = next(field for field in book.register.pack.settings if field.id == control.setting)
    return Decimal(value) * (WAN if spec.unit == "万元" else 1)


def _total(years: Years, control: TotalControl, year: int, book: Book, cap: Decimal) -> tuple[Control, list[Issue]]:
    entries = [e for mine in years.entries.values() for e in mine if e.item in control.items and e.year == year]
    broken = [cell for cells in years.broken.values() for cell in cells]
    sums = {kind: total(entries, kind) for kind in _CHECKED}
    problems = []
    for kind in _CHECKED:
        amount = sums[kind].amount
        if amount is not None and amount > cap:
            seen = {
                "label": control.label, "clause": control.clause, "year": year, "kind": KIND_WORDS[kind],
                "total": in_words(amount), "cap": in_words(cap), "over": in_words(amount - cap),
            }  # fmt: skip
            cell = book.at(book.register.settings.cells.get(control.setting, ""))
            problems.append(tell("ledger.total_exceeded", (cell,), **seen))
    state: State = "wrong" if problems else "unknown" if broken else "agrees"
    amounts = {kind: made.amount for kind, made in sums.items()}
    why = "有读不出的行，合计不全" if broken and not problems else ""
    return Control(control.label, control.clause, control.quote, "", "", year, cap, why, amounts, state), problems
