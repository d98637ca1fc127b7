"""Page of a letter as GB/T 9704-2012 has it: A4, 37/35/28/26 mm, 22 lines of 28 characters, — 1 —, red lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from incubxl.letters.base.styles import RED, SONG, prepare_styles, set_font

TEXT_WIDTH = 8844  # twips: 156 mm of text area
_HEADER_FROM_TOP = 12  # mm; two marks stand above the sender's name, which begins at 30
_FOOTER_FROM_BOTTOM = 25.2  # mm; the dash of — 1 — stands 7 mm under the text area
_EMU = 36_000  # per mm
_PT = 12_700
_W14 = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
)


@dataclass(frozen=True, slots=True)
class RedLine:
    """A straight line on the page: upper edge in mm from the page's top, length in mm, weight in points."""

    top: float
    length: float
    weight: float


def prepare(document: Any, *, first_differs: bool = False) -> None:
    """Turn python-docx's default document into an empty letter. ``first_differs``: no page number on page one."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(_HEADER_FROM_TOP), Mm(_FOOTER_FROM_BOTTOM)
    section.different_first_page_header_footer = first_differs
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    document.settings.odd_and_even_pages_header_footer = True
    prepare_styles(document)
    run_marks(section.header)
    run_marks(section.even_page_header)
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    _package(document)


def run_marks(header: Any) -> None:
    """草稿 and the like on every page, above the text area, so that nothing moves when they are there."""
    header.is_linked_to_previous = False
    header.paragraphs[0].text = "{%p for mark in marks %}"
    header.add_paragraph("{{ mark }}", style="标记")
    header.add_paragraph("{%p endfor %}")
    header.add_paragraph("", style="空位")


def _page_number(footer: Any, align: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    layout = paragraph.paragraph_format
    paragraph.alignment = align
    layout.left_indent = layout.right_indent = Pt(14)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(16)
    pieces = ["— ", ("begin",), ("PAGE",), ("separate",), "1", ("end",), " —"]
    for piece in pieces:
        run = paragraph.add_run(piece if isinstance(piece, str) else "")
        set_font(run._r.get_or_add_rPr(), SONG, 14, latin=SONG)
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


def draw(paragraph: Any, lines: tuple[RedLine, ...]) -> None:
    """Red lines centred on the page, anchored in ``paragraph``."""
    for n, line in enumerate(lines, 1):
        paragraph.add_run()._r.append(parse_xml(_drawing(n, line)))


def _drawing(number: int, line: RedLine) -> str:
    width, y = round(line.length * _EMU), round((line.top * _EMU) + line.weight * _PT / 2)
    return (
        f'<mc:AlternateContent {_W14}><mc:Choice Requires="wps"><w:drawing>'
        f'<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{number}" behindDoc="0" '
        'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="page"><wp:align>center</wp:align></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{width}" cy="0"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{900 + number}" name="红线{number}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<wps:wsp><wps:cNvCnPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="0"/></a:xfrm>'
        f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="{round(line.weight * _PT)}">'
        f'<a:solidFill><a:srgbClr val="{RED}"/></a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>"
    )


def rule(paragraph: Any, weight: float) -> None:
    """A red line as wide as the text area: the upper border of ``paragraph``; ``weight`` in points."""
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", str(round(weight * 8))), ("space", "0"), ("color", RED)):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"
    )


def _package(document: Any) -> None:
    """Drop what a letter does not need: the default template's thumbnail and custom XML."""
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml")):
                del holder.rels[key]
