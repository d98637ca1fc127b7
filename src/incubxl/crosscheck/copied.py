"""Numbers that are the same as last year's, or as a neighbour's, too often to be chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from incubxl.crosscheck.model import Book, Check, Suspicion
from incubxl.crosscheck.numbers import Floats, Numbers, Year, numbers

LEAST = 5  # different numbers that are the same on both sides
SHARE = 10  # of so many that are the same at most one may differ
_BLOCK = 256  # applicants compared with all others at a time
RULE = (
    f"在两边都填了的数字里（登记表的数值栏目和由明细行数出的数），完全相同的至少有 {LEAST} 个不同的数值，并且不同的"
    f"不超过相同的{SHARE}分之一。空白、零和只有一位有效数字的（如 5、200、3000）不算"
)
_Flags = npt.NDArray[np.bool_]


def copied(books: Sequence[Book]) -> tuple[Check, Check, list[Suspicion]]:
    """Copies of the applicant's own last year, then of another applicant of the same year and measure."""
    own: list[Suspicion] = []
    others: list[Suspicion] = []
    alone: list[str] = []
    few: list[str] = []
    for one in numbers(books):
        for asked in one.asked:
            year = one.years[asked]
            before = [one.years[y] for y in sorted(one.years, reverse=True) if y < asked]
            own += _own(one, year, before)
            others += _others(one, year)
            if not before:
                alone.append(f"{one.pack.measure.short_name}{asked}年度没有给出以前年度的工作簿")
        if len(one.what) < LEAST:
            few.append(f"{one.pack.measure.short_name}的数字栏目不足 {LEAST} 个")
    checks = (
        Check("copied", "数字与本单位上一次申报相同", RULE, len(own), "；".join((*alone, *few))),
        Check("copied", "数字与同一年度的另一家相同", RULE, len(others), "；".join(few)),
    )
    return *checks, own + others


def telling(values: Floats) -> _Flags:
    """Whether a number says something: not missing, not zero, more than one significant digit."""
    size = np.abs(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        lead = size / np.power(10.0, np.floor(np.log10(size)))
    return np.isfinite(lead) & (np.abs(lead - np.round(lead)) > 1e-9)


def _alike(a: Floats, b: Floats, telling_a: _Flags, telling_b: _Flags) -> tuple[_Flags, npt.NDArray[np.int64]]:
    """What is the same and tells something, and how many numbers differ; over the last axis."""
    same = telling_a & (a == b)
    differ = ((telling_a | telling_b) & ~np.isnan(a) & ~np.isnan(b) & (a != b)).sum(axis=-1)
    return same, differ


def _own(one: Numbers, year: Year, before: Sequence[Year]) -> Iterator[Suspicion]:
    done = np.zeros(len(one.who), dtype=np.bool_)
    tells = telling(year.values)
    for last in before:
        there = (year.row >= 0) & (last.row >= 0) & ~done
        done |= there
        rows = np.flatnonzero(there)
        same, differ = _alike(year.values[rows], last.values[rows], tells[rows], telling(last.values[rows]))
        likely = (same.sum(axis=1) >= LEAST) & (differ * SHARE <= same.sum(axis=1))
        for k in np.flatnonzero(likely).tolist():
            who, what = int(rows[k]), np.flatnonzero(same[k]).tolist()
            if _distinct(year.values[who, what]) >= LEAST:
                same_as = f"有 {len(what)} 个数字与本单位{last.year}年度填的完全相同{_but(int(differ[k]))}"
                why = f"{same_as}，请核对是不是照抄上年"
                members = (one.member(year, who, what), one.member(last, who, what))
                yield Suspicion("copied", one.member(year, who, ()).name, why, members)


def _others(one: Numbers, year: Year) -> Iterator[Suspicion]:
    """Each applicant stands under the first one that it is like."""
    rows = year.present
    values, tells = year.values[rows], telling(year.values[rows])
    first: dict[int, int] = {}
    like: dict[int, list[tuple[int, int]]] = {}
    useful = np.flatnonzero(tells.sum(axis=0) > 1)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        same = np.zeros((len(values[block]), len(rows)), dtype=np.int16)
        differ = same.copy()
        for k in useful.tolist():
            a, b, s, t = values[block, k][:, None], values[None, :, k], tells[block, k][:, None], tells[None, :, k]
            same += s & (a == b)
            differ += (s | t) & (a < b) | (s | t) & (a > b)  # NaN is neither
        close = (same >= LEAST) & (differ * SHARE <= same)
        at, others = np.nonzero(close)
        for i, j in zip((at + start).tolist(), others.tolist(), strict=True):
            if i >= j or i in first or j in first:
                continue
            if _distinct(values[i, tells[i] & (values[i] == values[j])]) >= LEAST:
                first[j] = i
                like.setdefault(i, []).append((j, int(differ[i - start, j])))
    for i, found in like.items():
        what = [k for k in np.flatnonzero(tells[i]).tolist() if all(values[i, k] == values[j, k] for j, _ in found)]
        members = [one.member(year, int(rows[n]), what) for n in (i, *(j for j, _ in found))]
        why = (
            f"{len(members)}个申报单位有 {len(what)} 个数字完全相同{_but(max(n for _, n in found))}，"
            "请核对是不是相互照抄，或同一组数字填错了行"
        )
        yield Suspicion("copied", "、".join(m.name for m in members[:3]), why, tuple(members))


def _distinct(values: Floats) -> int:
    return len(set(values.tolist()))


def _but(differ: int) -> str:
    return f"（另有 {differ} 个不同）" if differ else "，没有不同的"
