"""The year's scheme as its sheets say it: indicators, grade rules, settings. Nothing is filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from incubxl.grading.bands import Band, read_bands
from incubxl.grading.rules import GradeRule, check_alone, read_rules
from incubxl.grading.sheet import INDICATORS, exact, fault, named, text, to_decimal
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import plain
from incubxl.policy.pack import Pack
from incubxl.register.model import Register, Table

_NEEDS = {  # what a method cannot do without
    "direct": ("maximum",),
    "per_unit": ("source", "step_value", "step_points"),
    "base_step": ("source", "base_value", "base_points", "step_value", "step_points"),
    "ratio": ("source", "target", "maximum"),
    "bands": ("source",),
    "bonus": (),
    "deduction": (),  # by experts; by a number of the register as per_unit
}
_GIVEN = ("direct", "bonus")  # points that only people give
_NUMBERS = ("number", "integer", "money", "percent", "year")
_LABELS = {
    "maximum": "满分", "source": "数据来源", "base_value": "起点数量", "base_points": "起点得分",
    "step_value": "每增加数量", "step_points": "每步得分", "target": "目标值",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. ``ceiling`` bounds its points; ``source`` is a fact or derived id, empty for scored ones.

    ``half``: the fact or derived id of the part of the source that counts half. ``group``: of its indicators only the
    one with the most points counts. ``bands``: lowest first.
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
    half: str = ""
    group: str = ""
    bands: tuple[Band, ...] = ()

    @property
    def scored(self) -> bool:
        """Whether experts give its points."""
        return self.method in _GIVEN or (self.method == "deduction" and not self.source)

    @property
    def weighed(self) -> bool:
        """Whether its weight counts; a bonus and a deduction stand beside the weights."""
        return self.method not in ("bonus", "deduction")


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


def read_scheme(register: Register) -> tuple[Scheme, list[Issue]]:
    """Read the scheme. Faults are issues, and reasons in ``blocked``."""
    issues: list[Issue] = []
    blocked: list[str] = []
    indicators = tuple(_indicators(register, issues, blocked))
    known = {key: (x.id, x.name) for x in indicators for key in (x.name, x.id)}
    rules = read_rules(register, known, issues, blocked)
    if indicators:
        check_alone(rules, issues, blocked)
    total = str(register.settings.values.get("score_total") or "")
    if total == "weighted":
        _check_weights(register, indicators, issues, blocked)
    return Scheme(indicators, rules, tuple(blocked), total), issues


def _indicators(register: Register, issues: list[Issue], blocked: list[str]) -> Iterator[Indicator]:
    table = register.tables.get(INDICATORS)
    if table is None:
        return
    seen: set[str] = set()
    pairs = ((c, text(table, "method", row)) for row in range(table.height) for c in _names(table, row))
    bands = read_bands(register, dict(pairs), issues, blocked)
    for row in range(table.height):
        id, name = text(table, "indicator", row), text(table, "name", row)
        if not id and not name:
            continue
        id, name = id or name, name or id
        cell = table.columns["indicator"].cell(row)
        sheet = table.spec.sheet

        def wrong(what: str, cell: str = cell, sheet: str = sheet, name: str = name) -> None:
            fault("grading.scheme", cell, issues, blocked, sheet=sheet, what=f"的指标「{name}」{what}")

        if id in seen:
            wrong("编号重复")
            continue
        seen.add(id)
        own = bands.get(id) or bands.get(name) or ()
        found = _indicator(register.pack, table, row, (id, name, cell), own, wrong)
        if found is not None:
            yield found


def _names(table: Table, row: int) -> list[str]:
    return [name for column in ("name", "indicator") if (name := text(table, column, row))]


def _number_named(pack: Pack, name: str) -> str:
    """The id of the number with this name; empty for none and for what is no number."""
    source = named(pack, name) if name else ""
    return "" if source in pack.fact and pack.fact[source].type not in _NUMBERS else source


def _indicator(
    pack: Pack,
    table: Table,
    row: int,
    head: tuple[str, str, str],
    bands: tuple[Band, ...],
    say: Callable[[str], None],
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
    half_name, group = text(table, "half_source", row), text(table, "group", row)
    counted = bool(source_name) and method not in _GIVEN
    source, half = _number_named(pack, source_name) if counted else "", _number_named(pack, half_name)
    have = {*numbers, *(["source"] if source_name else []), *(["maximum"] if maximum is not None else [])}
    needs = _NEEDS["per_unit" if method == "deduction" and counted else method]
    lacking = [need for need in needs if need not in have]
    limits = [limit for limit in (maximum, cap) if limit is not None]
    if bands and not limits:
        limits = [max(points for _, points in bands)]
    if lacking:
        say("缺少「" + "」「".join(_LABELS[need] for need in lacking) + "」")
    elif counted and not source:
        say(f"的数据来源「{source_name}」不是登记表的数值栏目，也不是明细计数")
    elif half_name and not (half and counted):
        say(f"的减半计来源「{half_name}」不是登记表的数值栏目，也不是明细计数；没有数据来源的指标不能减半计")
    elif method == "bands" and not bands:
        say("的计分方法是分段计分，而「分段」表没有它的各段")
    elif group and method == "deduction":
        say("是扣分项，不能写「取最高组」")
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
        return Indicator(
            id, name, method, maximum, weight, min(limits), source, numbers, set_name, fact, choices, cell,
            half, group, bands,
        )  # fmt: skip
    return None


def _class(pack: Pack, name: str) -> tuple[str, tuple[str, ...]]:
    for group in pack.evaluation.sets:
        if name in (group.id, group.label):
            return group.fact, group.choices
    for track in pack.measure.tracks:
        if name in (track.id, track.label, *track.aliases):
            return "track", (track.id,)
    return "", ()


def _check_weights(
    register: Register, indicators: Sequence[Indicator], issues: list[Issue], blocked: list[str]
) -> None:
    counted = [x for x in indicators if x.weighed]
    sheet = register.tables[INDICATORS].spec.sheet
    names = list(dict.fromkeys(x.set for x in counted if x.set)) or [""]
    for x in counted:
        if x.weight is None:
            what = f"的指标「{x.name}」没有写权重，而总分算法是按权重加权"
            fault("grading.scheme", x.cell, issues, blocked, sheet=sheet, what=what)
        if x.maximum is not None and x.maximum != 100:
            where = Place(*x.cell.rsplit("!", 1)) if "!" in x.cell else Place(sheet)
            issues.append(issue("grading.maxima", where, name=x.name, maximum=plain(to_decimal(x.maximum))))
    beside = {x.group for x in indicators if x.group and not x.weighed}
    for x in counted:
        if x.group in beside:
            what = f"的「取最高组」{x.group}里又有加分项，按权重加权时无法只取一项"
            fault("grading.scheme", x.cell, issues, blocked, sheet=sheet, what=what)
    for name in names:
        mine = [x for x in counted if x.set in ("", name)]
        weights = {x.group or f"\0{x.id}": x.weight or Fraction(0) for x in mine}  # of a group one counts
        for x in mine:
            if x.group and weights[x.group] != (x.weight or Fraction(0)):
                what = f"的「取最高组」{x.group}各项权重不同，只取一项时无法加权"
                fault("grading.scheme", x.cell, issues, blocked, sheet=sheet, what=what)
        total = sum(weights.values(), Fraction(0))
        if total != 100:
            shown = plain(to_decimal(total))
            fault("grading.weights", sheet + "!", issues, blocked, set=name or "全部单位", total=shown)
