"""The summary workbook of a batch: every workbook with what came of it, and totals by measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from incubxl.assess.model import Assessment, LetterView
from incubxl.issues import SEVERITY_WORDS
from incubxl.plan import Area, Block, Chart, Column, Link, Series, SheetPlan, Value
from incubxl.results.words import STATE_WORDS, grade_group, granted, payer_totals
from incubxl.style import STYLES
from incubxl.verdict import Verdict

BATCH, BY_MEASURE, REPEATED, FAILED = "批次汇总", "按办法汇总", "重复申报", "未完成"
_ORDER = (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class ResultFile:
    """A result workbook: its path, whether it is a copy of the input with our sheets in it, and if not, why not (the
    issue's code and sentences; empty where nobody asked for a copy)."""

    path: str
    copy: bool
    code: str = ""
    message: str = ""
    remedy: str = ""

    @property
    def form(self) -> str:
        """In words."""
        if self.copy:
            return "登记工作簿的副本，加了结果表"
        return f"单独的工作簿：{self.message}" if self.message else "单独的工作簿"


@dataclass(frozen=True)
class WorkbookSummary:
    """One workbook of a batch. ``failed``: why nothing came of it (then the counts are empty).

    ``eligible`` counts applicants by verdict; ``letters`` by state; ``issues`` by severity; ``funding`` is in yuan by
    payer and leaves out ``open_items``. ``result``: its path is relative to the summary; None in a trial run.
    """

    file: str
    failed: str = ""
    result: ResultFile | None = None
    measure: str = ""
    notice: str = ""
    year: int | None = None
    rows_seen: int = 0
    determined: int = 0
    refused: int = 0
    eligible: Mapping[Verdict, int] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=dict)
    funding: Mapping[str, Decimal] = field(default_factory=dict)
    open_items: int = 0
    issues: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RepeatedApplicant:
    """One applicant in more than one workbook, by one measure in one year. ``cells`` name the workbook too."""

    measure: str
    year: int | None
    code: str
    name: str
    workbooks: tuple[str, ...]
    cells: tuple[str, ...]


def _documents(letters: Iterable[LetterView]) -> Iterable[tuple[str, object]]:
    """Each letter once: an announcement is one document for all its applicants."""
    return dict.fromkeys((x.state, x.file or n) for n, x in enumerate(letters))


def summarise(
    assessment: Assessment, *, file: str, result: ResultFile | None, letters: Sequence[LetterView] = ()
) -> WorkbookSummary:
    """What the summary says of one assessed workbook."""
    found = assessment.determinations
    return WorkbookSummary(
        file=file,
        result=result,
        measure=assessment.pack.measure.short_name,
        notice=assessment.notice,
        year=assessment.register.settings.year,
        rows_seen=assessment.register.rows_seen,
        determined=len(found),
        refused=len(assessment.refused),
        eligible=dict(Counter(d.eligible for d in found)),
        grades=dict(Counter(grade_group(d.grade) for d in found)),
        funding=payer_totals(assessment),
        open_items=sum(granted(assessment.pack, d.funding)[1] for d in found),
        issues=dict(Counter(i.severity for i in assessment.issues)),
        letters=dict(Counter(state for state, _ in _documents(letters))),
    )


def summary_sheets(
    items: Sequence[WorkbookSummary],
    *,
    ran_at: str,
    run_id: str,
    repeated: Sequence[RepeatedApplicant] = (),
    same_files: Sequence[str] = (),
    audit: str = "",
) -> list[SheetPlan]:
    """Every workbook, totals by measure with a chart, who applies in two workbooks, and what failed with its reason.

    ``same_files``: sentences about inputs that are copies of each other. ``audit``: the hash in the audit record with
    which the run began.
    """
    about = f"运行时间 {ran_at}　运行编号 {run_id}" + (f"　审计记录校验值 {audit}" if audit else "")
    return [
        _batch(items, about),
        _by_measure(items, about),
        _repeated(repeated, same_files, about),
        _failures(items, about),
    ]


def _payers(items: Sequence[WorkbookSummary]) -> list[str]:
    return list(dict.fromkeys(payer for item in items for payer in item.funding))


def _counted(words: Mapping[str, int]) -> str:
    return "、".join(f"{word}{n}" for word, n in words.items())


