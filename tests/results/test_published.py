"""Whole result workbooks: valid, drawn without ### and with every page numbered, alike each time."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from incubxl.assess.model import Assessment, LetterView
from incubxl.files.write import Properties, render
from incubxl.results.build import result_sheets
from incubxl.results.summary import ResultFile, WorkbookSummary, summarise, summary_sheets

AT = Properties("云巢孵化器 2026年度结果", dt.datetime(2026, 6, 1, 10))


def workbook(assessment: Assessment, letters: tuple[LetterView, ...]) -> bytes:
    plans = result_sheets(
        assessment,
        ran_at="2026-06-01 10:00:00",
        run_id="r-7",
        letters=letters,
        input_name="甲 1#.xlsx",
        input_file="../输入/甲 1#.xlsx",
    )
    return render(plans, properties=AT)


def test_same_assessment_same_bytes(many: Callable[[int], Assessment], letters: tuple[LetterView, ...]) -> None:
    first = workbook(many(7), letters)
    assert workbook(many(3), letters) != first
    assert workbook(many(7), letters) == first


@pytest.mark.validator
@pytest.mark.parametrize("size", [0, 1, 40])
def test_valid_for_microsofts_validator(
    size: int,
    many: Callable[[int], Assessment],
    letters: tuple[LetterView, ...],
    tmp_path: Path,
    validate: Callable[[Path], list[str]],
) -> None:
    file = tmp_path / "结果.xlsx"
    file.write_bytes(workbook(many(size), letters))
    assert validate(file) == []


@pytest.mark.validator
def test_summary_is_valid(
    many: Callable[[int], Assessment],
    letters: tuple[LetterView, ...],
    tmp_path: Path,
    validate: Callable[[Path], list[str]],
) -> None:
    items = [summarise(many(9), file="甲.xlsx", result=ResultFile("甲-结果.xlsx", copy=True), letters=letters)]
    items.append(WorkbookSummary("乙.xlsx", failed="打不开。"))
    file = tmp_path / "汇总.xlsx"
    file.write_bytes(render(summary_sheets(items, ran_at="2026-06-01", run_id="r-7"), properties=AT))
    assert validate(file) == []


@pytest.mark.office
def test_printed_pages_show_no_hashes_and_carry_numbers(
    many: Callable[[int], Assessment],
    letters: tuple[LetterView, ...],
    tmp_path: Path,
    office: Callable[..., list[Path]],
) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "结果.xlsx"
    file.write_bytes(workbook(many(60), letters))
    (pdf,) = office([file], "pdf", tmp_path)
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    pages = done.stdout.split("\f")[:-1]
    assert "###" not in done.stdout
    assert all(f"第 {n} 页" in page and f"共 {len(pages)} 页" in page for n, page in enumerate(pages, 1))
    assert all("征求意见稿，仅供试运行" in page for page in pages)
    detail = [page for page in pages if page.lstrip().startswith("条件核对明细")]
    assert len(detail) > 1
    assert all("申报编号" in page and "来源单元格" in page for page in detail)
