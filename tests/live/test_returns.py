"""导入回收表: lists into our own sheets; the user's cells only after 是, and back by 撤销上次写入."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands
from tests.collect.fill import NATIONAL, edit, made, put, under
from tests.live.fakewin import Scene

pytestmark = pytest.mark.office
NO = 7
OURS = ["回收情况", "拟更新", "新增行", "冲突", "重复退回", "回收问题", "催报名单"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def fill(book: Any) -> None:
        put(book["填表"], "员工总数", 50)
        put(book["填表"], "法定代表人", "123")
        under(book["填表"], "国家").value = "哈萨克斯坦"

    folder = tmp_path / "退回"
    edit(made(tmp_path / "发出", form="附件1").files["N02"], fill, folder / "甲.xlsx")
    return folder


def values(book: Any) -> dict[str, Any]:
    """What every sheet shows that people fill."""
    apart = {*OURS, "合计核对", "填写说明"}  # computed anew
    return {sheet.Name: sheet.UsedRange.Value2 for sheet in book.api.Worksheets if sheet.Name not in apart}


def said() -> str:
    return Scene.dialogs[-1][0]


def rows_of(book: Any, title: str) -> list[Any]:
    return [row for row in book.api.Worksheets(title).UsedRange.Value if any(row)]


def test_written_after_yes_and_taken_back(opened: Callable[..., Any], excel: Any, folder: Path) -> None:
    book = opened(NATIONAL)
    before = values(book)
    excel.chosen = [folder]
    assert commands.import_returns(), Scene.dialogs
    assert "已收回 1 份" in said() and "已把 4 格写进登记表和明细表" in said()
    assert "没有冲突的 4 格" in Scene.dialogs[-2][0]
    assert [s.Name for s in book.api.Worksheets][-7:] == OURS
    assert book.api.Worksheets("申报登记").Range("M9").Value2 == 50
    after = values(book)
    changed = {
        (name, r, c): (old, new)
        for name in before
        for r, (row, other) in enumerate(zip(before[name], after[name], strict=False))
        for c, (old, new) in enumerate(zip(row, other, strict=False))
        if old != new
    }
    assert {pair[1] for pair in changed.values()} <= {50.0, "123", "N02", "哈萨克斯坦"} and changed
    flat = [value for row in after["合作国家"] for value in row]
    assert "哈萨克斯坦" in flat
    assert commands.undo(), Scene.dialogs
    assert "您的表格放回了 4 格" in said()
    assert values(book) == before
    assert not {s.Name for s in book.api.Worksheets} & set(OURS)


def test_no_leaves_the_register_alone(opened: Callable[..., Any], excel: Any, folder: Path) -> None:
    book = opened(NATIONAL)
    before = values(book)
    excel.chosen = [folder]
    Scene.answers.append(NO)
    assert commands.import_returns(), Scene.dialogs
    assert "没有往登记表里写" in said()
    assert values(book) == before
    updates = [str(cell) for row in rows_of(book, "拟更新") for cell in row]
    assert "员工总数" in updates and "甲.xlsx" in updates


def test_what_the_user_changed_since_stays_at_undo(opened: Callable[..., Any], excel: Any, folder: Path) -> None:
    book = opened(NATIONAL)
    excel.chosen = [folder]
    assert commands.import_returns(), Scene.dialogs
    book.api.Worksheets("申报登记").Range("M9").Value = 51
    assert commands.undo(), Scene.dialogs
    assert book.api.Worksheets("申报登记").Range("M9").Value2 == 51
    assert "申报登记!M9 以后又改过，没有放回" in said()
    assert "您的表格放回了 3 格" in said()


def test_what_forbids_it_is_told(opened: Callable[..., Any], excel: Any, folder: Path, tmp_path: Path) -> None:
    book = opened(NATIONAL)
    before = values(book)
    empty = tmp_path / "空"
    empty.mkdir()
    excel.chosen = [empty]
    assert not commands.import_returns()
    assert "没有找到退回的表" in said()
    excel.chosen = [None]
    assert commands.import_returns() and "已取消" in said()
    assert values(book) == before


def test_a_protected_sheet_is_not_written(opened: Callable[..., Any], excel: Any, folder: Path) -> None:
    book = opened(NATIONAL)
    sheet = book.api.Worksheets("申报登记")
    sheet.Protect("", True, True, True)
    excel.chosen = [folder]
    assert not commands.import_returns()
    assert "「申报登记」受保护" in said()
    assert sheet.Range("M9").Value2 == 46
