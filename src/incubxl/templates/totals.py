"""合计核对: ordinary Excel formulas that add up the register a second time, with results computed here.

The results stored with the formulas are what Excel or LibreOffice would compute: numbers only are added, text such as
「3万元」 is not, and an applicant without scores has an empty sum, not zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incubxl.grid import address, column_letters
from incubxl.policy.pack import Pack
from incubxl.templates.content import CellInput, Formula
from incubxl.templates.layout import Layout
from incubxl.templates.plan import REGISTER
from incubxl.templates.sheet import set_up_page, write_top, write_value
from incubxl.templates.shown import number
from incubxl.templates.styles import LINE, LINE_HEIGHT, Styles
from incubxl.templates.text import broken, lines

SHEET = "合计核对"
_FIRST_WIDTHS = (26, 30)  # the columns that every printed page repeats
_WORDS = (
    "用普通公式把登记内容再加一遍，供人工核对；只计数字，写成文字的数（如「3万元」）不计入。",
    "得分按指标编号取「评分」表的分数，多位专家取算术平均；加权得分＝得分×权重之和，加分项按原分计入，扣分项减去。",
    "按数量等方法计分的指标不在「评分」表里；去掉最高最低分、同组取最高等其他算法，以结果工作簿为准。",
)
PURPOSE = tuple(line for words in _WORDS for line in broken(words, sum(_FIRST_WIDTHS)))
_SUMMED = ("integer", "number", "money")
_FEWEST_INDICATORS = 12
_NOT_COUNTED = ("settings", "interpretations", "grade_rules", "indicators", "score_bands")


@dataclass(frozen=True)
class Totals:
    """Cells of the sheet. ``filled``: per sheet id the formula that counts its filled rows."""

    sums: tuple[tuple[str, str, Formula, Formula], ...]  # label, unit, sum, how many numbers
    headers: tuple[CellInput, ...]
    weights: tuple[CellInput, ...]  # over the indicator columns, from ``first_indicator`` on
    first_indicator: int
    rows: tuple[tuple[CellInput, ...], ...]
    filled: dict[str, Formula]

    @property
    def head_row(self) -> int:
        """0-based row of the applicants' headers."""
        return len(PURPOSE) + len(self.sums) + 7


def totals(layouts: Sequence[Layout]) -> Totals:
    """The formulas over ``layouts`` with their results."""
    by_id = {one.plan.id: one for one in layouts}
    register = by_id[REGISTER]
    sums = tuple(
        (f.label, f.unit, *_sum(register, f.id)) for f in register.plan.columns if f.type in _SUMMED
    )  # fmt: skip
    counted = [one for one in layouts if one.plan.id not in _NOT_COUNTED and _owner(one)]
    indicators = by_id.get("indicators")
    scored = indicators is not None and "scores" in by_id
    some = max(_FEWEST_INDICATORS, len(indicators.plan.rows)) if indicators and scored else 0
    first = 2 + len(counted)
    headers: list[CellInput] = ["申报编号", "单位名称", *(f"{one.plan.sheet}行数" for one in counted)]
    weights: list[CellInput] = []
    for k in range(some):
        headers.append(_indexed(by_id["indicators"], "indicator", k))
        weights.append(_weight(by_id["indicators"], k))
    if scored:
        headers += ["得分合计", "加权得分"]
    partial = Totals(sums, tuple(headers), tuple(weights), first, (), {one.plan.id: _filled(one) for one in layouts})
    seen = [Counter(_key(row.get("applicant_id")) for row in one.plan.rows) for one in counted]
    marks = _marks(by_id["scores"]) if scored else {}
    rows = []
    for n in range(register.last - register.header_row):
        id_cell = _indexed(register, "applicant_id", n)
        me = f"$A{partial.head_row + 2 + n}"
        cells: list[CellInput] = [id_cell, _indexed(register, "name", n)]
        for one, count in zip(counted, seen, strict=True):
            formula = f'=IF({me}="","",COUNTIF({one.range("applicant_id")},{me}))'
            cells.append(Formula(formula, "" if id_cell.cached == "" else count[_key(id_cell.cached)]))
        if scored:
            cells += _scores(by_id, partial, n, id_cell.cached, marks)
        rows.append(tuple(cells))
    return Totals(partial.sums, partial.headers, partial.weights, first, tuple(rows), partial.filled)


