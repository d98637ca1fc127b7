"""What each layout of letter says between its opening and its closing."""

from __future__ import annotations

from incubxl.letters.base.blocks import Block, P, T, each, heading, put, when

_DECISION = each("d", "decision", "{{ d }}")
_FACTS = each("f", "facts", "{{ f }}")
_REASONS = each("r", "reasons", "{{ r }}")
_WHO = put("identity")  # not where a table names the applicant
_DETAILS = put("details")
_BASIS = put("basis")
_DUTIES = put("duties")
_REMEDY = put("remedy")
_CASE: list[Block] = [  # a finding against the applicant
    _WHO,
    heading("一、事实"),
    *_FACTS,
    heading("二、依据"),
    _BASIS,
    heading("三、理由"),
    *_REASONS,
    heading("四、决定"),
    *_DECISION,
    heading("五、救济途径"),
    _REMEDY,
    _DUTIES,
]

BODIES: dict[str, list[Block]] = {
    "correction": [
        _WHO,
        heading("一、需要补正的资料"),
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
        heading("二、依据"),
        _BASIS,
        heading("三、补正要求"),
        *_DECISION,
    ],
    "recognition": [
        _WHO,
        heading("一、决定事项"),
        *_DECISION,
        heading("二、依据"),
        _BASIS,
        _DUTIES,
    ],
    "refusal": _CASE,
    "evaluation_result": [
        _WHO,
        heading("一、评价结果"),
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
        heading("二、依据"),
        _BASIS,
        *when(
            "adverse",
            [heading("三、事实"), *_FACTS, heading("四、理由"), *_REASONS, heading("五、救济途径"), _REMEDY],
        ),
        _DUTIES,
    ],
    "payment": [
        _WHO,
        heading("一、核定结果"),
        *_DECISION,
        T(
            "funding",
            (
                ("序号", "{{ row.number }}", 8),
                ("项目", "{{ row.label }}", 27),
                ("拨付主体", "{{ row.payer }}", 12),
                ("核定金额（元）", "{{ row.amount }}", 20),
                ("大写", "{{ row.capital }}", 33),
            ),
        ),
        *each("t", "totals", "{{ t.payer }}合计：人民币{{ t.amount }}元（大写：{{ t.capital }}）。"),
        heading("二、依据"),
        _BASIS,
        _DUTIES,
    ],
    "revocation": _CASE,
    "notice": [
        _WHO,
        heading("一、告知事项"),
        *_DECISION,
        _DETAILS,
        heading("二、依据"),
        _BASIS,
        _DUTIES,
    ],
    "about": [
        T(
            "",
            (
                ("申报单位", "{{ applicant }}", 40),
                ("申报编号", "{{ applicant_id }}", 20),
                ("申报类型", "{% if track %}{{ track }}{% else %}—{% endif %}", 40),
            ),
            single=True,
        ),
        heading("一、商请事项"),
        *_DECISION,
        _DETAILS,
        heading("二、依据"),
        _BASIS,
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
        _DETAILS,
        P("依据："),
        _BASIS,
    ],
    "announcement_amendment": [
        heading("一、原公布文书"),
        P("文号：{{ refers_number }}；日期：{{ refers_date }}；名称：{{ refers_kind }}。"),
        heading("二、原因"),
        *_REASONS,
        heading("三、处理"),
        *_DECISION,
        *when(
            "changes",
            [
                T(
                    "changes",
                    (
                        ("序号", "{{ row.number }}", 8),
                        ("单位名称", "{{ row.name }}", 26),
                        ("更正方式", "{{ row.change }}", 13),
                        ("栏目", "{{ row.item }}", 13),
                        ("原公布", "{{ row.old }}", 20),
                        ("更正后", "{{ row.new }}", 20),
                    ),
                )
            ],
        ),
        _DETAILS,
    ],
    "amendment": [
        _WHO,
        heading("一、原文书"),
        P("文号：{{ refers_number }}；日期：{{ refers_date }}；名称：{{ refers_kind }}。"),
        heading("二、原因"),
        *_REASONS,
        heading("三、处理"),
        *_DECISION,
        _DETAILS,
    ],
}
