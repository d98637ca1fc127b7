"""The history sheet: what was recognised, graded, paid or sanctioned before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from incubxl.grid import CellKind, Place
from incubxl.issues import Issue, issue
from incubxl.money import WAN
from incubxl.policy.pack import Pack
from incubxl.register.fold import squash
from incubxl.register.model import Column, PastEvent, Table

_SELF_TELLING = ("withdrawn", "not_reported", "absent", "not_held")  # kinds that need no further words


Past = dict[str, tuple[PastEvent, ...]]


def read_history(pack: Pack, table: Table, ids: Sequence[str]) -> tuple[Past, Past, list[Issue]]:
    """Past events per applicant id, in the sheet's order. A row without kind or content is an error and left out.

    The second: decisions whose id and credit code name different organisations, under each that it may be about.
    """
    columns = table.columns
    words = _words(pack)
    history: Past = {}
    contested: Past = {}
    issues: list[Issue] = []
    for i in range(table.height):
        if table.owner[i] < 0:
            continue
        applicant = ids[table.owner[i]]
        asked = ("kind",) if columns["kind"].text(i) in _SELF_TELLING else ("kind", "what")
        lacks = [columns[id].spec.label for id in asked if not columns[id].has(i)]
        at = columns[table.spec.owner]
        if lacks:
            place = Place(at.sheet, at.cell(i).split("!")[-1])
            seen = {"sheet": at.sheet, "row": int(at.rows[i]) + 1, "lacks": "、".join(lacks)}
            issues.append(issue("officer.incomplete", place, applicant=applicant, **seen))
            continue
        event = _event(table, i, words)
        if event.kind == "sanction" and i in table.contested:
            for id in (ids[n] for n in table.contested[i]):
                contested[id] = (*contested.get(id, ()), event)
        else:
            history[applicant] = (*history.get(applicant, ()), event)
    return history, contested, issues


def history_of_others(pack: Pack, table: Table) -> dict[str, tuple[PastEvent, ...]]:
    """Past events of those who are not in this register, by credit code; rows without code, kind or content not."""
    columns, words = table.columns, _words(pack)
    found: dict[str, tuple[PastEvent, ...]] = {}
    for i in range(table.height):
        code, kind = columns["uscc"].text(i), columns["kind"].text(i)
        if table.owner[i] < 0 and code and kind and (kind in _SELF_TELLING or columns["what"].has(i)):
            found[code] = (*found.get(code, ()), _event(table, i, words))
    return found


def _event(table: Table, i: int, words: Mapping[str, Mapping[str, str]]) -> PastEvent:
    columns = table.columns
    kind, what, year = columns["kind"].text(i), columns["what"].text(i), columns["year"]
    return PastEvent(
        kind=kind,
        what=words.get(kind, {}).get(squash(what), what),
        on=columns["on"].day(i),
        year=int(year.values[i]) if year.has(i) else None,
        amount=_yuan(columns["amount"], i),
        cell=columns["what"].cell(i) or columns[table.spec.owner].cell(i),
        uscc=columns["uscc"].text(i),
        document_number=columns["document_number"].text(i),
    )


def _yuan(amount: Column, i: int) -> Decimal | None:
    exact = amount.exact(i)
    return (
        None
        if exact is None or amount.kinds[i] != CellKind.VALUE
        else exact * (WAN if amount.spec.unit == "万元" else 1)
    )


def _words(pack: Pack) -> Mapping[str, Mapping[str, str]]:
    """Grade names and sanctions as officials write them → their ids."""
    grades = {squash(name): grade.id for grade in pack.evaluation.grades for name in (grade.label, grade.id)}
    sanctions: dict[str, str] = {}
    for sanction in pack.procedure.sanctions:
        sanctions |= {squash(name): sanction.id for name in (sanction.label, sanction.finding, sanction.id)}
    return {"grade": grades, "sanction": sanctions}
