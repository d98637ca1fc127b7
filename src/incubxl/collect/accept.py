"""Accepted values into a new copy of the register: what contradicts nothing, and where each came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from incubxl.collect.found import Comparison, NewRow, Source
from incubxl.collect.plans import cell_value
from incubxl.collect.values import shown
from incubxl.files.write import Properties, render
from incubxl.grid import Grid, Place, address
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.plan import Block, Column, SheetPlan
from incubxl.publish.fill import Fill, fill
from incubxl.publish.graft import graft, look
from incubxl.register.headers import find_header
from incubxl.register.model import Register

define(
    "collect.no_room", "warning",
    "「{sheet}」接着已有的行下面还有别的内容，新增的 {count} 行没有写进副本。",
    "请在登记表里插入空行，再按「新增行」贴进去。",
    "明细表的下面写着合计和说明",
)  # fmt: skip
define(
    "collect.no_column", "warning",
    "登记表没有「{label}」这一栏，{who} 的新值没有写进副本。",
    "请在登记表补上这一栏，再运行一次；值见「拟更新」。",
    "登记表删掉了一栏",
)  # fmt: skip
define(
    "collect.formula", "warning",
    "{cell} 是公式，退回的值没有写进副本。",
    "请核对公式和退回的值，由人决定。",
    "员工总数一格是求和公式",
)  # fmt: skip
define(
    "collect.recalculate", "info",
    "登记表里有公式，副本里公式的结果还是合并以前的。",
    "请先用 Excel 打开副本并保存，再运行核对。",
    "登记表用公式汇总明细",
)  # fmt: skip

SHEET = "合并来源"
_WIDTHS = (12.0, 28.0, 22.0, 24.0, 28.0, 28.0, 40.0, 18.0, 18.0)
MERGED = "登记表（合并）"
_COLUMNS = tuple(
    map(Column, ("申报编号", "单位名称", "单元格", "栏目", "原值", "新值", "来源文件", "来源单元格", "文件时间"))
)


Line = tuple[str, ...]


@dataclass(frozen=True)
class Accepted:
    """The merged register: its bytes, how many cells were filled (new rows among them), and what was left out."""

    data: bytes
    cells: int
    rows: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell to fill, where its value came from, and whether it belongs to a new row."""

    fill: Fill
    line: Line
    new: bool


def entries(grid: Grid, register: Register, found: Comparison) -> tuple[list[Entry], list[Issue]]:
    """Every cell to fill, and what has no place in the register."""
    made: list[Entry] = []
    issues: list[Issue] = []
    for change in found.updates:
        place, value = _split(change.target), cell_value(change.field, change.text)
        if place is None or value is None:
            told = {"who": change.applicant, "label": change.field.label}
            issues.append(issue("collect.no_column", Place(file=grid.name), **told))
            continue
        line = (change.applicant, change.name, change.target, change.field.label, change.old, change.new)
        made.append(Entry(Fill(*place, value), (*line, *_from(change.source)), new=False))
    for table in register.pack.tables:
        rows = [r for r in found.rows if r.table == table.id]
        if rows:
            more, refused = _new_rows(grid, register, table.id, rows)
            made += more
            issues += refused
    return made, issues


def _from(source: Source) -> Line:
    return source.file, source.place, f"{source.when:%Y-%m-%d %H:%M}"


def _split(target: str) -> tuple[str, int, int] | None:
    """``sheet!A1`` to sheet, row and column, 0-based."""
    sheet, _, cell = target.rpartition("!")
    letters = cell.rstrip("0123456789")
    if not sheet or not letters:
        return None
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return sheet, int(cell[len(letters) :]) - 1, column - 1


def _new_rows(grid: Grid, register: Register, table: str, rows: Sequence[NewRow]) -> tuple[list[Entry], list[Issue]]:
    """New rows under the last one of a detail sheet; none where anything else stands there."""
    held = register.tables[table]
    columns = {id: c for id, c in held.columns.items() if c.sheet_column >= 0}
    title = next(iter(held.columns.values())).sheet
    sheet = grid.sheets.get(title)
    header = find_header(sheet, held.spec.columns) if sheet is not None else None
    needed = {id for r in rows for id, text in r.texts.items() if text}
    no_room = [issue("collect.no_room", Place(title), sheet=title, count=len(rows))]
    if sheet is None or header is None or not needed <= set(columns):
        return [], no_room
    first = 1 + max((int(r) for r in next(iter(columns.values())).rows), default=header.row)
    taken = {row for row, _ in sheet.special}
    made: list[Entry] = []
    for at, row in enumerate(rows, start=first):
        if at in taken or (at < sheet.height and any(v is not None for v in sheet.rows[at])):
            return [], no_room
        for id, text in row.texts.items():
            column = columns.get(id)
            value = cell_value(column.spec, text) if column is not None and text else None
            if column is None or value is None:
                continue
            cell = f"{title}!{address(at, column.sheet_column)}"
            line = (row.applicant, row.name, cell, column.spec.label, "（新增行）", shown(column.spec, text))
            made.append(Entry(Fill(title, at, column.sheet_column, value), (*line, *_from(row.source)), new=True))
    return made, []


def merged_register(
    data: bytes, grid: Grid, register: Register, found: Comparison, now: dt.datetime
) -> Accepted | Issue:
    """A copy of the register's bytes with every update that contradicts nothing, and a sheet 合并来源.

    The register itself is not touched. An issue instead where no copy can be made.
    """
    wanted, issues = entries(grid, register, found)
    made = fill(data, grid.name, [e.fill for e in wanted])
    if isinstance(made, Issue):
        return made
    for one in made.left:
        cell = address(one.row, one.column)
        issues.append(issue("collect.formula", Place(one.sheet, cell), cell=f"{one.sheet}!{cell}"))
    if made.formulas and wanted:
        issues.append(issue("collect.recalculate", Place(file=grid.name)))
    done = [e for e in wanted if e.fill not in made.left]
    whole = _with_provenance(made.data, grid.name, register, [e.line for e in done], now)
    if isinstance(whole, Issue):
        return whole
    merged, kept = whole
    issues += kept
    rows = {(e.fill.sheet, e.fill.row) for e in done if e.new}
    return Accepted(merged, len(done), len(rows), tuple(issues))


def _with_provenance(
    data: bytes, name: str, register: Register, lines: Sequence[Line], now: dt.datetime
) -> tuple[bytes, Sequence[Issue]] | Issue:
    """The sheet 合并来源 grafted in, and the earlier ones that a person has changed, which stay."""
    year = register.settings.year
    about = f"{register.pack.measure.name}　{year}年度　由「{name}」和退回的表合并，{now:%Y-%m-%d %H:%M}"
    block = Block(_COLUMNS, lines, empty="没有合并的内容")
    plan = SheetPlan(SHEET, SHEET, "", _WIDTHS, (block,), (about,), paper="A3")
    target = look(data, name, (SHEET,))
    whole = target if isinstance(target, Issue) else graft(target, render([plan], properties=Properties(MERGED, now)))
    if isinstance(whole, Issue):
        return issue("fill.refused", Place(file=name), why=whole.bare)
    return whole, () if isinstance(target, Issue) else target.kept
