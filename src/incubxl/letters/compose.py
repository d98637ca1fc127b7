"""One whole .docx from Word files: a form (page and head), a body, shared partials, put in by ``{%p include '…' %}``.

A form holds ``{%p include 'body' %}`` where the body goes; ``{%p include 'basis' %}`` puts in ``part-basis.docx``. A
body that shows ``{{ title }}`` itself is a whole letter and goes into no form. Paragraphs and tables keep their styles
by name: a style that the form lacks comes along.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from incubxl.letters import package, text
from incubxl.letters.findings import TemplateRefused

DOCUMENT, STYLES, THEME = "word/document.xml", "word/styles.xml", "word/theme/theme1.xml"
BODY = "body"
_W = text.W
_INCLUDE = re.compile(r"\s*\{%p\s+include\s+['‘’\"“”]([\w-]+)['‘’\"“”]\s*%\}\s*\Z")
_TITLE = re.compile(r"\{\{\s*title\s*\}\}")
_STYLED = (("pStyle", "paragraph"), ("rStyle", "character"), ("tblStyle", "table"))
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_BOUND = {  # what points outside the part and cannot be carried into another file
    _W + "numPr": "自动编号",
    _W + "drawing": "图片或图形",
    _W + "pict": "图片或图形",
    _W + "hyperlink": "超链接",
    _W + "footnoteReference": "脚注",
    _W + "endnoteReference": "尾注",
    _W + "commentReference": "批注",
    _W + "sectPr": "分节符",
}
_DEEPEST = 4


def included(paragraph: str) -> str:
    """The name that a paragraph includes; empty when it includes nothing."""
    found = _INCLUDE.match(paragraph)
    return found.group(1) if found else ""


def file_of(name: str) -> str:
    """The template behind an included name."""
    return f"part-{name}"


def is_whole(data: bytes) -> bool:
    """Whether a template is a whole letter: it shows the title itself."""
    xml = members_of(data)[DOCUMENT]
    return bool(_TITLE.search(text.text_template(xml)))


def members_of(data: bytes) -> dict[str, bytes]:
    """The members of a Word file without macros. Raises TemplateRefused."""
    try:
        members = package.unpack(data)
    except ValueError as error:
        raise TemplateRefused("不是完整的 .docx 文件") from error
    if DOCUMENT not in members:
        raise TemplateRefused("不是 Word 文档（缺少 word/document.xml）")
    if any(name.endswith((".bin", "vbaProject.xml")) for name in members):
        raise TemplateRefused("含有宏或嵌入对象")
    try:
        text.parse(members[DOCUMENT])
    except etree.XMLSyntaxError as error:
        raise TemplateRefused("word/document.xml 不是合格的 XML") from error
    return members


def sources(templates: Mapping[str, bytes], name: str, form: str) -> tuple[str, ...]:
    """The names of the templates that ``compose`` reads, the outermost first; those that are there."""
    found: dict[str, None] = {}

    def add(key: str, body: str) -> None:
        if key in templates and key not in found:
            found[key] = None
            for paragraph in text.paragraphs(members_of(templates[key])[DOCUMENT]):
                wanted = included(paragraph)
                if wanted:
                    add(body if wanted == BODY else file_of(wanted), body)

    add(name if is_whole(templates[name]) else f"form-{form}", name)
    return tuple(found)


def compose(templates: Mapping[str, bytes], name: str, form: str) -> bytes:
    """The .docx of the template ``name`` in ``form``, with everything put in. Raises TemplateRefused."""
    outer = name
    if not is_whole(templates[name]):
        outer = f"form-{form}"
        if outer not in templates:
            raise TemplateRefused(f"没有公文格式「{outer}」")
    members = members_of(templates[outer])
    root = text.parse(members[DOCUMENT])
    if not any(included(p) for p in text.paragraphs(members[DOCUMENT])):
        return templates[outer]
    styles = _Styles(text.parse(members[STYLES])) if STYLES in members else None
    _Expansion(templates, name, styles).expand(root, (outer,))
    members[DOCUMENT] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if styles is not None:
        members[STYLES] = etree.tostring(styles.root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return package.pack([package.deflate(key, value, 1) for key, value in members.items()])


@dataclass
class _Styles:
    """The styles of the outer file by (type, name)."""

    root: etree._Element
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = {_key(style): str(style.get(_W + "styleId")) for style in self.root.iter(_W + "style")}

    def take(self, kind: str, id: str, others: Mapping[str, etree._Element]) -> str:
        """Our id for the style ``id`` of another file; its own definition comes along where the name is new."""
        theirs = others.get(id)
        if theirs is None:
            return id
        key = _key(theirs)
        if key not in self.ids:
            ours = copy.deepcopy(theirs)
            fresh, taken = id, set(self.ids.values())
            while fresh in taken:
                fresh += "x"
            ours.set(_W + "styleId", fresh)
            self.ids[key] = fresh
            for tag in ("basedOn", "next", "link"):
                for link in ours.findall(_W + tag):
                    link.set(_W + "val", self.take(kind, str(link.get(_W + "val")), others))
            for numbering in list(ours.iter(_W + "numPr")):
                parent = numbering.getparent()
                if parent is not None:
                    parent.remove(numbering)
            self.root.append(ours)
        return self.ids[key]


def _key(style: etree._Element) -> tuple[str, str]:
    name = style.find(_W + "name")
    return str(style.get(_W + "type")), str(name.get(_W + "val")) if name is not None else ""


@dataclass
class _Expansion:
    templates: Mapping[str, bytes]
    body: str
    styles: _Styles | None

    def expand(self, root: etree._Element, chain: tuple[str, ...]) -> None:
        """Replace each including paragraph under ``root`` by the blocks of what it names."""
        for paragraph in list(root.iter(_W + "p")):
            wanted = included(text.paragraph_text(paragraph))
            parent = paragraph.getparent()
            if not wanted or parent is None:
                continue
            blocks = self._blocks(wanted, chain)
            at = parent.index(paragraph)
            parent.remove(paragraph)
            for n, block in enumerate(blocks):
                parent.insert(at + n, block)

    def _blocks(self, wanted: str, chain: tuple[str, ...]) -> list[etree._Element]:
        key = self.body if wanted == BODY else file_of(wanted)
        if key not in self.templates:
            known = "、".join(sorted(k.removeprefix("part-") for k in self.templates if k.startswith("part-")))
            raise TemplateRefused(f"「{chain[-1]}.docx」要放入的片段「{wanted}」没有；可用的有：{known}")
        if key in chain or len(chain) > _DEEPEST:
            raise TemplateRefused(f"片段互相包含：{' → '.join((*chain, key))}")
        members = members_of(self.templates[key])
        root = text.parse(members[DOCUMENT])
        body = root.find(_W + "body")
        found = [b for b in (body if body is not None else ()) if b.tag in (_W + "p", _W + "tbl")]
        while found and found[-1].tag == _W + "p" and not text.paragraph_text(found[-1]) and len(found) > 1:
            found.pop()  # the empty last paragraph that Word keeps after a table
        for block in found:
            for node in block.iter():
                if node.tag in _BOUND:
                    raise TemplateRefused(f"「{key}.docx」里有{_BOUND[str(node.tag)]}，片段里不能用")
        holder = etree.Element(_W + "body")
        holder.extend(found)
        self._restyle(holder, members)
        self.expand(holder, (*chain, key))
        return list(holder)

    def _restyle(self, holder: etree._Element, members: Mapping[str, bytes]) -> None:
        for node in holder.iter():
            for name in [a for a in node.attrib if str(a).startswith(_W14) or "rsid" in str(a)]:
                del node.attrib[name]
        if self.styles is None or STYLES not in members:
            return
        others = {str(s.get(_W + "styleId")): s for s in text.parse(members[STYLES]).iter(_W + "style")}
        for tag, kind in _STYLED:
            for node in holder.iter(_W + tag):
                node.set(_W + "val", self.styles.take(kind, str(node.get(_W + "val")), others))
