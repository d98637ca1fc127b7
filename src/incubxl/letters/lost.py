"""Rows of the sheet 结论 that ask for a public list and reach none: whoever they mean would be missing in silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from incubxl.assess.model import Assessment
from incubxl.grid import address
from incubxl.register.fold import squash
from incubxl.register.model import Table
from incubxl.register.named import Finder


@dataclass(frozen=True, slots=True)
class LostRow:
    """``kind``: id of the letter that the row names, or empty; ``why``: its cell and what is wrong, in Chinese."""

    kind: str
    number: str  # squashed, as ``refers_to``
    refers_to: str
    on: dt.date | None
    why: str


def lost_rows(assessment: Assessment) -> list[LostRow]:
    """Rows of an applicant who is not in the register, that contradict another of theirs, or that name no letter."""
    table = assessment.register.tables.get("conclusions")
    return [] if table is None else list(_lost(assessment, table))


def _lost(assessment: Assessment, table: Table) -> Iterator[LostRow]:
    register = assessment.register
    finder = Finder({kind.id: kind.label for kind in assessment.pack.letters.kinds})
    kept = {
        (applicant, c.letter, squash(c.document_number), squash(c.addressee), squash(c.refers_to))
        for applicant, rows in register.conclusions.items()
        for c in rows
    }
    texts = {id: table.columns[id].texts() for id in ("letter", "document_number", "addressee", "refers_to")}
    owners, days = table.columns[table.spec.owner], table.columns["on"].days()
    for i, owner in enumerate(table.owner.tolist()):
        written = texts["letter"][i]
        kind = finder.find(written)
        number, addressee, refers_to = (squash(texts[id][i]) for id in ("document_number", "addressee", "refers_to"))
        if not (kind or number):
            continue
        if owner >= 0:
            if (register.ids[owner], kind or written, number, addressee, refers_to) in kept:
                continue
            why = (
                f"{_cell(table, i, 'letter')} 所在行没有采用（{'与同一单位的另一行矛盾' if written else '没有写结论'}）"
            )
        else:
            id, place = owners.text(i), _cell(table, i, table.spec.owner)
            why = f"{place} 的申报编号「{id}」不在登记表里" if id else f"{place} 没有申报编号"
            why += "，不知道是哪家单位"
        yield LostRow(kind, number, refers_to, days[i], why)


def _cell(table: Table, i: int, at: str) -> str:
    column = table.columns[at]
    return f"{column.sheet}!{address(int(column.rows[i]), max(column.sheet_column, 0))}"
