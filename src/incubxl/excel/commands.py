"""The ribbon's functions: one per button, each called with no argument (the workbook that called) or with a workbook.

Each returns True when done; False means that a Chinese message has said why not. Only 下一个问题 moves the selection.
"""

from __future__ import annotations

from dataclasses import replace

from incubxl.assess.model import Assessment, CriterionResult, Determination
from incubxl.excel.apply import claim, remove, write
from incubxl.excel.filling import take_back
from incubxl.excel.folders import run_folder, stop
from incubxl.excel.forms import collect_make
from incubxl.excel.guard import Click, Said, check_writable, command
from incubxl.excel.helping import about, log, manual
from incubxl.excel.kept import keep
from incubxl.excel.own import KEPT, NEW, UNKNOWN
from incubxl.excel.paperwork import make_letters, open_folder, preview_letter
from incubxl.excel.refused import RefusedError
from incubxl.excel.returns import import_returns
from incubxl.excel.scoring import scoring_make, scoring_pack, scoring_read
from incubxl.excel.sending import mail_drafts, mail_ledger, mail_preview, mail_send
from incubxl.excel.where import next_place, places, selected_applicant
from incubxl.excel.work import EXPLAINED, OURS, answered, look, prepare_all, put
from incubxl.excel.year import new_workbook
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.money import in_words
from incubxl.plan import SheetPlan
from incubxl.results.conditions import detail
from incubxl.results.words import grade_word, labels, shown_verdict
from incubxl.verdict import Verdict

__all__ = [
    "about", "agenda", "check_all", "check_row", "collect_make", "crosscheck", "explain_row", "funding", "gaps",
    "grade", "import_returns", "ledger", "log", "mail_drafts", "mail_ledger", "mail_preview", "mail_send",
    "make_letters", "manual", "new_workbook", "next_issue", "open_folder", "preview_letter", "run_folder",
    "scores", "scoring_make", "scoring_pack", "scoring_read", "self_check", "stop", "undo",
]  # fmt: skip

_SHOWN = 10  # lines in a message box


@command("自检")
def self_check(click: Click) -> Said:
    """Which measure, year and day the workbook is checked by, and what is wrong with what it says."""
    assessment = look(click).assessment
    settings = assessment.register.settings
    found = sorted(assessment.issues, key=lambda i: list(SEVERITY_WORDS).index(i.severity))
    counts = "、".join(f"{word}{sum(i.severity == s for i in found)}条" for s, word in SEVERITY_WORDS.items())
    lines = [
        f"{assessment.pack.measure.name}，{settings.year}年度，基准日 {assessment.as_of}",
        *([assessment.notice] if assessment.notice else []),
        f"申报单位 {assessment.register.size} 个，拒收 {len(assessment.refused)} 行；{counts}",
        *(line for i in found[:_SHOWN] for line in _finding(i)),
        *([f"……其余 {len(found) - _SHOWN} 条见「校验全部」写出的「问题清单」"] if len(found) > _SHOWN else []),
    ]
    return Said("\n".join(lines))


def _finding(issue: Issue) -> list[str]:
    """What and where, and on a line of its own how to mend it."""
    said = f"{SEVERITY_WORDS[issue.severity]}　{issue.place}　{issue.message}"
    return [said, f"　　怎么改：{issue.remedy}"] if issue.remedy else [said]


@command("校验全部")
def check_all(click: Click) -> Said:
    """Every applicant against every condition: 条件核对, 差什么, 问题清单."""
    return answered(click, "check_all")


@command("校验当前行")
def check_row(click: Click) -> Said:
    """The verdicts of the selected applicant; nothing is written."""
    assessment = look(click).assessment
    one = _one(assessment, selected_applicant(click, assessment.register))
    open_ones = [r for r in one.results if r.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING)]
    lines = [f"{one.applicant}　{one.name}：{one.eligible.word}", *map(_told, open_ones[:_SHOWN])]
    lines += _tail(assessment, one)
    if len(open_ones) > _SHOWN:
        lines.append(f"……其余 {len(open_ones) - _SHOWN} 条请点「解释这一行」")
    return Said("\n".join(lines))


@command("解释这一行")
def explain_row(click: Click) -> Said:
    """Clause, quote, value, standard, source, 口径 and 核对码 of every condition of the selected applicant: 解释."""
    looked = look(click)
    assessment = looked.assessment
    one = _one(assessment, selected_applicant(click, assessment.register))
    plan = detail(replace(looked.frame, assessment=replace(assessment, determinations=(one,))))
    prepared = prepare_all([_named(plan, EXPLAINED)], looked.sheets, date_1904=bool(click.book.Date1904))
    said = put(click, prepared, looked.sheets)
    return Said("\n".join([f"{one.applicant}　{one.name}：{one.eligible.word}", *_tail(assessment, one), said]))


