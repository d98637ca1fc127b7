"""From the open workbook to an assessment, and from sheet plans into the open workbook.

A workbook that would keep Excel waiting is worked on in the background, on a snapshot; a second click writes the
answer.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from incubxl.assess.model import Assessment
from incubxl.batch.fingerprint import fingerprint
from incubxl.batch.job import GENERATED, assess_grid
from incubxl.collect.plans import SHEETS as RETURNS
from incubxl.excel import background
from incubxl.excel.answers import ANSWERS
from incubxl.excel.apply import claim, write
from incubxl.excel.background import Job, Outcome
from incubxl.excel.guard import Click, Said, check_writable
from incubxl.excel.kept import keep
from incubxl.excel.packs import packs, policies
from incubxl.excel.prepare import Prepared, prepare
from incubxl.excel.reading import Sheets, read_book
from incubxl.excel.refused import RefusedError
from incubxl.grid import Grid
from incubxl.issues import Issue, remedies
from incubxl.plan import SheetPlan
from incubxl.publish.names import safe_folder
from incubxl.results.agenda import DUE, PROGRESS
from incubxl.results.conditions import DETAIL, GAPS, MATRIX
from incubxl.results.frame import Frame
from incubxl.results.grades import GRADES, INDICATORS
from incubxl.results.money_sheet import LIMITS, MONEY
from incubxl.results.overview import OVERVIEW
from incubxl.results.problems import PROBLEMS
from incubxl.results.record import ANSWERS as QUESTIONS
from incubxl.results.record import RECORD
from incubxl.results.suspicions import SUSPICIONS
from incubxl.years.ledger_sheets import PROBLEMS as LEDGER_PROBLEMS
from incubxl.years.read import LEDGER

EXPLAINED, LETTERS = "解释", "通知书清单"
MONEY_YEARS = frozenset((LEDGER, LEDGER_PROBLEMS))
# Sheets of 评分汇总 by the names they have in the open workbook, where 评分 is the user's and the others are taken.
SCORING = {"评分": "评分合并", "回收情况": "评分表回收情况", "问题清单": "评分问题"}
SEASON = frozenset((*SCORING.values(), "排名", "离群得分", "签字表", "公示名单", "异议与答复"))
OURS = frozenset((
    OVERVIEW, MATRIX, DETAIL, GAPS, GRADES, INDICATORS, MONEY, LIMITS, DUE, PROGRESS, PROBLEMS, SUSPICIONS, QUESTIONS,
    RECORD, EXPLAINED, LETTERS, *RETURNS, *MONEY_YEARS, *SEASON,
))  # fmt: skip
SKIPPED = GENERATED | OURS
HERE = "."  # stands for the open workbook in links
LONG_CELLS = 500_000  # beyond it a click would last: 5,000 rows of 40 columns are 200,000
PATIENCE = 6.0  # seconds that a click waits for its background work before it ends
_COLOUR_CALLS = 196
_FORMATS = {".xlsx", ".xlsm"}


@dataclass(frozen=True)
class Looked:
    """The open workbook, assessed."""

    assessment: Assessment
    sheets: Sheets

    @property
    def frame(self) -> Frame:
        """For result sheets whose source cells are in this workbook."""
        return Frame(self.assessment, HERE)


def look(click: Click, only: tuple[str, ...] | None = None) -> Looked:
    """Read and assess. Raises RefusedError with the issues that forbid it."""
    grid, sheets = read_book(click.book, SKIPPED)
    return _looked(click, grid, sheets, only)


def _looked(click: Click, grid: Grid, sheets: Sheets, only: tuple[str, ...] | None = None) -> Looked:
    click.progress("正在核对…")
    assessment, issues = assess_grid(grid, None, click.now.date(), policies(), only)
    if assessment is None:
        raise refusal(issues)
    return Looked(assessment, sheets)


def refusal(issues: Sequence[Issue]) -> RefusedError:
    """The issues that forbid an assessment, said at once."""
    found = [i for i in issues if i.severity == "error"] or list(issues)
    what = "；".join(f"{i.bare}（{i.place}）" if str(i.place) else i.bare for i in found[:5])
    return RefusedError(what, remedies(found[:5]))


def answered(click: Click, action: str) -> Said:
    """What a checking button does: at once, or for a large workbook in the background and by a second click."""
    check_writable(click)
    grid, sheets = read_book(click.book, SKIPPED)
    if cells(grid) > LONG_CELLS:
        return _answered_later(click, action, grid, sheets)
    answer = ANSWERS[action](_looked(click, grid, sheets).frame)
    prepared = prepare_all(answer.plans, sheets, date_1904=grid.date_1904)
    return Said("\n".join([*answer.before, put(click, prepared, sheets), *answer.after]))


def cells(grid: Grid) -> int:
    """The size of what was read."""
    return sum(len(sheet.rows) * sheet.width for sheet in grid.sheets.values())


def _answered_later(click: Click, action: str, grid: Grid, sheets: Sheets) -> Said:
    mark = fingerprint(grid, packs())
    work = background.last(action, click.memory.key)
    if work is not None and work.job.options.get("fingerprint") != mark:
        if work.outcome is None:
            raise RefusedError(
                "后台正在核对这个工作簿以前的内容，内容已经又改过",
                "请点「停止」，再点一次这个按钮，按现在的内容重新核对",
            )
        work.taken()
        work = None
    if work is None:
        options = {"fingerprint": mark, "sheets": "\n".join(sheets), "date_1904": "1" if grid.date_1904 else ""}
        work = start(click, action, options)
    outcome = patient(click, work)
    if outcome is None:
        return later(click)
    if outcome.state != "done":
        work.taken()
        return Said(outcome.said)
    before, _, after = outcome.said.partition("\f")
    said = put(click, work.sheets(), sheets)
    work.taken()
    return Said("\n".join(line for line in (before, said, after) if line))


def start(click: Click, action: str, options: dict[str, str]) -> background.Work:
    """Begin background work on a snapshot of the workbook as it is shown now, saved or not."""
    suffix = Path(str(click.book.Name)).suffix.lower() if click.book.Path else ".xlsx"
    if suffix not in _FORMATS:
        raise RefusedError(f"工作簿是 {suffix} 格式，后台只能读 .xlsx 和 .xlsm", "请另存为 .xlsx，再点一次")
    source = local_file(click)
    name = f"{safe_folder(Path(str(click.book.Name)).stem)}{suffix}"

    def take(work: background.Work) -> None:
        click.progress("正在留一份快照…")
        snapshot = work.snapshot(name)
        snapshot.parent.mkdir()
        if source and click.book.Saved:
            shutil.copyfile(source, snapshot)  # the very bytes that the user has: what is mailed later asks for them
        else:
            click.book.SaveCopyAs(str(snapshot))

    job = Job(
        action,
        click.label,
        click.memory.key,
        int(click.application.Hwnd),
        f"{click.now:%Y-%m-%d %H:%M:%S}",
        {**options, "snapshot": name, "source": source},
        str(click.book.Name),
    )
    return background.begin(job, take)


def local_file(click: Click) -> str:
    """The workbook's file on a drive of this computer; empty while unsaved or in the cloud."""
    path = Path(str(click.book.FullName))
    return str(path) if click.book.Path and path.is_file() else ""


