"""Text of a Word template that nobody can read: hidden, in the colour of its ground, tiny, off the page.

The completeness check compares words; whether they can be seen is asked once for each template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from lxml import etree

from incubxl.letters import text
from incubxl.letters.look import BLACK, Look, Sheet, contrast, on, rgb, table_parts, value, whole
from incubxl.letters.text import W

_SMALLEST = 13  # half-points: 小六
_CONTRAST = 2.0  # of WCAG's 1 to 21; red on white is 4
_NARROWEST = 33  # percent of a character's width
_PAGE = 16838  # twips: the longer side of A4
_TEXT = 8400  # twips: indents beyond it leave no line
_MARGIN = 1500  # twips
_EMU = 635  # of a twip
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_V = "{urn:schemas-microsoft-com:vml}"
_TAG_ALONE = re.compile(r"\s*\{%(?:p|tr)\s.*?%\}\s*", re.DOTALL)
_VML_AT = re.compile(r"(?:^|;)(?:margin-)?(?:left|top):(-?[\d.]+)(pt|in|cm|mm|px)?")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 0.75}
_ACROSS, _DOWN = 11906, _PAGE  # twips: A4
_FRAME = (("x", _ACROSS), ("y", _DOWN))
_SEEN = {
    "vanish": "是隐藏文字，通知书上看不见；请选中这一段，在「字体」里去掉「隐藏」",
    "strike": "加了删除线，像是作废的话；请选中后去掉删除线",
    "clear": "文字填充是透明的或渐变的，可能看不见；请在「字体」的「文字效果」里改为纯色填充，颜色用黑色",
    "narrow": "字符缩放或间距把字挤在一起，看不清；请在「字体」的「高级」里把缩放改为 100%、间距改为标准",
    "moved": "文字的位置提升或降低得太多，会离开这一行；请在「字体」的「高级」里把位置改为标准",
    "line": "行距的固定值太小，字会被切掉；请在「段落」里调大行距",
    "row": "表格行高的固定值太小，字会被切掉；请在「表格属性」里把行高改为「最小值」",
    "indent": "缩进太大或为负，字会落到页面以外；请在「段落」里改小缩进",
    "frame": "图文框在页面以外；请去掉图文框，或把它移回页面",
    "table": "表格在页面以外；请在「表格属性」里把位置改回来",
    "box": "文本框在页面以外、没有大小或被隐藏；请把文字移到正文的段落里",
    "hidden_row": "所在的表格行是隐藏的；请删去这一行，重新插入一行",
    "merged": "写在合并单元格被并掉的部分里，不会显示；请移到合并单元格的第一格",
    "field": "写在域代码里，不会显示；请删去域（先按 Alt+F9 显示域代码），把文字写在段落里",
    "twice": "同一处有新旧两种写法（兼容内容），显示的只是其中一种；请删去后在 Word 里重新输入一次",
}


def hidden(root: etree._Element, sheet: Sheet) -> Iterator[tuple[int, str, str]]:
    """Paragraph (1-based), its text, and why some of it cannot be read: each reason once for a paragraph."""
    numbers = {paragraph: n for n, paragraph in enumerate(root.iter(W + "p"), 1)}
    found: dict[tuple[int, str], str] = {}
    places: dict[etree._Element, list[str]] = {}
    coded = _in_field_codes(root)
    for node in root.iter(W + "t"):
        run = node.getparent()
        paragraph = next(node.iterancestors(W + "p"), None)
        if run is None or paragraph is None or not (node.text or "").strip():
            continue
        said = text.paragraph_text(paragraph)
        if _TAG_ALONE.fullmatch(said):
            continue  # a control tag makes no text
        if paragraph not in places:
            places[paragraph] = [_SEEN[key] for key in _place(paragraph)]
        reasons = [*places[paragraph], *([_SEEN["field"]] if node in coded else ())]
        for part in table_parts(sheet, paragraph):
            reasons += _look(Look(sheet, run, paragraph, part))
        for reason in reasons:
            found.setdefault((numbers[paragraph], reason), said)
    yield from sorted((n, said, reason) for (n, reason), said in found.items())


def _look(look: Look) -> Iterator[str]:
    """Why a run of this look cannot be read."""
    if any(look.toggled(name) for name in ("vanish", "specVanish", "webHidden")):
        yield _SEEN["vanish"]
    if look.toggled("strike") or look.toggled("dstrike"):
        yield _SEEN["strike"]
    size = whole(value(look.of("sz")))
    size = 20 if size is None else size  # what Word takes where nothing is said
    if size < _SMALLEST:
        yield f"字号只有 {size / 2:g} 磅，看不清；请选中后把字号设为小六（6.5 磅）以上"
    yield from _colours(look)
    squeezed = (whole(value(look.of("w")).rstrip("%")) or 100) < _NARROWEST
    apart = whole(value(look.of("spacing"))) or 0  # twips
    if squeezed or apart < -size * 5 or value(look.of("fitText")):
        yield _SEEN["narrow"]
    if abs(whole(value(look.of("position"))) or 0) >= max(size, 1):
        yield _SEEN["moved"]
    line = look.formats("spacing", "line")
    if value(look.format("spacing"), "lineRule") == "exact" and line is not None and line < size * 5:
        yield _SEEN["line"]
    yield from _indents(look)


def _colours(look: Look) -> Iterator[str]:
    colour = look.sheet.colour(look.of("color"))
    filled = look.of("textFill", _W14)
    if filled is not None:
        solid = filled.find(_W14 + "solidFill")
        clear = [whole(str(a.get(_W14 + "val"))) or 0 for a in filled.iter(_W14 + "alpha")]
        if solid is None or any(part > 50_000 for part in clear):
            yield _SEEN["clear"]
            return
        plain = solid.find(_W14 + "srgbClr")
        colour = rgb(str(plain.get(_W14 + "val"))) if plain is not None else colour
    ground = look.ground
    if colour is None:  # automatic: Word sets it against a shading, not against a highlight
        if value(look.of("highlight")) in ("", "none"):
            return
        colour = BLACK
    if contrast(colour, ground) < _CONTRAST:
        names = ["".join(f"{c:02X}" for c in one) for one in (colour, ground)]
        yield f"字的颜色（{names[0]}）和底色（{names[1]}）太接近，看不见；请选中后把字体颜色改为「自动」或黑色"


def _indents(look: Look) -> Iterator[str]:
    def measure(*names: str) -> int:
        characters = look.formats("ind", *(f"{name}Chars" for name in names))
        if characters:
            return round(characters * 3.2)  # hundredths of a character of 三号
        return look.formats("ind", *names) or 0

    left, right = measure("left", "start"), measure("right", "end")
    first = left + measure("firstLine") - measure("hanging")
    if min(left, right, first) < -_MARGIN or max(left, first) + right > _TEXT:
        yield _SEEN["indent"]
    frame = look.format("framePr")
    if frame is not None and any(abs(whole(value(frame, name)) or 0) > limit for name, limit in _FRAME):
        yield _SEEN["frame"]


def _place(paragraph: etree._Element) -> Iterator[str]:
    """What around a paragraph keeps it from being seen: rows, cells, boxes, alternatives."""
    for row in paragraph.iterancestors(W + "tr"):
        if on(row.find(f"{W}trPr/{W}hidden")):
            yield "hidden_row"
        height = row.find(f"{W}trPr/{W}trHeight")
        if value(height, "hRule") == "exact" and (whole(value(height)) or 0) < 120:
            yield "row"
    for cell in paragraph.iterancestors(W + "tc"):
        merged = [cell.find(f"{W}tcPr/{W}{name}") for name in ("vMerge", "hMerge")]
        if any(one is not None and value(one) in ("", "continue") for one in merged):
            yield "merged"
    for table in paragraph.iterancestors(W + "tbl"):
        floats, indent = table.find(f"{W}tblPr/{W}tblpPr"), whole(value(table.find(f"{W}tblPr/{W}tblInd"), "w")) or 0
        across, down = (whole(value(floats, name)) or 0 for name in ("tblpX", "tblpY"))
        if abs(across) > _ACROSS or abs(down) > _DOWN or not -_MARGIN <= indent <= _TEXT:
            yield "table"
    for anchor in chain(paragraph.iterancestors(_WP + "anchor"), paragraph.iterancestors(_WP + "inline")):
        if _box_away(anchor):
            yield "box"
    both = chain(paragraph.iterancestors(_MC + "AlternateContent"), paragraph.iter(_MC + "AlternateContent"))
    if any(len({_words(choice) for choice in alternative}) > 1 for alternative in both):
        yield "twice"
    for shape in chain.from_iterable(paragraph.iterancestors(_V + name) for name in ("shape", "rect", "textbox")):
        style = str(shape.get("style") or "").replace(" ", "")
        far = any(abs(float(n)) * _POINTS[unit] > _DOWN / 20 for n, unit in _VML_AT.findall(style))
        if far or "visibility:hidden" in style or "display:none" in style:
            yield "box"


def _words(element: etree._Element) -> str:
    return "".join(node.text or "" for node in element.iter(W + "t"))


def _box_away(anchor: etree._Element) -> bool:
    about, extent = anchor.find(_WP + "docPr"), anchor.find(_WP + "extent")
    if about is not None and about.get("hidden") in ("1", "true"):
        return True
    size = [int(extent.get(key) or 0) // _EMU for key in ("cx", "cy")] if extent is not None else [0, 0]
    if min(size) < 120:  # twips: less than half a line
        return True
    for axis, length, page in (("positionH", size[0], _ACROSS), ("positionV", size[1], _DOWN)):
        offset = anchor.find(f"{_WP}{axis}/{_WP}posOffset")
        at = (whole(offset.text or "") or 0) // _EMU if offset is not None else 0
        if not -length < at < page:
            return True
    return False


def _in_field_codes(root: etree._Element) -> set[etree._Element]:
    """Texts between the beginning of a field and its result: Word takes them for code."""
    found: set[etree._Element] = set()
    coding: list[bool] = []
    for node in root.iter(W + "fldChar", W + "t"):
        if node.tag == W + "t":
            if any(coding):
                found.add(node)
            continue
        kind = value(node, "fldCharType")
        if kind == "begin":
            coding.append(True)
        elif kind == "separate" and coding:
            coding[-1] = False
        elif kind == "end" and coding:
            coding.pop()
    return found
