"""A small season: a register with a fictional scheme, the office's experts, books filled in as experts would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from incubxl.files.packs import store
from incubxl.issues import Issue
from incubxl.scoring.book import FIELDS
from incubxl.scoring.make import Issued, make
from incubxl.scoring.season import Season, read_season
from incubxl.templates.build import build_workbook
from incubxl.templates.content import WorkbookContent
from tests.grading.build import SETTINGS

NOW = dt.datetime(2026, 6, 1, 9, 0)
COLUMN = {field.id: n for n, field in enumerate(FIELDS, 1)}
INDICATORS = (
    {"indicator": "P1", "name": "服务能力", "method": "direct", "maximum": 60},
    {"indicator": "P2", "name": "合作成效", "method": "direct", "maximum": 40},
)
RULES = (
    {"grade": "优秀", "minimum": 90},
    {"grade": "良好", "minimum": 80},
    {"grade": "合格", "minimum": 60},
    {"grade": "不合格"},
)
NAMES = ("示例甲孵化器有限公司", "示例乙创新中心", "示例丙国际创客有限公司", "示例丁离岸孵化有限公司")
EXPERTS = (
    ("E1", "示例大学", "", ""),
    ("E2", "示例乙创新中心", "", ""),
    ("E3", "示例研究院", "", ""),
    ("E4", "示例会计师事务所", "", "示例丙国际创客有限公司（曾任顾问）"),
)
Row = Mapping[str, Any]


def register(
    path: Path,
    names: Sequence[str] = NAMES,
    indicators: Sequence[Row] = INDICATORS,
    settings: Row | None = None,
    tables: Mapping[str, Sequence[Row]] | None = None,
    facts: Mapping[str, Row] | None = None,
) -> Path:
    """A register workbook on disk: applicants S1, S2 … that take part; ``facts`` by applicant."""
    rows = [
        {
            "applicant_id": f"S{n}",
            "name": name,
            "track": "base",
            "evaluation_submitted": True,
            **(facts or {}).get(f"S{n}", {}),
        }
        for n, name in enumerate(names, 1)
    ]
    content = WorkbookContent(
        register=tuple(rows),
        tables={
            "indicators": tuple(indicators),
            "grade_rules": RULES,
            **{k: tuple(v) for k, v in (tables or {}).items()},
        },
        settings={**SETTINGS, "as_of": dt.date(2026, 5, 31), **(settings or {})},
    )
    path.write_bytes(build_workbook(store().pack("urumqi-intl"), year=2026, content=content))
    return path


def experts(path: Path, rows: Sequence[Sequence[str]] = EXPERTS) -> Path:
    """The office's list, with the names that only it may hold."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年度评审专家名单（内部）"])
    sheet.append(["姓名", "专家代号", "工作单位", "回避单位", "声明关系", "专业"])
    for n, (code, organisation, avoids, ties) in enumerate(rows):
        sheet.append([f"示例姓名{n}", code, organisation, avoids, ties, "科技服务"])
    book.save(path)
    return path


def issued(
    folder: Path, per: int = 2, *, blind: bool = True, name: str = "第一轮", people: Any = EXPERTS, **more: Any
) -> Issued:
    """A round in ``folder/round``."""
    made, issues = attempt(folder, per, blind=blind, name=name, people=people, **more)
    assert made is not None, issues
    return made


def attempt(
    folder: Path, per: int = 2, *, blind: bool = True, name: str = "第一轮", people: Any = EXPERTS, **more: Any
) -> tuple[Issued | None, list[Issue]]:
    """As ``issued``, with whatever came of it."""
    book = register(folder / "登记.xlsx", **more)
    return make(book, experts(folder / "专家.xlsx", people), per, folder / "round", name, NOW, blind=blind)


Points = Callable[[str, str, str], Any]  # expert, applicant, indicator → what the expert types


def fill(made: Issued, folder: Path, points: Points, only: Sequence[str] | None = None) -> dict[str, Path]:
    """The books filled in and returned under other names."""
    returned = folder / "returns"
    returned.mkdir(exist_ok=True)
    out = {}
    for expert, path in made.books.items():
        if only is not None and expert not in only:
            continue
        out[expert] = returned / f"来自{expert}的邮件.xlsx"
        edit(path, out[expert], lambda sheet: _type(sheet, made, points))
    return out


def _type(sheet: Any, made: Issued, points: Points) -> None:
    for row in range(1, sheet.max_row + 1):
        task = made.round.by_key.get(str(sheet.cell(row, COLUMN["key"]).value))
        if task:
            sheet.cell(row, COLUMN["score"]).value = points(task.expert, task.applicant, task.indicator)


def edit(path: Path, to: Path, change: Callable[[Any], None]) -> Path:
    """Open a book, change its sheet, save it elsewhere."""
    book = openpyxl.load_workbook(path)
    change(book["评分表"])
    book.save(to)
    return to


def task_rows(sheet: Any, made: Issued) -> list[int]:
    """1-based rows with a task."""
    return [r for r in range(1, sheet.max_row + 1) if sheet.cell(r, COLUMN["key"]).value in made.round.by_key]


def season(folder: Path, *, returns: bool = True) -> Season:
    """The season as read back."""
    found, issues = read_season(folder / "登记.xlsx", folder / "returns" if returns else None, folder / "round", NOW)
    assert found is not None, issues
    return found


def codes(season: Season) -> list[str]:
    return [i.code for i in season.issues]
