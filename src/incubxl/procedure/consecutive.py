"""连续两次, 连续两年: whether the years' results make the row that a sanction asks for, as the office reads it.

What a year gave may be open: no record at all, a grade not settled, two records that contradict each other, or a year
that does not count between two that do (the measures do not say whether it breaks the row). All ways it may be are
followed; only what holds in every one of them is said to hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from incubxl.policy.consecutive import Streak, StreakPart
from incubxl.policy.pack import Pack
from incubxl.policy.procedure import Sanction
from incubxl.procedure.timeline import RESULTS, Item

State = Literal["reached", "not_reached", "unknown", "pending", "nothing"]
WORDS: Mapping[State, str] = {
    "reached": "达到",
    "not_reached": "未达到",
    "unknown": "资料不足",
    "pending": "待认定",
    "nothing": "没有记录",  # no result of any year since the last decision
}
BREAK, SKIP, REACHED = "|break", "|skip", "|reached"  # no kind's id begins so


@dataclass(frozen=True, slots=True)
class Reading:
    """What one way of answering the open questions gives: (question, option's label) pairs, and the state."""

    answers: tuple[tuple[str, str], ...]
    state: State


@dataclass(frozen=True, slots=True)
class Consecutive:
    """One sanction's row for one organisation.

    ``results``: the years' results looked at, those since the last decision of this sanction. ``counted``: of these,
    the ones that count under the answers given (under every reading while questions are open). ``missing``: years
    without any record. ``readings``: empty unless open questions make a difference.
    """

    sanction: Sanction
    state: State
    results: tuple[Item, ...]
    counted: tuple[Item, ...]
    missing: tuple[int, ...]
    open_years: tuple[int, ...]  # not settled, contradicting, or not counting between two that do
    questions: tuple[str, ...]  # answered or open, on which it rests
    readings: tuple[Reading, ...]
    settled_on: dt.date | None = None  # the last decision of this sanction


def consecutive(
    pack: Pack,
    sanction: Sanction,
    answers: Mapping[str, str],
    items: Iterable[Item],
    last_year: int,
    decided: Sequence[dt.date] = (),
) -> Consecutive:
    """The row of ``sanction`` (with ``streak``) in ``items`` up to ``last_year``, after its last decision."""
    streak, times = sanction.streak, sanction.consecutive
    if streak is None or times is None:
        raise ValueError(f"sanction {sanction.id} asks for no row")
    settled = max(decided, default=None)
    results = tuple(i for i in items if i.kind in RESULTS and i.year is not None and _after(i, settled))
    years = _years(results, last_year)
    missing = tuple(year for year, told in years.items() if not told)
    asked = [q for q in streak.questions() if q not in answers]
    outcomes: list[tuple[tuple[tuple[str, str], ...], State]] = []
    for options in product(*(pack.interpretation[q].options for q in asked)):
        chosen = dict(zip(asked, (o.id for o in options), strict=True))
        labels = tuple(zip(asked, (o.label for o in options), strict=True))
        outcomes.append((labels, _state(streak, times, {**answers, **chosen}, years)))
    states = {state for _, state in outcomes}
    differs = len(states) > 1
    state: State = "nothing" if not results else "pending" if differs else states.pop()
    all_answers = [{**answers, **_chosen(pack, labels)} for labels, _ in outcomes]
    counted = tuple(i for i in results if all(_kind(streak, one, i) for one in all_answers))
    return Consecutive(
        sanction=sanction,
        state=state,
        results=results,
        counted=counted,
        missing=missing,
        open_years=tuple(y for y, told in years.items() if len(_tokens(streak, all_answers[0], told)) > 1),
        questions=streak.questions(),
        readings=_readings(outcomes) if differs else (),
        settled_on=settled,
    )


def _readings(outcomes: Sequence[tuple[tuple[tuple[str, str], ...], State]]) -> tuple[Reading, ...]:
    """The outcomes by the questions that make a difference."""
    told = dict(outcomes)
    for question in [q for q, _ in next(iter(told))]:
        fewer: dict[tuple[tuple[str, str], ...], set[State]] = {}
        for labels, state in told.items():
            fewer.setdefault(tuple(pair for pair in labels if pair[0] != question), set()).add(state)
        if all(len(states) == 1 for states in fewer.values()):
            told = {labels: states.pop() for labels, states in fewer.items()}
    return tuple(Reading(labels, state) for labels, state in told.items())


def _chosen(pack: Pack, labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {q: next(o.id for o in pack.interpretation[q].options if o.label == label) for q, label in labels}


def _after(item: Item, settled: dt.date | None) -> bool:
    """Whether a result is later than the decision: by its day, else by its year."""
    if settled is None or item.year is None:
        return True
    return item.on > settled if item.on is not None else item.year >= settled.year


def _years(results: Sequence[Item], last_year: int) -> dict[int, list[Item]]:
    """Every year from the first result on, also those of which nothing is known."""
    told: dict[int, list[Item]] = {}
    for item in results:
        if item.year is not None:
            told.setdefault(item.year, []).append(item)
    if not told:
        return {}
    return {year: told.get(year, []) for year in range(min(told), max(*told, last_year) + 1)}


def _state(streak: Streak, times: int, answers: Mapping[str, str], years: Mapping[int, list[Item]]) -> State:
    mixed = _holds(streak.mixed, answers)
    kinds = {part.kind for part in streak.parts if _holds(part.under, answers)}
    enough = {part.kind for part in streak.parts if part.once and _holds(part.once, answers)}
    known = [_tokens(streak, answers, told) if told else {BREAK} for told in years.values()]
    whole = _run(known, times, enough, mixed=mixed)
    if whole == {True}:
        return "reached"
    anything = {BREAK, SKIP, *kinds}
    free = [_tokens(streak, answers, told) if told else anything for told in years.values()]
    if True in _run(free, times, enough, mixed=mixed) and any(not told for told in years.values()):
        return "unknown" if whole == {False} or _open_grade(years) else "pending"
    if whole == {False}:
        return "not_reached"
    return "unknown" if _open_grade(years) else "pending"


def _open_grade(years: Mapping[int, list[Item]]) -> bool:
    return any(item.kind == "open" for told in years.values() for item in told)


def _tokens(streak: Streak, answers: Mapping[str, str], told: Sequence[Item]) -> set[str]:
    """All that one year may be in the row."""
    tokens: set[str] = set()
    for item in told:
        kind = _kind(streak, answers, item)
        if kind:
            tokens.add(kind)
        elif item.kind == "grade":
            tokens.add(BREAK)
        elif item.kind == "open":
            tokens |= {BREAK, *(part.kind for part in streak.parts if part.grades)}
        else:
            tokens |= {BREAK} if streak.calendar else {BREAK, SKIP}  # whether it breaks 连续两次 no measure says
    return tokens


def _kind(streak: Streak, answers: Mapping[str, str], item: Item) -> str:
    """The kind of result as which an item counts; empty: it does not."""
    return next((p.kind for p in streak.parts if _is(p, item) and _holds(p.under, answers)), "")


def _is(part: StreakPart, item: Item) -> bool:
    return item.what in part.grades if item.kind == "grade" else item.kind in part.events


def _holds(wanted: Mapping[str, str], answers: Mapping[str, str]) -> bool:
    return all(answers.get(question) == option for question, option in wanted.items())


def _run(years: Iterable[set[str]], times: int, enough: set[str], *, mixed: bool) -> set[bool]:
    """Whether the row is reached, over all ways the years may have been."""
    states: set[tuple[str, int]] = {("", 0)}
    for tokens in years:
        states = {
            after for before in states for token in tokens for after in _step(before, token, times, enough, mixed)
        }
    return {kind == REACHED for kind, _ in states}


def _step(before: tuple[str, int], token: str, times: int, enough: set[str], mixed: bool) -> Iterator[tuple[str, int]]:
    kind, length = before
    if kind == REACHED or token == SKIP:
        yield before
    elif token == BREAK:
        yield "", 0
    else:
        length = length + 1 if kind and (mixed or kind == token) else 1
        yield (REACHED, 0) if token in enough or length >= times else (token, length)
