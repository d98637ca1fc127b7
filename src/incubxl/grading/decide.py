"""From a total, its rank and its calls to one grade, or to every grade still possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from incubxl.grading.model import GradeOutcome
from incubxl.grading.ranks import TIE_PERSON, TIES, Field, Runner
from incubxl.grading.rules import GradeRule
from incubxl.grading.scheme import Scheme
from incubxl.grading.sheet import to_decimal
from incubxl.grading.standing import SCOPE, Call, Rankings, Standing
from incubxl.grading.totals import Total
from incubxl.money import plain
from incubxl.register.model import Register

TINY = Decimal("0.000000001")
NONE = ""  # below every line


@dataclass
class Reach:
    """The grades that a score can lead to, and the settings that would narrow them."""

    grades: set[str] = field(default_factory=set)
    unset: list[str] = field(default_factory=list)


def decide(register: Register, scheme: Scheme, standing: Standing, rankings: Rankings | None) -> GradeOutcome:
    """The outcome of one applicant. ``rankings`` None: no rule has a quota."""
    total, clause = standing.total, register.pack.evaluation.clause
    if standing.apart:
        return GradeOutcome("not_graded", reason=standing.apart, clause=clause)
    if scheme.blocked:
        reason = "等级待定：" + "；".join(scheme.blocked)
        return GradeOutcome("open", possible=scheme.grades, reason=reason, clause=clause, indicators=total.indicators)
    for call in standing.waived:
        if call.sure:
            return GradeOutcome("waived", grade=call.grade, reason=f"{call.words}，{call.grade}", clause=call.clause)
    reach, reasons, words = _before_scores(standing)
    scored = not any(call.sure for call in (*standing.exempt, *standing.veto))
    exact = total.low == total.high and not total.unset
    rank = of = None
    if scored:
        got = _by_score(register, scheme, standing, rankings)
        reach.grades |= got.grades
        reach.unset += got.unset
        reasons += [*reach.unset, *total.unset]
        if len(reach.grades) > 1 or not exact:
            reasons += total.open
        if len(got.grades) > 1 and exact and not reach.unset:
            reasons.append("其他单位的得分未定，可能影响排名")
        if rankings is not None and exact and len(standings := rankings.of(standing.i)) == 1:
            rank, of = _rank(standing.runner, total.low, standings[0][1])
    forced = bool(total.unset or reach.unset) and scored
    possible = _in_order(scheme, reach.grades, standing.waived)
    decided = len(reach.grades) == 1 and not forced
    state = "open" if not decided else "exempt" if any(c.sure for c in standing.exempt) else "graded"
    if decided and NONE in reach.grades:
        state, reasons = "open", [f"总分{plain(total.low)}分低于所有等级线，规则没有说定为什么等级"]
    if decided and scored and state == "graded":
        words = _why(scheme, possible[0], total, rank, of)
    return GradeOutcome(
        "open" if state == "open" else "exempt" if state == "exempt" else "graded",
        total.low if exact else None,
        total.low,
        total.high,
        rank,
        of,
        possible[0] if state != "open" else "",
        possible if state == "open" else (),
        "等级待定：" + "；".join(dict.fromkeys(reasons)) if state == "open" else words,
        clause,
        total.indicators,
    )


def _before_scores(standing: Standing) -> tuple[Reach, list[str], str]:
    """Grades that the calls lead to, what keeps them open, and the words of the one that decides."""
    reach, reasons, words = Reach(), [], ""
    sure_exempt = [call for call in standing.exempt if call.sure]
    sure_veto = [call for call in standing.veto if call.sure]
    for calls in (sure_exempt, sure_veto):
        for call in calls:
            reach.grades.add(call.grade)
            words = f"{call.words}，{'免评，' if call in sure_exempt else '一票否决，'}定为「{call.grade}」"
    if sure_exempt and sure_veto:
        reasons.append(f"{sure_exempt[0].words}，又{sure_veto[0].words}，办法和规则没有说以哪一项为准")
    elif len(reach.grades) > 1:
        reasons.append("、".join(c.words for c in (*sure_exempt, *sure_veto)) + "，指向不同等级")
    maybe: Iterable[Call] = (c for c in (*standing.waived, *standing.exempt, *standing.veto) if not c.sure)
    for call in maybe:
        reach.grades.add(call.grade)
        reasons.append(call.words)
    return reach, reasons, words


def _in_order(scheme: Scheme, grades: set[str], waived: tuple[Call, ...]) -> tuple[str, ...]:
    order = (*scheme.grades, *(call.grade for call in waived))
    return tuple(dict.fromkeys(g for g in order if g in grades))


def _by_score(register: Register, scheme: Scheme, standing: Standing, rankings: Rankings | None) -> Reach:
    rules = [rule for rule in scheme.rules if rule.by_score]
    total, me = standing.total, standing.runner
    out = Reach()
    if rankings is None:
        for score in _candidates(rules, total, ()):
            _walk(rules, score, None, me, False, out)
        return out
    ties = register.settings.values.get("ties")
    modes = {"same_rank": (False,), "all_out": (True,)}.get(str(ties), (False, True))
    readings: list[tuple[str, bool, set[str]]] = []
    for (way, _), ranking in rankings.of(standing.i):
        for mode in modes:
            part = Reach()
            for score in _candidates(rules, total, ranking.ends):
                _walk(rules, score, ranking, me, mode, part)
            readings.append((way, mode, part.grades))
            out.grades |= part.grades
            out.unset += part.unset
    if _differ(readings, by_mode=True):
        out.unset.append(TIE_PERSON if ties == "person" else TIES)
    if _differ(readings, by_mode=False):
        out.unset.append(SCOPE)
    out.unset = list(dict.fromkeys(out.unset)) if len(out.grades) > 1 else []
    return out


def _differ(readings: list[tuple[str, bool, set[str]]], *, by_mode: bool) -> bool:
    """Whether the readings differ by how ties are taken, or by how the ranking is divided."""
    groups: dict[object, set[frozenset[str]]] = {}
    united: dict[tuple[str, bool], set[str]] = {}
    for way, mode, grades in readings:
        united.setdefault((way, mode), set()).update(grades)
    for (way, mode), grades in united.items():
        groups.setdefault(way if by_mode else mode, set()).add(frozenset(grades))
    return any(len(found) > 1 for found in groups.values())


def _candidates(rules: list[GradeRule], total: Total, ends: Iterable[Decimal]) -> list[Decimal]:
    """Scores at which something can change: the ends, the lines, others' ends, and just beside them."""
    low, high = total.low, total.high
    if low == high:
        return [low]
    lines = [rule.minimum for rule in rules if rule.minimum is not None]
    near = (step for line in (*lines, *ends) for step in (line - TINY, line, line + TINY))
    return sorted({low, high, *(score for score in near if low < score < high)})


