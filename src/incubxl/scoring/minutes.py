"""评审会材料 as one Word document: the list, the ranking, every applicant in short, what is still open. A draft."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from incubxl.files.ours import titled
from incubxl.money import plain
from incubxl.plan import Value
from incubxl.results.words import grade_word
from incubxl.scoring.committee import NO_LIMIT, PACK, all_issues, far_scores, objection_rows, rank_words
from incubxl.scoring.model import Scored
from incubxl.scoring.objections import objections
from incubxl.scoring.ranking import APART, Place, ranking
from incubxl.scoring.season import Season

_BODY, _HEAD = "宋体", "黑体"
_RED = RGBColor(0x7A, 0x1F, 0x00)


def minutes(season: Season, limit: Decimal | None, now: dt.datetime) -> bytes:
    """The document's bytes, under a title of ours so that only this file is replaced later."""
    paper = _Paper(season)
    register, measure = season.register, season.assessment.pack.measure
    names = dict(zip(register.ids, register.names, strict=True))
    places, said = ranking(register)
    paper.title(f"{measure.short_name}{register.settings.year}年度{PACK}")
    paper.line(f"{measure.name}　基准日{season.assessment.as_of:%Y-%m-%d}　{now:%Y-%m-%d %H:%M} 生成")
    paper.heading("一、评分情况")
    states = dict.fromkeys(p.state for p in places)
    count = "，".join(f"{state}{sum(p.state == state for p in places)}家" for state in states)
    paper.line(f"登记{register.size}家：{count or '没有单位'}。")
    if season.round:
        done = sum(one.score is not None for one in season.merged)
        paper.line(
            f"{season.round.name}：{len(season.round.experts)}位专家，应有得分{len(season.merged)}项，已有{done}项。"
        )
    paper.heading("二、排名")
    paper.line("同分并列；未评完的没有名次，也不按零分计。" + (f"{said}。" if said else ""))
    taking = [p for p in places if p.state != APART]
    rows: list[Sequence[Value]] = [
        (rank_words(p), p.group, register.ids[p.i], names[register.ids[p.i]], p.score, _why(p)) for p in taking
    ]
    paper.table(("名次", "排名范围", "申报编号", "单位名称", "总分", "说明"), rows, (2.2, 3.2, 2.6, 6.6, 2, 9))
    if len(taking) < len(places):
        paper.line(f"{APART}的：")
        paper.items([f"{register.ids[p.i]} {names[register.ids[p.i]]}：{p.why}" for p in places if p.state == APART])
    paper.heading("三、各单位情况")
    for place in taking:
        _applicant(paper, season, place, [one for one in season.merged if one.task.applicant == register.ids[place.i]])
    paper.heading("四、待处理事项")
    paper.items([i.text for _, i in all_issues(season) if i.severity != "info"])
    asked = season.round.asked if season.round else {}
    far = [
        f"{f.applicant} {names[f.applicant]}「{asked[f.indicator].name if f.indicator else '合计'}」：专家{f.expert}"
        f"得分{plain(f.score)}，中位数{plain(f.median)}，稳健z值{plain(f.z)}（只供核对）"
        for f in far_scores(season, limit)
    ]
    if season.round:
        paper.line(f"离群得分：{'无' if limit is not None and not far else NO_LIMIT if limit is None else ''}")
        paper.items(far, none="")
    paper.heading("五、异议与答复")
    head = ("申报编号", "单位名称", "异议", "提出日期", "由谁提出", "状态", "答复", "答复日期", "文号")
    paper.table(head, objection_rows(objections(register), names), (2.2, 4.2, 4.6, 2.3, 2.4, 2.4, 3.2, 2.3, 2))
    paper.heading("六、签字")
    paper.line(
        "组长：＿＿＿＿＿＿＿＿　　记录：＿＿＿＿＿＿＿＿　　监督：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日"
    )
    return paper.data()


def _why(place: Place) -> str:
    return place.why or f"已有得分{place.done}项" if place.expected else place.why


