"""A small result workbook with everything that results have: links, notes, a chart, dates, text that looks odd."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incubxl.files.write import Properties, render
from incubxl.issues import Issue
from incubxl.plan import Area, Block, Chart, Column, Link, Series, SheetPlan
from incubxl.publish.graft import graft, look

AT = dt.datetime(2026, 6, 1, 9, 0)
TITLES = ("核对结果甲", "核对结果乙")
EVERY = (*TITLES, "核对结果丙")  # what results can have


def plans(target: str = "", rows: int = 3, titles: tuple[str, str] = TITLES) -> list[SheetPlan]:
    """Two sheets; the first links to A1 of the sheet ``target``, if given."""
    columns = (
        Column("编号", note="每行一个单位"), Column("结论", words=True), Column("日期", "date"), Column("金额", "yuan"),
        Column("说明", "link"),
    )  # fmt: skip
    body = [
        (
            f"A-{n:03d}",
            "符合" if n % 2 else "资料不足",
            dt.date(2026, 5, n % 28 + 1),
            Decimal("1200.5") + n,
            f"=甲&乙<{n}>",
        )
        for n in range(1, rows + 1)
    ]
    one = SheetPlan(titles[0], titles[0], "征求意见稿", (12, 12, 12, 16, 30), (Block(columns, body),), ("一行说明",))
    links = [Link(one.first_row(0), 0, titles[1], "A1")]
    if target:
        links.append(Link(one.first_row(0), 4, target, "A1"))
    chart = Chart(
        "家数", "柱形图", Area(one.first_row(0), 0, one.first_row(0) + 1, 0),
        (Series("金额", Area(one.first_row(0), 3, one.first_row(0) + 1, 3), "1F3A5F"),), 8, 6, "家",
    )  # fmt: skip
    one = SheetPlan(
        titles[0], titles[0], "征求意见稿", one.widths, one.blocks, one.lines, links=links, chart=chart
    )  # fmt: skip
    other = SheetPlan(
        titles[1], titles[1], "", (20, 40), (Block((Column("项目"), Column("内容")), [("甲", "_x000D_\n乙")]),)
    )
    return [one, other]


def result(target: str = "", rows: int = 3, titles: tuple[str, str] = TITLES) -> bytes:
    return render(plans(target, rows, titles), properties=Properties("核对结果", AT))


def grafted(data: bytes, name: str = "登记.xlsx", made: bytes | None = None) -> bytes:
    """The copy; the test fails where the workbook is refused."""
    target = look(data, name, EVERY)
    assert not isinstance(target, Issue), (target.code, target.message)
    copy = graft(target, made or result())
    assert not isinstance(copy, Issue), (copy.code, copy.message)
    return copy


def refused(data: bytes, name: str = "登记.xlsx", made: bytes | None = None) -> Issue:
    """Why not; the test fails where the workbook is taken."""
    target = look(data, name, EVERY)
    if isinstance(target, Issue):
        return target
    copy = graft(target, made or result())
    assert isinstance(copy, Issue)
    return copy
