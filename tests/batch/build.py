"""Register workbooks of fictional makerspaces for runs, and ways to damage them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from incubxl.batch.model import Options
from incubxl.batch.run import Run, executor, run
from incubxl.files.packs import store
from incubxl.templates.build import build_workbook
from incubxl.templates.content import WorkbookContent
from tests.bench.inputs import PACK, content

RAN_AT = dt.datetime(2026, 6, 20, 9, 30)
REGISTER = "申报登记"


def filled(applicants: int = 2, *, first: int = 1, **facts: Any) -> WorkbookContent:
    """Applicants XJ-00001 …; ``facts`` replace the first one's."""
    made = content(applicants, 1, tenants=1, first=first)
    rows = [dict(row) for row in made.register]
    rows[0] |= facts
    return dataclasses.replace(made, register=tuple(rows))


def concluded(made: WorkbookContent, letter: str = "refusal", **more: Any) -> WorkbookContent:
    """With a conclusion for every applicant id of the register, and what a final letter needs."""
    row = {"letter": letter, "on": dt.date(2026, 6, 8), "signer": "示例甲", "reason": "（示例）经核对"} | more
    ids = dict.fromkeys(str(r["applicant_id"]) for r in made.register)
    tables = {**made.tables, "conclusions": tuple({"applicant_id": id, **row} for id in ids)}
    return dataclasses.replace(made, tables=tables, settings={**made.settings, "remedy_text": "（示例）救济途径"})


def data(made: WorkbookContent | None = None) -> bytes:
    return build_workbook(store().pack(PACK), year=2026, content=made or filled())


def damaged(damage: Callable[[openpyxl.Workbook], None], made: WorkbookContent | None = None) -> bytes:
    """The workbook after ``damage``."""
    book = openpyxl.load_workbook(io.BytesIO(data(made)))
    damage(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def header_row(sheet: Any) -> int:
    return next(row for row in range(1, 40) if sheet.cell(row, 1).value == "申报编号")


def column(sheet: Any, label: str) -> int:
    row = header_row(sheet)
    return next(n for n in range(1, sheet.max_column + 1) if sheet.cell(row, n).value == label)


def set_setting(key: str, value: Any) -> Callable[[openpyxl.Workbook], None]:
    def damage(book: openpyxl.Workbook) -> None:
        sheet = book["设置"]
        row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 4).value == key)
        sheet.cell(row, 2).value = value

    return damage


def go(*paths: Path, out: Path, jobs: int = 1, resume: bool = False, **options: Any) -> Run:
    """A run as the command line does it, at a fixed time."""
    given = {"as_of": None, "today": RAN_AT.date(), "ran_at": RAN_AT, "json": True} | options
    return run(list(paths), Options(out, **given), executor(jobs), resume=resume)


def cli(*arguments: object) -> subprocess.CompletedProcess[str]:
    """``incubxl run`` in a process of its own."""
    command = [sys.executable, "-m", "incubxl", "run", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def workbook(done: Run, n: int = 0) -> dict[str, Any]:
    return done.done[n].json


def codes(done: Run, n: int = 0) -> list[str]:
    return [issue["code"] for issue in workbook(done, n)["issues"]]


def printed(process: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return json.loads(process.stdout)  # type: ignore[no-any-return]


def hashes(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` with its SHA-256."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
