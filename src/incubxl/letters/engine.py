"""Render letters: each template compiled once, each letter read back before it is handed out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from jinja2 import TemplateError
from lxml import etree

from incubxl.letters import package, text
from incubxl.letters.contract import MUST_SHOW
from incubxl.letters.findings import LetterIncomplete, TemplateRefused
from incubxl.letters.place import places
from incubxl.letters.template import Compiled, compile_letter

_LEVEL = 3  # of deflate: half the time of 6 for a twentieth more bytes of the part that changes


class LetterEngine:
    """Templates by key (a kind id of the pack or a layout), compiled on first use.

    >>> engine = LetterEngine(templates)            # doctest: +SKIP
    >>> data = engine.render("recognition", context(assessment, determination, plan))   # doctest: +SKIP
    """

    def __init__(self, templates: Mapping[str, bytes]) -> None:
        """``templates``: .docx bytes by name: kind id (comes before its layout), layout, ``form-…``, ``part-…``."""
        self._templates = dict(templates)
        self._compiled: dict[tuple[str, str, str], Compiled | TemplateRefused] = {}

    def render(self, kind: str, context: Mapping[str, Any]) -> bytes:
        """The .docx of one letter.

        ``kind`` is the id of the pack's kind; ``context`` comes from ``letters.context.context``. Raises
        TemplateRefused when the template cannot be used and LetterIncomplete when the document would not say
        everything; then there is no letter.
        """
        layout = str(context["layout"])
        compiled = self._compile(kind, layout, str(context["form"]))
        values = {**context, **{f"_{name}": number for name, number in places(context).items()}}
        made: dict[str, bytes] = {}
        for part in compiled.parts:
            try:
                made[part.name] = part.document.render(values).encode()
            except TemplateError as error:
                raise TemplateRefused(f"标签无法填写：{error.message}") from error
        members = [compiled.static.get(name) or package.deflate(name, made[name], _LEVEL) for name in compiled.order]
        data = package.pack(members)
        self._read_back(compiled, context, data)
        return data

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

    @staticmethod
    def _read_back(compiled: Compiled, context: Mapping[str, Any], data: bytes) -> None:
        """Compare the finished file with an independent reading of the template, paragraph by paragraph."""
        shown: list[str] = []
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for part in compiled.parts:
                try:
                    found = text.paragraphs(archive.read(part.name))
                except etree.XMLSyntaxError as error:
                    raise LetterIncomplete(f"{part.name} 写成后不能读回") from error
                expected = part.reading.render(context).split(text.END)[:-1]
                if found != expected:
                    raise LetterIncomplete(_difference(found, expected))
                shown += found
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
