"""预览一份, 生成, 打开文件夹: letters of the open workbook, in the background and by a second click."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.batch.model import Options
from incubxl.batch.run import inline, run
from incubxl.excel import background, commands, work
from incubxl.numbers.book import NumberBook
from incubxl.numbers.model import FILE
from tests.conftest import ROOT
from tests.live.fakewin import Scene

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"
YES, NO, CANCEL = 6, 7, 2


@pytest.fixture
def book(opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(work, "PATIENCE", 90.0)  # the worker's start on a busy test machine
    return opened(SAMPLE)


def last() -> str:
    return Scene.dialogs[-1][0]


def names(book: Any) -> list[str]:
    return [sheet.Name for sheet in book.api.Worksheets]


def select(book: Any, cell: str) -> None:
    sheet = book.api.Worksheets("申报登记")
    sheet.Activate()
    sheet.Range(cell).Select()


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        parts = [n for n in archive.namelist() if n.startswith("word/") and n.endswith(".xml")]
        return "".join(archive.read(n).decode() for n in parts)


def test_a_preview_is_a_draft_whatever_it_will_be(book: Any, tmp_path: Path) -> None:
    before = names(book)
    select(book, "B7")
    assert commands.preview_letter(), Scene.dialogs
    found = list(tmp_path.glob("own/preview/*/*.docx"))
    assert found
    assert all(path.name.endswith(".草稿.docx") for path in found)
    for path in found:
        assert "草稿——未经签发，不得送达" in text_of(path)
        assert f"预览件：{path}" in last()
    assert last().startswith("U26-01 的通知书：")
    assert "预览件都标着草稿，不能送达" in last()
    assert names(book) == before


def test_letters_are_made_from_a_snapshot_and_listed(book: Any, excel: Any, tmp_path: Path) -> None:
    out = tmp_path / "通知书存放"
    out.mkdir()
    book.api.Worksheets("设置").Activate()
    excel.chosen = [out]
    before = names(book)
    assert commands.make_letters(), Scene.dialogs
    assert excel.questions == ["选择存放通知书和结果的文件夹"]
    folder = out / "urumqi-intl-2026"
    assert f"文件在：{folder}" in last()
    assert names(book) == [*before, "通知书清单"]
    assert (excel.ActiveSheet.Name, (folder / "结果_urumqi-intl-2026.xlsx").is_file()) == ("设置", True)
    written = sorted((folder / "通知书").glob("*.docx"))
    after = tmp_path / "after.xlsx"
    book.api.SaveCopyAs(str(after))
    rows = list(openpyxl.load_workbook(after)["通知书清单"].iter_rows(values_only=True))
    listed = sorted(row[3] for row in rows if row[3] and str(row[3]).endswith(".docx"))
    assert listed == [str(path) for path in written]
    assert {row[2] for row in rows[4:]} <= {"正式", "草稿", "不出"}
    assert list(tmp_path.glob("own/work/*")) == []
    assert commands.open_folder()
    assert str(out) in last()


def test_letters_are_the_run_s_letters(book: Any, excel: Any, tmp_path: Path) -> None:
    live, filed = tmp_path / "点击", tmp_path / "命令"
    live.mkdir()
    excel.chosen = [live]
    assert commands.make_letters(), Scene.dialogs
    now = dt.datetime.now()
    run([SAMPLE], Options(filed, None, now.date(), now), inline)
    made = {p.name: text_of(p) for p in (live / "urumqi-intl-2026" / "通知书").glob("*.docx")}
    assert made == {p.name: text_of(p) for p in (filed / "urumqi-intl-2026" / "通知书").glob("*.docx")}
    assert made


def test_numbers_are_noted_in_the_book_beside_the_open_workbook(book: Any, excel: Any, tmp_path: Path) -> None:
    beside = NumberBook(Path(str(book.api.Path)) / FILE)
    beside.create()
    out = tmp_path / "存放"
    out.mkdir()
    excel.chosen = [out]
    assert commands.make_letters(), Scene.dialogs
    assert [(str(e.number), e.label) for e in beside.entries()] == [("示科函〔2026〕6号", "受理")]


def test_the_folder_is_asked_for_once_and_can_be_changed(book: Any, excel: Any, tmp_path: Path) -> None:
    first, second = tmp_path / "甲", tmp_path / "乙"
    first.mkdir()
    second.mkdir()
    excel.chosen = [first]
    assert commands.make_letters(), Scene.dialogs
    Scene.answers = [NO]
    excel.chosen = [second]
    assert commands.make_letters(), Scene.dialogs
    assert (second / "urumqi-intl-2026").is_dir()
    question = next(text for text, _, _ in reversed(Scene.dialogs) if "写到" in text and "？" in text)
    assert f"写到「{first}」？" in question


def test_cancelling_writes_nothing(book: Any, excel: Any, tmp_path: Path) -> None:
    before = names(book)
    excel.chosen = [None]
    assert commands.make_letters()
    assert "已取消，没有生成通知书" in last()
    assert names(book) == before
    assert not list(tmp_path.glob("own/work/*"))
    assert not commands.open_folder()
    assert "还没有为这个工作簿生成过通知书" in last()


def test_a_click_that_does_not_wait_leaves_the_answer_for_the_next(
    book: Any, excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "存放"
    out.mkdir()
    excel.chosen = [out]
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    assert commands.make_letters(), Scene.dialogs
    assert "正在后台做，可以接着用 Excel；做完后请再点一次「生成」" in excel.switches["StatusBar"]
    assert "通知书清单" not in names(book)
    assert not commands.run_folder()
    assert "后台正在做「urumqi-intl-2026.xlsx」的「生成」" in last()
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    assert commands.make_letters(), Scene.dialogs
    assert "通知书清单" in names(book)


def test_a_protected_structure_still_gets_its_letters(book: Any, excel: Any, tmp_path: Path) -> None:
    out = tmp_path / "存放"
    out.mkdir()
    excel.chosen = [out]
    book.api.document.protect("")
    assert commands.make_letters(), Scene.dialogs
    assert "文件在" in last()
    assert "通知书清单" not in names(book)
    book.api.document.unprotect("")


def test_a_workbook_in_an_old_format_is_asked_to_be_saved_anew(
    book: Any, excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.live.books import Workbook

    out = tmp_path / "存放"
    out.mkdir()
    excel.chosen = [out]
    monkeypatch.setattr(Workbook, "Name", property(lambda self: "登记.xls"))
    assert not commands.make_letters(book)
    assert "工作簿是 .xls 格式" in last()


def test_letters_of_older_content_are_not_handed_out_unasked(
    book: Any, excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "存放"
    out.mkdir()
    excel.chosen = [out]
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    assert commands.make_letters(), Scene.dialogs
    [running] = background.works()
    assert background.wait(running, 90) is not None
    book.api.Worksheets("申报登记").Range("B7").Value = "示例改名孵化有限公司"
    Scene.answers = [CANCEL]
    assert commands.make_letters()
    assert "上次的通知书是按" in Scene.dialogs[-2][0]
    assert "已取消" in last()
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    Scene.answers = [YES, YES]
    assert commands.make_letters(), Scene.dialogs
    assert list((out / "urumqi-intl-2026" / "通知书").glob("*示例改名孵化有限公司*"))
    assert last().startswith("按 20")


def test_the_result_workbook_leads_to_the_user_s_own_cells(book: Any, excel: Any, tmp_path: Path) -> None:
    out = tmp_path / "存放"
    out.mkdir()
    excel.chosen = [out]
    assert commands.make_letters(), Scene.dialogs
    with zipfile.ZipFile(out / "urumqi-intl-2026" / "结果_urumqi-intl-2026.xlsx") as archive:
        text = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".rels"))
    assert "snapshot" not in text
    assert "snapshot" not in (out / "运行清单.json").read_text(encoding="utf-8")


def test_the_same_register_by_command_and_by_click_has_one_folder(book: Any, excel: Any, tmp_path: Path) -> None:
    out = tmp_path / "存放"
    now = dt.datetime.now()
    run([tmp_path / SAMPLE.name], Options(out, None, now.date(), now), inline)
    excel.chosen = [out]
    assert commands.make_letters(), Scene.dialogs
    assert [path.name for path in out.glob("urumqi*")] == ["urumqi-intl-2026"]


def test_letters_are_told_even_where_their_list_cannot_be_written(book: Any, excel: Any, tmp_path: Path) -> None:
    out = tmp_path / "存放"
    out.mkdir()
    excel.chosen = [out]
    mine = book.api.Worksheets.Add(After=book.api.Worksheets(1))
    mine.Name = "通知书清单"
    assert commands.make_letters(), Scene.dialogs
    assert "文件在" in last()
    assert "没有写「通知书清单」" in last()
    assert mine.Range("A1").Value is None


def test_a_preview_that_cannot_be_cleared_away_is_no_hindrance(book: Any, tmp_path: Path) -> None:
    (tmp_path / "own" / "preview" / "20200101-000000" / "夹").mkdir(parents=True)
    select(book, "B7")
    assert commands.preview_letter(), Scene.dialogs
