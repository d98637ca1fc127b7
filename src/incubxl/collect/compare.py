"""Returns against the register as it is now: what is new, what contradicts, what came twice. Nothing is decided here.

For every value three texts are held together: what had been given out, what came back, what the register says now.
"""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.collect.cells import settle_cell
from incubxl.collect.found import Come, Comparison, Target, source_of
from incubxl.collect.model import GivenRow, Returned
from incubxl.collect.shape import Shape
from incubxl.collect.table import compare_table
from incubxl.collect.units import come_by_sight
from incubxl.collect.values import known
from incubxl.grid import Place
from incubxl.issues import issue
from incubxl.issues import register as define
from incubxl.register.model import Register
from incubxl.templates.shown import YES

define(
    "collect.needs", "error",
    "「{label}」填了「是」，没有填「{then}」。",
    "请与填报单位核实后补上。",
    "附件1填了有海外孵化基地，没有填个数",
)  # fmt: skip


def compare(register: Register, shape: Shape, returns: Sequence[tuple[Returned, tuple[int, ...]]]) -> Comparison:
    """All returns of one form. ``returns``: each with the positions of its recipient's applicants."""
    found = Comparison()
    cells: dict[tuple[int, str], list[Come]] = {}
    rows: dict[str, list[tuple[Returned, tuple[int, ...], GivenRow]]] = {}
    for returned, mine in returns:
        for id, value in returned.cards.items():
            if len(mine) == 1:
                cells.setdefault((mine[0], id), []).append(Come(value, source_of(returned, value)))
        for row in returned.rows:
            rows.setdefault(row.part, []).append((returned, mine, row))
        _needs(register, shape, returned, mine, found)
    for part in shape.rowed:
        if part.table:
            compare_table(register, part, rows.get(part.id, []), returns, found)
        else:
            for returned, mine, row in rows.get(part.id, []):
                i = register.index.get(row.key, -1)
                if i in mine:
                    for id, value in row.values.items():
                        cells.setdefault((i, id), []).append(Come(value, source_of(returned, value)))
                elif not row.key and (sighted := come_by_sight(register, returned, mine, row)) is not None:
                    for where, come in sighted:
                        cells.setdefault(where, []).append(come)
                elif row.key or any(v.text or v.unread for v in row.values.values()):
                    told = {"part": part.title, "seen": row.key or row.who.get("applicant_id") or "（空）"}
                    found.issues.append(issue("collect.owner_unknown", row.place, **told))
    for (i, id), came in cells.items():
        column = register.columns[id]
        text, unread = known(column, i)
        target = Target(register.ids[i], register.names[i], column.sheet, column.cell(i), column.spec, "")
        settle_cell(found, target, came, text, unread)
    return found


def _needs(register: Register, shape: Shape, returned: Returned, mine: tuple[int, ...], found: Comparison) -> None:
    for fact, then in shape.needs:
        first, second = returned.cards.get(fact), returned.cards.get(then)
        if first and second and first.text == YES and not second.text and not second.unread:
            specs = register.pack.fact
            place = Place(second.sheet, second.cell, returned.name)
            about = register.ids[mine[0]] if mine else ""
            told = {"label": specs[fact].label, "then": specs[then].label}
            found.issues.append(issue("collect.needs", place, applicant=about, **told))
