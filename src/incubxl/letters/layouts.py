"""Bodies of the letters that tell a step, ask a third party, announce, or amend: data in the words of ``blocks``."""

from __future__ import annotations

from incubxl.letters.blocks import Block, P, T, each, h, when

_DETAILS: list[Block] = when("details", [h("具体事项"), *each("x", "details", "{{ x }}")])
_BASIS: list[Block] = [
    P("《{{ measure }}》{% if measure_number %}（{{ measure_number }}）{% endif %}的有关规定："),
    *each("c", "clauses", "{{ c.clause }}：“{{ c.quote }}”"),
]
_DECISION: list[Block] = each("d", "decision", "{{ d }}")
_DUTIES: list[Block] = when(
    "duties",
    [P("请同时按下列规定办理："), *each("d", "duties", "{{ d.clause }}：“{{ d.quote }}”")],
)
ABOUT: list[Block] = [  # who is meant, in a letter that goes to somebody else
    T(
        "",
        (
            ("申报单位", "{{ applicant }}", 40),
            ("申报编号", "{{ applicant_id }}", 20),
            ("申报类型", "{% if track %}{{ track }}{% else %}—{% endif %}", 40),
        ),
        single=True,
    )
]

BODIES: dict[str, list[Block]] = {
    "notice": [
        h("一、告知事项"),
        *_DECISION,
        *_DETAILS,
        h("二、依据"),
        *_BASIS,
        *_DUTIES,
    ],
    "about": [
        *ABOUT,
        h("一、商请事项"),
        *_DECISION,
        *_DETAILS,
        h("二、依据"),
        *_BASIS,
    ],
    "announcement": [
        *_DECISION,
        T(
            "applicants",
            (
                ("序号", "{{ row.number }}", 10),
                ("单位名称", "{{ row.name }}", 38),
                ("类型", "{{ row.track }}", 20),
                ("所在地", "{{ row.district }}", 18),
                ("结果", "{{ row.result }}", 14),
            ),
        ),
        *_DETAILS,
        P("依据："),
        *_BASIS,
    ],
    "amendment": [
        h("一、原文书"),
        P("文号：{{ refers_number }}；日期：{{ refers_date }}；名称：{{ refers_kind }}。"),
        h("二、原因"),
        *each("r", "reasons", "{{ r }}"),
        h("三、处理"),
        *_DECISION,
        *_DETAILS,
    ],
}
