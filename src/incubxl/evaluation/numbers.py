"""at_least, at_most, share_at_least: numbers and intervals against dated parameters."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from incubxl.evaluation.view import MASKS, Node, Reason, View, number_text
from incubxl.grid import CellKind
from incubxl.money import plain
from incubxl.policy.criteria import Compare, Parameter, Share
from incubxl.verdict import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, VerdictArray

INCLUSIVE = "number-inclusive"


def _strict(view: View, parameter: Parameter) -> bool:
    if parameter.exact:
        return False
    answer = view.register.answers.get(INCLUSIVE)
    return answer is not None and answer.option == "exclusive"


class Bound(Node):
    """A number at least (or at most) a parameter. An interval decides only where both ends agree."""

    def __init__(self, spec: Compare, view: View, *, least: bool, gap: str) -> None:
        self.spec, self.view, self.least, self.gap = spec, view, least, gap
        self.parameter, self.limit = view.parameter(spec.than)
        self.lo, self.hi, absent = view.interval(spec.fact)
        self.verdicts = self._verdicts()
        self.verdicts[absent] = NOT_APPLICABLE
        if self.limit is not None:
            self.threshold = f"{'≥' if least else '≤'}{plain(self.limit)}{self.parameter.unit}"
            self.exactly = (self.lo == float(self.limit)).tolist()
            self.close = self._near(float(self.limit)).tolist()

    def _verdicts(self) -> VerdictArray:
        if self.limit is None:
            return self.view.full(NOT_APPLICABLE)
        limit = float(self.limit)
        strict = _strict(self.view, self.parameter)
        if self.least:
            low_ok = self.lo > limit if strict else self.lo >= limit
            high_ok = self.hi > limit if strict else self.hi >= limit
        else:
            low_ok = self.hi < limit if strict else self.hi <= limit
            high_ok = self.lo < limit if strict else self.lo <= limit
        known = ~np.isnan(self.lo)
        out = self.view.full(UNKNOWN)
        out[known & low_ok] = MET
        out[known & ~high_ok] = NOT_MET
        return out

    def reason(self, i: int) -> Reason:
        view, fact = self.view, self.spec.fact
        verdict = self.codes[i]
        value = view.said(fact, i)
        if self.limit is None:
            return Reason(value, "基准日尚无此标准", view.cells(fact, i))
        unit, threshold, near = self.parameter.unit, self.threshold, self.close[i]
        settled = (INCLUSIVE,) if self.exactly[i] and not self.parameter.exact else ()
        cells = view.cells(fact, i)
        if verdict == UNKNOWN:
            missing = view.missing(fact, i)
            return Reason(value, threshold, cells, missing, settled, (fill(view, fact, i),), near)
        if verdict != NOT_MET:
            return Reason(value, threshold, cells, (), settled, (), near)
        edge = float(self.hi[i] if self.least else self.lo[i])
        gap = plain(abs(self.limit - Decimal(repr(edge))))
        phrase = self.gap or ("{label}还差{gap}{unit}" if self.least else "{label}超出{gap}{unit}")
        step = phrase.format(label=view.label(fact), gap=gap, unit=unit)
        if gap == "0":
            step = f"{view.label(fact)}恰等于{plain(self.limit)}{unit}，按选定口径不含本数"
        return Reason(value, threshold, cells, (), settled, (step,), near)

    def _near(self, limit: float) -> MASKS:
        margin = self.view.register.settings.margin
        if margin is None:
            return np.zeros(self.view.size, dtype=np.bool_)
        near: MASKS = np.abs(self.lo - limit) <= abs(limit) * float(margin) / 100
        return near


def fill(view: View, fact: str, i: int) -> str:
    """The step that closes a gap in the data."""
    counted = view.counted(fact)
    if counted is not None and counted.from_rows[i]:
        return "核对、补全" + "、".join(counted.open[i]) if counted.open[i] else f"补全{counted.source[i]}各行"
    id = view.missing(fact, i)[0]
    column = view.register.columns.get(id)
    cell = column.cell(i) if column is not None else ""
    step = "补填" if column is None or column.kinds[i] == CellKind.BLANK else "改正"
    return f"{step}「{view.label(id)}」" + (f"（{cell}）" if cell else "")


class ShareBound(Node):
    """parts / whole at least a percentage. A blank or zero whole, or parts beyond it, leave it unknown."""

    def __init__(self, spec: Share, view: View, gap: str) -> None:
        self.spec, self.view, self.gap = spec, view, gap
        self.parameter, self.limit = view.parameter(spec.than)
        self.parts = [view.interval(part)[0] for part in spec.parts]
        self.whole = view.interval(spec.whole)[0]
        self.total = np.sum(self.parts, axis=0)
        self.verdicts = self._verdicts()

    def _verdicts(self) -> VerdictArray:
        if self.limit is None:
            return self.view.full(NOT_APPLICABLE)
        margin = self.total * 100 - self.whole * float(self.limit)
        usable = (self.whole > 0) & ~np.isnan(self.total) & (self.total <= self.whole * (1 + 1e-12))
        out = self.view.full(UNKNOWN)
        out[usable & (margin > 0)] = MET
        out[usable & (margin < 0)] = NOT_MET
        # Floats decide only what is plainly apart; near the line the decimals as typed decide.
        for i in np.flatnonzero(usable & (np.abs(margin) <= np.abs(self.whole) * 1e-7)):
            exact = self._total(int(i)) * 100 - _exact(self.whole[i]) * self.limit
            met = exact > 0 or (exact == 0 and not _strict(self.view, self.parameter))
            out[i] = MET if met else NOT_MET
        return out

    def _total(self, i: int) -> Decimal:
        return sum((_exact(part[i]) for part in self.parts), Decimal(0))

    def reason(self, i: int) -> Reason:
        view, spec = self.view, self.spec
        facts = (*spec.parts, spec.whole)
        value = "；".join(view.said(f, i) for f in facts)
        cells = tuple(c for f in facts for c in view.cells(f, i))
        if self.limit is None:
            return Reason(value, "基准日尚无此标准", cells)
        threshold = f"占比≥{plain(self.limit)}{self.parameter.unit}"
        verdict = self.codes[i]
        if verdict == UNKNOWN:
            return self._open(i, value, threshold, cells)
        share = self._total(i) * 100 / _exact(self.whole[i])
        value += f"；占比{number_text(float(round(share, 2)))}%"
        margin = view.register.settings.margin
        near = margin is not None and abs(share - self.limit) <= self.limit * margin / 100
        settled = (INCLUSIVE,) if share == self.limit and not self.parameter.exact else ()
        if verdict == MET:
            return Reason(value, threshold, cells, (), settled, (), near)
        short = (_exact(self.whole[i]) * self.limit / 100 - self._total(i)).normalize()
        phrase = self.gap or "{label}合计还差{gap}{unit}"
        label = "与".join(view.label(part) for part in spec.parts)
        step = phrase.format(label=label, gap=plain(short), unit=view.unit(spec.whole))
        return Reason(value, threshold, cells, (), settled, (step,), near)

    def _open(self, i: int, value: str, threshold: str, cells: tuple[str, ...]) -> Reason:
        view, spec = self.view, self.spec
        lacking = [f for f, a in zip(spec.parts, self.parts, strict=True) if np.isnan(a[i])]
        if not self.whole[i] > 0:
            lacking.append(spec.whole)
        if lacking:
            missing = tuple(m for f in lacking for m in view.missing(f, i))
            return Reason(value, threshold, cells, missing, (), tuple(fill(view, f, i) for f in lacking))
        step = "、".join(view.label(p) for p in spec.parts) + f"之和大于{view.label(spec.whole)}，请核对是否重复计算"
        return Reason(value, threshold, cells, (*spec.parts, spec.whole), (), (step,))


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value)))
