"""资金台账 on the ribbon: the sheets of the command line for the one workbook, and nothing of the user's changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands
from incubxl.files.write import Properties, render
from incubxl.register.across import Book
from incubxl.years.ledger_sheets import ledger_sheets, make_ledger
from incubxl.years.read import Opened
from tests.conftest import ROOT
from tests.live.fakewin import Scene
from tests.live.test_same_as_file import assessed, features, values

pytestmark = pytest.mark.office
OURS = {"资金台账汇总", "资金台账问题"}


@pytest.mark.parametrize("sample", ["shanghai-hq", "tongliao-award", "urumqi-intl"])
def test_the_button_writes_what_the_file_path_gives(sample: str, opened: Callable[..., Any], tmp_path: Path) -> None:
    source = ROOT / "samples" / f"{sample}-2026.xlsx"
    book = opened(source)
    before, after, expected = tmp_path / "before.xlsx", tmp_path / "after.xlsx", tmp_path / "expected.xlsx"
    book.api.SaveCopyAs(str(before))
    assert commands.ledger(), Scene.dialogs
    book.api.SaveCopyAs(str(after))
    found = assessed(source)
    read = Opened((Book("", found.register, found.as_of),), (found,), ())
    summary, _, problems = ledger_sheets(make_ledger(read, found.as_of))
    expected.write_bytes(render([summary, problems], properties=Properties("", dt.datetime(2026, 6, 1))))
    live = values(after, OURS.__contains__)
    assert set(live) == OURS
    assert live == values(expected, OURS.__contains__)
    assert values(after, lambda name: name not in OURS) == values(before, lambda name: name not in OURS)
    assert {name: f for name, f in features(after).items() if name not in OURS} == features(before)


def test_what_is_said_counts_the_states_and_names_the_command(opened: Callable[..., Any]) -> None:
    opened(ROOT / "samples" / "shanghai-hq-2026.xlsx")
    assert commands.ledger(), Scene.dialogs
    said = Scene.dialogs[-1][0]
    assert "「资金台账汇总」、「资金台账问题」" in said
    assert "incubxl ledger" in said
    assert commands.undo(), Scene.dialogs
    assert "删除了「资金台账汇总」「资金台账问题」" in Scene.dialogs[-1][0]
