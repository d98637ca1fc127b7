"""The Python end of a click: from the job file to the button's function. Excel itself is not needed for that."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("xlwings", reason="xlwings is not installed")
from incubxl.excel import __main__ as entry
from incubxl.excel import commands
from incubxl.excel.refused import RefusedError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))


def job(folder: Path, **content: object) -> Path:
    path = folder / "jobs" / "1.json"
    path.parent.mkdir()
    content = {
        "workbook": "甲.xlsx",
        "sheet": "表",
        "row": 2,
        "column": 3,
        "host": "Excel",
        "version": "16.0",
        **content,
    }
    path.write_text(json.dumps(content), encoding="ascii")
    return path


def test_a_click_reaches_its_function_with_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, str]] = []
    book = SimpleNamespace()
    done: list[object] = []

    def check_all(clicked: object, at: object) -> bool:
        done.append((clicked, at))
        return True

    monkeypatch.setattr(commands, "check_all", check_all)
    monkeypatch.setattr(entry, "_place", lambda window, job: asked.append((window, job["workbook"])) or book)
    path = job(tmp_path, action="check_all", workbook="甲=乙 2026.xlsx")
    assert entry.main(["--from_xl=1", "--hwnd=4711", f"--job={path}"]) == 0
    assert asked == [(4711, "甲=乙 2026.xlsx")]
    assert done == [(book, ("表", 2, 3))]
    assert not path.exists()


@pytest.mark.parametrize("action", ["look", "put", "store", "os", "nobody", "Click", "_counts", "__doc__"])
def test_only_buttons_can_be_clicked(action: str) -> None:
    with pytest.raises(RefusedError, match="加载项与程序的版本不一致"):
        entry.button(action)
    assert callable(entry.button("about"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"action": "about"}', "not json"])
def test_a_strange_job_file_is_refused_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "jobs" / "1.json"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert entry.main([f"--job={path}", "--hwnd=1"]) == 1
    assert "任务文件不对（1.json）" in capsys.readouterr().err


def test_no_other_file_is_taken_for_a_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "登记.json"
    path.write_text("{}", encoding="utf-8")
    assert entry.main([f"--job={path}", "--hwnd=1"]) == 1
    assert entry.main(["--hwnd=1"]) == 1
    assert path.exists()
    assert capsys.readouterr().err.count("任务文件不对") == 2


def test_without_a_workbook_excel_is_not_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = job(tmp_path, action="about", workbook="", row=0, column=0)
    assert entry.main([f"--job={path}", "--hwnd=1"]) == 0
    assert "Excel 16.0" in capsys.readouterr().err
