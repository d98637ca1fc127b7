"""Find sheets by name and alias."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.grid import Grid, Place, Sheet
from incubxl.issues import Issue, issue
from incubxl.policy.fields import TableSpec
from incubxl.register.fold import nearest, squash

REGISTER = ("申报登记", "登记表", "申报登记表", "总表", "台账")
SETTINGS = "设置"


def find_sheet(grid: Grid, names: Sequence[str]) -> tuple[Sheet | None, list[Issue]]:
    """The sheet with the first of ``names`` that is there; a second candidate is an issue."""
    there = {squash(name): sheet for name, sheet in reversed(list(grid.sheets.items()))}
    found = [there[squash(name)] for name in names if squash(name) in there]
    found = list({id(sheet): sheet for sheet in found}.values())
    if len(found) < 2:
        return (found[0] if found else None), []
    seen = {"first": found[0].name, "second": found[1].name, "sheet": names[0]}
    return found[0], [issue("sheet.twice", Place(found[1].name), **seen)]


def register_missing(grid: Grid) -> Issue:
    near = nearest(REGISTER[0], grid.sheets, 0.4)
    hint = f"；是不是「{near}」" if near else ""
    return issue("sheet.register_missing", Place(file=grid.name), sheets="、".join(grid.sheets) or "无", hint=hint)


_WITHOUT = {
    "judgements": "没有人工判断，须由人判断的条件为待认定",
    "interpretations": "没有选定口径，取决于口径而法律又没有规定的结论为待认定",
}  # what it means that an officers' sheet is not there; the others are detail sheets


def tables_missing(grid: Grid, specs: Sequence[TableSpec], spare: Sequence[str]) -> Issue:
    """One issue for all sheets that are not there; ``spare`` are names of sheets that nothing was read from."""
    missing = [spec.sheet for spec in specs]
    pairs = [(name, nearest(name, spare, 0.6)) for name in missing]
    details = [spec.sheet for spec in specs if spec.id not in _WITHOUT]
    effects = [f"{'、'.join(details)}按没有明细行处理"] if details else []
    effects += [_WITHOUT[spec.id] for spec in specs if spec.id in _WITHOUT]
    hint = "".join(f"；「{near}」是不是「{name}」" for name, near in pairs if near)
    seen = {"sheets": "、".join(missing), "effects": "；".join(effects), "hint": hint}
    return issue("sheet.missing", Place(file=grid.name), **seen)
