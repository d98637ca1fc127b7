"""评审分配: the office's own view of a round: who scores whom, the loads, 回避 with reasons, who is left out."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.plan import Block, Column, SheetPlan
from incubxl.register.model import Register
from incubxl.scoring.model import Expert, Round

TITLE = "评审分配"


def round_sheets(
    round: Round, experts: Sequence[Expert], register: Register, left_out: Sequence[str]
) -> list[SheetPlan]:
    """分配, 负载 and 回避."""
    names = dict(zip(register.ids, register.names, strict=True))
    pairs = list(dict.fromkeys((t.expert, t.applicant) for t in round.tasks))
    by_applicant: dict[str, list[str]] = {}
    for expert, applicant in pairs:
        by_applicant.setdefault(applicant, []).append(expert)
    about = f"{register.pack.measure.name}　{round.year}年度　{round.name}　轮次标识 {round.id}"
    way = "评分表上不出现单位名称" if round.blind else "评分表上写明单位"
    lines = (about, f"每个单位{round.per_applicant}位专家；{way}。专家姓名只在本单位的专家名单里。")
    given = Block(
        (Column("申报编号"), Column("单位名称"), Column("评分表上的代号"), Column("专家")),
        [(a, names[a], round.shown[a], "、".join(by_applicant[a])) for a in round.shown],
        empty="没有参评单位",
    )
    loads = Block(
        (Column("专家代号"), Column("专业"), Column("单位数", "count"), Column("应评项数", "count")),
        [
            (e.code, e.speciality, sum(p[0] == e.code for p in pairs), sum(t.expert == e.code for t in round.tasks))
            for e in experts
        ],
        heading="各专家负载",
    )
    away = Block(
        (Column("专家代号"), Column("申报编号"), Column("单位名称"), Column("原因")),
        [(e, a, names[a], why) for e, a, why in round.barred],
        heading="回避",
        empty="没有须回避的",
    )
    out = Block((Column("没有分配的单位和原因"),), [(words,) for words in left_out], heading="没有分配的单位")
    widths = (18.0, 34.0, 34.0, 40.0)
    return [
        SheetPlan("分配", f"{TITLE}（{round.name}）", "", widths, (given, loads), lines),
        SheetPlan("回避和不参评", f"{TITLE}：回避和不参评（{round.name}）", "", widths, (away, out), lines),
    ]
