"""What a person has put on one of our sheets in the open workbook: it stays on a copy, and the click says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands, kept, work
from incubxl.publish.graft import Target, look
from incubxl.publish.own_sheet import OWNED
from incubxl.results.build import TITLES
from tests.conftest import ROOT
from tests.live.com import Wire
from tests.live.fakewin import Scene

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "urumqi-intl-2026.xlsx"
KEPT = "差什么（人工修改）"


@pytest.fixture
def book(opened: Callable[..., Any]) -> Any:
    made = opened(SAMPLE).api
    assert commands.gaps(), Scene.dialogs
    return made


def names(book: Any) -> list[str]:
    return [sheet.Name for sheet in book.Sheets]


def last() -> str:
    return Scene.dialogs[-1][0]


def typed(sheet: Any) -> None:
    sheet.Range("Z6").Value = "已电话核实"


def overwritten(sheet: Any) -> None:
    sheet.Range("A1").Value = "改过"


def calculated(sheet: Any) -> None:
    sheet.uno.getCellRangeByName("Z6").Formula = "=1+1"


def noted(sheet: Any) -> None:
    sheet.Range("Z6").AddComment("请补材料")


@pytest.mark.parametrize("act", [typed, overwritten, calculated, noted])
def test_it_stays_on_a_copy_that_is_the_user_s(book: Any, act: Callable[[Any], None]) -> None:
    """The protection is put back, so that it is not what tells."""
    ours = book.Worksheets("差什么")
    before = ours.Range("A1:C20").Value
    ours.Unprotect("")
    act(ours)
    ours.Protect("")
    assert commands.gaps(), Scene.dialogs
    assert f"原来的样子留在「{KEPT}」" in last()
    there = book.Worksheets(KEPT)
    told = {
        typed: lambda: there.Range("Z6").Value == "已电话核实",
        overwritten: lambda: there.Range("A1").Value == "改过",
        calculated: lambda: there.Range("Z6").Formula == "=1+1",
        noted: lambda: [note.Text() for note in there.Comments if note.Parent.Address == "$Z$6"] == ["请补材料"],
    }[act]
    assert told()
    assert [name.Name for name in there.Names if name.Name == OWNED] == []
    ours = book.Worksheets("差什么")
    assert ours.Range("A1:C20").Value == before
    assert ours.Range("Z6").Value is None
    assert commands.gaps(), Scene.dialogs
    assert "人工修改" not in last()
    assert names(book).count(KEPT) == 1


def test_a_colour_is_kept_because_the_protection_is_off(book: Any) -> None:
    ours = book.Worksheets("差什么")
    ours.Unprotect("")
    ours.Range("A6").Interior.Color = 0x00FFFF
    assert commands.gaps(), Scene.dialogs
    assert book.Worksheets(KEPT).uno.getCellRangeByName("A6").CellBackColor == 0xFFFF00
    assert KEPT in last()


def test_nothing_is_kept_of_what_nobody_has_changed(book: Any) -> None:
    before = names(book)
    assert commands.gaps(), Scene.dialogs
    assert names(book) == before
    assert "人工修改" not in last()


def test_undo_keeps_it_too(book: Any) -> None:
    """The write made the sheet, so undoing takes it away: what was typed on it since is not."""
    ours = book.Worksheets("差什么")
    ours.Unprotect("")
    ours.Range("Z6").Value = "已电话核实"
    assert commands.undo(), Scene.dialogs
    assert "差什么" not in names(book)
    assert book.Worksheets(KEPT).Range("Z6").Value == "已电话核实"
    assert KEPT in last()


def test_a_run_over_the_saved_file_knows_what_excel_wrote(book: Any, tmp_path: Path) -> None:
    """The mark that a click left is held against the file. LibreOffice would save the test tool's filters as tables."""
    assert commands.check_all(), Scene.dialogs
    saved = tmp_path / "saved.xlsx"
    for title in ("条件核对", "差什么", "问题清单"):
        protected = book.Worksheets(title)
        protected.Unprotect("")
        protected.AutoFilterMode = False
        protected.Protect("")
    book.SaveCopyAs(str(saved))
    target = look(saved.read_bytes(), saved.name, TITLES)
    assert isinstance(target, Target)
    assert [issue.message for issue in target.kept] == []
    ours = book.Worksheets("差什么")
    ours.Unprotect("")
    ours.Range("Z6").Value = "已电话核实"
    ours.Protect("")
    noting = book.Worksheets("条件核对")
    noting.Unprotect("")
    noting.uno.Annotations.getByIndex(0).setString("改过的批注")  # which an open Excel is not asked about
    noting.Protect("")
    book.SaveCopyAs(str(saved))
    changed = look(saved.read_bytes(), saved.name, TITLES)
    assert isinstance(changed, Target)
    assert {issue.place.sheet for issue in changed.kept} == {KEPT, "条件核对（人工修改）"}


def test_looking_costs_the_same_for_every_length_of_sheet(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection, two for the number of notes, and four for the cells."""
    assert commands.check_all(), Scene.dialogs
    taken: list[int] = []

    def counted(*args: Any) -> Any:
        before = Wire.calls.total()
        said = kept.keep(*args)
        taken.append(Wire.calls.total() - before)
        return said

    monkeypatch.setattr(work, "keep", counted)
    assert commands.check_all(), Scene.dialogs
    assert 0 < taken[0] <= 3 * 7
