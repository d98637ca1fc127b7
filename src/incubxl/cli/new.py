"""incubxl new: this year's register workbook, blank or with last year's choices as proposals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from incubxl.batch.new_year import new_workbook
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, fail_all, folder_for
from incubxl.files.packs import PackStore
from incubxl.files.read import read_grid
from incubxl.issues import Issue
from incubxl.publish.backup import Backups
from incubxl.publish.opened import opener


def new(pack_id: str, year: int, out: Path, last: Path | None, policies: Path | None, *, force: bool) -> int:
    """Write the workbook; an existing file is not overwritten unless forced."""
    if out.suffix.lower() != ".xlsx":
        return fail(f"文件名「{out.name}」不是 .xlsx", "请以 .xlsx 结尾")
    if out.exists() and not force:
        return fail(f"「{out}」已经存在", "请换一个文件名；确实要覆盖的加 --force")
    grid = None
    if last is not None:
        grid, issues = read_grid(last)
        if grid is None:
            return fail_all(issues)
    made = new_workbook(pack_id, year, PackStore(policies), grid)
    if isinstance(made, Issue):
        return fail(made.message, made.remedy)
    if who := opener(out):
        return fail(f"「{out}」正由 {who} 打开着", "请先关闭，再运行一次")
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    folder_for(out)
    kept = Backups().replace(out, made, "incubxl new --force", now)
    told = "；上年口径已作为待确认的建议带入，请逐条写上姓名和日期" if last is not None else ""
    console(stderr=True).print(f"已新建 {out}{told}。", highlight=False, markup=False)
    if kept is not None:
        console(stderr=True).print("原来的文件已备份，用 incubxl restore 可以取回。", highlight=False, markup=False)
    return Exit.DONE
