"""Returned books to cells: read by the hidden keys, whatever became of file names, order, columns or the program.

A row counts only if what was locked still says what was issued: a sort of one column must not move scores to others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

import incubxl.scoring.findings  # noqa: F401  (registers this room's issues)
from incubxl.files.read import read_grid
from incubxl.grid import CellKind, CellValue, Grid, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.money import plain
from incubxl.register.columns import Block
from incubxl.register.fold import squash
from incubxl.register.headers import Header, find_header
from incubxl.register.identity import read_text
from incubxl.scoring.book import CODE, EXCUSED, FIELDS
from incubxl.scoring.model import Cell, Round, Task

_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et")
_LOCKED = ("shown", "indicator", "top")
_FIELD = {field.id: field for field in FIELDS}
_EXCUSED = {squash(EXCUSED), squash("不适用")}


def return_files(folder: Path) -> list[Path]:
    """The books in ``folder`` and below, without the lock files that Excel and WPS leave."""
    found = (p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    return sorted(p for p in found if not p.name.startswith(("~$", ".~")))


def read_return(path: Path, name: str, round: Round) -> tuple[str, list[Cell], list[Issue]]:
    """(expert, cells, issues) of one file called ``name``; the expert is empty where nothing of it can be used."""
    grid, issues = read_grid(path)
    issues = [replace(i, place=replace(i.place, file=name)) for i in issues]
    if grid is None:
        return "", [], issues
    for sheet in grid.sheets.values():
        header = find_header(sheet, FIELDS)
        if header and {"key", "score"} <= header.columns.keys():
            expert, cells, found = _read(sheet, header, grid, name, round)
            return expert, cells, [*issues, *found]
    return "", [], [*issues, issue("scoring.not_a_book", Place(file=name), file=name)]


def _read(sheet: Sheet, header: Header, grid: Grid, file: str, round: Round) -> tuple[str, list[Cell], list[Issue]]:
    issues: list[Issue] = []
    at = header.columns["key"]
    rows = range(header.row + 1, sheet.height)
    keys = {row: key for row in rows if (key := _text(sheet.rows[row][at]))}
    known = {row: round.by_key[key] for row, key in keys.items() if key in round.by_key}
    if strange := [row for row in keys if row not in known]:
        place = Place(sheet.name, address(strange[0], at), file)
        issues.append(issue("scoring.other_round", place, file=file, count=len(strange)))
    experts = list(dict.fromkeys(task.expert for task in known.values()))
    if not experts:
        return "", [], issues or [issue("scoring.not_a_book", Place(file=file), file=file)]
    if len(experts) > 1:
        shown = "、".join(experts)
        return "", [], [*issues, issue("scoring.mixed_book", Place(sheet.name, "", file), file=file, experts=shown)]
    expert = experts[0]
    if written := next((w for w in _codes(sheet, header) if w != squash(expert)), ""):
        seen = {"file": file, "written": written, "expert": expert}
        return "", [], [*issues, issue("scoring.whose_book", Place(sheet.name, "", file), **seen)]
    issues += _added(sheet, header, [row for row in rows if row not in keys], expert, round, file)
    return expert, list(_cells(sheet, header, grid, known, round, file, issues)), issues


def _codes(sheet: Sheet, header: Header) -> Iterator[str]:
    """The expert's code as it stands over the table."""
    for cells in sheet.rows[: header.row]:
        for value in cells:
            if isinstance(value, str) and squash(value).startswith(squash(CODE)):
                yield squash(value).removeprefix(squash(CODE))


def _added(sheet: Sheet, header: Header, rows: Sequence[int], expert: str, round: Round, file: str) -> Iterator[Issue]:
    """Rows without a key that bear a score."""
    for row in rows:
        said = {id: _text(sheet.rows[row][column]) for id, column in header.columns.items()}
        shown = said.get("shown", "")
        if not said["score"] or squash(shown).startswith(squash(CODE)) or not (shown or said.get("indicator")):
            continue
        whose = next((a for a, words in round.shown.items() if squash(words) == squash(shown) or a == shown), "")
        why = round.away.get((expert, whose), "")
        place = Place(sheet.name, address(row, header.columns["score"]), file)
        yield issue(
            "scoring.row_added", place, expert=expert, shown=shown, indicator=said.get("indicator", ""),
            why=f"；这位专家须回避该单位（{why}）" if why else "",
        )  # fmt: skip


def _cells(
    sheet: Sheet, header: Header, grid: Grid, known: dict[int, Task], round: Round, file: str, issues: list[Issue]
) -> Iterator[Cell]:
    rows = list(known)
    at = header.columns["score"]
    words = {row: squash(value) for row in rows if isinstance(value := sheet.rows[row][at], str)}
    numeric = [row for row in rows if words.get(row) not in _EXCUSED]
    block = Block(
        sheet, header, np.array(numeric, np.int64), [known[r].applicant for r in numeric], date_1904=grid.date_1904
    )
    column = block.column(_FIELD["score"])
    issues += [replace(i, place=replace(i.place, file=file)) for i in block.issues]
    scores = {row: (CellKind(column.kinds[i]), column.exact(i)) for i, row in enumerate(numeric)}
    for row, task in known.items():
        note = _text(sheet.rows[row][header.columns["note"]]) if "note" in header.columns else ""
        where = f"{sheet.name}!{address(row, at)}"
        place = Place(sheet.name, address(row, at), file)
        kind, score = scores.get(row, (CellKind.DECLARED_NA, None))
        excused = kind == CellKind.DECLARED_NA
        bad = kind not in (CellKind.VALUE, CellKind.BLANK, CellKind.DECLARED_NA)
        asked, shown = round.asked[task.indicator], round.shown[task.applicant]
        told = {"expert": task.expert, "shown": shown, "indicator": asked.name}
        if (score is not None or excused) and (wrong := _tampered(sheet, header, row, task, round)):
            issues.append(issue("scoring.tampered", place, applicant=task.applicant, expert=task.expert, **wrong))
            score, excused, bad = None, False, True
        elif score is not None and not 0 <= score <= Decimal(asked.top):
            more = {"score": plain(score), "top": asked.top}
            issues.append(issue("scoring.over", place, applicant=task.applicant, **told, **more))
            score, bad = None, True
        elif excused:
            issues.append(issue("scoring.excused", place, applicant=task.applicant, expert=task.expert, shown=shown))
        yield Cell(task.key, score, excused, note, file, where, bad)


def _tampered(sheet: Sheet, header: Header, row: int, task: Task, round: Round) -> dict[str, str]:
    """The first locked cell of a row that no longer says what was issued."""
    asked = round.asked[task.indicator]
    issued = {"shown": round.shown[task.applicant], "indicator": asked.id, "top": asked.top}
    for id in _LOCKED:
        column = header.columns.get(id, -1)
        seen = _text(sheet.rows[row][column]) if column >= 0 else ""
        if squash(seen) != squash(issued[id]):
            return {"label": _FIELD[id].label, "seen": seen or "空白", "issued": issued[id]}
    return {}


def _text(value: CellValue) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(Decimal(repr(float(value))))
    return "" if value is None else str(read_text(value).value or "").strip()
