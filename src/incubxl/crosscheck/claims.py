"""The same tenant, mentor or event claimed by two applicants of one workbook: told with every run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from incubxl.crosscheck.shared import keys, known
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.model import Column, Register, Table

define(
    "claim.twice",
    "warning",
    "{what}「{key}」同时被{who}申报，见{cells}。",
    "请核对归属；本程序只列出，不作认定，各单位的计数没有因此减少。",
    "两家单位的在孵企业表里有同一个统一社会信用代码",
)


def claims(register: Register) -> list[Issue]:
    """One 疑点 for every thing that two or more applicants claim, by the tables' ``identity`` columns."""
    found: list[Issue] = []
    for spec in register.pack.tables:
        table = register.tables.get(spec.id)
        if spec.identity and table is not None and table.height:
            found += _claims(register, table)
    return found


def _claims(register: Register, table: Table) -> list[Issue]:
    columns = [table.columns[c] for c in table.spec.identity]
    shared = _shared(table, columns)
    out = []
    for key in sorted(shared):
        rows = shared[key]
        who = dict.fromkeys(f"{register.ids[o]}（{register.names[o]}）" for o in table.owner[rows].tolist())
        cells = [columns[0].cell(row) for row in rows]
        shown = "、".join(str(c.day(rows[0])) if c.spec.type == "date" else c.text(rows[0]) for c in columns)
        sheet, _, cell = cells[0].rpartition("!")
        place = Place(sheet, cell)
        out.append(
            issue("claim.twice", place, what=table.spec.sheet, key=shown, who="、".join(who), cells="、".join(cells))
        )
    return out


def _shared(table: Table, columns: Sequence[Column]) -> dict[tuple[Any, ...], list[int]]:
    """Rows of each thing under two applicants or more; rows with a gap in what identifies it are left out."""
    rows = known(columns, table.owner)
    found: dict[tuple[Any, ...], list[int]] = {}
    for row, key in zip(rows.tolist(), zip(*(keys(c, rows) for c in columns), strict=True), strict=True):
        if all(key):
            found.setdefault(key, []).append(row)
    owner = table.owner
    return {key: rows for key, rows in found.items() if len(rows) > 1 and len(set(owner[rows].tolist())) > 1}
