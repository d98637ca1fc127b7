"""Render letters: each template compiled once, each letter read back before it is handed out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from jinja2 import TemplateError
from lxml import etree

from incubxl.letters import package, text
from incubxl.letters.contract import MUST_SHOW
from incubxl.letters.findings import LetterIncomplete, TemplateRefused
from incubxl.letters.place import places
from incubxl.letters.template import Compiled, Part, compile_letter

_LEVEL = 3  # of deflate: half the time of 6 for a twentieth more bytes of the part that changes


@dataclass(frozen=True, slots=True)
class _Made:
    """A finished part: of which values, its XML, packed, and the paragraphs that it must say."""

    values: tuple[Any, ...]
    xml: bytes
    member: package.Member
    expected: list[str]


class LetterEngine:
    """Templates by key (a kind id of the pack or a layout), compiled on first use.

    >>> engine = LetterEngine(templates)            # doctest: +SKIP
    >>> data = engine.render("recognition", context(assessment, determination, plan))   # doctest: +SKIP
    """

    def __init__(self, templates: Mapping[str, bytes]) -> None:
        """``templates``: .docx bytes by name: kind id (comes before its layout), layout, ``form-…``, ``part-…``."""
        self._templates = dict(templates)
        self._compiled: dict[tuple[str, str, str], Compiled | TemplateRefused] = {}
        self._kept: dict[int, _Made] = {}  # of a part (by its id), the last that was read back: most headers are alike

    def render(self, kind: str, context: Mapping[str, Any]) -> bytes:
        """The .docx of one letter.

        ``kind`` is the id of the pack's kind; ``context`` comes from ``letters.context.context``. Raises
        TemplateRefused when the template cannot be used and LetterIncomplete when the document would not say
        everything; then there is no letter.
        """
        layout = str(context["layout"])
        compiled = self._compile(kind, layout, str(context["form"]))
        values = {**context, **{f"_{name}": number for name, number in places(context).items()}}
        made = {part.name: self._make(part, values) for part in compiled.parts}
        members = [compiled.static.get(name) or made[name].member for name in compiled.order]
        data = package.pack(members)
        self._read_back(compiled, context, made, data)
        return data

    def _make(self, part: Part, values: Mapping[str, Any]) -> _Made:
        """One part of a letter; the last one again where nothing that it looks at is another."""
        try:
            mine = tuple(values[name] for name in part.needs if name in values)
            last = self._kept.get(id(part)) if part.needs else None
            if last is not None and last.values == mine:
                return last
            xml = part.document.render(values).encode()
            expected = part.reading.render(values).split(text.END)[:-1]
        except TemplateError as error:
            raise TemplateRefused(f"标签无法填写：{error.message}") from error
        return _Made(mine, xml, package.deflate(part.name, xml, _LEVEL), expected)

    def _compile(self, kind: str, layout: str, form: str) -> Compiled:
        key = (kind if kind in self._templates else layout, layout, form)
        if key not in self._compiled:
            if key[0] not in self._templates:
                raise TemplateRefused(f"没有「{kind}」的模板")
            try:
                self._compiled[key] = compile_letter(self._templates, *key)
            except TemplateRefused as refused:
                self._compiled[key] = refused
        compiled = self._compiled[key]
        if isinstance(compiled, TemplateRefused):
            raise TemplateRefused(compiled.reason)
        return compiled

    def _read_back(
        self, compiled: Compiled, context: Mapping[str, Any], made: Mapping[str, _Made], data: bytes
    ) -> None:
        """Compare the finished file with an independent reading of the template, paragraph by paragraph.

        A part that was read back before need not be parsed again: the file holds the same bytes, or it is parsed.
        """
        shown: list[str] = []
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for part in compiled.parts:
                one, xml = made[part.name], archive.read(part.name)
                if self._kept.get(id(part)) is not one or xml != one.xml:
                    try:
                        found = text.paragraphs(xml)
                    except etree.XMLSyntaxError as error:
                        raise LetterIncomplete(f"{part.name} 写成后不能读回") from error
                    if found != one.expected:
                        raise LetterIncomplete(_difference(found, one.expected))
                    if part.needs:
                        self._kept[id(part)] = one
                shown += one.expected
        body = "\n".join(shown)
        for name, value in _must_show(compiled, context):
            if value not in body:
                raise LetterIncomplete(f"「{name}」的内容没有出现在通知书中：{value[:40]}")


def _difference(found: list[str], expected: list[str]) -> str:
    for n, (seen, wanted) in enumerate(zip(found, expected, strict=False), 1):
        if seen != wanted:
            return f"第{n}段应为「{wanted[:40]}」，写成的是「{seen[:40]}」"
    return f"应有{len(expected)}段，写成的有{len(found)}段"


def _must_show(compiled: Compiled, context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of every field that the template uses."""
    for name in compiled.uses:
        value = context[name]
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, str):
                    yield name, item
                else:
                    for field in MUST_SHOW.get(name, ()):
                        yield f"{name}.{field}", getattr(item, field)