@command("下一个问题")
def next_issue(click: Click) -> Said:
    """Select the next cell that something is wrong with or that a verdict fails on, and say what."""
    looked = look(click)
    titles = list(looked.sheets)
    spots = places(looked.assessment, titles)
    if not spots:
        return Said("没有能定位到单元格的问题。")
    place = next_place(click, spots, titles)
    if place is None:
        hidden = "、".join(dict.fromkeys(f"「{spot.sheet}」" for spot in spots))
        return Said(f"有问题的单元格都在隐藏的工作表（{hidden}）里。请取消隐藏，再点一次。")
    click.goes_to(place.sheet, place.cell)
    return Said(f"{place.sheet}!{place.cell}　{place.said}", quiet=True)


@command("差什么")
def gaps(click: Click) -> Said:
    """What is 不符合 or 资料不足, and the shortest way to mend it."""
    return answered(click, "gaps")


@command("疑点")
def crosscheck(click: Click) -> Said:
    """One thing under two applicants, copied numbers, jumps: 疑点, to be looked at by a person."""
    return answered(click, "crosscheck")


@command("汇总评分")
def scores(click: Click) -> Said:
    """The points of every indicator, and what is missing for them: 指标得分."""
    return answered(click, "scores")


@command("定级")
def grade(click: Click) -> Said:
    """Scores, ranks and grades: 评价结果."""
    return answered(click, "grade")


@command("经费核定")
def funding(click: Click) -> Said:
    """Amounts and the limits they are bound by: 经费核定 and 限额明细."""
    return answered(click, "funding")


@command("待办")
def agenda(click: Click) -> Said:
    """What is overdue, falls due, has come or has no date, and how far everyone has come: 待办 and 进度."""
    return answered(click, "agenda")


@command("资金台账")
def ledger(click: Click) -> Said:
    """Money approved, paid, used and given back against what is entitled: 资金台账汇总 and 资金台账问题."""
    return answered(click, "ledger")


@command("撤销上次写入")
def undo(click: Click) -> Said:
    """Bring back what our last write replaced: earlier content of our sheets, or no sheet where there was none."""
    last = click.memory.last_write()
    if last is None:
        raise RefusedError(
            "没有可以撤销的写入",
            "本程序只能撤销自己最近一次写入，而且工作簿改名或另存以后就不能；您自己的修改请用 Excel 的撤销",
        )
    lost = [name for name, kind in last.sheets.items() if kind == UNKNOWN]
    if lost:
        backup = click.memory.last_backup()
        where = f"写入前的备份在 {backup}" if backup else "这次没有另存备份"
        raise RefusedError(
            f"「{'」「'.join(lost)}」原来的内容不是在这台电脑上写的，或者工作簿改过名、另存过，不能自动恢复", where
        )
    check_writable(click)
    there = {str(sheet.Name): sheet for sheet in click.book.Worksheets}
    ours = claim(there, last.sheets)
    ours, kept = keep(click.book, ours, OURS)
    restored, changed = take_back(click.book, last.cells)
    back, gone = [], []
    for name, kind in last.sheets.items():
        if kind == NEW and name in there:
            remove(click.book, name)
            gone.append(name)
        elif kind == KEPT:
            write(click.book, click.application, click.memory.replaced(name), ours.get(name))
            back.append(name)
    click.memory.undone(last)
    done = [f"恢复了「{'」「'.join(back)}」"] if back else []
    done += [f"删除了「{'」「'.join(gone)}」"] if gone else []
    done += [f"您的表格放回了 {restored} 格"] if restored else []
    done += [f"{'、'.join(changed[:_SHOWN])} 以后又改过，没有放回"] if changed else []
    told = "；".join(done) or "那次写入的表已经不在工作簿里"
    return Said("\n".join([f"已撤销 {last.at} 的「{last.label}」：{told}。", *kept]))


def _one(assessment: Assessment, applicant: str) -> Determination:
    return next(d for d in assessment.determinations if d.applicant == applicant)


def _named(plan: SheetPlan, name: str) -> SheetPlan:
    return replace(plan, name=name, title=name)


def _told(result: CriterionResult) -> str:
    parts = [f"{shown_verdict(result)}　{result.clause} {result.title}"]
    if result.value or result.threshold:
        parts.append(f"数值 {result.value or '—'}，门槛 {result.threshold or '—'}")
    if result.cell:
        parts.append(result.cell)
    return "；".join(parts)


def _tail(assessment: Assessment, one: Determination) -> list[str]:
    """Grade and money in a line each."""
    lines = []
    if one.grade.state != "not_graded":
        lines.append(f"等级：{grade_word(one.grade)}" + (f"（{one.grade.reason}）" if one.grade.reason else ""))
    for line in one.funding:
        amount = in_words(line.amount) if line.amount is not None else line.verdict.word
        missing = f"，缺{labels(assessment.pack, line.missing)}" if line.missing else ""
        lines.append(f"{line.label}：{amount}{missing}")
    return lines
