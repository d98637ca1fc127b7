"""回收汇总 as sheet plans: who returned, what would change, what contradicts, what came twice, what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.collect.found import Change, Comparison, NewRow
from incubxl.collect.shape import Shape
from incubxl.collect.values import written
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.policy.fields import Field
from incubxl.register.model import Register
from incubxl.templates.shown import shown as in_cell

STATUS, UPDATES, ROWS, CONFLICTS, TWICE, PROBLEMS, REMINDERS = (
    "回收情况", "拟更新", "新增行", "冲突", "重复退回", "回收问题", "催报名单"
)  # fmt: skip
SHEETS = (STATUS, UPDATES, ROWS, CONFLICTS, TWICE, PROBLEMS, REMINDERS)
BACK, PARTLY, CHECK, OUT, UNUSABLE = "已收回", "部分收回", "须核实", "未收回", "不能用"
_STYLES = {
    "date": "date",
    "integer": "integer",
    "year": "integer",
    "number": "number",
    "money": "wan",
    "percent": "number",
}
_WHO = (Column("申报编号"), Column("单位名称"))
_SOURCE = (Column("来源文件"), Column("来源单元格"), Column("文件时间"))
_STATUS = (
    Column("表"), Column("编号或推荐单位"), Column("名称"), Column("状态", "centre", words=True),
    Column("份数", "integer"), Column("文件"), Column("文件时间"), Column("识别"), Column("说明"),
)  # fmt: skip
_UPDATES = (*_WHO, Column("表"), Column("行"), Column("栏目"), Column("登记表单元格"), Column("原值"), Column("新值"))
_TWICE = (*_WHO, Column("内容"), Column("取自"), Column("另见文件"), Column("单元格"))
_PROBLEMS = (
    Column("严重程度", "centre", words=True), Column("文件"), Column("单元格"), Column("问题"), Column("怎么办"),
)  # fmt: skip
_CONFLICTS = (*_UPDATES, Column("为什么没有合并"), *_SOURCE)


@dataclass(frozen=True, slots=True)
class Status:
    """One recipient of one form. ``state``: 已收回, 部分收回, 须核实, 未收回, 不能用."""

    form: str
    key: str
    name: str
    state: str
    files: tuple[str, ...] = ()
    when: str = ""
    by: str = ""
    note: str = ""
    applicants: tuple[int, ...] = ()
    shape: Shape | None = None


def plans(
    register: Register, statuses: Sequence[Status], found: Comparison, issues: Sequence[Issue], notice: str
) -> list[SheetPlan]:
    """Every sheet of 回收汇总, in the order in which an official looks."""
    back = sum(s.state == BACK for s in statuses)
    conflicting = len(found.conflicts) + len(found.row_conflicts)
    about = (
        f"{register.pack.measure.name}　{register.settings.year}年度",
        f"应收 {len(statuses)} 份，已收回 {back} 份，没有收齐、没有收到或不能用 {len(statuses) - back} 份；"
        f"拟更新 {len(found.updates)} 格，新增 {len(found.rows)} 行，冲突 {conflicting} 处，"
        f"与登记表相同 {found.same} 格。读取时不改动登记表。",
    )
    order = register.index

    def sheet(name: str, widths: tuple[float, ...], *blocks: Block, lines: tuple[str, ...] = about) -> SheetPlan:
        return SheetPlan(
            name, name, notice, widths, blocks, lines, freeze_columns=2 if len(widths) > 4 else 0, paper="A3"
        )

    def change(c: Change) -> tuple[Value, ...]:
        unit = f" {c.field.unit}" if c.field.unit and c.new and c.new != "不适用" else ""
        return (
            c.applicant, c.name, c.sheet, c.row, c.field.label, c.target, c.old or "（空）", (c.new or "（空）") + unit,
        )  # fmt: skip

    def placed(changes: Sequence[Change]) -> list[Change]:
        return sorted(changes, key=lambda c: (order[c.applicant], c.sheet, c.target, c.source.file))

    updates = [(*change(c), *_from(c.source.file, c.source.place, c.source.when)) for c in placed(found.updates)]
    conflicts = [
        (*change(c), c.why, *_from(c.source.file, c.source.place, c.source.when)) for c in placed(found.conflicts)
    ]
    conflicts += [_row_conflict(register, r) for r in found.row_conflicts]
    twice = [(t.applicant, t.name, t.what, t.kept, t.source.file, t.source.place) for t in found.twice]
    wide = (12, 26, 14, 22, 22, 20, 24, 28)
    told = [
        (SEVERITY_WORDS[i.severity], i.place.file, f"{i.place.sheet}!{i.place.cell}".strip("!"), i.message, i.remedy)
        for i in sorted(issues, key=lambda i: list(SEVERITY_WORDS).index(i.severity))
    ]
    return [
        sheet(STATUS, (26, 14, 28, 10, 8, 40, 18, 8, 44), Block(_STATUS, [_status(s) for s in statuses])),
        sheet(UPDATES, (*wide, 36, 16, 18), Block((*_UPDATES, *_SOURCE), updates, empty="没有要更新的单元格")),
        _new_rows(register, found.rows, notice, about),
        sheet(CONFLICTS, (*wide, 34, 36, 16, 18), Block(_CONFLICTS, conflicts, empty="没有冲突")),
        sheet(TWICE, (12, 26, 40, 36, 36, 16), Block(_TWICE, twice, empty="没有重复退回")),
        sheet(PROBLEMS, (10, 40, 20, 60, 60), Block(_PROBLEMS, told, empty="没有问题")),
        _reminders(register, statuses, notice),
    ]


def _from(file: str, place: str, when: dt.datetime) -> tuple[str, str, str]:
    return file, place, f"{when:%Y-%m-%d %H:%M}"


def _status(s: Status) -> tuple[Value, ...]:
    return (s.form, s.key, s.name, s.state, len(s.files), "；".join(s.files), s.when, s.by, s.note)


def _row_conflict(register: Register, row: NewRow) -> tuple[Value, ...]:
    table = register.pack.table[row.table]
    words = [f"{c.label}：{in_cell(c, written(c, row.texts[c.id]), {})}" for c in table.columns
             if row.texts.get(c.id) and c.id != table.owner]  # fmt: skip
    source = row.source
    return (
        row.applicant, row.name, table.sheet, "整行", "", "", "", "；".join(words), row.why,
        *_from(source.file, source.place.strip("!"), source.when),
    )  # fmt: skip


def cell_value(field: Field, text: str) -> Value:
    """What goes into a register cell for the text: a typed value, a choice as its label."""
    value = in_cell(field, written(field, text), {})
    return value if isinstance(value, str | int | float | Decimal | dt.date) else None


def _new_rows(register: Register, rows: Sequence[NewRow], notice: str, about: tuple[str, ...]) -> SheetPlan:
    """One block per detail sheet, its columns in the pack's order, so that they can be pasted."""
    blocks = []
    for table in register.pack.tables:
        mine = [r for r in rows if r.table == table.id]
        if not mine:
            continue
        columns = tuple(Column(c.label, _STYLES.get(c.type, "text")) for c in table.columns)
        body = [
            (*(cell_value(c, r.texts.get(c.id, "")) for c in table.columns),
             *_from(r.source.file, r.source.place, r.source.when))
            for r in sorted(mine, key=lambda r: register.index[r.applicant])
        ]  # fmt: skip
        blocks.append(Block((*columns, *_SOURCE), body, heading=table.sheet))
    blocks = blocks or [Block((*_WHO, *_SOURCE), [], empty="没有新增的行")]
    most = max(len(b.columns) for b in blocks)
    return SheetPlan(ROWS, ROWS, notice, (16,) * max(most, 8), tuple(blocks), about, freeze_columns=1, paper="A3")


