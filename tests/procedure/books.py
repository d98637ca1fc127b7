"""Registers of a shipped pack with history, events and ledger rows, read as a workbook would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from incubxl.files.packs import store
from incubxl.grid import CellValue, Grid, Sheet
from incubxl.policy.fields import Field
from incubxl.register.model import Register
from incubxl.register.read import read_register

Row = Mapping[str, Any]


def register(
    id: str,
    applicants: Sequence[Row],
    *,
    year: int = 2026,
    file: str = "",
    answers: Mapping[str, str] | None = None,
    settings: Row | None = None,
    **tables: Sequence[Row],
) -> Register:
    """A register of the pack; applicants without id and name get A1, A2 … ``tables``: rows by table id.

    Rows hold field ids; choices by id or by the words of a cell. ``applicant_id`` of a row is A1 unless it says so.
    """
    cells = grid(id, applicants, year=year, file=file, answers=answers, settings=settings, **tables)
    return read_register(cells, store().pack(id))


def grid(
    id: str,
    applicants: Sequence[Row],
    *,
    year: int = 2026,
    file: str = "",
    answers: Mapping[str, str] | None = None,
    settings: Row | None = None,
    **tables: Sequence[Row],
) -> Grid:
    """The cells of ``register``."""
    pack = store().pack(id)
    signed = {"reason": "测试", "signer": "某甲", "signed_on": dt.date(2026, 1, 1)}
    labels = {f.id: f for f in pack.settings}
    rows: dict[str, Sequence[Row]] = {
        **tables,
        "interpretations": [{"interpretation": q, "answer": a, **signed} for q, a in (answers or {}).items()],
        "settings": [
            {"setting": labels[k].label, "key": k, "value": _cell(labels[k], v)}
            for k, v in {"pack": pack.id, "year": year, **(settings or {})}.items()
        ],
    }
    facts = [{"applicant_id": f"A{n}", "name": f"虚构单位{n}", **row} for n, row in enumerate(applicants, start=1)]
    sheets = {"申报登记": _sheet("申报登记", pack.facts, facts)}
    for spec in pack.tables:
        if rows.get(spec.id):
            owned = [{spec.owner: "A1", **row} if spec.owner else row for row in rows[spec.id]]
            sheets[spec.sheet] = _sheet(spec.sheet, spec.columns, owned)
    return Grid(file or f"{id}-{year}.xlsx", sheets)


def _sheet(name: str, fields: Sequence[Field], rows: Sequence[Row]) -> Sheet:
    return Sheet(name, [[f.label for f in fields], *([_cell(f, row.get(f.id)) for f in fields] for row in rows)])


def _cell(field: Field, value: Any) -> CellValue:
    if value is None:
        return None
    if field.type == "choice":
        return field.choice_label(str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return float(value) if isinstance(value, Decimal) else value
