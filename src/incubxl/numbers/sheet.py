"""The sheet 文号簿: every number with its state and its letter, and the numbers that nothing explains."""

from __future__ import annotations

from collections.abc import Iterable

from incubxl.numbers.model import STATES, Entry, Gap
from incubxl.plan import Block, Column, SheetPlan

SHEET = "文号簿"
_COLUMNS = (
    Column("发文字号"), Column("机关代字"), Column("年份", "integer"), Column("序号", "integer"),
    Column("状态", "centre"), Column("文书种类"), Column("单位名称"), Column("成文日期"), Column("办理人"),
    Column("登记时间"), Column("原因"),
)  # fmt: skip
_WIDTHS = (22, 12, 8, 8, 10, 20, 30, 14, 12, 20, 30)
_MISSING = (Column("缺少的文号", "run"),)


def number_sheet(entries: Iterable[Entry], gaps: Iterable[Gap]) -> SheetPlan:
    """The book as a result sheet."""
    rows = [
        (
            str(e.number), e.number.code, e.number.year, e.number.serial, STATES[e.state], e.label, e.name, e.dated,
            e.by, e.at, e.reason,
        )
        for e in entries
    ]  # fmt: skip
    missing = [(str(gap),) for gap in gaps]
    blocks = (
        Block(_COLUMNS, rows, empty="文号簿里还没有文号"),
        Block(_MISSING, missing, heading="没有登记的文号（请登记使用，或写明原因作废）", empty="没有缺号"),
    )
    return SheetPlan(SHEET, "发文字号登记簿", "", _WIDTHS, blocks, paper="A3")
