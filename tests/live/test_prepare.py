"""Sheet plans as Excel takes them. Pure: no Excel is asked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from incubxl.excel.colours import paints
from incubxl.excel.prepare import LONGEST_ADDRESS, chunks, prepare
from incubxl.plan import Block, Column, Link, SheetPlan
from incubxl.style import WORDS
from tests.live.cells import corners

VERDICTS = ("符合", "不符合", "资料不足", "待认定", "不适用", "—")


def plan(rows: list[tuple[object, ...]], *columns: Column) -> SheetPlan:
    widths = (12.0,) * len(columns)
    return SheetPlan("表", "题", "", widths, (Block(columns, rows),), ("行",))  # type: ignore[arg-type]


def test_values_that_excel_would_change() -> None:
    """Texts of a text column go in as they are; in a column with numbers they bear an apostrophe; dates are days."""
    made = prepare(
        plan(
            [("=1+1", Decimal("1.5"), dt.date(2026, 5, 31), 3), ("'引", "1-2", None, "3 / 12")],
            Column("文", "text"),
            Column("数", "number"),
            Column("日", "date"),
            Column("名次", "centre"),
        ),
        there=(),
        date_1904=False,
        paint_calls=0,
    )
    assert made.rows == [
        ["题", None, None, None],
        ["行", None, None, None],
        ["文", "数", "日", "名次"],
        ["=1+1", 1.5, 46173.0, 3.0],
        ["''引", "'1-2", None, "'3 / 12"],
    ]
    assert made.formats == [("B4:B5", "#,##0.######"), ("C4:C5", "yyyy-mm-dd"), ("D4:D5", "General")]
    assert made.area == "A1:D5"
    assert made.freeze == (3, 0)


def test_days_of_a_workbook_that_counts_from_1904() -> None:
    made = prepare(plan([(dt.date(2026, 5, 31),)], Column("日", "date")), there=(), date_1904=True, paint_calls=0)
    assert made.rows[3] == [46173.0 - 1462]


def test_links_to_sheets_that_are_not_there_are_left_out() -> None:
    links = (Link(3, 0, "登记's", "B5"), Link(3, 0, "没有", "A1"), Link(3, 0, "登记's", "B5", "别的.xlsx"))
    bare = plan([("甲",)], Column("文"))
    linked = SheetPlan(bare.name, bare.title, "", bare.widths, bare.blocks, bare.lines, links=links)
    made = prepare(linked, there=("登记's",), date_1904=False, paint_calls=0)
    assert made.links == [("A4", "'登记''s'!B5")]


def coloured(plan: SheetPlan, calls: int) -> tuple[dict[tuple[int, int], str], bool, int]:
    """The look that each cell ends with, in the order of painting."""
    found: dict[tuple[int, int], str] = {}
    made, left_out = paints(plan, calls)
    for paint in made:
        assert len(paint.addresses) <= LONGEST_ADDRESS
        for part in paint.addresses.split(","):
            r0, c0, r1, c1 = corners(part)
            found |= {(r, c): paint.style for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)}
    return found, left_out, len(made)


@given(st.lists(st.tuples(*[st.sampled_from(VERDICTS)] * 3), min_size=1, max_size=60), st.integers(0, 200))
def test_a_colour_is_never_another_words(rows: list[tuple[str, ...]], calls: int) -> None:
    """Every cell has the look of its word, or none where the calls do not suffice, and that is said."""
    made = plan(rows, *(Column(str(n), "centre", words=True) for n in range(3)))
    found, left_out, count = coloured(made, calls)
    assert count * 7 <= calls
    first = made.first_row(0)
    bare = 0
    for r, row in enumerate(rows):
        for c, word in enumerate(row):
            look = found.get((first + r, c), "centre")
            wanted = WORDS.get(word, "centre")
            assert look in (wanted, "centre")
            bare += look != wanted
    assert bool(bare) <= left_out


def test_neighbours_are_one_run() -> None:
    made = plan([("符合", "符合")] * 50, *(Column(str(n), "centre", words=True) for n in range(2)))
    assert [tuple(p) for p in paints(made, 196)[0]] == [("A4:B53", "met")]


@given(st.lists(st.from_regex(r"[A-Z]{1,2}[1-9][0-9]{0,5}", fullmatch=True), max_size=80))
def test_addresses_are_joined_within_excels_limit(areas: list[str]) -> None:
    joined = chunks(areas)
    assert ",".join(joined) == ",".join(areas)
    assert all(len(text) <= LONGEST_ADDRESS for text in joined)
