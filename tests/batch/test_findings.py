"""Every finding about a cell names file, sheet, cell, the value seen and a remedy, wherever a run tells of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.batch.build import REGISTER, cli, column, damaged, header_row, printed
from tests.batch.test_form import _sheets

BAD = [
    ("服务场地面积", "541 亩", "541 亩"),
    ("服务场地面积", "1_000", "1_000"),
    ("统一社会信用代码", 916501000000000051, "9.16501e+17"),
    ("实际运营开始日期", "5/1/23", "5/1/23"),
    ("创业工位数", "#DIV/0!", "#DIV/0!"),
    ("公示开始日期", "明年", "明年"),
]


@pytest.mark.parametrize(("label", "value", "seen"), BAD)
def test_file_sheet_cell_value_and_remedy(label: str, value: Any, seen: str, tmp_path: Path) -> None:
    at: list[str] = []

    def spoil(book: openpyxl.Workbook) -> None:
        sheet = book[REGISTER]
        cell = sheet.cell(header_row(sheet) + 1, column(sheet, label))
        cell.value = value
        at.append(cell.coordinate)

    path = tmp_path / "某区登记.xlsx"
    path.write_bytes(damaged(spoil))
    ran = cli(path, "--out", tmp_path / "out", "--json")
    told = printed(ran)["workbooks"][0]
    (found,) = [i for i in told["issues"] if (i["sheet"], i["cell"]) == (REGISTER, at[0])]
    assert told["path"].endswith(path.name)
    assert seen in found["message"]
    assert found["remedy"]
    (line,) = [line for line in ran.stderr.splitlines() if f"{REGISTER}!{at[0]}" in line]
    assert path.name in line
    assert seen in line
    rows = _sheets(tmp_path / "out" / told["result"]["file"])["问题清单"]
    (row,) = [row for row in rows if row[3:5] == (REGISTER, at[0])]
    assert seen in str(row[5])
    assert row[6]
