"""The experts' marks, by applicant and indicator, with those that are lacking.

A marks panel: experts who share an applicant belong together, and each is expected to mark every applicant of the
panel on every indicator that the expert marks at all, unless the office set that only the rows of the sheet are
expected. 「不适用」 excuses an expert (回避).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from incubxl.grading.scheme import Indicator
from incubxl.grading.sheet import SCORES, text, to_decimal
from incubxl.grid import CellKind, Place
from incubxl.issues import Issue, issue
from incubxl.money import plain
from incubxl.register.model import Register, Table


@dataclass(frozen=True, slots=True)
class Mark:
    """One expert's mark. ``score`` None: lacking. ``excused``: the expert does not take part here."""

    expert: str
    score: Fraction | None
    cell: str
    excused: bool = False


class Marks:
    """Marks with the lacking ones filled in as such. Rows that cannot be used become issues."""

    def __init__(self, register: Register, indicators: Sequence[Indicator]) -> None:
        self.issues: list[Issue] = []
        self._marks: dict[tuple[int, str], dict[str, Mark]] = defaultdict(dict)
        self._contested: set[tuple[int, str, str]] = set()
        self._by_expert: dict[str, set[str]] = defaultdict(set)  # the indicators that an expert marks
        self._experts: dict[int, set[str]] = defaultdict(set)  # the experts of an applicant
        table = register.tables.get(SCORES)
        if table is not None and table.height:
            self._read(register, table, indicators)
        rows_only = register.settings.values.get("expected_scores") == "rows"
        self._panel = {} if rows_only else _panels(self._experts)

    def of(self, i: int, indicator: str) -> list[Mark]:
        """All marks expected of applicant ``i`` on an indicator; empty when nobody marked and nobody was expected."""
        found = self._marks.get((i, indicator), {})
        panel = self._panel.get(i, frozenset())
        expected = {e for e in panel if indicator in self._by_expert[e]}
        lacking = (Mark(e, None, "") for e in sorted(expected - found.keys()))
        return [*found.values(), *lacking]

    def _read(self, register: Register, table: Table, indicators: Sequence[Indicator]) -> None:
        by_name = {key: x for x in indicators for key in (x.name, x.id)}
        column = table.columns["score"]
        for row in range(table.height):
            owner = int(table.owner[row])
            wanted = text(table, "indicator", row)
            indicator = by_name.get(wanted)
            if owner < 0 or not wanted:
                continue
            place = _place(table.columns["indicator"].cell(row))
            if indicator is None:
                self.issues.append(issue("grading.score_unknown", place, indicator=wanted))
                continue
            if not indicator.scored:
                self.issues.append(issue("grading.score_not_asked", place, name=indicator.name))
                continue
            expert = text(table, "expert", row)
            kind = CellKind(column.kinds[row])
            value = column.exact(row)
            score = Fraction(value) if value is not None and value.is_finite() else None
            cell = column.cell(row)
            score = self._in_range(score, indicator, cell, register.ids[owner])
            mark = Mark(expert, score, cell, kind == CellKind.DECLARED_NA)
            self._take(owner, indicator, mark, register.ids[owner])

    def _in_range(self, score: Fraction | None, indicator: Indicator, cell: str, applicant: str) -> Fraction | None:
        top = indicator.maximum  # a bonus with only a ceiling may be given more and is held at it
        if score is None or (score >= 0 and (top is None or score <= top)):
            return score
        shown, limit = plain(to_decimal(score)), "不限" if top is None else plain(to_decimal(top))
        self.issues.append(issue("grading.score_range", _place(cell), applicant=applicant, score=shown, maximum=limit))
        return None

    def _take(self, owner: int, indicator: Indicator, mark: Mark, applicant: str) -> None:
        self._experts[owner].add(mark.expert)
        self._by_expert[mark.expert].add(indicator.id)
        held = self._marks[owner, indicator.id]
        key = (owner, indicator.id, mark.expert)
        before = held.get(mark.expert)
        if key in self._contested or (before is not None and mark.score is None and not mark.excused):
            return
        if before is not None and (before.score is not None or before.excused) and before.score != mark.score:
            seen = {"expert": mark.expert, "name": indicator.name}
            self.issues.append(issue("grading.score_twice", _place(mark.cell), applicant=applicant, **seen))
            self._contested.add(key)
            mark = Mark(mark.expert, None, mark.cell)
        held[mark.expert] = mark


def _panels(experts: dict[int, set[str]]) -> dict[int, frozenset[str]]:
    """Experts joined through the applicants they share, per applicant."""
    panels: list[set[str]] = []
    for names in experts.values():
        joined = set(names)
        apart = []
        for panel in panels:
            if panel & joined:
                joined |= panel
            else:
                apart.append(panel)
        panels = [*apart, joined]
    by_expert = {expert: frozenset(panel) for panel in panels for expert in panel}
    return {i: by_expert[next(iter(names))] for i, names in experts.items()}


def _place(cell: str) -> Place:
    sheet, _, address = cell.rpartition("!")
    return Place(sheet, address)
