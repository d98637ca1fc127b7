"""The sheet 分段: from which number on an indicator of the method 分段计分 gives how many points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from incubxl.grading.sheet import BANDS, exact, fault, text, to_decimal
from incubxl.issues import Issue
from incubxl.money import plain
from incubxl.register.model import Register

Band = tuple[Fraction, Fraction]  # from this number on (included), so many points
ZERO = Fraction(0)


def read_bands(
    register: Register, methods: Mapping[str, str], issues: list[Issue], blocked: list[str]
) -> dict[str, tuple[Band, ...]]:
    """Bands by the indicator's id or name as written, lowest first. ``methods``: ids and names → method.

    A row that lacks a number, one of another method's or no indicator, and a beginning that stands twice are faults.
    """
    table = register.tables.get(BANDS)
    found: dict[str, dict[Fraction, Fraction]] = {}
    for row in range(table.height if table else 0):
        assert table is not None
        name = text(table, "indicator", row)
        start, points = exact(table, "at_least", row), exact(table, "points", row)
        cell = table.columns["indicator"].cell(row)
        bands = found.setdefault(name, {})
        if name not in methods:
            what = f"的指标「{name}」不在「评价指标」表里"
        elif methods[name] != "bands":
            what = f"的指标「{name}」的计分方法不是「分段计分」"
        elif start is None or points is None:
            what = f"的指标「{name}」有一段没有写「达到」或「得分」"
        elif points < 0:
            what = f"的指标「{name}」有一段得分是负数"
        elif start in bands:
            what = f"的指标「{name}」有两段都从{plain(to_decimal(start))}起"
        else:
            bands[start] = points
            continue
        fault("grading.scheme", cell, issues, blocked, sheet=table.spec.sheet, what=what)
    return {name: tuple(sorted(bands.items())) for name, bands in found.items()}


def band_points(bands: Sequence[Band], low: Fraction, high: Fraction | None) -> Band:
    """Least and most points of a number between ``low`` and ``high`` (None: no upper end). Below the first: nought."""
    reached = [points for start, points in bands if low < start and (high is None or start <= high)]
    at_low = next((points for start, points in reversed(bands) if start <= low), ZERO)
    return min([at_low, *reached]), max([at_low, *reached])
