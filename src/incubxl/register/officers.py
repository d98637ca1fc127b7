"""The acts of named officials: judgements, overrides, answers, conclusions. Incomplete ones do nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from incubxl.blanks import names_nobody
from incubxl.grid import CellKind, Place
from incubxl.issues import Issue, issue
from incubxl.policy.pack import Pack
from incubxl.register.events import read_events
from incubxl.register.fold import squash
from incubxl.register.model import Act, Answer, Conclusion, Event, Judged, Override, PastEvent, Signed, Table
from incubxl.register.named import Finder, Names, lacking, row_issue, unknown
from incubxl.register.past import read_history
from incubxl.verdict import BY_KEY


@dataclass
class Acts:
    """What the officers' sheets say, as the register keeps it."""

    judgements: dict[tuple[str, str], Judged] = field(default_factory=dict)
    overrides: dict[tuple[str, str], Override] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    conclusions: dict[str, tuple[Conclusion, ...]] = field(default_factory=dict)
    history: dict[str, tuple[PastEvent, ...]] = field(default_factory=dict)
    contested: dict[str, tuple[PastEvent, ...]] = field(default_factory=dict)
    events: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


class _Act(NamedTuple):
    """One complete row: what it is about, what it says (compared between rows), and the value to keep."""

    key: Any
    says: Any
    value: Any
    cell: str
    item: str
    applicant: str = ""


def read_acts(pack: Pack, tables: Mapping[str, Table], ids: Sequence[str]) -> Acts:
    """All acts of a workbook."""
    acts = Acts()
    judgements = {j.id: j.label for j in pack.judgements}
    criteria = {c.id: c.title for c in pack.criteria}
    keep = acts.issues
    acts.judgements = _settle(_verdicts(tables["judgements"], "judgement", judgements, ids, keep), keep)
    acts.overrides = _settle(_verdicts(tables["overrides"], "criterion", criteria, ids, keep), keep)
    acts.answers = _answers(pack, tables["interpretations"], keep)
    letters = {kind.id: kind.label for kind in pack.letters.kinds}
    for applicant, value in _settle(_conclusions(tables["conclusions"], letters, ids, keep), keep).values():
        acts.conclusions[applicant] = (*acts.conclusions.get(applicant, ()), value)
    acts.history, acts.contested, found = read_history(pack, tables["history"], ids)
    keep += found
    acts.events, found = read_events(pack, tables["procedure_events"], ids)
    keep += found
    return acts


class _Signing:
    """Signatures of a table's rows, each for what stands in the column ``at``."""

    def __init__(self, table: Table, at: str, on: str = "signed_on") -> None:
        self._signer, self._reason = table.columns["signer"].texts(), table.columns["reason"].texts()
        self._on, self._at = table.columns[on].days(), table.columns[at]

    def signed(self, i: int) -> Signed:
        return Signed(self._signer[i], self._on[i], self._reason[i], self._at.cell(i))


def _incomplete(table: Table, needed: Sequence[str]) -> set[int]:
    """Rows that lack one of ``needed``; a signer who is nobody is lacking."""
    lacking = np.zeros(table.height, dtype=np.bool_)
    for id in needed:
        lacking |= table.columns[id].kinds != CellKind.VALUE
    unsigned = {i for i, name in enumerate(table.columns["signer"].texts()) if names_nobody(name)}
    return set(np.flatnonzero(lacking).tolist()) | unsigned


def _acting(table: Table, acting: Sequence[str]) -> list[int]:
    """Rows in which any of these is filled; the others were only prepared by the template."""
    filled = np.zeros(table.height, dtype=np.bool_)
    for id in acting:
        filled |= table.columns[id].kinds != CellKind.BLANK
    if table.spec.owner:
        filled &= table.owner >= 0
    return np.flatnonzero(filled).tolist()


