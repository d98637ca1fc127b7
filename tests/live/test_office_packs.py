"""Buttons use the office's own packs, as ``addin install --policies`` recorded them, and say so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands
from tests.conftest import ROOT
from tests.live import fakewin
from tests.live.fakewin import Scene

pytestmark = pytest.mark.office
SIXTH = ROOT / "tests" / "sixth" / "policies"


def record(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "own"
    home.mkdir(exist_ok=True)
    (home / "settings.json").write_text(json.dumps({"policies": str(folder)}), encoding="utf-8")


def last() -> str:
    return Scene.dialogs[-1][0]


def test_a_workbook_of_the_office_s_own_measure(excel: Any, tmp_path: Path) -> None:
    app = fakewin.app()
    empty = app.books.add()
    record(tmp_path, SIXTH)
    (tmp_path / "in").mkdir()
    made = tmp_path / "in" / "云山.xlsx"
    assert commands.about(empty)
    assert str(SIXTH) in last()
    numbers = {}

    def line(question: str) -> str:
        numbers.update(
            {text.split("　")[1]: text.split("　")[0] for text in question.splitlines() if text[:1].isdigit()}
        )
        return next(number for name, number in numbers.items() if "云山" in name)

    excel.chosen = [line, "2026", made]
    assert commands.new_workbook(empty), Scene.dialogs
    book = app.books["云山.xlsx"]
    assert commands.self_check(book), Scene.dialogs
    assert "云山" in last()
    (tmp_path / "own" / "settings.json").unlink()
    assert not commands.self_check(book)
    assert "没有对应的政策包" in last()


def test_packs_that_are_gone_stop_the_button(opened: Callable[..., Any], tmp_path: Path) -> None:
    opened(ROOT / "samples" / "urumqi-intl-2026.xlsx")
    record(tmp_path, tmp_path / "不在了")
    assert not commands.check_all()
    assert "不在了，没有改用自带的办法" in last()


def test_the_manual_is_there(excel: Any) -> None:
    assert commands.manual(fakewin.app().books.add())
    assert Path(last().split("：", 1)[1]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
