"""What loading cannot see: references between entries, units, scenarios, and quotes against the whole text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from incubxl.policy.criteria import Limb
from incubxl.policy.lint_forms import forms
from incubxl.policy.lint_funding import funding
from incubxl.policy.lint_letters import letters
from incubxl.policy.lint_procedure import procedure
from incubxl.policy.lint_sanctions import sanctions
from incubxl.policy.load import Lines
from incubxl.policy.pack import Pack, ScenarioGroup
from incubxl.policy.source import Path, PolicyError

Found = tuple[str, Path, str]  # pack field, path in it, message
_ALIAS = {"is_": "is", "not_": "not"}
_ARTICLE = re.compile(r"第[一二三四五六七八九十百\d]+条")
MAX_QUOTE = 240
SCENARIO_KINDS = ("criterion", "funding", "procedure", "due", "sanction", "consecutive", "ledger")


def lint(pack: Pack, lines: Lines, seed: str | None = None) -> list[PolicyError]:
    """Every finding in a loaded pack, with file and line. ``seed`` is the measure's whole text, when at hand."""
    found: list[Found] = [
        *_repeated(pack),
        *_fields(pack),
        *_derived(pack),
        *_criteria(pack),
        *procedure(pack),
        *sanctions(pack),
        *_evaluation(pack),
        *funding(pack, _limb),
        *letters(pack),
        *forms(pack),
        *_scenarios(pack),
    ]
    errors = [lines.error(*f) for f in found]
    errors += _quotes(lines, None if seed is None else _bare(seed))
    return sorted(set(errors))


def _repeated(pack: Pack) -> Iterator[Found]:
    shelves = ("facts", "tables", "derived", "judgements", "criteria", "parameters", "interpretations")
    for field in shelves:
        ids = [entry.id for entry in getattr(pack, field)]
        for n, id in enumerate(ids):
            if id in ids[:n]:
                yield field, (n, "id"), f"标识「{id}」重复"
    names = Counter([f.id for f in pack.facts] + [d.id for d in pack.derived])
    for n, derived in enumerate(pack.derived):
        if names[derived.id] > 1:
            yield "derived", (n, "id"), f"标识「{derived.id}」与登记栏目重复"


def _fields(pack: Pack) -> Iterator[Found]:
    tracks = {t.id for t in pack.measure.tracks}
    for n, fact in enumerate(pack.facts):
        yield from (("facts", (n, "tracks"), f"没有申报类型「{t}」") for t in fact.tracks if t not in tracks)
        if len(fact.note) > 255:
            yield "facts", (n, "note"), "输入提示超过255字"
    labels = Counter(f.label for f in pack.facts)
    for n, fact in enumerate(pack.facts):
        if labels[fact.label] > 1:
            yield "facts", (n, "label"), f"栏目名称「{fact.label}」重复"
    for n, table in enumerate(pack.tables):
        columns = {c.id for c in table.columns}
        for key in (*table.identity, *((table.owner,) if table.owner else ())):
            if key not in columns:
                yield "tables", (n,), f"明细表「{table.sheet}」没有栏目「{key}」"


def _derived(pack: Pack) -> Iterator[Found]:
    for n, derived in enumerate(pack.derived):
        table = pack.table.get(derived.table)
        if table is None:
            yield "derived", (n, "table"), f"没有明细表「{derived.table}」"
            continue
        columns = {c.id: c for c in table.columns}
        used = (*derived.key, *(w.column for w in derived.where), derived.column, derived.year_column)
        for column in used:
            if column and column not in columns:
                yield "derived", (n,), f"明细表「{table.sheet}」没有栏目「{column}」"
        for where in derived.where:
            choices = {c.id for c in columns[where.column].choices} if where.column in columns else set()
            for choice in where.one_of or ():
                if choice not in choices:
                    yield "derived", (n, "where"), f"栏目「{where.column}」没有选项「{choice}」"
        for fact in (derived.total, derived.each_year_since):
            if fact and fact not in pack.fact:
                yield "derived", (n,), f"没有登记栏目「{fact}」"


