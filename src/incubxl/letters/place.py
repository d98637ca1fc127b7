"""Places that depend on how long a name or a date is, as GB/T 9704-2012 sets them: the sender's name, signature, date.

A Word template cannot say 「署名以成文日期为准居中」 for every name. Paragraphs of the styles in ``PLACED`` get their
numbers when a letter is made; in the template they stand at an example's place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from lxml import etree

from incubxl.letters.text import W

NAMES = (
    "letter_size", "letter_line", "letter_thick", "letter_thin", "letter_number", "official_size", "official_line",
    "office_right", "date_right", "office_sealed", "date_sealed",
)  # fmt: skip
_MM = 72 / 25.4  # points
_TEXT = 156 * _MM
_AIR = 0.2
_EM = 15.75  # points from one character to the next in the text
_LARGEST = {"letter": 36, "official": 48}  # points
_INK = 0.9  # of the size: height of a Chinese character's ink
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_RIGHT = {
    "署名": "office_right",
    "成文日期": "date_right",
    "署名（盖章）": "office_sealed",
    "成文日期（盖章）": "date_sealed",
}
PLACED = (*_RIGHT, "信函机关标志", "文件机关标志", "信函字号")


def width(value: str) -> float:
    """Width in characters as Word and LibreOffice set it: Latin letters and figures take half of one, and a fifth
    stands as air between them and Chinese."""
    full = [unicodedata.east_asian_width(c) in "WFA" for c in value if not unicodedata.combining(c)]
    return sum(1.0 if wide else 0.5 for wide in full) + _AIR * sum(a != b for a, b in pairwise(full))


def places(context: Mapping[str, Any]) -> dict[str, int]:
    """The numbers of NAMES for one letter: half-points, twips and EMU, as WordprocessingML wants them."""
    office, date = width(str(context["office"])), width(str(context["date"]).strip("\u3000"))
    if str(context["date"]).startswith("\u3000"):
        date = width(str(context["date"]))
    letter = _size("letter", office)
    official = _size("official", office + 2)  # …文件
    line = 30 * _MM + _INK * letter + 4 * _MM  # 发文机关标志 at 30 mm, the double line 4 mm below it
    # without a seal: signature two characters in, the date's first character two right of the signature's
    office_right, date_right = 2.0, office - date
    if date_right < 0:
        office_right, date_right = 2 + date + 2 - office, 2.0
    sealed = max(4 + (date - office) / 2, 0.0)  # centred over the date, whose right end is four characters in
    return {
        "letter_size": letter * 2,
        "letter_line": letter * 20,
        "letter_thick": round((line + 1.125) * 12_700),
        "letter_thin": round((line + 2.25 + 1 + 0.375) * 12_700),
        "letter_number": round((line + 4 + 14 - 8.5 - 37 * _MM) * 20),
        "official_size": official * 2,
        "official_line": official * 20,
        "office_right": round(office_right * _EM * 20),
        "date_right": round(date_right * _EM * 20),
        "office_sealed": round(sealed * _EM * 20),
        "date_sealed": round(4 * _EM * 20),
    }


def _size(form: str, characters: float) -> int:
    """The largest whole size in points at which the name stands on one line; never under 3号."""
    return max(min(_LARGEST[form], int(_TEXT / max(characters, 1))), 16)


def mark(document: etree._Element, styles: etree._Element) -> bool:
    """Write the numbers' Jinja names into the placed paragraphs of a part; whether there were any."""
    names = {
        str(style.get(W + "styleId")): str(name.get(W + "val"))
        for style in styles.iter(W + "style")
        if (name := style.find(W + "name")) is not None
    }
    found = False
    for paragraph in document.iter(W + "p"):
        wanted = paragraph.find(f"{W}pPr/{W}pStyle")
        style = names.get(str(wanted.get(W + "val")), "") if wanted is not None else ""
        if style not in PLACED:
            continue
        found = True
        if style in _RIGHT:
            _property(paragraph, "ind", {"right": _tag(_RIGHT[style]), "rightChars": "0"})
        elif style == "信函字号":
            _property(paragraph, "spacing", {"before": _tag("letter_number")})
            for anchor in paragraph.iter(_WP + "anchor"):
                _moved(anchor)
        else:
            form = "letter" if style == "信函机关标志" else "official"
            _property(paragraph, "spacing", {"line": _tag(f"{form}_line"), "lineRule": "exact"})
            for run in paragraph.iter(W + "r"):
                _sized(run, _tag(f"{form}_size"))
    return found


def _tag(name: str) -> str:
    return "{{ _" + name + " }}"


_BEFORE = {  # the elements that stand after each in a paragraph's properties
    "spacing": ("ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment",
                "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
    "ind": ("contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment",
            "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
    "sz": ("szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang",
           "eastAsianLayout", "specVanish", "oMath"),
    "szCs": ("highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang",
             "eastAsianLayout", "specVanish", "oMath"),
}  # fmt: skip


def _property(paragraph: etree._Element, tag: str, values: Mapping[str, str]) -> None:
    properties = paragraph.find(W + "pPr")
    assert properties is not None  # it has a style
    element = _ordered(properties, tag)
    for name, value in values.items():
        element.set(W + name, value)


def _sized(run: etree._Element, size: str) -> None:
    properties = run.find(W + "rPr")
    if properties is None:
        properties = etree.Element(W + "rPr")
        run.insert(0, properties)
    for tag in ("sz", "szCs"):
        _ordered(properties, tag).set(W + "val", size)


def _ordered(properties: etree._Element, tag: str) -> etree._Element:
    """The child ``tag``, made at its place in the schema's order when it is not there."""
    found = properties.find(W + tag)
    if found is not None:
        return found
    element = etree.Element(W + tag)
    after = {W + name for name in _BEFORE[tag]}
    at = next((n for n, child in enumerate(properties) if child.tag in after), len(properties))
    properties.insert(at, element)
    return element


def _moved(anchor: etree._Element) -> None:
    """The double line moves with the name's size: drawing 红线1 is the thick line, 红线2 the thin one."""
    about = anchor.find(_WP + "docPr")
    offset = anchor.find(f"{_WP}positionV/{_WP}posOffset")
    which = {"红线1": "letter_thick", "红线2": "letter_thin"}.get(str(about.get("name")) if about is not None else "")
    if which and offset is not None:
        offset.text = _tag(which)
