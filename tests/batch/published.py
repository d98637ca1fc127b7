"""Workbooks with lists for the public, from the sample of the year, as an official fills the sheet 结论."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.batch.build import RAN_AT, column, go, header_row, workbook

SAMPLE = Path(__file__).parents[2] / "samples" / "xinjiang-makerspace-2026.xlsx"
LIST, CORRECTED, WITHDRAWN = "示科公示〔2026〕1号", "示科公示〔2026〕2号", "示科公示〔2026〕3号"
Row = dict[str, Any]


def listed(id: str, number: str = LIST, day: int = 22, **more: Any) -> Row:
    return {"申报编号": id, "结论": "公示", "结论日期": dt.datetime(2026, 5, day), "发文字号": number,
            "签发人": "示例甲", **more}  # fmt: skip


def corrected(id: str, details: str, number: str = CORRECTED, day: int = 25, **more: Any) -> Row:
    return listed(id, number, day) | {
        "结论": "更正公告",
        "理由": "（示例）名单有误",
        "具体事项": details,
        "关联文号": LIST,
        **more,
    }


def withdrawn(id: str, number: str = WITHDRAWN, day: int = 26, **more: Any) -> Row:
    return listed(id, number, day) | {"结论": "撤回公告", "理由": "（示例）名单有误", "关联文号": LIST, **more}


def row_of(sheet: Any, id: str) -> int:
    first = header_row(sheet) + 1
    return next(row for row in range(first, sheet.max_row + 1) if sheet.cell(row, 1).value == id)


def write(path: Path, rows: Sequence[Row], change: Callable[[Any], None] = lambda _: None) -> None:
    """The sample with these rows of 结论 and no others."""
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book["结论"]
    first = header_row(sheet) + 1
    for row in sheet.iter_rows(min_row=first):
        for cell in row:
            cell.value = None
    for n, row in enumerate(rows, first):
        for label, value in row.items():
            sheet.cell(n, column(sheet, label)).value = value
    change(book)
    book.save(path)


def letters(folder: Path, rows: Sequence[Row], change: Callable[[Any], None] = lambda _: None) -> dict[str, Row]:
    """The letters of a run in ``folder``: file → one of its views."""
    path = folder / "登记.xlsx"
    write(path, rows, change)
    made = workbook(go(path, out=folder / "结果", today=dt.date(2026, 6, 20), ran_at=RAN_AT))
    return {
        view["file"].rpartition("/")[2]: view for one in made["applicants"] for view in one["letters"] if view["file"]
    }
