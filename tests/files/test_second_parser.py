"""A parser that shares nothing with ours, openpyxl, sees the same cells in the samples and in generated registers."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.bench.inputs import PACK, content
from tests.tools.samples import SAMPLES

from incubxl.files.packs import store
from incubxl.files.read import read_bytes
from incubxl.grid import CellKind, Sheet
from incubxl.register.read import read_register
from incubxl.templates.build import build_workbook

FILES = sorted(SAMPLES.glob("*.xlsx"))


def _plain(value: Any) -> Any:
    """A value without what the two ways of telling it differ in: int or float, midnight or day, empty or none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return None if value == "" else value


def _differences(data: bytes) -> list[str]:
    grid, issues = read_bytes(data, "登记.xlsx")
    assert grid is not None, issues
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    assert list(grid.sheets) == values.sheetnames
    found = []
    for sheet in values:
        ours = grid.sheets[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                told = _ours(ours, cell.row - 1, cell.column - 1)
                typed = formulas[sheet.title][cell.coordinate]
                if told is CellKind.UNCACHED:
                    same = typed.data_type == "f" and cell.value is None
                elif told is CellKind.ERROR:
                    same = cell.data_type == "e"
                else:
                    same = _plain(told) == _plain(cell.value)
                if not same:
                    found.append(f"{sheet.title}!{cell.coordinate}: {told!r}, {cell.value!r}")
        assert (ours.height, ours.width) <= (sheet.max_row, sheet.max_column)
    return found


def _ours(sheet: Sheet, row: int, column: int) -> Any:
    if special := sheet.special.get((row, column)):
        return special[0]
    return sheet.rows[row][column] if row < sheet.height and column < sheet.width else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_samples(path: Path) -> None:
    assert _differences(path.read_bytes()) == []


@pytest.mark.parametrize(("applicants", "seed", "tenants"), [(1, 0, 0), (3, 7, 2), (40, 3, 3)])
def test_generated_registers_and_their_rows(applicants: int, seed: int, tenants: int) -> None:
    pack = store().pack(PACK)
    data = build_workbook(pack, year=2026, content=content(applicants, seed, tenants=tenants))
    assert _differences(data) == []
    grid, _ = read_bytes(data, "登记.xlsx")
    assert grid is not None
    register = read_register(grid, pack)
    assert (register.rows_seen, register.size, len(register.refused)) == (applicants, applicants, 0)
    assert len(register.tables["tenants"].owner) == applicants * tenants
