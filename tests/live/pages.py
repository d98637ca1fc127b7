"""PageSetup over LibreOffice's page styles. As in Excel a printer is asked, and settings can be sent together."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.live.com import Com, failed

_PAPERS = {9: (21000, 29700), 8: (29700, 42000)}
_CODE = re.compile(r"&(.)")
_FIELDS = {"A": "SheetName", "P": "PageNumber", "N": "PageCount"}
_ROWS = re.compile(r"^\$(\d+):\$(\d+)$")
LONGEST = 255  # of a header, its three parts together


class PageSetup(Com):
    """What is set while ``Application.PrintCommunication`` is off happens when it is on again."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet

    def style(self) -> Any:
        """The sheet's own page style, made when it is first needed."""
        document, name = self.sheet.book.document, f"page of {self.sheet.uno.Name}"
        styles = document.StyleFamilies.getByName("PageStyles")
        if not styles.hasByName(name):
            styles.insertByName(name, document.createInstance("com.sun.star.style.PageStyle"))
            self.sheet.uno.PageStyle = name
        return styles.getByName(self.sheet.uno.PageStyle)

    def later(self, name: str, work: Callable[[], None]) -> None:
        self.sheet.book.application.print_setting(f"Unable to set the {name} property of the PageSetup class", work)

    def put(self, name: str, **values: Any) -> None:
        def work() -> None:
            style = self.style()
            for key, value in values.items():
                setattr(style, key, value)

        self.later(name, work)

    def orient(self, how: int) -> None:
        if how not in (1, 2):
            raise failed("no such orientation")
        self.later("Orientation", lambda: self.sized(self.size(), landscape=how == 2))

    def size(self) -> tuple[int, int]:
        style = self.style()
        return min(style.Width, style.Height), max(style.Width, style.Height)

    def sized(self, size: tuple[int, int], *, landscape: bool) -> None:
        style = self.style()
        style.IsLandscape = landscape
        style.Width, style.Height = size[::-1] if landscape else size

    def paper(self, number: int) -> None:
        application = self.sheet.book.application
        if number not in application.papers:
            raise failed("Unable to set the PaperSize property of the PageSetup class")
        self.later("PaperSize", lambda: self.sized(_PAPERS[number], landscape=self.style().IsLandscape))

    def zoom(self, value: Any) -> None:
        if value is not False:
            raise failed("only Zoom = False")
        self.put("Zoom", PageScale=0, ScaleToPagesX=1, ScaleToPagesY=1)  # Excel has 1 by 1 until it is told

    def fit(self, name: str, key: str, pages: Any) -> None:
        if pages is True:
            raise failed("True is no number of pages")
        self.put(name, **{key: 0 if pages is False else int(pages)})

    def rows(self, text: str) -> None:
        found = _ROWS.match(text)
        if not found:
            raise failed(f"Unable to set the PrintTitleRows property of the PageSetup class: {text}")

        def work() -> None:
            area = self.sheet.uno.getCellRangeByPosition(0, int(found[1]) - 1, 0, int(found[2]) - 1).RangeAddress
            self.sheet.uno.setTitleRows(area)
            self.sheet.uno.setPrintTitleRows(True)

        self.later("PrintTitleRows", work)

    def words(self, name: str, part: str, text: str) -> None:
        if len(text) > LONGEST:
            raise failed(f"a header of {len(text)} characters")
        unknown = set(_CODE.findall(text)) - {*_FIELDS, "&"}
        if unknown or _CODE.sub("", text).endswith("&"):
            raise failed(f"unknown codes in a header: {unknown or '&'}")
        self.later(name, lambda: self.write(name, part, text))

    def write(self, name: str, part: str, text: str) -> None:
        style, which = self.style(), "Footer" if name.endswith("Footer") else "Header"
        setattr(style, f"{which}IsOn", True)
        content = getattr(style, f"RightPage{which}Content")
        place = getattr(content, part)
        place.setString("")
        cursor = place.createTextCursor()
        for n, piece in enumerate(_CODE.split(text)):
            if n % 2 and piece in _FIELDS:
                field = self.sheet.book.document.createInstance(f"com.sun.star.text.TextField.{_FIELDS[piece]}")
                place.insertTextContent(cursor, field, False)
            else:
                place.insertString(cursor, piece, False)
            cursor.gotoEnd(False)
        setattr(style, f"RightPage{which}Content", content)

    Orientation = property(lambda self: 2 if self.style().IsLandscape else 1, lambda self, how: self.orient(how))
    PaperSize = property(
        lambda self: next((n for n, size in _PAPERS.items() if size == self.size()), 0),
        lambda self, number: self.paper(number),
    )
    Zoom = property(None, lambda self, value: self.zoom(value))
    FitToPagesWide = property(
        lambda self: self.style().ScaleToPagesX, lambda self, n: self.fit("FitToPagesWide", "ScaleToPagesX", n)
    )
    FitToPagesTall = property(
        lambda self: self.style().ScaleToPagesY, lambda self, n: self.fit("FitToPagesTall", "ScaleToPagesY", n)
    )
    PrintTitleRows = property(None, lambda self, text: self.rows(text))
    LeftHeader = property(None, lambda self, text: self.words("LeftHeader", "LeftText", text))
    RightHeader = property(None, lambda self, text: self.words("RightHeader", "RightText", text))
    CenterFooter = property(None, lambda self, text: self.words("CenterFooter", "CenterText", text))
