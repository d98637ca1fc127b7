"""Dropdown lists: each stands once on the hidden sheet 字典 under a defined name, which validations refer to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from incubxl.grid import column_letters
from incubxl.templates.styles import Styles

SHEET = "字典"


class Lists:
    """The lists of one workbook. Equal lists share a name."""

    def __init__(self) -> None:
        self._by_labels: dict[tuple[str, ...], str] = {}
        self._titles: dict[str, str] = {}
        self._ranges: dict[str, str] = {}

    def name(self, hint: str, title: str, labels: Sequence[str]) -> str:
        """The defined name of the list ``labels``; ``hint`` becomes part of it when the list is new."""
        key = tuple(dict.fromkeys(labels))
        if key not in self._by_labels:
            name = base = "dd_" + hint.replace("-", "_")
            n = 2
            while name in self._titles or name in self._ranges:
                name, n = f"{base}_{n}", n + 1
            self._by_labels[key] = name
            self._titles[name] = title
        return self._by_labels[key]

    def ranged(self, name: str, formula: str) -> str:
        """A defined name over cells that people fill, such as the applicants' ids."""
        self._ranges["dd_" + name] = formula
        return "dd_" + name

    def write(self, book: Any, sheet: Any, styles: Styles) -> None:
        """Fill the sheet 字典 and define the names."""
        for column, (labels, name) in enumerate(self._by_labels.items()):
            sheet.write_string(0, column, self._titles[name], styles.header(False))
            for row, label in enumerate(labels, start=1):
                sheet.write_string(row, column, label, styles.cell("text"))
            letter = column_letters(column)
            book.define_name(name, f"={SHEET}!${letter}$2:${letter}${len(labels) + 1}")
        if self._by_labels:
            sheet.set_column(0, len(self._by_labels) - 1, 24)
        for name, formula in self._ranges.items():
            book.define_name(name, formula)


def quoted(sheet: str) -> str:
    """A sheet name as formulas write it."""
    return sheet if sheet.isalnum() and not sheet[0].isdigit() else "'" + sheet.replace("'", "''") + "'"
