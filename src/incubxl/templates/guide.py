"""填写说明: what the workbook is for, in which order to fill it, what words and shades mean, what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from incubxl.policy.pack import Pack
from incubxl.templates.layout import Layout
from incubxl.templates.lists import quoted
from incubxl.templates.plan import asked_text
from incubxl.templates.sheet import set_up_page, write_value
from incubxl.templates.styles import LINE, LINE_HEIGHT, WARN, Styles
from incubxl.templates.text import lines
from incubxl.templates.totals import SHEET as TOTALS_SHEET
from incubxl.templates.totals import Totals

SHEET = "填写说明"
_WIDTHS = (24, 70, 12)

_STEPS = (
    ("设置", "核对办法标识和申报年度，填写统计年度、基准日、本单位名称；空着的选择表示本单位没有定，软件不代定。"),
    ("口径", "办法没有写明的问题，由本单位选定口径，写明理由、姓名和日期。"),
    ("申报登记", "每个申报单位一行。"),
    ("明细表", "有明细的尽量填明细：人数、家数、场次由明细数出来；与登记表上的合计不一致时会提示。"),
    ("人工判断", "办法交给人判断的事项，由负责的人填写结论、理由、姓名、日期。"),
    ("运行", "用 incubxl run 读取本工作簿，结果写到新的工作簿；本工作簿不会被改动。"),
    ("改判、结论", "看过结果之后填写：推翻计算结论的写「改判」，正式决定写「结论」，都要署名和日期。"),
)
_WORDS = (
    ("必填", "表头深底白字，表头上方写「必填」。", True),
    ("按实填", "表头浅底深字：有数据就填，没有就空着。", False),
    (
        "空着不是零",
        "空着表示没有资料，相关条件是「资料不足」；确实是零的写 0，栏目允许时不涉及的写「不适用」。",
        False,
    ),
    ("单位", "表头上方写着单位；只写数字。要写「3万元」也可以，读取时会换算并列出。", False),
    ("下拉列表", "点单元格右边的箭头选；手写的别名能认出就认，认不出会列为问题，不会悄悄丢掉。", False),
    ("灰底", "由模板填好，请勿改动。", False),
    ("插入行", "直接在表格下面接着写，表格会自动变长；请勿合并单元格，请勿改表头文字。", False),
)


def write_guide(sheet: Any, pack: Pack, notice: str, layouts: Sequence[Layout], summed: Totals, styles: Styles) -> None:
    """Write the sheet; it is ours and protected without password."""
    page = _Page(sheet, styles)
    measure = pack.measure
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{measure.short_name}　登记工作簿", styles.title)
    if notice:
        page.text(f"【{notice}】", styles.get(bold=True, font_color=WARN, text_wrap=True))
    page.section("一、用途和依据")
    page.pair("用途", _purpose(pack))
    page.pair("办法", measure.name)
    page.pair("文号", measure.document_number or "没有文号")
    page.pair("发布机关", measure.issuer)
    page.pair("效力", notice or "现行有效；以结果工作簿按基准日判断的为准。")
    page.section("二、填写次序")
    for n, (name, what) in enumerate(_steps(layouts), start=1):
        page.pair(f"{n}．{name}", what)
    page.section("三、字样和颜色")
    for name, what, required in _WORDS:
        header = styles.header(required) if name in ("必填", "按实填") else None
        page.pair(name, what, header)
    page.section("四、每张表和填报进度")
    page.pair("表", "用途", styles.header(False), styles.header(False), last="已填行数")
    for layout in layouts:
        link = f"internal:{quoted(layout.plan.sheet)}!A1"
        page.pair(layout.plan.sheet, layout.plan.purpose, link=link, last=summed.filled[layout.plan.id])
    page.pair(TOTALS_SHEET, "用普通公式再加一遍，供人工核对。", link=f"internal:{quoted(TOTALS_SHEET)}!A1")
    if pack.interpretations:
        page.section("五、办法没有写明、等待本单位选定的口径")
        for question in pack.interpretations:
            page.pair(question.clause, f"{asked_text(question)}\n编号：{question.id}")
    if pack.judgements:
        page.section("六、办法交给人判断的事项" if pack.interpretations else "五、办法交给人判断的事项")
        for judgement in pack.judgements:
            what = f"{judgement.question}\n看什么：{'；'.join(judgement.evidence)}（{judgement.clause}）"
            page.pair(judgement.label, what)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    set_up_page(sheet, SHEET, 90, None)
    sheet.protect(options={"format_columns": True, "format_rows": True})


def _purpose(pack: Pack) -> str:
    does = ["按办法逐条核对"]
    does += ["评价"] if pack.evaluation.kind != "none" else []
    does += ["核定经费"] if pack.funding.items else []
    return f"登记{pack.measure.applicant_noun}的申报资料，{'、'.join(does)}，并据此出通知书。"


def _steps(layouts: Sequence[Layout]) -> list[tuple[str, str]]:
    """The steps whose sheets the workbook has."""
    sheets = {one.plan.sheet for one in layouts}
    own = {"明细表", "运行", "改判、结论"}
    return [(name, what) for name, what in _STEPS if name in sheets or name in own]


class _Page:
    """Rows from the top down."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self._sheet, self._styles, self._row = sheet, styles, 0

    def text(self, text: str, style: Any) -> None:
        self._row += 1
        self._sheet.merge_range(self._row, 0, self._row, 2, text, style)
        self._sheet.set_row(self._row, lines(text, sum(_WIDTHS)) * LINE_HEIGHT + 6)

    def section(self, text: str) -> None:
        self._row += 2
        self._sheet.set_row(self._row, 22)
        self._sheet.write_string(self._row, 0, text, self._styles.get(bold=True, font_size=12))

    def pair(
        self, name: str, what: str, name_style: Any = None, style: Any = None, *, link: str = "", last: Any = None
    ) -> None:
        self._row += 1
        plain = self._styles.get(text_wrap=True, border=1, border_color=LINE)
        if link:
            blue = self._styles.get(text_wrap=True, border=1, border_color=LINE, underline=1)
            self._sheet.write_url(self._row, 0, link, blue, name)
        else:
            self._sheet.write_string(self._row, 0, name, name_style or plain)
        self._sheet.write_string(self._row, 1, what, style or plain)
        if last is not None:
            figure = self._styles.get(align="center", border=1, border_color=LINE)
            write_value(self._sheet, self._row, 2, last, style or figure)
        tallest = max(lines(name, _WIDTHS[0]), lines(what, _WIDTHS[1]))
        self._sheet.set_row(self._row, tallest * LINE_HEIGHT + 6)
