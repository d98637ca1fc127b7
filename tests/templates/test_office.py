"""Second opinions: LibreOffice computes what we stored, Microsoft's validator finds nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.policy.pack import Pack
from incubxl.templates.build import build_workbook


def results(path: Path, formulas: dict[tuple[str, str], str]) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {(sheet, cell): book[sheet][cell].value for sheet, cell in formulas}


def formulas_of(data: bytes) -> dict[tuple[str, str], str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = (c for s in book.worksheets for row in s.iter_rows() for c in row)
    return {(c.parent.title, c.coordinate): c.value for c in cells if c.data_type == "f"}


def agree(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) < 1e-9
    return (ours or "") == (theirs or "") and not isinstance(theirs, int | float)


def compare(data: bytes, path: Path, recalculated: Callable[[Path], Path]) -> int:
    path.write_bytes(data)
    formulas = formulas_of(data)
    stored, computed = results(path, formulas), results(recalculated(path), formulas)
    wrong = {k: (stored[k], computed[k], formulas[k]) for k in formulas if not agree(stored[k], computed[k])}
    assert wrong == {}
    return len(formulas)


@pytest.mark.office
def test_libreoffice_agrees_with_a_filled_workbook(
    filled: bytes, tmp_path: Path, recalculated: Callable[[Path], Path]
) -> None:
    assert compare(filled, tmp_path / "filled.xlsx", recalculated) > 100


@pytest.mark.office
def test_libreoffice_agrees_with_blank_templates(
    pack: Pack, tmp_path: Path, recalculated: Callable[[Path], Path]
) -> None:
    assert compare(build_workbook(pack, year=None), tmp_path / f"{pack.id}.xlsx", recalculated) > 50


@pytest.mark.validator
def test_validator_passes(pack: Pack, tmp_path: Path, validate: Callable[[Path], list[str]]) -> None:
    path = tmp_path / f"{pack.id}.xlsx"
    path.write_bytes(build_workbook(pack, year=2026))
    assert validate(path) == []


@pytest.mark.validator
def test_validator_passes_a_filled_workbook(
    filled: bytes, tmp_path: Path, validate: Callable[[Path], list[str]]
) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(filled)
    assert validate(path) == []


def test_scores_are_added_and_weighted(filled: bytes) -> None:
    """A1: mean of 80 and 71 at 60 %, A2: 90 at 40 %, bonus 3 in full: 45.3 + 36 + 3."""
    sheet = openpyxl.load_workbook(io.BytesIO(filled), data_only=True)["合计核对"]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(r for r in rows if r[0] == "申报编号")
    first = next(r for r in rows if r[0] == "WL-01")
    second = next(r for r in rows if r[0] == "WL-02")
    assert first[head.index("得分合计")] == pytest.approx(75.5 + 90 + 3)
    assert first[head.index("加权得分")] == pytest.approx(84.3)
    assert first[head.index("评分行数")] == 4
    assert second[head.index("得分合计")] in (None, ""), "no scores is not a score of zero"
    assert second[head.index("评分行数")] == 0
    sums = {r[0]: r[2] for r in rows[:20]}
    assert sums["国外孵化场地面积"] == 512.5
    assert sums["我市孵化场地面积"] == 0, "text such as ３００平方米 is not added by Excel either"
