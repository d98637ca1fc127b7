"""Second opinions: a book that LibreOffice saved is read as it was filled; Microsoft's validator finds nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from incubxl.files.write import Properties, render
from incubxl.publish.atomic import write_bytes
from incubxl.scoring.committee import committee_sheets
from incubxl.scoring.make import LIST
from incubxl.scoring.minutes import minutes
from tests.scoring.build import NOW, codes, fill, issued, season

TOP = {"P1": 60, "P2": 40}


def points(expert: str, applicant: str, indicator: str) -> Any:
    return "回避" if (expert, indicator) == ("E3", "P2") else TOP[indicator] - int(applicant[1]) / 4


@pytest.mark.office
def test_books_saved_by_libreoffice_are_read_as_filled(tmp_path: Path) -> None:
    command = shutil.which("soffice")
    if not command:
        pytest.skip("LibreOffice is not installed")
    made = issued(tmp_path)
    paths = fill(made, tmp_path, points)
    out = tmp_path / "saved"
    profile = (tmp_path / "profile").as_uri()
    arguments = [command, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "xlsx"]
    subprocess.run(
        [*arguments, "--outdir", str(out), *map(str, paths.values())], capture_output=True, timeout=300, check=True
    )
    shutil.rmtree(tmp_path / "returns")
    out.rename(tmp_path / "returns")
    found = season(tmp_path)
    assert set(codes(found)) == {"scoring.excused"}
    for one in found.merged:
        task = one.task
        value = points(task.expert, task.applicant, task.indicator)
        assert (one.state, one.score) == (("回避", None) if value == "回避" else ("已评", Decimal(repr(value))))


@pytest.mark.validator
def test_validator_passes(tmp_path: Path, validate: Callable[[Path], list[str]]) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, points)
    found = season(tmp_path)
    book, paper = tmp_path / "材料.xlsx", tmp_path / "材料.docx"
    write_bytes(book, render(committee_sheets(found, Decimal("3.5")), properties=Properties("x", NOW)))
    write_bytes(paper, minutes(found, Decimal("3.5"), NOW))
    for path in (made.books["E1"], tmp_path / "round" / LIST, book, paper):
        assert validate(path) == [], path.name
