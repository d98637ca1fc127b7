"""Whether a determination bears out a kind of letter: the closed set of outcomes in policy/letters.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from incubxl.assess.model import Assessment, CriterionResult, Determination
from incubxl.funding.model import FundingLine
from incubxl.issues import Issue
from incubxl.policy.letters import LetterKind, Outcome, Rows
from incubxl.register.model import PastEvent
from incubxl.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """``met``: the outcome is there. ``contradicted``: the very opposite is. ``why``: complete Chinese either way."""

    met: bool
    contradicted: bool
    why: str


def check(assessment: Assessment, determination: Determination, kind: LetterKind) -> Check:
    """Hold one kind's ``when`` against a determination."""
    if kind.when.not_recognised:
        earlier = earlier_recognition(assessment, determination)
        if earlier:
            return Check(False, False, f"{earlier}，请核对是否重复")
    if kind.when.facts and kind.when.outcome != "recorded":
        steps = _recorded(assessment, determination, kind)
        if not steps.met:
            return steps
    found = _CHECKS[kind.when.outcome](assessment, determination, kind)
    return _rows(assessment, determination, kind.when.rows) if found.met and kind.when.rows else found


def failing(determination: Determination, verdict: Verdict) -> tuple[CriterionResult, ...]:
    """The conditions (not the advisory ones) with this verdict."""
    return tuple(r for r in determination.results if r.verdict is verdict and not r.advisory)


def payable(assessment: Assessment, determination: Determination, kind: LetterKind) -> tuple[FundingLine, ...]:
    """Items of money that were computed and are more than nothing; never one that goes back (第二十条（三）)."""
    return tuple(
        line for line in _paid_out(assessment, determination, kind) if line.verdict is Verdict.MET and line.amount
    )


def _paid_out(assessment: Assessment, determination: Determination, kind: LetterKind) -> list[FundingLine]:
    back = {item.id for item in assessment.pack.funding.items if item.refund}
    wanted = kind.when.items
    return [x for x in determination.funding if x.item not in back and (not wanted or x.item in wanted)]


def unreadable(assessment: Assessment, determination: Determination) -> tuple[Issue, ...]:
    """Cells of this applicant that could not be read."""
    return tuple(found for found in assessment.issues_of.get(determination.applicant, ()) if found.severity == "error")


def earlier_recognition(assessment: Assessment, determination: Determination) -> str:
    """Where the workbook says that the applicant was recognised in an earlier year; empty when nowhere."""
    register = assessment.register
    for event in register.history.get(determination.applicant, ()):
        year = event.on.year if event.on else event.year
        if event.kind == "recognised" and year is not None and year < register.settings.year:
            return f"{event.cell or '历史记录'} 载明此前已认定或备案（{event.what}）"
    column = register.columns.get(register.pack.letters.recognised_on)
    row = register.index[determination.applicant]
    day = column.day(row) if column else None
    if column and day and day.year < register.settings.year:
        return f"{column.cell(row)} 载明此前已认定或备案（{day.year}年{day.month}月{day.day}日）"
    return ""


def sanction_word(assessment: Assessment, event: PastEvent) -> str:
    """What was sanctioned, as the measure's Chinese name (history keeps the id)."""
    sanctions = assessment.pack.procedure.sanctions
    return next((s.label for s in sanctions if event.what in (s.id, s.label, s.finding)), event.what)


def recorded_sanctions(assessment: Assessment, determination: Determination, kind: LetterKind) -> tuple[PastEvent, ...]:
    """Sanctions of the register's year on the history sheet that this kind is about."""
    register = assessment.register
    wanted = set(kind.when.sanctions) | {
        s.label for s in register.pack.procedure.sanctions if s.id in kind.when.sanctions
    }
    return tuple(
        event
        for event in register.history.get(determination.applicant, ())
        if event.kind == "sanction"
        and event.what in wanted
        and (event.on.year if event.on else event.year) == register.settings.year
    )


def sanction_questions(assessment: Assessment, determination: Determination, kind: LetterKind) -> tuple[str, ...]:
    """The interpretations by which a case is one of this kind's sanctions. When a ban begins is not among them."""
    procedure = assessment.pack.procedure
    recorded = {event.what for event in recorded_sanctions(assessment, determination, kind)}
    about = [s for s in procedure.sanctions if s.id in kind.when.sanctions]
    about = [s for s in about if recorded & {s.id, s.label}] or about
    return tuple(dict.fromkeys(q for s in about for q in s.interpretations if q != procedure.ban_first_day))


def _eligible(wanted: Verdict, opposite: Verdict) -> Callable[[Assessment, Determination, LetterKind], Check]:
    def found(_: Assessment, determination: Determination, __: LetterKind) -> Check:
        eligible = determination.eligible
        named = failing(determination, eligible) if eligible is not Verdict.MET else ()
        detail = "：" + "、".join(f"{r.title}（{r.clause}）" for r in named) if named else ""
        why = f"条件核对为「{eligible.word}」{detail}"
        return Check(eligible is wanted, eligible is opposite, why)

    return found


def _facts_missing(assessment: Assessment, determination: Determination, _: LetterKind) -> Check:
    parts: list[str] = []
    open_ = failing(determination, Verdict.UNKNOWN)
    if determination.eligible is Verdict.UNKNOWN and open_:
        parts.append("资料不足：" + "、".join(f"{r.title}（{r.clause}）" for r in open_))
    lines = [line.label for line in determination.funding if line.verdict is Verdict.UNKNOWN]
    if lines:
        parts.append("经费不能核定：" + "、".join(lines))
    if determination.grade.state == "open" and any(i.from_applicant for i in determination.grade.indicators):
        parts.append("评价资料不全")
    if parts:
        return Check(True, False, "；".join(parts))
    return Check(False, True, f"没有缺少的资料（条件核对为「{determination.eligible.word}」）")


