"""待办: what falls due and how far everyone has come, beside the open register. Sample: 乌鲁木齐 2026."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands
from tests.conftest import ROOT
from tests.live.fakewin import Scene

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"


def names(book: Any) -> list[str]:
    return [sheet.Name for sheet in book.api.Worksheets]


def cells(book: Any, sheet: str) -> list[tuple[Any, ...]]:
    return list(book.api.Worksheets(sheet).UsedRange.Value)


def test_due_items_and_progress_are_written_and_undone(opened: Callable[..., Any]) -> None:
    book = opened(SAMPLE)
    before = names(book)
    assert commands.agenda(), Scene.dialogs
    assert names(book) == [*before, "待办", "进度"]
    said = Scene.dialogs[-1][0]
    assert "基准日 2026-05-31，以后 90 天：临近 9 项" in said
    rows = cells(book, "待办")
    head = next(n for n, row in enumerate(rows) if row[0] == "状态")
    change = next(row for row in rows[head + 1 :] if row[4] == "U26-20" and row[6] == "变更前书面报备")
    assert (change[0], change[11]) == ("临近", "第10条")
    assert any(row[6] == "确认" and "公示异议" in str(row[9]) for row in cells(book, "进度"))
    assert commands.undo(), Scene.dialogs
    assert names(book) == before


def test_a_list_of_workdays_that_cannot_be_read_is_said_on_the_sheet(
    opened: Callable[..., Any], tmp_path: Path
) -> None:
    book = opened(SAMPLE)
    (tmp_path / "own").mkdir(exist_ok=True)
    (tmp_path / "own" / "workdays.toml").write_text("off = [2026-02-30]", encoding="utf-8")
    assert commands.agenda(), Scene.dialogs
    assert any("以下没有用它" in str(row[0]) for row in cells(book, "待办"))
