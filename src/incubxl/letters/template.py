"""A .docx template compiled once: docxtpl's patch step, then a sandboxed Jinja template per tagged part."""

from __future__ import annotations

import io
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from incubxl.letters import package, text
from incubxl.letters.authors import anonymous
from incubxl.letters.compose import DOCUMENT, STYLES, THEME, compose, members_of, sources
from incubxl.letters.contract import required
from incubxl.letters.faults import PART, Fault, faults, shown_fields
from incubxl.letters.findings import TemplateRefused
from incubxl.letters.place import mark
from incubxl.letters.review import elsewhere

_TOOL = DocxTemplate(io.BytesIO())  # its patch step looks at the XML alone
_TAGGED = re.compile(rb"\{\{|\{%|\{#")


@dataclass(frozen=True)
class Part:
    """One tagged part: ``document`` renders XML, ``reading`` the same paragraphs as plain text.

    ``needs``: every variable that either of them looks at; with the same values it is the same part again. Empty for
    the text itself, which is another in every letter.
    """

    name: str
    document: Template
    reading: Template
    needs: tuple[str, ...]


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


def _variables(source: str) -> set[str]:
    return meta.find_undeclared_variables(_environment(escape=False).parse(source))


def compile_letter(templates: Mapping[str, bytes], name: str, layout: str, form: str) -> Compiled:
    """Compile the template ``name`` in ``form``. Raises TemplateRefused, naming file and paragraph."""
    for source in sources(templates, name, form):
        if fault := next(file_faults(members_of(templates[source])), None):
            raise TemplateRefused(f"{source}.docx {fault}")
    return compile_template(compose(templates, name, form), layout)


def compile_template(data: bytes, layout: str) -> Compiled:
    """Compile one whole .docx for letters of ``layout``. Raises TemplateRefused with the reason in Chinese."""
    members = members_of(data)
    if fault := next(file_faults(members), None):  # with the styles of the form, which may not be the body's own
        raise TemplateRefused(str(fault))
    members = anonymous(members)
    members[DOCUMENT] = placed(members)
    parts: list[Part] = []
    uses: set[str] = set()
    for name, xml in members.items():
        if not (PART.match(name) and _TAGGED.search(xml)):
            continue
        part, used = _compile_part(name, xml)
        parts.append(part)
        uses |= used
    lacking = required(layout) - uses
    if lacking:
        raise TemplateRefused("没有用到必需的字段：" + "、".join(sorted(lacking)))
    tagged = {part.name for part in parts}
    static = {name: package.deflate(name, xml, 9) for name, xml in members.items() if name not in tagged}
    order = (*static, *(part.name for part in parts))
    return Compiled(order, static, tuple(parts), frozenset(uses))


def placed(members: Mapping[str, bytes]) -> bytes:
    """The document part with the tags of place.py in its placed paragraphs."""
    if STYLES not in members:
        return members[DOCUMENT]
    root = text.parse(members[DOCUMENT])
    if not mark(root, text.parse(members[STYLES])):
        return members[DOCUMENT]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def file_faults(members: Mapping[str, bytes]) -> Iterator[Fault]:
    """Everything wrong with a Word file by itself."""
    styles, theme = members.get(STYLES, b""), members.get(THEME, b"")
    for name, xml in members.items():
        yield from _faults(name, xml, styles, theme) if PART.match(name) else _beside(name, xml)


@lru_cache(maxsize=256)
def _faults(name: str, xml: bytes, styles: bytes, theme: bytes) -> tuple[Fault, ...]:
    """What is wrong with a part, looked for once: the same partials and headers stand in many letters."""
    return tuple(faults(name, xml, styles, theme))


@lru_cache(maxsize=256)
def _beside(name: str, xml: bytes) -> tuple[Fault, ...]:
    return tuple(Fault("", 0, "", reason) for reason in elsewhere(name, xml))


@lru_cache(maxsize=64)
def _compile_part(name: str, xml: bytes) -> tuple[Part, frozenset[str]]:
    """A part compiled once, however many templates have it: their headers are alike."""
    plain = text.text_template(xml)
    try:
        patched = _TOOL.patch_xml(xml.decode("utf-8-sig"))
        return (
            Part(
                name,
                _environment(escape=True).from_string(patched),
                _environment(escape=False).from_string(plain),
                () if name == DOCUMENT else tuple(sorted(_variables(patched) | _variables(plain))),
            ),
            frozenset(shown_fields(plain)),
        )
    except TemplateError as error:
        raise TemplateRefused(f"标签语法有误：{error.message}") from error