def _batch(items: Sequence[WorkbookSummary], about: str) -> SheetPlan:
    payers = _payers(items)
    columns = (
        Column("序号", "integer"), Column("输入文件"), Column("状态", words=True), Column("办法"),
        Column("申报年度", "integer"), Column("登记行", "integer"), Column("已判定", "integer"),
        Column("拒收", "integer"),
        *(Column(f"{v.word}家数", "integer") for v in _ORDER), Column("等级"),
        *(Column(f"经费：{payer}（元）", "yuan") for payer in payers), Column("未定经费项", "integer"),
        *(Column(word, "integer") for word in SEVERITY_WORDS.values()),
        *(Column(f"通知书{word}", "integer") for word in STATE_WORDS.values()),
        Column("结果形式"), Column("结果文件", "link"), Column("说明"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for n, item in enumerate(items, 1):
        done = not item.failed
        rows.append((
            n, item.file, "完成" if done else "未完成", item.measure, item.year,
            *(count if done else None for count in (item.rows_seen, item.determined, item.refused)),
            *(item.eligible.get(v, 0) if done else None for v in _ORDER), _counted(item.grades),
            *(item.funding.get(payer) for payer in payers), item.open_items if done else None,
            *(item.issues.get(severity, 0) if done else None for severity in SEVERITY_WORDS),
            *(item.letters.get(state, 0) if done else None for state in STATE_WORDS),
            item.result.form if item.result else None, item.result.path if item.result else None,
            item.failed or item.notice,
        ))  # fmt: skip
    widths = (
        6.0, 36.0, 9.0, 22.0, 9.0, 8.0, 8.0, 7.0, *[8.0] * 5, 26.0, *[20.0] * len(payers), 9.0, *[7.0] * 3,
        *[8.0] * 3, 30.0, 36.0, 40.0,
    )  # fmt: skip
    failed = sum(bool(item.failed) for item in items)
    lines = (
        about,
        f"工作簿 {len(items)} 个：完成 {len(items) - failed}，未完成 {failed}　"
        f"登记行 {sum(i.rows_seen for i in items)} = 已判定 {sum(i.determined for i in items)}"
        f" + 拒收 {sum(i.refused for i in items)}",
    )
    plan = SheetPlan(BATCH, BATCH, "", widths, (Block(columns, rows, empty="没有工作簿"),), lines, 0, 2, "A3")
    first = plan.first_row(0)
    links = [Link(first + n, len(columns) - 2, "", "", item.result.path) for n, item in enumerate(items) if item.result]
    return SheetPlan(BATCH, BATCH, "", widths, plan.blocks, lines, 0, 2, "A3", links)


def _by_measure(items: Sequence[WorkbookSummary], about: str) -> SheetPlan:
    payers = _payers(items)
    groups: dict[str, list[WorkbookSummary]] = {}
    for item in items:
        if not item.failed:
            groups.setdefault(item.measure, []).append(item)
    columns = (
        Column("办法"), Column("工作簿", "integer"), Column("单位", "integer"),
        *(Column(v.word, "integer") for v in _ORDER),
        *(Column(f"经费：{payer}（元）", "yuan") for payer in payers), Column("未定经费项", "integer"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for measure, group in groups.items():
        paid = [[item.funding[payer] for item in group if payer in item.funding] for payer in payers]
        rows.append((
            measure, len(group), sum(item.determined for item in group),
            *(sum(item.eligible.get(v, 0) for item in group) for v in _ORDER),
            *(sum(amounts, Decimal(0)) if amounts else None for amounts in paid),
            sum(item.open_items for item in group),
        ))  # fmt: skip
    widths = (34.0, 9.0, 9.0, *[11.0] * 5, *[22.0] * len(payers), 12.0)
    block = Block(columns, rows, empty="没有完成的工作簿")
    plan = SheetPlan(BY_MEASURE, BY_MEASURE, "", widths, (block,), (about,))
    if not rows:
        return plan
    first, last = plan.first_row(0), plan.first_row(0) + len(rows) - 1
    said = "；".join(
        f"{row[0]}：" + "、".join(f"{v.word}{n}家" for v, n in zip(_ORDER, row[3:8], strict=True) if n) for row in rows
    )
    chart = Chart(
        "各办法的符合情况", f"堆积柱形图：各办法按是否符合的单位数。{said}。", Area(first, 0, last, 0),
        tuple(
            Series(v.word, Area(first, 3 + n, last, 3 + n), STYLES[v.key].fill or "FFFFFF")
            for n, v in enumerate(_ORDER)
        ),
        last + 2, 0, "家", stacked=True, width=820, height=380,
    )  # fmt: skip
    return SheetPlan(BY_MEASURE, BY_MEASURE, "", widths, (block,), (about,), chart=chart)


def _repeated(found: Sequence[RepeatedApplicant], same_files: Sequence[str], about: str) -> SheetPlan:
    columns = (
        Column("序号", "integer"), Column("办法"), Column("申报年度", "integer"), Column("统一社会信用代码"),
        Column("单位名称"), Column("工作簿"), Column("所在单元格"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (n, one.measure, one.year, one.code, one.name, "\n".join(one.workbooks), "\n".join(one.cells))
        for n, one in enumerate(found, 1)
    ]
    block = Block(columns, rows, empty="没有单位在两个工作簿中申报")
    told = f"同一办法、同一年度在两个以上工作簿中申报的单位 {len(rows)} 家；它们的通知书只出草稿。" if rows else ""
    lines = tuple(line for line in (about, told, *same_files) if line)
    return SheetPlan(REPEATED, REPEATED, "", (6.0, 26.0, 9.0, 24.0, 34.0, 44.0, 60.0), (block,), lines, paper="A3")


def _failures(items: Sequence[WorkbookSummary], about: str) -> SheetPlan:
    rows: list[tuple[Value, ...]] = [(item.file, item.failed) for item in items if item.failed]
    block = Block((Column("输入文件"), Column("原因和办法")), rows, empty="全部完成")
    return SheetPlan(FAILED, FAILED, "", (50.0, 110.0), (block,), (about,))
