"""What the live shell may depend on, and what 关于 and 自检 say."""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any

import pytest
import xlwings

from incubxl.excel import commands
from incubxl.excel.bare import Bare
from tests.conftest import ROOT
from tests.live.fakewin import Scene


def test_nothing_of_the_paid_part_is_used() -> None:
    assert xlwings.__pro__ is False


@pytest.mark.office
def test_bits_are_said_in_chinese(excel: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.about(Bare(7, "Microsoft Excel", "16.0"))
    first = capsys.readouterr().err.splitlines()[0]
    assert f"{platform.architecture()[0][:2]} 位" in first
    assert "bit" not in first


@pytest.mark.office
def test_self_check_says_how_to_mend(opened: Callable[..., Any]) -> None:
    opened(ROOT / "samples" / "urumqi-intl-2026.xlsx")
    assert commands.self_check()
    lines = Scene.dialogs[-1][0].splitlines()
    (at,) = (n for n, line in enumerate(lines) if "申报编号「U26-08」重复" in line)
    assert lines[at + 1].startswith("　　怎么改：")
    assert lines[at + 1].endswith("。")
