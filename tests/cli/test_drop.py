"""incubxl drop: what the desktop icon runs. The samples are dropped, in their own process and in this one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from incubxl.cli import drop as module
from incubxl.cli.chinese import expanded
from incubxl.cli.commands import app

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "xinjiang-makerspace-2026.xlsx"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a workbook in it, whose names hold what a command line stumbles over."""
    folder = tmp_path / "我的 登记 & 材料 (1)"
    folder.mkdir()
    shutil.copy(ROOT / "samples" / SAMPLE, folder / "众创空间[1] & 100%.xlsx")
    return folder


def dropped(*paths: Path) -> int:
    return int(app(["drop", *map(str, paths)], standalone_mode=False))


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}


def test_a_dropped_workbook_gets_its_results_beside_it_and_stays_as_it_was(desk: Path) -> None:
    before = hashes(desk)
    book = next(desk.glob("*.xlsx"))
    command = [sys.executable, "-E", "-P", "-X", "utf8", "-m", "incubxl", "drop", str(book)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=desk, check=False)
    assert done.returncode == 1, done.stderr  # done, with findings
    assert "核对了 1 个工作簿、23 个申报单位。" in done.stderr
    assert hashes(desk) == before
    out = desk / "孵化管理结果"
    assert f"结果在：{out}" in done.stderr
    assert (out / "批量汇总.xlsx").is_file()
    folder = next(out.glob("*/结果_*.xlsx")).parent
    assert next(folder.glob("结果_*.xlsx")).is_file()
    assert list((folder / "通知书").glob("*.docx"))
    assert "按回车键" not in done.stdout + done.stderr  # nobody sits before a pipe


def test_dropping_again_and_dropping_the_whole_folder_take_no_results_for_input(desk: Path) -> None:
    book = next(desk.glob("*.xlsx"))
    dropped(book)
    first = sorted(p.relative_to(desk) for p in (desk / "孵化管理结果").rglob("*"))
    dropped(book)
    assert sorted(p.relative_to(desk) for p in (desk / "孵化管理结果").rglob("*")) == first
    dropped(desk)
    listed = json.loads((desk.parent / "孵化管理结果/运行清单.json").read_text(encoding="utf-8"))["workbooks"]
    assert [entry["path"] for entry in listed.values()] == [f"../{desk.name}/{book.name}"]


def test_two_workbooks_go_into_one_folder_beside_the_first(desk: Path, tmp_path: Path) -> None:
    other = tmp_path / "别处"
    other.mkdir()
    second = Path(shutil.copy(ROOT / "samples/shanghai-hq-2025.xlsx", other))
    dropped(next(desk.glob("*.xlsx")), second)
    assert len(list((desk / "孵化管理结果").glob("*/结果_*.xlsx"))) == 2
    assert not (other / "孵化管理结果").exists()


