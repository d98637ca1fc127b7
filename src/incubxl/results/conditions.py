"""条件核对 (applicant × criterion), 条件核对明细 (one row each) and 差什么."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.assess.model import CriterionResult
from incubxl.plan import MOST_LINKS, Block, Column, Link, SheetPlan, Value
from incubxl.results.frame import Frame
from incubxl.results.words import by_people, labels, link_target, shown_verdict, track_label, used
from incubxl.verdict import Verdict

MATRIX, DETAIL, GAPS = "条件核对", "条件核对明细", "差什么"
_SOURCE = 10  # 来源单元格
_DETAIL_COLUMNS = (
    Column("申报编号"), Column("单位名称"), Column("条款"), Column("条件"), Column("原文"),
    Column("结论", words=True), Column("计算结论", "centre"), Column("人工判断、改判"), Column("数值"), Column("门槛"),
    Column("来源单元格", "link"), Column("缺少资料"), Column("口径"), Column("差什么"),
    Column("临界", "centre"), Column("核对码", "small"),
)  # fmt: skip
_DETAIL_WIDTHS = (12, 24, 14, 20, 38, 16, 11, 24, 20, 16, 20, 20, 28, 32, 7, 15)
_GAP_COLUMNS = (
    Column("申报编号"), Column("单位名称"), Column("条款"), Column("条件"), Column("结论", words=True),
    Column("数值"), Column("门槛"), Column("缺少资料"), Column("怎样补足"), Column("来源单元格", "link"),
)  # fmt: skip
_GAP_WIDTHS = (12, 26, 14, 22, 16, 18, 16, 24, 44, 20)


def detail(frame: Frame) -> SheetPlan:
    """One row per applicant and criterion, in the register's order."""
    rows: list[tuple[Value, ...]] = []
    sources: list[tuple[int, str]] = []
    pack = frame.assessment.pack
    interpretations: dict[tuple[object, ...], str] = {}
    for d in frame.assessment.determinations:
        for r in d.results:
            words = interpretations.get(r.interpretations)
            if words is None:
                words = interpretations[r.interpretations] = used(pack, r.interpretations)
            if r.cell and len(sources) < MOST_LINKS:
                sources.append((len(rows), r.cell))
            rows.append((
                d.applicant, d.name, r.clause, _title(r), r.quote, shown_verdict(r), r.computed.word,
                by_people(r) if r.judged or r.override else "", r.value, r.threshold, r.cell,
                labels(pack, r.missing) if r.missing else "", words, r.remedy, "是" if r.near else "", r.code,
            ))  # fmt: skip
    lines = ("改判时请把「核对码」抄到输入工作簿「改判」表；数据变了，改判会标为需复核。",)
    block = Block(_DETAIL_COLUMNS, rows, empty="没有可核对的单位")
    plan = frame.sheet(DETAIL, _DETAIL_WIDTHS, (block,), lines=lines, paper="A3")
    links = _source_links(frame, plan.first_row(0), _SOURCE, sources)
    return frame.sheet(DETAIL, _DETAIL_WIDTHS, (block,), lines=lines, paper="A3", links=links)


def matrix(frame: Frame, detail_first_row: int) -> SheetPlan:
    """Words and colours; each leads to its row of the detail, whose first data row (0-based) is given."""
    pack = frame.assessment.pack
    at = {c.id: n for n, c in enumerate(pack.criteria)}
    columns = (
        Column("申报编号"), Column("单位名称"), Column("类型"), Column("是否符合", words=True),
        *(
            Column(c.title + ("（提示项）" if c.advisory else ""), "centre", True, f"{c.clause}\n{c.quote}")
            for c in pack.criteria
        ),
    )  # fmt: skip
    lead = 4
    rows: list[tuple[Value, ...]] = []
    places: list[tuple[int, int, int]] = []
    line = detail_first_row + 1
    for n, d in enumerate(frame.assessment.determinations):
        words = ["—"] * len(at)
        for r in d.results:
            column = at[r.criterion]
            words[column] = shown_verdict(r)
            if len(places) < MOST_LINKS:
                places.append((n, lead + column, line))
            line += 1
        rows.append((d.applicant, d.name, track_label(pack, d.track), d.eligible.word, *words))
    widths = (12, 26, 16, 12, *[14.0] * len(at))
    block = Block(columns, rows, empty="没有可核对的单位")
    lines = ("点任一结论可到「条件核对明细」的对应行；标题上的批注是条款原文；「—」表示该条件不适用于这一类型。",)
    first = frame.sheet(MATRIX, widths, (block,), lines=lines).first_row(0)
    links = [Link(first + n, column, DETAIL, f"F{target}") for n, column, target in places]
    return frame.sheet(MATRIX, widths, (block,), lines=lines, paper="A3", links=links)


def gaps(frame: Frame) -> SheetPlan:
    """Only what is 不符合 or 资料不足, with the shortest way to mend it."""
    pack = frame.assessment.pack
    rows: list[tuple[Value, ...]] = []
    sources: list[tuple[int, str]] = []
    for d in frame.assessment.determinations:
        for r in d.results:
            if r.verdict not in (Verdict.NOT_MET, Verdict.UNKNOWN):
                continue
            if r.cell and len(sources) < MOST_LINKS:
                sources.append((len(rows), r.cell))
            rows.append((
                d.applicant, d.name, r.clause, _title(r), shown_verdict(r), r.value, r.threshold,
                labels(pack, r.missing), r.remedy, r.cell,
            ))  # fmt: skip
    block = Block(_GAP_COLUMNS, rows, empty="没有不符合或资料不足的条件")
    first = frame.sheet(GAPS, _GAP_WIDTHS, (block,)).first_row(0)
    links = _source_links(frame, first, len(_GAP_COLUMNS) - 1, sources)
    return frame.sheet(GAPS, _GAP_WIDTHS, (block,), links=links)


def _title(result: CriterionResult) -> str:
    return result.title + ("（提示项）" if result.advisory else "")


def _source_links(frame: Frame, first: int, column: int, sources: Sequence[tuple[int, str]]) -> list[Link]:
    """Links from source cells into the input workbook, for sources that begin with an address."""
    links: list[Link] = []
    if frame.input_file is None:
        return links
    for row, source in sources:
        target = link_target(source)
        if target:
            links.append(Link(first + row, column, *target, frame.input_file))
    return links
