"""How a template's text looks: properties of runs and paragraphs resolved over styles, and colours on their ground.

ECMA-376 17.7.2: direct formatting, character style, paragraph style, table style, document defaults, in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from incubxl.letters import text
from incubxl.letters.text import W

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_THEME = {
    "text1": "dk1", "dark1": "dk1", "background1": "lt1", "light1": "lt1",
    "text2": "dk2", "dark2": "dk2", "background2": "lt2", "light2": "lt2",
    "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip
_HIGHLIGHT = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "00008B", "darkCyan": "008B8B",
    "darkGray": "A9A9A9", "darkGreen": "006400", "darkMagenta": "800080", "darkRed": "8B0000", "darkYellow": "808000",
    "green": "00FF00", "lightGray": "D3D3D3", "magenta": "FF00FF", "red": "FF0000", "white": "FFFFFF",
    "yellow": "FFFF00",
}  # fmt: skip
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_BYTE = re.compile(r"[0-9A-Fa-f]{2}")
_PERCENT = re.compile(r"pct(\d+)")


def value(element: etree._Element | None, name: str = "val") -> str:
    """An attribute of WordprocessingML; empty without the element or the attribute."""
    return "" if element is None else str(element.get(W + name) or "")


def on(element: etree._Element | None) -> bool:
    """Whether a property of the type on-off is there and says yes."""
    return element is not None and value(element) not in ("0", "false", "off")


def whole(said: str) -> int | None:
    """A measure without unit, or None."""
    try:
        return round(float(said))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def sheet(styles: bytes, theme: bytes) -> Sheet:
    """The style sheet of a file; empty bytes where it has none."""
    return Sheet(text.parse(styles) if styles else None, text.parse(theme) if theme else None)


class Sheet:
    """Styles by id, what they are based on, the document's defaults, the theme's colours."""

    def __init__(self, styles: etree._Element | None, theme: etree._Element | None) -> None:
        found = list(styles.iter(W + "style")) if styles is not None else []
        self._styles = {str(s.get(W + "styleId")): s for s in found}
        self._default = {
            str(s.get(W + "type")): str(s.get(W + "styleId")) for s in found if s.get(W + "default") in ("1", "true")
        }
        defaults = styles.find(W + "docDefaults") if styles is not None else None
        self.defaults = [] if defaults is None else [e for kind in ("rPr", "pPr") for e in defaults.iter(W + kind)]
        self._theme: dict[str, str] = {}
        for scheme in theme.iter(_A + "clrScheme") if theme is not None else ():
            for named in scheme:
                for colour in named:
                    said = str(colour.get("lastClr") or colour.get("val") or "")
                    self._theme[etree.QName(named).localname] = said

    def chain(self, kind: str, id: str) -> list[etree._Element]:
        """A style and those that it is based on, the nearest first; the kind's default where ``id`` is empty."""
        found: list[etree._Element] = []
        style = self._styles.get(id or self._default.get(kind, ""))
        while style is not None and style not in found:
            found.append(style)
            style = self._styles.get(value(style.find(W + "basedOn")))
        return found

    def colour(self, element: etree._Element | None, key: str = "val", theme: str = "themeColor") -> Colour | None:
        """A colour of ``w:color`` or ``w:shd``; None where it is automatic."""
        said, named = value(element, key), value(element, theme)
        found = rgb(self._theme.get(_THEME.get(named, named)) or said) if named else rgb(said)
        if found is None or not named:
            return found
        prefix = theme.removesuffix("Color")
        for what, towards in (("Shade", BLACK), ("Tint", WHITE)):
            if _BYTE.fullmatch(part := value(element, prefix + what)):
                found = _mixed(found, towards, int(part, 16) / 255)
        return found

    def ground(self, shading: etree._Element | None) -> Colour | None:
        """What ``w:shd`` paints; None where it paints nothing."""
        pattern = value(shading)
        if shading is None or pattern == "nil":
            return None
        fill = self.colour(shading, "fill", "themeFill")
        ink = self.colour(shading, "color") or BLACK
        percent = _PERCENT.fullmatch(pattern)
        if pattern == "solid":
            return ink
        if percent:
            return _mixed(ink, fill or WHITE, int(percent.group(1)) / 100)
        return fill


