"""is, one_of, provided, held_for, earlier_than, in_force: coded facts and dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.evaluation.numbers import fill
from incubxl.evaluation.view import Node, Reason, View
from incubxl.grid import CellKind
from incubxl.money import plain
from incubxl.policy.criteria import EarlierThan, HeldFor, InForce, Is, OneOf, Provided
from incubxl.verdict import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, VerdictArray

PERIOD_START = "period-start"
Days = npt.NDArray[np.datetime64]


class Equal(Node):
    """A coded or boolean fact has one of some values."""

    def __init__(self, spec: Is | OneOf, view: View, gap: str) -> None:
        self.fact, self.view, self.gap = spec.fact, view, gap
        self.wanted: Sequence[Any] = (spec.value,) if isinstance(spec, Is) else spec.choices
        column = view.column(spec.fact)
        hit = _among(column, self.wanted)
        out = view.full(UNKNOWN)
        present = column.kinds == CellKind.VALUE
        out[present & hit] = MET
        out[present & ~hit] = NOT_MET
        out[column.kinds == CellKind.DECLARED_NA] = NOT_APPLICABLE
        self.verdicts = out
        shown = ("是" if w is True else "否" if w is False else column.spec.choice_label(str(w)) for w in self.wanted)
        self.label, self.words = view.label(spec.fact), "或".join(shown)
        self.threshold = f"{self.label}应为{self.words}"

    def reason(self, i: int) -> Reason:
        view, fact, label, threshold = self.view, self.fact, self.label, self.threshold
        value = view.said(fact, i)
        cells = view.cells(fact, i)
        if self.codes[i] == UNKNOWN:
            return Reason(value, threshold, cells, (fact,), (), (fill(view, fact, i),))
        if self.codes[i] == NOT_MET:
            step = self.gap.format(label=label, gap="", unit="") if self.gap else f"「{label}」应为{self.words}"
            return Reason(value, threshold, cells, (), (), (step,))
        return Reason(value, threshold, cells)


def _among(column: Any, wanted: Sequence[Any]) -> npt.NDArray[np.bool_]:
    return np.fromiter((value in wanted for value in column.values.tolist()), np.bool_, len(column.values))


class Filled(Node):
    """Facts that must be there; nothing is said about what they hold."""

    def __init__(self, spec: Provided, view: View) -> None:
        self.spec, self.view = spec, view
        self.known = [view.column(f).kinds == CellKind.VALUE for f in spec.facts]
        self.verdicts = np.where(np.all(self.known, axis=0), MET, UNKNOWN).astype(np.int8)

    def reason(self, i: int) -> Reason:
        view, facts = self.view, self.spec.facts
        value = "；".join(view.said(f, i) for f in facts)
        cells = tuple(c for f in facts for c in view.cells(f, i))
        lacking = tuple(f for f, known in zip(facts, self.known, strict=True) if not known[i])
        return Reason(value, "应填写", cells, lacking, (), tuple(fill(view, f, i) for f in lacking))


def add_months(days: Days, months: int) -> Days:
    """The corresponding day ``months`` later, or that month's last day (民法典 第二百零二条)."""
    month = days.astype("datetime64[M]")
    offset = days - month.astype("datetime64[D]")
    later = (month + np.timedelta64(months, "M")).astype("datetime64[D]")
    last = (month + np.timedelta64(months + 1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    out: Days = np.minimum(later + offset, last)
    return out


class Held(Node):
    """The time since a date has reached a number of years or months on the as-of date."""

    def __init__(self, spec: HeldFor, view: View, gap: str) -> None:
        self.spec, self.view, self.gap = spec, view, gap
        self.parameter, self.length = view.parameter(spec.period)
        column = view.column(spec.since)
        self.present = column.kinds == CellKind.VALUE
        self.verdicts = self._verdicts(np.where(self.present, column.values, np.datetime64("NaT", "D")))
        self.verdicts[column.kinds == CellKind.DECLARED_NA] = NOT_APPLICABLE
        if self.length is not None:
            self.threshold = f"至{view.as_of:%Y-%m-%d}满{plain(self.length)}{self.parameter.unit}"
            self.close = (np.abs((self.due - np.datetime64(view.as_of)).astype(np.int64)) <= 1).tolist()

    def _verdicts(self, since: Days) -> VerdictArray:
        if self.length is None:
            return self.view.full(NOT_APPLICABLE)
        months = int(self.length) * (12 if self.parameter.unit == "年" else 1)
        self.due = add_months(since.astype("datetime64[D]"), months)
        answer = self.view.register.answers.get(PERIOD_START)
        if answer is not None and answer.option == "same_day":
            self.due = self.due - np.timedelta64(1, "D")
        out = self.view.full(UNKNOWN)
        today = np.datetime64(self.view.as_of)
        out[self.present & (self.due <= today)] = MET
        out[self.present & (self.due > today)] = NOT_MET
        return out

    def reason(self, i: int) -> Reason:
        view, fact = self.view, self.spec.since
        value = view.said(fact, i)
        cells = view.cells(fact, i)
        if self.length is None:
            return Reason(value, "基准日尚无此标准", cells)
        threshold = self.threshold
        if self.codes[i] == UNKNOWN:
            return Reason(value, threshold, cells, (fact,), (), (fill(view, fact, i),))
        if self.codes[i] == NOT_APPLICABLE:
            return Reason(value, threshold, cells)
        value += f"（{self.due[i]}届满）"
        settled = (PERIOD_START,) if self.close[i] else ()
        if self.codes[i] == MET:
            return Reason(value, threshold, cells, (), settled)
        step = self.gap.format(label=view.label(fact), gap=str(self.due[i]), unit="") if self.gap else (
            f"{self.due[i]}届满后再申报"
        )  # fmt: skip
        return Reason(value, threshold, cells, (), settled, (step,))


class Earlier(Node):
    """One date lies strictly before another, or at least a period before it (to the corresponding day)."""

    def __init__(self, spec: EarlierThan, view: View, gap: str) -> None:
        self.spec, self.view, self.gap = spec, view, gap
        first, second = view.column(spec.fact), view.column(spec.than)
        known = (first.kinds == CellKind.VALUE) & (second.kinds == CellKind.VALUE)
        out = view.full(UNKNOWN)
        self.latest = np.where(second.kinds == CellKind.VALUE, second.values, np.datetime64("NaT", "D"))
        self.words = "早于"
        if spec.by:
            parameter, length = view.parameter(spec.by)
            if length is None:
                self.verdicts = view.full(NOT_APPLICABLE)
                self.words = "（基准日尚无期限）早于"
                return
            months = int(length) * (12 if parameter.unit == "年" else 1)
            self.latest = add_months(self.latest.astype("datetime64[D]"), -months)
            self.words = f"至少提前{plain(length)}{parameter.unit}于"
            out[known] = np.where(first.values[known] <= self.latest[known], MET, NOT_MET)
        else:
            out[known] = np.where(first.values[known] < self.latest[known], MET, NOT_MET)
        out[(first.kinds == CellKind.DECLARED_NA) | (second.kinds == CellKind.DECLARED_NA)] = NOT_APPLICABLE
        self.verdicts = out

    def reason(self, i: int) -> Reason:
        view, facts = self.view, (self.spec.fact, self.spec.than)
        value = "；".join(view.said(f, i) for f in facts)
        cells = tuple(c for f in facts for c in view.cells(f, i))
        first, second = (view.label(f) for f in facts)
        threshold = f"{first}{self.words}{second}"
        if self.spec.by and not np.isnat(self.latest[i]):
            threshold += f"（不晚于{self.latest[i]}）"
        if self.codes[i] == UNKNOWN:
            lacking = tuple(f for f in facts if not view.column(f).has(i))
            return Reason(value, threshold, cells, lacking, (), tuple(fill(view, f, i) for f in lacking))
        if self.codes[i] == NOT_MET:
            step = self.gap.format(label=first, gap="", unit="") if self.gap else f"{first}应{self.words}{second}"
            return Reason(value, threshold, cells, (), (), (step,))
        return Reason(value, threshold, cells)


class Within(Node):
    """A date lies within the measure's printed validity; where no first day is printed, from its issue."""

    def __init__(self, spec: InForce, view: View, gap: str) -> None:
        self.fact, self.view, self.gap = spec.fact, view, gap
        measure = view.register.pack.measure
        self.first, self.last = measure.validity.since or measure.issued_on, measure.validity.until
        column = view.column(spec.fact)
        present = column.kinds == CellKind.VALUE
        inside = np.ones(view.size, dtype=np.bool_)
        days = column.values[present]
        if self.first is not None:
            inside[present] &= days >= np.datetime64(self.first)
        if self.last is not None:
            inside[present] &= days <= np.datetime64(self.last)
        out = view.full(UNKNOWN)
        out[present & inside] = MET
        out[present & ~inside] = NOT_MET
        out[column.kinds == CellKind.DECLARED_NA] = NOT_APPLICABLE
        self.verdicts = out

    def reason(self, i: int) -> Reason:
        view, fact = self.view, self.fact
        label = view.label(fact)
        value = view.said(fact, i)
        span = (f"不早于{self.first}" if self.first else "", f"不晚于{self.last}" if self.last else "")
        threshold = "、".join(s for s in span if s)
        cells = view.cells(fact, i)
        if self.codes[i] == UNKNOWN:
            return Reason(value, threshold, cells, (fact,), (), (fill(view, fact, i),))
        if self.codes[i] == NOT_MET:
            step = self.gap.format(label=label, gap="", unit="") if self.gap else f"「{label}」应{threshold}"
            return Reason(value, threshold, cells, (), (), (step,))
        return Reason(value, threshold, cells)
