"""Paragraphs of a WordprocessingML part, read without docxtpl: of templates (with their tags) and of letters.

Two readings meet in the completeness check: the template's paragraphs rendered as plain text, and the paragraphs
that stand in the finished document.
"""

from __future__ import annotations

import re

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
END = "\x1e"  # closes a paragraph; never in a value (clean.py refuses control characters)
_CONTROL = re.compile(r"\{%(p|tr)\s+(.*?)%\}", re.DOTALL)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_SHOWN = {W + "t", W + "tab", W + "br", W + "cr", W + "noBreakHyphen"}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse(xml: bytes) -> etree._Element:
    """Parse a part; no entities, no network."""
    return etree.fromstring(xml, _PARSER)


def paragraph_text(paragraph: etree._Element) -> str:
    """What a reader sees of one paragraph (page numbers and other fields' codes aside)."""
    pieces: list[str] = []
    for node in paragraph.iter(*_SHOWN):
        run = node.getparent()
        if run is None or run.tag != W + "r" or next(node.iterancestors(W + "p")) is not paragraph:
            continue  # a tab stop of the paragraph's format, or text of a box inside it
        pieces.append((node.text or "") if node.tag == W + "t" else "\t" if node.tag == W + "tab" else "\n")
    return "".join(pieces)


def paragraphs(xml: bytes) -> list[str]:
    """The text of every paragraph of a finished part, in document order."""
    root = parse(xml)
    if b"txbxContent" in xml:  # a box stands inside a paragraph and has its own
        return [paragraph_text(p) for p in root.iter(W + "p")]
    found: list[list[str]] = []
    for node in root.iter(W + "p", *_SHOWN):
        tag = node.tag
        if tag == W + "p":
            found.append(pieces := [])
        elif tag == W + "t":
            pieces.append(node.text or "")
        elif (run := node.getparent()) is not None and run.tag == W + "r":
            pieces.append("\t" if tag == W + "tab" else "\n")
    return ["".join(pieces) for pieces in found]


def text_template(xml: bytes) -> str:
    """A template part as a plain-text Jinja template: each paragraph closed by END, ``{%p`` and ``{%tr`` in place."""
    out: list[str] = []
    _walk(parse(xml), out)
    return "".join(out)


def _walk(element: etree._Element, out: list[str]) -> None:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag == W + "p":
            text = paragraph_text(child)
            control = _CONTROL.search(text)
            out.append("{% " + control.group(2) + "%}" if control else text + END)
        elif child.tag == W + "tr":
            control = _CONTROL.search("".join(paragraph_text(p) for p in child.iter(W + "p")))
            if control and control.group(1) == "tr":
                out.append("{% " + control.group(2) + "%}")
            else:
                _walk(child, out)
        else:
            _walk(child, out)


def split_tags(root: etree._Element) -> list[tuple[int, str]]:
    """Paragraphs (1-based number, text) in which a tag is spread over several runs or is not closed."""
    found = []
    for number, paragraph in enumerate(root.iter(W + "p"), 1):
        whole = paragraph_text(paragraph)
        if not _MARK.search(whole) and whole.count("{") < 2:
            continue
        pieces = [node.text or "" for node in paragraph.iter(W + "t")]
        within = sum(len(_TAG.findall(piece)) for piece in pieces)
        if within != len(_TAG.findall(whole)) or any(_MARK.search(_TAG.sub("", piece)) for piece in pieces):
            found.append((number, whole))
    return found
