"""Total scores: indicators added or weighted, bonus outside, rounded as the office set it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from incubxl.grading.model import IndicatorScore
from incubxl.grading.points import ZERO, Points, points
from incubxl.grading.scheme import Indicator, Scheme
from incubxl.grading.scores import Marks
from incubxl.grading.sheet import to_decimal
from incubxl.grid import CellKind
from incubxl.register.model import Register

TOTAL = "「设置」没有选定「总分算法」"
DIGITS = "「设置」没有填「总分小数位数」"
ROUNDING = "「设置」没有选定「总分舍入方法」"
METHODS = {
    "direct": "直接打分",
    "per_unit": "按数量计分",
    "base_step": "达到起点后递增",
    "ratio": "按完成比例",
    "bands": "分段计分",
    "bonus": "加分项",
    "deduction": "扣分项",
}


Part = tuple[Indicator, Points, tuple[str, ...]]  # an indicator, its points, what the applicant can still supply


@dataclass(frozen=True, slots=True)
class Total:
    """A total score as an interval, what keeps it open, and the settings it waits for. Deductions may take it below
    nought."""

    low: Decimal
    high: Decimal
    open: tuple[str, ...]
    unset: tuple[str, ...]
    indicators: tuple[IndicatorScore, ...]
    ends: Mapping[str, tuple[Fraction, Fraction]]  # points of each indicator by itself, by its id


def total(register: Register, scheme: Scheme, marks: Marks, i: int) -> Total:
    """The total of applicant ``i`` over the indicators of its class."""
    parts: list[Part] = []
    for indicator in scheme.indicators:
        mine = belongs(register, indicator, i)
        if mine is False:
            continue
        got = points(register, indicator, marks, i)
        own = () if indicator.scored else got.open
        if mine is None:
            lack = _class_lack(register, indicator, i)
            own = (*lack, *own)
            got = Points(ZERO, got.hi, got.value, got.cells, (*lack, *got.open), got.unset)
        parts.append((indicator, got, own))
    sums = {"sum": [ZERO, ZERO], "weighted": [ZERO, ZERO]}
    open_: list[str] = []
    unset: list[str] = []
    best = _best(parts)
    for indicator, got, _ in parts:
        if indicator.group and best[indicator.group][2] != indicator.id and got.hi <= best[indicator.group][0]:
            continue  # another one of its group surely has as many
        open_ += got.open
        unset += got.unset
        if indicator.group and best[indicator.group][2] != indicator.id:
            continue
        lo, hi, _ = best.get(indicator.group, (got.lo, got.hi, ""))
        share = (indicator.weight or ZERO) / 100 if indicator.weighed else Fraction(1)
        for way, factor in (("sum", Fraction(1)), ("weighted", share)):
            ends = (-hi, -lo) if indicator.method == "deduction" else (lo, hi)
            sums[way][0] += ends[0] * factor
            sums[way][1] += ends[1] * factor
    shown = [_shown(indicator, got, own, best.get(indicator.group)) for indicator, got, own in parts]
    lo, hi = _ends(scheme, sums, unset)
    (low, _), (_, high), waits = (*(rounded(end, register.settings.values) for end in (lo, hi)), [])
    for end in (lo, hi):
        waits += _rounding_waits(end, register.settings.values)
    return Total(
        low, high, tuple(dict.fromkeys(open_)), tuple(dict.fromkeys([*unset, *waits])), tuple(shown),
        {indicator.id: (got.lo, got.hi) for indicator, got, _ in parts},
    )  # fmt: skip


def _best(parts: Sequence[Part]) -> dict[str, tuple[Fraction, Fraction, str]]:
    """Per group (取最高组) the points of its best indicator, least and most, and the id of the first that leads."""
    best: dict[str, tuple[Fraction, Fraction, str]] = {}
    for indicator, got, _ in parts:
        if indicator.group:
            lo, hi, id = best.get(indicator.group, (ZERO, ZERO, ""))
            leads = not id or got.lo > lo
            best[indicator.group] = max(lo, got.lo), max(hi, got.hi), indicator.id if leads else id
    return best


def _ends(scheme: Scheme, sums: Mapping[str, list[Fraction]], unset: list[str]) -> tuple[Fraction, Fraction]:
    if scheme.total:
        lo, hi = sums[scheme.total]
        return lo, hi
    unset.append(TOTAL)
    ways = list(sums.values())
    return min(way[0] for way in ways), max(way[1] for way in ways)


def belongs(register: Register, indicator: Indicator, i: int) -> bool | None:
    """Whether an indicator is for this applicant's class; None when the class is not known. 「不适用」: of no class."""
    if not indicator.choices:
        return True
    if indicator.fact == "track":
        return register.tracks[i] in indicator.choices if register.tracks[i] else None
    column = register.columns[indicator.fact]
    if not column.has(i):
        return False if column.kinds[i] == CellKind.DECLARED_NA else None
    value = column.flag(i) if column.spec.type == "boolean" else column.text(i)
    return str(value).lower() in indicator.choices


def _class_lack(register: Register, indicator: Indicator, i: int) -> tuple[str, ...]:
    column = register.columns.get(indicator.fact)
    if column is None:
        return ("申报类型未填",)
    cell = column.cell(i)
    return (f"「{column.spec.label}」未填" + (f"（{cell}）" if cell else ""),)


def _shown(
    indicator: Indicator, got: Points, own: tuple[str, ...], best: tuple[Fraction, Fraction, str] | None
) -> IndicatorScore:
    value, sign = got.value, -1 if indicator.method == "deduction" else 1
    if best is not None and best[2] != indicator.id:
        certain = got.hi <= best[0]
        value += f"（「{indicator.group}」组取最高，本项{'未计入' if certain else '是否计入尚未确定'}）"
    return IndicatorScore(
        indicator.id,
        indicator.name,
        METHODS[indicator.method],
        value,
        to_decimal(sign * got.lo) if got.lo == got.hi and not got.open and not got.unset else None,
        to_decimal(indicator.maximum) if indicator.maximum is not None else None,
        to_decimal(indicator.weight) if indicator.weight is not None else None,
        (*got.cells, indicator.cell),
        (*got.open, *got.unset),
        own,
    )


def rounded(value: Fraction, settings: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """A total rounded as set: (lowest, highest) that the settings still allow; equal once they are there.

    Below nought as above it, with the sign turned.
    """
    if value < 0:
        low, high = rounded(-value, settings)
        return -high, -low
    digits = settings.get("score_digits")
    scale = 10 ** int(digits) if digits is not None else 1
    scaled = value * scale
    whole = math.floor(scaled)
    up = whole if scaled == whole else whole + 1
    rest = scaled - whole
    method = settings.get("score_rounding") if digits is not None else None
    if method == "down":
        up = whole
    elif method == "half_up":
        whole = up = whole + (rest >= Fraction(1, 2))
    elif method == "half_even":
        whole = up = round(scaled)
    return to_decimal(Fraction(whole, scale)), to_decimal(Fraction(up, scale))


def _rounding_waits(value: Fraction, settings: Mapping[str, Any]) -> list[str]:
    low, high = rounded(value, settings)
    if low == high:
        return []
    return [DIGITS] if settings.get("score_digits") is None else [ROUNDING]
