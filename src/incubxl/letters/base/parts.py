"""The shared partials: ``part-….docx``, put into forms and bodies by ``{%p include '…' %}``."""

from __future__ import annotations

from incubxl.letters.base.blocks import Block, P, T, each, heading, when

_RESULTS = T(
    "results",
    (
        ("序号", "{{ row.number }}", 8),
        ("条件", "{{ row.title }}", 18),
        ("条款", "{{ row.clause }}", 12),
        ("要求", "{{ row.threshold }}", 13),
        ("核对值", "{{ row.value }}", 21),
        ("结论", "{{ row.verdict }}", 10),
        ("达到条件的办法", "{{ row.gap }}", 18),
    ),
)
_SCORES = T(
    "scores",
    (
        ("序号", "{{ row.number }}", 8),
        ("评价指标", "{{ row.name }}", 30),
        ("计分方法", "{{ row.method }}", 20),
        ("取值", "{{ row.value }}", 20),
        ("满分", "{{ row.maximum }}", 11),
        ("得分", "{{ row.points }}", 11),
    ),
)
_FUNDING = T(
    "funding",
    (
        ("序号", "{{ row.number }}", 8),
        ("项目", "{{ row.label }}", 18),
        ("拨付主体", "{{ row.payer }}", 11),
        ("核定金额（元）", "{{ row.amount }}", 19),
        ("起作用的限额", "{{ row.binding }}", 28),
        ("条款", "{{ row.clause }}", 16),
    ),
)

PARTS: dict[str, list[Block]] = {
    "identity": [
        P(
            "（{% if addressee != applicant %}单位名称：{{ applicant }}；{% endif %}申报编号：{{ applicant_id }}"
            "{% if uscc %}；统一社会信用代码：{{ uscc }}{% endif %}"
            "{% if track %}；申报类型：{{ track }}{% endif %}）",
            "识别信息",
        )
    ],
    "draft": when("draft_reason", [P("草稿原因：{{ draft_reason }}。", "标记说明")]),
    "details": when("details", [heading("具体事项"), *each("x", "details", "{{ x }}")]),
    "basis": [
        P("《{{ measure }}》{% if measure_number %}（{{ measure_number }}）{% endif %}的有关规定："),
        *each("c", "clauses", "{{ c.clause }}：“{{ c.quote }}”"),
    ],
    "duties": when(
        "duties",
        [P("请同时按下列规定办理："), *each("d", "duties", "{{ d.clause }}：“{{ d.quote }}”")],
    ),
    "remedy": [
        *each("r", "remedies", "{{ r }}"),
        *when("not remedies", [P("〔救济途径由本单位填写〕")]),
    ],
    "closing": [
        *when("notes", [P("说明：", "说明"), *each("n", "notes", "{{ n }}", "说明")]),
        *each("c", "closing", "{{ c }}", "结束语"),
    ],
    "attachment-list": [
        P("{%p for a in attachments %}"),
        P('{%p if a.number == "" or a.number == "1" %}'),
        P("附件：{% if a.number %}{{ a.number }}. {% endif %}{{ a.title }}", "附件说明"),
        P("{%p else %}"),
        P("{{ a.number }}. {{ a.title }}", "附件说明续"),
        P("{%p endif %}"),
        P("{%p endfor %}"),
    ],
    "signature": [
        P("{%p if sealed %}"),
        P("{{ office }}", "署名（盖章）"),
        P("{{ date }}", "成文日期（盖章）"),
        P("{%p else %}"),
        P("{{ office }}", "署名"),
        P("{{ date }}", "成文日期"),
        P("{%p endif %}"),
        *when("contact", [P("（联系方式：{{ contact }}）", "附注")]),
    ],
    "attachments": [
        P("{%p for a in attachments %}"),
        P("附件{{ a.number }}", "附件序号"),
        P("{{ a.title }}", "附件标题"),
        *when('a.table == "results"', [_RESULTS]),
        *when('a.table == "scores"', [_SCORES]),
        *when('a.table == "funding"', [_FUNDING]),
        P("{%p endfor %}"),
    ],
}
