"""This year's register workbook, blank or with last year's choices as proposals."""

from __future__ import annotations

from incubxl.files.packs import PackStore
from incubxl.grid import Grid, Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack
from incubxl.templates.build import build_workbook
from incubxl.templates.carry import proposals
from incubxl.templates.content import WorkbookContent

define(
    "new.pack_unknown",
    "error",
    "没有办法「{id}」。",
    "可用的有：{known}。",
    "办法标识写成了 urumqi",
)
define(
    "new.pack_broken",
    "error",
    "政策包「{id}」有错误：{errors}。",
    "请先运行 incubxl policy lint。",
    "政策包少一个文件",
)
define(
    "new.other_measure",
    "error",
    "「{file}」是「{found}」的工作簿。",
    "请给出「{id}」上一年度的工作簿。",
    "用另一个办法的工作簿作为上年文件",
)


def new_workbook(id: str, year: int, store: PackStore, last: Grid | None = None) -> bytes | Issue:
    """The workbook's bytes, or why there is none. ``last``: last year's workbook of the same measure."""
    if id not in store.ids:
        return issue("new.pack_unknown", Place(), id=id, known="、".join(store.ids))
    loaded = store.load(id)
    if loaded.pack is None:
        return issue("new.pack_broken", Place(), id=id, errors="；".join(str(e) for e in loaded.errors[:3]))
    content = WorkbookContent()
    if last is not None:
        found, _ = peek_pack(last)
        if found != id:
            return issue("new.other_measure", Place(), file=last.name, found=found or "未知办法", id=id)
        content = proposals(read_register(last, loaded.pack), applicants=True)
    return build_workbook(loaded.pack, year=year, content=content)