def _criteria(pack: Pack) -> Iterator[Found]:
    tracks = {t.id for t in pack.measure.tracks}
    covered = {g.criterion for g in pack.scenarios}
    for n, criterion in enumerate(pack.criteria):
        yield from (("criteria", (n, "tracks"), f"没有申报类型「{t}」") for t in criterion.tracks if t not in tracks)
        if criterion.id not in covered:
            yield "criteria", (n, "id"), f"条件「{criterion.title}」没有情景（scenarios.yaml）"
        for key, limb in (("check", criterion.check), ("applies", criterion.applies)):
            if limb is not None:
                for path, message in _limb(pack, limb, (n, key)):
                    yield "criteria", path, message


def _limb(pack: Pack, limb: Limb, path: Path) -> Iterator[tuple[Path, str]]:
    name = limb.operator
    spec = getattr(limb, name)
    here = (*path, _ALIAS.get(name, name))
    numbers = {**pack.fact, **pack.derivation}
    facts: list[str] = []
    match name:
        case "at_least" | "at_most":
            facts = [spec.fact]
            yield from ((here, m) for m in _bound(pack, spec.fact, spec.than))
        case "share_at_least":
            facts = [*spec.parts, spec.whole]
            yield from ((here, m) for m in _parameter(pack, spec.than, ("%",)))
        case "held_for":
            facts = [spec.since]
            yield from ((here, m) for m in _parameter(pack, spec.period, ("年", "个月", "月")))
        case "is_" | "one_of":
            facts = [spec.fact]
            yield from ((here, m) for m in _values(pack, spec))
        case "earlier_than":
            facts = [spec.fact, spec.than]
            if spec.by:
                yield from ((here, m) for m in _parameter(pack, spec.by, ("年", "个月", "月")))
        case "in_force":
            facts = [spec.fact]
            if not (pack.measure.validity.since or pack.measure.issued_on or pack.measure.validity.until):
                yield here, "办法没有印施行、印发或届满日期，不能用 in_force"
        case "provided":
            facts = list(spec.facts)
        case "attested" | "in_principle" if spec.judgement not in pack.judgement:
            yield here, f"没有人工判断事项「{spec.judgement}」"
        case "by_interpretation":
            yield from ((here, m) for m in _reading(pack, spec.interpretation, set(spec.options)))
        case "no_ban":
            known = {s.id: s for s in pack.procedure.sanctions}
            for sanction in spec.sanctions:
                if sanction not in known or not known[sanction].may_ban:
                    yield here, f"没有带禁止申报期的处理「{sanction}」"
    yield from ((here, f"没有登记栏目或明细计数「{f}」") for f in facts if f not in numbers)
    for n, child in enumerate(limb.children()):
        yield from _limb(pack, child, _child_path(limb, here, n))


def _child_path(limb: Limb, here: Path, n: int) -> Path:
    if limb.by_interpretation is not None:
        return (*here, "options", list(limb.by_interpretation.options)[n])
    if limb.in_principle is not None:
        return (*here, "check")
    if limb.n_of is not None:
        return (*here, "of", n)
    return here if limb.not_ is not None else (*here, n)


def _parameter(pack: Pack, id: str, units: tuple[str, ...]) -> Iterator[str]:
    if id not in pack.parameter:
        yield f"没有参数「{id}」"
    elif pack.parameter[id].unit not in units:
        yield f"参数「{id}」的单位应为{'、'.join(units)}"


def _bound(pack: Pack, fact: str, parameter: str) -> Iterator[str]:
    if fact in pack.fact:
        spec = pack.fact[fact]
        if spec.type not in ("number", "integer", "money", "percent"):
            yield f"栏目「{fact}」不是数值，不能与参数比较"
            return
        unit = "%" if spec.type == "percent" else spec.unit
    elif fact in pack.derivation:
        unit = pack.derivation[fact].unit
    else:
        return
    yield from _parameter(pack, parameter, (unit,))


def _values(pack: Pack, spec: Any) -> Iterator[str]:
    if spec.fact in pack.derivation:
        yield f"明细计数「{spec.fact}」是数值，不能用 is 或 one_of"
    if spec.fact not in pack.fact:
        return
    fact = pack.fact[spec.fact]
    values = spec.choices if hasattr(spec, "choices") else (spec.value,)
    for value in values:
        if fact.type == "boolean" and not isinstance(value, bool):
            yield f"栏目「{spec.fact}」只能取 true 或 false"
        if fact.type == "choice" and value not in {c.id for c in fact.choices}:
            yield f"栏目「{spec.fact}」没有选项「{value}」"


