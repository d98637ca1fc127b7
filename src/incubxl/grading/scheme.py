"""The year's scheme as its sheets say it: indicators, grade rules, settings. Nothing is filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import incubxl.grading.findings  # noqa: F401  (registers this room's issues)
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import plain
from incubxl.policy.pack import Pack
from incubxl.register.model import Register, Table

INDICATORS, RULES, SCORES = "indicators", "grade_rules", "scores"
_NEEDS = {  # what a method cannot do without
    "direct": ("maximum",),
    "per_unit": ("source", "step_value", "step_points"),
    "base_step": ("source", "base_value", "base_points", "step_value", "step_points"),
    "ratio": ("source", "target", "maximum"),
    "bonus": (),
}
_LABELS = {
    "maximum": "满分", "source": "数据来源", "base_value": "起点数量", "base_points": "起点得分",
    "step_value": "每增加数量", "step_points": "每步得分", "target": "目标值",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. ``ceiling`` bounds its points; ``source`` is a fact or derived id, empty for scored ones.

    ``fact`` and ``choices``: the class of applicants it is for (``choices`` empty: everyone; fact ``track``: by track).
    """

    id: str
    name: str
    method: str
    maximum: Fraction | None
    weight: Fraction | None
    ceiling: Fraction
    source: str
    numbers: dict[str, Fraction]
    set: str
    fact: str
    choices: tuple[str, ...]
    cell: str

    @property
    def scored(self) -> bool:
        """Whether experts give its points."""
        return self.method in ("direct", "bonus")


@dataclass(frozen=True, slots=True)
class GradeRule:
    """One grade: ``minimum`` points included, ``share`` percent of the base, facts that veto or exempt into it."""

    grade: str
    minimum: Decimal | None
    share: Fraction | None
    vetoes: tuple[str, ...]
    exempts: tuple[str, ...]
    by_score: bool  # whether a score can reach it; a row with only a veto or an exemption says nothing about scores


@dataclass(frozen=True, slots=True)
class Scheme:
    """``blocked``: why nobody can be graded yet (faults of the sheets). ``rules`` best grade first."""

    indicators: tuple[Indicator, ...]
    rules: tuple[GradeRule, ...]
    blocked: tuple[str, ...]
    total: str  # sum, weighted, or empty while not set

    @property
    def grades(self) -> tuple[str, ...]:
        return tuple(rule.grade for rule in self.rules)


def exact(table: Table, column: str, row: int) -> Fraction | None:
    """A number of a table as typed."""
    value = table.columns[column].exact(row) if column in table.columns else None
    return None if value is None or not value.is_finite() else Fraction(value)


def text(table: Table, column: str, row: int) -> str:
    return table.columns[column].text(row).strip() if column in table.columns else ""


def named(pack: Pack, name: str) -> str:
    """The id of the fact or derived count with this id, label or alias; empty when there is none."""
    for spec in pack.facts:
        if name in (spec.id, spec.label, *spec.aliases):
            return spec.id
    return next((d.id for d in pack.derived if name in (d.id, d.label)), "")


def read_scheme(register: Register) -> tuple[Scheme, list[Issue]]:
    """Read the scheme. Faults are issues, and reasons in ``blocked``."""
    issues: list[Issue] = []
    blocked: list[str] = []
    indicators = tuple(_indicators(register, issues, blocked))
    rules = _rules(register, issues, blocked)
    total = str(register.settings.values.get("score_total") or "")
    if total == "weighted":
        _check_weights(register, indicators, issues, blocked)
    return Scheme(indicators, rules, tuple(blocked), total), issues


def _fault(code: str, cell: str, issues: list[Issue], blocked: list[str], **seen: str) -> None:
    sheet, _, address = cell.rpartition("!")
    found = issue(code, Place(sheet, address), **seen)
    issues.append(found)
    blocked.append(found.message.rstrip("。"))


def _indicators(register: Register, issues: list[Issue], blocked: list[str]) -> Iterator[Indicator]:
    table = register.tables.get(INDICATORS)
    if table is None:
        return
    seen: set[str] = set()
    for row in range(table.height):
        id, name = text(table, "indicator", row), text(table, "name", row)
        if not id and not name:
            continue
        id, name = id or name, name or id
        cell = table.columns["indicator"].cell(row)
        sheet = table.spec.sheet

        def fault(what: str, cell: str = cell, sheet: str = sheet, name: str = name) -> None:
            _fault("grading.scheme", cell, issues, blocked, sheet=sheet, what=f"的指标「{name}」{what}")

        if id in seen:
            fault("编号重复")
            continue
        seen.add(id)
        found = _indicator(register.pack, table, row, (id, name, cell), fault)
        if found is not None:
            yield found


def _indicator(
    pack: Pack, table: Table, row: int, head: tuple[str, str, str], say: Callable[[str], None]
) -> Indicator | None:
    id, name, cell = head
    method = text(table, "method", row)
    if method not in _NEEDS:
        say("没有写计分方法")
        return None
    columns = ("base_value", "base_points", "step_value", "step_points", "target")
    numbers = {c: value for c in columns if (value := exact(table, c, row)) is not None}
    maximum, cap = exact(table, "maximum", row), exact(table, "cap", row)
    source_name = text(table, "source", row)
    source = named(pack, source_name) if source_name and method not in ("direct", "bonus") else ""
    have = {*numbers, *(["source"] if source_name else []), *(["maximum"] if maximum is not None else [])}
    lacking = [need for need in _NEEDS[method] if need not in have]
    limits = [limit for limit in (maximum, cap) if limit is not None]
    if lacking:
        say("缺少「" + "」「".join(_LABELS[need] for need in lacking) + "」")
    elif source_name and not source and method not in ("direct", "bonus"):
        say(f"的数据来源「{source_name}」不是登记表的栏目，也不是明细计数")
    elif any(numbers.get(c, Fraction(1)) <= 0 for c in ("step_value", "target")):
        say("的「每增加数量」和「目标值」应大于0")
    elif not limits or min(limits) < 0:
        say("没有写满分或得分上限，无法知道最多得几分")
    else:
        set_name = text(table, "set", row)
        fact, choices = _class(pack, set_name)
        if set_name and not choices:
            say(f"的适用类别「{set_name}」不是本办法的类别")
            return None
        weight = exact(table, "weight", row)
        return Indicator(id, name, method, maximum, weight, min(limits), source, numbers, set_name, fact, choices, cell)
    return None


