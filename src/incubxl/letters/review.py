"""What Word's 审阅 leaves in a file: tracked changes and comments, which would go out with every letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from incubxl.letters import text
from incubxl.letters.text import W

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_DELETED = (W + "delText", W + "delInstrText")
_COMMENTS = (W + "comment", W + "commentReference", W + "commentRangeStart", W + "commentRangeEnd")
_CHANGES = tuple(
    W + name
    for name in (
        "ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart", "cellIns", "cellDel", "cellMerge",
        "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange",
        "tblGridChange", "numberingChange", "customXmlInsRangeStart", "customXmlDelRangeStart",
        "customXmlMoveFromRangeStart", "customXmlMoveToRangeStart",
    )
)  # fmt: skip
_EVERY = (*_CHANGES, *_COMMENTS, *_DELETED, _W14 + "conflictIns", _W14 + "conflictDel")
_HINT = re.compile(rb"Change\b|:(?:ins|del|cellIns|cellDel|cellMerge|delText)\b|[mM]ove(?:From|To)|comment|conflict")
LEFT = "{what}没有处理完，会随通知书发出去；请在 Word 的「审阅」里接受或拒绝全部修订、删除批注，再保存"


def unfinished(xml: bytes, root: etree._Element) -> Iterator[tuple[int, str, str]]:
    """Paragraph (1-based; 0 outside any), its text with what was deleted, and what is left there: once for each."""
    if not _HINT.search(xml):
        return
    numbers = {paragraph: n for n, paragraph in enumerate(root.iter(W + "p"), 1)}
    found: dict[tuple[int, str], str] = {}
    for node in root.iter(*_EVERY):
        what = "批注" if node.tag in _COMMENTS else "修订"
        paragraph = _paragraph(node)
        said = "" if paragraph is None else "".join(t.text or "" for t in paragraph.iter(W + "t", *_DELETED))
        found.setdefault((0 if paragraph is None else numbers[paragraph], LEFT.format(what=what)), said)
    yield from ((n, said, reason) for (n, reason), said in sorted(found.items()))


def _paragraph(node: etree._Element) -> etree._Element | None:
    """The paragraph that a change is in, else the first in it, its row or its table."""
    around = next(node.iterancestors(W + "p"), None)
    if around is not None:
        return around
    for holder in (node, *node.iterancestors(W + "tr", W + "tbl")):
        inside = next(holder.iter(W + "p"), None)
        if inside is not None:
            return inside
    return None


def elsewhere(name: str, xml: bytes) -> list[str]:
    """The same in a part that is no text of the letter: comments, styles, numbering."""
    if not name.startswith("word/") or not name.endswith(".xml") or not _HINT.search(xml):
        return []
    try:
        return sorted({reason for _, _, reason in unfinished(xml, text.parse(xml))})
    except etree.XMLSyntaxError:
        return [f"{name} 不是合格的 XML"]
