"""Worksheets, their names and links."""

from __future__ import annotations

import re
from typing import Any

from tests.live.cells import LONGEST_ADDRESS, Range, corners, filter_name
from tests.live.charts import ChartObjects
from tests.live.com import Collection, Com, deleted, failed
from tests.live.looks import Comment
from tests.live.pages import PageSetup

VISIBLE, HIDDEN = -1, 0
_NAME = re.compile(r"^[^\W\d][\w.]*$")


class Worksheet(Com):
    dead = False

    def __init__(self, book: Any, uno: Any) -> None:
        self.book, self.uno = book, uno
        book.given.add(self)

    def alive(self) -> None:
        if self.dead:
            raise deleted()

    def title(self) -> str:
        return self.uno.Name

    def index(self) -> int:
        return self.uno.RangeAddress.Sheet

    def changeable(self) -> None:
        if self.uno.isProtected():
            raise failed("the sheet is protected")

    @property
    def Name(self) -> str:
        return self.uno.Name

    @Name.setter
    def Name(self, name: str) -> None:
        if not name or len(name) > 31 or set(name) & set("[]:*?/\\"):
            raise failed("invalid sheet name")
        titles = {sheet.title().casefold() for sheet in Sheets(self.book).items()}
        if name.casefold() in titles - {self.uno.Name.casefold()}:
            raise failed("That name is already taken. Try a different one.")
        self.uno.Name = name

    Index = property(lambda self: self.index() + 1)
    Parent = property(lambda self: self.book)
    Visible = property(
        lambda self: VISIBLE if self.uno.IsVisible else HIDDEN,
        lambda self, shown: setattr(self.uno, "IsVisible", shown == VISIBLE),
    )
    ProtectContents = property(lambda self: self.uno.isProtected())
    Names = property(lambda self: Names(self.book, self.uno.NamedRanges))

    def filtered(self) -> bool:
        return self.book.document.DatabaseRanges.hasByName(filter_name(self.index()))

    @property
    def AutoFilterMode(self) -> bool:
        return self.filtered()

    @AutoFilterMode.setter
    def AutoFilterMode(self, on: bool) -> None:
        if on:
            raise failed("AutoFilterMode can only be set to False")
        if self.filtered():
            self.book.document.DatabaseRanges.removeByName(filter_name(self.index()))
        self.uno.Rows.IsVisible = True

    Hyperlinks = property(lambda self: Hyperlinks(self))  # noqa: PLW0108  (the name is being bound)
    PageSetup = property(lambda self: PageSetup(self))  # noqa: PLW0108  (the name is being bound)

    Comments = property(lambda self: Comments(self))  # noqa: PLW0108  (the name is being bound)

    def Copy(self, Before: Any = None, After: Any = None) -> None:
        """As Excel does: a number behind the title, protection and names of the sheet's own go along, it is active."""
        sheets, number = self.book.document.Sheets, 2
        while sheets.hasByName(f"{self.uno.Name} ({number})"):
            number += 1
        title = f"{self.uno.Name} ({number})"
        sheets.copyByName(self.uno.Name, title, After.index() + 1 if After else Before.index())
        Worksheet(self.book, sheets.getByName(title)).show()

    def ChartObjects(self, key: Any = None) -> Any:
        return ChartObjects(self) if key is None else ChartObjects(self)(key)

    @property
    def Cells(self) -> Range:
        return Range(self, [(0, 0, 1_048_575, 16_383 if self.uno.Columns.Count > 1024 else 1023)])

    @property
    def UsedRange(self) -> Range:
        cursor = self.uno.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        a = cursor.RangeAddress
        return Range(self, [(a.StartRow, a.StartColumn, a.EndRow, a.EndColumn)])

    def Range(self, address: str) -> Range:
        if len(address) > LONGEST_ADDRESS:
            raise failed(f"an address of {len(address)} characters")
        return Range(self, [corners(part) for part in address.split(",")])

    def Activate(self) -> None:
        if not self.uno.IsVisible:
            raise failed("Activate method of Worksheet class failed")
        self.show()

    def show(self) -> None:
        """Make it the active sheet."""
        self.book.chart = None
        self.book.controller().setActiveSheet(self.uno)

    def Delete(self) -> None:
        name = self.uno.Name
        same = [sheet for sheet in self.book.given if not sheet.dead and sheet.uno.Name == name]
        self.book.document.Sheets.removeByName(name)
        for sheet in same:
            sheet.dead = True

    def Protect(self, *options: Any) -> None:
        self.uno.protect(options[0] if options else "")

    def Unprotect(self, password: str = "") -> None:
        self.uno.unprotect(password)


