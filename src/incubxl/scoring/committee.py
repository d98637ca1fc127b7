"""The committee's workbook as sheet plans: every page a draft, every list with where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from incubxl.assess.model import Assessment
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.letters.announce import announcements
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.results.frame import Frame
from incubxl.results.grades import grades
from incubxl.results.words import STATE_WORDS, grade_word
from incubxl.scoring.merge import AWAY, DONE, LACKING, REFUSED
from incubxl.scoring.objections import Objection, objections
from incubxl.scoring.outlying import Outlying, outlying
from incubxl.scoring.ranking import Place, ranking
from incubxl.scoring.season import Season

RESULT, PACK = "评分汇总", "评审会材料"
NO_LIMIT = "没有用 --outlier 设定界限，没有列出；界限由本单位定（稳健z值，常用3.5）。"


def committee_sheets(season: Season, limit: Decimal | None) -> list[SheetPlan]:
    """排名, 评价结果, 指标得分, 评分, 回收情况, 离群得分, 签字表, 公示名单, 异议与答复, 问题清单."""
    assessment = season.assessment
    results = grades(Frame(assessment, None))
    plans = [
        _ranking(season),
        *(SheetPlan(p.name, p.title, season.notice, p.widths, p.blocks, p.lines, p.main, 2, p.paper) for p in results),
        season.scores,
        _returned(season),
        _outlying(season, limit),
        _signatures(season),
        _announced(season),
        _objections(season),
        _issues(season),
    ]
    return [plan for plan in plans if season.round or plan.name not in ("回收情况", "离群得分", "签字表")]


def far_scores(season: Season, limit: Decimal | None) -> list[Outlying]:
    """Scores beyond the office's limit; none without a limit or a round."""
    return outlying(season.round, season.merged, limit) if season.round and limit is not None else []


def _sheet(
    season: Season, name: str, widths: tuple[float, ...], *blocks: Block, lines: Sequence[str] = ()
) -> SheetPlan:
    settings, measure = season.register.settings, season.assessment.pack.measure
    round = f"　{season.round.name}" if season.round else ""
    about = f"{measure.name}　{settings.year}年度　基准日 {season.assessment.as_of:%Y-%m-%d}{round}"
    return SheetPlan(name, name, season.notice, widths, blocks, (about, *lines))


def rank_words(place: Place) -> str:
    """第2名 as 2, a tie as 并列2; who has no rank, by its state."""
    return place.state if place.rank is None else f"并列{place.rank}" if place.tied else str(place.rank)


def _ranking(season: Season) -> SheetPlan:
    register = season.register
    by_id = {d.applicant: d for d in season.assessment.determinations}
    places, said = ranking(register)
    rows: list[tuple[Value, ...]] = []
    for place in places:
        applicant = register.ids[place.i]
        grade = by_id[applicant].grade if applicant in by_id else None
        marks = f"{place.done} / {place.expected}" if place.expected else ""
        rows.append((
            rank_words(place), place.group, applicant, register.names[place.i], place.score, marks,
            grade_word(grade) if grade else "", place.why or (grade.reason if grade else ""),
        ))  # fmt: skip
    columns = (
        Column("名次", "centre"), Column("排名范围"), Column("申报编号"), Column("单位名称"), Column("总分", "number"),
        Column("已有得分 / 应有", "centre"), Column("等级（按现有得分）", "centre", words=True), Column("说明"),
    )  # fmt: skip
    lines = ["排名由总分得出，同分并列；未评完的没有名次，也不按零分计。是否认定、是否公示由人决定。"]
    block = Block(columns, rows, empty="没有参评单位")
    return _sheet(season, "排名", (10, 16, 12, 32, 10, 14, 14, 44), block, lines=[*lines, *([said] if said else [])])


def _returned(season: Season) -> SheetPlan:
    rows: list[tuple[Value, ...]] = []
    for expert in season.round.experts if season.round else ():
        mine = [one for one in season.merged if one.task.expert == expert]
        count = Counter(one.state for one in mine)
        files = "、".join(dict.fromkeys(one.file for one in mine if one.file))
        if mine:
            rows.append((
                expert, len({one.task.applicant for one in mine}), len(mine), count[DONE], count[AWAY], count[LACKING],
                count[REFUSED], files or "没有交回",
            ))  # fmt: skip
    columns = (
        Column("专家代号"), Column("单位数", "count"), Column("应评", "count"), Column("已评", "count"),
        Column("回避", "count"), Column("未评", "count"), Column("未采用", "count"), Column("文件"),
    )  # fmt: skip
    line = f"收到 {season.files} 个文件。未采用的原因见「问题清单」。"
    return _sheet(season, "回收情况", (12, 10, 10, 10, 10, 10, 10, 48), Block(columns, rows), lines=[line])


