"""From ids to the words that stand in cells: choices, judgements, criteria, grades, letters …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.templates.content import CellInput, Formula

YES, NO = "是", "否"
DECLARED_NA = "不适用"
Labels = Mapping[str, str]


def labels(pairs: Iterable[tuple[str, str]], *, both: bool = False) -> dict[str, str]:
    """id → label; where two ids would share a label, the id (with ``both``: id and label), which readers accept."""
    found = dict(pairs)
    seen = Counter(found.values())
    return {
        id: label if seen[label] == 1 else f"{id}｜{label}" if both else id for id, label in found.items()
    }  # fmt: skip


def references(pack: Pack) -> dict[tuple[str, str], Labels]:
    """(table id, column id) → the ids that the column names, with their labels."""
    numbers = [(f.id, f.label) for f in pack.facts if f.type in ("integer", "number", "money", "percent")]
    sources = labels([*numbers, *((d.id, d.label) for d in pack.derived)])
    flags = labels((f.id, f.label) for f in pack.facts if f.type == "boolean")
    grades = [(g.id, g.label) for g in pack.evaluation.grades]
    recognised = [(t.label, t.label) for t in pack.measure.tracks]
    sanctions = [(s.id, s.label) for s in pack.procedure.sanctions]
    procedure = pack.procedure
    matters = [(s.id, s.label) for s in procedure.stages] + [(d.id, d.label) for d in procedure.duties] + sanctions
    options = [(o.id, o.label) for s in procedure.sanctions for o in s.options]
    return {
        ("judgements", "judgement"): labels(((j.id, j.label) for j in pack.judgements), both=True),
        ("overrides", "criterion"): labels(((c.id, c.title) for c in pack.criteria), both=True),
        ("indicators", "set"): labels((s.id, s.label) for s in pack.evaluation.sets),
        ("indicators", "source"): sources,
        ("indicators", "half_source"): sources,
        ("grade_rules", "grade"): labels(grades),
        ("grade_rules", "veto_fact"): flags,
        ("grade_rules", "exempt_fact"): flags,
        ("conclusions", "letter"): labels((k.id, k.label) for k in pack.letters.kinds),
        ("history", "what"): labels([*grades, *((title, title) for title in awards(pack)), *recognised, *sanctions]),
        ("register", "status"): labels(((s.id, s.label) for s in procedure.stages), both=True),
        ("ledger", "item"): labels((i.id, i.label) for i in pack.funding.items if not i.refund),
        ("procedure_events", "what"): labels(matters, both=True),
        ("procedure_events", "option"): labels(options),
    }


def awards(pack: Pack) -> list[str]:
    """What the history sheet calls the measure's money: the titles that its rules look for, else the items' names."""
    found: list[str] = []
    for item in pack.funding.items:
        past = (a.past.titles for limit in item.limits for a in limit.amount.walk() if a.past)
        titles = [*item.once, *(title for titles in past for title in titles)]
        found += titles or [item.label]
    return list(dict.fromkeys(found))


def choices(field: Field) -> list[str]:
    """The dropdown of a coded column; empty for others."""
    if field.type == "boolean":
        found = [YES, NO]
    elif field.type == "choice":
        found = [c.label for c in field.choices]
    else:
        return []
    return [*found, DECLARED_NA] if field.may_not_apply and DECLARED_NA not in found else found


def shown(field: Field, value: CellInput, names: Labels) -> CellInput:
    """What is written for ``value``: a choice id or a reference id becomes its label, True becomes 是."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return field.choice_label(value) if field.type == "choice" else names.get(value, value)
    return value


def number(value: CellInput) -> Decimal | None:
    """The value as Excel's SUM counts it: numbers only, never text that looks like one."""
    if isinstance(value, Formula):
        value = value.cached
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(str(value))
