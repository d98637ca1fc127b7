"""The events sheet: what was done, handed in, found, decided or excepted in the course of a procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incubxl.issues import Issue
from incubxl.issues import register as define
from incubxl.policy.pack import Pack
from incubxl.register.model import Event, Table
from incubxl.register.named import Finder, Names, lacking, row_issue, unknown
from incubxl.register.rows import EVERYBODY

define(
    "officer.everybody",
    "error",
    "「{sheet}」第{row}行的{kind}「{seen}」写的是「全体」，没有生效，没有哪个单位因此被处理。",
    "查明情形和处理决定是对一个单位的：是哪些单位的，请每个单位写一行。",
    "处理决定的申报编号写了「全体」",
)

_NEEDED = ("kind", "what", "on")
_ALSO = {
    "exception": ("reason", "signer"),  # acts of a named person
    "decision": ("option", "signer"),
    "deadline": ("until",),
}
_OF_ONE = frozenset({"finding", "decision"})  # about one organisation, never about all at once


def read_events(pack: Pack, table: Table, ids: Sequence[str]) -> tuple[dict[str, tuple[Event, ...]], list[Issue]]:
    """Events per applicant id, in the sheet's order; those of 全体 stand under every applicant.

    A row that lacks its kind, matter or date, an exception without reason and signature, a decision without option
    and signature, a finding or decision about 全体, or a matter that the measure does not know is an error and left
    out.
    """
    names = {kind: Finder(known) for kind, known in _names(pack).items()}
    options = {s.id: Finder({o.id: o.label for o in s.options}) for s in pack.procedure.sanctions}
    events: dict[str, list[Event]] = {}
    issues: list[Issue] = []
    texts = {id: column.texts() for id, column in table.columns.items() if column.spec.type in ("text", "choice")}
    on, until = table.columns["on"].days(), table.columns["until"].days()
    for i, owner in enumerate(table.owner.tolist()):
        if owner < 0 and owner != EVERYBODY:
            continue
        applicant = ids[owner] if owner >= 0 else ""
        kind, what = texts["kind"][i], texts["what"][i]
        if lacks := lacking(table, i, (*_NEEDED, *_ALSO.get(kind, ()))):
            issues.append(row_issue("officer.incomplete", table, i, table.spec.owner, applicant, lacks=lacks))
            continue
        if kind in _OF_ONE and not applicant:
            seen = {"kind": table.columns["kind"].spec.choice_label(kind), "seen": what}
            issues.append(row_issue("officer.everybody", table, i, table.spec.owner, "", **seen))
            continue
        if kind in names:
            written, what = what, names[kind].find(what)
            if not what:
                issues.append(unknown(table, i, "what", names[kind].names.values(), applicant))
                continue
        else:
            written = what
        option = texts["option"][i]
        if kind == "decision":
            option = options[what].find(option)
            if not option:
                labels = [o.label for o in pack.procedure.sanction(what).options]
                issues.append(unknown(table, i, "option", labels, applicant))
                continue
        day = on[i]
        assert day is not None
        event = Event(
            kind=kind,
            what=what,
            written=written,
            on=day,
            until=until[i],
            period=texts["period"][i],
            by=texts["by"][i],
            document_number=texts["document_number"][i],
            evidence=texts["evidence"][i],
            option=option,
            reason=texts["reason"][i],
            signer=texts["signer"][i],
            cell=table.columns["what"].cell(i),
            everybody=owner == EVERYBODY,
        )
        for id in [applicant] if applicant else ids:
            events.setdefault(id, []).append(event)
    return {id: tuple(found) for id, found in events.items()}, issues


def _names(pack: Pack) -> Mapping[str, Names]:
    """By kind of event, the matters that the measure knows: id → name. Kinds that are not here take people's words."""
    procedure = pack.procedure
    stages = {s.id: s.label for s in procedure.stages}
    sanctions = {s.id: s.label for s in procedure.sanctions}
    duties = {d.id: d.label for d in procedure.duties}
    return {
        "stage": stages,
        "exception": stages,
        "submission": duties,
        "deadline": duties,
        "finding": sanctions,
        "decision": sanctions,
    }
