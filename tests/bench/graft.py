"""Results into a styled register of 10,000 rows, in a process of its own: CPU seconds of the graft, of unzipping and
zipping the same package, and of openpyxl loading, adding a sheet and saving."""

from __future__ import annotations

import io
import json
import sys
import zipfile

import openpyxl
import xlsxwriter
from openpyxl.styles import Border, Font, PatternFill, Side

from incubxl.issues import Issue
from incubxl.publish.graft import graft, look
from tests.bench.measure import in_turn, seconds
from tests.graft.build import TITLES, plans, result

COLUMNS = 25


def register(rows: int) -> bytes:
    """Borders, wrapped text, dates, numbers and bands of colour on every cell, as an office's register has."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("申报登记")
    bands = ("#FFFFFF", "#EEF3F8")
    texts, dates, numbers = (
        [book.add_format({"border": 1, "bg_color": band, "text_wrap": True, "num_format": code}) for band in bands]
        for code in ("@", "yyyy-mm-dd", "#,##0.00")
    )
    for row in range(rows):
        band = row % 2
        for column in range(COLUMNS):
            if column % 3 == 0:
                sheet.write_string(row, column, f"示例单位{row}的第{column}项说明", texts[band])
            else:
                sheet.write_number(row, column, 45_000 + row + column, (dates if column % 3 == 1 else numbers)[band])
    book.close()
    return target.getvalue()


def _rezip(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            made.writestr(info.filename, source.read(info))
    return target.getvalue()


def _openpyxl(data: bytes, rows: int) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    side = Side(style="thin", color="A6A6A6")
    looks = Border(side, side, side, side), Font(name="宋体", sz=10.5), PatternFill("solid", start_color="D5EEE3")
    for plan in plans(rows=rows):
        sheet = book.create_sheet(plan.name)
        for line in plan.blocks[0].rows:
            sheet.append(line)
        for row in sheet.iter_rows():
            for cell in row:
                cell.border, cell.font, cell.fill = looks
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _graft(data: bytes, made: bytes) -> bytes:
    target = look(data, "登记.xlsx", TITLES)
    assert not isinstance(target, Issue)
    copy = graft(target, made)
    assert not isinstance(copy, Issue)
    return copy


def main() -> None:
    rows, times = int(sys.argv[1]), int(sys.argv[2])
    data, made = register(rows), result(rows=rows)
    grafting, rezipping = in_turn([lambda: _graft(data, made), lambda: _rezip(data)], times)
    found = {
        "graft": grafting,
        "rezip": rezipping,
        "openpyxl": seconds(lambda: _openpyxl(data, rows), 1, warm=False),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
