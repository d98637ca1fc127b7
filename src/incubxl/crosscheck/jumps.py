"""Numbers far from the others': a robust z-score over peers, over the peers' growth, and over one's own years.

z = |x - median| / (1.4826 × MAD), MAD the median of the absolute deviations from the median (Iglewicz and Hoaglin,
How to Detect and Handle Outliers, 1993). The limit is the office's; without it nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.crosscheck.model import Book, Check, Suspicion
from incubxl.crosscheck.numbers import Floats, Numbers, Year, numbers, plain

SETTING = "jump_limit"
PEERS = 8  # the fewest numbers that a median over peers is taken of
OWN = 4  # the fewest earlier years
_NORMAL = 1.4826  # MAD of a normal distribution to its standard deviation
_SPREAD = "离散度是绝对中位差的1.4826倍；离散度为零（半数以上相同）的算不出倍数，不列"
_LEVEL = (
    f"同一办法、年度和申报类型的单位（至少 {PEERS} 家填了）里，数值离中位数超过离散度的若干倍，"
    f"倍数由「设置」的异常波动倍数定。{_SPREAD}"
)
_GROWTH = f"比本单位上一次申报增减的比例（取对数）与同类单位（至少 {PEERS} 家）的相比，倍数同上。{_SPREAD}"
_YEARS = f"与本单位以前各年（至少 {OWN} 年）的中位数相比，倍数同上。{_SPREAD}"
UNSET = "「设置」没有填异常波动倍数，没有核对异常波动"


def jumps(books: Sequence[Book]) -> tuple[list[Check], list[Suspicion]]:
    """What lies beyond the limit that each workbook sets, the furthest first."""
    unset = [b.label for b in books if not b.earlier and not _limit(b)]
    not_made = f"{UNSET}：{'、'.join(unset)}" if unset else ""
    level: list[tuple[float, Suspicion]] = []
    growth: list[tuple[float, Suspicion]] = []
    own: list[tuple[float, Suspicion]] = []
    short: list[str] = []
    alone: list[str] = []
    for one in numbers(books):
        limits = np.array([_limit(book) or np.inf for book in one.books])
        for asked in one.asked:
            year = one.years[asked]
            before = [one.years[y] for y in sorted(one.years, reverse=True) if y < asked]
            name = f"{one.pack.measure.short_name}{asked}年度"
            limit = np.where(year.row >= 0, limits[year.book], np.inf)
            level += _peers(one, year, limit)
            if before:
                growth += _grown(one, year, before, limit)
            else:
                alone.append(f"{name}没有给出以前年度的工作簿")
            own += _own(one, year, before, limit)
            if len(before) < OWN:
                short.append(f"{name}只有 {len(before)} 个以前年度")
    checks = []
    for name, rule, found, why in (
        ("与同类单位相比", _LEVEL, level, ()),
        ("增减与同类单位相比", _GROWTH, growth, alone),
        ("与本单位往年相比", _YEARS, own, short),
    ):
        checks.append(Check("jump", name, rule, len(found), "；".join(filter(None, (not_made, *why)))))
    told = [s for found in (level, growth, own) for _, s in sorted(found, key=lambda x: -x[0])]
    return checks, told


def _limit(book: Book) -> float:
    """The office's limit; 0 where it is not set. Nothing at or below zero is a limit."""
    set_to = book.register.settings.values.get(SETTING)
    return float(set_to) if set_to and set_to > 0 else 0.0


def _spread(values: Floats, axis: int, fewest: int) -> tuple[Floats, Floats]:
    """Median and 1.4826 × MAD along ``axis``; NaN where there are too few numbers or the MAD is zero."""
    enough = (~np.isnan(values)).sum(axis=axis) >= fewest
    kept = np.where(np.expand_dims(enough, axis), values, 0.0)  # a slice of NaN alone would warn
    middle = np.nanmedian(kept, axis=axis)
    spread = _NORMAL * np.nanmedian(np.abs(kept - np.expand_dims(middle, axis)), axis=axis)
    known = enough & (spread > 0)
    return np.where(known, middle, np.nan), np.where(known, spread, np.nan)