def _applicant(paper: _Paper, season: Season, place: Place, merged: Sequence[Scored]) -> None:
    register = season.register
    applicant = register.ids[place.i]
    found = next((d for d in season.assessment.determinations if d.applicant == applicant), None)
    paper.subheading(f"{applicant} {register.names[place.i]}")
    total = f"总分{plain(place.score)}" if place.score is not None else f"{place.state}：{place.why or '总分未定'}"
    rank = f"，{'并列' if place.tied else ''}第{place.rank}名" if place.rank else ""
    grade = f"；等级（按现有得分）：{grade_word(found.grade)}" if found else ""
    paper.line(f"{total}{rank}{grade}。")
    if found and found.grade.indicators:
        experts = list(dict.fromkeys(one.task.expert for one in merged))
        cells = {(one.task.indicator, one.task.expert): one for one in merged}
        rows: list[Sequence[Value]] = []
        for i in found.grade.indicators:
            given = [_cell(cells.get((i.indicator, expert))) for expert in experts]
            points: Value = i.points if i.points is not None else "未定"
            rows.append((i.indicator, i.name, i.maximum, *given, points))
        wide = (2.0, 7.0, 1.8, *(1.8 for _ in experts), 2.0)
        paper.table(("指标编号", "指标", "满分", *experts, "得分"), rows, wide)
    if notes := [f"专家{one.task.expert}：{one.note}" for one in merged if one.note]:
        paper.items(list(dict.fromkeys(notes)))


def _cell(one: Scored | None) -> Value:
    return "—" if one is None else one.state if one.score is None else one.score


class _Paper:
    """A landscape document in the office's fonts, marked as a draft on every page."""

    def __init__(self, season: Season) -> None:
        self._made = Document()
        self._made.core_properties.author = "incubxl"
        normal = self._made.styles["Normal"]
        normal.font.name, normal.font.size = _BODY, Pt(11)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), _BODY)
        section = self._made.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.8)
        mark = section.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(mark, f"【{season.notice}】", bold=True, colour=_RED)

    def title(self, words: str) -> None:
        paragraph = self._made.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, words, bold=True, size=18, font=_HEAD)

    def heading(self, words: str) -> None:
        self._headed(words, 1, 14)

    def subheading(self, words: str) -> None:
        self._headed(words, 2, 12)

    def line(self, words: str) -> None:
        self._run(self._made.add_paragraph(), words)

    def items(self, words: Sequence[str], none: str = "无。") -> None:
        for n, one in enumerate(words, 1):
            self.line(f"{n}．{one}")
        if not words and none:
            self.line(none)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Value]], widths: Sequence[float]) -> None:
        """Widths in cm; the header is repeated on every page."""
        if not rows:
            self.line("无。")
            return
        table = self._made.add_table(rows=1, cols=len(head), style="Table Grid")
        table.autofit = False
        for cell, words in zip(table.rows[0].cells, head, strict=True):
            self._run(cell.paragraphs[0], words, bold=True)
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:tblHeader"), {}))
        for values in rows:
            for cell, value in zip(table.add_row().cells, values, strict=True):
                self._run(cell.paragraphs[0], _shown(value))
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = Cm(wide)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:cantSplit"), {}))
            for cell, wide in zip(row.cells, widths, strict=True):
                cell.width = Cm(wide)
        self._made.add_paragraph()

    def data(self) -> bytes:
        buffer = io.BytesIO()
        self._made.save(buffer)
        return titled(buffer.getvalue(), PACK)

    def _headed(self, words: str, level: int, size: int) -> None:
        paragraph = self._made.add_heading(level=level)
        self._run(paragraph, words, bold=True, size=size, font=_HEAD, colour=RGBColor(0, 0, 0))

    def _run(
        self, paragraph: Any, words: str, *, bold: bool = False, size: int = 11, font: str = _BODY, colour: Any = None
    ) -> None:
        run = paragraph.add_run(words)
        run.bold, run.font.size, run.font.name = bold, Pt(size), font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if colour is not None:
            run.font.color.rgb = colour


def _shown(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else str(value)