def _owner(layout: Layout) -> bool:
    return layout.plan.id != REGISTER and any(f.id == "applicant_id" for f in layout.plan.columns)


def _sum(layout: Layout, column: str) -> tuple[Formula, Formula]:
    cells = [row.get(column) for row in layout.plan.rows]
    found = [x for x in map(number, cells) if x is not None]
    results = (cell.cached for cell in cells if isinstance(cell, Formula))
    error = next((x for x in results if isinstance(x, str) and x.startswith("#")), None)
    where = layout.range(column)
    total = error or float(sum(found, Decimal(0)))  # an error cell makes the whole sum one, as in Excel
    return Formula(f"=SUM({where})", total), Formula(f"=COUNT({where})", len(found))


def _filled(layout: Layout) -> Formula:
    """How many rows people have filled, by the column that they must fill."""
    plan = layout.plan
    column = {"interpretations": "answer", "settings": "value", "grade_rules": "minimum"}.get(plan.id)
    column = column or next((f.id for f in plan.columns if f.required), plan.columns[0].id)
    some = sum(row.get(column) not in (None, "") for row in plan.rows)
    return Formula(f"=COUNTA({layout.range(column)})", some)


def _indexed(layout: Layout, column: str, n: int) -> Formula:
    """The n-th cell of a table column, empty text where it is blank."""
    cell = f"INDEX({layout.range(column)},{n + 1})"
    value = layout.plan.rows[n].get(column) if n < len(layout.plan.rows) else None
    shown = value.cached if isinstance(value, Formula) else value
    return Formula(f'=IF({cell}="","",{cell})', _plain(shown))


def _plain(value: CellInput) -> str | float:
    found = number(value)
    return float(found) if found is not None else "" if value is None else str(value)


def _weight(layout: Layout, n: int) -> Formula:
    """The n-th indicator's weight; a bonus counts in full beside the weights, a deduction is taken off."""
    row = layout.plan.rows[n] if n < len(layout.plan.rows) else {}
    method, weight = (f"INDEX({layout.range(column)},{n + 1})" for column in ("method", "weight"))
    spec = layout.plan.columns[layout.plan.index("method")]
    bonus, deduction = spec.choice_label("bonus"), spec.choice_label("deduction")
    given = {bonus: 100.0, deduction: -100.0}
    value = given.get(str(row.get("method")), float(number(row.get("weight")) or 0))
    return Formula(f'=IF({method}="{bonus}",100,IF({method}="{deduction}",-100,N({weight})))', value)


def _key(value: CellInput) -> str:
    """What COUNTIF compares: text without regard to case, a number like the text that shows it; blank is empty."""
    exact = number(value)
    return f"{exact.normalize():f}" if exact is not None else "" if value is None else str(value).casefold()


def _marks(scores: Layout) -> dict[tuple[str, str], list[Decimal]]:
    """The numbers on the sheet 评分 by applicant and indicator."""
    marks: dict[tuple[str, str], list[Decimal]] = {}
    for row in scores.plan.rows:
        score = number(row.get("score"))
        if score is not None:
            marks.setdefault((_key(row.get("applicant_id")), _key(row.get("indicator"))), []).append(score)
    return marks


def _scores(
    by_id: dict[str, Layout], part: Totals, n: int, id_: CellInput, marks: dict[tuple[str, str], list[Decimal]]
) -> list[CellInput]:
    """Applicant n's mean on each indicator, their sum, and their weighted sum."""
    row = part.head_row + 1 + n
    means = [_mean(by_id["scores"], part, k, row, id_, marks) for k in range(len(part.weights))]
    last = part.first_indicator + len(means) - 1
    mine = f"{address(row, part.first_indicator)}:{address(row, last)}"
    head = part.head_row  # the weights stand in the row over the headers
    weights = f"${column_letters(part.first_indicator)}${head}:${column_letters(last)}${head}"
    given = [float(w.cached or 0) for w in part.weights if isinstance(w, Formula)]
    weighty = any(number(r.get("weight")) for r in by_id["indicators"].plan.rows)
    numbers = [(m.cached, w) for m, w in zip(means, given, strict=True) if isinstance(m.cached, float)]
    by_weight = Formula(
        f'=IF(OR(COUNT({mine})=0,SUM({by_id["indicators"].range("weight")})=0),"",SUMPRODUCT({mine},{weights})/100)',
        sum(x * w for x, w in numbers) / 100 if numbers and weighty else "",
    )
    plain = Formula(
        f'=IF(COUNT({mine})=0,"",SUM({mine})-2*SUMIF({weights},-100,{mine}))',
        sum(-x if w == -100 else x for x, w in numbers) if numbers else "",
    )
    return [*means, plain, by_weight]


