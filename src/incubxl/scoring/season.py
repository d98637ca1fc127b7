"""A workbook with the scores that came back: the sheet 评分 as the result has it, and everything graded by it.

The user's workbook is read and never written. The cells that grading cites (``评分!D7``) are those of the result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import incubxl.scoring.findings  # noqa: F401  (registers this room's issues)
from incubxl.assess.engine import assess
from incubxl.assess.model import Assessment
from incubxl.batch.job import GENERATED, assess_grid
from incubxl.files.read import read_grid
from incubxl.grid import CellKind, CellValue, Grid, Place, Sheet
from incubxl.issues import Issue, issue
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.register.fold import squash
from incubxl.register.model import Register
from incubxl.scoring.make import load_round
from incubxl.scoring.merge import AWAY, merge
from incubxl.scoring.model import Cell, Round, Scored
from incubxl.scoring.plan_round import changed_since
from incubxl.scoring.returns import read_return, return_files

SCORES = "评分"
DRAFT = "草稿　仅供评审会讨论"
_COLUMNS = (
    Column("申报编号"), Column("指标编号"), Column("专家代号", "centre"), Column("得分", "number"), Column("说明"),
    Column("状态", "centre"), Column("来源文件"), Column("来源位置"),
)  # fmt: skip
_WIDTHS = (14.0, 12.0, 12.0, 10.0, 30.0, 10.0, 34.0, 18.0)
_NOT_APPLICABLE = "不适用"


@dataclass(frozen=True)
class Season:
    """What the committee sees. ``round`` None: the workbook's own scores only."""

    assessment: Assessment
    scores: SheetPlan
    round: Round | None
    merged: tuple[Scored, ...]
    files: int
    issues: tuple[Issue, ...]  # of the returns

    @property
    def register(self) -> Register:
        return self.assessment.register

    @property
    def notice(self) -> str:
        """What every page of the committee's papers bears."""
        return "　".join(words for words in (DRAFT, self.assessment.notice) if words)


def read_season(
    workbook: Path, returns: Path | None, round_folder: Path, now: dt.datetime, policies: Path | None = None
) -> tuple[Season | None, list[Issue]]:
    """``season_of`` a workbook on disk."""
    grid, issues = read_grid(workbook, GENERATED)
    if grid is None:
        return None, issues
    season, found = season_of(grid, returns, round_folder, now, policies)
    return season, [*issues, *found]


def season_of(
    grid: Grid,
    returns: Path | None,
    round_folder: Path,
    now: dt.datetime,
    policies: Path | None = None,
    sheet: str = SCORES,
) -> tuple[Season | None, list[Issue]]:
    """A workbook that was read, and the returns of its round; ``returns`` None: the workbook alone. None: see issues.

    ``sheet``: what the sheet of all scores is called where it will stand, and so in what cites its cells.
    """
    assessment, issues = assess_grid(grid, None, now.date(), policies)
    if assessment is None:
        return None, issues
    if returns is None:
        return Season(assessment, _plan(assessment, _own(assessment.register), sheet), None, (), 0, ()), issues
    round = load_round(round_folder)
    if isinstance(round, Issue):
        return None, [*issues, round]
    register = assessment.register
    if (round.pack, round.year) != (register.pack.id, register.settings.year):
        seen: dict[str, object] = {"name": round.name, "pack": round.pack, "year": round.year}
        return None, [*issues, issue("scoring.other_workbook", Place(file=grid.name), applicant="", **seen)]
    if changed := changed_since(register, round):
        return None, [*issues, *changed]
    books: dict[str, list[tuple[str, Sequence[Cell]]]] = {}
    told: list[Issue] = []
    files = return_files(returns)
    for path in files:
        name = path.relative_to(returns).as_posix()
        expert, cells, found = read_return(path, name, round)
        told += found
        if expert:
            books.setdefault(expert, []).append((name, cells))
    merged, found = merge(round, books)
    told += found
    plan = _plan(assessment, _own(register, merged) + [_row(one) for one in merged], sheet)
    again, _ = assess_grid(_with(grid, plan), assessment.as_of, now.date(), policies)
    assert again is not None  # only the sheet 评分 is another
    values = {**again.register.settings.values, "expected_scores": "rows"}
    register = replace(again.register, settings=replace(again.register.settings, values=values))
    made = assess(register, assessment.as_of, input_sha256=grid.sha256)
    return Season(made, plan, round, tuple(merged), len(files), tuple(told)), issues


def _plan(assessment: Assessment, rows: Sequence[tuple[Value, ...]], title: str) -> SheetPlan:
    notice = "　".join(words for words in (DRAFT, assessment.notice) if words)
    lines = (
        "与登记工作簿「评分」表同样的栏目；要并入登记工作簿的，整行复制过去，并把「设置」的「应评范围」选为「以评分表的行为准」。",
    )
    return SheetPlan(title, title, notice, _WIDTHS, (Block(_COLUMNS, rows, empty="还没有评分"),), lines)


def _own(register: Register, merged: Sequence[Scored] = ()) -> list[tuple[Value, ...]]:
    """Rows of the workbook's own sheet 评分, but those that came back the same, or are blank there and came back."""
    table = register.tables.get("scores")
    back = {(one.task.applicant, one.task.indicator, one.task.expert): one for one in merged}
    ids = _indicator_ids(register)
    rows: list[tuple[Value, ...]] = []
    for i in range(table.height if table else 0):
        assert table is not None
        owner = int(table.owner[i])
        if owner < 0:
            continue
        column = table.columns["score"]
        indicator = table.columns["indicator"].text(i)
        key = (register.ids[owner], ids.get(indicator, indicator), table.columns["expert"].text(i))
        score: Value = column.exact(i)
        if column.kinds[i] == CellKind.DECLARED_NA:
            score = _NOT_APPLICABLE
        one = back.get(key)
        if one is not None and (score is None or score == (_NOT_APPLICABLE if one.state == AWAY else one.score)):
            continue
        rows.append((*key, score, table.columns["note"].text(i), "原有", "登记工作簿", column.cell(i)))
    return rows


def _indicator_ids(register: Register) -> dict[str, str]:
    table = register.tables.get("indicators")
    if table is None:
        return {}
    return {table.columns["name"].text(i): table.columns["indicator"].text(i) for i in range(table.height)}


def _row(one: Scored) -> tuple[Value, ...]:
    task = one.task
    score: Value = _NOT_APPLICABLE if one.state == AWAY else one.score
    return (task.applicant, task.indicator, task.expert, score, one.note, one.state, one.file, one.cell)


def _with(grid: Grid, plan: SheetPlan) -> Grid:
    """The workbook with ``plan`` in the place of its sheet 评分, cell by cell as it will be written."""
    block = plan.blocks[0]
    above: list[list[CellValue]] = [[None] * len(block.columns) for _ in range(plan.header_row(0))]
    head: list[CellValue] = [column.label for column in block.columns]
    body = [[float(v) if isinstance(v, Decimal) else v or None for v in row] for row in block.rows]
    others = {name: sheet for name, sheet in grid.sheets.items() if squash(name) != squash(SCORES)}
    return replace(grid, sheets={**others, SCORES: Sheet(plan.name, [*above, head, *body])})
