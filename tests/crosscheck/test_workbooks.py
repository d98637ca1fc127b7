"""``incubxl crosscheck`` on files: the workbook 疑点, JSON without people's numbers, and what could not be taken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from incubxl.batch.suspicions import read
from incubxl.files.packs import store
from incubxl.templates.build import build_workbook
from incubxl.templates.content import WorkbookContent
from tests.crosscheck.test_crosscheck import OWN, one

PHONE = "0991-5550101"


def _write(path: Path, year: int, *rows: dict[str, object]) -> Path:
    content = WorkbookContent(register=rows, settings={"jump_limit": 6})
    path.write_bytes(build_workbook(store().pack("xinjiang-makerspace"), year=year, content=content))
    return path


def _run(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", "crosscheck", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8", cwd=folder
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "今年").mkdir()
    _write(tmp_path / "今年" / "市.xlsx", 2026, one(1, OWN, contact_phone=PHONE))
    _write(tmp_path / "今年" / "区.xlsx", 2026, one(2, contact_phone=f"+86 {PHONE}"))
    _write(tmp_path / "去年.xlsx", 2025, one(1, OWN))
    return tmp_path


def test_the_workbook_shows_rows_and_leads_to_the_cells(folder: Path) -> None:
    done = _run(folder, "今年", "--previous", "去年.xlsx", "--out", "疑点.xlsx", "--json")
    assert done.returncode == 1
    assert "5550101" not in done.stdout + done.stderr
    body = json.loads(done.stdout)
    assert [s["kind"] for s in body["suspicions"]] == ["shared", "copied"]
    assert [w["earlier"] for w in body["workbooks"]] == [False, False, True]
    assert "只有 1 个以前年度" in done.stderr
    book = openpyxl.load_workbook(folder / "疑点.xlsx")
    assert book.sheetnames == ["疑点", "核对说明"]
    sheet = book["疑点"]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=5)]
    assert [(r[0], r[1], r[2], r[6]) for r in rows] == [
        (1, "同一事物", "X-2", 2026), (1, "同一事物", "X-1", 2026),
        (2, "数字照抄", "X-1", 2026), (2, "数字照抄", "X-1", 2025),
    ]  # fmt: skip
    assert not any(PHONE in str(c.value) for each in book for row in each.iter_rows() for c in row)
    link = sheet.cell(5, 9).hyperlink
    assert link is not None
    assert (folder / str(link.target)).is_file() or "%" in str(link.target)
    again = _run(folder, "今年", "--previous", "去年.xlsx", "--out", "疑点.xlsx")
    assert again.returncode == 1  # our own file is written anew
    book.save(folder / "疑点.xlsx")
    assert _run(folder, "今年", "--out", "疑点.xlsx").returncode == 3  # one that somebody saved is not


def test_what_cannot_be_taken_is_told_and_the_others_are_compared(folder: Path) -> None:
    (folder / "今年" / "坏.xlsx").write_bytes(b"PK")
    done = _run(folder, "今年")
    assert done.returncode == 4
    assert "没有核对：" in done.stderr
    assert "联系电话" in done.stderr
    assert _run(folder, "今年/坏.xlsx").returncode == 3
    assert _run(folder, "没有.xlsx").returncode == 3


def test_a_file_given_twice_and_a_year_that_is_not_earlier(folder: Path) -> None:
    market = folder / "今年" / "市.xlsx"
    (folder / "副本.xlsx").write_bytes(market.read_bytes())
    found = read([market, folder / "副本.xlsx"], [folder / "今年" / "区.xlsx", folder / "去年.xlsx"], store())
    assert [i.code for i in found.notes] == ["crosscheck.same_file", "crosscheck.not_earlier"]
    assert [(b.year, b.earlier) for b in found.books] == [(2026, False), (2025, True)]
    assert len(found.paths) == 2