def _mean(
    scores: Layout, part: Totals, k: int, row: int, id_: CellInput, marks: dict[tuple[str, str], list[Decimal]]
) -> Formula:
    column = part.first_indicator + k
    me, heading = f"$A{row + 1}", f"{column_letters(column)}${part.head_row + 1}"
    header = part.headers[column]
    indicator = _key(header.cached) if isinstance(header, Formula) else ""
    found = marks.get((_key(id_), indicator), []) if indicator and id_ != "" else []
    formula = (
        f'=IF(OR({me}="",{heading}=""),"",IFERROR(AVERAGEIFS({scores.range("score")},'
        f'{scores.range("applicant_id")},{me},{scores.range("indicator")},{heading}),""))'
    )
    return Formula(formula, float(sum(found) / len(found)) if found else "")


def write_totals(sheet: Any, pack: Pack, notice: str, found: Totals, styles: Styles) -> None:
    """Write the sheet; it is ours and protected without password."""
    write_top(sheet, f"{pack.measure.short_name}　{SHEET}", PURPOSE, styles)
    row = len(PURPOSE) + 2
    section = styles.get(bold=True, font_size=11)
    if notice:
        sheet.merge_range(row - 1, 0, row - 1, 1, "", styles.wrapped_notice)
        sheet.write_string(row - 1, 0, f"【{notice}】", styles.wrapped_notice)
        sheet.set_row(row - 1, lines(f"【{notice}】", sum(_FIRST_WIDTHS)) * LINE_HEIGHT + 2)
    sheet.write_string(row, 0, "一、申报登记各栏合计", section)
    head, text, figure = (
        styles.header(False),
        styles.cell("text"),
        styles.get(num_format="#,##0.####", border=1, border_color=LINE),
    )
    for column, label in enumerate(("栏目", "单位", "合计", "已填数字的单位数")):
        sheet.write_string(row + 1, column, label, head)
    sheet.set_row(row + 1, 2 * LINE_HEIGHT + 4)
    for n, (label, unit, total, count) in enumerate(found.sums, start=row + 2):
        sheet.write_string(n, 0, label, text)
        sheet.write_string(n, 1, unit, text)
        write_value(sheet, n, 2, total, figure)
        write_value(sheet, n, 3, count, figure)
    sheet.write_string(found.head_row - 2, 0, "二、各单位行数和得分", section)
    widths = [*_FIRST_WIDTHS, *(14 for _ in found.headers[2:])]
    for column, header in enumerate(found.headers):
        sheet.set_column(column, column, widths[column])
        write_value(sheet, found.head_row, column, header, head)
    tallest = max((lines(x, 13) for x in found.headers[2:] if isinstance(x, str)), default=1)
    sheet.set_row(found.head_row, tallest * LINE_HEIGHT + 6)
    if found.weights:
        sheet.write_string(found.head_row - 1, found.first_indicator - 1, "权重（%）", styles.asked)
        for column, weight in enumerate(found.weights, start=found.first_indicator):
            write_value(sheet, found.head_row - 1, column, weight, styles.get(num_format="0.##;;", align="center"))
    for n, cells in enumerate(found.rows, start=found.head_row + 1):
        for column, cell in enumerate(cells):
            write_value(sheet, n, column, cell, text if column < 2 else figure)
    sheet.freeze_panes(0, 2)
    sheet.repeat_columns(0, 1)
    set_up_page(sheet, SHEET, sum(widths), (found.head_row - 1, found.head_row))
    sheet.protect(options={"format_columns": True, "format_rows": True, "autofilter": True})
