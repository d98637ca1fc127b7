"""From last year's register to this year's workbook: what an office would otherwise type again, as proposals.

An interpretation carried over has no signer and no date, so it does not count as answered until someone signs it.
What belongs to one year (dates, the year's money, the scheme's rows, scores, judgements, conclusions) stays behind.
"""

from __future__ import annotations

from incubxl.grid import CellKind
from incubxl.register.model import Answer, Column, Register, Table
from incubxl.templates.content import AnswerInput, CellInput, Row, WorkbookContent
from incubxl.templates.shown import DECLARED_NA

PROPOSAL = "沿用上年度口径（待确认）"
SETTING_NOTE = "沿用上年度，请核对"
IDENTITY = ("applicant_id", "name", "uscc", "district", "contact_name", "contact_phone", "contact_email")
_OF_ONE_YEAR = ("pack", "year", "reference_year", "as_of")
_YEARLY_TYPES = ("money", "date", "year")
_HISTORY = "history"


def proposals(register: Register, *, applicants: bool = False) -> WorkbookContent:
    """Settings, interpretations and history of last year's ``register``; with ``applicants`` also who they were.

    History rows keep their order. A cell that could not be read stays blank and is named in the row's note.
    """
    yearly = {s.id for s in register.pack.settings if s.id in _OF_ONE_YEAR or s.type in _YEARLY_TYPES}
    settings = {id: value for id, value in register.settings.values.items() if id not in yearly}
    history = register.tables.get(_HISTORY)
    return WorkbookContent(
        register=_identities(register) if applicants else (),
        tables={_HISTORY: _rows(history)} if history is not None and history.height else {},
        settings=settings,
        setting_notes=dict.fromkeys(settings, SETTING_NOTE),
        answers={id: _proposal(answer) for id, answer in register.answers.items() if answer.signed is not None},
    )


def _proposal(answer: Answer) -> AnswerInput:
    """The answer without signature; who gave it and why stand in the reason."""
    signed = answer.signed
    if signed is None:
        return AnswerInput(answer.option, PROPOSAL)
    who = "，".join(x for x in (signed.name, f"{signed.on:%Y-%m-%d}" if signed.on else "") if x)
    reason = signed.reason.removeprefix(PROPOSAL).lstrip("；").removeprefix("原理由：")
    parts = [PROPOSAL, f"原理由：{reason}" if reason else "", f"原确定人：{who}" if who else ""]
    return AnswerInput(answer.option, "；".join(x for x in parts if x))


def _identities(register: Register) -> tuple[Row, ...]:
    columns = {id: register.columns[id] for id in IDENTITY if id in register.columns}
    return tuple({id: _input(column, i) for id, column in columns.items()} for i in range(register.size))


def _rows(table: Table) -> tuple[Row, ...]:
    return tuple(_row(table, i) for i in range(table.height))


def _row(table: Table, i: int) -> Row:
    row = {id: _input(column, i) for id, column in table.columns.items()}
    lost = [c.spec.label for c in table.columns.values() if c.kinds[i] in _LOST]
    if lost and "note" in row:
        said = f"上年度的「{'」「'.join(lost)}」没有读出，请补录"
        row["note"] = f"{row['note']}；{said}" if row["note"] else said
    return row


_LOST = (CellKind.ERROR, CellKind.UNCACHED, CellKind.UNREADABLE)


def _input(column: Column, i: int) -> CellInput:
    """Cell i as a value to write."""
    if column.kinds[i] == CellKind.DECLARED_NA:
        return DECLARED_NA
    if not column.has(i):
        return None
    match column.spec.type:
        case "integer" | "year":
            return int(column.values[i])
        case "number" | "money" | "percent":
            return column.exact(i)
        case "date":
            return column.day(i)
        case "boolean":
            return column.flag(i)
        case _:
            return column.text(i)
