"""The sheet 设置: which measure, which year, the office's own choices. Blank means not set."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from incubxl.grid import CellKind, Grid, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.register.columns import Block
from incubxl.register.findings import headless
from incubxl.register.fold import nearest, squash
from incubxl.register.headers import Header, find_header
from incubxl.register.model import Settings
from incubxl.register.sheets import SETTINGS, find_sheet

_LABEL = Field(id="setting", label="项目", type="text")
_VALUE = Field(id="value", label="取值", aliases=("值",), type="text")
_KEY = Field(id="key", label="标识", type="text")
_FIELDS = (_LABEL, _VALUE, _KEY)
_PACK = Field(id="pack", label="办法标识", type="text")


def peek_pack(grid: Grid) -> tuple[str, list[Issue]]:
    """The pack id that the workbook names; empty with an error when there is none."""
    sheet, issues = find_sheet(grid, (SETTINGS,))
    if sheet is None:
        near = nearest(SETTINGS, grid.sheets)
        sheets = "、".join(grid.sheets) or "无"
        return "", [
            issue(
                "sheet.settings_missing",
                Place(file=grid.name),
                sheets=sheets + (f"（是不是「{near}」）" if near else ""),
            )
        ]
    header = find_header(sheet, _FIELDS)
    if header is None or "value" not in header.columns:
        return "", [*issues, headless(sheet, _FIELDS)]
    for row, _ in _entries(sheet, header, (_PACK,)):
        value = sheet.rows[row][header.columns["value"]]
        if isinstance(value, str) and value.strip():
            return squash(value), issues
        return "", [*issues, issue("sheet.pack_missing", Place(sheet.name, address(row, header.columns["value"])))]
    return "", [*issues, issue("sheet.pack_missing", Place(sheet.name))]


def _entries(sheet: Sheet, header: Header, fields: tuple[Field, ...]) -> list[tuple[int, Field]]:
    """(0-based row, setting) of every row that names one, by its key or else by its label."""
    by_key = {squash(field.id): field for field in fields}
    by_label = {squash(name): field for field in fields for name in (field.label, *field.aliases)}
    found = []
    for row in range(header.row + 1, sheet.height):
        cells = sheet.rows[row]
        words = {id: cells[header.columns[id]] for id in ("key", "setting") if id in header.columns}
        texts = {id: squash(word) for id, word in words.items() if isinstance(word, str)}
        field = by_key.get(texts.get("key", "")) or by_label.get(texts.get("setting", ""))
        if field is not None:
            found.append((row, field))
    return found


def read_settings(grid: Grid, pack: Pack) -> tuple[Settings, list[Issue]]:
    """Every setting, typed. One that stands twice with different values is not used."""
    values: dict[str, Any] = {}
    cells: dict[str, str] = {}
    issues: list[Issue] = []
    sheet, _ = find_sheet(grid, (SETTINGS,))
    header = find_header(sheet, _FIELDS) if sheet else None
    if sheet and header and "value" in header.columns:
        issues += _read_entries(sheet, header, pack, grid.date_1904, values, cells)
    if "year" not in values:
        place = Place(sheet.name if sheet else "", cells.get("year", "!").split("!")[1], grid.name)
        issues.append(issue("officer.no_year", place))
    return _settings(pack, values, cells), issues


def _read_entries(
    sheet: Sheet, header: Header, pack: Pack, date_1904: bool, values: dict[str, Any], cells: dict[str, str]
) -> list[Issue]:
    at = header.columns["value"]
    issues: list[Issue] = []
    twice: set[str] = set()
    for row, field in _entries(sheet, header, pack.settings):
        one = Header(header.row, {field.id: at}, {}, frozenset(), ())
        block = Block(
            sheet, one, np.array([row], dtype=np.int64), [""], date_1904=date_1904, free_text=True, key=field.id
        )
        column = block.column(field)
        issues += block.issues
        cell = f"{sheet.name}!{address(row, at)}"
        if column.kinds[0] != CellKind.VALUE:
            cells.setdefault(field.id, cell)
            continue
        value = _value(column.values[0], field)
        if field.id in values and values[field.id] != value:
            seen = {"label": field.label, "first": cells[field.id], "second": cell}
            issues.append(issue("officer.setting_twice", Place(sheet.name, address(row, at)), **seen))
            twice.add(field.id)
            cells[field.id] = cell
            continue
        values[field.id], cells[field.id] = value, cell
    for id in twice:
        del values[id]
    return issues


def _value(value: Any, field: Field) -> Any:
    """As Settings keeps it: whole numbers and years int, other numbers Decimal, dates date, the rest as it is."""
    if field.type in ("year", "integer"):
        return int(value)
    if field.type in ("number", "money", "percent"):
        return Decimal(repr(float(value)))
    if field.type == "date":
        return value.astype(object)
    return bool(value) if field.type == "boolean" else value


def _settings(pack: Pack, values: Mapping[str, Any], cells: Mapping[str, str]) -> Settings:
    return Settings(
        pack_id=squash(values.get("pack", "")),
        year=values.get("year", 0),
        as_of=values.get("as_of"),
        reference_year=values.get("reference_year"),
        office=values.get("office", ""),
        margin=values.get("margin"),
        values=values,
        cells=cells,
    )