def _class(pack: Pack, name: str) -> tuple[str, tuple[str, ...]]:
    for group in pack.evaluation.sets:
        if name in (group.id, group.label):
            return group.fact, group.choices
    for track in pack.measure.tracks:
        if name in (track.id, track.label, *track.aliases):
            return "track", (track.id,)
    return "", ()


def _rules(register: Register, issues: list[Issue], blocked: list[str]) -> tuple[GradeRule, ...]:
    table = register.tables.get(RULES)
    if table is None:
        return ()
    policy = register.pack.evaluation
    ids = {key: n for n, grade in enumerate(policy.grades) for key in (grade.id, grade.label)}
    merged: dict[int, dict[str, object]] = {}
    for row in range(table.height):
        name = text(table, "grade", row)
        if not name:
            continue
        cell = table.columns["grade"].cell(row)

        def fault(what: str, cell: str = cell) -> None:
            _fault("grading.rules", cell, issues, blocked, what=what)

        if name not in ids:
            labels = "、".join(grade.label for grade in policy.grades)
            fault(f"的等级「{name}」不是本办法的等级（{labels}）")
            continue
        entry = merged.setdefault(ids[name], {"vetoes": (), "exempts": ()})
        for key in ("minimum", "top_share"):
            value = exact(table, key, row)
            if value is None:
                continue
            if entry.get(key, value) != value:
                fault(f"对等级「{name}」写了两个不同的{'最低分' if key == 'minimum' else '名额比例'}")
            entry[key] = value
        extra = False
        for column, key in (("veto_fact", "vetoes"), ("exempt_fact", "exempts")):
            fact = text(table, column, row)
            if not fact:
                continue
            extra = True
            id = named(register.pack, fact)
            if id not in register.pack.fact or register.pack.fact[id].type != "boolean":
                fault(f"的栏目「{fact}」不是登记表里填「是」「否」的栏目")
                continue
            entry[key] = (*_ids(entry[key]), id)
        if not extra:
            entry["plain"] = True
    rules = [_rule(policy.grades[n].label, entry) for n, entry in sorted(merged.items())]
    return _ordered(register, rules, issues, blocked)


def _ids(value: object) -> tuple[str, ...]:
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
        if last.grade == _worst(register.pack):  # 不合格 with a veto only: it also takes the rest
            out[-1] = GradeRule(last.grade, None, None, last.vetoes, last.exempts, True)
    scored = [rule for rule in out if rule.by_score]
    for rule in scored[:-1]:
        if rule.minimum is None and rule.share is None:
            _fault("grading.rules", cell, issues, blocked, what=f"的等级「{rule.grade}」没有写最低分或名额比例")
    minimums = [(rule.minimum, rule.grade) for rule in scored if rule.minimum is not None]
    for (upper, better), (lower, worse) in pairwise(minimums):
        if upper < lower:
            what = f"中「{worse}」的最低分{plain(lower)}高于「{better}」的{plain(upper)}"
            _fault("grading.rules", cell, issues, blocked, what=what)
    for rule in scored:
        if rule.share is not None and not 0 <= rule.share <= 100:
            _fault("grading.rules", cell, issues, blocked, what=f"中「{rule.grade}」的名额比例应在0至100之间")
    if scored and scored[-1].minimum is not None:
        where = Place(register.tables[RULES].spec.sheet)
        issues.append(issue("grading.no_floor", where, minimum=plain(scored[-1].minimum)))
    return tuple(out)


def _worst(pack: Pack) -> str:
    grades = pack.evaluation.grades
    return grades[-1].label if grades else ""


def _check_weights(
    register: Register, indicators: Sequence[Indicator], issues: list[Issue], blocked: list[str]
) -> None:
    counted = [x for x in indicators if x.method != "bonus"]
    sheet = register.tables[INDICATORS].spec.sheet
    names = list(dict.fromkeys(x.set for x in counted if x.set)) or [""]
    for x in counted:
        if x.weight is None:
            what = f"的指标「{x.name}」没有写权重，而总分算法是按权重加权"
            _fault("grading.scheme", x.cell, issues, blocked, sheet=sheet, what=what)
        if x.maximum is not None and x.maximum != 100:
            where = Place(*x.cell.rsplit("!", 1)) if "!" in x.cell else Place(sheet)
            issues.append(issue("grading.maxima", where, name=x.name, maximum=plain(to_decimal(x.maximum))))
    for name in names:
        total = sum((x.weight or Fraction(0) for x in counted if x.set in ("", name)), Fraction(0))
        if total != 100:
            shown = plain(to_decimal(total))
            _fault("grading.weights", sheet + "!", issues, blocked, set=name or "全部单位", total=shown)


def to_decimal(value: Fraction) -> Decimal:
    """A fraction as a Decimal: exact where it ends, otherwise to the context's precision."""
    return Decimal(value.numerator) / Decimal(value.denominator)
