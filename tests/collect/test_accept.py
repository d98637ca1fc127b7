"""--accept: a new register workbook, the old one byte for byte as it was, and every filled cell with its source."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.files.read import read_bytes
from incubxl.grid import Grid
from incubxl.issues import Issue
from incubxl.publish.fill import Fill, fill
from tests.collect.command import run_cli
from tests.collect.fill import NATIONAL, XINJIANG, edit, made, put, under


def cells(grid: Grid) -> dict[tuple[str, int, int], Any]:
    """Every filled cell."""
    return {
        (name, r, c): value
        for name, sheet in grid.sheets.items()
        for r, row in enumerate(sheet.rows)
        for c, value in enumerate(row)
        if value is not None
    }


@pytest.fixture
def returns(application: dict[str, Path], back: Path) -> Path:
    def fill_in(book: Any) -> None:
        sheet = book["填表"]
        put(sheet, "员工总数", 50)
        under(sheet, "国家").value = "哈萨克斯坦"
        under(sheet, "国家", 2).value = "蒙古国"

    edit(application["N02"], fill_in, back / "甲.xlsx")
    return back


def test_accepted_values_stand_in_a_new_file_and_nothing_else_differs(returns: Path, tmp_path: Path) -> None:
    register = tmp_path / "登记2026.xlsx"
    shutil.copy(NATIONAL, register)
    before = register.read_bytes()
    out = tmp_path / "汇总"
    code, _, _ = run_cli("collect", "read", returns, "--register", register, "--out", out, "--accept")
    assert code == 1  # not everybody has returned
    assert register.read_bytes() == before
    merged = out / "登记表（合并）.xlsx"
    old, new = (read_bytes(d, "x.xlsx")[0] for d in (before, merged.read_bytes()))
    assert old is not None and new is not None
    filled, kept = cells(new), cells(old)
    different = [v for at, v in filled.items() if at[0] in old.sheets and kept.get(at) != v]
    assert kept.keys() <= filled.keys()  # nothing is gone
    assert sorted(map(str, different)) == sorted(["50.0", "N02", "N02", "哈萨克斯坦", "蒙古国"])
    source = openpyxl.load_workbook(merged)["合并来源"]
    told = [row for row in source.iter_rows(values_only=True) if row[0] == "N02"]
    assert [(r[3], r[4], r[5], r[6]) for r in told] == [
        ("员工总数", "46", "50", "甲.xlsx"),
        ("申报编号", "（新增行）", "N02", "甲.xlsx"),
        ("国别", "（新增行）", "哈萨克斯坦", "甲.xlsx"),
        ("申报编号", "（新增行）", "N02", "甲.xlsx"),
        ("国别", "（新增行）", "蒙古国", "甲.xlsx"),
    ]
    again, _, _ = run_cli("collect", "read", returns, "--register", register, "--out", tmp_path / "二", "--accept")
    assert again == 1
    code, said, _ = run_cli("collect", "read", returns, "--register", merged, "--out", tmp_path / "三", "--json")
    found = json.loads(said)
    assert not found["updates"] and not found["new_rows"] and not found["conflicts"]  # all is in it


def test_an_existing_merged_register_is_not_replaced(returns: Path, tmp_path: Path) -> None:
    out = tmp_path / "汇总"
    out.mkdir()
    (out / "登记表（合并）.xlsx").write_bytes(b"mine")
    code, _, said = run_cli("collect", "read", returns, "--register", NATIONAL, "--out", out, "--accept")
    assert code == 3 and "已经存在" in said
    assert (out / "登记表（合并）.xlsx").read_bytes() == b"mine"
    assert not (out / "回收汇总.xlsx").exists()


def test_conflicts_are_never_accepted(returns: Path, tmp_path: Path) -> None:
    shutil.copy(returns / "甲.xlsx", returns / "乙.xlsx")
    edit(returns / "乙.xlsx", lambda book: put(book["填表"], "员工总数", 60))
    out = tmp_path / "汇总"
    run_cli("collect", "read", returns, "--register", NATIONAL, "--out", out, "--accept")
    book = openpyxl.load_workbook(out / "登记表（合并）.xlsx")
    values = [c.value for row in book["申报登记"].iter_rows() for c in row]
    assert 46 in values and 50 not in values and 60 not in values


def test_more_rows_than_the_table_has(tmp_path: Path, back: Path, validate: Callable[[Path], list[str]]) -> None:
    path = made(tmp_path / "发出", XINJIANG, slices=["融资"]).files["X26-09"]

    def fill_in(book: Any) -> None:
        sheet = book["融资"]
        for n in range(1, 81):
            under(sheet, "团队或企业名称", n).value = f"示例企业{n}"

    edit(path, fill_in, back / "甲.xlsx")
    out = tmp_path / "汇总"
    code, _, said = run_cli("collect", "read", back, "--register", XINJIANG, "--out", out, "--accept")
    assert code in (0, 1), said
    merged = out / "登记表（合并）.xlsx"
    book = openpyxl.load_workbook(merged)
    sheet = book["融资"]
    names = [c.value for c in sheet[under(sheet, "团队或企业名称").column_letter]]
    assert [n for n in names if str(n).startswith("示例企业")] == [f"示例企业{n}" for n in range(1, 81)]
    (table,) = sheet.tables.values()
    assert int(table.ref.split(":")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) >= len([n for n in names if n])
    assert validate(merged) == []


def plain_book(tmp_path: Path) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    sheet["A1"], sheet["B1"], sheet["C3"] = "甲", 1, "=B1+1"
    sheet["D3"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "p.xlsx")
    return (tmp_path / "p.xlsx").read_bytes()


def test_fill_leaves_formulas_and_makes_rows_and_cells(tmp_path: Path) -> None:
    data = plain_book(tmp_path)
    fills = [
        Fill("表", 0, 1, 7),
        Fill("表", 0, 3, "甲&乙<丙>"),
        Fill("表", 2, 2, 5),
        Fill("表", 2, 3, dt.date(2026, 3, 4)),
        Fill("表", 5, 0, "新"),
        Fill("表", 4, 1, dt.date(2026, 3, 4)),
    ]
    made_ = fill(data, "p.xlsx", fills)
    assert not isinstance(made_, Issue), made_
    assert made_.left == (fills[2],) and made_.formulas
    (tmp_path / "q.xlsx").write_bytes(made_.data)
    sheet = openpyxl.load_workbook(tmp_path / "q.xlsx")["表"]
    assert [sheet[c].value for c in ("A1", "B1", "D1", "C3", "A6", "B5")] == [
        "甲",
        7,
        "甲&乙<丙>",
        "=B1+1",
        "新",
        "2026-03-04",
    ]
    assert sheet["D3"].value == dt.datetime(2026, 3, 4)
    old, new = (zipfile.ZipFile(tmp_path / n) for n in ("p.xlsx", "q.xlsx"))
    same = [n for n in old.namelist() if n not in ("xl/worksheets/sheet1.xml", "xl/workbook.xml")]
    assert all(old.read(n) == new.read(n) for n in same)


def test_fill_refuses_a_signed_workbook(tmp_path: Path) -> None:
    data = plain_book(tmp_path)
    with zipfile.ZipFile(tmp_path / "p.xlsx", "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<x/>")
    refused = fill((tmp_path / "p.xlsx").read_bytes(), "p.xlsx", [Fill("表", 0, 0, "乙")])
    assert isinstance(refused, Issue) and refused.code == "fill.refused"
    assert data
