"""Places under a quota: how many others can stand above a score, and how many places there are.

Exact over the intervals of all scores: the others move independently of one another, so every number of others
above between the least and the most can occur.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

QUOTA_BASE = "「设置」没有选定「名额比例的基数」"
QUOTA_ROUNDING = "「设置」没有选定「名额舍入方法」"
TIES = "「设置」没有选定「同分排名」"
TIE_PERSON = "同分跨越名额线，「设置」定为由人决定"


@dataclass(frozen=True, slots=True)
class Runner:
    """One applicant in the ranking. ``takes_part``, ``competes``: False may still turn out true (missing facts)."""

    low: Decimal
    high: Decimal
    takes_part: bool  # surely counted in the base of those taking part
    competes: bool  # surely holds a rank (not vetoed)


@dataclass(frozen=True, slots=True)
class Places:
    """Others above, fewest and most; places, fewest and most; settings that were not there."""

    fewest: int
    most: int
    places_low: int
    places_high: int
    unset: tuple[str, ...]


class Field:
    """All runners of one ranking, sorted once.

    ``registered`` counts all applicants of the ranking; ``beside`` those that surely take part without a rank (vetoed).
    """

    def __init__(self, runners: Sequence[Runner], registered: int, beside: int, settings: Mapping[str, Any]) -> None:
        sure = [r for r in runners if r.competes]
        self.lows = sorted(r.low for r in sure)
        self.highs = sorted(r.high for r in sure)
        self.maybe = [r for r in runners if not r.competes]
        self.sure_base = beside + sum(r.takes_part for r in runners)
        self.registered = registered
        self.settings = settings
        self.ends = sorted({*self.lows, *self.highs, *(end for r in self.maybe for end in (r.low, r.high))})

    @property
    def certain(self) -> int | None:
        """How many are ranked, when that is known."""
        return None if self.maybe else len(self.lows)

    def others_above(self, me: Runner, score: Decimal, *, ties_count: bool) -> tuple[int, int]:
        """Others above ``score`` (or level with it, with ``ties_count``): fewest and most."""
        cut = bisect_left if ties_count else bisect_right

        def above(value: Decimal) -> bool:
            return value >= score if ties_count else value > score

        fewest = len(self.lows) - cut(self.lows, score) - (me.competes and above(me.low))
        most = len(self.highs) - cut(self.highs, score) - (me.competes and above(me.high))
        most += sum(above(r.high) for r in self.maybe if r is not me)
        return fewest, most

    def places(self, me: Runner, score: Decimal, share: Fraction, *, ties_count: bool) -> Places:
        """Counts and places for a runner at ``score`` under a quota of ``share`` percent."""
        fewest, most = self.others_above(me, score, ties_count=ties_count)
        open_ = [r for r in self.maybe if r is not me and not r.takes_part]
        base = self.sure_base + (not me.takes_part)
        best_base = base + sum(not (r.low >= score if ties_count else r.low > score) for r in open_)
        worst_base = base + sum((r.high >= score if ties_count else r.high > score) for r in open_)
        unset: list[str] = []
        bases = {"taking_part": (worst_base, best_base), "all": (self.registered,) * 2}
        chosen = self.settings.get("quota_base")
        if chosen in bases:
            low, high = bases[chosen]
        else:
            ends = [end for pair in bases.values() for end in pair]
            low, high = min(ends), max(ends)
            if low != high:
                unset.append(QUOTA_BASE)
        lows, highs = self._whole(share * low / 100), self._whole(share * high / 100)
        if lows[0] != lows[1] or highs[0] != highs[1]:
            unset.append(QUOTA_ROUNDING)
        return Places(fewest, most, lows[0], highs[1], tuple(unset))

    def _whole(self, exact: Fraction) -> tuple[int, int]:
        down, up = math.floor(exact), math.ceil(exact)
        match self.settings.get("quota_rounding"):
            case "down":
                return down, down
            case "up":
                return up, up
            case "half_up":
                near = math.floor(exact + Fraction(1, 2))
                return near, near
            case _:
                return down, up
