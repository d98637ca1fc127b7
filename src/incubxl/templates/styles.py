"""Cell formats, each made once per workbook. Meaning is carried by words and light against dark, never by hue alone."""

from __future__ import annotations

from typing import Any

FONT = "宋体"
INK = "#1F2937"
DARK = "#1F3864"  # required headers: white on dark
LIGHT = "#D9E2F3"  # other headers: dark on light
GREY = "#F2F2F2"  # cells that are not for typing
LINE = "#A6A6A6"
WARN = "#9C0006"
LINE_HEIGHT = 16.5  # points of one line at 10 pt

_NUMBER_FORMATS = {
    "date": "yyyy-mm-dd",
    "money": "#,##0.00####",
    "integer": "#,##0",
    "year": "0",
    "percent": 'General"%"',
    "number": "General",
}


def number_format(type_: str) -> str:
    """The number format of a field type. Text, codes and choices are ``@`` so that what is typed stays as typed."""
    return _NUMBER_FORMATS.get(type_, "@")


class Styles:
    """Formats of one workbook by their properties."""

    def __init__(self, book: Any, **base: Any) -> None:
        self._book = book
        self._base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **base}
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **props: Any) -> Any:
        """The format with these properties (XlsxWriter names) over the base font."""
        key = tuple(sorted(props.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._base, **props})
        return self._made[key]

    @property
    def title(self) -> Any:
        return self.get(bold=True, font_size=14)

    @property
    def line(self) -> Any:
        return self.get()

    @property
    def notice(self) -> Any:
        return self.get(bold=True, font_color=WARN)

    @property
    def wrapped_notice(self) -> Any:
        """The notice in two merged cells."""
        return self.get(bold=True, font_color=WARN, text_wrap=True)

    @property
    def asked(self) -> Any:
        """The row over the headers: 必填 or 按实填, and the unit."""
        return self.get(font_size=9, align="center", text_wrap=True, italic=True)

    def header(self, required: bool) -> Any:
        colours = {"bg_color": DARK, "font_color": "#FFFFFF"} if required else {"bg_color": LIGHT}
        return self.get(bold=True, align="center", text_wrap=True, border=1, border_color=LINE, **colours)

    def cell(self, type_: str, *, fixed: bool = False) -> Any:
        """A body cell; ``fixed`` ones are filled by the template and shaded."""
        props: dict[str, Any] = {"num_format": number_format(type_), "border": 1, "border_color": LINE}
        if type_ in ("date", "year", "boolean", "uscc"):
            props["align"] = "center"
        if number_format(type_) == "@":
            props["text_wrap"] = True
        if fixed:
            props["bg_color"] = GREY
        return self.get(**props)
