"""An expert's book: the expert's code, applicants as the office shows them, indicators, maxima, scores to fill.

Every row bears a hidden key of round, expert, applicant and indicator, so that a book is read whatever became of its
order, columns and file name. No expert's name and, in a blind round, no applicant's stands anywhere in the file.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter

from incubxl.files.ours import OUTPUT
from incubxl.policy.fields import Field
from incubxl.scoring.model import Asked, Round
from incubxl.templates.cached import finished
from incubxl.templates.styles import Styles
from incubxl.templates.text import lines

SHEET = "评分表"
FIELDS = (
    Field(id="key", label="标识", type="text", required=True),
    Field(id="shown", label="申报单位", type="text", required=True),
    Field(id="indicator", label="指标编号", type="text", required=True),
    Field(id="name", label="评价指标", type="text"),
    Field(id="top", label="满分", type="number", unit="分"),
    Field(id="score", label="得分", type="number", unit="分", may_not_apply=True),
    Field(id="note", label="说明", type="text"),
)
EXCUSED = "回避"
CODE = "专家代号："
_WIDTHS = (18, 24, 10, 36, 8, 10, 30)
_KINDS = {"direct": "", "bonus": "（加分项）", "deduction": "（扣分项：写要扣的分，不写负号）"}
_HELP = (
    "只填「得分」和「说明」两栏，其余已锁定。得分从0到满分；还没有评的空着，空着不算零分。",
    f"发现与单位有利害关系的，得分写「{EXCUSED}」，并在「说明」里写原因。",
)
_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed date: the same round gives the same bytes
_BAND = ("#FFFFFF", "#F2F5F9")


def build_book(round: Round, expert: str, title: str) -> bytes:
    """The expert's book as .xlsx; the same round gives the same bytes. ``title``: measure and year."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": f"{title} 专家评分表", "category": OUTPUT, "author": "incubxl", "created": _CREATED})
    sheet = book.add_worksheet(SHEET)
    look = Styles(book, font_size=11)
    sheet.set_row(0, 30)
    sheet.write_string(0, 1, f"{title}　专家评分表（{round.name}）", look.get(bold=True, font_size=16))
    sheet.write_string(1, 1, f"{CODE}{expert}", look.get(bold=True, font_size=12))
    for n, words in enumerate(_HELP, 2):
        sheet.write_string(n, 1, words, look.get(font_color="#404040"))
    head = 2 + len(_HELP)
    header = look.get(bold=True, align="center", border=1, bg_color="#1F3A5F", font_color="#FFFFFF", text_wrap=True)
    for column, (field, wide) in enumerate(zip(FIELDS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, wide, None, {"hidden": field.id == "key"})
        sheet.write_string(head, column, field.label, header)
    sheet.set_row(head, 24)
    last = _rows(sheet, round, expert, head + 1, look)
    _sign(sheet, last + 2, expert, look)
    sheet.freeze_panes(head + 1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_footer(f"&L{expert}　{round.name}&C第 &P 页 共 &N 页")
    book.close()
    return finished(buffer.getvalue())


def _rows(sheet: Any, round: Round, expert: str, first: int, look: Styles) -> int:
    """The tasks; gives the row after the last."""
    row, before, shade = first, "", 1
    for task in round.tasks:
        if task.expert != expert:
            continue
        asked = round.asked[task.indicator]
        shade = shade ^ (task.applicant != before)
        before = task.applicant
        fill = {"border": 1, "bg_color": _BAND[shade], "text_wrap": True}
        locked = look.get(**fill)
        open_ = look.get(**fill | {"bg_color": "#FFF8DC"}, locked=False)
        name = f"{asked.name}{_KINDS[asked.kind]}"
        for column, text in enumerate((task.key, round.shown[task.applicant], asked.id, name)):
            sheet.write_string(row, column, text, locked)
        sheet.write_number(row, 4, float(asked.top), look.get(**fill, align="center"))
        sheet.write_blank(row, 5, None, look.get(**fill | {"bg_color": "#FFF8DC"}, locked=False, align="center"))
        sheet.write_blank(row, 6, None, open_)
        sheet.data_validation(row, 5, row, 5, _check(row, asked))
        sheet.set_row(row, max(lines(round.shown[task.applicant], 22), lines(name, 34)) * 17 + 4)
        row += 1
    return row


def _check(row: int, asked: Asked) -> dict[str, Any]:
    cell = f"$F{row + 1}"
    rule = f'=OR({cell}="{EXCUSED}",AND(ISNUMBER({cell}),{cell}>=0,{cell}<={asked.top}))'
    return {
        "validate": "custom",
        "value": rule,
        "error_type": "stop",
        "error_title": "得分超出范围",
        "error_message": f"得分应在0至{asked.top}之间；须回避的写「{EXCUSED}」。",
        "input_title": f"0至{asked.top}分",
        "input_message": f"没有评的空着；须回避的写「{EXCUSED}」。",
    }


def _sign(sheet: Any, row: int, expert: str, look: Styles) -> None:
    sheet.set_row(row, 30)
    sheet.write_string(row, 1, f"{CODE}{expert}", look.get(bold=True))
    sheet.write_string(row, 3, "专家签名：＿＿＿＿＿＿＿＿＿＿", look.get())
    sheet.write_string(row, 6, "日期：＿＿＿＿年＿＿月＿＿日", look.get())
