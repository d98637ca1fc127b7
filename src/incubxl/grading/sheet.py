"""Cells of the scheme's sheets, names of facts, and faults that keep everybody open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import incubxl.grading.findings  # noqa: F401  (registers this room's issues)
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.policy.pack import Pack
from incubxl.register.model import Table

INDICATORS, BANDS, RULES, SCORES = "indicators", "score_bands", "grade_rules", "scores"


def exact(table: Table, column: str, row: int) -> Fraction | None:
    """A number of a table as typed."""
    value = table.columns[column].exact(row) if column in table.columns else None
    return None if value is None or not value.is_finite() else Fraction(value)


def text(table: Table, column: str, row: int) -> str:
    return table.columns[column].text(row).strip() if column in table.columns else ""


def named(pack: Pack, name: str) -> str:
    """The id of the fact or derived count with this id, label or alias; empty when there is none."""
    for spec in pack.facts:
        if name in (spec.id, spec.label, *spec.aliases):
            return spec.id
    return next((d.id for d in pack.derived if name in (d.id, d.label)), "")


def fault(code: str, cell: str, issues: list[Issue], blocked: list[str], **seen: str) -> None:
    sheet, _, address = cell.rpartition("!")
    found = issue(code, Place(sheet, address), **seen)
    issues.append(found)
    blocked.append(found.bare)


def to_decimal(value: Fraction) -> Decimal:
    """A fraction as a Decimal: exact where it ends, otherwise to the context's precision."""
    return Decimal(value.numerator) / Decimal(value.denominator)
