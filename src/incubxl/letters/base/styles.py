"""Styles of a letter as GB/T 9704-2012 has them: 仿宋 16 pt on lines of 28.95 pt, titles 小标宋 22 pt, 黑体, 楷体.

Fonts bear the names that the standard's users know (仿宋_GB2312 …); a machine without them falls back to the names
in ALTERNATIVES, which Word reads from the font table.
"""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

LINE = 28.95  # points; 22 lines fill the 225 mm of the text area
CLOSER = (
    -0.25
)  # points between characters: 28 of 16 points fit into 156 mm, which a grid of characters cannot say alike
RED = "FF0000"
FANGSONG, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
ALTERNATIVES = {FANGSONG: "仿宋", TITLE: "方正小标宋_GBK", HEI: "SimHei", KAI: "楷体", SONG: "SimSun"}
_LATIN = "Times New Roman"
_CENTRE, _LEFT, _RIGHT, _BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_KEPT = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer", "Table Grid"}
_AFTER_FONTS = ("w:b", "w:bCs", "w:i", "w:color", "w:spacing", "w:kern", "w:sz", "w:szCs", "w:u", "w:lang")
_STYLES: tuple[tuple[str, str, float, Any, dict[str, Any]], ...] = (
    ("正文缩进", FANGSONG, 16, _BOTH, {"chars": 2}),
    ("结束语", FANGSONG, 16, _BOTH, {"chars": 2, "keep": True}),
    ("识别信息", FANGSONG, 14, _BOTH, {"chars": 2}),
    ("一级标题", HEI, 16, _BOTH, {"chars": 2, "keep": True}),
    ("二级标题", KAI, 16, _BOTH, {"chars": 2, "keep": True}),
    ("标记", HEI, 16, _LEFT, {"line": 20.0}),
    ("标记说明", FANGSONG, 12, _LEFT, {"line": 18.0}),
    ("空位", FANGSONG, 1, _LEFT, {"line": 1.0}),
    # 版头. The engine sets size and line of the first two to the sender's name (place.py).
    ("信函机关标志", TITLE, 36, _CENTRE, {"colour": RED, "line": 36.0}),
    ("文件机关标志", TITLE, 48, _CENTRE, {"colour": RED, "line": 48.0, "before": 35 * 72 / 25.4}),
    ("信函字号", FANGSONG, 16, _RIGHT, {"before": 5}),
    ("文件字号", FANGSONG, 16, _CENTRE, {"before": 2 * LINE}),
    ("文件红线", FANGSONG, 1, _LEFT, {"line": 1.0, "before": 6.0}),
    ("普通字号", FANGSONG, 16, _CENTRE, {}),
    ("标题", TITLE, 22, _CENTRE, {"before": 2 * LINE, "after": LINE, "keep": True}),
    ("普通标题", TITLE, 22, _CENTRE, {"before": LINE, "after": LINE, "keep": True}),
    ("主送", FANGSONG, 16, _LEFT, {"keep": True}),
    # 附件说明 and 附件
    ("附件说明", FANGSONG, 16, _LEFT, {"chars": 2, "before": LINE, "keep": True}),
    ("附件说明续", FANGSONG, 16, _LEFT, {"chars": 5, "keep": True}),
    ("附件序号", HEI, 16, _LEFT, {"page": True, "keep": True}),
    ("附件标题", TITLE, 22, _CENTRE, {"before": LINE, "after": LINE, "keep": True}),
    ("说明", FANGSONG, 14, _BOTH, {"chars": 2, "line": 24.0}),
    # 署名 and 成文日期, kept with the 结束语 before them (the page of a signature holds text) and the 附注 after; the
    # engine sets their right indents (place.py).
    ("署名", FANGSONG, 16, _RIGHT, {"before": LINE, "right": 2, "keep": True}),
    ("署名（盖章）", FANGSONG, 16, _RIGHT, {"before": 2 * LINE, "right": 4, "keep": True}),
    ("成文日期", FANGSONG, 16, _RIGHT, {"right": 2, "keep": True}),
    ("成文日期（盖章）", FANGSONG, 16, _RIGHT, {"right": 4, "keep": True}),
    ("附注", FANGSONG, 16, _LEFT, {"chars": 2}),
    ("表头", HEI, 10.5, _CENTRE, {"line": 16.0}),
    ("表格文字", FANGSONG, 10.5, _LEFT, {"line": 16.0}),
)


def prepare_styles(document: Any) -> None:
    """Replace python-docx's styles by those of a letter."""
    styles = document.styles
    for style in list(styles):
        if style.name not in _KEPT:
            style.element.getparent().remove(style.element)
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    set_font(defaults, FANGSONG, 16)
    normal = styles["Normal"]
    set_font(normal.element.get_or_add_rPr(), FANGSONG, 16, closer=True)
    _lines(normal, Pt(LINE), _BOTH)
    for name, font, size, align, options in _STYLES:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        set_font(style.element.get_or_add_rPr(), font, size, colour=options.get("colour", ""), closer=size == 16)
        _shape(style, size, align, options)


def set_font(
    properties: Any, east_asia: str, size: float, *, latin: str = _LATIN, colour: str = "", closer: bool = False
) -> None:
    """Fonts with their eastAsia attribute, size in points, colour, language."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert_element_before(fonts, *_AFTER_FONTS)
    fonts.attrib.clear()
    for name, value in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asia), ("cs", latin)):
        fonts.set(qn(f"w:{name}"), value)
    for tag in ("w:b", "w:color", "w:spacing", "w:sz", "w:szCs", "w:lang", "w:i", "w:u"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    if colour:
        _child(properties, "w:color", {"w:val": colour})
    if closer:
        _child(properties, "w:spacing", {"w:val": str(round(CLOSER * 20))})
    for tag in ("w:sz", "w:szCs"):
        _child(properties, tag, {"w:val": str(int(size * 2))})
    _child(properties, "w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN"})


def _child(parent: Any, tag: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    parent.append(element)
    return element


def _lines(style: Any, line: Any, align: Any) -> None:
    layout = style.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = line
    layout.space_before = layout.space_after = Pt(0)
    layout.alignment = align
    layout.widow_control = False  # 22 lines on every page of text
    off = OxmlElement("w:snapToGrid")  # exact lines make the grid: a title beside it does not jump to the next line
    off.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().insert_element_before(off, "w:spacing", "w:ind", "w:jc")


def _shape(style: Any, size: float, align: Any, options: dict[str, Any]) -> None:
    """Paragraph shape; ``chars`` is the first line's indent and ``right`` the right one, in characters."""
    line = options.get("line", LINE)
    _lines(style, Pt(line), align)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(options.get("before", 0)), Pt(options.get("after", 0))
    layout.keep_with_next = options.get("keep", False)
    layout.page_break_before = options.get("page", False)
    chars, right = options.get("chars", 0), options.get("right", 0)
    if chars:
        layout.first_line_indent = Pt(size * chars)
    if right:
        layout.right_indent = Pt(size * right)
    indent = style.element.get_or_add_pPr().find(qn("w:ind"))
    if chars:
        indent.set(qn("w:firstLineChars"), str(chars * 100))
    if right:
        indent.set(qn("w:rightChars"), str(right * 100))