def _reading(pack: Pack, id: str, options: set[str]) -> Iterator[str]:
    if id not in pack.interpretation:
        yield f"没有口径「{id}」"
        return
    known = {o.id for o in pack.interpretation[id].options}
    if options != known:
        yield f"口径「{id}」的选项应为{'、'.join(sorted(known))}"


def _evaluation(pack: Pack) -> Iterator[Found]:
    evaluation = pack.evaluation
    grades = {g.id for g in evaluation.grades}
    if evaluation.failing and evaluation.failing not in grades:
        yield "evaluation", ("failing",), f"没有等级「{evaluation.failing}」"
    asked = {"waived": [w.fact for w in evaluation.waived], "sets": [s.fact for s in evaluation.sets]}
    asked["outcome"] = [evaluation.outcome] if evaluation.outcome else []
    asked["concerns"] = [evaluation.concerns] if evaluation.concerns else []
    for key, facts in asked.items():
        for n, fact in enumerate(facts):
            if fact not in pack.fact:
                yield "evaluation", (key, n, "fact"), f"没有登记栏目「{fact}」"


def _scenarios(pack: Pack) -> Iterator[Found]:
    facts, tables = set(pack.fact), set(pack.table)
    policy = pack.procedure
    due = {x.id for shelf in (policy.duties, policy.terms, policy.stages, policy.sanctions) for x in shelf}
    for n, group in enumerate(pack.scenarios):
        if sum(bool(getattr(group, kind)) for kind in SCENARIO_KINDS) != 1:
            yield "scenarios", (n,), f"每组情景须写明 {'、'.join(SCENARIO_KINDS)} 之一"
        if group.procedure and group.procedure not in {sequence.id for sequence, _ in pack.procedure.courses}:
            yield "scenarios", (n, "procedure"), f"没有程序「{group.procedure}」"
        if group.due and group.due not in due:
            yield "scenarios", (n, "due"), f"没有义务、期限、环节或处理「{group.due}」"
        if group.criterion and group.criterion not in pack.criterion:
            yield "scenarios", (n, "criterion"), f"没有条件「{group.criterion}」"
        for path, part in _parts(group, n):
            for id in part.facts:
                if id not in facts:
                    yield "scenarios", (*path, "facts", id), f"没有登记栏目「{id}」"
            for id in part.rows:
                if id not in tables:
                    yield "scenarios", (*path, "rows", id), f"没有明细表「{id}」"
            for id in part.judgements:
                if id not in pack.judgement:
                    yield "scenarios", (*path, "judgements", id), f"没有人工判断事项「{id}」"
            for id, option in part.interpretations.items():
                known = {o.id for o in pack.interpretation[id].options} if id in pack.interpretation else set()
                if option not in known:
                    yield "scenarios", (*path, "interpretations", id), f"没有口径「{id}」或其选项「{option}」"


def _parts(group: ScenarioGroup, n: int) -> Iterable[tuple[Path, Any]]:
    yield (n,), group
    for c, case in enumerate(group.cases):
        yield (n, "cases", c), case


def _bare(text: str) -> str:
    """Text without white space: the originals have hard line breaks inside sentences."""
    return re.sub(r"\s+", "", text)


def _quotes(lines: Lines, seed: str | None) -> Iterator[PolicyError]:
    """Every ``quote`` in the pack's own files, wherever it stands."""
    for source, _ in lines.sources.values():
        for path, key, value in _texts(source.data, ()):
            if key == "quote":
                if len(value) > MAX_QUOTE:
                    yield PolicyError(source.file, source.line(path), f"引文过长（{len(value)}字），请只引相关的句子")
                if seed is not None and _bare(value) and _bare(value) not in seed:
                    yield PolicyError(source.file, source.line(path), f"引文与原文不一致：「{value}」")
            elif key == "clause" and seed is not None:
                for article in _ARTICLE.findall(value):
                    if article not in seed:
                        yield PolicyError(source.file, source.line(path), f"原文没有「{article}」")


def _texts(node: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                yield (*path, key), key, value
            else:
                yield from _texts(value, (*path, key))
    elif isinstance(node, list):
        for n, value in enumerate(node):
            yield from _texts(value, (*path, n))
