"""Where a counted number comes from and what keeps it open, in words with cells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from incubxl.grid import CellKind, Place, address
from incubxl.issues import Issue, issue
from incubxl.policy.fields import Derived
from incubxl.register.model import Column, Table
from incubxl.register.reading import number_text
from incubxl.register.tally import NO, OPEN, Codes, States

NO_REFERENCE_YEAR = "设置（统计年度未填）"
_LISTED = 6


class Sources:
    """Words about one derived number, applicant by applicant."""

    def __init__(self, spec: Derived, table: Table, states: States, codes: Codes) -> None:
        self._spec = spec
        self._table = table
        self._states = states
        self._codes = codes
        named = [*spec.key, spec.column, table.spec.owner]
        columns = [table.columns[id] for id in named if id in table.columns]
        at = [column.sheet_column for column in columns if column.sheet_column >= 0]
        self._at = at[0] if at else 0
        self._sheet = next(iter(table.columns.values())).sheet if table.columns else table.spec.sheet
        self._rows = next(iter(table.columns.values())).rows if table.columns else np.empty(0, np.int64)

    @cached_property
    def _by_owner(self) -> tuple[Codes, list[int]]:
        owner = self._table.owner
        order = np.argsort(owner, kind="stable")
        return order, np.searchsorted(owner[order], np.arange(int(owner.max(initial=-1)) + 2)).tolist()

    def _mine(self, i: int) -> Codes:
        order, starts = self._by_owner
        return order[starts[i] : starts[i + 1]]

    def text(self, i: int, lo: float, hi: float) -> str:
        """``在孵企业!B4:B9（6行，去重后5家）``."""
        mine = self._mine(i)
        said = [f"{len(mine)}行"]
        passed = int((self._states[mine] > NO).sum())
        if passed != len(mine):
            said.append(f"可计入{passed}行")
        word = {"distinct": "去重后", "rows": "计", "sum": "合计"}[self._spec.count]
        if self._spec.each_year_since:
            word = "逐年最少"
        said.append(word + self.amount(lo, hi))
        return f"{self._sheet}!{self._cells(mine)}（{'，'.join(said)}）"

    def _cells(self, mine: Codes) -> str:
        rows = self._rows[mine]
        first, last = int(rows[0]), int(rows[-1])
        if len(rows) > 1 and last - first == len(rows) - 1:
            return f"{address(first, self._at)}:{address(last, self._at)}"
        cells = [address(int(row), self._at) for row in rows[:_LISTED]]
        return "、".join(cells) + ("等" if len(rows) > _LISTED else "")

    def amount(self, lo: float, hi: float) -> str:
        """``5家``, ``4至6家``, ``不少于4家``."""
        unit = self._spec.unit
        if np.isnan(lo):
            return "无法确定"
        if lo == hi:
            return f"{number_text(lo)}{unit}"
        if np.isinf(hi):
            return f"不少于{number_text(lo)}{unit}"
        return f"{number_text(lo)}至{number_text(hi)}{unit}"

    def lacking(self, i: int) -> tuple[str, ...]:
        """The cells that keep applicant i's interval open, at most six."""
        out: list[str] = []
        for row in self._mine(i).tolist():
            if self._states[row] == NO:
                continue
            out += self._lacks(row)
            if len(out) >= _LISTED:
                return (*out[:_LISTED], "等")
        stray = np.flatnonzero((self._table.owner < 0) & (self._states > NO))
        out += [f"{self._sheet}!{address(int(self._rows[row]), self._at)}（不知道属于哪个单位）" for row in stray[:3]]
        return tuple(out)

    def _lacks(self, row: int) -> list[str]:
        columns: list[Column] = [self._table.columns[test.column] for test in self._spec.where]
        if self._spec.year_column:
            columns.append(self._table.columns[self._spec.year_column])
        if self._spec.count == "sum":
            columns.append(self._table.columns[self._spec.column])
        lacking = [c for c in columns if c.kinds[row] not in (CellKind.VALUE, CellKind.DECLARED_NA)]
        if self._codes[row] < 0:
            parts = [self._table.columns[id] for id in self._spec.key]
            lacking += [c for c in parts if c.kinds[row] != CellKind.VALUE] or parts[:1]
        named = {c.spec.id: f"{self._where(c, row)}（缺{c.spec.label}）" for c in lacking}
        if not named and self._states[row] == OPEN and not self._spec.where:
            return [f"{self._sheet}!{address(int(self._rows[row]), self._at)}（只有申报编号）"]
        return list(named.values())

    def _where(self, column: Column, row: int) -> str:
        return column.cell(row) or f"{self._sheet}第{int(self._rows[row]) + 1}行"


def repeated(spec: Derived, table: Table, codes: Codes, ids: Sequence[str]) -> list[Issue]:
    """An info issue per applicant whose rows name one thing more than once."""
    rows = np.flatnonzero((table.owner >= 0) & (codes >= 0))
    first: dict[tuple[int, int], int] = {}
    pairs: dict[int, list[tuple[int, int]]] = {}
    for row, owner, code in zip(rows.tolist(), table.owner[rows].tolist(), codes[rows].tolist(), strict=True):
        earlier = first.setdefault((owner, code), row)
        if earlier != row:
            pairs.setdefault(owner, []).append((earlier, row))
    key = table.columns[spec.key[0]]
    issues = []
    for owner, found in pairs.items():
        said = [f"{key.cell(a).split('!')[-1]} 与 {key.cell(b).split('!')[-1]}" for a, b in found[:_LISTED]]
        words = "；".join(said) + ("等" if len(found) > _LISTED else "")
        place = Place(key.sheet, key.cell(found[0][1]).split("!")[-1])
        issues.append(issue("count.repeated", place, applicant=ids[owner], label=table.spec.sheet, pairs=words))
    return issues
