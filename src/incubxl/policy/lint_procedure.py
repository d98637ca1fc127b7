"""Procedure: roles, sequences and their order, columns, parameters and questions that stages, duties, terms and
sanctions name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.policy.procedure import Duty, Reading, Rows, Term
from incubxl.policy.source import Path

Found = tuple[str, Path, str]
_TIME = ("年", "个月", "月", "日", "天")


def procedure(pack: Pack) -> Iterator[Found]:
    """Every finding in a pack's procedure.yaml that its structure does not show."""
    for path, message in (*_actors(pack), *_stages(pack), *_duties(pack), *_terms(pack), *_first_day(pack)):
        yield "procedure", path, message


def _actors(pack: Pack) -> Iterator[tuple[Path, str]]:
    roles = {r.id for r in pack.measure.roles} | {"applicant"}
    policy = pack.procedure
    acting = [(("stages", n), e) for n, e in enumerate(policy.stages)]
    acting += [(("duties", n), e) for n, e in enumerate(policy.duties)]  # type: ignore[misc]
    for here, entry in acting:
        if entry.actor not in roles:
            yield (*here, "actor"), f"没有角色「{entry.actor}」"
        yield from _tracks(pack, entry.tracks, (*here, "tracks"))
    ids = {
        "sequences": [s.id for s in policy.sequences],
        "stages": [s.id for s in policy.stages],
        "duties": [d.id for d in policy.duties],
        "terms": [t.id for t in policy.terms],
        "sanctions": [s.id for s in policy.sanctions],
    }
    for key, found in ids.items():
        for n, id in enumerate(found):
            if id in found[:n]:
                yield (key, n, "id"), f"标识「{id}」重复"


def _tracks(pack: Pack, tracks: Iterable[str], path: Path) -> Iterator[tuple[Path, str]]:
    known = {t.id for t in pack.measure.tracks}
    yield from ((path, f"没有申报类型「{t}」") for t in tracks if t not in known)


def _stages(pack: Pack) -> Iterator[tuple[Path, str]]:
    policy = pack.procedure
    sequences = {q.id for q in policy.sequences}
    terms, duties = {t.id for t in policy.terms}, {d.id for d in policy.duties}
    for n, sequence in enumerate(policy.sequences):
        here: Path = ("sequences", n)
        yield from _tracks(pack, sequence.tracks, (*here, "tracks"))
        if not any(s.sequence == sequence.id for s in policy.stages):
            yield here, f"程序「{sequence.label}」没有环节"
        opener = policy.stage.get(sequence.after)
        if sequence.after and (opener is None or opener.sequence == sequence.id):
            yield (*here, "after"), f"「{sequence.after}」不是另一程序的环节"
        if sequence.over and sequence.over not in terms:
            yield (*here, "over"), f"没有期限「{sequence.over}」"
    public: set[str] = set()  # sequences with a 公示 so far
    for n, stage in enumerate(policy.stages):
        here = ("stages", n)
        if (stage.sequence not in sequences) if sequences else stage.sequence:
            yield (*here, "sequence"), f"没有程序「{stage.sequence}」"
        types = {"recorded": (), "record": ("boolean",), "until": ("date",), "objection": ("boolean",)}
        for key, kinds in types.items():
            if message := _fact(pack, getattr(stage, key), kinds):
                yield (*here, key), message
        if stage.duty and stage.duty not in duties:
            yield (*here, "duty"), f"没有义务「{stage.duty}」"
        if stage.needs and stage.sequence not in public:
            yield (*here, "needs"), "在它之前没有公示环节"
        if stage.public:
            public.add(stage.sequence)


def _fact(pack: Pack, id: str, types: tuple[str, ...]) -> str:
    """What is wrong with a column that is named; empty when nothing is, or none is named."""
    return _typed(pack.fact.get(id), id, types) if id else ""


def _typed(field: Field | None, id: str, types: tuple[str, ...]) -> str:
    if field is None:
        return f"没有栏目「{id}」"
    return f"栏目「{id}」的类型应为{'、'.join(types)}" if types and field.type not in types else ""


