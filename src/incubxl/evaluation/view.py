"""What the operators read: a register, the as-of date, and the bans that procedure found."""

from __future__ import annotations

import datetime as dt
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from incubxl.grid import CellKind
from incubxl.money import plain
from incubxl.policy.criteria import Parameter
from incubxl.policy.fields import Field
from incubxl.register.model import Column, Counted, Floats, Register, Signed
from incubxl.verdict import Verdict, VerdictArray

MASKS = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BanView:
    """Bans of one sanction: a verdict per applicant (MET: none runs) and the words and cells behind it."""

    verdicts: VerdictArray
    words: Sequence[str]
    cells: Sequence[str]
    missing: Sequence[tuple[str, ...]]
    interpretations: tuple[str, ...]
    length: str  # the parameter in words: 2年


class Reason(NamedTuple):
    """Why one limb has its verdict for one applicant.

    ``steps``: what to do, each a Chinese phrase; empty when met. ``settled``: ids of interpretations it rests on.
    ``failed``: of several limbs that are not met together, the values of those that are not; empty for a single one.
    """

    value: str
    threshold: str
    cells: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    near: bool = False
    judged: tuple[Signed, ...] = ()
    failed: tuple[str, ...] = ()


class Node(ABC):
    """A limb that has been evaluated over all applicants; reasons are made for the rows asked for."""

    verdicts: VerdictArray

    @cached_property
    def codes(self) -> list[int]:
        """The verdicts as plain numbers: a list is read row by row at a tenth of an array's cost."""
        return self.verdicts.tolist()  # type: ignore[no-any-return]

    @abstractmethod
    def reason(self, i: int) -> Reason:
        """Why applicant i has this verdict."""


@dataclass(frozen=True)
class View:
    """Everything an operator may look at. What is shown of a fact is made once, for all rows."""

    register: Register
    as_of: dt.date
    bans: Mapping[str, BanView] = field(default_factory=dict)
    _said: dict[str, list[str]] = field(default_factory=dict)
    _cells: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.register.size

    def full(self, verdict: Verdict) -> VerdictArray:
        return np.full(self.size, verdict, dtype=np.int8)

    def parameter(self, id: str) -> tuple[Parameter, Decimal | None]:
        """A parameter and its value on the as-of date (None before it is in force)."""
        parameter = self.register.pack.parameter[id]
        return parameter, parameter.at(self.as_of)

    def counted(self, fact: str) -> Counted | None:
        return self.register.counted.get(fact)

    def column(self, fact: str) -> Column:
        return self.register.columns[fact]

    def interval(self, fact: str) -> tuple[Floats, Floats, MASKS]:
        """(lo, hi, declared not applicable) of a number; NaN where nothing is known."""
        counted = self.counted(fact)
        if counted is not None:
            return counted.lo, counted.hi, np.zeros(self.size, dtype=np.bool_)
        column = self.column(fact)
        values = np.where(column.kinds == CellKind.VALUE, column.values, np.nan).astype(np.float64)
        return values, values, column.kinds == CellKind.DECLARED_NA

    def unit(self, fact: str) -> str:
        counted = self.counted(fact)
        return counted.spec.unit if counted is not None else self.column(fact).spec.unit

    def label(self, fact: str) -> str:
        return self.register.pack.label(fact)

    def cells(self, fact: str, i: int) -> tuple[str, ...]:
        """Where the value of applicant i stands."""
        cells = self._cells.get(fact)
        if cells is None:
            counted = self.counted(fact)
            found = counted.source if counted is not None else map(self.column(fact).cell, range(self.size))
            cells = self._cells[fact] = [(cell,) if cell else () for cell in found]
        return cells[i]

    def missing(self, fact: str, i: int) -> tuple[str, ...]:
        """Fact ids (or cells of rows) that are lacking for applicant i."""
        counted = self.counted(fact)
        return counted.open[i] or (counted.spec.total or fact,) if counted is not None else (fact,)

    def said(self, fact: str, i: int) -> str:
        """Name and value as an official reads them: 场地面积：480平方米, 成立日期：2025-03-01, 专职人员：未填."""
        said = self._said.get(fact)
        if said is None:
            label = self.label(fact)
            said = self._said[fact] = [f"{label}：{text}" for text in _texts(self, fact)]
        return said[i]


_NOTHING = {
    CellKind.BLANK: "未填",
    CellKind.ERROR: "单元格为错误值",
    CellKind.UNCACHED: "公式没有保存结果",
    CellKind.UNREADABLE: "无法读懂",
    CellKind.DECLARED_NA: "不适用",
}


def _texts(view: View, fact: str) -> list[str]:
    counted = view.counted(fact)
    if counted is not None:
        unit = counted.spec.unit
        rows = zip(counted.lo.tolist(), counted.hi.tolist(), counted.from_rows, strict=True)
        return [_span(lo, hi, unit, "无法确定" if rowed else "未填") for lo, hi, rowed in rows]
    column = view.column(fact)
    show = _shower(column.spec)
    return [
        show(value) if kind == CellKind.VALUE else _NOTHING[CellKind(kind)]
        for value, kind in zip(column.values.tolist(), column.kinds.tolist(), strict=True)
    ]


def _shower(spec: Field) -> Callable[[Any], str]:
    match spec.type:
        case "number" | "integer" | "money":
            return lambda value: number_text(value) + spec.unit
        case "percent":
            return lambda value: number_text(value) + "%"
        case "year":
            return lambda value: f"{value:.0f}年"
        case "boolean":
            return lambda value: "是" if value else "否"
        case "choice":
            labels = {c.id: c.label for c in spec.choices}
            return lambda value: labels.get(value, str(value))
        case _:
            return str


def number_text(value: float) -> str:
    """A number without a needless .0 and without an exponent."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return plain(Decimal(repr(value)))


def _span(lo: float, hi: float, unit: str, nothing: str) -> str:
    if math.isnan(lo):
        return nothing
    if lo == hi:
        return number_text(lo) + unit
    return f"至少{number_text(lo)}{unit}" if hi == float("inf") else f"{number_text(lo)}至{number_text(hi)}{unit}"
