"""Our cell formats appended to the user's styles: what is there keeps its place, what is alike is used again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from lxml import etree

from incubxl.files.write_text import escape
from incubxl.publish.graft.refusal import Refused
from incubxl.publish.graft.splice import Element, Part

MOST_FORMATS = 64_000  # Excel's limit of cell formats in a workbook
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles")
_FIRST_OWN_NUMBER = 164
_PLAIN = {"fonts": ("fontId", "font", 1), "fills": ("fillId", "fill", 2), "borders": ("borderId", "border", 1)}
_ATTRIBUTE = {name: re.compile(rf'\s{name}="(\d+)"') for name in ("numFmtId", "fontId", "fillId", "borderId", "xfId")}

Key = tuple[object, ...]


def merge(theirs: Part, ours: bytes) -> dict[int, int]:
    """Append to the part ``theirs`` the formats of the styles ``ours`` (as the result writer makes them).

    Returns our cell format index → the index in ``theirs``. Raises Refused.
    """
    return _Merge(theirs, Part("styles.xml", ours)).done()


def _key(element: etree._Element) -> Key:
    """What an element says, whatever its prefix."""
    inside = tuple(_key(child) for child in element if isinstance(child.tag, str))
    return (element.tag, tuple(sorted(element.attrib.items())), inside)


class _Collection:
    """One list of the styles part: what stands in it, and what is to come behind."""

    def __init__(self, name: str, item: str, root: etree._Element, found: Element | None) -> None:
        self.name, self.item, self.found = name, item, found
        self.new: list[str] = []
        if found is None:
            self.size, self.known = 0, dict[Key, int]()
            return
        node = root.find(f"{{*}}{name}")
        children = [] if node is None else [child for child in node if isinstance(child.tag, str)]
        if any(etree.QName(child).localname != item for child in children):
            raise Refused("graft.unusual", seen=f"styles.xml 的 {name}")
        self.size = len(children)
        self.known = {}
        for n, child in enumerate(children):
            self.known.setdefault(_key(child), n)

    def place(self, xml: str, key: Key) -> int:
        """The index of an item, which is added where there is none like it."""
        index = self.known.get(key)
        if index is None:
            index = self.known[key] = self.size
            self.size += 1
            self.new.append(xml)
        return index


class _Merge:
    def __init__(self, theirs: Part, ours: Part) -> None:
        self.theirs, self.ours = theirs, ours
        if theirs.root.name != "styleSheet" or theirs.root.uri != ours.root.uri:
            raise Refused("graft.unusual", seen="styles.xml 的根")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            self.tree = etree.fromstring(theirs.data, parser)
        except etree.XMLSyntaxError as error:
            raise Refused("graft.unusual", seen="styles.xml 不是完整的 XML") from error
        self.lists = {
            name: _Collection(name, item, self.tree, theirs.root.first(name))
            for name, item in (*((n, i) for n, (_, i, _) in _PLAIN.items()), ("cellXfs", "xf"))
        }
        self.own = {n: self._items(n) for n in (*_PLAIN, "cellXfs", "numFmts")}

    def _items(self, name: str) -> list[tuple[str, Key]]:
        """Our items: XML and key."""
        parent = self.ours.root.first(name)
        texts = [self.ours.text(child).decode() for child in (parent.children if parent else [])]
        uri = self.ours.root.uri
        return [(text, self._key_of(text, uri)) for text in texts]

    def _key_of(self, text: str, uri: str) -> Key:
        return _key(etree.fromstring(f'<root xmlns="{uri}">{text}</root>')[0])

    def done(self) -> dict[int, int]:
        for name, (_, _, constant) in _PLAIN.items():
            if not self.lists[name].size:  # the first ones are what cells without a format take
                for text, key in self.own[name][:constant]:
                    self.lists[name].place(text, key)
        formats = self.lists["cellXfs"]
        used = list(range(len(self.own["cellXfs"])))
        if formats.size:
            used = used[1:]
        numbers = _Numbers(self.tree, self.theirs.root.first("numFmts"))
        codes = {}
        for child in self._own_numbers():
            codes[int(child.attributes["numFmtId"])] = child.attributes["formatCode"]
        base = self._normal()
        mapped = {}
        for n in used:
            text = self.own["cellXfs"][n][0]
            text = _renumbered(text, "numFmtId", lambda id: numbers.id(codes[id]) if id in codes else id)
            for name, (attribute, _, _) in _PLAIN.items():
                text = _renumbered(text, attribute, partial(self._placed, name))
            text = _ATTRIBUTE["xfId"].sub("" if base is None else f' xfId="{base}"', text)
            mapped[n] = formats.place(text, self._key_of(text, self.ours.root.uri))
        if formats.size > MOST_FORMATS:
            raise Refused("graft.too_many_styles", count=formats.size - len(formats.new))
        self._write(numbers)
        return mapped

    def _placed(self, name: str, id: int) -> int:
        return self.lists[name].place(*self.own[name][id])

    def _own_numbers(self) -> Iterable[Element]:
        parent = self.ours.root.first("numFmts")
        return parent.children if parent else ()

    def _normal(self) -> int | None:
        """The named style 常规 (builtin 0), which a cell format must refer to; None without named styles."""
        named = self.theirs.root.first("cellStyleXfs")
        if named is None or not named.children:
            return None
        styles = self.theirs.root.first("cellStyles")
        for style in styles.children if styles else ():
            id = style.attributes.get("xfId", "")
            if style.attributes.get("builtinId") == "0" and id.isdecimal() and int(id) < len(named.children):
                return int(id)
        return 0

    def _write(self, numbers: _Numbers) -> None:
        numbered = [("numFmts", numbers.found, numbers.new, numbers.size)]
        for name, found, new, size in [*numbered, *((c.name, c.found, c.new, c.size) for c in self.lists.values())]:
            if not new:
                continue
            xml = "".join(self._qualified(text) for text in new)
            if found is None:
                at = self._before(name)
                self.theirs.replace(at, at, self._qualified(f'<{name} count="{size}">{"".join(new)}</{name}>').encode())
                continue
            self.theirs.append(found, xml.encode())
            if "count" in found.attributes:
                self.theirs.set(found, "count", str(size))

    def _qualified(self, text: str) -> str:
        """Our XML has no prefix: where the user's part has one, each piece says its namespace."""
        if not self.theirs.root.prefix:
            return text
        return re.sub(r"\A<(\w+)", rf'<\1 xmlns="{self.ours.root.uri}"', text)

    def _before(self, name: str) -> int:
        """Where a list that is missing goes."""
        root = self.theirs.root
        if root.empty:
            raise Refused("graft.unusual", seen="styles.xml 是空的")
        later = (*_ORDER[_ORDER.index(name) + 1 :], "colors", "extLst")
        return next((c.start for c in root.children if c.name in later and c.uri == root.uri), root.close)


class _Numbers:
    """The user's number formats by code, and new ids for ours."""

    def __init__(self, root: etree._Element, found: Element | None) -> None:
        self.found = found
        node = root.find("{*}numFmts")
        there = [] if node is None else list(node.iterchildren("{*}numFmt"))
        self.size = len(there)
        known = [(f.get("formatCode", ""), int(id)) for f in there if (id := f.get("numFmtId", "")).isdecimal()]
        self.ids = dict(known)
        self.next = max([_FIRST_OWN_NUMBER - 1, *(id for _, id in known)]) + 1
        self.new: list[str] = []

    def id(self, code: str) -> int:
        if code not in self.ids:
            self.ids[code] = self.next
            self.new.append(f'<numFmt numFmtId="{self.next}" formatCode="{escape(code)}"/>')
            self.next += 1
            self.size += 1
        return self.ids[code]


def _renumbered(text: str, attribute: str, by: Callable[[int], int]) -> str:
    return _ATTRIBUTE[attribute].sub(lambda m: f' {attribute}="{by(int(m[1]))}"', text)
