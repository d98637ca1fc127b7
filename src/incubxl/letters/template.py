"""A .docx template compiled once: docxtpl's patch step, then a sandboxed Jinja template per tagged part."""

from __future__ import annotations

import io
import re
from collections.abc import Hashable
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from incubxl.letters import package, text
from incubxl.letters.context import ALWAYS, FIELDS, REQUIRED
from incubxl.letters.findings import TemplateRefused

_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
_TAGGED = re.compile(rb"\{\{|\{%|\{#")
# docxtpl's other tags: runs, columns, merged cells, trimmed white space
_NOT_HERE = re.compile(
    r"\{\{(?:p|tr|tc|r)\s|\{%(?:r|tc)\s|\{#(?:p|tr|tc)\s|\{%\s*(?:colspan|cellbg|vm|hm)\b|-[%}]\}|\{[%{]-"
)
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Const,
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One tagged part: ``document`` renders XML, ``reading`` the same paragraphs as plain text."""

    name: str
    document: Template
    reading: Template


@dataclass(frozen=True)
class Compiled:
    """A template ready for letters. ``static``: the members that never change, which stand first in ``order``."""

    order: tuple[str, ...]
    static: dict[str, package.Member]
    parts: tuple[Part, ...]
    uses: frozenset[str]  # context fields whose text it shows


@lru_cache(maxsize=256)
def _is_field(kind: Hashable, attribute: str) -> bool:
    """Whether this is a field of a record of the context, which the sandbox need not look at for each row."""
    return isinstance(kind, type) and is_dataclass(kind) and any(f.name == attribute for f in fields(kind))


class _Sandbox(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """Fields of records at once, everything else as the sandbox decides."""
        kind: Any = type(obj)
        if _is_field(kind, attribute):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@lru_cache(maxsize=2)
def _environment(*, escape: bool) -> ImmutableSandboxedEnvironment:
    return _Sandbox(undefined=StrictUndefined, autoescape=escape)


def compile_template(data: bytes, layout: str) -> Compiled:
    """Compile one .docx for letters of ``layout``. Raises TemplateRefused with the reason in Chinese."""
    try:
        members = package.unpack(data)
    except ValueError as error:
        raise TemplateRefused("不是完整的 .docx 文件") from error
    if "word/document.xml" not in members:
        raise TemplateRefused("不是 Word 文档（缺少 word/document.xml）")
    if any(name.endswith((".bin", "vbaProject.xml")) for name in members):
        raise TemplateRefused("含有宏或嵌入对象")
    parts: list[Part] = []
    uses: set[str] = set()
    tool = DocxTemplate(io.BytesIO(data))
    for name, xml in members.items():
        if not (_PART.match(name) and _TAGGED.search(xml)):
            continue
        part, used = _compile_part(tool, name, xml)
        parts.append(part)
        uses |= used
    lacking = (ALWAYS | REQUIRED[layout]) - uses
    if lacking:
        raise TemplateRefused("没有用到必需的字段：" + "、".join(sorted(lacking)))
    tagged = {part.name for part in parts}
    static = {name: package.deflate(name, xml, 9) for name, xml in members.items() if name not in tagged}
    order = (*static, *(part.name for part in parts))
    return Compiled(order, static, tuple(parts), frozenset(uses))


def _compile_part(tool: DocxTemplate, name: str, xml: bytes) -> tuple[Part, set[str]]:
    try:
        split = text.split_tag(xml)
        plain = text.text_template(xml)
    except etree.XMLSyntaxError as error:
        raise TemplateRefused(f"{name} 不是合格的 XML") from error
    if split:
        raise TemplateRefused(f"标签没有写完整，或被格式拆成了几段：「{split.strip()[:60]}」")
    foreign = _NOT_HERE.search(plain)
    if foreign:
        raise TemplateRefused(f"不支持的标签写法「{foreign.group()}」")
    source = xml.decode("utf-8-sig")
    try:
        patched = tool.patch_xml(source)
        used = _names(plain) | _names(patched)
        return (
            Part(
                name,
                _environment(escape=True).from_string(patched),
                _environment(escape=False).from_string(plain),
            ),
            used,
        )
    except TemplateError as error:
        raise TemplateRefused(f"标签语法有误：{error.message}") from error


def _names(source: str) -> set[str]:
    """Context fields whose text a template shows; refuses fields outside the contract, calls and filters."""
    tree = _environment(escape=True).parse(source)
    unknown = sorted(meta.find_undeclared_variables(tree) - FIELDS)
    if unknown:
        raise TemplateRefused("用了没有的字段：" + "、".join(unknown))
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            raise TemplateRefused(f"标签里只能写字段、if 和 for（第{node.lineno}行有 {type(node).__name__}）")
    printed = [*tree.find_all(nodes.Output), *(nodes.Output([loop.iter]) for loop in tree.find_all(nodes.For))]
    return {name.name for part in printed for name in part.find_all(nodes.Name)} & FIELDS
