"""What buttons do, and what they say when something is in the way. Sample: 乌鲁木齐 2026."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands, guard
from incubxl.excel.guard import ATTEMPTS, At
from tests.conftest import ROOT
from tests.live.com import Wire, busy, editing, gone
from tests.live.fakewin import Scene, app

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"
OURS = ["条件核对", "差什么", "问题清单"]


def names(book: Any) -> list[str]:
    return [sheet.Name for sheet in book.api.Worksheets]


def last() -> str:
    """The last message box."""
    return Scene.dialogs[-1][0]


@pytest.fixture
def book(opened: Callable[..., Any]) -> Any:
    return opened(SAMPLE)


def test_check_all_then_undo_leaves_the_workbook_as_it_was(book: Any) -> None:
    before = names(book)
    assert commands.check_all()
    assert names(book) == before + OURS
    assert "申报单位 22 家：符合12家、不符合5家、待认定3家、资料不足2家；拒收 1 行。" in last()
    assert commands.undo()
    assert "校验全部" in last()
    assert names(book) == before
    assert not commands.undo()
    assert "没有可以撤销的写入" in last()


def test_suspicions_are_shown_with_their_cells_and_judged_by_nobody(book: Any) -> None:
    before = names(book)
    assert commands.crosscheck()
    assert names(book) == [*before, "疑点"]
    assert "疑点 1 处：同一事物1处、数字照抄0处、异常波动0处。只列出供核对，不作认定。" in last()
    assert "没有填异常波动倍数" in last()
    shown = book.api.Worksheets("疑点").Range("A6:I7").Value
    assert [(row[2], row[8]) for row in shown] == [("U26-08", "在孵企业!C9"), ("U26-14", "在孵企业!C12")]
    assert commands.undo()
    assert names(book) == before


def test_undo_brings_back_what_stood_there(book: Any) -> None:
    register = book.api.Worksheets("申报登记")
    register.Activate()
    register.Range("B9").Select()
    assert commands.explain_row()
    first = book.api.Worksheets("解释").Range("A1:P12").Value
    register.Range("B10").Select()
    assert commands.explain_row()
    assert book.api.Worksheets("解释").Range("A1:P12").Value != first
    assert commands.undo()
    assert book.api.Worksheets("解释").Range("A1:P12").Value == first


def test_one_backup_for_a_session(book: Any, tmp_path: Path) -> None:
    assert commands.gaps()
    assert "写入前的备份" in last()
    assert commands.grade()
    assert "写入前的备份" not in last()
    assert len(list(tmp_path.glob("own/books/*/backup-*.xlsx"))) == 1


def test_check_row_writes_nothing(book: Any) -> None:
    before = names(book)
    register = book.api.Worksheets("申报登记")
    register.Activate()
    register.Range("C7").Select()
    assert commands.check_row()
    assert last().startswith("U26-01　示例天璇离岸孵化有限公司：符合")
    assert names(book) == before
    register.Range("A1").Select()
    assert not commands.check_row()
    assert "「申报登记」第1行不是某个申报单位的行" in last()


def test_next_issue_goes_through_the_cells(book: Any, excel: Any) -> None:
    book.api.Worksheets("申报登记").Activate()
    book.api.Worksheets("申报登记").Range("A1").Select()
    seen = []
    for _ in range(3):
        assert commands.next_issue()
        seen.append((excel.ActiveSheet.Name, excel.ActiveCell.Address))
        assert seen[-1][1].replace("$", "") in excel.switches["StatusBar"]
    assert len(set(seen)) == 3
    assert seen == sorted(seen, key=lambda at: int(at[1].split("$")[2]))
    assert not Scene.dialogs


def test_next_issue_stays_off_hidden_sheets(book: Any, excel: Any) -> None:
    book.api.Worksheets("设置").Activate()
    book.api.Worksheets("设置").Range("A1").Select()
    book.api.Worksheets("申报登记").uno.IsVisible = False
    seen = set()
    for _ in range(4):
        assert commands.next_issue(), Scene.dialogs
        seen.add(excel.ActiveSheet.Name)
    assert seen
    assert "申报登记" not in seen


def test_next_issue_says_where_the_problems_are_when_nobody_can_see_them(book: Any) -> None:
    for sheet in book.api.Worksheets:
        if sheet.Name != "填写说明":
            sheet.uno.IsVisible = False
    assert commands.next_issue(), Scene.dialogs
    assert "有问题的单元格都在隐藏的工作表（「" in last()
    assert "「申报登记」" in last()


def test_a_filter_on_our_sheet_hides_nothing_of_the_next_result(book: Any) -> None:
    assert commands.gaps()
    ours = book.api.Worksheets("差什么")
    ours.uno.unprotect("")
    ours.Range("A6:A8").EntireRow.uno().Rows.IsVisible = False
    assert ours.UsedRange.EntireRow.Hidden is None
    assert commands.gaps()
    assert ours.UsedRange.EntireRow.Hidden is False
    assert ours.AutoFilterMode is True


def test_self_check_log_and_about_only_speak(book: Any) -> None:
    before = names(book)
    assert commands.self_check()
    assert "申报编号「U26-08」重复" in last()
    assert commands.about()
    assert "Microsoft Excel 16.0" in last()
    assert commands.log()
    assert "自检" in last()
    assert names(book) == before


def test_switches_are_put_back(book: Any, excel: Any) -> None:
    excel.switches |= {"Calculation": -4135, "EnableEvents": False}
    assert commands.gaps()
    assert excel.switches["Calculation"] == -4135
    assert not any(name == "Calculation" for name, _ in excel.history)
    assert (excel.switches["EnableEvents"], excel.switches["ScreenUpdating"]) == (False, True)
    assert excel.switches["StatusBar"] is False
    assert any(name == "StatusBar" and "正在写「差什么」" in str(text) for name, text in excel.history)


def test_a_busy_excel_is_asked_again(book: Any) -> None:
    Wire.fault = busy(5)
    assert commands.self_check()


def test_an_excel_that_stays_busy_is_left_alone(book: Any) -> None:
    Wire.fault = busy(10 * ATTEMPTS, "Value")
    assert not commands.check_all()
    Wire.fault = None
    assert "Excel 正在编辑单元格或者开着对话框" in last()
    assert not set(OURS) & set(names(book))


def test_a_cell_being_edited(book: Any) -> None:
    Wire.fault = editing
    assert not commands.check_all()
    Wire.fault = None
    assert "请按 Enter 或 Esc 结束编辑" in last()
    assert not set(OURS) & set(names(book))


def test_excel_that_has_ended(book: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Wire.fault = gone
    assert not commands.check_all()
    assert "Excel 或者这个工作簿已经关闭" in capsys.readouterr().err


def test_wps_is_recognised(book: Any, excel: Any) -> None:
    excel.path = r"C:\Program Files\Kingsoft\WPS Office\office6"
    assert not commands.check_all()
    assert "incubxl run" in last()
    assert commands.about()


def test_protected_view(book: Any, excel: Any) -> None:
    excel.protected_view = object()
    assert not commands.check_all()
    assert "受保护的视图" in last()


def test_read_only(opened: Callable[..., Any]) -> None:
    book = opened(SAMPLE, read_only=True)
    before = names(book)
    assert commands.self_check()
    assert not commands.check_all()
    assert "只读" in last()
    assert names(book) == before


def test_protected_structure(book: Any) -> None:
    book.api.document.protect("")
    assert not commands.gaps()
    assert "结构受保护" in last()
    book.api.document.unprotect("")


def test_a_sheet_of_the_users_with_our_title_is_not_touched(book: Any) -> None:
    mine = book.api.Worksheets.Add(After=book.api.Worksheets(1))
    mine.Name = "差什么"
    mine.Range("A1").Value = "我的笔记"
    assert not commands.check_all()
    assert "已经有「差什么」，不是本程序写的" in last()
    assert mine.Range("A1").Value == "我的笔记"
    assert not {"条件核对", "问题清单"} & set(names(book))


def test_a_backup_that_cannot_be_made_stops_the_write(
    book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own" / "books").mkdir(parents=True)
    before = names(book)
    Wire.fault = lambda name: (_ for _ in ()).throw(OSError("磁盘已满")) if name == "SaveCopyAs" else None
    assert not commands.check_all()
    Wire.fault = None
    assert "磁盘已满" in last()
    assert names(book) == before


def test_a_write_that_broke_off_can_be_undone(book: Any) -> None:
    before = names(book)
    Wire.fault = lambda name: gone(name) if name == "AddComment" else None
    assert not commands.check_all()
    Wire.fault = None
    assert "条件核对" in names(book)
    assert commands.undo()
    assert names(book) == before


def test_a_workbook_that_is_no_register(excel: Any) -> None:
    book = app().books.add()
    sys.modules["xlwings._xlwindows"].BOOK_CALLER = book.impl.xl
    assert not commands.check_all()
    assert "设置" in last()


def test_a_workbook_in_the_cloud(book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OneDrive gives web addresses: nothing may take them for folders of this computer."""
    web = "https://d.docs.example.com/personal/office/Documents/登记 2026.xlsx"
    monkeypatch.setattr(type(book.api._inner), "FullName", property(lambda self: web))
    monkeypatch.setattr(type(book.api._inner), "Path", property(lambda self: web.rpartition("/")[0]))
    before = names(book)
    assert commands.check_all(), Scene.dialogs
    assert names(book) == before + OURS
    (copy,) = tmp_path.glob("own/books/*/backup-*.xlsx")
    assert str(copy) in last()
    assert commands.undo(), Scene.dialogs
    assert names(book) == before