class Worksheets(Collection):
    def __init__(self, book: Any) -> None:
        self.book = book

    def items(self) -> list[Worksheet]:
        sheets = self.book.document.Sheets
        return [Worksheet(self.book, sheets.getByIndex(n)) for n in range(sheets.Count)]

    def Add(self, Before: Any = None, After: Any = None, Count: int | None = None) -> Worksheet:
        sheets = self.book.document.Sheets
        place = After.index() + 1 if After else Before.index() if Before else 0
        for _ in range(len(self.book.selected()) if Count is None else Count):
            number = sheets.Count + 1
            while sheets.hasByName(f"Sheet{number}"):
                number += 1
            sheets.insertNewByName(f"Sheet{number}", place)
        made = Worksheet(self.book, sheets.getByName(f"Sheet{number}"))
        self.book.group = ()
        made.show()  # as Excel does
        return made


class ChartSheet(Com):
    """A sheet that is a chart: it stands behind the worksheets, and has a title and no cells."""

    def __init__(self, book: Any, name: str) -> None:
        self.book, self.name = book, name

    Name = property(lambda self: self.name)
    Visible = property(lambda self: VISIBLE)
    Parent = property(lambda self: self.book)

    def title(self) -> str:
        return self.name

    def index(self) -> int:
        """Where a sheet behind it would go."""
        return self.book.document.Sheets.Count - 1

    def Activate(self) -> None:
        self.book.chart = self


class Sheets(Worksheets):
    """Worksheets and chart sheets."""

    def items(self) -> list[Any]:
        return [*super().items(), *self.book.charts]


class Name(Com):
    def __init__(self, book: Any, all: Any, uno: Any) -> None:
        self.book, self.all, self.uno = book, all, uno

    def title(self) -> str:
        return self.uno.Name

    Name = property(lambda self: self.uno.Name)
    RefersTo = property(lambda self: "=" + self.uno.Content)

    def Delete(self) -> None:
        self.all.removeByName(self.uno.Name)


class Names(Collection):
    def __init__(self, book: Any, uno: Any) -> None:
        self.book, self.uno = book, uno

    def items(self) -> list[Name]:
        return [Name(self.book, self.uno, self.uno.getByIndex(n)) for n in range(self.uno.Count)]

    def Add(self, name: str, refers: str, visible: bool = True) -> Name:
        if not _NAME.match(name):
            raise failed("invalid name")
        if self.uno.hasByName(name):
            self.uno.removeByName(name)
        content = re.sub(r"^='(.+)'!", lambda m: f"$'{m[1]}'.", refers).removeprefix("=")
        self.uno.addNewByName(name, content, self.book.struct("com.sun.star.table.CellAddress"), 0)
        return Name(self.book, self.uno, self.uno.getByName(name))


class Comments(Collection):
    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet

    def items(self) -> list[Any]:
        notes = self.sheet.uno.Annotations
        at = [notes.getByIndex(n).Position for n in range(notes.Count)]
        return [Comment(Range(self.sheet, [(p.Row, p.Column, p.Row, p.Column)])) for p in at]


class Hyperlinks(Com):
    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet

    def Add(self, anchor: Range, address: str, place: str = "") -> None:
        cell = anchor.uno().getCellByPosition(0, 0)
        text = cell.getString()
        field = self.sheet.book.document.createInstance("com.sun.star.text.TextField.URL")
        field.URL = address + "#" + place.replace("!", ".")
        field.Representation = text
        cell.setString("")
        cell.insertTextContent(cell.createTextCursor(), field, False)

    def Delete(self) -> None:
        pass  # Clear has taken them with the contents
