"""The forms of a letter: 信函格式, 公文 with a red head, 公示/公告, and the plain one. Each holds the body's place."""

from __future__ import annotations

from functools import partial
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from incubxl.letters.base.blocks import Block, P, put, when
from incubxl.letters.base.page import RedLine, draw, prepare, rule, run_marks

_LAST = P("", "空位")  # a text may not end with a table
_TO = P("{{ addressee }}：", "主送")
_OPENING = P("{{ opening }}")
_END: list[Block] = [put("closing"), put("attachment-list"), put("signature")]
_REST: list[Block] = [_TO, _OPENING, put("body"), *_END]
_LENGTH = 170  # mm, the double lines of 信函格式
_FOOT = (RedLine(297 - 20 - 1.43, _LENGTH, 0.75), RedLine(297 - 20 - 0.79, _LENGTH, 2.25))
_HEAD = (RedLine(45.4, _LENGTH, 2.25), RedLine(46.6, _LENGTH, 0.75))  # place.py moves them with the name's size


def _letter(document: Any) -> None:
    prepare(document, first_differs=True)
    section = document.sections[0]
    header, footer = section.first_page_header, section.first_page_footer
    header.is_linked_to_previous = footer.is_linked_to_previous = False
    run_marks(header)
    footer.paragraphs[0].style = "空位"
    draw(footer.paragraphs[0], _FOOT)


def _name_in_frame(paragraph: Any) -> None:
    """The sender's name at 30 mm from the page's top, outside the text's flow, with the double line."""
    frame = OxmlElement("w:framePr")
    values = {"w": "9638", "wrap": "notBeside", "vAnchor": "page", "hAnchor": "page", "xAlign": "center", "y": "1701"}
    for name, value in values.items():
        frame.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().insert_element_before(frame, "w:widowControl", "w:pBdr", "w:spacing", "w:ind", "w:jc")


FORMS: dict[str, tuple[list[Block], Any]] = {
    "letter": (
        [
            P("{{ office }}", "信函机关标志", _name_in_frame),
            P("{{ document_number }}", "信函字号", partial(draw, lines=_HEAD)),
            put("draft"),
            P("{{ title }}", "标题"),
            *_REST,
            put("attachments"),
            _LAST,
        ],
        _letter,
    ),
    "official": (
        [
            P("{{ office }}文件", "文件机关标志"),
            P("{{ document_number }}", "文件字号"),
            P("", "文件红线", partial(rule, weight=1.5)),
            put("draft"),
            P("{{ title }}", "标题"),
            *_REST,
            put("attachments"),
            _LAST,
        ],
        prepare,
    ),
    "announcement": (
        [
            *when("document_number", [P("{{ document_number }}", "普通字号")]),
            put("draft"),
            P("{{ title }}", "普通标题"),
            _OPENING,
            put("body"),
            *_END,
            put("attachments"),
            _LAST,
        ],
        prepare,
    ),
    "plain": (
        [
            *when("document_number", [P("{{ document_number }}", "普通字号")]),
            put("draft"),
            P("{{ title }}", "普通标题"),
            *_REST,
            *when("signer", [P("签发人：{{ signer }}", "附注")]),
            put("attachments"),
            _LAST,
        ],
        prepare,
    ),
}