def _graded(assessment: Assessment, determination: Determination, kind: LetterKind) -> Check:
    grade = determination.grade
    if grade.state in ("graded", "exempt") and grade.grade:
        fits = not kind.when.grades or grade.grade in kind.when.grades
        if fits and kind.when.eligible and determination.eligible is not Verdict.MET:
            found = _eligible(Verdict.MET, Verdict.NOT_MET)(assessment, determination, kind)
            return Check(False, found.contradicted, f"评价结果为「{grade.grade}」，但{found.why}")
        return Check(fits, not fits, f"评价结果为「{grade.grade}」")
    if grade.state == "waived":
        return Check(False, True, f"{grade.reason or '视同放弃评价'}，没有评价结果")
    return Check(False, False, f"评价等级未定：{grade.reason or '工作簿没有可用的评价方案'}")


def _funding_met(assessment: Assessment, determination: Determination, kind: LetterKind) -> Check:
    lines = payable(assessment, determination, kind)
    if lines:
        return Check(True, False, "经费已核定：" + "、".join(line.label for line in lines))
    asked = _paid_out(assessment, determination, kind)
    found = [f"{line.label}{line.verdict.word}{'，' + line.reason if line.reason else ''}" for line in asked]
    refused = bool(asked) and all(line.verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE) for line in asked)
    return Check(False, refused, "没有可拨付的金额" + (f"：{'；'.join(found)}" if found else ""))


def _sanction_recorded(assessment: Assessment, determination: Determination, kind: LetterKind) -> Check:
    events = recorded_sanctions(assessment, determination, kind)
    if events:
        return Check(
            True, False, f"{events[0].cell or '历史记录'} 载有本年度处理「{sanction_word(assessment, events[0])}」"
        )
    # The finding itself is a person's: a conclusion with its reason stands without a history row.
    concluded = any(assessment.pack.letters.kind(c.letter) == kind for c in determination.conclusions)
    return Check(concluded, False, "依据本单位结论" if concluded else "历史记录没有本年度的处理")


def _concluded(_: Assessment, determination: Determination, __: LetterKind) -> Check:
    return Check(bool(determination.conclusions), False, "依据本单位结论")


def _recorded(assessment: Assessment, determination: Determination, kind: LetterKind) -> Check:
    """Every step's fact holds a date, or says 是."""
    register = assessment.register
    row = register.index[determination.applicant]
    open_: list[str] = []
    said: list[str] = []
    for fact in kind.when.facts:
        column = register.columns.get(fact)
        label = assessment.pack.label(fact)
        done = column is not None and column.has(row) and (column.spec.type == "date" or column.flag(row) is True)
        if not done or column is None:
            open_.append(label)
        else:
            day = column.day(row) if column.spec.type == "date" else None
            said.append(
                f"{column.cell(row)} 载明{label}" + (f"（{day.year}年{day.month}月{day.day}日）" if day else "")
            )
    if open_:
        return Check(False, False, f"登记表没有载明{'、'.join(open_)}")
    return Check(True, False, "；".join(said))


def _rows(assessment: Assessment, determination: Determination, rows: Rows) -> Check:
    """Each of the applicant's rows of a sheet holds the day of a step, the last one not before ``since``."""
    register = assessment.register
    table, at = register.tables.get(rows.table), register.index[determination.applicant]
    column = table.columns.get(rows.column) if table else None
    mine = [n for n in range(table.height) if table.owner[n] == at] if table else []
    spec = next((t for t in assessment.pack.tables if t.id == rows.table), None)
    label = next((c.label for c in (spec.columns if spec else ()) if c.id == rows.column), rows.column)
    sheet = spec.sheet if spec else rows.table
    if column is None or not mine:
        return Check(False, False, f"「{sheet}」没有载明本单位的{label}")
    days = {n: column.day(n) for n in mine}
    blank = [column.cell(n) or f"「{sheet}」" for n, day in days.items() if day is None]
    if blank:
        return Check(False, False, f"{'、'.join(blank[:3])} 没有载明{label}")
    n, last = max(((n, day) for n, day in days.items() if day), key=lambda pair: pair[1])
    since = register.columns.get(rows.since) if rows.since else None
    first = since.day(at) if since else None
    if since and first and last < first:
        return Check(False, False, f"{column.cell(n)} 的{label}早于{since.cell(at)} 的{since.spec.label}")
    return Check(True, False, f"{column.cell(n)} 载明{label}（{last.year}年{last.month}月{last.day}日）")


def _waived(_: Assessment, determination: Determination, __: LetterKind) -> Check:
    grade = determination.grade
    if grade.state == "waived":
        return Check(True, False, grade.reason or "视同放弃评价")
    return Check(False, grade.state in ("graded", "exempt"), "核对结果不是放弃评价")


def _referred(assessment: Assessment, determination: Determination, kind: LetterKind) -> Check:
    asked = any(assessment.pack.letters.kind(c.letter) == kind for c in determination.conclusions)
    return Check(asked, False, "依据本单位结论")


_CHECKS: dict[Outcome, Callable[[Assessment, Determination, LetterKind], Check]] = {
    "eligible_met": _eligible(Verdict.MET, Verdict.NOT_MET),
    "eligible_not_met": _eligible(Verdict.NOT_MET, Verdict.MET),
    "facts_missing": _facts_missing,
    "graded": _graded,
    "funding_met": _funding_met,
    "sanction_recorded": _sanction_recorded,
    "concluded": _concluded,
    "recorded": _recorded,
    "waived": _waived,
    "referred": _referred,
}