def test_where_nothing_can_be_written_the_results_go_to_documents(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = tmp_path / "文档"
    documents.mkdir()
    monkeypatch.setattr(platformdirs, "user_documents_path", lambda: documents)
    monkeypatch.setattr(module, "refused", lambda folder: "这个位置是只读的" if folder.parent == desk else "")
    assert dropped(next(desk.glob("*.xlsx"))) == 1
    assert f"里不能写（这个位置是只读的），结果改放在：{documents / '孵化管理结果'}" in capsys.readouterr().err
    assert (documents / "孵化管理结果/批量汇总.xlsx").is_file()
    assert not (desk / "孵化管理结果").exists()


def test_a_file_in_the_place_of_the_results_is_no_place(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = tmp_path / "文档"
    documents.mkdir()
    monkeypatch.setattr(platformdirs, "user_documents_path", lambda: documents)
    (desk / "孵化管理结果").write_text("a file", encoding="utf-8")
    assert dropped(next(desk.glob("*.xlsx"))) == 1
    assert (documents / "孵化管理结果/批量汇总.xlsx").is_file()


def test_nothing_and_nonsense_dropped_are_said(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dropped() == 3
    assert "没有拖放任何文件" in capsys.readouterr().err
    assert dropped(tmp_path / "没有.xlsx") == 3
    assert "找不到" in capsys.readouterr().err
    empty = tmp_path / "空"
    empty.mkdir()
    assert dropped(empty) == 3
    assert "没有找到工作簿" in capsys.readouterr().err
    text = desk / "说明.txt"
    text.write_text("不是工作簿", encoding="utf-8")
    assert dropped(text) == 3
    said = capsys.readouterr().err
    assert "没有处理成" in said
    assert "改正以后，再拖一次。" in said
    assert "--resume" not in said


def test_a_hidden_failure_still_says_something(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: Any, **words: Any) -> int:
        raise RuntimeError("a bug")

    monkeypatch.setattr(module, "run", broken)
    assert dropped(desk) == 3
    said = capsys.readouterr().err
    assert "RuntimeError: a bug" in said
    assert "您的工作簿没有改动" in said
    monkeypatch.setattr(module, "run", lambda *a, **w: (_ for _ in ()).throw(OSError(28, "No space left", "x")))
    assert dropped(desk) == 3
    assert "磁盘已满" in capsys.readouterr().err


@pytest.mark.parametrize(("opens", "code"), [(True, 1), (False, 3)])
def test_the_results_are_opened_and_a_window_waits_for_enter(
    desk: Path, monkeypatch: pytest.MonkeyPatch, opens: bool, code: int
) -> None:
    opened: list[Path] = []
    waited: list[str] = []
    monkeypatch.setattr(os, "startfile", opened.append, raising=False)
    monkeypatch.setattr("builtins.input", lambda text: waited.append(text) or "")
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    assert dropped(next(desk.glob("*.xlsx")) if opens else desk / "没有.xlsx") == code
    assert opened == ([desk / "孵化管理结果"] if opens else [])
    assert waited == ["按回车键关闭这个窗口。"]


def test_the_office_s_packs_are_used_and_never_silently_replaced(
    desk: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packs = Path(shutil.copytree(ROOT / "tests/sixth/policies", tmp_path / "我的办法"))
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"policies": str(packs)}), encoding="utf-8")
    pack = next(packs.glob("*/measure.yaml")).parent.name
    new = ["new", pack, "--year", "2026", "--out", str(desk / "本单位.xlsx"), "--policies", str(packs)]
    assert app(new, standalone_mode=False) == 0
    capsys.readouterr()
    assert dropped(desk / "本单位.xlsx") in (0, 1)
    packs.rename(tmp_path / "搬走了")
    assert dropped(desk / "本单位.xlsx") == 3
    assert "不在了，没有改用自带的办法" in capsys.readouterr().err
    (home / "settings.json").write_text("x", encoding="utf-8")
    assert dropped(desk / "本单位.xlsx") == 3
    assert "内容不对" in capsys.readouterr().err


def test_brackets_in_a_name_never_stand_for_another_workbook(tmp_path: Path) -> None:
    for name in ("登记1.xlsx", "登记[1].xlsx", "登记[1]b.xlsx", "$HOME %x%.xlsx"):
        (tmp_path / name).write_bytes(b"")
    asked = [str(tmp_path / "登记[1].xlsx"), str(tmp_path / "$HOME %x%.xlsx"), "~"]
    assert expanded(asked, windows=True) == asked
    assert expanded([str(tmp_path / "登记[1]*")], windows=True) == [
        str(tmp_path / "登记[1].xlsx"),
        str(tmp_path / "登记[1]b.xlsx"),
    ]
    assert expanded([str(tmp_path / "没有*")], windows=True) == [str(tmp_path / "没有*")]
    assert expanded([str(tmp_path / "登记*")], windows=False) == [str(tmp_path / "登记*")]
