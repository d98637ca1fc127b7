"""Excel's Range over UNO: what the live shell touches, strict about what Excel would silently change."""

from __future__ import annotations

import re
from typing import Any

from tests.live.com import Com, failed
from tests.live.looks import ALIGN, VERTICAL, Borders, Comment, Font, Interior
from tests.live.values import TEXT, put, reading

Corners = tuple[int, int, int, int]  # first row, first column, last row, last column; 0-based
_ERRORS = {532: 2007, 32767: 2042, 525: 2029, 521: 2000, 503: 2036, 524: 2023, 519: 2015, 502: 2015}
_OTHER_ERROR = 2015
_ADDRESS = re.compile(r"^([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$")
LONGEST_ADDRESS = 255


def corners(address: str) -> Corners:
    """``$A$1:B2`` as numbers."""
    found = _ADDRESS.match(address.replace("$", ""))
    if not found:
        raise failed(f"no range {address}")
    first = int(found[2]) - 1, _column(found[1])
    last = (int(found[4]) - 1, _column(found[3])) if found[3] else first
    return min(first[0], last[0]), min(first[1], last[1]), max(first[0], last[0]), max(first[1], last[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def filter_name(sheet: int) -> str:
    """What LibreOffice calls a sheet's filter."""
    return f"__Anonymous_Sheet_DB__{sheet}"


def _letters(column: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Range(Com):
    """One or several rectangles of a sheet."""

    def __init__(self, sheet: Any, areas: list[Corners]) -> None:
        self.sheet, self.areas = sheet, areas

    def uno(self, area: Corners | None = None) -> Any:
        """UNO's range; of several areas their collection, which takes properties but no values."""
        if area is None and len(self.areas) > 1:
            both = self.sheet.book.document.createInstance("com.sun.star.sheet.SheetCellRanges")
            for one in self.areas:
                both.addRangeAddress(self.uno(one).RangeAddress, False)
            return both
        r0, c0, r1, c1 = area or self.areas[0]
        return self.sheet.uno.getCellRangeByPosition(c0, r0, c1, r1)

    def alive(self) -> None:
        self.sheet.alive()

    @property
    def corners(self) -> Corners:
        return self.areas[0]

    @property
    def Address(self) -> str:
        parts = []
        for r0, c0, r1, c1 in self.areas:
            last = f":${_letters(c1)}${r1 + 1}" if (r0, c0) != (r1, c1) else ""
            parts.append(f"${_letters(c0)}${r0 + 1}{last}")
        return ",".join(parts)

    Row = property(lambda self: self.corners[0] + 1)
    Column = property(lambda self: self.corners[1] + 1)
    Left = property(lambda self: self.uno().Position.X * 72 / 2540)
    Top = property(lambda self: self.uno().Position.Y * 72 / 2540)
    Worksheet = property(lambda self: self.sheet)

    @property
    def CountLarge(self) -> int:
        return sum((r1 - r0 + 1) * (c1 - c0 + 1) for r0, c0, r1, c1 in self.areas)

    @property
    def EntireRow(self) -> Range:
        return Range(self.sheet, [(r0, 0, r1, 16383) for r0, _, r1, _ in self.areas])

    # values

    @property
    def Value(self) -> Any:
        return self._values(True)

    @property
    def Value2(self) -> Any:
        return self._values(False)

    def _values(self, typed: bool) -> Any:
        r0, c0, r1, c1 = self.corners
        uno = self.uno()
        rows = [[None if value == "" else value for value in row] for row in uno.getDataArray()]
        for top, left, bottom, right, kind in self._formats():
            make = reading(kind, typed)
            if not make:
                continue
            for row in rows[top - r0 : bottom - r0 + 1]:
                for at in range(left - c0, right - c0 + 1):
                    if isinstance(row[at], float):
                        row[at] = make(row[at])
        for a in uno.queryFormulaCells(4).getRangeAddresses():
            for r in range(a.StartRow, a.EndRow + 1):
                for c in range(a.StartColumn, a.EndColumn + 1):
                    code = self.sheet.uno.getCellByPosition(c, r).getError()
                    rows[r - r0][c - c0] = -2146828288 + _ERRORS.get(code, _OTHER_ERROR)
        return rows[0][0] if (r0, c0) == (r1, c1) else tuple(map(tuple, rows))

    @Value.setter
    def Value(self, given: Any) -> None:
        r0, c0, r1, c1 = self.corners
        height, width = r1 - r0 + 1, c1 - c0 + 1
        if not isinstance(given, list | tuple):
            given = [[given] * width] * height
        if len(given) != height or any(len(row) != width for row in given):
            raise failed(f"{len(given)} rows into {height}x{width}: Excel writes #N/A")
        text = [[False] * width for _ in range(height)]
        for top, left, bottom, right, kind in self._formats():
            if kind & TEXT:
                for row in text[top - r0 : bottom - r0 + 1]:
                    row[left - c0 : right - c0 + 1] = [True] * (right - left + 1)
        data = [tuple(map(put, row, marks)) for row, marks in zip(given, text, strict=True)]
        self.uno().setDataArray(tuple(data))

    def _formats(self) -> list[tuple[int, int, int, int, int]]:
        """Corners and number format type of the parts that look alike."""
        found = []
        groups = self.uno().getUniqueCellFormatRanges()
        for n in range(groups.Count):
            group = groups.getByIndex(n)
            kind = self.sheet.book.format_kind(group.NumberFormat)
            found += [(a.StartRow, a.StartColumn, a.EndRow, a.EndColumn, kind) for a in group.getRangeAddresses()]
        return found

    @property
    def Formula(self) -> Any:
        found = self.uno().getFormulaArray()
        return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found

    @property
    def HasFormula(self) -> bool | None:
        cells = self.uno().queryContentCells(16).getRangeAddresses()
        count = sum((a.EndRow - a.StartRow + 1) * (a.EndColumn - a.StartColumn + 1) for a in cells)
        r0, c0, r1, c1 = self.corners
        return None if 0 < count < (r1 - r0 + 1) * (c1 - c0 + 1) else bool(count)

    def ClearContents(self) -> None:
        self.uno().clearContents(1 | 2 | 4 | 16)

    def Clear(self) -> None:
        self.uno().clearContents(1023 - 128)  # all but drawings, which Excel keeps too

    # shape

    @property
    def Hidden(self) -> bool | None:
        r0, _, r1, _ = self.corners
        column = self.sheet.uno.getCellRangeByPosition(0, r0, 0, r1)
        seen = sum(a.EndRow - a.StartRow + 1 for a in column.queryVisibleCells().getRangeAddresses())
        return None if 0 < seen < r1 - r0 + 1 else not seen

    @property
    def MergeCells(self) -> bool | None:
        merged = self._merged()
        r0, c0, r1, c1 = self.corners
        inside = [(t, x, b, y) for t, x, b, y in merged if t <= r1 and b >= r0 and x <= c1 and y >= c0]
        if not inside:
            return False
        return True if any(t <= r0 and b >= r1 and x <= c0 and y >= c1 for t, x, b, y in inside) else None

    @property
    def MergeArea(self) -> Range:
        r, c = self.corners[:2]
        for t, x, b, y in self._merged():
            if t <= r <= b and x <= c <= y:
                return Range(self.sheet, [(t, x, b, y)])
        return Range(self.sheet, [(r, c, r, c)])

    def _merged(self) -> list[Corners]:
        """The sheet's merged areas, found once: nothing here merges cells."""
        known = self.sheet.book.merged
        if self.sheet.uno.Name not in known:
            known[self.sheet.uno.Name] = self._find_merged()
        return known[self.sheet.uno.Name]

    def _find_merged(self) -> list[Corners]:
        cursor = self.sheet.uno.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        found = set()
        groups = cursor.getUniqueCellFormatRanges()
        for n in range(groups.Count):
            for a in groups.getByIndex(n).getRangeAddresses():
                cell = self.sheet.uno.getCellByPosition(a.StartColumn, a.StartRow)
                if not cell.IsMerged:
                    continue
                area = self.sheet.uno.createCursorByRange(cell)
                area.collapseToMergedArea()
                m = area.RangeAddress
                found.add((m.StartRow, m.StartColumn, m.EndRow, m.EndColumn))
        return sorted(found)

    # looks

    Interior = property(lambda self: Interior(self))  # noqa: PLW0108  (the name is being bound)
    Font = property(lambda self: Font(self))  # noqa: PLW0108  (the name is being bound)
    Borders = property(lambda self: Borders(self))  # noqa: PLW0108  (the name is being bound)

    @property
    def NumberFormat(self) -> str:
        return self.sheet.book.document.NumberFormats.getByKey(self.uno().NumberFormat).FormatString

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:
        self.uno().NumberFormat = self.sheet.book.format_key(code)

    WrapText = property(
        lambda self: self.uno().IsTextWrapped, lambda self, on: setattr(self.uno(), "IsTextWrapped", bool(on))
    )

    @property
    def HorizontalAlignment(self) -> int:
        word = self.uno().HoriJustify.value
        return next(code for code, name in ALIGN.items() if name == word)

    @HorizontalAlignment.setter
    def HorizontalAlignment(self, code: int) -> None:
        self.uno().HoriJustify = self.sheet.book.enum("com.sun.star.table.CellHoriJustify", ALIGN[code])

    @property
    def VerticalAlignment(self) -> int:
        return next(code for code, number in VERTICAL.items() if number == self.uno().VertJustify)

    @VerticalAlignment.setter
    def VerticalAlignment(self, code: int) -> None:
        self.uno().VertJustify = VERTICAL[code]

    @property
    def ColumnWidth(self) -> float:
        return self.uno().Columns.Width / 205

    @ColumnWidth.setter
    def ColumnWidth(self, width: float) -> None:
        for area in self.areas:
            self.uno(area).Columns.Width = round(width * 205)

    def Select(self) -> None:
        if self.sheet.book.controller().ActiveSheet.Name != self.sheet.uno.Name:
            raise failed("Select method of Range class failed: the sheet is not active")
        self.sheet.book.controller().select(self.uno())

    def AutoFilter(self) -> None:
        area = self.uno().RangeAddress
        ranges, name = self.sheet.book.document.DatabaseRanges, filter_name(area.Sheet)
        if ranges.hasByName(name):  # in Excel a second call takes the filter away
            ranges.removeByName(name)
            return
        ranges.addNewByName(name, area)
        ranges.getByName(name).AutoFilter = True

    def AddComment(self, text: str = "") -> Comment:
        if len(self.areas) > 1 or self.uno().getCellByPosition(0, 0).Annotation.String:
            raise failed("the cell already has a comment")
        at = self.uno().getCellByPosition(0, 0).CellAddress
        self.sheet.uno.Annotations.insertNew(at, text)
        return Comment(self)