def patient(click: Click, work: background.Work) -> Outcome | None:
    """The outcome, if it comes soon enough for one click."""
    click.progress("正在后台做…")
    return background.wait(work, PATIENCE)


def later(click: Click) -> Said:
    """What is said when the work goes on after the click."""
    return Said(f"孵化管理·{click.label}：正在后台做，可以接着用 Excel；做完后请再点一次「{click.label}」", quiet=True)


def prepare_all(plans: Sequence[SheetPlan], sheets: Iterable[str], *, date_1904: bool) -> list[Prepared]:
    """Plans as they go into a workbook with these sheets."""
    targets = {*sheets, *(plan.name for plan in plans)}
    calls = _COLOUR_CALLS
    prepared = []
    for plan in plans:
        links = [link._replace(file="") if link.file == HERE else link for link in plan.links]
        sheet = prepare(replace(plan, links=links), there=targets, date_1904=date_1904, paint_calls=calls)
        calls -= 7 * len(sheet.paints)
        prepared.append(sheet)
    return prepared


def put(click: Click, prepared: Sequence[Prepared], sheets: Sheets) -> str:
    """Write our sheets; gives what to say about it. ``sheets``: those of the workbook."""
    check_writable(click)
    ours = claim(sheets, [sheet.name for sheet in prepared])
    backup = click.memory.backup(click.book.Name, click.book, click.now)
    click.memory.about_to_write(click.label, click.now, prepared, ours)
    ours, kept = keep(click.book, ours, OURS)
    for n, sheet in enumerate(prepared, 1):
        click.progress(f"正在写「{sheet.name}」（{n}/{len(prepared)}）…")
        write(click.book, click.application, sheet, ours.get(sheet.name))
        click.memory.written(sheet)
    titles = "、".join(f"「{sheet.name}」" for sheet in prepared)
    said = [f"已写到{titles}。您的表格没有改动。", *kept]
    if any(sheet.uncoloured for sheet in prepared):
        said.append("变化太多，只给最要紧的一部分上了颜色；其余单元格有文字没有颜色。")
    if any(sheet.unlinked for sheet in prepared):
        said.append("每张表只给前几处加了链接，其余请用「下一个问题」逐个定位。")
    if backup:
        said.append(f"写入前的备份：{backup}")
    return "\n".join(said)
