"""经费核定: every item of money. 限额明细: every limit with the arithmetic behind it."""

from __future__ import annotations

from collections import Counter

from incubxl.assess.model import Determination
from incubxl.funding.model import FundingLine, Limit
from incubxl.money import capital, in_words
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.policy.pack import Pack
from incubxl.results.frame import Frame
from incubxl.results.words import labels, payer_label, payer_totals, refunds, wan
from incubxl.verdict import Verdict

MONEY, LIMITS = "经费核定", "限额明细"
_LINES = (
    Column("申报编号"), Column("单位名称"), Column("项目"), Column("出资方"), Column("支持年度", "centre"),
    Column("结论", words=True), Column("金额（元）", "yuan"), Column("金额（万元）", "wan"), Column("大写"),
    Column("起约束的限额"), Column("条款"), Column("原文"), Column("说明"), Column("缺少资料"), Column("口径"),
)  # fmt: skip
_LIMITS = (
    Column("申报编号"), Column("单位名称"), Column("项目"), Column("出资方"), Column("支持年度", "centre"),
    Column("是否起约束", "centre", words=True), Column("限额（元）", "yuan"), Column("限额（万元）", "wan"),
    Column("限额名称"), Column("性质"), Column("条款"), Column("原文"), Column("算法"), Column("来源单元格"),
    Column("缺少资料"),
)  # fmt: skip
_WIDTHS = (12, 26, 22, 16, 9, 12, 20, 16, 34, 26, 14, 38, 38, 20, 28)
_LIMIT_WIDTHS = (12, 26, 22, 16, 9, 11, 20, 16, 28, 22, 14, 38, 44, 28, 20)


def money(frame: Frame) -> tuple[SheetPlan, SheetPlan]:
    """经费核定 and 限额明细. What is not known is said in words, never as 0."""
    assessment = frame.assessment
    pack = assessment.pack
    lines: list[tuple[Value, ...]] = []
    limits: list[tuple[Value, ...]] = []
    states: Counter[Verdict] = Counter()
    back = refunds(pack)
    for d in assessment.determinations:
        for line in d.funding:
            if line.item not in back:
                states[line.verdict] += 1
            lines.append(_line(pack, d, line))
            limits += [_limit(pack, d, line, limit) for limit in line.limits]
    paid = "；".join(f"{payer} {in_words(total)}" for payer, total in payer_totals(assessment).items())
    still = "、".join(
        f"{verdict.word} {states[verdict]} 项" for verdict in (Verdict.UNKNOWN, Verdict.PENDING) if states[verdict]
    )
    about = tuple(text for text in (f"已核定：{paid}" if paid else "", f"未计入合计：{still}" if still else "") if text)
    items = Block(_LINES, lines, empty="没有需要核定的经费")
    each = Block(_LIMITS, limits, empty="没有限额")
    return (
        frame.sheet(MONEY, _WIDTHS, (items,), lines=about, paper="A3"),
        frame.sheet(LIMITS, _LIMIT_WIDTHS, (each,), lines=("每一项金额受哪些限额约束。",), paper="A3"),
    )


def _item(pack: Pack, line: FundingLine) -> str:
    return line.label + ("（退回，不计入合计）" if line.item in refunds(pack) else "")


def _line(pack: Pack, d: Determination, line: FundingLine) -> tuple[Value, ...]:
    amount = line.amount
    names = {limit.id: limit.label for limit in line.limits}
    asked = [pack.interpretation[i].question if i in pack.interpretation else i for i in line.interpretations]
    return (
        d.applicant, d.name, _item(pack, line), payer_label(pack, line.payer),
        f"第{line.year}年" if line.year is not None else "",
        line.verdict.word,
        line.verdict.word if amount is None else amount,
        line.verdict.word if amount is None else wan(amount),
        "" if amount is None else capital(amount),
        "\n".join(names.get(b, b) for b in line.binding),
        line.clause, line.quote, "\n".join(text for text in (line.reason, *line.notes) if text),
        labels(pack, line.missing), "\n".join(asked),
    )  # fmt: skip


def _limit(pack: Pack, d: Determination, line: FundingLine, limit: Limit) -> tuple[Value, ...]:
    amount = limit.amount
    why = Verdict.UNKNOWN if limit.missing else line.verdict  # counted from an item that is not due: not 资料不足
    return (
        d.applicant, d.name, _item(pack, line), payer_label(pack, line.payer),
        f"第{line.year}年" if line.year is not None else "",
        "是" if limit.id in line.binding else "否",
        why.word if amount is None else amount,
        why.word if amount is None else wan(amount),
        limit.label, "原则上（例外须有本单位的书面决定）" if limit.soft else "硬性限额",
        limit.clause, "\n".join(limit.quotes), limit.basis, "、".join(limit.cells), labels(pack, limit.missing),
    )  # fmt: skip
