"""A folder that --out names and that is not there yet is made, and said: by every command in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.collect.command import run_cli
from tests.conftest import ROOT

URUMQI = ROOT / "samples" / "urumqi-intl-2026.xlsx"
LAST = URUMQI.with_name("urumqi-intl-2025.xlsx")


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (("new", "urumqi-intl", "--year", "2027", "--out"), "登记2027.xlsx"),
        (("due", URUMQI, "--out"), "待办.xlsx"),
        (("due", URUMQI, "--ics"), "待办.ics"),
        (("crosscheck", URUMQI, "--out"), "疑点.xlsx"),
        (("years", LAST, URUMQI, "--out"), "历年台账.xlsx"),
        (("ledger", LAST, URUMQI, "--out"), "资金台账汇总.xlsx"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else value,
)
def test_a_missing_folder_is_made_and_said(tmp_path: Path, words: Sequence[str | Path], file: str) -> None:
    out = tmp_path / "2026年" / "第一批" / file
    code, _, said = run_cli(*words, out)
    assert code in (0, 1), said
    assert out.is_file()
    assert f"新建了文件夹「{out.parent}」" in said
    assert "新建了文件夹" not in run_cli(*words[:-1], words[-1], out.with_name(f"再{file}"))[2]


def test_a_folder_is_not_made_for_what_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "新" / "登记.xlsx"
    assert run_cli("new", "urumqi", "--year", "2027", "--out", out)[0] == 3
    assert not out.parent.exists()
    assert run_cli("due", URUMQI, "--out", out.with_suffix(".pdf"))[0] == 3
    assert not out.parent.exists()


def test_the_runs_folder_and_what_is_made_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "own"))
    out = tmp_path / "深" / "结果"
    assert run_cli("run", URUMQI, "--out", out)[0] in (0, 1)
    package, compared = tmp_path / "归档" / "2026.zip", tmp_path / "比较" / "比较.xlsx"
    assert run_cli("archive", out, "--out", package)[0] in (0, 1)
    assert run_cli("diff", out, out, "--out", compared)[0] in (0, 1)
    assert package.is_file() and compared.is_file()
