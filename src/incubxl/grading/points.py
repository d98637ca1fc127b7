"""Points of one applicant on one indicator, as an interval: exact fractions, so that thirds add up to wholes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from incubxl.grading.bands import band_points
from incubxl.grading.scheme import Indicator
from incubxl.grading.scores import Mark, Marks
from incubxl.grading.sheet import to_decimal
from incubxl.grid import CellKind
from incubxl.money import plain
from incubxl.register.model import Register

ZERO = Fraction(0)
EXPERTS = "「设置」没有选定「多位专家取值」"
PARTIAL = "「设置」没有选定「不足一步的数量」"


# (lo, hi, as text, cells, what is lacking); lo None: nothing known; hi None: no upper end
Amount = tuple[Fraction | None, Fraction | None, str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Points:
    """[lo, hi]; ``open`` says in Chinese what keeps it open, ``unset`` which settings it waits for."""

    lo: Fraction
    hi: Fraction
    value: str = ""
    cells: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


def show(value: Fraction) -> str:
    """A number as people write it, at most four decimals."""
    return plain(round(to_decimal(value), 4))


def points(register: Register, indicator: Indicator, marks: Marks, i: int) -> Points:
    """Points of applicant ``i``: from the experts' marks or from the register's numbers."""
    if indicator.scored:
        return _from_marks(register, indicator, marks.of(i, indicator.id))
    lo, hi, shown, cells, lacking = _amount(register, indicator, i)
    if lo is None:
        return Points(ZERO, indicator.ceiling, shown or "未填", cells, lacking)
    if indicator.bands:
        ends = [_held(end, indicator.ceiling) for end in band_points(indicator.bands, lo, hi)]
        return Points(ends[0], ends[1], shown, cells, lacking if ends[0] != ends[1] else ())
    low, open_low = _formula(register, indicator, lo)
    high, open_high = _formula(register, indicator, hi) if hi is not None else ((indicator.ceiling,) * 2, False)
    unset = (PARTIAL,) if open_low or open_high else ()
    return Points(low[0], high[1], shown, cells, lacking if low[0] != high[1] and not unset else (), unset)


def _amount(register: Register, indicator: Indicator, i: int) -> Amount:
    """The number that is scored: the source, of which the part under ``indicator.half`` counts half."""
    whole = lo, hi, shown, cells, lacking = _number(register, indicator.source, i)
    if not indicator.half or lo is None:
        return whole
    half_lo, half_hi, half_shown, half_cells, half_lacking = _number(register, indicator.half, i)
    cells, lacking = (*cells, *half_cells), (*lacking, *half_lacking)
    if half_lo is None:
        return lo / 2, hi, f"{shown}，其中减半计的未填", cells, lacking
    said = f"{shown}，其中{half_shown}减半计"
    if hi is not None and half_lo > hi:
        return None, None, said, cells, (f"减半计的「{register.pack.label(indicator.half)}」多于数据来源，请核对",)
    most_half = lo if half_hi is None else min(half_hi, lo)
    return lo - most_half / 2, None if hi is None else hi - half_lo / 2, said, cells, lacking


def _number(register: Register, source: str, i: int) -> Amount:
    counted = register.counted.get(source)
    if counted is not None:
        low, high = float(counted.lo[i]), float(counted.hi[i])
        cells = (counted.source[i],) if counted.source[i] else ()
        if math.isnan(low):
            return None, None, "", cells, counted.open[i] or (f"缺少「{counted.spec.label}」",)
        lo, hi = Fraction(repr(low)), None if math.isinf(high) else Fraction(repr(high))
        shown = show(lo) if lo == hi else f"{show(lo)}至{show(hi) if hi is not None else '不明'}"
        return lo, hi, shown + counted.spec.unit, cells, counted.open[i]
    column = register.columns[source]
    cell = column.cell(i)
    cells = (cell,) if cell else ()
    value = column.exact(i)
    if value is None:
        where = f"（{cell}）" if cell else ""
        kind = {CellKind.ERROR: "是错误值", CellKind.UNREADABLE: "无法读懂"}.get(CellKind(column.kinds[i]), "未填")
        return None, None, "", cells, (f"「{column.spec.label}」{kind}{where}",)
    number = Fraction(value)
    return number, number, show(number) + column.spec.unit, cells, ()


def _formula(register: Register, indicator: Indicator, value: Fraction) -> tuple[tuple[Fraction, Fraction], bool]:
    """Points of a number, and whether they wait for the setting on incomplete steps."""
    numbers, ceiling = indicator.numbers, indicator.ceiling
    if indicator.method == "ratio":
        one = _held(value / numbers["target"] * (indicator.maximum or ZERO), ceiling)
        return (one, one), False
    base = ZERO
    if indicator.method == "base_step":
        if value < numbers["base_value"]:
            return (ZERO, ZERO), False
        base, value = numbers["base_points"], value - numbers["base_value"]
    steps = value / numbers["step_value"]
    whole = Fraction(math.floor(steps))
    each = numbers["step_points"]
    ends = sorted(_held(base + n * each, ceiling) for n in (whole, steps))
    choice = register.settings.values.get("partial_step")
    if choice == "whole":
        ends = [_held(base + whole * each, ceiling)] * 2
    elif choice == "proportional":
        ends = [_held(base + steps * each, ceiling)] * 2
    return (ends[0], ends[1]), ends[0] != ends[1]


def _held(value: Fraction, ceiling: Fraction) -> Fraction:
    return min(max(value, ZERO), ceiling)


def _from_marks(register: Register, indicator: Indicator, marks: Sequence[Mark]) -> Points:
    zero = register.settings.values.get("missing_score") == "zero"
    taking = [m for m in marks if not m.excused]
    cells = tuple(m.cell for m in taking if m.cell)
    shown = "、".join(_mark_text(m) for m in taking) or "未打分"
    lacking = tuple(_lack(indicator, m) for m in taking if m.score is None) or (
        () if taking else (f"指标「{indicator.name}」没有打分",)
    )
    if not taking:
        return Points(ZERO, ZERO if zero else indicator.ceiling, shown, (), () if zero else lacking)
    worst = [m.score if m.score is not None else ZERO for m in taking]
    best = [m.score if m.score is not None else (ZERO if zero else _top(indicator)) for m in taking]
    if zero:
        lacking = ()
    how = register.settings.values.get("experts")
    unset: tuple[str, ...] = ()
    if len(taking) == 1:
        lo, hi = worst[0], best[0]
    elif how == "trimmed_mean" and len(taking) < 3:
        few = f"指标「{indicator.name}」只有{len(taking)}位专家，不能去掉最高分和最低分"
        return Points(ZERO, indicator.ceiling, shown, cells, (few, *lacking))
    elif how in ("mean", "trimmed_mean"):
        average = _mean if how == "mean" else _trimmed
        lo, hi = average(worst), average(best)
    else:
        ways = (_mean, _trimmed) if len(taking) >= 3 else (_mean,)
        lo, hi = min(way(worst) for way in ways), max(way(best) for way in ways)
        alike = not lacking and len(set(worst)) == 1
        if len(taking) < 3 and not alike:
            lo, hi = ZERO, indicator.ceiling
        unset = () if alike else (EXPERTS,)
    ceiling = indicator.ceiling
    return Points(_held(lo, ceiling), _held(hi, ceiling), shown, cells, lacking, unset)


def _top(indicator: Indicator) -> Fraction:
    return indicator.maximum if indicator.maximum is not None else indicator.ceiling


def _mean(scores: Sequence[Fraction]) -> Fraction:
    return sum(scores, ZERO) / len(scores)


def _trimmed(scores: Sequence[Fraction]) -> Fraction:
    """The mean without one highest and one lowest score; three or more scores."""
    return _mean(sorted(scores)[1:-1])


def _mark_text(mark: Mark) -> str:
    score = "未打分" if mark.score is None else show(mark.score)
    return f"{mark.expert}：{score}" if mark.expert else score


def _lack(indicator: Indicator, mark: Mark) -> str:
    who = f"专家{mark.expert}" if mark.expert else ""
    where = f"（{mark.cell}）" if mark.cell else ""
    return f"{who}未给指标「{indicator.name}」打分{where}"