def _beyond(values: Floats, middle: Floats, spread: Floats, limit: Floats) -> Iterator[tuple[int, int, float]]:
    """(who, what, z) of everything beyond the limit of its row."""
    with np.errstate(invalid="ignore"):
        z = np.abs(values - middle) / spread
        for i, k in zip(*(found.tolist() for found in np.nonzero(z > limit[:, None])), strict=True):
            yield i, k, float(z[i, k])


def _tracks(one: Numbers, year: Year) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    """Applicants of one type of application."""
    named: dict[str, list[int]] = {}
    for who in year.present.tolist():
        register = one.books[year.book[who]].register
        named.setdefault(register.tracks[year.row[who]], []).append(who)
    for track, whos in named.items():
        label = next((t.label for t in one.pack.measure.tracks if t.id == track), "申报类型不明")
        yield label, np.array(whos, dtype=np.int64)


def _peers(one: Numbers, year: Year, limit: Floats) -> Iterator[tuple[float, Suspicion]]:
    for track, rows in _tracks(one, year):
        values = year.values[rows]
        middle, spread = _spread(values, 0, PEERS)
        count = (~np.isnan(values)).sum(axis=0)
        for i, k, z in _beyond(values, middle, spread, limit[rows]):
            who = int(rows[i])
            why = (
                f"{one.shown(k, values[i, k])}，同类（{track}）{count[k]} 家的中位数是 {plain(middle[k])}，"
                f"偏离 {z:.1f} 倍，超过 {limit[who]:g} 倍"
            )
            yield z, _told(one, k, why, (one.member(year, who, [k]),))


def _grown(one: Numbers, year: Year, before: Sequence[Year], limit: Floats) -> Iterator[tuple[float, Suspicion]]:
    last = np.full_like(year.values, np.nan)
    which: npt.NDArray[Any] = np.full(len(one.who), -1)
    for n, past in enumerate(before):
        rows = np.flatnonzero((past.row >= 0) & (which < 0))
        last[rows], which[rows] = past.values[rows], n
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((last > 0) & (year.values > 0), year.values / last, np.nan)
    for track, rows in _tracks(one, year):
        values = np.log(ratio[rows])
        middle, spread = _spread(values, 0, PEERS)
        for i, k, z in _beyond(values, middle, spread, limit[rows]):
            who = int(rows[i])
            past = before[which[who]]
            why = (
                f"{one.shown(k, year.values[who, k])}，是{past.year}年度（{plain(past.values[who, k])}）的"
                f" {ratio[who, k]:.2f} 倍，同类（{track}）的中位数是 {np.exp(middle[k]):.2f} 倍，"
                f"偏离 {z:.1f} 倍，超过 {limit[who]:g} 倍"
            )
            yield z, _told(one, k, why, (one.member(year, who, [k]), one.member(past, who, [k])))


def _own(one: Numbers, year: Year, before: Sequence[Year], limit: Floats) -> Iterator[tuple[float, Suspicion]]:
    if len(before) < OWN:
        return
    past = np.stack([y.values for y in before])
    middle, spread = _spread(past, 0, OWN)
    for who, k, z in _beyond(year.values, middle, spread, limit):
        seen = [y for y in before if not np.isnan(y.values[who, k])]
        why = (
            f"{one.shown(k, year.values[who, k])}，本单位以前 {len(seen)} 年的中位数是 {plain(middle[who, k])}，"
            f"偏离 {z:.1f} 倍，超过 {limit[who]:g} 倍"
        )
        yield z, _told(one, k, why, (one.member(year, who, [k]), *(one.member(y, who, [k]) for y in seen)))


def _told(one: Numbers, what: int, why: str, members: tuple[Any, ...]) -> Suspicion:
    return Suspicion("jump", one.what[what].label, why, members)
