"""References of letters.yaml that loading cannot see: tracks, grades, items of money, sanctions, facts."""

from __future__ import annotations

from collections.abc import Iterator

from incubxl.policy.claims import unsupported
from incubxl.policy.letters import Rows
from incubxl.policy.pack import Pack
from incubxl.policy.source import Path


def letters(pack: Pack) -> Iterator[tuple[str, Path, str]]:
    """Findings as (pack field, path in it, Chinese message)."""
    policy = pack.letters
    if policy.recognised_on and getattr(pack.fact.get(policy.recognised_on), "type", "") != "date":
        yield "letters", ("recognised_on",), f"没有日期栏目「{policy.recognised_on}」"
    tracks = {t.id for t in pack.measure.tracks}
    grades = {g.label for g in pack.evaluation.grades}
    items = {i.id for i in pack.funding.items}
    sanctions = {s.id for s in pack.procedure.sanctions}
    for n, kind in enumerate(policy.kinds):
        here: Path = ("kinds", n)
        named = [*kind.tracks, *(t for c in (*kind.clauses, *kind.duties) for t in c.tracks)]
        for what, known, used in (
            ("申报类型", tracks, named),
            ("等级", grades, (*kind.when.grades, *kind.adverse_grades)),
            ("资金项目", items, kind.when.items),
            ("处理", sanctions, kind.when.sanctions),
            ("条件", set(pack.criterion), kind.requires),
            ("口径", set(pack.interpretation), kind.questions),
            ("通知书种类", {k.id for k in policy.kinds}, kind.after),
            ("登记栏目", set(pack.fact), (*kind.when.facts, *filter(None, (kind.addressee_fact(),)))),
        ):
            for name in used:
                if name not in known:
                    yield "letters", here, f"没有{what}「{name}」"
        yield from (("letters", here, f"「{kind.label}」{why}") for why in unsupported(kind))
        if kind.when.rows:
            yield from (("letters", (*here, "when"), why) for why in _rows(pack, kind.when.rows))
        for fact in kind.when.facts:
            if fact in pack.fact and pack.fact[fact].type not in ("date", "boolean"):
                yield "letters", (*here, "when"), f"栏目「{fact}」不是日期或是否，不能说明环节已完成"
        for track in kind.tracks or tracks if kind.clauses else ():
            if not any(not c.tracks or track in c.tracks for c in kind.clauses):
                yield "letters", (*here, "clauses"), f"对申报类型「{track}」没有依据条款"


def _rows(pack: Pack, rows: Rows) -> Iterator[str]:
    table = next((t for t in pack.tables if t.id == rows.table), None)
    column = next((c for c in table.columns if c.id == rows.column), None) if table else None
    if column is None or column.type != "date":
        yield f"「{rows.table}.{rows.column}」不是明细表的日期栏目"
    if rows.since is not None and getattr(pack.fact.get(rows.since), "type", "") != "date":
        yield f"没有日期栏目「{rows.since}」"
