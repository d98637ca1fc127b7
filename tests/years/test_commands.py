"""incubxl years and incubxl ledger from files to a workbook and JSON: what is written, told and refused."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from incubxl.cli.chinese import Exit
from incubxl.cli.years import ledger, years
from incubxl.files.ours import is_output
from incubxl.files.read import read_grid
from tests.collect.command import run_cli
from tests.collect.fill import edit, made
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


def test_what_this_program_wrote_is_told_and_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """回收汇总, a form given out, both forms of a run's results: known by their mark, whatever they are called."""
    folder = tmp_path / "历年"
    folder.mkdir()
    source = folder / "urumqi-intl-2026.xlsx"
    shutil.copy(SAMPLES / source.name, source)
    forms = made(tmp_path / "发出", source, slices=["变更备案"]).files
    given = next(iter(forms.values()))
    shutil.copy(given, folder / "甲.xlsx")
    run_cli("collect", "read", tmp_path / "发出", "--register", source, "--out", tmp_path / "收")
    shutil.copy(tmp_path / "收" / "回收汇总.xlsx", folder / "乙.xlsx")
    edit(folder / "乙.xlsx", lambda book: book["回收情况"].cell(1, 1, "有人改过再保存"))
    for name, more in (("丙", ["--into-copy"]), ("丁", [])):
        run_cli("run", source, "--out", tmp_path / name, *more)
        [result] = (tmp_path / name).glob("*/结果_*.xlsx")
        shutil.copy(result, folder / f"{name}.xlsx")
    assert years([folder], tmp_path / "y.xlsx", None, None, as_json=True) in (Exit.DONE, Exit.FINDINGS)
    data = json.loads(capsys.readouterr().out)
    assert [book["file"] for book in data["workbooks"]] == [source.name]
    [told] = [i for i in data["issues"] if i["code"] == "years.own_output"]
    assert told["severity"] == "info"
    assert "4 个文件" in told["message"]
    assert all(f"{name}.xlsx" in told["message"] for name in "甲乙丙丁")


def test_a_copy_of_the_same_year_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As 登记表（合并） beside its register: both can be what is wanted, so a person says which."""
    books = [tmp_path / "登记.xlsx", tmp_path / "登记表（合并）.xlsx"]
    for path in books:
        shutil.copy(SAMPLES / "urumqi-intl-2026.xlsx", path)
    assert years(books, tmp_path / "y.xlsx", None, None, as_json=True) == Exit.FINDINGS
    told = [i["message"] for i in json.loads(capsys.readouterr().out)["issues"] if i["code"] == "years.same_year"]
    assert len(told) == 1
    assert "登记.xlsx 和 登记表（合并）.xlsx 都是 2026 年度的" in told[0]


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_registers_are_no_output(sample: Path) -> None:
    assert not is_output(sample)


@pytest.mark.parametrize("id", ["xinjiang-makerspace", "shanghai-hq"])
def test_every_finding_names_a_cell_or_none(id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two sample years: a cell's address is one, without words behind it; without a place no colon stands alone."""
    paths = [ROOT / "samples" / f"{id}-{year}.xlsx" for year in (2025, 2026)]
    for command in (years, ledger):
        command(paths, tmp_path / f"{command.__name__}.xlsx", None, None, as_json=True)
        found = json.loads(capsys.readouterr().out)["issues"]
        assert all(re.fullmatch(r"([A-Z]+\d+(:[A-Z]+\d+)?)?", one["cell"]) for one in found), found
        command(paths, tmp_path / f"{command.__name__}.xlsx", None, None, as_json=False)
        assert "] ：" not in capsys.readouterr().err
