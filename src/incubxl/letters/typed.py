"""What an official types on a conclusion's row and the letter prints: a step that it says was taken must be recorded.

The words looked for are those of ``policy.claims``. A record is a stage of the measure that is done (by the sheet 事件
or by its column), a column on which the measure's letters rest, another row of 事件 or of 历史记录 in its own words,
or the conclusion's own 审核人; dated not after the letter. That they compared papers (核对) is what its signers answer
for. Nothing typed is changed: the letter stays a draft.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from incubxl.assess.model import Assessment, Determination
from incubxl.blanks import names_nobody
from incubxl.policy.claims import NO_OBJECTION, Step, statements, steps
from incubxl.policy.letters import LetterKind
from incubxl.policy.procedure import Stage
from incubxl.procedure.publicity import open_objections, runs_until
from incubxl.procedure.records import Records
from incubxl.register.model import Conclusion, Event

_KINDS = {  # events that tell of a step in words of their own
    "stage": "", "submission": "", "change": "变更", "objection_closed": "异议办结", "finding": "查明情形",
    "decision": "处理决定",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Record:
    words: str
    on: dt.date | None


def unrecorded(
    assessment: Assessment, determination: Determination, conclusion: Conclusion, kind: LetterKind
) -> Iterator[str]:
    """Why the typed words keep the letter of this kind from being final, in Chinese: one clause for each statement."""
    place = conclusion.signed.cell or "「结论」表"
    declared = {step for claim in kind.claims for step in steps(claim.says)}
    records: list[_Record] | None = None
    for what, text in _printed(kind, determination, conclusion):
        for said in dict.fromkeys(s for line in text.splitlines() for s in statements(line)):
            for step in steps(said):
                if step in declared:
                    continue
                if records is None:
                    records = list(_records(assessment, determination, conclusion))
                if lack := _lack(assessment, determination, conclusion, step, records):
                    yield f"{place} 的{what}写有「{said}」，{lack}；有这一步的请登记，没有的请删去这句话"
                    break


def _printed(kind: LetterKind, determination: Determination, conclusion: Conclusion) -> Iterator[tuple[str, str]]:
    """(heading, text) of the row's free texts that this letter shows."""
    yield "具体事项", conclusion.details
    if kind.amends or kind.is_adverse(determination.grade.grade):
        yield "理由", conclusion.signed.reason
    if kind.recipient != "public":
        yield "主送", conclusion.addressee


def _records(assessment: Assessment, determination: Determination, conclusion: Conclusion) -> Iterator[_Record]:
    register, pack = assessment.register, assessment.pack
    events = register.events.get(determination.applicant, ())
    labels = {stage.id: stage.label for stage in pack.procedure.stages}
    for event in events:
        if event.kind in _KINDS:
            own = (_KINDS[event.kind], labels.get(event.what, event.written), event.written, event.evidence)
            yield _Record(" ".join(own), event.on)
    for past in register.history.get(determination.applicant, ()):
        if past.kind == "sanction":
            yield _Record("查明情形", past.on)
    facts = {stage.recorded: stage.label for stage in pack.procedure.stages if stage.recorded}
    for fact in (fact for kind in pack.letters.kinds for fact in kind.when.facts):
        facts[fact] = f"{facts.get(fact, '')} {pack.label(fact)}"
    for fact, words in facts.items():
        done, day = _marked(assessment, determination, fact)
        if done:
            yield _Record(words, day)
    yield from _rows(assessment, determination)
    if not names_nobody(conclusion.reviewed.name) and conclusion.reviewed.on:
        yield _Record("审核", conclusion.reviewed.on)
    if not names_nobody(conclusion.signed.name):
        yield _Record("核对", conclusion.signed.on)


