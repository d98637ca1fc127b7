"""What a register workbook can be filled with: samples, tests, and last year's data carried over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from incubxl.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula cell. ``cached``: its stored result (``"#N/A"`` … makes an error cell); None: saved without one."""

    text: str
    cached: str | int | float | bool | None = None


CellInput = str | int | float | Decimal | bool | dt.date | Formula | None
"""Typed values become typed cells; a str is always a text cell, even in a number column (``"3万元"``, ``"=1+1"``)."""

Row = Mapping[str, CellInput]


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """The answer to an interpretation: an option id (or any text), and who decided when and why."""

    option: str
    reason: str = ""
    signer: str = ""
    signed_on: dt.date | None = None


@dataclass(frozen=True)
class WorkbookContent:
    """What stands in a workbook.

    ``register``: one row per applicant, fact id → value. ``tables``: rows by table id (column id → value).
    ``settings``: by setting id; ``setting_notes`` is shown in the note column. ``answers``: by interpretation id.
    Choices and judgement, criterion, letter ids are written as their labels; what is no known id is written as given.
    """

    register: tuple[Row, ...] = ()
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    settings: Mapping[str, CellInput] = field(default_factory=dict)
    setting_notes: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, AnswerInput] = field(default_factory=dict)


def unknown_keys(pack: Pack, content: WorkbookContent) -> list[str]:
    """Keys of ``content`` that the pack does not know, in words; a misplaced key must not vanish in silence."""
    found = [f"登记表没有 {key}" for row in content.register for key in row if key not in pack.fact]
    for table, rows in content.tables.items():
        if table not in pack.table or table in ("interpretations", "settings"):
            found.append(f"没有明细表 {table}")
            continue
        known = {c.id for c in pack.table[table].columns}
        found += [f"{table} 没有 {key}" for row in rows for key in row if key not in known]
    known = {s.id for s in pack.settings}
    found += [f"设置没有 {key}" for key in (*content.settings, *content.setting_notes) if key not in known]
    found += [f"口径没有 {key}" for key in content.answers if key not in pack.interpretation]
    return sorted(set(found))