def test_a_register_that_was_never_saved(excel: Any, tmp_path: Path) -> None:
    """A new workbook from a template: it has a name, but neither path nor file."""
    book = excel.Workbooks.Add()
    source = excel.Workbooks.Open(str(SAMPLE), 0, True)
    for sheet in source.Worksheets:
        block = sheet.UsedRange
        target = book.Worksheets.Add(After=book.Worksheets(book.Worksheets.Count))
        target.Name = sheet.Name
        target.uno.getCellRangeByName(block.Address.replace("$", "")).setDataArray(block.uno().getDataArray())
    source.Close()
    sys.modules["xlwings._xlwindows"].BOOK_CALLER = book
    before = [sheet.Name for sheet in book.Worksheets]
    assert (book.Path, book.FullName) == ("", book.Name)
    assert commands.check_all(), Scene.dialogs
    assert [sheet.Name for sheet in book.Worksheets] == before + OURS
    assert len(list(tmp_path.glob("own/books/*/backup-*.xlsx"))) == 1
    assert commands.undo(), Scene.dialogs
    assert [sheet.Name for sheet in book.Worksheets] == before


def test_switches_that_a_killed_click_left_off_come_back(book: Any, excel: Any) -> None:
    """Its process was ended: nobody put anything back, and Excel stays dark until the next click."""
    killed = guard._as_it_was(guard.Click(book, "校验全部"))
    killed.__enter__()
    assert excel.switches["ScreenUpdating"] is False
    assert commands.self_check(), Scene.dialogs
    assert {excel.switches[name] for name in ("ScreenUpdating", "EnableEvents", "DisplayAlerts")} == {True}
    excel.switches["EnableEvents"] = False  # the user's own wish, afterwards
    assert commands.self_check(), Scene.dialogs
    assert excel.switches["EnableEvents"] is False
    del killed