def _reminders(register: Register, statuses: Sequence[Status], notice: str) -> SheetPlan:
    """Rows for the sheet 结论, which bring the letter 催报, where the measure has one for the applicant."""
    spec = register.pack.table["conclusions"]
    columns = tuple(Column(c.label, _STYLES.get(c.type, "text")) for c in spec.columns)
    kinds = {k.id: k for k in register.pack.letters.kinds}
    rows: list[tuple[Value, ...]] = []
    others: list[tuple[Value, ...]] = []
    for s in statuses:
        if s.state == BACK or s.shape is None:
            continue
        kind = kinds.get(s.shape.reminder)
        to_applicant = len(s.applicants) == 1 and register.ids[s.applicants[0]] == s.key
        fits = kind and to_applicant and (not kind.tracks or register.tracks[s.applicants[0]] in kind.tracks)
        if kind and fits:
            details = f"请填写并退回“{s.shape.label}”（{s.shape.source}）。"
            cells = {"applicant_id": s.key, "letter": kind.label, "details": details}
            rows.append(tuple(cells.get(c.id) for c in spec.columns))
        else:
            why = (
                "催报函只发给申报单位，请与推荐单位联系"
                if not to_applicant
                else "办法没有给这类单位的催报函，请另行通知"
            )
            others.append((s.key, s.name, s.form, why))
    lines = ("下列各行的栏目与「结论」表相同，可以整块贴到「结论」表；补上日期、期限和签发人以后，由 run 生成催报函。",)
    blocks = [Block(columns, rows, empty="没有要出催报函的单位")]
    if others:
        blocks.append(Block((*_WHO, Column("表"), Column("说明")), others, heading="没有催报函可用的"))
    return SheetPlan(
        REMINDERS, REMINDERS, notice, (16,) * len(columns), tuple(blocks), lines, freeze_columns=1, paper="A3"
    )
