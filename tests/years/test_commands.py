"""incubxl years and incubxl ledger from files to a workbook and JSON: what is written, told and refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from incubxl.cli.chinese import Exit
from incubxl.cli.years import ledger, years
from incubxl.files.read import read_grid
from tests.conftest import ROOT

SAMPLES = ROOT / "samples"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "历年"
    made.mkdir()
    for year in (2025, 2026):
        shutil.copy(SAMPLES / f"shanghai-hq-{year}.xlsx", made)
    return made


def test_ledger_reads_a_folder_and_leaves_it_as_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    out = folder / "资金台账汇总.xlsx"
    assert ledger([folder], out, None, None, as_json=True) == Exit.FINDINGS
    told = capsys.readouterr()
    data = json.loads(told.out)
    assert [book["file"] for book in data["workbooks"]] == ["shanghai-hq-2025.xlsx", "shanghai-hq-2026.xlsx"]
    one = next(a for a in data["accounts"] if a["name"] == "示例星芯孵化器有限公司" and a["item"] == "operating-city")
    # 2025: 1000万元 by the cap; approved, paid and 930万元 verified on the 2026 workbook's ledger
    assert [one[k] for k in ("stage", "entitled", "approved", "paid", "verified")] == [
        1, "10000000", "10000000", "10000000", "9300000",
    ]  # fmt: skip
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path != out} == before
    grid, _ = read_grid(out)
    assert grid is not None
    assert list(grid.sheets) == ["资金台账汇总", "台账逐笔", "资金台账问题"]
    assert "已写到" in told.err
    # what it wrote itself is no input of the next time, and is replaced
    assert ledger([folder], out, None, None, as_json=True) == Exit.FINDINGS
    assert json.loads(capsys.readouterr().out) == data


def test_years_writes_its_four_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "历年台账.xlsx"
    books = [SAMPLES / f"urumqi-intl-{year}.xlsx" for year in (2026, 2025)]
    assert years(books, out, None, None, as_json=False) in (Exit.DONE, Exit.FINDINGS)
    grid, _ = read_grid(out)
    assert grid is not None
    assert list(grid.sheets) == ["历年台账", "连续情况", "禁期", "问题"]
    assert "连续情形" in capsys.readouterr().err


def test_a_file_of_somebody_elses_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.xlsx"
    shutil.copy(SAMPLES / "urumqi-intl-2026.xlsx", source)
    before = source.read_bytes()
    assert years([source], source, None, None, as_json=False) == Exit.INPUT
    assert "不能写在它上面" in capsys.readouterr().err
    other = tmp_path / "b.xlsx"
    shutil.copy(source, other)
    assert ledger([source], other, None, None, as_json=False) == Exit.INPUT
    assert (source.read_bytes(), other.read_bytes()) == (before, before)


def test_workbooks_of_two_measures_are_not_mixed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    books = [SAMPLES / name for name in ("urumqi-intl-2025.xlsx", "urumqi-intl-2026.xlsx", "tongliao-award-2026.xlsx")]
    assert years(books, tmp_path / "y.xlsx", None, None, as_json=False) == Exit.PARTLY
    assert "tongliao-award-2026.xlsx" in capsys.readouterr().err


def test_nothing_to_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert years([tmp_path], tmp_path / "y.xlsx", None, None, as_json=False) == Exit.INPUT
    assert "没有一个工作簿能读" in capsys.readouterr().err
    assert not (tmp_path / "y.xlsx").exists()
