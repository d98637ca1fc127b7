"""Many letters of one template as one document, so that an office program lays out and embeds fonts once.

Only letters whose every part but the body is the same to the byte, and whose body holds nothing that counts or points
across a document (lists, notes, fields but the page number, comments), are put together; the others stay single.
Each letter keeps its own section settings and begins again at page 1.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy

from lxml import etree

from incubxl.letters import package
from incubxl.letters.text import W, parse

BODY = "word/document.xml"
_ACROSS = re.compile(
    rb"<w:(?:numPr|footnoteReference|endnoteReference|commentReference|commentRangeStart|bookmarkStart|sdt|altChunk|"
    rb"subDoc|ins|del|moveFrom|moveTo|fldSimple|object|sectPrChange|pPrChange|permStart)[ />]"
)
_FRAME = f"{W}pPr/{W}framePr"  # what stands in a frame becomes no destination
_FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)<")
_AFTER_NUMBERS = ("cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi", "rtlGutter", "docGrid",
                  "printerSettings", "sectPrChange")  # fmt: skip


def mark(n: int) -> str:
    """The bookmark on the first paragraph of letter ``n``."""
    return f"L{n:05d}"


def alike(members: Mapping[str, bytes]) -> str:
    """Letters with the same answer may be put together; empty for a letter that stays single."""
    body = members[BODY]
    if _ACROSS.search(body) or any(field.strip() != b"PAGE" for field in _FIELD.findall(body)):
        return ""
    others = ((name, data) for name, data in sorted(members.items()) if name not in (BODY, "docProps/core.xml"))
    digest = hashlib.sha256()
    for name, data in others:
        if name.startswith(("word/header", "word/footer")) and any(
            field.strip() != b"PAGE" for field in _FIELD.findall(data)
        ):
            return ""
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    root = parse(body)
    content = root.find(W + "body")
    if content is None or len(content) < 2:
        return ""
    first, last, end = content[0], content[-2], content[-1]
    whole = end.tag == W + "sectPr" and first.tag == last.tag == W + "p"
    return digest.hexdigest() if whole else ""


def merge(letters: Sequence[Mapping[str, bytes]]) -> bytes:
    """One .docx of letters that are ``alike``, in their order, each marked by ``mark(n)``."""
    root = parse(letters[0][BODY])
    whole = root.find(W + "body")
    assert whole is not None
    for child in list(whole):
        whole.remove(child)
    for n, letter in enumerate(letters):
        body = deepcopy(parse(letter[BODY]).find(W + "body"))
        assert body is not None
        blocks = list(body)
        section = blocks.pop()
        _number_from_one(next((s for b in blocks for s in b.iter(W + "sectPr")), section))
        _bookmark(next((b for b in blocks if b.tag == W + "p" and b.find(_FRAME) is None), blocks[0]), n)
        whole.extend(blocks)
        if n < len(letters) - 1:
            _properties(blocks[-1]).append(section)
        else:
            whole.append(section)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return package.rebuild({**letters[0], BODY: xml})


def _number_from_one(section: etree._Element) -> None:
    for old in section.findall(W + "type"):  # a letter begins on a page of its own
        section.remove(old)
    numbers = section.find(W + "pgNumType")
    if numbers is None:
        numbers = etree.Element(W + "pgNumType")
        later = (child for child in section if etree.QName(child).localname in _AFTER_NUMBERS)
        before = next(later, None)
        if before is None:
            section.append(numbers)
        else:
            before.addprevious(numbers)
    numbers.set(W + "start", "1")


def _bookmark(paragraph: etree._Element, n: int) -> None:
    start, end = etree.Element(W + "bookmarkStart"), etree.Element(W + "bookmarkEnd")
    start.set(W + "id", str(n))
    start.set(W + "name", mark(n))
    end.set(W + "id", str(n))
    _properties(paragraph).addnext(start)
    start.addnext(end)


def _properties(paragraph: etree._Element) -> etree._Element:
    found = paragraph.find(W + "pPr")
    if found is None:
        found = etree.Element(W + "pPr")
        paragraph.insert(0, found)
    return found
