"""评价结果: score, rank and grade per applicant, and a chart of the grades. 指标得分: the indicators behind them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from incubxl.plan import Area, Block, Chart, Column, Series, SheetPlan, Value
from incubxl.policy.pack import Pack
from incubxl.results.frame import Frame
from incubxl.results.words import EXEMPT, NOT_GRADED, OPEN, WAIVED, grade_group, grade_word

GRADES, INDICATORS = "评价结果", "指标得分"
_COLUMNS = (
    Column("申报编号"), Column("单位名称"), Column("得分", "number"), Column("最低可能", "number"),
    Column("最高可能", "number"), Column("名次", "centre"), Column("等级", "centre", words=True), Column("可能等级"),
    Column("说明"), Column("条款"),
)  # fmt: skip
_INDICATORS = (
    Column("申报编号"), Column("单位名称"), Column("得分", "number"), Column("满分", "number"),
    Column("权重", "number"), Column("指标编号", "centre"), Column("计分方法", "centre"), Column("指标名称"),
    Column("数值与来源"), Column("缺少"),
)  # fmt: skip
_WIDTHS = (12, 28, 11, 11, 11, 11, 14, 22, 44, 22)
_INDICATOR_WIDTHS = (12, 28, 11, 11, 11, 12, 18, 30, 48, 24)
_MAIN = 1
_BAR = "2F6690"


def grades(frame: Frame) -> tuple[SheetPlan, SheetPlan]:
    """评价结果 and 指标得分. The counts stand above the table, where the chart's numbers never move."""
    assessment = frame.assessment
    pack = assessment.pack
    count = Counter(grade_group(d.grade) for d in assessment.determinations)
    names = _grade_names(frame, count)
    rows: list[tuple[Value, ...]] = []
    indicators: list[tuple[Value, ...]] = []
    methods = _methods(pack)
    for d in assessment.determinations:
        g = d.grade
        rank = f"{g.rank} / {g.ranked_of}" if g.rank is not None and g.ranked_of else g.rank
        rows.append((
            d.applicant, d.name, g.score, g.low, g.high, rank, grade_word(g),
            "、".join(g.possible), g.reason, g.clause,
        ))  # fmt: skip
        for i in g.indicators:
            where = f"（{'、'.join(i.cells)}）" if i.cells else ""
            points: Value = i.points if i.points is not None else "资料不足"
            indicators.append((
                d.applicant, d.name, points, i.maximum, i.weight, i.indicator, methods.get(i.method, i.method),
                i.name, f"{i.value}{where}", "、".join(i.missing),
            ))  # fmt: skip
    counts = Block(
        (Column("等级", "strong"), *(Column(name, "count") for name in names)),
        [("家数", *(count[name] for name in names))],
    )
    blocks = (
        counts,
        Block(_COLUMNS, rows, heading="各单位的评价结果", empty="没有参加评价的单位"),
    )
    scored = Block(_INDICATORS, indicators, empty="工作簿里没有本年度的评价指标")
    behind = frame.sheet(INDICATORS, _INDICATOR_WIDTHS, (scored,), paper="A3")
    widths = _WIDTHS + (11.0,) * max(0, len(names) + 1 - len(_WIDTHS))
    lines = (pack.evaluation.note,) if pack.evaluation.note else ()
    if pack.evaluation.kind == "none":
        lines = ("本办法没有规定评价等级。", *lines)
    plain = frame.sheet(GRADES, widths, blocks, lines=lines, main=_MAIN, paper="A3")
    if pack.evaluation.kind == "none":
        return plain, behind
    head = plain.header_row(0)
    said = "，".join(f"{name}{count[name]}家" for name in names if count[name]) or "没有单位"
    chart = Chart(
        "各等级家数", f"柱形图：各等级家数。{said}。",
        Area(head, 1, head, len(names)), (Series("家数", Area(head + 1, 1, head + 1, len(names)), _BAR),),
        plain.first_row(_MAIN), len(widths) + 1, "家",  # under the header, which every printed page repeats
    )  # fmt: skip
    return frame.sheet(GRADES, widths, blocks, lines=lines, main=_MAIN, paper="A3", chart=chart), behind


def _grade_names(frame: Frame, count: Counter[str]) -> list[str]:
    """The year's own grades by their best score, the measure's in its order, then what is no grade."""
    printed = [g.label for g in frame.assessment.pack.evaluation.grades]
    others = [OPEN, WAIVED, EXEMPT, NOT_GRADED]
    best: dict[str, Decimal] = {}
    for d in frame.assessment.determinations:
        name = grade_group(d.grade)
        best[name] = max(best.get(name, Decimal(0)), d.grade.score or Decimal(0))
    own = sorted(count.keys() - {*printed, *others}, key=lambda name: (-best[name], name))
    return own + printed + others


def _methods(pack: Pack) -> dict[str, str]:
    """The Chinese names of the point formulas, from the sheet 评价指标."""
    table = pack.table.get("indicators")
    return {c.id: c.label for f in table.columns if f.id == "method" for c in f.choices} if table else {}
