"""Money of all applicants of one register: every item under every reading still open, then what concerns all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import incubxl.funding.findings  # noqa: F401  (registers this room's issues)
from incubxl.funding.case import Case, Unanswered
from incubxl.funding.items import line
from incubxl.funding.ledger_merge import gathered
from incubxl.funding.ledger_rows import ledger_rows
from incubxl.funding.model import FundingLine
from incubxl.funding.past import HISTORY, LEDGER, Awards
from incubxl.funding.recorded import Held, held_against
from incubxl.funding.together import together
from incubxl.issues import Issue
from incubxl.money import in_words
from incubxl.policy.funding import FundingItem
from incubxl.policy.pack import Force
from incubxl.register.across import Book
from incubxl.register.model import Register
from incubxl.verdict import Verdict

Known = dict[tuple[str, tuple[str, ...]], FundingLine]


def fund(
    register: Register, as_of: dt.date, *, in_ledger: bool = True, held: Held | None = None
) -> tuple[list[tuple[FundingLine, ...]], list[Issue]]:
    """For every applicant the lines of all items of the pack, in the pack's order, and what was found wrong.

    Amounts are Decimal yuan to the cent, cut so that no limit is exceeded. An amount stands only where it is
    decided: missing facts make a line UNKNOWN, open questions on which it depends make it PENDING.
    A typed sum that the ledger contradicts is not used: what hangs on it is UNKNOWN until both agree.
    ``held``: the sums as several years' ledgers contradict them; else the register's own ledger is looked at.
    ``in_ledger`` False: what the ledger says was paid closes nothing, as when the ledger itself is held against it.
    """
    policy = register.pack.funding
    if not policy.items:
        return [()] * register.size, []
    answers = {id: answer.option for id, answer in register.answers.items()}
    awards = Awards(register, in_ledger=in_ledger)
    if held is None:
        held = _held(register, as_of) if in_ledger else Held({}, ())
    issues: dict[Issue, None] = {}
    lines: list[list[FundingLine]] = []
    elsewhere: dict[str, FundingLine] = {}  # lines of items of other tracks, made once
    items = [(item, _needed(register, item)) for item in policy.items]
    for i in range(register.size):
        mine: list[FundingLine] = []
        known: Known = {}
        for item, needed in items:
            if item.tracks and register.tracks[i] and register.tracks[i] not in item.tracks:
                if item.id not in elsewhere:
                    elsewhere[item.id] = line(Case(register, i, as_of, answers, awards), item)
                mine.append(elsewhere[item.id])
                continue
            start = Case(register, i, as_of, answers, awards, held.contested.get(i, {}))
            readings = list(_readings(start, (), [*needed, item], known))
            for case, _ in readings:
                issues |= dict.fromkeys(case.issues)
            mine.append(_merged(register, readings))
        lines.append(mine)
    found = together(register, lines)
    lines = _expired(register, as_of, lines)
    return [tuple(mine) for mine in lines], [*held.issues, *issues, *found]


def _held(register: Register, as_of: dt.date) -> Held:
    """The register's typed sums against its own ledger."""
    kept = any((table := register.tables.get(id)) is not None and table.height for id in (HISTORY, LEDGER))
    if not kept or not register.pack.funding.recorded:
        return Held({}, ())
    book = Book("", register, as_of)
    return held_against(book, *gathered([ledger_rows(book)], as_of))


def _readings(
    case: Case, tried: tuple[str, ...], items: Sequence[FundingItem], known: Known
) -> Iterator[tuple[Case, FundingLine]]:
    """The last item's line under every combination of options of the questions it meets unanswered.

    ``items`` begin with those it is counted from; ``tried`` are the options chosen so far, ``known`` lines under them.
    """
    try:
        for item in items:
            if (item.id, tried) not in known:
                known[item.id, tried] = line(case, item)
            case.lines[item.id] = known[item.id, tried]
            case.used |= dict.fromkeys(known[item.id, tried].interpretations)
    except Unanswered as open_:
        question = case.pack.interpretation[open_.interpretation]
        for option in question.options:
            answers = {**case.answers, question.id: option.id}
            other = Case(case.register, case.i, case.as_of, answers, case.awards, case.contested)
            yield from _readings(other, (*tried, question.id, option.id), items, known)
        return
    yield case, case.lines[items[-1].id]


def _needed(register: Register, item: FundingItem) -> list[FundingItem]:
    """The items that this one is counted from, first things first."""
    wanted = set(item.depends_on())
    for earlier in reversed(register.pack.funding.items):
        if earlier.id in wanted:
            wanted |= earlier.depends_on()
    return [earlier for earlier in register.pack.funding.items if earlier.id in wanted]


def _merged(register: Register, readings: list[tuple[Case, FundingLine]]) -> FundingLine:
    first = readings[0][1]
    if len(readings) == 1:
        return first
    lines = [made for _, made in readings]
    used = tuple(dict.fromkeys(q for made in lines for q in made.interpretations))
    if len({(made.verdict, made.amount) for made in lines}) == 1:
        limits = tuple(dict.fromkeys(limit for made in lines for limit in made.limits))
        binding = tuple(id for id in first.binding if all(id in made.binding for made in lines)) or first.binding
        answered = tuple(q for q in used if q in register.answers)  # the open ones make no difference
        return replace(first, limits=limits, binding=binding, interpretations=answered)
    unknown = any(made.verdict == Verdict.UNKNOWN for made in lines)
    missing = tuple(dict.fromkeys(m for made in lines for m in made.missing)) if unknown else ()
    return replace(
        first,
        verdict=Verdict.UNKNOWN if unknown else Verdict.PENDING,
        amount=None,
        limits=tuple(dict.fromkeys(limit for made in lines for limit in made.limits)),
        binding=(),
        reason=_why(register, readings),
        missing=missing,
        interpretations=used,
        notes=(),
    )


def _why(register: Register, readings: list[tuple[Case, FundingLine]]) -> str:
    answered = register.answers
    told: dict[str, str] = {}
    for case, made in readings:
        chosen = [
            register.pack.interpretation[q].option_label(case.answers[q])
            for q in case.used
            if q not in answered and q in case.answers
        ]
        result = in_words(made.amount) if made.amount is not None else made.verdict.word
        told["；".join(chosen)] = result
    open_ = dict.fromkeys(q for case, _ in readings for q in case.used if q not in answered)
    questions = "".join(f"「{register.pack.interpretation[q].question}」" for q in open_)
    return f"口径未确定：{questions}" + "；".join(f"按「{label}」为{result}" for label, result in told.items())


def _expired(register: Register, as_of: dt.date, lines: list[list[FundingLine]]) -> list[list[FundingLine]]:
    """An expired measure still counts what its contracts need, and says so; the office may have decided otherwise."""
    policy = register.pack.funding.after_expiry
    if policy is None or register.pack.measure.force(as_of) != Force.EXPIRED:
        return lines
    answer = register.answers.get(policy.interpretation)
    otherwise = answer is not None and answer.option == policy.option

    def told(made: FundingLine) -> FundingLine:
        if made.verdict == Verdict.NOT_APPLICABLE:
            return made
        questions = tuple(dict.fromkeys((*made.interpretations, policy.interpretation)))
        made = replace(made, notes=(*made.notes, policy.note), interpretations=questions)
        if otherwise and made.verdict == Verdict.MET:
            return replace(made, verdict=Verdict.PENDING, amount=None, binding=(), reason=policy.reason)
        return made

    return [[told(made) for made in mine] for mine in lines]
