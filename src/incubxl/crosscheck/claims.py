"""The same tenant, mentor or event claimed by two applicants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from incubxl.grid import CellKind, Place
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
    rows = _shared(table, columns)
    if not rows:
        return []
    import pandas as pd  # a sixth of a second, which most runs need not pay

    frame = pd.DataFrame({c.spec.id: c.values[rows] for c in columns}, index=rows)
    frame["owner"] = table.owner[rows]
    out = []
    for key, group in frame.groupby(list(table.spec.identity), sort=True):
        who = dict.fromkeys(f"{register.ids[o]}（{register.names[o]}）" for o in group["owner"])
        cells = [columns[0].cell(int(i)) for i in group.index]
        shown = "、".join(str(k)[:10] if isinstance(k, pd.Timestamp) else str(k) for k in key)
        sheet, _, cell = cells[0].rpartition("!")
        place = Place(sheet, cell)
        out.append(
            issue("claim.twice", place, what=table.spec.sheet, key=shown, who="、".join(who), cells="、".join(cells))
        )
    return out


def _shared(table: Table, columns: Sequence[Column]) -> list[int]:
    """Rows whose thing stands under two applicants or more; rows with a gap in what identifies it are left out."""
    known = table.owner >= 0
    for column in columns:
        known = known & (column.kinds == CellKind.VALUE)
    rows = np.flatnonzero(known).tolist()
    keys = list(zip(*(column.values[known].tolist() for column in columns), strict=True))
    owners: dict[tuple[Any, ...], set[int]] = {}
    for key, owner in zip(keys, table.owner[known].tolist(), strict=True):
        owners.setdefault(key, set()).add(owner)
    return [row for row, key in zip(rows, keys, strict=True) if len(owners[key]) > 1]
