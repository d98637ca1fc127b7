"""Which of an applicant's own data are not the same in the two runs; nothing: the others' data did it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from incubxl.compare.swap import Cause, Item, Pair
from incubxl.grid import CellKind
from incubxl.register.model import Column, Register

_SHOWN = 6
_WORDS = {int(CellKind.BLANK): "空"}


def changed_facts(pair: Pair, item: Item, every: frozenset[Cause]) -> str:
    """``场地面积 520→480（申报登记!F7）；在孵企业 12 行→11 行``."""
    one, two = pair.register(()), pair.register(every)
    if one is None or two is None or item[0] not in one.index or item[0] not in two.index:
        return ""
    found = list(_changes(one, two, item[0]))
    if not found:
        return "本单位自己的数据没有变，是其他单位的数据（名次、总额）带来的"
    return "；".join(found[:_SHOWN]) + (f" 等{len(found)}处" if len(found) > _SHOWN else "")


def _changes(one: Register, two: Register, applicant: str) -> Iterator[str]:
    i, j = one.index[applicant], two.index[applicant]
    for id, now in two.columns.items():
        then = one.columns.get(id)
        a, b = (_shown(then, i) if then else "空"), _shown(now, j)
        if a != b:
            said = "已改" if now.spec.personal else f"{a}→{b}"
            yield f"{now.spec.label} {said}" + (f"（{now.cell(j)}）" if now.cell(j) else "")
    for id, table in two.tables.items():
        if not table.spec.owner or id not in one.tables:
            continue
        before = _rows(one, id, i)
        after = _rows(two, id, j)
        if before != after:
            rows = f"{len(before)} 行→{len(after)} 行" if len(before) != len(after) else "有改动"
            yield f"「{table.spec.sheet}」{rows}"


def _rows(register: Register, table: str, applicant: int) -> list[tuple[str, ...]]:
    found = register.tables[table]
    rows = np.flatnonzero(found.owner == applicant).tolist()
    return sorted(tuple(_shown(column, row) for column in found.columns.values()) for row in rows)


def _shown(column: Column, row: int) -> str:
    if not column.has(row):
        return _WORDS.get(int(column.kinds[row]), "读不出")
    value = column.values[row]
    if column.spec.type == "date":
        return str(column.day(row))
    if column.spec.type == "boolean":
        return "是" if value else "否"
    if column.spec.type == "choice":
        return column.spec.choice_label(str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)
