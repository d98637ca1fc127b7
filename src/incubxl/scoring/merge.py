"""All returns of a round as one list: every task once, with its score, its 回避, or why there is none. Pure.

Nothing is chosen between two versions, and what is lacking stays lacking: it is never nought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import incubxl.scoring.findings  # noqa: F401  (registers this room's issues)
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import plain
from incubxl.scoring.model import Cell, Round, Scored, Task

DONE, AWAY, LACKING, REFUSED = "已评", "回避", "未评", "未采用"


def merge(round: Round, books: Mapping[str, Sequence[tuple[str, Sequence[Cell]]]]) -> tuple[list[Scored], list[Issue]]:
    """Every task of the round in its order. ``books``: expert → (file, cells) of every book that came back."""
    issues: list[Issue] = []
    cells: dict[str, list[Cell]] = defaultdict(list)
    for expert, versions in books.items():
        if len(versions) > 1:
            files = "、".join(f"「{file}」" for file, _ in versions)
            issues.append(issue("scoring.twice", Place(), expert=expert, count=len(versions), files=files))
        for _, found in versions:
            for cell in found:
                cells[cell.key].append(cell)
    merged = [_one(task, cells[task.key], round, issues) for task in round.tasks]
    for expert in round.experts:
        mine = [one for one in merged if one.task.expert == expert]
        lacking = [one for one in mine if one.state == LACKING]
        if mine and expert not in books:
            issues.append(issue("scoring.not_back", Place(), expert=expert, count=len(mine)))
        elif lacking:
            names = list(dict.fromkeys(round.shown[one.task.applicant] for one in lacking))
            shown = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
            place = _place(lacking[0].cell, lacking[0].file)
            issues.append(issue("scoring.missing", place, expert=expert, count=len(lacking), shown=shown))
    return merged, issues


def _one(task: Task, cells: Sequence[Cell], round: Round, issues: list[Issue]) -> Scored:
    said = [cell for cell in cells if cell.score is not None or cell.excused]
    if not said:
        bad = next((cell for cell in cells if cell.bad), None)
        seen = bad or (cells[0] if cells else None)
        return Scored(
            task, REFUSED if bad else LACKING, None, seen.note if seen else "", seen.file if seen else "",
            seen.cell if seen else "",
        )  # fmt: skip
    first = said[0]
    if other := next((c for c in said if (c.score, c.excused) != (first.score, first.excused)), None):
        issues.append(
            issue(
                "scoring.versions",
                _place(other.cell, other.file),
                applicant=task.applicant,
                expert=task.expert,
                shown=round.shown[task.applicant],
                indicator=round.asked[task.indicator].name,
                first=_said(first),
                first_at=f"{first.file} {first.cell}",
                second=_said(other),
                second_at=f"{other.file} {other.cell}",
            )
        )
        return Scored(task, REFUSED, None, first.note, first.file, first.cell)
    return Scored(task, AWAY if first.excused else DONE, first.score, first.note, first.file, first.cell)


def _place(cell: str, file: str) -> Place:
    sheet, _, address = cell.rpartition("!")
    return Place(sheet, address, file)


def _said(cell: Cell) -> str:
    return "回避" if cell.score is None else f"{plain(cell.score)}分"
