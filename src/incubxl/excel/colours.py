"""Which cells take the colour of their word: runs of neighbouring cells, merged, sorted, and no more than asked for.

A column of words is first coloured as a whole by its most frequent look, then by runs of the others; where that would
take too many calls, runs alone are coloured, the gravest words first, and the rest keep their words without a colour.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from incubxl.grid import address
from incubxl.plan import SheetPlan
from incubxl.style import WORDS

_PER_CALL = 255  # characters of one address text
_CALLS = 7  # at most for one text: the range, its fill, its font and three of the font's properties
_PLAIN = "centre"  # a word without a colour of its own
_GRAVEST = ("not_met", "unknown", "pending", "near", "met", "yes", "not_applicable")


class Paint(NamedTuple):
    """Addresses (one text) that take the look of a style."""

    addresses: str
    style: str


class _Run(NamedTuple):
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    style: str

    @property
    def address(self) -> str:
        start = address(self.first_row, self.first_column)
        end = address(self.last_row, self.last_column)
        return start if start == end else f"{start}:{end}"


def paints(plan: SheetPlan, calls: int) -> tuple[list[Paint], bool]:
    """The paints of a sheet within ``calls`` calls, and whether any cell was left without its colour."""
    whole: list[_Run] = []
    others: list[_Run] = []
    every: list[_Run] = []
    for n, block in enumerate(plan.blocks):
        first = plan.first_row(n)
        for c, column in enumerate(block.columns):
            if not column.words or not block.rows:
                continue
            styles = [WORDS.get(str(row[c]), _PLAIN) for row in block.rows]
            runs = _runs(styles, first, c)
            every += [run for run in runs if run.style != _PLAIN]
            usual, count = Counter(styles).most_common(1)[0]
            if usual == _PLAIN or count > 1:
                whole += [_Run(first, c, first + len(styles) - 1, c, usual)] if usual != _PLAIN else []
                others += [run for run in runs if run.style != usual]
            else:
                others += runs
    most = calls // _CALLS
    layered = _texts(_beside(whole)) + _texts(_beside(others))
    if len(layered) <= most:
        return layered, False
    plain = _texts(_beside(every))
    return plain[:most], len(plain) > most


def _runs(styles: list[str], first: int, column: int) -> list[_Run]:
    """Runs of one look down a column."""
    found: list[_Run] = []
    start = 0
    for n in range(1, len(styles) + 1):
        if n == len(styles) or styles[n] != styles[start]:
            found.append(_Run(first + start, column, first + n - 1, column, styles[start]))
            start = n
    return found


def _beside(runs: list[_Run]) -> list[_Run]:
    """Runs of the same rows and look in neighbouring columns, as one."""
    merged: dict[tuple[int, int, str, int], _Run] = {}
    for run in sorted(runs, key=lambda r: (r.first_column, r.first_row)):
        before = merged.pop((run.first_row, run.last_row, run.style, run.first_column - 1), None)
        if before:
            run = run._replace(first_column=before.first_column)  # noqa: PLW2901
        merged[(run.first_row, run.last_row, run.style, run.last_column)] = run
    return list(merged.values())


def _texts(runs: list[_Run]) -> list[Paint]:
    """Addresses of one look in as few texts as Excel takes; the gravest look first, large runs before small ones."""
    grouped: dict[str, list[_Run]] = {}
    for run in runs:
        grouped.setdefault(run.style, []).append(run)
    made: list[Paint] = []
    for style in sorted(grouped, key=_rank):
        text = ""
        for run in sorted(grouped[style], key=lambda r: (r.first_row - r.last_row, r.first_row, r.first_column)):
            if text and len(text) + 1 + len(run.address) > _PER_CALL:
                made.append(Paint(text, style))
                text = ""
            text += ("," if text else "") + run.address
        made.append(Paint(text, style))
    return made


def _rank(style: str) -> int:
    return _GRAVEST.index(style) if style in _GRAVEST else len(_GRAVEST)
