"""运行比较: who turned over and by which cause; what differs between the runs; the workbooks of one run only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incubxl.compare.engine import Compared, Flip, kinds
from incubxl.compare.swap import CAUSES, EXPLAINED, Pair, day_words, parameter_changes
from incubxl.mask import masked
from incubxl.plan import Block, Column, SheetPlan, Value

COMPARED = "运行比较"
_FLIPS = (
    Column("工作簿"), Column("申报编号"), Column("单位名称"), Column("项目"), Column("前一次", words=True),
    Column("后一次", words=True), Column("原因"), Column("单独换一项"), Column("本单位改了的数据"),
)  # fmt: skip
_WIDTHS = (24, 14, 26, 30, 16, 16, 44, 40, 44)
_DIFFERING = (Column("工作簿"), Column("原因"), Column("包括"), Column("前一次"), Column("后一次"))
_WIDTHS_2 = (28, 16, 44, 36, 36)
_RULE = (
    "原因由重算得出：从前一次的输入和办法出发，一项一项（再几项一起）换成后一次的，看结果何时变成后一次的；"
    "通知书的状态随结论和签发而变，不在这里比较。"
)


def compared_sheets(found: Compared) -> list[SheetPlan]:
    """两张表：运行比较、哪里不同。"""
    rows: list[tuple[Value, ...]] = [
        (f.workbook, f.applicant, f.name, f.what, f.then or "无", f.now or "无", f.why, f.alone, f.facts)
        for f in ordered(found)
    ]
    lines = (headline(found), counted(found), _RULE)
    main = SheetPlan(
        COMPARED, COMPARED, "", _WIDTHS, (Block(_FLIPS, rows, empty="结论、等级、得分和经费都相同"),), lines,
        freeze_columns=3, paper="A3",
    )  # fmt: skip
    differing: list[tuple[Value, ...]] = [row for pair in found.pairs for row in _differing(pair)]
    others = [(run, masked(shown)) for run, shown in found.unpaired]
    blocks = (
        Block(_DIFFERING, differing, empty="输入、口径、参数、办法和基准日都相同"),
        Block((Column("运行"), Column("工作簿")), others, heading="只在一次运行里的工作簿"),
        Block((Column("说明"),), [(masked(note),) for note in found.notes], heading="不能重算的，和要注意的"),
    )
    return [main, SheetPlan("哪里不同", "哪里不同", "", _WIDTHS_2, blocks, (headline(found),))]


def ordered(found: Compared) -> list[Flip]:
    """The whole before the parts: who is in, verdict, grade, money, points, criteria; in the order of the runs."""
    order = ("申报单位", "是否符合", "等级", "经费", "总分", "条件")
    return sorted(found.flips, key=lambda f: next((n for n, w in enumerate(order) if f.what.startswith(w)), len(order)))


def headline(found: Compared) -> str:
    """Which two runs."""
    return f"前一次 {found.first.run}（{found.first.program}），后一次 {found.second.run}（{found.second.program}）"


def counted(found: Compared) -> str:
    """``12 个工作簿；结论变了 3 家，等级变了 1 家 …``."""
    each = "，".join(f"{word}变了 {n} 家" for word, n in kinds(found.flips).items())
    return f"比较了 {len(found.pairs)} 个工作簿；{each}；共 {len(found.flips)} 处不同"


def _differing(pair: Pair) -> Iterator[tuple[Value, ...]]:
    shown = masked(pair.second.shown)
    for cause in pair.differing:
        then = now = "见工作簿"
        if cause == "day":
            then, now = day_words(pair.first.as_of), day_words(pair.second.as_of)
        elif cause == "pack":
            then, now = pair.first.version, pair.second.version
        elif cause == "interpretations":
            then, now = _answers(pair)
        elif cause == "parameters":
            changes = parameter_changes(pair)
            if changes:
                then = "；".join(f"{label} {was or '无'}" for label, was, _ in changes)
                now = "；".join(f"{label} {is_ or '无'}" for label, _, is_ in changes)
        yield shown, CAUSES[cause], EXPLAINED[cause], then, now


def _answers(pair: Pair) -> tuple[str, str]:
    """The answers that differ, then and now."""
    one, two = pair.register(()), pair.register(pair.differing)
    if one is None or two is None:
        return "见工作簿", "见工作簿"
    sides = []
    for register in (one, two):
        answers = {}
        for id, question in register.pack.interpretation.items():
            given = register.answers.get(id)
            label = next((o.label for o in question.options if given and o.id == given.option), "未确定")
            answers[id] = (question.question, label)
        sides.append(answers)
    then, now = sides
    unlike = [id for id in dict.fromkeys((*then, *now)) if then.get(id) != now.get(id)]
    return tuple(
        "；".join(f"{s[id][0]}{s[id][1]}" for id in unlike if id in s) or "只有理由、署名等不同" for s in sides
    )  # type: ignore[return-value]


def compared_json(found: Compared) -> dict[str, Any]:
    """``diff --json``."""
    return {
        "runs": [{"run": r.run, "program": r.program} for r in (found.first, found.second)],
        "workbooks": [
            {"first": masked(p.first.shown), "second": masked(p.second.shown), "differing": list(p.differing)}
            for p in found.pairs
        ],
        "flips": [
            {
                "workbook": masked(f.workbook), "applicant": f.applicant, "name": f.name, "what": f.what,
                "then": f.then, "now": f.now, "causes": [list(c) for c in f.causes], "why": f.why,
                "alone": f.alone, "facts": f.facts,
            }
            for f in ordered(found)
        ],
        "unpaired": [{"run": run, "workbook": masked(shown)} for run, shown in found.unpaired],
        "notes": [masked(note) for note in found.notes],
    }  # fmt: skip
