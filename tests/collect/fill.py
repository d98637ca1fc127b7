"""A made form, filled in as somebody would: by its visible words, with openpyxl."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from incubxl.collect.make import Made, make
from tests.conftest import ROOT

NOW = dt.datetime(2026, 5, 1, 9, 0, 0)
NATIONAL = ROOT / "samples" / "national-base-2026.xlsx"
XINJIANG = ROOT / "samples" / "xinjiang-makerspace-2026.xlsx"
URUMQI = ROOT / "samples" / "urumqi-intl-2026.xlsx"


def made(out: Path, register: Path = NATIONAL, **asked: Any) -> Made:
    """Forms given out; they must be."""
    done = make(register, out, NOW, **asked)
    assert isinstance(done, Made), done
    return done


def edit(path: Path, change: Callable[[Any], None], to: Path | None = None) -> Path:
    """Open, change, save; gives the file."""
    book = openpyxl.load_workbook(path)
    change(book)
    target = to or path
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def find(sheet: Worksheet, words: str) -> tuple[int, int]:
    """Row and column (from 1) of the cell that reads ``words``."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == words:
                return cell.row, cell.column
    raise AssertionError(f"{words} is not on {sheet.title}")


def beside(sheet: Worksheet, words: str) -> Any:
    """The input cell beside the words: the first that is not part of their merged range."""
    row, column = find(sheet, words)
    last = next((m.max_col for m in sheet.merged_cells.ranges if (row, column) == (m.min_row, m.min_col)), column)
    return sheet.cell(row, last + 1)


def put(sheet: Worksheet, words: str, value: Any) -> str:
    """Fill in beside the words; gives the cell's address."""
    cell = beside(sheet, words)
    cell.value = value
    return cell.coordinate


def under(sheet: Worksheet, title: str, line: int = 1) -> Any:
    """The cell ``line`` rows below a column's title."""
    row, column = find(sheet, title)
    return sheet.cell(row + line, column)
