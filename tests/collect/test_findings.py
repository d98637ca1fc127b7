"""The rarer findings: each told once, at its place, in words without holes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.collect.accept import merged_register
from incubxl.collect.make import make, read_and_open
from incubxl.issues import Issue
from tests.collect.conftest import Read, codes
from tests.collect.fill import NATIONAL, NOW, XINJIANG, edit, find, made, put, under


def changed(tmp_path: Path, source: Path, change: Callable[[Any], None]) -> Path:
    path = tmp_path / "登记.xlsx"
    shutil.copy(source, path)
    return edit(path, change)


def whole(issue: Issue) -> bool:
    """Words without holes."""
    text = issue.message + issue.remedy
    return re.search(r"[\u4e00-\u9fff]", text) is not None and re.search(r"\{[a-z_]*\}|None|<class", text) is None


def setting(key: str, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        sheet = book["设置"]
        row, _ = find(sheet, key)
        sheet.cell(row, find(sheet, "取值")[1]).value = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (setting("year", None), "collect.no_year"),
        (setting("pack", "urumqi"), "collect.pack_unusable"),
    ],
)
def test_a_register_that_cannot_be_used(change: Callable[[Any], None], code: str, tmp_path: Path) -> None:
    refused = make(changed(tmp_path, NATIONAL, change), tmp_path / "发出", NOW, form="附件1")
    assert isinstance(refused, list) and [i.code for i in refused] == [code]
    assert whole(refused[0])


def test_nobody_has_to_fill_the_form_in(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["申报登记"]
        row, column = find(sheet, "申报类型")
        for at in range(row + 1, sheet.max_row + 1):
            if sheet.cell(at, column).value:
                sheet.cell(at, column).value = "期满验收"

    refused = make(changed(tmp_path, NATIONAL, change), tmp_path / "发出", NOW, form="附件1")
    assert isinstance(refused, list) and [i.code for i in refused] == ["collect.nobody"]
    assert "试点申请" in refused[0].remedy and whole(refused[0])


def test_an_applicant_without_a_district(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        under(book["申报登记"], "所在区县").value = None

    done = made(tmp_path / "发出", changed(tmp_path, XINJIANG, change), slices=["推荐单位"], to="districts")
    assert [i.code for i in done.issues] == ["collect.no_district"]
    assert "X26-01" in done.issues[0].message and whole(done.issues[0])


def test_a_part_cut_out_and_a_line_copied(application: dict[str, Path], back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        sheet = book["填表"]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        row, _ = find(sheet, "国家")
        sheet.delete_rows(row - 2, 7)  # the whole block of countries
        row, _ = find(sheet, "员工总数")
        last = sheet.max_row + 1
        for column in (1, 2, 4):
            sheet.cell(last, column).value = sheet.cell(row, column).value
        sheet.cell(last, 4).value = 99

    edit(application["N02"], change, back / "甲.xlsx")
    found = read(back)
    assert codes(found) == ["collect.twice", "collect.part_missing"]
    assert all(whole(i) for i in found.issues)
    assert not found.found.updates


def test_a_form_of_somebody_who_is_not_in_the_register_any_more(
    tmp_path: Path, application: dict[str, Path], back: Path, read: Read
) -> None:
    edit(application["N02"], lambda book: put(book["填表"], "员工总数", 50), back / "甲.xlsx")

    def gone(book: Any) -> None:
        sheet = book["申报登记"]
        row, column = find(sheet, "N02")
        sheet.cell(row, column).value = "N99"

    found = read(back, changed(tmp_path, NATIONAL, gone))
    assert codes(found) == ["collect.stranger"] and whole(found.issues[0])
    assert not found.found.updates


def test_a_form_of_an_older_version_is_read_and_told(application: dict[str, Path], back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        put(book["填表"], "员工总数", 50)
        sheet = book["incubxl_form"]
        for row in sheet.iter_rows():
            if row[1].value == "version":
                row[2].value = "0123456789ab"

    edit(application["N02"], change, back / "甲.xlsx")
    found = read(back)
    assert codes(found) == ["collect.old_version"] and whole(found.issues[0])
    assert [c.new for c in found.found.updates] == ["50"]


def test_what_has_no_place_in_the_register_is_left_out(
    tmp_path: Path, application: dict[str, Path], back: Path, read: Read
) -> None:
    def fill(book: Any) -> None:
        put(book["填表"], "是否有海外孵化基地（个数）", 2)
        under(book["填表"], "国家").value = "蒙古国"

    edit(application["N02"], fill, back / "甲.xlsx")

    def change(book: Any) -> None:
        sheet = book["申报登记"]
        sheet.cell(*find(sheet, "海外孵化基地个数")).value = "不要的栏"
        countries = book["合作国家"]
        head, column = find(countries, "国别")
        last = max(r for r in range(head, head + 100) if countries.cell(r, column).value)
        countries.cell(last + 1, column + 5).value = "制表：示例人"

    register = changed(tmp_path, NATIONAL, change)
    opened = read_and_open(register, None)
    assert not isinstance(opened, list)
    grid, known = opened
    found = read(back, register)
    made_ = merged_register(register.read_bytes(), grid, known, found.found, NOW)
    assert not isinstance(made_, Issue)
    assert [i.code for i in made_.issues] == ["collect.no_column", "collect.no_room"]
    assert all(whole(i) for i in made_.issues)
    assert made_.cells == 0


def test_a_formula_stays_and_its_old_result_is_told(
    tmp_path: Path, application: dict[str, Path], back: Path, read: Read
) -> None:
    edit(application["N02"], lambda book: put(book["填表"], "员工总数", 50), back / "甲.xlsx")
    opened = read_and_open(NATIONAL, None)
    assert not isinstance(opened, list)
    found = read(back)

    def change(book: Any) -> None:
        sheet = book["申报登记"]
        sheet.cell(find(sheet, "N02")[0], find(sheet, "员工总数")[1]).value = "=40+6"

    register = changed(tmp_path, NATIONAL, change)
    again = read_and_open(register, None)
    assert not isinstance(again, list)
    made_ = merged_register(register.read_bytes(), again[0], again[1], found.found, NOW)
    assert not isinstance(made_, Issue)
    assert [i.code for i in made_.issues] == ["collect.formula", "collect.recalculate"]
    assert all(whole(i) for i in made_.issues)
    assert made_.cells == 0
