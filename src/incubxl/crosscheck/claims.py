"""The same tenant, mentor or event claimed by two applicants."""

from __future__ import annotations

import pandas as pd

from incubxl.grid import CellKind, Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.model import Register, Table

define(
    "claim.twice",
    "warning",
    "{what}「{key}」同时被{who}申报，见{cells}",
    "请核对归属；本程序只列出，不作认定，各单位的计数没有因此减少",
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
    frame = pd.DataFrame({c.spec.id: c.values for c in columns})
    frame["owner"] = table.owner
    known = frame["owner"].to_numpy() >= 0
    for column in columns:
        known &= column.kinds == CellKind.VALUE
    frame = frame[known]
    keys = list(table.spec.identity)
    owners = frame.groupby(keys)["owner"].transform("nunique")
    shared = frame[owners > 1]
    out = []
    for key, rows in shared.groupby(keys, sort=True):
        who = dict.fromkeys(f"{register.ids[o]}（{register.names[o]}）" for o in rows["owner"])
        cells = [columns[0].cell(int(i)) for i in rows.index]
        shown = "、".join(str(k)[:10] if isinstance(k, pd.Timestamp) else str(k) for k in key)
        sheet, _, cell = cells[0].rpartition("!")
        place = Place(sheet, cell)
        out.append(
            issue("claim.twice", place, what=table.spec.sheet, key=shown, who="、".join(who), cells="、".join(cells))
        )
    return out
