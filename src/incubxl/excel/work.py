"""From the open workbook to an assessment, and from sheet plans into the open workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from incubxl.assess.model import Assessment
from incubxl.batch.job import GENERATED, assess_grid
from incubxl.excel.apply import claim, write
from incubxl.excel.guard import Click, check_writable
from incubxl.excel.prepare import prepare
from incubxl.excel.reading import read_book
from incubxl.excel.refused import RefusedError
from incubxl.plan import SheetPlan
from incubxl.results.conditions import DETAIL, GAPS, MATRIX
from incubxl.results.frame import Frame
from incubxl.results.grades import GRADES, INDICATORS
from incubxl.results.money_sheet import LIMITS, MONEY
from incubxl.results.overview import OVERVIEW
from incubxl.results.problems import PROBLEMS
from incubxl.results.record import ANSWERS, RECORD

EXPLAINED = "解释"
OURS = frozenset(
    (OVERVIEW, MATRIX, DETAIL, GAPS, GRADES, INDICATORS, MONEY, LIMITS, PROBLEMS, ANSWERS, RECORD, EXPLAINED)
)
_HERE = "."  # stands for the open workbook in links
_COLOUR_CALLS = 196


@dataclass(frozen=True)
class Looked:
    """The open workbook, assessed. ``sheets``: names of all its sheets; ``visible``: of those that can be shown."""

    assessment: Assessment
    sheets: tuple[str, ...]
    visible: tuple[str, ...]

    @property
    def frame(self) -> Frame:
        """For result sheets whose source cells are in this workbook."""
        return Frame(self.assessment, _HERE)


def look(click: Click, only: tuple[str, ...] | None = None) -> Looked:
    """Read and assess. Raises RefusedError with the issues that forbid it."""
    grid, sheets = read_book(click.book, GENERATED | OURS)
    click.progress("正在核对…")
    assessment, issues = assess_grid(grid, None, click.now.date(), None, only)
    if assessment is None:
        found = [i for i in issues if i.severity == "error"] or issues
        what = "；".join(f"{i.message.rstrip('。')}（{i.place}）" if str(i.place) else i.message for i in found[:5])
        raise RefusedError(what, "；".join(dict.fromkeys(i.remedy.rstrip("。") for i in found[:5])))
    visible = tuple(name for name in sheets if name not in grid.sheets or not grid.sheets[name].hidden)
    return Looked(assessment, sheets, visible)


def put(click: Click, plans: Sequence[SheetPlan], sheets: Sequence[str]) -> str:
    """Write our sheets; gives what to say about it. ``sheets``: the names of the workbook's sheets."""
    check_writable(click)
    there = {name.casefold(): name for name in sheets}
    exist = [plan.name for plan in plans if plan.name.casefold() in there]
    claim(click.book, exist)
    targets = {*sheets, *(plan.name for plan in plans)}
    calls = _COLOUR_CALLS
    prepared = []
    date_1904 = bool(click.book.Date1904)
    for plan in plans:
        links = [link._replace(file="") if link.file == _HERE else link for link in plan.links]
        sheet = prepare(replace(plan, links=links), there=targets, date_1904=date_1904, paint_calls=calls)
        calls -= 7 * len(sheet.paints)
        prepared.append(sheet)
    backup = click.memory.backup(click.book.Name, click.book, click.now)
    click.memory.about_to_write(click.label, click.now, prepared, exist)
    for n, sheet in enumerate(prepared, 1):
        click.progress(f"正在写「{sheet.name}」（{n}/{len(prepared)}）…")
        write(click.book, click.application, sheet, exists=sheet.name in exist)
    titles = "、".join(f"「{sheet.name}」" for sheet in prepared)
    said = [f"已写到{titles}。您的表格没有改动。"]
    if any(sheet.uncoloured for sheet in prepared):
        said.append("变化太多，只给最要紧的一部分上了颜色；其余单元格有文字没有颜色。")
    if any(sheet.unlinked for sheet in prepared):
        said.append("每张表只给前几处加了链接，其余请用「下一个问题」逐个定位。")
    if backup:
        said.append(f"写入前的备份：{backup}")
    return "\n".join(said)
