"""口径使用 and 运行记录: on what answers, pack, date and input the results rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.policy.pack import Force
from incubxl.results.frame import Frame
from incubxl.results.words import signed

ANSWERS, RECORD = "口径使用", "运行记录"
_COLUMNS = (
    Column("口径编号", "small"), Column("条款"), Column("问题"), Column("状态", "centre", words=True),
    Column("采用的口径"), Column("由谁确定、依据"), Column("影响什么"), Column("涉及判定数", "integer"),
)  # fmt: skip
_WIDTHS = (22, 20, 48, 12, 34, 40, 44, 12)
_FORCE = {
    Force.DRAFT: "征求意见稿",
    Force.NOT_YET: "尚未施行",
    Force.IN_FORCE: "施行中",
    Force.EXPIRED: "有效期已届满",
    Force.UNDATED: "施行日期未载明",
}


def answers(frame: Frame) -> SheetPlan:
    """Every open question of the measure: answered, by legal default, or 未确定 with what depends on it."""
    assessment = frame.assessment
    touched: Counter[str] = Counter()
    for d in assessment.determinations:
        for result in d.results:
            touched.update({i.id for i in result.interpretations})
        for line in d.funding:
            touched.update(set(line.interpretations))
    rows: list[tuple[Value, ...]] = []
    for i in assessment.pack.interpretations:
        answer = assessment.register.answers.get(i.id)
        if answer is None:
            options = "；".join(option.label for option in i.options)
            state, chosen, by = "未确定", f"（可选：{options}）", "请在输入工作簿「口径」表选定"
        elif answer.signed is None:
            state, chosen, by = "类推", i.option_label(answer.option), answer.source
        else:
            state, chosen, by = "已确定", i.option_label(answer.option), signed(answer.signed)
        rows.append((i.id, i.clause, i.question, state, chosen, by, i.effect, touched[i.id]))
    block = Block(_COLUMNS, rows, empty="本办法没有需要确定的口径")
    open_ = sum(row[3] == "未确定" for row in rows)
    lines = (f"共 {len(rows)} 个口径，其中 {open_} 个未确定；未确定的口径所影响的结论为「待认定」。",)
    return frame.sheet(ANSWERS, _WIDTHS, (block,), lines=lines, freeze_columns=0)


def record(frame: Frame, facts: Mapping[str, str]) -> SheetPlan:
    """``facts``: what the run adds (label → text), after what the assessment itself says."""
    assessment = frame.assessment
    measure, settings = assessment.pack.measure, assessment.register.settings
    rows: dict[str, str] = {
        "办法": measure.name,
        "文号": measure.document_number or "（办法未载明）",
        "办法标识与版本": f"{assessment.pack.id} {measure.version}",
        "办法数据摘要（SHA-256）": assessment.pack.digest,
        "办法效力": _FORCE[assessment.force],
        "效力提示": assessment.notice or "无",
        "申报年度": str(settings.year),
        "统计年度": str(settings.reference_year) if settings.reference_year else "未设置",
        "基准日": f"{assessment.as_of:%Y-%m-%d}",
        "临界提示幅度": f"{settings.margin}%" if settings.margin is not None else "未设置",
        "登记表有内容的行": str(assessment.register.rows_seen),
        "已判定": str(len(assessment.determinations)),
        "拒收": str(len(assessment.refused)),
        "问题条数": str(len(assessment.issues)),
        "输入文件 SHA-256": assessment.input_sha256 or "（未保存的工作簿）",
        "程序版本": assessment.program,
        **facts,
        **assessment.extras,
    }
    block = Block((Column("项目", "strong"), Column("内容")), list(rows.items()))
    return frame.sheet(RECORD, (30, 90), (block,), freeze_columns=0)
