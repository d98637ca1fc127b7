"""One value as text that can be compared: what a register's cell, a form's cell and a returned cell have in common.

Numbers are plain decimals in the field's unit, dates ISO, booleans 是/否, choices their id, 不适用 itself; blank is "".
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from incubxl.grid import CellKind
from incubxl.money import plain
from incubxl.policy.fields import Field
from incubxl.register.model import Column
from incubxl.register.parse import NUMERIC
from incubxl.templates.content import CellInput
from incubxl.templates.shown import DECLARED_NA, NO, YES

UNREAD = (CellKind.ERROR, CellKind.UNCACHED, CellKind.UNREADABLE)


def text_of(field: Field, kind: CellKind, value: Any) -> str:
    """The text of a reading (see ``register.parse``); what cannot be read is "" too: ask for the kind."""
    if kind == CellKind.DECLARED_NA:
        return DECLARED_NA
    if kind != CellKind.VALUE:
        return ""
    if field.type in NUMERIC:
        return plain(Decimal(repr(float(value))))
    if field.type == "boolean":
        return YES if value else NO
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else str(value)


def known(column: Column, i: int) -> tuple[str, bool]:
    """The register's value as text, and whether the cell holds something that cannot be read."""
    kind = CellKind(int(column.kinds[i]))
    if kind in UNREAD:
        return "", True
    value = column.day(i) if column.spec.type == "date" else column.values[i]
    return text_of(column.spec, kind, value), False


def written(field: Field, text: str) -> CellInput:
    """The text as a cell's typed content."""
    if text in ("", DECLARED_NA):
        return text or None
    if field.type in NUMERIC:
        return Decimal(text)
    if field.type == "date":
        return dt.date.fromisoformat(text)
    return field.choice_label(text) if field.type == "choice" else text


def shown(field: Field, text: str) -> str:
    """The text as an official reads it."""
    return field.choice_label(text) if field.type == "choice" and text else text
