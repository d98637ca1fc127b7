"""A register too large for a click: worked on in the background from a snapshot, written by a second click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import background, commands, work
from tests.conftest import ROOT
from tests.live.fakewin import Scene
from tests.live.test_same_as_file import values

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"
BUTTONS = ("check_all", "gaps", "scores", "grade", "funding", "crosscheck", "ledger")


@pytest.fixture
def book(opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(work, "LONG_CELLS", 10)
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    return opened(SAMPLE)


def last() -> str:
    return Scene.dialogs[-1][0]


def names(book: Any) -> list[str]:
    return [sheet.Name for sheet in book.api.Worksheets]


def saved(book: Any, path: Path) -> dict[str, dict[str, Any]]:
    book.api.SaveCopyAs(str(path))
    return values(path, lambda name: name in work.OURS)


def test_the_background_gives_what_a_click_gives(book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {}
    for button in BUTTONS:
        assert getattr(commands, button)(), Scene.dialogs
        said[button] = [line for line in last().splitlines() if "备份" not in line]
    later = saved(book, tmp_path / "later.xlsx")
    assert not background.works()
    monkeypatch.setattr(work, "LONG_CELLS", 10_000_000)
    for button in BUTTONS:
        assert getattr(commands, button)(), Scene.dialogs
        assert [line for line in last().splitlines() if "备份" not in line] == said[button]
    assert saved(book, tmp_path / "now.xlsx") == later
    assert set(later) == {
        "条件核对",
        "差什么",
        "问题清单",
        "指标得分",
        "评价结果",
        "经费核定",
        "限额明细",
        "疑点",
        "资金台账汇总",
        "资金台账问题",
    }


def test_an_answer_about_other_content_is_not_written(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = names(book)
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    assert commands.gaps(), Scene.dialogs
    [running] = background.works()
    assert background.wait(running, 90) is not None
    register = book.api.Worksheets("申报登记")
    register.Range("B7").Value = "示例改名孵化有限公司"
    assert commands.gaps(), Scene.dialogs
    assert names(book) == before
    [anew] = background.works()
    assert anew.folder != running.folder
    assert background.wait(anew, 90) is not None
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    assert commands.gaps(), Scene.dialogs
    assert "差什么" in names(book)


def test_content_that_changed_under_running_work_is_said(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    monkeypatch.setattr(background, "_spawn", lambda work: None)  # a worker that takes its time
    assert commands.gaps(), Scene.dialogs
    book.api.Worksheets("申报登记").Range("B7").Value = "示例改名孵化有限公司"
    assert not commands.gaps()
    assert "后台正在核对这个工作簿以前的内容，内容已经又改过" in last()
    assert "差什么" not in names(book)


def test_what_forbids_a_check_is_told_from_the_background_too(book: Any) -> None:
    settings = book.api.Worksheets("设置")
    for row in range(1, 20):
        if settings.Range(f"A{row}").Value == "办法标识":
            settings.Range(f"B{row}").Value = "nobody"
    assert commands.check_all()
    assert "没有对应的政策包" in last()
    assert not background.works()
