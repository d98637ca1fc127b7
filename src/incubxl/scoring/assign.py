"""Experts to applicants: each applicant by exactly so many, nobody where 回避 forbids it, loads as even as can be.

The most even loads are those without a cost-reducing path (Harvey, Ladner, Lovász, Tamir: Semi-matchings for bipartite
graphs and load balancing, 2006): no expert can hand an applicant on, perhaps through others, to one with two fewer.
Then max − min ≤ 1 wherever any assignment has it. Pure and without chance: the same input, the same assignment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortage:
    """An applicant for whom there are too few experts: those who may, and those whom 回避 keeps away."""

    applicant: str
    allowed: tuple[str, ...]
    barred: tuple[str, ...]


def assign(
    experts: Sequence[str], applicants: Sequence[str], barred: Collection[tuple[str, str]], per_applicant: int
) -> dict[str, tuple[str, ...]] | list[Shortage]:
    """Experts of every applicant, in the experts' order; or every applicant that cannot have ``per_applicant``.

    ``barred``: (expert, applicant) pairs that must not be. Both sequences hold distinct names.
    """
    if per_applicant < 1:
        raise ValueError("每个单位至少要有1位专家")
    short: list[Shortage] = []
    for applicant in applicants:
        away = tuple(e for e in experts if (e, applicant) in barred)
        if len(experts) - len(away) < per_applicant:
            short.append(Shortage(applicant, tuple(e for e in experts if e not in away), away))
    if short:
        return short
    held: dict[str, set[str]] = {expert: set() for expert in experts}
    order = {expert: n for n, expert in enumerate(experts)}
    for applicant in applicants:
        free = [e for e in experts if (e, applicant) not in barred]
        free.sort(key=lambda e: (len(held[e]), order[e]))
        for expert in free[:per_applicant]:
            held[expert].add(applicant)
    place = {applicant: n for n, applicant in enumerate(applicants)}
    while _even_out(experts, held, barred, place):
        pass
    return {a: tuple(e for e in experts if a in held[e]) for a in applicants}


def _even_out(
    experts: Sequence[str], held: dict[str, set[str]], barred: Collection[tuple[str, str]], place: dict[str, int]
) -> bool:
    """Hand one applicant on along a path that evens the loads out; False where there is none."""
    least = min((len(own) for own in held.values()), default=0)
    for start in sorted(experts, key=lambda e: -len(held[e])):
        if len(held[start]) < least + 2:
            return False
        came: dict[str, tuple[str, str]] = {start: ("", "")}
        queue = deque([start])
        while queue:
            giver = queue.popleft()
            for taker in experts:
                if taker in came:
                    continue
                gifts = [a for a in held[giver] if a not in held[taker] and (taker, a) not in barred]
                if not gifts:
                    continue
                came[taker] = (giver, min(gifts, key=place.__getitem__))
                if len(held[taker]) + 2 <= len(held[start]):
                    _hand_on(taker, came, held)
                    return True
                queue.append(taker)
    return False


def _hand_on(end: str, came: dict[str, tuple[str, str]], held: dict[str, set[str]]) -> None:
    taker = end
    while came[taker][0]:
        giver, applicant = came[taker]
        held[giver].remove(applicant)
        held[taker].add(applicant)
        taker = giver
