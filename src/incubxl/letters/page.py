"""Page and styles of a letter as GB/T 9704-2012 has them: A4, 37/35/28/26 mm, 仿宋 16 pt, 28.95 pt lines, — 1 —."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

ROW_WIDTH = 8844  # twips: 156 mm of text area
_LINE = Pt(28.95)
_FANGSONG, _TITLE, _HEI, _KAI, _SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
_LATIN = "Times New Roman"
_CENTRE, _LEFT, _RIGHT, _BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_KEPT = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer", "Table Grid"}


def prepare(document: Any) -> None:
    """Turn python-docx's default document into an empty letter."""
    _page(document)
    _styles(document)
    _package(document)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, _RIGHT)
    _page_number(section.even_page_footer, _LEFT)


def _page_number(footer: Any, align: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    pieces = ["— ", ("begin",), ("PAGE",), ("separate",), "1", ("end",), " —"]
    for piece in pieces:
        run = paragraph.add_run(piece if isinstance(piece, str) else "")
        _font(run._r.get_or_add_rPr(), _SONG, 14, latin=_SONG)
        if isinstance(piece, tuple):
            if piece[0] == "PAGE":
                code = OxmlElement("w:instrText")
                code.set(qn("xml:space"), "preserve")
                code.text = " PAGE "
                run._r.append(code)
            else:
                char = OxmlElement("w:fldChar")
                char.set(qn("w:fldCharType"), piece[0])
                run._r.append(char)


def _font(properties: Any, east_asia: str, size: float, *, bold: bool = False, latin: str = _LATIN) -> None:
    """Fonts with their eastAsia attribute, size in points, language."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert_element_before(fonts, *_AFTER_FONTS)
    fonts.attrib.clear()
    for name, value in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asia), ("cs", latin)):
        fonts.set(qn(f"w:{name}"), value)
    for tag in ("w:b", "w:sz", "w:szCs", "w:lang", "w:color", "w:i", "w:u", "w:spacing"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    if bold:
        properties.append(OxmlElement("w:b"))
    for tag in ("w:sz", "w:szCs"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(int(size * 2)))
        properties.append(element)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-US")
    lang.set(qn("w:eastAsia"), "zh-CN")
    properties.append(lang)


_AFTER_FONTS = ("w:b", "w:bCs", "w:i", "w:color", "w:spacing", "w:kern", "w:sz", "w:szCs", "w:u", "w:lang")


def _styles(document: Any) -> None:
    styles = document.styles
    for style in list(styles):
        if style.name not in _KEPT:
            style.element.getparent().remove(style.element)
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _font(defaults, _FANGSONG, 16)
    normal = styles["Normal"]
    _font(normal.element.get_or_add_rPr(), _FANGSONG, 16)
    _lines(normal, _LINE, _BOTH)
    for name, font, size, align, options in (
        ("正文缩进", _FANGSONG, 16, _BOTH, {"chars": 2}),
        ("识别信息", _FANGSONG, 14, _LEFT, {"chars": 2, "line": 24.0}),
        ("一级标题", _HEI, 16, _BOTH, {"chars": 2, "keep": True}),
        ("函件标题", _TITLE, 22, _CENTRE, {"before": 28.95, "after": 28.95, "keep": True, "line": 33.0}),
        ("发文字号", _FANGSONG, 16, _CENTRE, {}),
        ("主送", _FANGSONG, 16, _LEFT, {"keep": True}),
        ("标记", _HEI, 14, _CENTRE, {"line": 22.0, "keep": True}),
        ("标记说明", _FANGSONG, 12, _LEFT, {"line": 18.0}),
        ("说明", _FANGSONG, 14, _BOTH, {"chars": 2, "line": 24.0}),
        ("落款", _FANGSONG, 16, _RIGHT, {"before": 57.9, "right": 2, "keep": True}),
        ("成文日期", _FANGSONG, 16, _RIGHT, {"right": 2, "after": 14.5, "keep": True}),
        ("附注", _FANGSONG, 16, _LEFT, {"chars": 2, "keep": True}),
        ("表头", _HEI, 10.5, _CENTRE, {"line": 16.0}),
        ("表格文字", _FANGSONG, 10.5, _LEFT, {"line": 16.0}),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        _font(style.element.get_or_add_rPr(), font, size)
        _shape(style, size, align, **options)


def _lines(style: Any, line: Any, align: Any) -> None:
    layout = style.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = line
    layout.space_before = layout.space_after = Pt(0)
    layout.alignment = align
    layout.widow_control = True


def _shape(
    style: Any,
    size: float,
    align: Any,
    *,
    chars: int = 0,
    right: int = 0,
    before: float = 0,
    after: float = 0,
    line: float = 28.95,
    keep: bool = False,
) -> None:
    """Paragraph shape; ``chars`` is the first line's indent and ``right`` the right one, in characters."""
    _lines(style, Pt(line), align)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.keep_with_next = keep
    if line < 28.95:  # closer than the page's grid of lines
        off = OxmlElement("w:snapToGrid")
        off.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().insert_element_before(off, "w:spacing", "w:ind", "w:jc")
    if chars:
        layout.first_line_indent = Pt(size * chars)
    if right:
        layout.right_indent = Pt(size * right)
    indent = style.element.get_or_add_pPr().find(qn("w:ind"))
    if chars:
        indent.set(qn("w:firstLineChars"), str(chars * 100))
    if right:
        indent.set(qn("w:rightChars"), str(right * 100))


def _package(document: Any) -> None:
    """Drop what a letter does not need: the default template's thumbnail and custom XML."""
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml")):
                del holder.rels[key]
