"""Whatever stands in a workbook, reading it gives a register and issues."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.grid import CellKind, Grid, Sheet
from incubxl.policy.pack import Pack
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack

from .build import CODES, PACK

NASTY = st.sampled_from(
    [
        *(
            None,
            "",
            " ",
            "A1",
            "A2",
            "合计",
            "不适用",
            "约500",
            "是",
            "=1+1",
            "2025-1-1",
            "符合",
            "{x}",
            "%s{0}",
            "team",
        ),
        *(0.0, -1.0, 1e300, float("nan"), float("inf"), True, 10**30, "9" * 400, "１２３", CODES[0], "申报编号"),
        *(dt.date(2025, 1, 1), dt.datetime(1899, 12, 31, 1), dt.time(3, 0), dt.timedelta(days=40)),
        *("甲\ud800", "甲\x00", "\u200b", "认定或备案"),
    ]
)


def workbook(pack: Pack, data: st.DataObject) -> Grid:
    sheets: dict[str, Sheet] = {}
    plans = [
        ("申报登记", [f.label for f in pack.facts]),
        *((t.sheet, [c.label for c in t.columns]) for t in pack.tables),
    ]
    for name, labels in plans:
        head: list[object] = list(labels)
        for at in data.draw(st.lists(st.integers(0, len(head) - 1), max_size=2)):
            head[at] = data.draw(NASTY)
        body = data.draw(st.lists(st.lists(NASTY, min_size=len(head), max_size=len(head)), max_size=3))
        special = {(1, 0): (CellKind.ERROR, "#N/A"), (99, 3): (CellKind.UNCACHED, "A1")} if body else {}
        merged = ((0, 0, 0, 1), (1, 0, 2, 3)) if len(body) > 1 and data.draw(st.booleans()) else ()
        sheets[name] = Sheet(name, [head, *body], special, merged=merged)  # type: ignore[list-item]
    return Grid("fuzz.xlsx", sheets, date_1904=data.draw(st.booleans()))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_cells(data: st.DataObject) -> None:
    grid = workbook(PACK, data)
    register = read_register(grid, PACK)
    assert register.rows_seen == register.size + len(register.refused)
    for table in [register.columns, *(t.columns for t in register.tables.values())]:
        for column in table.values():
            assert len(column.kinds) == len(column.values) == len(column.rows)
    for issue in register.issues:
        assert issue.message
        assert issue.remedy
    peek_pack(grid)


@settings(max_examples=5, deadline=None)
@given(st.data())
def test_any_cells_of_the_shipped_measures(packs: object, data: st.DataObject) -> None:
    for id in ("urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq", "tongliao-award"):
        pack: Pack = packs.pack(id)  # type: ignore[attr-defined]
        register = read_register(workbook(pack, data), pack)
        assert set(register.columns) == set(pack.fact)