def test_undo_leaves_a_sheet_of_the_users_with_our_title_alone(book: Any) -> None:
    assert commands.gaps()
    book.api.Worksheets("差什么").Name = "差什么_旧"
    mine = book.api.Worksheets.Add(After=book.api.Worksheets(1))
    mine.Name = "差什么"
    mine.Range("A1").Value = "我的笔记"
    assert not commands.undo()
    assert "已经有「差什么」，不是本程序写的" in last().replace("本工具", "本程序")
    assert mine.Range("A1").Value == "我的笔记"


def test_undo_from_the_sheet_that_goes_away(book: Any, excel: Any) -> None:
    assert commands.gaps()
    book.api.Worksheets("差什么").Activate()
    assert commands.undo(), Scene.dialogs
    assert all(excel.switches[name] is True for name in ("ScreenUpdating", "EnableEvents", "DisplayAlerts"))
    assert "差什么" not in names(book)


def test_a_retry_after_a_broken_write_is_undone_to_what_stood_there(book: Any) -> None:
    register = book.api.Worksheets("申报登记")
    register.Activate()
    register.Range("B9").Select()
    assert commands.explain_row()
    first = book.api.Worksheets("解释").Range("A1:P12").Value
    register.Range("B10").Select()
    Wire.fault = lambda name: gone(name) if name == "Protect" else None
    assert not commands.explain_row()
    Wire.fault = None
    register.Range("B11").Select()
    assert commands.explain_row(), Scene.dialogs
    assert commands.undo(), Scene.dialogs
    assert book.api.Worksheets("解释").Range("A1:P12").Value == first


def test_the_row_is_the_one_selected_at_the_press(book: Any) -> None:
    book.api.Worksheets("设置").Activate()
    assert commands.check_row(None, At("申报登记", 7, 3)), Scene.dialogs
    assert last().startswith("U26-01　")
    assert not commands.check_row(None, At("申报登记", 0, 0))
    assert "没有选中单元格" in last()


def test_buttons_that_touch_nothing_leave_the_switches_of_another_click(book: Any, excel: Any) -> None:
    for name in ("ScreenUpdating", "EnableEvents", "DisplayAlerts"):
        excel.switches[name] = False
    for button in (commands.about, commands.log, commands.stop, commands.manual):
        assert button(), Scene.dialogs
    assert not any(excel.switches[name] for name in ("ScreenUpdating", "EnableEvents", "DisplayAlerts"))


def test_a_backup_that_was_removed_is_made_again(book: Any, tmp_path: Path) -> None:
    assert commands.gaps()
    for path in tmp_path.glob("own/books/*/backup-*"):
        path.unlink()
    assert commands.grade()
    assert "写入前的备份" in last()
