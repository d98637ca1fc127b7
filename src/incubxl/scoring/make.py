"""incubxl scoring make: the books of a round, the office's list, and the record that their return is read by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

import incubxl.scoring.findings  # noqa: F401  (registers this room's issues)
from incubxl.batch.job import open_assessment
from incubxl.files.ours import is_ours
from incubxl.files.write import Properties, render
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.publish.atomic import write_bytes
from incubxl.publish.names import safe_name
from incubxl.register.model import Register
from incubxl.scoring.book import build_book
from incubxl.scoring.experts import read_experts
from incubxl.scoring.model import Expert, Round
from incubxl.scoring.plan_round import plan_round
from incubxl.scoring.round_sheet import TITLE, round_sheets

RECORD, LIST, BOOKS = "评审轮次.json", "评审分配.xlsx", "专家评分表"


@dataclass(frozen=True)
class Issued:
    """A round that was written. ``books``: expert code → file."""

    round: Round
    books: dict[str, Path]
    left_out: list[str]


def make(
    workbook: Path,
    experts_file: Path,
    per_applicant: int,
    out: Path,
    name: str,
    now: dt.datetime,
    policies: Path | None = None,
    *,
    blind: bool,
) -> tuple[Issued | None, list[Issue]]:
    """``issue_books`` for a workbook on disk."""
    experts, issues = read_experts(experts_file)
    if any(i.severity == "error" for i in issues):
        return None, issues
    assessment, found = open_assessment(workbook, None, now.date(), policies)
    if assessment is None:
        return None, [*issues, *found]
    made, found = issue_books(assessment.register, experts, per_applicant, out, name, now, blind=blind)
    return made, [*issues, *found]


def issue_books(
    register: Register,
    experts: Sequence[Expert],
    per_applicant: int,
    out: Path,
    name: str,
    now: dt.datetime,
    *,
    blind: bool,
) -> tuple[Issued | None, list[Issue]]:
    """Assign and write everything to ``out``; None with the issues where something forbids it, then nothing is written.

    The same input gives the same books. A round already in ``out`` that is another one is not overwritten.
    """
    issues: list[Issue] = []
    made, left_out, found = plan_round(register, experts, per_applicant, name, blind=blind)
    issues += found
    if made is None:
        return None, issues
    record = (made.model_dump_json(indent=1) + "\n").encode()
    if (out / RECORD).exists() and (out / RECORD).read_bytes() != record:
        return None, [*issues, issue("scoring.round_exists", Place(file=RECORD), folder=out, name=name)]
    (out / BOOKS).mkdir(parents=True, exist_ok=True)
    write_bytes(out / RECORD, record)  # first: no book goes out that cannot be read back
    title = f"{register.pack.measure.short_name} {register.settings.year}年度"
    books = {}
    for code in made.experts:
        if any(task.expert == code for task in made.tasks):
            books[code] = out / BOOKS / safe_name(code, f"评分表_{name}", ".xlsx")
            data = build_book(made, code, title)
            if books[code].exists() and books[code].read_bytes() != data:  # filled in, perhaps
                issues.append(issue("scoring.kept", Place(file=books[code].name), file=books[code].name))
            else:
                write_bytes(books[code], data)
    sheets = round_sheets(made, experts, register, left_out)
    if (out / LIST).exists() and not is_ours(out / LIST, TITLE):
        issues.append(issue("scoring.kept", Place(file=LIST), file=LIST))
    else:
        write_bytes(out / LIST, render(sheets, properties=Properties(TITLE, now)))
    return Issued(made, books, left_out), issues


def load_round(folder: Path) -> Round | Issue:
    """The record of the round issued into ``folder``."""
    path = folder / RECORD if folder.suffix != ".json" else folder
    try:
        return Round.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return issue("scoring.no_round", Place(file=path.name), path=path)