def _outlying(season: Season, limit: Decimal | None) -> SheetPlan:
    register = season.register
    names = dict(zip(register.ids, register.names, strict=True))
    asked = season.round.asked if season.round else {}
    rows: list[tuple[Value, ...]] = [
        (
            f.applicant,
            names[f.applicant],
            asked[f.indicator].name if f.indicator else "合计",
            f.expert,
            f.score,
            f.median,
            f.z,
        )
        for f in far_scores(season, limit)
    ]
    columns = (
        Column("申报编号"), Column("单位名称"), Column("指标"), Column("专家代号"), Column("得分", "number"),
        Column("各专家中位数", "number"), Column("稳健z值", "number"),
    )  # fmt: skip
    line = (
        NO_LIMIT
        if limit is None
        else f"稳健z值＝0.6745×（得分－中位数）÷绝对离差中位数，绝对值超过{limit}的列出；不足3位专家的不列。"
    )
    lines = [line, "只供核对，不是结论；得分照原样计入。"]
    return _sheet(season, "离群得分", (12, 32, 32, 12, 10, 14, 12), Block(columns, rows), lines=lines)


def _signatures(season: Season) -> SheetPlan:
    rows: list[tuple[Value, ...]] = []
    for expert in season.round.experts if season.round else ():
        mine = [one for one in season.merged if one.task.expert == expert]
        if mine:
            done = sum(one.state == DONE for one in mine)
            rows.append((expert, len({one.task.applicant for one in mine}), f"{done} / {len(mine)}", "", ""))
    columns = (
        Column("专家代号", "centre"), Column("评审单位数", "count"), Column("已评 / 应评", "centre"),
        Column("专家签名"), Column("日期"),
    )  # fmt: skip
    block = Block(columns, rows)
    tail = Block(
        (Column("其他人员"), Column("签名"), Column("日期")), [(who, "", "") for who in ("组长", "记录", "监督")]
    )
    return _sheet(season, "签字表", (18, 18, 18, 32, 20), block, tail)


def _announced(season: Season) -> SheetPlan:
    rows: list[tuple[Value, ...]] = []
    for one in announcements(season.assessment):
        state = STATE_WORDS[one.plan.state]
        rows += [(one.plan.label, d.applicant, d.name, grade_word(d.grade), state, one.plan.why) for d in one.members]
        rows += [(one.plan.label, d.applicant, d.name, "", "不列入", why) for d, _, why in one.left_out]
    columns = (
        Column("公布文书"), Column("申报编号"), Column("单位名称"), Column("等级", "centre", words=True),
        Column("状态", "centre", words=True), Column("说明"),
    )  # fmt: skip
    lines = ["只列「结论」表里由署名人决定公示的单位；程序不按名次代列。不是正式的都是草稿。"]
    block = Block(columns, rows, empty="「结论」表还没有公示的决定")
    return _sheet(season, "公示名单", (22, 12, 34, 12, 10, 60), block, lines=lines)


def objection_rows(found: Sequence[Objection], names: dict[str, str]) -> list[tuple[Value, ...]]:
    """编号, 单位, 异议, 提出日期, 提出人, 状态, 答复, 答复日期, 文号."""
    rows: list[tuple[Value, ...]] = []
    for one in found:
        asked, answer = one.objection, one.answer
        rows.append((
            one.applicant, names[one.applicant], asked.written if asked else "", asked.on if asked else None,
            asked.by if asked else "", one.state, (answer.reason or answer.written) if answer else "",
            answer.on if answer else None, answer.document_number if answer else "",
        ))  # fmt: skip
    return rows


def _objections(season: Season) -> SheetPlan:
    register = season.register
    names = dict(zip(register.ids, register.names, strict=True))
    columns = (
        Column("申报编号"), Column("单位名称"), Column("异议"), Column("提出日期", "date"), Column("由谁提出"),
        Column("状态", "centre"), Column("答复"), Column("答复日期", "date"), Column("文号"),
    )  # fmt: skip
    block = Block(columns, objection_rows(objections(register), names))
    lines = ["取自「事件」表的公示异议和异议办结。"]
    return _sheet(season, "异议与答复", (12, 28, 34, 13, 16, 16, 34, 13, 20), block, lines=lines)


def all_issues(season: Season) -> list[tuple[str, Issue]]:
    """(where from, issue): the returns' own first, then what grading and the register have to say of it."""
    scoring = [("评分表回收", one) for one in season.issues]
    return scoring + [("登记工作簿", one) for one in _of_scoring(season.assessment)]


def _of_scoring(assessment: Assessment) -> list[Issue]:
    return [i for i in assessment.issues if i.code.startswith("grading.") or i.severity == "error"]


def _issues(season: Season) -> SheetPlan:
    rows: list[tuple[Value, ...]] = [
        (
            SEVERITY_WORDS[i.severity],
            source,
            i.place.file,
            str(i.place) if i.place.sheet else "",
            i.applicant,
            i.message,
            i.remedy,
        )
        for source, i in all_issues(season)
    ]
    columns = (
        Column("程度", "centre", words=True), Column("来源"), Column("文件"), Column("位置"), Column("申报编号"),
        Column("问题"), Column("怎么办"),
    )  # fmt: skip
    return _sheet(season, "问题清单", (10, 14, 28, 16, 12, 56, 48), Block(columns, rows))
