"""incubxl new: this year's register workbook, blank or with last year's choices as proposals."""

from __future__ import annotations

from pathlib import Path

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail
from incubxl.files.packs import PackStore
from incubxl.files.read import read_grid
from incubxl.publish.atomic import write_bytes
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack
from incubxl.templates.build import build_workbook
from incubxl.templates.carry import proposals
from incubxl.templates.content import WorkbookContent


def new(pack_id: str, year: int, out: Path, last: Path | None, policies: Path | None, *, force: bool) -> int:
    """Write the workbook; an existing file is not overwritten unless forced."""
    store = PackStore(policies)
    if pack_id not in store.ids:
        return fail(f"没有办法「{pack_id}」", "可用的有：" + "、".join(store.ids))
    loaded = store.load(pack_id)
    if loaded.pack is None:
        return fail("；".join(str(e) for e in loaded.errors[:3]), "请先运行 incubxl policy lint")
    if out.suffix.lower() != ".xlsx":
        return fail(f"文件名「{out.name}」不是 .xlsx", "请以 .xlsx 结尾")
    if out.exists() and not force:
        return fail(f"「{out}」已经存在", "请换一个文件名；确实要覆盖的加 --force")
    if not out.parent.is_dir():
        return fail(f"文件夹「{out.parent}」不存在", "请先建好文件夹")
    content = WorkbookContent()
    if last is not None:
        grid, issues = read_grid(last)
        if grid is None:
            return fail("；".join(i.message for i in issues), "；".join(i.remedy for i in issues))
        found, _ = peek_pack(grid)
        if found != pack_id:
            return fail(f"「{last.name}」是「{found or '未知办法'}」的工作簿", f"请给出「{pack_id}」上一年度的工作簿")
        content = proposals(read_register(grid, loaded.pack), applicants=True)
    write_bytes(out, build_workbook(loaded.pack, year=year, content=content))
    told = "；上年口径已作为待确认的建议带入，请逐条写上姓名和日期" if last is not None else ""
    console(stderr=True).print(f"已新建 {out}{told}。", highlight=False, markup=False)
    return Exit.DONE