def highlight(element: etree._Element | None) -> Colour | None:
    """The colour of ``w:highlight``."""
    return rgb(_HIGHLIGHT.get(value(element), ""))


def rgb(said: str) -> Colour | None:
    """A colour in six hexadecimal figures; None for anything else (auto)."""
    if not _HEX.fullmatch(said):
        return None
    return int(said[:2], 16), int(said[2:4], 16), int(said[4:], 16)


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    """``part`` of ``one`` and the rest of ``other``."""
    red, green, blue = (round(a * part + b * (1 - part)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of WCAG 2.1: 1 (the same colour) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Look:
    """Properties of one run. ``part`` is the conditional part of the table's style that may hold (first row …)."""

    def __init__(
        self, sheet: Sheet, run: etree._Element, paragraph: etree._Element, part: etree._Element | None
    ) -> None:
        direct, format_ = run.find(W + "rPr"), paragraph.find(W + "pPr")
        table = next(paragraph.iterancestors(W + "tbl"), None)
        named = value(direct.find(W + "rStyle")) if direct is not None else ""
        styles = [
            *sheet.chain("character", named),
            *sheet.chain("paragraph", value(format_.find(W + "pStyle")) if format_ is not None else ""),
            *([part] if part is not None else ()),
            *(_table_styles(sheet, table)),
        ]
        self.sheet, self._direct, self._styles = sheet, direct, styles
        self._format = format_
        self._cells = [*paragraph.iterancestors(W + "tc"), *paragraph.iterancestors(W + "tbl")]

    def of(self, name: str, space: str = W) -> etree._Element | None:
        """A property of the run, the nearest that says it."""
        return next(self._all(self._direct, "rPr", space + name), None)

    def format(self, name: str) -> etree._Element | None:
        """A property of the paragraph."""
        return next(self._all(self._format, "pPr", W + name), None)

    def formats(self, name: str, *attributes: str) -> int | None:
        """A measure of the paragraph, the nearest that says it under one of its names."""
        for element in self._all(self._format, "pPr", W + name):
            for attribute in attributes:
                if (found := whole(value(element, attribute))) is not None:
                    return found
        return None

    def toggled(self, name: str) -> bool:
        """Whether an on-off property may hold: what the run itself says, or any of its styles."""
        own = self._direct.find(W + name) if self._direct is not None else None
        if own is not None:
            return on(own)
        return any(on(element) for element in self._all(None, "rPr", W + name))

    def _all(self, direct: etree._Element | None, kind: str, tag: str) -> Iterator[etree._Element]:
        for holder in (direct, *(s.find(W + kind) for s in self._styles), *self.sheet.defaults):
            element = holder.find(tag) if holder is not None else None
            if element is not None:
                yield element

    @property
    def ground(self) -> Colour:
        """What the run stands on: its own shading, its paragraph's, the cell's or table's; else the white page."""
        marked = highlight(self.of("highlight"))
        if marked:
            return marked
        candidates = [self.of("shd"), self.format("shd")]
        candidates += [e.find(f"{W}{'tcPr' if e.tag == W + 'tc' else 'tblPr'}/{W}shd") for e in self._cells]
        if self._cells:
            candidates += [s.find(f"{W}{holder}/{W}shd") for s in self._styles for holder in ("tcPr", "tblPr")]
        painted = (self.sheet.ground(shading) for shading in candidates)
        return next((colour for colour in painted if colour is not None), WHITE)


def table_parts(sheet: Sheet, paragraph: etree._Element) -> list[etree._Element | None]:
    """The conditional parts that the table's style has for a paragraph, and None for a cell that none of them meets."""
    table = next(paragraph.iterancestors(W + "tbl"), None)
    return [None, *(part for style in _table_styles(sheet, table) for part in style.iter(W + "tblStylePr"))]


def _table_styles(sheet: Sheet, table: etree._Element | None) -> list[etree._Element]:
    return [] if table is None else sheet.chain("table", value(table.find(f"{W}tblPr/{W}tblStyle")))
