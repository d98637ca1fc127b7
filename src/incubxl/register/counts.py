"""Numbers counted from detail rows, per applicant, as intervals; typed totals only where there are no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from incubxl.grid import CellKind, Place, column_letters
from incubxl.issues import Issue, issue
from incubxl.policy.fields import Derived
from incubxl.policy.pack import Pack
from incubxl.register.model import Column, Counted, Floats, Settings, Table
from incubxl.register.reading import number_text
from incubxl.register.sources import NO_REFERENCE_YEAR, Sources, repeated
from incubxl.register.tally import (
    Codes,
    Interval,
    States,
    add_up,
    count_distinct,
    count_rows,
    row_keys,
    row_states,
    row_years,
    year_states,
)

_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}


@dataclass(frozen=True)
class _Work:
    """One derived number and what it is counted from."""

    spec: Derived
    table: Table
    states: States
    codes: Codes
    reference_year: int | None
    lines: Sequence[str]  # the applicants' rows as Excel shows them


def count_all(
    pack: Pack, tables: Mapping[str, Table], columns: Mapping[str, Column], settings: Settings, ids: Sequence[str]
) -> tuple[dict[str, Counted], list[Issue]]:
    """Every derived number of the pack for the applicants ``ids``."""
    counted: dict[str, Counted] = {}
    issues: list[Issue] = []
    keys: dict[tuple[str, ...], Codes] = {}
    undated: list[str] = []
    lines = [str(row + 1) for row in next(iter(columns.values())).rows.tolist()] if columns else []
    disagreeing: dict[str, dict[int, Issue]] = {}
    for spec in pack.derived:
        table = tables[spec.table]
        name = (spec.table, *spec.key)
        if name not in keys:
            keys[name] = row_keys(table, spec.key) if spec.key else np.full(table.height, -1, dtype=np.int64)
            issues += repeated(spec, table, keys[name], ids) if spec.key else []
        states = row_states(table, spec.where, settings.reference_year)
        work = _Work(spec, table, states, keys[name], settings.reference_year, lines)
        counted[spec.id], disagreeing[spec.id] = _count(work, columns, ids)
        if settings.reference_year is None and table.height and _needs_year(spec):
            undated.append(spec.label)
    for spec in pack.derived:
        if found := disagreeing[spec.id]:
            agrees = _agrees(columns[spec.total], [counted[d.id] for d in pack.derived if d.total == spec.total])
            issues += [one for i, one in found.items() if not agrees[i]]
    if undated:
        cell = settings.cells.get("reference_year", "")
        place = Place(*cell.split("!", 1)) if cell else Place("设置")
        issues.append(issue("count.no_reference_year", place, labels="、".join(undated)))
    return counted, issues


def _agrees(total: Column, readings: Sequence[Counted]) -> npt.NDArray[np.bool_]:
    """Whose typed total is what the rows give under some reading of the clause; nothing is wrong with those."""
    agrees = np.zeros(len(total.rows), dtype=np.bool_)
    for one in readings:
        typed = _typed(total, one.spec, len(agrees))
        agrees |= (one.lo <= typed) & (typed <= one.hi)
    return agrees


def _needs_year(spec: Derived) -> bool:
    return bool(spec.each_year_since) or any(test.in_reference_year for test in spec.where)


def _count(work: _Work, columns: Mapping[str, Column], ids: Sequence[str]) -> tuple[Counted, dict[int, Issue]]:
    """One number for every applicant, and where the typed total disagrees, by applicant."""
    spec, table, n = work.spec, work.table, len(ids)
    from_rows = np.zeros(n, dtype=np.bool_)
    from_rows[np.unique(table.owner[table.owner >= 0])] = True
    lo, hi = _interval(work, columns, n) if from_rows.any() else (np.empty(n), np.empty(n))
    sources = Sources(spec, table, work.states, work.codes)
    total = columns.get(spec.total)
    typed = _typed(total, spec, n)
    lo[~from_rows] = hi[~from_rows] = typed[~from_rows]
    source = _cells(total, work.lines) if total else [""] * n
    nothing = (spec.total,) if total else (f"{table.spec.sheet}（没有该单位的明细行）",)
    blank = np.isnan(typed)
    open_: list[tuple[str, ...]] = [nothing] * n if blank.all() else [()] * n
    if not blank.all():
        for i in np.flatnonzero(blank).tolist():
            open_[i] = nothing
    issues: dict[int, Issue] = {}
    for i in np.flatnonzero(from_rows).tolist():
        source[i] = sources.text(i, lo[i], hi[i])
        open_[i] = _why_open(work, columns, sources, i, lo[i], hi[i])
        if total and spec.compare_total and (typed[i] < lo[i] or typed[i] > hi[i]):
            at = total.cell(i)
            seen = {"total": f"{number_text(total.values[i])}{total.spec.unit}", "cell": at, "source": source[i]}
            words = sources.amount(lo[i], hi[i])
            place = Place(total.sheet, at.split("!")[-1])
            told = {"label": spec.label, "counted": words, **seen}
            issues[i] = issue("count.total_disagrees", place, applicant=ids[i], **told)
    return Counted(spec, lo, hi, tuple(source), tuple(open_), from_rows), issues


def _typed(total: Column | None, spec: Derived, n: int) -> Floats:
    """The typed totals in the derived number's unit; NaN where there is none."""
    if total is None:
        return np.full(n, np.nan)
    typed = np.where(total.kinds == CellKind.VALUE, total.values.astype(np.float64), np.nan)
    scale = _scale(total.spec.unit, spec.unit)
    if scale != 1:
        exact = [total.exact(i) for i in range(n)]
        typed = np.array([np.nan if one is None else float(one * scale) for one in exact])
    return typed