def _rows(assessment: Assessment, determination: Determination) -> Iterator[_Record]:
    """Steps that the measure's letters find on sheets of their own (变更备案 实地核查日期)."""
    at = assessment.register.index[determination.applicant]
    for rows in (kind.when.rows for kind in assessment.pack.letters.kinds):
        table = assessment.register.tables.get(rows.table) if rows else None
        column = table.columns.get(rows.column) if table and rows else None
        for n in range(table.height if table and column else 0):
            if table and column and table.owner[n] == at and (day := column.day(n)):
                yield _Record(column.spec.label, day)


def _marked(assessment: Assessment, determination: Determination, fact: str) -> tuple[bool, dt.date | None]:
    """Whether a column records a step as done (a date, 是, or what stands there), and on which day."""
    column, row = assessment.register.columns.get(fact), assessment.register.index[determination.applicant]
    if column is None or not column.has(row):
        return False, None
    if column.spec.type == "date":
        day = column.day(row)
        return day is not None, day
    return column.spec.type != "boolean" or column.flag(row) is True, None


def _lack(
    assessment: Assessment, determination: Determination, conclusion: Conclusion, step: Step, records: list[_Record]
) -> str:
    """Which record of the step is missing; empty where there is one."""
    by = conclusion.signed.on or assessment.as_of
    if step.name == NO_OBJECTION:
        return _objected(assessment, determination, by)
    mine = [record for record in records if step.recorded.search(record.words)]
    if any(record.on is None or record.on <= by for record in mine):
        return ""
    if mine:
        return f"而记录的{step.name}日期晚于结论日期"
    return f"而没有本单位{step.name}的记录（{_where(assessment, step)}）"


def _where(assessment: Assessment, step: Step) -> str:
    """Where such a step is recorded in this measure's workbook."""
    pack = assessment.pack
    stages = [stage for stage in pack.procedure.stages if step.recorded.search(stage.label)]
    columns = dict.fromkeys(f"登记表的「{pack.label(stage.recorded)}」" for stage in stages if stage.recorded)
    if stages:
        return "、".join([*columns, f"「事件」表的环节办结「{stages[0].label}」"])
    return f"本办法没有这一环节，「事件」表的依据材料里也没有写明{step.name}"


def _objected(assessment: Assessment, determination: Determination, by: dt.date) -> str:
    """What contradicts, or does not bear out, that a 公示 has ended by a day without objection."""
    register = assessment.register
    records = Records(register, assessment.as_of)
    events = register.events.get(determination.applicant, ())
    why = "而没有本单位公示的记录"
    for stage in (stage for stage in assessment.pack.procedure.stages if stage.public):
        began, typed, known = _publicity(assessment, determination, stage, events)
        if not known or (began and began > by):
            continue
        until, unknown = runs_until(records, began, typed)
        if until is None:
            why = f"而{unknown}"
        elif until >= by:
            why = f"而公示到{until.year}年{until.month}月{until.day}日，结论时还没有期满"
        elif raised := open_objections(events, began, by):
            why = f"而 {raised[0].cell} 的公示异议没有办结"
        else:
            why = _unanswered(assessment, determination, stage, events)
            if not why:
                return ""
    return why


def _unanswered(assessment: Assessment, determination: Determination, stage: Stage, events: tuple[Event, ...]) -> str:
    """The column that says whether there is an objection, where no event says it."""
    register = assessment.register
    column = register.columns.get(stage.objection)
    if not stage.objection or any(event.kind == "objection" for event in events):
        return ""
    said = column.flag(register.index[determination.applicant]) if column else None
    if said is False:
        return ""
    return f"而登记表的「{assessment.pack.label(stage.objection)}」{'填的是「是」' if said else '没有填'}"


def _publicity(
    assessment: Assessment, determination: Determination, stage: Stage, events: tuple[Event, ...]
) -> tuple[dt.date | None, dt.date | None, bool]:
    """When a 公示 began, the day typed as its last, and whether it is recorded at all."""
    done = [event for event in events if event.kind == "stage" and event.what == stage.id]
    if done:
        last = max(done, key=lambda event: event.on)
        return last.on, last.until, True
    known, began = _marked(assessment, determination, stage.recorded)
    _, until = _marked(assessment, determination, stage.until)
    return began, until, known
