"""Cells of the office's workbook, said as an applicant knows them: the sheet's name and the column's heading."""

from __future__ import annotations

import re

from incubxl.register.model import Register

_CELL = re.compile(r"(?P<before>[\w（）]+)!(?P<column>[A-Z]{1,3})\d+(?::[A-Z]{1,3}\d+)?")


def without_cells(register: Register, text: str) -> str:
    """``申报登记!U16`` → ``申报登记“场地面积”栏``; a column that has no heading of ours: the sheet alone."""
    if "!" not in text:
        return text
    sheets = sorted({sheet for sheet, _ in register.headings}, key=len, reverse=True)

    def place(found: re.Match[str]) -> str:
        before = found["before"]  # 「另见申报登记!U16」: the sentence runs on into the sheet's name
        sheet = next((name for name in sheets if before.endswith(name)), "")
        heading = register.headings.get((sheet, found["column"]))
        return f"{before}“{heading}”栏" if heading else before

    return _CELL.sub(place, text)