def _cells(column: Column, lines: Sequence[str]) -> list[str]:
    """``column.cell`` of every row."""
    if column.sheet_column < 0:
        return [""] * len(lines)
    before = f"{column.sheet}!{column_letters(column.sheet_column)}"
    return [before + line for line in lines]


def _scale(unit: str, to: str) -> Decimal:
    return _YUAN[unit] / _YUAN[to] if unit in _YUAN and to in _YUAN else Decimal(1)


def _interval(work: _Work, columns: Mapping[str, Column], n: int) -> Interval:
    spec, table = work.spec, work.table
    if not spec.each_year_since:
        return _tally(work, work.states, n)
    first, last = _first_years(columns[spec.each_year_since]), work.reference_year
    lo, hi = np.full(n, np.nan), np.full(n, np.nan)
    if last is None or not n or np.isnan(first).all():
        return lo, hi
    years = row_years(table.columns[spec.year_column])
    for year in range(int(np.nanmin(first)), last + 1):
        low, high = _tally(work, year_states(work.states, years, year), n)
        counts = first <= year
        lo[counts] = np.fmin(lo[counts], low[counts])
        hi[counts] = np.fmin(hi[counts], high[counts])
    return lo, hi


def _first_years(since: Column) -> Floats:
    """The first complete calendar year after the date; NaN without one."""
    return row_years(since) + 1


def _tally(work: _Work, states: States, n: int) -> Interval:
    spec, table = work.spec, work.table
    if spec.count == "distinct":
        return count_distinct(table.owner, states, work.codes, n)
    if spec.count == "rows":
        return count_rows(table.owner, states, n)
    amounts = table.columns[spec.column]
    return add_up(table.owner, states, amounts, _scale(amounts.spec.unit, spec.unit), n)


def _why_open(
    work: _Work, columns: Mapping[str, Column], sources: Sources, i: int, lo: float, hi: float
) -> tuple[str, ...]:
    if lo == hi:
        return ()
    spec = work.spec
    if not np.isnan(lo):
        undated = (NO_REFERENCE_YEAR,) if work.reference_year is None and _needs_year(spec) else ()
        return (*undated, *sources.lacking(i))
    if work.reference_year is None:
        return (NO_REFERENCE_YEAR,)
    since = columns[spec.each_year_since]
    if since.kinds[i] != CellKind.VALUE:
        return (spec.each_year_since,)
    return (f"{since.cell(i)}（{since.spec.label}之后还没有完整年度）",)
