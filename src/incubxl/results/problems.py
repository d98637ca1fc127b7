"""问题清单: what was found in the input, where, and how to mend it."""

from __future__ import annotations

from collections import Counter

from incubxl.issues import SEVERITY_WORDS
from incubxl.plan import Block, Column, Link, SheetPlan, Value
from incubxl.results.frame import Frame
from incubxl.results.words import link_target, quoted

PROBLEMS = "问题清单"
_COLUMNS = (
    Column("序号", "integer"), Column("程度", words=True), Column("申报编号"), Column("工作表"),
    Column("单元格", "link"), Column("说明"), Column("如何处理"), Column("代码", "small"),
)  # fmt: skip
_WIDTHS = (7, 9, 14, 18, 14, 56, 56, 26)
_CELL = 4


def problems(frame: Frame) -> SheetPlan:
    """Errors first, then 疑点, then hints; within each in the order found."""
    order = {severity: n for n, severity in enumerate(SEVERITY_WORDS)}
    found = sorted(frame.assessment.issues, key=lambda i: order[i.severity])
    rows: list[tuple[Value, ...]] = [
        (n, SEVERITY_WORDS[i.severity], i.applicant, i.place.sheet, i.place.cell, i.message, i.remedy, i.code)
        for n, i in enumerate(found, 1)
    ]
    counts: Counter[str] = Counter(i.severity for i in found)
    lines = ("、".join(f"{word} {counts[severity]} 条" for severity, word in SEVERITY_WORDS.items()),)
    block = Block(_COLUMNS, rows, empty="没有发现问题")
    first = frame.sheet(PROBLEMS, _WIDTHS, (block,), lines=lines).first_row(0)
    links = []
    file = frame.input_file
    for n, i in enumerate(found if file is not None else ()):
        target = link_target(f"{quoted(i.place.sheet)}!{i.place.cell or 'A1'}") if i.place.sheet else None
        if target:
            links.append(Link(first + n, _CELL if i.place.cell else _CELL - 1, *target, file or ""))
    return frame.sheet(PROBLEMS, _WIDTHS, (block,), lines=lines, links=links, freeze_columns=0)
