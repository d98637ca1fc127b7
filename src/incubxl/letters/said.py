"""Every text that a finished Word file carries, wherever it stands: whom does it name?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from incubxl.letters import package, text
from incubxl.letters.compose import DOCUMENT
from incubxl.letters.text import W

_PART = re.compile(r"(?:word|docProps|customXml)/.*\.xml\Z")
_NO_TEXT = re.compile(r"word/(?:styles|stylesWithEffects|settings|webSettings|fontTable|theme/.*)\.xml\Z")
_BESIDE = re.compile(rb"delText|instrText|lvlText|:t\b(?<!w:t)|textpath|\b(?:descr|title|string|instr)=")
_TEXTS = (W + "delText", W + "instrText", "{http://schemas.openxmlformats.org/drawingml/2006/main}t")
_ATTRIBUTES = ("descr", "title", "string", W + "instr")  # of pictures, WordArt and simple fields


def said(data: bytes) -> tuple[list[str], list[str]]:
    """The lines of a letter's own text, and those of everything else in the file: headers, footers, notes, comments,
    deleted words, pictures' descriptions, the file's properties. Raises ValueError, KeyError, XMLSyntaxError."""
    members = package.unpack(data, lambda name: bool(_PART.match(name)) and not _NO_TEXT.match(name))
    own = text.paragraphs(members[DOCUMENT])
    rest = list(_beside(members[DOCUMENT]))
    for name, xml in members.items():
        if name != DOCUMENT:
            rest += _part(name, xml)
    return own, rest


@lru_cache(maxsize=256)
def _part(name: str, xml: bytes) -> tuple[str, ...]:
    """Of a part that is mostly the same from letter to letter."""
    if name.startswith("word/"):
        return (*text.paragraphs(xml), *_beside(xml))
    return tuple(str(piece) for piece in text.parse(xml).itertext())


def _beside(xml: bytes) -> Iterator[str]:
    """What a part says outside its paragraphs' running text."""
    if not _BESIDE.search(xml):
        return
    for node in text.parse(xml).iter(etree.Element):
        if node.tag in _TEXTS:
            yield node.text or ""
        elif node.tag == W + "lvlText":
            yield str(node.get(W + "val"))
        for name in _ATTRIBUTES:
            if found := node.get(name):
                yield found
