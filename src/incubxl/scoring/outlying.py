"""Scores far from the other experts': the modified z-score of Iglewicz and Hoaglin (1993), at the limit that the office
sets. A score that is listed is to be looked at; no more is said of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from statistics import median

from incubxl.scoring.model import Round, Scored

_MAD, _MEAN = Fraction("0.6745"), Fraction("1.253314")  # to the scale of a standard deviation
_FEWEST = 3
_SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Outlying:
    """A score, the median of all experts on the same thing, and the robust z. ``indicator`` empty: the expert's sum."""

    applicant: str
    indicator: str
    expert: str
    score: Decimal
    median: Decimal
    z: Decimal


def read_limit(text: str) -> Decimal | None:
    """The office's limit as typed; None where nothing is. Raises ValueError for what is no number above 0."""
    if not text.strip():
        return None
    try:
        limit = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not (limit.is_finite() and limit > 0):
        raise ValueError(text)
    return limit


def outlying(round: Round, merged: Sequence[Scored], limit: Decimal) -> list[Outlying]:
    """Scores with \\|z\\| above ``limit``, by indicator and for an expert's sum over the whole applicant.

    Fewer than three scores say nothing. Where the median deviation is 0 the mean deviation stands in for it.
    """
    single: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    open_ = {(one.task.applicant, one.task.expert) for one in merged if one.score is None}
    for one in merged:
        if one.score is not None:
            task = one.task
            single[task.applicant, task.indicator][task.expert] = Fraction(one.score)
            if (task.applicant, task.expert) not in open_:
                sign = -1 if round.asked[task.indicator].kind == "deduction" else 1
                sums[task.applicant][task.expert] += sign * Fraction(one.score)
    found = list(_far(single.items(), limit))
    several = len({one.task.indicator for one in merged}) > 1
    return found + (list(_far((((a, ""), by) for a, by in sums.items()), limit)) if several else [])


def _far(groups: Iterable[tuple[tuple[str, str], dict[str, Fraction]]], limit: Decimal) -> Iterable[Outlying]:
    for (applicant, indicator), by_expert in groups:
        scores = list(by_expert.values())
        if len(scores) < _FEWEST:
            continue
        middle = median(scores)
        deviations = [abs(score - middle) for score in scores]
        mad = median(deviations)
        scale = mad / _MAD if mad else sum(deviations, Fraction(0)) / len(scores) * _MEAN
        for expert, score in by_expert.items():
            if scale and abs(score - middle) / scale > Fraction(limit):
                z = (score - middle) / scale
                yield Outlying(
                    applicant, indicator, expert, _decimal(score), _decimal(middle), _decimal(z).quantize(_SHOWN)
                )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
