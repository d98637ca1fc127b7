"""The shared letter layouts, built with python-docx: figures of GB/T 9704-2012, tags whole in one run.

``build_base_templates`` is run once; its files are committed in ``policies/common/letters/`` and a test compares them.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from incubxl.letters import package
from incubxl.letters.blocks import Block, P, T, each, h, when
from incubxl.letters.layouts import BODIES
from incubxl.letters.page import ROW_WIDTH, prepare

_HEAD: list[Block] = [
    *each("mark", "marks", "{{ mark }}", "标记"),
    *when("draft_reason", [P("草稿原因：{{ draft_reason }}。", "标记说明")]),
    *when("document_number", [P("{{ document_number }}", "发文字号")]),
    P("{{ title }}", "函件标题"),
    P("{{ applicant }}：", "主送"),
    P("{{ opening }}"),
    P(
        "（申报编号：{{ applicant_id }}{% if uscc %}；统一社会信用代码：{{ uscc }}{% endif %}"
        "{% if track %}；申报类型：{{ track }}{% endif %}）",
        "识别信息",
    ),
]
_MARKS = _HEAD[: _HEAD.index(P("{{ applicant }}：", "主送"))]
_HEAD_TO: list[Block] = [*_MARKS, P("{{ addressee }}：", "主送"), P("{{ opening }}")]  # to somebody else
_HEAD_ALL: list[Block] = [*_MARKS, P("{{ opening }}")]  # to everybody: no 主送
_BASIS: list[Block] = [
    P("《{{ measure }}》{% if measure_number %}（{{ measure_number }}）{% endif %}的有关规定："),
    *each("c", "clauses", "{{ c.clause }}：“{{ c.quote }}”"),
]
_REMEDY: list[Block] = [
    *each("r", "remedies", "{{ r }}"),
    *when("not remedies", [P("〔救济途径由本单位填写〕")]),
]
_DUTIES: list[Block] = when(
    "duties",
    [P("请同时按下列规定办理："), *each("d", "duties", "{{ d.clause }}：“{{ d.quote }}”")],
)
_TAIL: list[Block] = [
    *each("c", "closing", "{{ c }}"),
    *when("notes", [P("说明：", "说明"), *each("n", "notes", "{{ n }}", "说明")]),
    P("{{ office }}", "落款"),
    P("{{ date }}", "成文日期"),
    *when("contact", [P("（联系方式：{{ contact }}）", "附注")]),
    *when("signer", [P("签发人：{{ signer }}", "附注")]),
]
_DECISION = each("d", "decision", "{{ d }}")
_FACTS = each("f", "facts", "{{ f }}")
_REASONS = each("r", "reasons", "{{ r }}")


LAYOUTS: dict[str, list[Block]] = {
    "correction": [
        *_HEAD,
        h("一、需要补正的资料"),
        T(
            "missing",
            (
                ("序号", "{{ row.number }}", 8),
                ("缺少或无法读取的资料", "{{ row.what }}", 23),
                ("登记表位置", "{{ row.where }}", 15),
                ("涉及条款", "{{ row.clause }}", 13),
                ("补正办法", "{{ row.how }}", 41),
            ),
        ),
        h("二、依据"),
        *_BASIS,
        h("三、补正要求"),
        *_DECISION,
        *_TAIL,
    ],
    "recognition": [
        *_HEAD,
        h("一、决定事项"),
        *_DECISION,
        h("二、依据"),
        *_BASIS,
        *when(
            "results",
            [
                h("三、条件核对情况"),
                T(
                    "results",
                    (
                        ("序号", "{{ row.number }}", 8),
                        ("条件", "{{ row.title }}", 22),
                        ("条款", "{{ row.clause }}", 14),
                        ("核对值", "{{ row.value }}", 42),
                        ("结论", "{{ row.verdict }}", 14),
                    ),
                ),
            ],
        ),
        *_DUTIES,
        *_TAIL,
    ],
    "refusal": [
        *_HEAD,
        h("一、事实"),
        *_FACTS,
        T(
            "results",
            (
                ("序号", "{{ row.number }}", 8),
                ("不符合的条件", "{{ row.title }}", 20),
                ("核对值", "{{ row.value }}", 28),
                ("要求", "{{ row.threshold }}", 15),
                ("达到条件的办法", "{{ row.gap }}", 29),
            ),
        ),
        h("二、依据"),
        *_BASIS,
        h("三、理由"),
        *_REASONS,
        h("四、决定"),
        *_DECISION,
        h("五、救济途径"),
        *_REMEDY,
        *_DUTIES,
        *_TAIL,
    ],
    "evaluation_result": [
        *_HEAD,
        h("一、评价结果"),
        *_DECISION,
        T(
            "",
            (
                ("年度", "{{ year }}", 30),
                ("总分", "{% if score %}{{ score }}{% else %}—{% endif %}", 30),
                ("评价结果", "{{ grade }}", 40),
            ),
            single=True,
        ),
        h("二、依据"),
        *_BASIS,
        *when(
            "adverse",
            [h("三、事实"), *_FACTS, h("四、理由"), *_REASONS, h("五、救济途径"), *_REMEDY],
        ),
        *_DUTIES,
        *_TAIL,
    ],
    "payment": [
        *_HEAD,
        h("一、核定结果"),
        *_DECISION,
        T(
            "funding",
            (
                ("序号", "{{ row.number }}", 8),
                ("项目", "{{ row.label }}", 16),
                ("拨付主体", "{{ row.payer }}", 12),
                ("核定金额（元）", "{{ row.amount }}", 23),
                ("大写", "{{ row.capital }}", 15),
                ("起作用的限额", "{{ row.binding }}", 16),
                ("条款", "{{ row.clause }}", 10),
            ),
        ),
        *each("t", "totals", "{{ t.payer }}合计：人民币{{ t.amount }}元（大写：{{ t.capital }}）。"),
        h("二、依据"),
        *_BASIS,
        *_DUTIES,
        *_TAIL,
    ],
    "revocation": [
        *_HEAD,
        h("一、事实"),
        *_FACTS,
        h("二、依据"),
        *_BASIS,
        h("三、理由"),
        *_REASONS,
        h("四、决定"),
        *_DECISION,
        h("五、救济途径"),
        *_REMEDY,
        *_DUTIES,
        *_TAIL,
    ],
}


LAYOUTS |= {
    "notice": [*_HEAD, *BODIES["notice"], *_TAIL],
    "about": [*_HEAD_TO, *BODIES["about"], *_TAIL],
    "announcement": [*_HEAD_ALL, *BODIES["announcement"], *_TAIL],
    "amendment": [*_HEAD_TO, P("（所涉单位：{{ applicant }}）", "识别信息"), *BODIES["amendment"], *_TAIL],
}


def build_base_templates() -> dict[str, bytes]:
    """Every shared layout as .docx bytes by its name; the same bytes at each run with the same libraries."""
    return {name: _build(blocks) for name, blocks in LAYOUTS.items()}


def _build(blocks: Sequence[Block]) -> bytes:
    document = Document()
    prepare(document)
    for block in blocks:
        if isinstance(block, P):
            document.add_paragraph(block.text, style=block.style)
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
    return package.rebuild(package.unpack(out.getvalue()))


def _table(document: Any, block: T) -> None:
    loop = [] if block.single else [f"{{%tr for row in {block.over} %}}", "{%tr endfor %}"]
    table = document.add_table(rows=2 + len(loop), cols=len(block.columns), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths = [ROW_WIDTH * share // 100 for _, _, share in block.columns]
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
            paragraph = cell.paragraphs[0]
            paragraph.style = "表头" if n == 0 else "表格文字"
            paragraph.add_run(text)