def _verdicts(table: Table, item: str, names: Names, ids: Sequence[str], issues: list[Issue]) -> list[_Act]:
    override = item == "criterion"
    needed = ("verdict", "signer", "signed_on", *(("reason",) if override else ()))
    acts = []
    finder, signing = Finder(names), _Signing(table, "verdict")
    incomplete = _incomplete(table, (item, *needed))
    items, verdicts, owner = table.columns[item].texts(), table.columns["verdict"].texts(), table.owner.tolist()
    for i in _acting(table, ("verdict", "reason", "signer", "signed_on")):
        applicant = ids[owner[i]]
        if i in incomplete:
            lacks = lacking(table, i, (item, *needed))
            issues.append(row_issue("officer.incomplete", table, i, "verdict", applicant, lacks=lacks))
            continue
        id = finder.find(items[i])
        if not id:
            issues.append(unknown(table, i, item, [*names.values(), *names], applicant))
            continue
        verdict = BY_KEY[verdicts[i]]
        signed = signing.signed(i)
        seen = table.columns["seen"].text(i) if override else ""
        value: Judged | Override = Override(verdict, seen, signed) if override else Judged(verdict, signed)
        acts.append(_Act((applicant, id), (verdict, seen), value, signed.cell, f"{applicant} {names[id]}", applicant))
    return acts


def _answers(pack: Pack, table: Table, issues: list[Issue]) -> dict[str, Answer]:
    """The office's answers; a question without one takes its legal default, one answered amiss stays open."""
    names = {i.id: i.question for i in pack.interpretations}
    acts: list[_Act] = []
    touched: set[str] = set()
    finder, signing = Finder(names), _Signing(table, "answer")
    for row in _acting(table, ("answer", "signer", "signed_on")):
        id = finder.find(table.columns["interpretation"].text(row))
        if not id:
            issues.append(unknown(table, row, "interpretation", [*names, *names.values()], ""))
            continue
        touched.add(id)
        if lacks := lacking(table, row, ("answer", "signer", "signed_on")):
            issues.append(row_issue("officer.incomplete", table, row, "answer", "", lacks=lacks))
            continue
        options = {option.id: option.label for option in pack.interpretation[id].options}
        option = Finder(options).find(table.columns["answer"].text(row))
        if not option:
            issues.append(unknown(table, row, "answer", options.values(), ""))
            continue
        signed = signing.signed(row)
        acts.append(_Act(id, option, Answer(option, signed), signed.cell, names[id]))
    answers: dict[str, Answer] = {
        i.id: Answer(i.default.option, None, i.default.source)
        for i in pack.interpretations
        if i.default and i.id not in touched
    }
    return answers | _settle(acts, issues)


def _conclusions(table: Table, letters: Names, ids: Sequence[str], issues: list[Issue]) -> list[_Act]:
    """Rows that name a letter; one that nobody has signed or dated yet is kept, and its letter is a draft."""
    acts = []
    column = table.columns
    finder, signing = Finder(letters), _Signing(table, "letter", "on")
    for i in _acting(table, tuple(id for id in column if id != table.spec.owner)):
        applicant = ids[table.owner[i]]
        if lacks := lacking(table, i, ("letter", "on", "signer")):
            issues.append(row_issue("officer.incomplete", table, i, "letter", applicant, lacks=lacks))
        if not column["letter"].has(i):
            continue
        written = column["letter"].text(i)
        signed = signing.signed(i)
        value = Conclusion(
            letter=finder.find(written) or written,  # what is no letter of the measure is told where letters are
            document_number=column["document_number"].text(i),
            signed=signed,
            text=signed.reason,
            details=column["details"].text(i),
            addressee=column["addressee"].text(i),
            refers_to=column["refers_to"].text(i),
            refers_on=column["refers_on"].day(i),
            refers_kind=column["refers_kind"].text(i),
            handled=Act(column["handler"].text(i), column["handled_on"].day(i)),
            reviewed=Act(column["reviewer"].text(i), column["reviewed_on"].day(i)),
            signed_on=column["signed_on"].day(i),
        )
        key = (applicant, value.letter, *map(squash, (value.document_number, value.addressee, value.refers_to)))
        says = (signed.on, signed.name, signed.reason, value.details)
        acts.append(_Act(key, says, (applicant, value), signed.cell, f"{applicant} {value.letter}", applicant))
    return acts


def _settle(acts: Sequence[_Act], issues: list[Issue]) -> dict[Any, Any]:
    """One value per key: rows that agree count once, rows that do not agree all fall away."""
    first: dict[Any, _Act] = {}
    dropped: set[Any] = set()
    for act in acts:
        earlier = first.setdefault(act.key, act)
        if earlier is act:
            continue
        code = "officer.repeated" if earlier.says == act.says else "officer.conflict"
        if code == "officer.conflict":
            dropped.add(act.key)
        place = Place(*act.cell.split("!", 1)) if act.cell else Place()
        issues.append(issue(code, place, applicant=act.applicant, first=earlier.cell, second=act.cell, item=act.item))
    return {key: act.value for key, act in first.items() if key not in dropped}
