"""An XML part's outline with byte places, and edits that leave every other byte as it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from lxml import etree

from incubxl.publish.graft.refusal import Refused

_DECLARED = re.compile(rb"\A<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_TAG = re.compile(rb"<([^\s/>]+)(?:\s+[^\s=/>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*(/?)>")


@dataclass
class Element:
    """``start:end`` is all of it, ``inner:close`` what is between its tags. Names are ``uri local`` (Clark for lxml:
    ``{uri}local``); attributes without a namespace by their plain name. ``tag`` is the name as written."""

    uri: str
    name: str
    tag: bytes
    attributes: dict[str, str]
    start: int
    inner: int
    empty: bool
    close: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """``x:`` or nothing."""
        head, colon, _ = self.tag.partition(b":")
        return head.decode() + ":" if colon else ""

    def all(self, name: str) -> Iterator[Element]:
        """Children of that name in the element's own namespace."""
        return (child for child in self.children if child.name == name and child.uri == self.uri)

    def first(self, name: str) -> Element | None:
        return next(self.all(name), None)


class Part:
    """A part in UTF-8, its outline down to ``depth`` levels below the root, and the edits asked for so far."""

    def __init__(self, name: str, data: bytes, depth: int = 2) -> None:
        """Raises Refused for what is not well-formed or has a document type."""
        self.name = name
        self.data = _utf8(name, data)
        self.root = _outline(name, self.data, depth)
        self._edits: list[tuple[int, int, int, bytes]] = []

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put ``new`` in place of these bytes. Insertions at one place stay in the order they were asked for."""
        self._edits.append((start, end, len(self._edits), new))

    def remove(self, element: Element) -> None:
        self.replace(element.start, element.end, b"")

    def append(self, element: Element, new: bytes) -> None:
        """Put children behind the last one; once per element."""
        if not new:
            return
        if not element.empty:
            self.replace(element.close, element.close, new)
            return
        slash = self.data.rindex(b"/", element.start, element.end)
        self.replace(slash, element.end, b">" + new + b"</" + element.tag + b">")

    def set(self, element: Element, attribute: str, value: str) -> None:
        """Change an attribute that is there (written without a namespace)."""
        place = re.compile(rb"\s%b\s*=\s*(?:\"([^\"]*)\"|'([^']*)')" % attribute.encode())
        found = place.search(self.data, element.start, element.inner)
        if found is None:
            raise ValueError(f"{self.name}: no attribute {attribute}")
        group = 1 if found[1] is not None else 2
        self.replace(found.start(group), found.end(group), value.encode())

    def text(self, element: Element) -> bytes:
        """The element as it is written."""
        return self.data[element.start : element.end]

    def edited(self) -> bytes:
        """The part with all edits."""
        pieces, at = [], 0
        for start, end, _, new in sorted(self._edits):
            if start < at:
                raise ValueError(f"{self.name}: edits overlap")
            pieces += [self.data[at:start], new]
            at = end
        return b"".join((*pieces, self.data[at:]))


def _utf8(name: str, data: bytes) -> bytes:
    """Most parts are UTF-8 already; one in another encoding is written anew, which changes no character of it."""
    if data.startswith(codecs.BOM_UTF8):
        return data
    declared = _DECLARED.match(data)
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]
    if not wide and (declared is None or declared[1].lower() in (b"utf-8", b"utf8")):
        return data
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
        tree = etree.fromstring(data, parser).getroottree()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("graft.unusual", seen=f"{name} 不是完整的 XML") from error
    written = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=bool(tree.docinfo.standalone))
    return written if isinstance(written, bytes) else written.encode()


def _outline(name: str, data: bytes, depth: int) -> Element:
    parser = expat.ParserCreate("UTF-8", " ")
    open_elements: list[Element] = []
    level = 0
    roots: list[Element] = []

    def start(full: str, attributes: dict[str, str]) -> None:
        nonlocal level
        level += 1
        if level > depth + 1:
            return
        at = parser.CurrentByteIndex
        tag = _TAG.match(data, at)
        if tag is None:
            raise Refused("graft.unusual", seen=f"{name} 的写法")
        uri, _, local = full.rpartition(" ")
        element = Element(uri, local, tag[1], attributes, at, tag.end(), bool(tag[2]))
        (open_elements[-1].children if open_elements else roots).append(element)
        open_elements.append(element)

    def end(_: str) -> None:
        nonlocal level
        level -= 1
        if level > depth:
            return
        element = open_elements.pop()
        element.close = element.inner if element.empty else parser.CurrentByteIndex
        element.end = element.inner if element.empty else data.index(b">", element.close) + 1

    def doctype(*_: object) -> None:
        raise Refused("graft.unusual", seen=f"{name} 带有文档类型声明")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refused("graft.unusual", seen=f"{name} 不是完整的 XML") from error
    return roots[0]
