"""What the shipped templates are written in: paragraphs and tables with their tags whole in one run, to .docx bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from incubxl.letters import package
from incubxl.letters.base.page import TEXT_WIDTH, prepare
from incubxl.letters.base.styles import ALTERNATIVES

_FONTS = "word/fontTable.xml"


@dataclass(frozen=True, slots=True)
class P:
    """A paragraph: text in one run, a style of styles.py, and what else is done to it."""

    text: str
    style: str = "正文缩进"
    also: Callable[[Any], None] | None = None


@dataclass(frozen=True, slots=True)
class T:
    """A table: a repeated header row, and one row for each item of a list of the context."""

    over: str
    columns: tuple[tuple[str, str, int], ...]  # header, text with tags, width in per cent
    single: bool = False  # one row from plain fields instead


Block = P | T


def each(item: str, over: str, text: str, style: str = "正文缩进") -> list[Block]:
    """One paragraph for every item."""
    return [P(f"{{%p for {item} in {over} %}}"), P(text, style), P("{%p endfor %}")]


def when(test: str, blocks: Sequence[Block]) -> list[Block]:
    """Blocks that stand only where ``test`` holds."""
    return [P(f"{{%p if {test} %}}"), *blocks, P("{%p endif %}")]


def put(name: str) -> P:
    """The partial ``name``, put in when the template is compiled."""
    return P(f"{{%p include '{name}' %}}")


def heading(text: str) -> P:
    """一级标题."""
    return P(text, "一级标题")


def build(blocks: Sequence[Block], shape: Callable[[Any], None] = prepare) -> bytes:
    """A .docx of ``blocks`` on a page made by ``shape``; the same bytes at each run with the same libraries."""
    document = Document()
    shape(document)
    for block in blocks:
        if isinstance(block, P):
            paragraph = document.add_paragraph(block.text, style=block.style)
            if block.also:
                block.also(paragraph)
        else:
            _table(document, block)
    core = document.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = ""
    core.title = "通知书"
    core.language = "zh-CN"
    core.revision = 1
    core.created = core.modified = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    members = package.unpack(out.getvalue())
    if _FONTS in members:
        members[_FONTS] = _font_table()
    return package.rebuild(members)


def _font_table() -> bytes:
    """The fonts asked for, each with the name by which other machines know it."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in ALTERNATIVES.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'.encode()


def _table(document: Any, block: T) -> None:
    loop = [] if block.single else [f"{{%tr for row in {block.over} %}}", "{%tr endfor %}"]
    table = document.add_table(rows=2 + len(loop), cols=len(block.columns), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths = [TEXT_WIDTH * share // 100 for _, _, share in block.columns]
    for grid, width in zip(table._tbl.tblGrid.iterchildren(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(width))
    texts = [[header for header, _, _ in block.columns], [text for _, text, _ in block.columns]]
    if loop:
        blank = [""] * (len(block.columns) - 1)
        texts = [texts[0], [loop[0], *blank], texts[1], [loop[1], *blank]]
    for n, (row, cells) in enumerate(zip(table.rows, texts, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if n == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            own = cell._tc.get_or_add_tcPr().get_or_add_tcW()
            own.set(qn("w:w"), str(width))
            own.set(qn("w:type"), "dxa")
            cell.vertical_alignment = 1  # centre
            paragraph = cell.paragraphs[0]
            paragraph.style = "表头" if n == 0 else "表格文字"
            paragraph.add_run(text)
