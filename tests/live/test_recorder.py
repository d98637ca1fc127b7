"""The recorder of clicks: off by default, the same for every button each time, and silent about what cells say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from incubxl.cli.commands import app
from incubxl.excel import commands, recorder
from incubxl.excel.own import log_file
from incubxl.excel.work import OURS
from tests.live import compare
from tests.live.com import Wire, gone
from tests.live.fakewin import Scene
from tests.live.record import FOLDER, SAMPLE, buttons, play, sample


def transcript() -> str:
    """The only one."""
    (path,) = recorder.folder().glob("*.txt")
    return path.read_text(encoding="utf-8")


@pytest.mark.office
@pytest.mark.parametrize("id", buttons())
def test_every_button_says_to_excel_what_its_reference_says(
    id: str, opened: Callable[..., Any], tmp_path: Path
) -> None:
    """After a wanted change: python -m tests.live.record, and read the difference in git."""
    path = FOLDER / f"{id}.txt"
    assert path.is_file(), "python -m tests.live.record makes it"
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    assert compare.differences(play(opened(sample(id)), id, chosen), path.read_text(encoding="utf-8")) == []


def test_no_reference_without_a_button() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == sorted(buttons())


@pytest.mark.office
def test_off_it_costs_no_call_and_leaves_no_file(opened: Callable[..., Any]) -> None:
    opened(SAMPLE)
    Wire.calls.clear()
    assert commands.self_check(), Scene.dialogs
    off = Wire.calls.copy()
    assert not recorder.folder().exists()
    recorder.switch(True)
    Wire.calls.clear()
    assert commands.self_check(), Scene.dialogs
    assert Wire.calls - off == {"Application": 1, "Name": 1, "Version": 1}  # for the transcript's head
    head = transcript().splitlines()[:5]
    assert head[:2] == ["# button: 自检", "# program: Microsoft Excel 16.0"]
    assert head[2].startswith("# incubxl: ")


@pytest.mark.office
def test_nothing_of_what_cells_say_is_in_a_transcript(opened: Callable[..., Any]) -> None:
    sheets = openpyxl.load_workbook(SAMPLE, data_only=True)
    values = (cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    secrets = {v for v in values if isinstance(v, str) and len(v) > 1} - {*sheets.sheetnames, *OURS}
    assert len(secrets) > 300
    opened(SAMPLE)
    recorder.switch(True)
    for id in ("check_all", "scores", "grade", "funding", "next_issue", "undo"):
        assert getattr(commands, id)(), Scene.dialogs
    told = "\n".join(path.read_text(encoding="utf-8") for path in recorder.folder().glob("*.txt"))
    words = {part for line in told.splitlines() if not line.startswith("#") for part in line.split('"')[1::2]}
    assert not secrets & words
    assert not [s for s in secrets if len(s) > 4 and s in told]
    assert SAMPLE.stem not in told


@pytest.mark.office
def test_a_click_that_breaks_off_shows_where(opened: Callable[..., Any]) -> None:
    opened(SAMPLE)
    recorder.switch(True)
    Wire.fault = lambda name: gone(name) if name == "AddComment" else None
    assert not commands.check_all()
    Wire.fault = None
    (line,) = [line for line in transcript().splitlines() if line.startswith("fail")][:1]
    assert line.startswith('fail get Worksheets("条件核对").Range(')
    assert line.endswith(".AddComment ! ComError -2147023174")


@pytest.mark.office
def test_a_folder_that_cannot_be_written_does_not_stop_the_click(opened: Callable[..., Any], tmp_path: Path) -> None:
    opened(SAMPLE)
    recorder.switch(True)
    recorder.folder().write_text("a file stands where the folder should")
    assert commands.self_check(), Scene.dialogs
    assert "no transcript of 自检" in log_file().read_text("utf-8")


def test_on_and_off_by_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "own"))
    assert not recorder.marker().exists()
    assert CliRunner().invoke(app, ["addin", "record", "on"]).exit_code == 0
    assert recorder.marker().is_file()
    assert CliRunner().invoke(app, ["addin", "record", "off"]).exit_code == 0
    assert not recorder.marker().exists()


REFERENCE = """# button: 自检
# sample: x.xlsx
each Worksheets
get Worksheets[1].Name -> "设置"
get Worksheets[1].UsedRange -> object
get Worksheets[1].UsedRange.Value -> 2x2 blank 1, text 3
call Worksheets("设置").Range("A1") -> object
set Worksheets("设置").Range("A1").NumberFormat = "@"
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "2x2 blank 1, text 3",
            "2x2 number 1, text 3",
            "第4步，读取 Worksheets[1].UsedRange.Value：参照得到 2x2 blank 1",
        ),
        ('NumberFormat = "@"', 'NumberFormat = "General"', '参照设为 "@"，这次设为 "General"'),
        ("each Worksheets\n", "", "第1步之前少了一步：逐个查看 Worksheets"),
        ("each Worksheets\n", "each Worksheets\nget Name -> text\n", "第2步是参照里没有的：读取 Name -> text"),
        ('set Worksheets("设置")', 'fail set Worksheets("设置")', "失败"),
    ],
)
def test_differences_in_plain_words(before: str, after: str, told: str) -> None:
    (line,) = compare.differences(REFERENCE.replace(before, after), REFERENCE)
    assert told in line


def test_an_object_fetched_only_to_be_called_is_no_difference() -> None:
    """Late binding gives some members first as an object, others at once as a method."""
    called = 'call Worksheets("设置").Range("A1") -> object'
    other = REFERENCE.replace(called, f'get Worksheets("设置").Range -> object\n{called}')
    assert other != REFERENCE
    assert compare.differences(other, REFERENCE) == []


def test_the_comparison_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (FOLDER / "self_check.txt").read_text(encoding="utf-8")
    same, other, foreign = tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"
    same.write_text(text, encoding="utf-8")
    other.write_text(text.replace("Date1904 -> False", "Date1904 -> True"), encoding="utf-8")
    foreign.write_text("# button: 没有\n", encoding="utf-8")
    assert compare.main([str(same)]) == 0
    assert "与参照完全一致" in capsys.readouterr().out
    assert compare.main([str(other)]) == 1
    assert "参照得到 False，这次得到 True" in capsys.readouterr().out
    assert compare.main([str(foreign)]) == 2
