"""References of forms.yaml that loading cannot see: facts, tables, columns, choices, tracks, roles, letters."""

from __future__ import annotations

from collections.abc import Iterator

from incubxl.policy.forms import Form, Rows, Values
from incubxl.policy.pack import Pack
from incubxl.policy.source import Path

Found = tuple[str, Path, str]


def forms(pack: Pack) -> Iterator[Found]:
    """Findings as (pack field, path in it, Chinese message)."""
    policy = pack.forms
    for name, keeper in (("office", policy.office), ("district", policy.district)):
        yield from (("forms", (name,), f"没有登记栏目「{f}」") for f in keeper.facts if f not in pack.fact)
        yield from (("forms", (name,), f"没有明细表「{t}」") for t in keeper.tables if t not in pack.table)
    both = {*policy.office.facts, *policy.office.tables} & {*policy.district.facts, *policy.district.tables}
    yield from (("forms", ("district",), f"「{id}」不能既由本单位填、又由推荐单位填") for id in sorted(both))
    yield from (("forms", ("applicant",), message) for message in _whose(pack))
    tracks = {t.id for t in pack.measure.tracks}
    roles = {r.id for r in pack.measure.roles} | {"applicant"}
    letters = {k.id for k in pack.letters.kinds}
    for n, form in enumerate(policy.forms):
        here: Path = ("forms", n)
        yield from (("forms", (*here, "tracks"), f"没有申报类型「{t}」") for t in form.tracks if t not in tracks)
        if form.filled_by not in roles:
            yield "forms", (*here, "filled_by"), f"没有角色「{form.filled_by}」"
        if form.reminder and form.reminder not in letters:
            yield "forms", (*here, "reminder"), f"没有通知书种类「{form.reminder}」"
        for id in (i for need in form.needs for i in (need.fact, need.then)):
            if id not in pack.fact:
                yield "forms", (*here, "needs"), f"没有登记栏目「{id}」"
        for s, section in enumerate(form.sections):
            at: Path = (*here, "sections", s)
            if isinstance(section, Values):
                yield from (("forms", at, m) for m in _values(pack, form, section))
            elif isinstance(section, Rows):
                yield from (("forms", at, m) for m in _rows(pack, section))


def _whose(pack: Pack) -> Iterator[str]:
    """What records somebody else's step must be said to be theirs, or the applicant's all the same."""
    policy = pack.forms
    kept = {*policy.office.facts, *policy.district.facts, *(f.id for f in pack.facts if f.office)}
    yield from (f"没有登记栏目「{f}」" for f in policy.applicant if f not in pack.fact)
    yield from (f"「{f}」不能既由申报单位填、又由本单位或推荐单位填" for f in policy.applicant if f in kept)
    for stage in pack.procedure.stages:
        for id in filter(None, (stage.recorded, stage.record, stage.until, stage.objection)):
            if stage.actor != "applicant" and id in pack.fact and id not in kept and id not in policy.applicant:
                yield (
                    f"「{pack.fact[id].label}」记载的是环节「{stage.label}」，不是申报单位办的；"
                    "请写在 office、district 或 applicant 里"
                )


def _values(pack: Pack, form: Form, section: Values) -> Iterator[str]:
    for cell in section.cells:
        fact = pack.fact.get(cell.fact)
        if fact is None:
            yield f"没有登记栏目「{cell.fact}」"
        elif fact.office and not cell.given:
            yield f"栏目「{fact.label}」只由本单位填，表里要写 given: true"
        elif fact.tracks and not (set(form.tracks) <= set(fact.tracks)):
            yield f"栏目「{fact.label}」不属于本表的申报类型"


def _rows(pack: Pack, section: Rows) -> Iterator[str]:
    table = pack.table.get(section.table)
    if table is None:
        yield f"没有明细表「{section.table}」"
        return
    if not table.owner:
        yield f"明细表「{table.sheet}」的行不属于任何申报单位"
    columns = {c.id: c for c in table.columns}
    for id in (*(c.column for c in section.columns), *section.fixed, *filter(None, (section.year,))):
        if id not in columns:
            yield f"明细表「{table.sheet}」没有栏目「{id}」"
    for cell in section.columns:
        if cell.column in columns and columns[cell.column].office:
            yield f"栏目「{columns[cell.column].label}」只由本单位填，不能印在表里让人填"
    for id, choice in section.fixed.items():
        if id in columns and choice not in {c.id for c in columns[id].choices}:
            yield f"栏目「{id}」没有选项「{choice}」"
    if section.year and section.year in columns and columns[section.year].type != "year":
        yield f"栏目「{section.year}」不是年份"