def _since(pack: Pack, id: str) -> str:
    return "" if not id or id in pack.procedure.stage or id in pack.fact else f"没有栏目或环节「{id}」"


def _counted(pack: Pack, spec: Duty | Term, here: Path) -> Iterator[tuple[Path, str]]:
    """What a duty and a term have in common: the date that counts, and the time from it."""
    if spec.event and spec.event not in pack.procedure.stage and (m := _fact(pack, spec.event, ("date",))):
        yield (*here, "event"), m
    if spec.by:
        yield from _reading(pack, spec.by, (*here, "by"))
    if spec.extension:
        if m := _fact(pack, spec.extension.event, ("date",)):
            yield (*here, "extension", "event"), m
        yield from _length(pack, spec.extension.after, (*here, "extension", "after"))
    yield from _length(pack, spec.after, (*here, "after"))
    yield from _tracks(pack, spec.tracks, (*here, "tracks"))
    if m := _since(pack, spec.since):
        yield (*here, "since"), m


def _reading(pack: Pack, by: Reading, here: Path) -> Iterator[tuple[Path, str]]:
    question = pack.interpretation.get(by.interpretation)
    known = {o.id for o in question.options} if question else set()
    if question is None:
        yield (*here, "interpretation"), f"没有口径「{by.interpretation}」"
    elif set(by.columns) != known:
        yield (*here, "columns"), f"口径「{by.interpretation}」的选项应为{'、'.join(sorted(known))}"
    for option, column in by.columns.items():
        if m := _fact(pack, column, ("date",)):
            yield (*here, "columns", option), m


def _length(pack: Pack, id: str, path: Path) -> Iterator[tuple[Path, str]]:
    if id and id not in pack.parameter:
        yield path, f"没有参数「{id}」"
    elif id and pack.parameter[id].unit not in _TIME:
        yield path, f"参数「{id}」的单位应为{'、'.join(_TIME)}"


def _duties(pack: Pack) -> Iterator[tuple[Path, str]]:
    for n, duty in enumerate(pack.procedure.duties):
        here: Path = ("duties", n)
        yield from _counted(pack, duty, here)
        yield from _length(pack, duty.lead, (*here, "lead"))
        if m := _fact(pack, duty.done, ()):
            yield (*here, "done"), m
        if m := _fact(pack, duty.till, ("date",)):
            yield (*here, "till"), m
        if duty.rows:
            yield from _rows(pack, duty.rows, (*here, "rows"))
        if duty.exempt:
            question = pack.interpretation.get(duty.exempt.interpretation)
            if question is None or duty.exempt.option not in {o.id for o in question.options}:
                yield (*here, "exempt"), f"没有口径「{duty.exempt.interpretation}」或其选项「{duty.exempt.option}」"
            if m := _fact(pack, duty.exempt.column, ("choice",)):
                yield (*here, "exempt", "column"), m


def _rows(pack: Pack, rows: Rows, here: Path) -> Iterator[tuple[Path, str]]:
    table = pack.table.get(rows.table)
    if table is None:
        yield (*here, "table"), f"没有明细表「{rows.table}」"
        return
    columns = {c.id: c for c in table.columns}
    types = {"event": ("date",), "done": (), "name": (), "year": ("year",), "quarter": ("choice",), "kind": ("choice",)}
    for key, kinds in types.items():
        id = getattr(rows, key)
        if id and (m := _typed(columns.get(id), id, kinds)):
            yield (*here, key), m


def _terms(pack: Pack) -> Iterator[tuple[Path, str]]:
    for n, term in enumerate(pack.procedure.terms):
        yield from _counted(pack, term, ("terms", n))


def _first_day(pack: Pack) -> Iterator[tuple[Path, str]]:
    question = pack.procedure.ban_first_day
    if question and question not in pack.interpretation:
        yield ("ban_first_day",), f"没有口径「{question}」"
