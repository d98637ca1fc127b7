"""Who takes part and who is called out before any score counts: 放弃, 免评, 一票否决."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from incubxl.grading.points import show
from incubxl.grading.ranks import Field, Runner
from incubxl.grading.scheme import Scheme
from incubxl.grading.scores import Marks
from incubxl.grading.totals import Total, total
from incubxl.grid import CellKind
from incubxl.policy.fields import Id
from incubxl.register.model import Register

SCOPE = "「设置」没有选定「名额排名范围」"
Key = tuple[str, str]  # how the ranking is divided (all, set, track) and which part


@dataclass(frozen=True, slots=True)
class Call:
    """A fact that takes the applicant out of scoring into ``grade``. ``sure`` False: the fact is missing."""

    grade: str
    words: str
    clause: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One applicant before grading. ``apart``: why this year's evaluation is not for it, or empty."""

    i: int
    total: Total
    apart: str
    waived: tuple[Call, ...]
    exempt: tuple[Call, ...]
    veto: tuple[Call, ...]

    @property
    def out(self) -> bool:
        """Surely not taking part."""
        return bool(self.apart) or any(call.sure for call in (*self.waived, *self.exempt))

    @property
    def vetoed(self) -> bool:
        return any(call.sure for call in self.veto)

    @property
    def runner(self) -> Runner:
        takes_part = not self.waived and not self.exempt
        return Runner(self.total.low, self.total.high, takes_part, takes_part and not self.veto)


def standings(register: Register, scheme: Scheme, marks: Marks) -> list[Standing]:
    """All applicants' totals and calls."""
    policy = register.pack.evaluation
    clause = policy.clause
    out = []
    for i in range(register.size):
        waived = [(w.label, w.fact, w.value, w.clause) for w in policy.waived]
        exempt = [(rule.grade, fact, True, clause) for rule in scheme.rules for fact in rule.exempts]
        veto = [(rule.grade, fact, True, clause) for rule in scheme.rules for fact in rule.vetoes]
        score = total(register, scheme, marks, i)
        calls = [tuple(_calls(register, i, kind)) for kind in (waived, exempt, veto)]
        calls[2] += tuple(_under(scheme, score.ends, clause))
        apart = _apart(register, i, [*(w.fact for w in policy.waived), *([policy.concerns] if policy.concerns else [])])
        if not apart and not any(calls):
            apart = _unasked(scheme, score)
        out.append(Standing(i, score, apart, *calls))
    return out


def _unasked(scheme: Scheme, score: Total) -> str:
    """The year's scheme has no indicator for this class: not a total of nought points, no total at all."""
    asked = bool(score.indicators) or bool(scheme.blocked) or not scheme.indicators
    return "" if asked else "「评价指标」表没有适用本单位类别的指标，本年度不参评"


def _apart(register: Register, i: int, facts: Iterable[Id]) -> str:
    for fact in facts:
        column = register.columns[fact]
        if column.kinds[i] == CellKind.DECLARED_NA:
            return f"「{column.spec.label}」填「不适用」（{column.cell(i)}），本年度不参评"
    return ""


def _calls(register: Register, i: int, tests: Iterable[tuple[str, Id, bool, str]]) -> Iterable[Call]:
    for grade, fact, value, clause in tests:
        column = register.columns[fact]
        cell = column.cell(i)
        where = f"（{cell}）" if cell else ""
        said = column.flag(i)
        if column.kinds[i] == CellKind.DECLARED_NA:
            continue
        if said is None:
            lack = "未填" if column.kinds[i] == CellKind.BLANK else "读不出"
            yield Call(grade, f"「{column.spec.label}」{lack}{where}", clause, False)
        elif said == value:
            yield Call(grade, f"「{column.spec.label}」填「{'是' if said else '否'}」{where}", clause, True)


def _under(scheme: Scheme, ends: Mapping[str, tuple[Fraction, Fraction]], clause: str) -> Iterable[Call]:
    """一票否决 by an indicator's points."""
    for rule in scheme.rules:
        for floor in rule.floors:
            lo, hi = ends.get(floor.indicator, (floor.below, floor.below))  # not asked of this class: no veto
            if hi < floor.below:
                got = f"{show(lo)}分" if lo == hi else f"至多{show(hi)}分"
                yield Call(rule.grade, f"指标「{floor.name}」得{got}，低于{show(floor.below)}分", clause, True)
            elif lo < floor.below:
                yield Call(rule.grade, f"指标「{floor.name}」得分未定，可能低于{show(floor.below)}分", clause, False)


class Rankings:
    """The rankings in which applicants stand: one, or one for each class or track, as the office set it."""

    def __init__(self, register: Register, all_: list[Standing]) -> None:
        self._register = register
        ways = {"all": self._all, "set": self._set, "track": self._track}
        chosen = register.settings.values.get("rank_scope")
        self._keys: list[tuple[Key, ...]] = []
        for i in range(register.size):
            used = [chosen] if chosen in ways else list(ways)
            self._keys.append(tuple((way, part) for way in used for part in ways[way](i)))
        parts = {key for keys in self._keys for key in keys}
        self._fields = {key: self._field(key, all_) for key in parts}

    def of(self, i: int) -> list[tuple[Key, Field]]:
        """The rankings that applicant ``i`` may stand in; more than one where class or setting is open."""
        return [(key, self._fields[key]) for key in self._keys[i]]

    def _field(self, key: Key, all_: list[Standing]) -> Field:
        members = [s for s in all_ if key in self._keys[s.i]]
        beside, runners = 0, []
        for standing in members:
            alone = sum(way == key[0] for way, _ in self._keys[standing.i]) == 1
            runner = standing.runner
            if standing.out:
                continue
            if standing.vetoed and runner.takes_part and alone:
                beside += 1
            else:
                runners.append(runner if alone else Runner(runner.low, runner.high, False, False))
        return Field(runners, len(members), beside, self._register.settings.values)

    def _all(self, i: int) -> list[str]:
        return [""]

    def _track(self, i: int) -> list[str]:
        tracks = [t.id for t in self._register.pack.measure.tracks]
        return [self._register.tracks[i]] if self._register.tracks[i] else tracks

    def _set(self, i: int) -> list[str]:
        sets = self._register.pack.evaluation.sets
        if not sets:
            return [""]
        found = []
        for group in sets:
            column = self._register.columns[group.fact]
            if not column.has(i) or str(column.values[i]).lower() in group.choices:
                found.append(group.id)
        return found or ["-"]
