"""The same workbook computed with one run's or the other's data, parameters, interpretations, pack, day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from incubxl.assess.engine import assess
from incubxl.audit.outcome import outcome, values
from incubxl.compare.sides import Side, Texts
from incubxl.grid import Grid, Sheet
from incubxl.policy.load import load_pack
from incubxl.policy.pack import Pack
from incubxl.register.fold import squash
from incubxl.register.model import Register
from incubxl.register.read import read_register

Cause = Literal["data", "people", "parameters", "interpretations", "pack", "day"]
CAUSES: dict[Cause, str] = {
    "data": "数据",
    "people": "人工判断",
    "parameters": "参数",
    "interpretations": "口径",
    "pack": "办法版本",
    "day": "基准日",
}
EXPLAINED: dict[Cause, str] = {
    "data": "登记表、明细表、历史记录、事件",
    "people": "人工判断、改判、评分、结论",
    "parameters": "政策包的参数（门槛、标准、限额），「设置」和本年度的评价指标、等级规则",
    "interpretations": "「口径」表的答复",
    "pack": "政策包的其余部分（条件、公式、栏目）",
    "day": "基准日",
}
_ROLES: Mapping[str, Cause] = {
    "judgements": "people",
    "overrides": "people",
    "scores": "people",
    "conclusions": "people",
    "interpretations": "interpretations",
    "settings": "parameters",
    "indicators": "parameters",
    "grade_rules": "parameters",
}
_PARAMETERS = "parameters.yaml"
Item = tuple[str, int, str, int]  # applicant, the how manieth of that id, what, the how manieth of its kind
Values = Mapping[Item, str]


class Pair:
    """One workbook in two runs. ``differing``: the causes in which the runs are not the same."""

    def __init__(self, first: Side, second: Side) -> None:
        assert first.outcome is not None and second.outcome is not None
        self.first, self.second = first, second
        self.titles = {**second.outcome["criteria"], **first.outcome["criteria"]}
        self._roles = _roles(first, second)
        self.labels: dict[str, str] = {}  # of items of money, by id
        self._found: dict[frozenset[Cause], tuple[Values, Register] | None] = {}
        self.differing = tuple(cause for cause in CAUSES if self._differs(cause))

    @property
    def computable(self) -> bool:
        return not self.first.why and not self.second.why

    def recorded(self, side: Side) -> Values:
        assert side.outcome is not None
        return flat(side.outcome, self.titles)

    def computed(self, swapped: Iterable[Cause]) -> Values | None:
        """Everything decided with the first run's inputs but ``swapped`` from the second; None where that makes no
        sense (the two cannot be read together)."""
        found = self._at(frozenset(swapped))
        return found[0] if found else None

    def register(self, swapped: Iterable[Cause]) -> Register | None:
        """The register of the same computation."""
        found = self._at(frozenset(swapped))
        return found[1] if found else None

    def _at(self, swapped: frozenset[Cause]) -> tuple[Values, Register] | None:
        if swapped not in self._found:
            self._found[swapped] = self._compute(swapped)
        return self._found[swapped]

    def _compute(self, swapped: frozenset[Cause]) -> tuple[Values, Register] | None:
        pack = self._pack(swapped)
        grid = self._grid(swapped)
        day = self._side("day", swapped).as_of
        if pack is None or grid is None or day is None:
            return None
        register = read_register(grid, pack)
        if any(i.code == "officer.no_year" for i in register.issues):
            return None
        assessment = assess(register, day)
        self.labels |= {line.item: line.label for d in assessment.determinations for line in d.funding}
        return flat(outcome(assessment, ()), self.titles), register

    def _side(self, cause: Cause, swapped: frozenset[Cause]) -> Side:
        return self.second if cause in swapped else self.first

    def _pack(self, swapped: frozenset[Cause]) -> Pack | None:
        base, other = self._side("pack", swapped), self._side("parameters", swapped)
        if base.texts is None or base.common is None or other.texts is None:
            return None
        texts = {**base.texts}
        if _PARAMETERS in other.texts:
            texts[_PARAMETERS] = other.texts[_PARAMETERS]
        return _loaded(base.pack, _frozen(texts), _frozen(base.common))

    def _grid(self, swapped: frozenset[Cause]) -> Grid | None:
        one, two = self.first.grid, self.second.grid
        if one is None or two is None:
            return None
        sheets: dict[str, Sheet] = {}
        for side, grid in ((self.first, one), (self.second, two)):
            for name, sheet in grid.sheets.items():
                if self._side(self._role(name), swapped) is side:
                    sheets[name] = sheet
        dated = self._side("data", swapped).grid
        assert dated is not None
        return Grid(dated.name, sheets, date_1904=dated.date_1904)

    def _role(self, name: str) -> Cause:
        one, two = self.first.grid, self.second.grid
        if one is None or two is None or one.date_1904 != two.date_1904:
            return "data"  # sheets that count days from two beginnings cannot be mixed
        return self._roles.get(squash(name), "data")

    def _differs(self, cause: Cause) -> bool:
        if not self.computable:
            return False
        one, two = self.first, self.second
        if cause == "day":
            return one.as_of != two.as_of
        if cause == "pack":
            return (_rest(one), one.common) != (_rest(two), two.common)
        mine, theirs = self._content(one, cause), self._content(two, cause)
        if cause == "parameters" and (one.texts or {}).get(_PARAMETERS) != (two.texts or {}).get(_PARAMETERS):
            return True
        return mine != theirs

    def _content(self, side: Side, cause: Cause) -> list[Any]:
        grid = side.grid
        assert grid is not None
        return [
            (name, sheet.rows, sorted(sheet.special.items()))
            for name, sheet in sorted(grid.sheets.items())
            if self._role(name) == cause
        ]


def flat(decided: Mapping[str, Any], titles: Mapping[str, str]) -> dict[Item, str]:
    """An outcome as one value per applicant and thing decided; letters are left out (they follow from the rest)."""
    found: dict[Item, str] = {}
    seen: dict[str, int] = {}
    for one in decided["applicants"]:
        n = seen[one["id"]] = seen.get(one["id"], 0) + 1
        found[one["id"], n, "申报单位", 1] = "在册"
        for (what, k), said in values({**one, "letters": []}, titles).items():
            found[one["id"], n, what, k] = said
    return found


def _roles(first: Side, second: Side) -> dict[str, Cause]:
    """Squashed sheet names → the cause that they belong to; those of data are left out."""
    found: dict[str, Cause] = {}
    for side in (first, second):
        if side.texts is None or side.common is None:
            continue
        pack = _loaded(side.pack, _frozen(side.texts), _frozen(side.common))
        for table in pack.tables if pack else ():
            if role := _ROLES.get(table.id):
                found |= dict.fromkeys(map(squash, (table.sheet, *table.aliases)), role)
    return found


def _rest(side: Side) -> Texts:
    return {name: text for name, text in (side.texts or {}).items() if name not in (_PARAMETERS, "scenarios.yaml")}


def _frozen(texts: Texts) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(texts.items()))


@lru_cache(maxsize=16)
def _loaded(id: str, texts: tuple[tuple[str, str], ...], common: tuple[tuple[str, str], ...]) -> Pack | None:
    return load_pack(id, dict(texts), dict(common))[0]


def parameter_changes(pair: Pair) -> list[tuple[str, str, str]]:
    """(label, then, now) of every parameter of the pack whose values differ."""
    one, two = (_pack_of(side) for side in (pair.first, pair.second))
    if one is None or two is None:
        return []
    then, now = ({p.id: (p.label, _parameter(p)) for p in pack.parameters} for pack in (one, two))
    return [
        ((then.get(id) or now[id])[0], then.get(id, ("", ""))[1], now.get(id, ("", ""))[1])
        for id in dict.fromkeys((*then, *now))
        if then.get(id) != now.get(id)
    ]


def _pack_of(side: Side) -> Pack | None:
    if side.texts is None or side.common is None:
        return None
    return _loaded(side.pack, _frozen(side.texts), _frozen(side.common))


def _parameter(parameter: Any) -> str:
    return "；".join(str(value.value) for value in parameter.values) + f" {parameter.unit}"


def day_words(day: dt.date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
