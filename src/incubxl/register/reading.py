"""What came of reading one cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from incubxl.grid import CellKind, CellValue

ONE = Decimal(1)
VALUE = CellKind.VALUE  # an enum attribute costs more than the rest of a reading


class Reading(NamedTuple):
    """``code``: the issue, with ``why`` in its words; ``shown``: how text was read, where that is worth listing."""

    kind: CellKind
    value: Any = None
    code: str = ""
    why: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """How a column is read. ``factor``: what a bare number is multiplied by to be in the field's unit (the header may
    name another unit). ``free_text``: people's own words, where 「不适用」 and line breaks stay as they are."""

    date_1904: bool = False
    factor: Decimal = ONE
    free_text: bool = False


BLANK = Reading(CellKind.BLANK)
NOT_APPLICABLE = Reading(CellKind.DECLARED_NA)


def unreadable(code: str, why: str = "") -> Reading:
    return Reading(CellKind.UNREADABLE, None, code, why)


def seen(raw: CellValue) -> str:
    """A cell as an official sees it, cut to 40 characters."""
    if isinstance(raw, bool):
        text = "TRUE" if raw else "FALSE"
    elif isinstance(raw, float | int):
        text = number_text(raw)
    elif isinstance(raw, dt.datetime):
        text = raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ")
    else:
        text = str(raw).encode("utf-8", "replace").decode()
    return text if len(text) <= 40 else text[:39] + "…"


def number_text(raw: float | int) -> str:
    """A number without ``.0`` and, up to 15 digits, without exponent."""
    if isinstance(raw, int) or (abs(raw) < 1e15 and raw == int(raw)):
        return str(int(raw))
    if 1e-4 <= abs(raw) < 1e15:
        return f"{Decimal(repr(raw)):f}"
    return repr(raw)
