"""The office's experts sheet: 代号, 单位, 专业, 回避单位, 声明关系. 姓名 may stand there and is never read."""

from __future__ import annotations

from pathlib import Path

import incubxl.scoring.findings  # noqa: F401  (registers this room's issues)
from incubxl.files.read import read_grid
from incubxl.grid import CellValue, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.policy.fields import Field
from incubxl.register.headers import Header, find_header
from incubxl.register.identity import read_text
from incubxl.scoring.avoid import listed
from incubxl.scoring.model import Expert

FIELDS = (
    Field(id="code", label="代号", aliases=("专家代号",), type="text", required=True),
    Field(id="organisation", label="单位", aliases=("工作单位", "所在单位", "专家单位"), type="text", required=True),
    Field(id="speciality", label="专业", aliases=("专业领域",), type="text"),
    Field(id="avoids", label="回避单位", aliases=("应回避单位",), type="text"),
    Field(id="ties", label="声明关系", aliases=("声明的关系", "利害关系", "关系声明"), type="text"),
)


def read_experts(path: Path) -> tuple[list[Expert], list[Issue]]:
    """The experts in the sheet's order. Any error among the issues: the list is not to be used."""
    grid, issues = read_grid(path)
    if grid is None:
        return [], issues
    for sheet in grid.sheets.values():
        header = find_header(sheet, FIELDS)
        if header and {"code", "organisation"} <= header.columns.keys():
            experts, found = _rows(sheet, header, path.name)
            return experts, [*issues, *found]
    return [], [*issues, issue("scoring.experts_sheet", Place(file=path.name))]


def _rows(sheet: Sheet, header: Header, file: str) -> tuple[list[Expert], list[Issue]]:
    experts: dict[str, Expert] = {}
    issues: list[Issue] = []
    for row in range(header.row + 1, sheet.height):
        said = {id: _text(sheet.rows[row][column]) for id, column in header.columns.items()}
        if not any(said.values()):
            continue
        place = Place(sheet.name, address(row, header.columns["code"]), file)
        code = said["code"]
        unread = [f.label for f in FIELDS if (row, header.columns.get(f.id, -1)) in sheet.special]
        if not code or not said["organisation"] or unread:
            lacks = "、".join(unread or [f.label for f in FIELDS[:2] if not said[f.id]])
            issues.append(issue("scoring.expert_lacks", place, row=row + 1, lacks=lacks))
        elif code in experts:
            issues.append(issue("scoring.expert_twice", place, expert=code))
        else:
            experts[code] = Expert(
                code,
                said["organisation"],
                said.get("speciality", ""),
                listed(said.get("avoids", "")),
                listed(said.get("ties", "")),
                f"{sheet.name}!{address(row, header.columns['code'])}",
            )
    if not experts and not issues:
        issues.append(issue("scoring.experts_sheet", Place(sheet.name, "", file)))
    return list(experts.values()), issues


def _text(value: CellValue) -> str:
    return "" if value is None else str(read_text(value).value or "").strip()
