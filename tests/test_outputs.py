"""Everything the samples give, before judges that are not ours: Microsoft's validator, LibreOffice, openpyxl."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.batch.job import Options, open_assessment
from incubxl.batch.run import Run, inline, run
from incubxl.files.read import read_grid
from tests.conftest import ROOT
from tests.tools.samples import SAMPLES

_RAN = dt.datetime(2026, 6, 1, 9, 0)
WORKBOOKS = sorted(SAMPLES.glob("*.xlsx"))
TEMPLATES = sorted((ROOT / "xlsx_templates").glob("*.xlsx"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All samples through the whole job."""
    out = tmp_path_factory.mktemp("out")
    return run(WORKBOOKS, Options(out, None, _RAN.date(), _RAN, json=True), inline)


def _made(done: Run) -> list[Path]:
    return sorted(p for p in done.options.out.rglob("*") if p.suffix in (".xlsx", ".docx"))


def test_microsoft_s_validator_passes_all_we_make(ran: Run, validate: Callable[[Path], list[str]]) -> None:
    made = _made(ran)
    assert len(made) > 100
    # every workbook; of the letters, every kind of every measure once (they share the template)
    kinds: dict[tuple[str, str, bool], Path] = {}
    for path in made:
        if path.suffix == ".docx":
            kinds[path.parts[-3].rsplit("-", 1)[0], path.name.split("_")[1], ".草稿" in path.name] = path
    chosen = [p for p in made if p.suffix == ".xlsx"] + list(kinds.values()) + WORKBOOKS + TEMPLATES
    problems = {path.name: found for path in chosen if (found := validate(path))}
    assert not problems


def test_no_page_shows_number_signs(ran: Run, office: Callable[..., list[Path]], tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    files = [p for p in _made(ran) if p.suffix == ".xlsx"] + WORKBOOKS + TEMPLATES
    for n, path in enumerate(files):
        shutil.copyfile(path, tmp_path / f"{n:03d}.xlsx")
    copies = sorted(tmp_path.glob("*.xlsx"))
    for pdf, source in zip(office(copies, "pdf", tmp_path), files, strict=True):
        shown = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
        assert "###" not in shown.stdout, source.name


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda p: p.stem)
def test_openpyxl_sees_the_same_cells(path: Path) -> None:
    grid, _ = read_grid(path)
    assert grid is not None
    book = openpyxl.load_workbook(path, data_only=True)
    assert list(grid.sheets) == book.sheetnames
    for name, sheet in grid.sheets.items():
        theirs = book[name]
        for r, row in enumerate(sheet.rows):
            for c, value in enumerate(row):
                assert _same(value, theirs.cell(r + 1, c + 1).value, (r, c) in sheet.special), (name, r, c, value)
        assert theirs.max_row <= max(sheet.height, 1) or all(
            cell.value is None for line in theirs.iter_rows(min_row=sheet.height + 1) for cell in line
        )


def _same(ours: Any, theirs: Any, special: bool) -> bool:
    if special:
        return ours is None and (theirs is None or str(theirs).startswith("#"))
    if isinstance(theirs, dt.datetime) and isinstance(ours, dt.date) and not isinstance(ours, dt.datetime):
        return theirs.date() == ours
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return ours is theirs
    if isinstance(theirs, int | float) and isinstance(ours, int | float):
        return float(ours) == float(theirs)
    return ours == theirs or (ours is None and theirs == "")


@pytest.fixture(scope="module")
def recalculated(office: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The samples, opened and saved by LibreOffice with every formula computed anew."""
    out = tmp_path_factory.mktemp("recalculated")
    profile_files = office(WORKBOOKS, "ods", out)  # a format that keeps no result of ours
    again = office(profile_files, "xlsx", tmp_path_factory.mktemp("again"))
    return {source.name: made for source, made in zip(WORKBOOKS, again, strict=True)}


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda p: p.stem)
def test_libreoffice_agrees_with_every_formula(path: Path, recalculated: dict[str, Path]) -> None:
    formulas = openpyxl.load_workbook(path)
    ours = openpyxl.load_workbook(path, data_only=True)
    theirs = openpyxl.load_workbook(recalculated[path.name], data_only=True)
    compared = 0
    for sheet in formulas:
        for line in sheet.iter_rows():
            for cell in line:
                if not (isinstance(cell.value, str) and cell.data_type == "f"):
                    continue
                stored = ours[sheet.title][cell.coordinate].value
                if stored is None and sheet.title not in ("合计核对", "填写说明"):
                    continue  # a sample of a formula that was saved without its result
                found = theirs[sheet.title][cell.coordinate].value
                assert _close(stored, found), (sheet.title, cell.coordinate, cell.value, stored, found)
                compared += 1
    assert compared > 10


def _close(stored: Any, found: Any) -> bool:
    if isinstance(stored, int | float) and isinstance(found, int | float):
        return abs(stored - found) < 1e-9 * max(1.0, abs(stored))
    return (stored or "") == (found or "")


@pytest.mark.parametrize("stem", ["urumqi-intl-2025", "xinjiang-makerspace-2026"])
def test_scores_agree_with_the_workbook_s_own_formulas(stem: str) -> None:
    """合计核对 adds up the marks given by people, by ordinary formulas; our points for the same indicators agree."""
    path = SAMPLES / f"{stem}.xlsx"
    assessment, _ = open_assessment(path, None, _RAN.date(), None)
    assert assessment is not None
    assert assessment.register.settings.values["experts"] == "mean"
    rows = list(openpyxl.load_workbook(path, data_only=True)["合计核对"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if "申报编号" in row and "得分合计" in row)
    id_column, sum_column = rows[head].index("申报编号"), rows[head].index("得分合计")
    sums = {row[id_column]: row[sum_column] for row in rows[head + 1 :] if row[id_column]}
    compared = 0
    for found in assessment.determinations:
        given = [i.points for i in found.grade.indicators if i.method in ("直接打分", "加分项")]
        theirs = sums.get(found.applicant)
        if given and None not in given and isinstance(theirs, int | float):
            assert sum(p for p in given if p is not None) == Decimal(repr(theirs)), found.applicant
            compared += 1
    assert compared >= 3
