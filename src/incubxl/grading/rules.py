"""The year's grade rules: lines, quotas, vetoes, exemptions, best grade first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from incubxl.grading.sheet import RULES, exact, fault, named, text, to_decimal
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import plain
from incubxl.policy.evaluation import EvaluationPolicy
from incubxl.policy.pack import Pack
from incubxl.register.model import Register, Table


@dataclass(frozen=True, slots=True)
class Floor:
    """一票否决 by an indicator: fewer points than ``below`` on it."""

    indicator: str
    name: str
    below: Fraction


@dataclass(frozen=True, slots=True)
class GradeRule:
    """One grade: ``minimum`` points included, ``share`` percent of the base, facts and indicators that veto into it,
    facts that exempt into it."""

    grade: str
    minimum: Decimal | None
    share: Fraction | None
    vetoes: tuple[str, ...]
    exempts: tuple[str, ...]
    floors: tuple[Floor, ...]
    by_score: bool  # whether a score can reach it; a row with only a veto or an exemption says nothing about scores


def read_rules(
    register: Register, indicators: Mapping[str, tuple[str, str]], issues: list[Issue], blocked: list[str]
) -> tuple[GradeRule, ...]:
    """The rules, best grade first. ``indicators``: id or name as written → (id, name)."""
    table = register.tables.get(RULES)
    if table is None:
        return ()
    policy = register.pack.evaluation
    labels = _labels(policy, table)
    ids = {label: n for n, label in enumerate(labels)}
    ids |= {grade.id: ids[grade.label] for grade in policy.grades}
    merged: dict[int, dict[str, object]] = {}
    for row in range(table.height):
        name = text(table, "grade", row)
        if not name:
            continue
        cell = table.columns["grade"].cell(row)

        def wrong(what: str, cell: str = cell) -> None:
            fault("grading.rules", cell, issues, blocked, what=what)

        if name not in ids:
            wrong(f"的等级「{name}」不是本办法的等级（{'、'.join(labels)}）")
            continue
        entry = merged.setdefault(ids[name], {"vetoes": (), "exempts": (), "floors": ()})
        for key in ("minimum", "top_share"):
            value = exact(table, key, row)
            if value is None:
                continue
            if entry.get(key, value) != value:
                wrong(f"对等级「{name}」写了两个不同的{'最低分' if key == 'minimum' else '名额比例'}")
            entry[key] = value
        extra = False
        for column, key in (("veto_fact", "vetoes"), ("exempt_fact", "exempts")):
            fact = text(table, column, row)
            if not fact:
                continue
            extra = True
            id = named(register.pack, fact)
            if id not in register.pack.fact or register.pack.fact[id].type != "boolean":
                wrong(f"的栏目「{fact}」不是登记表里填「是」「否」的栏目")
                continue
            entry[key] = (*_ids(entry[key]), id)
        indicator, below = text(table, "veto_indicator", row), exact(table, "veto_below", row)
        if indicator or below is not None:
            extra = True
            if indicator not in indicators or below is None:
                why = "不在「评价指标」表里" if below is not None else "没有写「低于几分否决」"
                wrong(f"的一票否决指标「{indicator}」{why}")
            else:
                entry["floors"] = (*_floors(entry["floors"]), Floor(*indicators[indicator], below))
        if not extra:
            entry["plain"] = True
    rules = [_rule(labels[n], entry) for n, entry in sorted(merged.items())]
    return _ordered(register, rules, issues, blocked)


def check_alone(rules: Sequence[GradeRule], issues: list[Issue], blocked: list[str]) -> None:
    """One grade that every score would get grades nobody: the template's row of the only printed grade."""
    scored = [rule for rule in rules if rule.by_score]
    if len(scored) == 1 and scored[0].minimum is None and scored[0].share is None:
        what = f"只有「{scored[0].grade}」一个等级可以按分数评，又没有最低分，请按当年方案补上其他等级"
        fault("grading.rules", "等级规则!", issues, blocked, what=what)


def _labels(policy: EvaluationPolicy, table: Table) -> tuple[str, ...]:
    """Grade names best first. Where the measure leaves some or all to the year's scheme, as they stand there, above
    those that it prints."""
    printed = tuple(grade.label for grade in policy.grades)
    if printed and not policy.more_grades:
        return printed
    known = {*printed, *(grade.id for grade in policy.grades)}
    named = dict.fromkeys(name for row in range(table.height) if (name := text(table, "grade", row)))
    return (*(name for name in named if name not in known), *printed)


def _ids(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _floors(value: object) -> tuple[Floor, ...]:
    return value if isinstance(value, tuple) else ()


def _rule(grade: str, entry: dict[str, object]) -> GradeRule:
    minimum, share = entry.get("minimum"), entry.get("top_share")
    points = to_decimal(minimum) if isinstance(minimum, Fraction) else None
    by_score = points is not None or share is not None or "plain" in entry
    return GradeRule(
        grade,
        points,
        share if isinstance(share, Fraction) else None,
        _ids(entry["vetoes"]),
        _ids(entry["exempts"]),
        _floors(entry["floors"]),
        by_score,
    )


def _ordered(
    register: Register, rules: Sequence[GradeRule], issues: list[Issue], blocked: list[str]
) -> tuple[GradeRule, ...]:
    """The last grade may stand without conditions and then takes the rest; others without any are a fault."""
    cell = register.tables[RULES].spec.sheet + "!"
    out = list(rules)
    if out and not out[-1].by_score:
        last = out[-1]
        if last.grade == _failing(register.pack):  # 不合格 with a veto only: it also takes the rest
            out[-1] = replace(last, by_score=True)
    scored = [rule for rule in out if rule.by_score]
    for rule in scored[:-1]:
        if rule.minimum is None and rule.share is None:
            fault("grading.rules", cell, issues, blocked, what=f"的等级「{rule.grade}」没有写最低分或名额比例")
    minimums = [(rule.minimum, rule.grade) for rule in scored if rule.minimum is not None]
    for (upper, better), (lower, worse) in pairwise(minimums):
        if upper < lower:
            what = f"中「{worse}」的最低分{plain(lower)}高于「{better}」的{plain(upper)}"
            fault("grading.rules", cell, issues, blocked, what=what)
    for rule in scored:
        if rule.share is not None and not 0 <= rule.share <= 100:
            fault("grading.rules", cell, issues, blocked, what=f"中「{rule.grade}」的名额比例应在0至100之间")
    if scored and scored[-1].minimum is not None:
        where = Place(register.tables[RULES].spec.sheet)
        issues.append(issue("grading.no_floor", where, minimum=plain(scored[-1].minimum)))
    return tuple(out)


def _failing(pack: Pack) -> str:
    policy = pack.evaluation
    return policy.grade_label(policy.failing) if policy.failing else ""