def _walk(
    rules: list[GradeRule], score: Decimal, ranking: Field | None, me: Runner, ties_count: bool, out: Reach
) -> None:
    """Add the grades that ``score`` can lead to, best rule first, over all that the others may still score."""
    passed = 0  # others above, at least: grew by the quotas that were missed on the way here
    for rule in rules:
        if rule.minimum is not None and score < rule.minimum:
            continue
        if rule.share is None or ranking is None:
            out.grades.add(rule.grade)
            return
        places = ranking.places(me, score, rule.share, ties_count=ties_count)
        fewest = max(passed, places.fewest)
        can_be_in, can_be_out = fewest < places.places_high, places.most >= places.places_low
        if can_be_in:
            out.grades.add(rule.grade)
        if can_be_in and can_be_out:
            out.unset += places.unset
        if not can_be_out:
            return
        passed = max(passed, places.places_low)
    out.grades.add(NONE)


def _rank(me: Runner, score: Decimal, ranking: Field) -> tuple[int | None, int | None]:
    fewest, most = ranking.others_above(me, score, ties_count=False)
    return (fewest + 1, ranking.certain) if fewest == most else (None, ranking.certain)


def _why(scheme: Scheme, grade: str, total: Total, rank: int | None, of: int | None) -> str:
    rule = next(rule for rule in scheme.rules if rule.grade == grade)
    got = f"{plain(total.low)}分" if total.low == total.high else f"{plain(total.low)}至{plain(total.high)}分"
    words = [f"总分{got}"]
    if rule.minimum is not None:
        words.append(f"达到「{grade}」最低分{plain(rule.minimum)}分")
    if rule.share is not None:
        place = f"排名第{rank}" if rank else "排名在名额内"
        words.append(f"{place}，名额为前{plain(to_decimal(rule.share))}%")
    elif rank is not None and of is not None:
        words.append(f"排名第{rank}（共{of}家）")
    if rule.minimum is None and rule.share is None:
        words.append(f"没有达到更高等级的条件，定为「{grade}」")
    return "，".join(words)
