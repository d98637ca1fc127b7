"""Returned forms into 回收汇总: ours against openpyxl, in one process. ``python -m tests.bench.returns 300 3``.

The script knows one form and trusts it: it looks up each label, compares with the register, and writes a list.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl

from incubxl.collect.make import Made, make, read_and_open
from incubxl.collect.receive import Received, receive, returned_files
from incubxl.collect.recognise import Wanted
from incubxl.collect.summary import summary_book
from incubxl.files.packs import store
from incubxl.templates.build import build_workbook
from incubxl.templates.content import WorkbookContent
from tests.bench.measure import seconds

NOW = dt.datetime(2026, 5, 1, 9, 0, 0)
LABELS = ("网址", "地址", "法定代表人", "员工总数", "孵化面积", "服务企业数量", "是否有海外孵化基地")
ROWS = ("姓名", "职务", "电话", "电子邮箱", "手机")


def prepare(folder: Path, count: int) -> tuple[Path, Path]:
    """A register of ``count`` applicants, and as many returns, each with changed values and three new rows."""
    rows = tuple(
        {
            "applicant_id": f"N{n:04}", "name": f"示例第{n}孵化器有限公司", "track": "pilot", "website": f"https://n{n}.example.org",
            "address": f"示例路{n}号", "staff_total": 10 + n, "incubation_area": 1000 + n, "served_count": n,
        }
        for n in range(count)
    )  # fmt: skip
    register = folder / "登记.xlsx"
    register.write_bytes(
        build_workbook(store().pack("national-base"), year=2026, content=WorkbookContent(register=rows))
    )
    done = make(register, folder / "发出", NOW, form="附件1")
    assert isinstance(done, Made), done
    back = folder / "退回"
    back.mkdir()
    for n, path in enumerate(done.files.values()):
        _fill(path, back / f"{n}.xlsx", n)
    return register, back


def _fill(path: Path, to: Path, n: int) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["填表"]
    places = {c.value: c for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
    sheet.cell(places["员工总数"].row, 4).value = 500 + n
    sheet.cell(places["地址"].row, 4).value = f"示例新路{n}号"
    head = places["姓名"]
    for line in range(1, 4):
        sheet.cell(head.row + line, head.column).value = f"示例人{n}-{line}"
        sheet.cell(head.row + line, head.column + 1).value = "主任"
    book.save(to)


def ours(register: Path, back: Path) -> tuple[bytes, Received]:
    """Read the register and every return, compare, and make 回收汇总."""
    opened = read_and_open(register, None)
    assert not isinstance(opened, list)
    received = receive(returned_files(back, register), opened[1], Wanted())
    assert isinstance(received, Received)
    return summary_book(received, NOW), received


def naive(register: Path, back: Path) -> tuple[bytes, list[list[Any]], list[list[Any]]]:
    """The same by openpyxl."""
    sheet = openpyxl.load_workbook(register, data_only=True)["申报登记"]
    table = list(sheet.iter_rows(values_only=True))
    top = next(n for n, row in enumerate(table) if row[0] == "申报编号")
    headers = {v: n for n, v in enumerate(table[top]) if v}
    known = {row[headers["单位名称"]]: row for row in table[top + 1 :] if row[0]}
    changes: list[list[Any]] = []
    people: list[list[Any]] = []
    for path in sorted(back.glob("*.xlsx")):
        form = openpyxl.load_workbook(path, data_only=True)["填表"]
        cells = {c.value: c for row in form.iter_rows() for c in row if isinstance(c.value, str)}
        name = form.cell(cells["单位名称"].row, 4).value
        for label in LABELS:
            cell = form.cell(cells[label].row, 4)
            old = known[name][headers[label]]
            if cell.value is not None and cell.value != old:
                changes.append([name, label, old, cell.value, path.name, cell.coordinate])
        row = cells["姓名"].row + 1
        while form.cell(row, cells["姓名"].column).value:
            people.append([name, *(form.cell(row, cells[c].column).value for c in ROWS), path.name])
            row += 1
    book = openpyxl.Workbook()
    for title, rows in (("拟更新", changes), ("新增行", people)):
        sheet = book.create_sheet(title)
        for line in rows:
            sheet.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), changes, people


def main() -> None:
    count, times = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as temp:
        register, back = prepare(Path(temp), count)
        _, received = ours(register, back)
        _, changes, people = naive(register, back)
        found = received.found
        mine = {(c.name, c.field.label, c.new) for c in found.updates}
        same = (
            mine == {(name, label, str(new)) for name, label, _, new, *_ in changes}
            and len(found.rows) == len(people) == 3 * count
            and not found.conflicts
        )
        result = {
            "same": same,
            "ours": seconds(lambda: ours(register, back), times),
            "naive": seconds(lambda: naive(register, back), 1, warm=False),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
