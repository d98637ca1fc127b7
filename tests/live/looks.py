"""Interior, Font, Borders and Comment of a Range."""

from __future__ import annotations

from typing import Any

from tests.live.com import Com

ALIGN = {1: "STANDARD", -4131: "LEFT", -4108: "CENTER", -4152: "RIGHT"}
NO_FILL = -4142
VERTICAL = {-4107: 3, -4160: 1, -4108: 2}  # Excel's default is the bottom


def turned(colour: int) -> int:
    """BGR and RGB, either way."""
    return (colour & 0xFF) << 16 | colour & 0xFF00 | colour >> 16 & 0xFF


class _Look(Com):
    def __init__(self, cells: Any) -> None:
        self.cells = cells


class Interior(_Look):
    @property
    def Color(self) -> int:
        colour = self.cells.uno().CellBackColor
        return 0xFFFFFF if colour == -1 else turned(colour)

    @Color.setter
    def Color(self, colour: int) -> None:
        self.cells.uno().CellBackColor = turned(int(colour))

    @property
    def ColorIndex(self) -> int:
        return NO_FILL if self.cells.uno().CellBackColor == -1 else 0

    @ColorIndex.setter
    def ColorIndex(self, index: int) -> None:
        if index != NO_FILL:
            raise ValueError("only the colour index for no fill")
        self.cells.uno().CellBackColor = -1


def _character(name: str, get: Any, put: Any) -> property:
    def setter(self: _Look, value: Any) -> None:
        cells = self.cells.uno()
        for script in ("", "Asian", "Complex"):  # Chinese text takes the Asian one
            setattr(cells, f"Char{name}{script}", put(value))

    return property(lambda self: get(getattr(self.cells.uno(), f"Char{name}")), setter)


class Font(_Look):
    Bold = _character("Weight", lambda weight: weight > 100, lambda on: 150.0 if on else 100.0)
    Size = _character("Height", float, float)
    Name = _character("FontName", str, str)

    @property
    def Italic(self) -> bool:
        return self.cells.uno().CharPosture.value == "ITALIC"

    @Italic.setter
    def Italic(self, on: bool) -> None:
        slant = self.cells.sheet.book.enum("com.sun.star.awt.FontSlant", "ITALIC" if on else "NONE")
        cells = self.cells.uno()
        for script in ("", "Asian", "Complex"):
            setattr(cells, f"CharPosture{script}", slant)

    @property
    def Color(self) -> int:
        return turned(max(0, self.cells.uno().CharColor))

    @Color.setter
    def Color(self, colour: int) -> None:
        self.cells.uno().CharColor = turned(int(colour))


class Borders(_Look):
    """All lines of all cells. The colour must come after the line, as in Excel."""

    LineStyle = property(None, lambda self, style: self._draw(0))
    Color = property(None, lambda self, colour: self._draw(turned(int(colour))))

    def _draw(self, colour: int) -> None:
        book = self.cells.sheet.book
        line = book.struct("com.sun.star.table.BorderLine")
        line.Color, line.OuterLineWidth = colour, 26
        border = book.struct("com.sun.star.table.TableBorder")
        for side in ("Top", "Bottom", "Left", "Right", "Horizontal", "Vertical"):
            setattr(border, f"{side}Line", line)
            setattr(border, f"Is{side}LineValid", True)
        for area in self.cells.areas:
            self.cells.uno(area).TableBorder = border


class Comment(_Look):
    Parent = property(lambda self: self.cells)

    def Text(self) -> str:
        return self.cells.uno().getCellByPosition(0, 0).Annotation.String
