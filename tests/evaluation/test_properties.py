"""Properties over all five measures: a filled blank never reverses a verdict; unknown names what is missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubxl.assess.criteria import Criteria
from incubxl.assess.model import CriterionResult
from incubxl.assess.scenarios import scenario_grid
from incubxl.policy.fields import Field
from incubxl.policy.pack import Case, Pack, ScenarioGroup
from incubxl.register.read import read_register
from incubxl.verdict import Verdict

AS_OF = dt.date(2025, 6, 30)
_SKIPPED = ("applicant_id", "name", "uscc", "contact_name", "contact_phone", "contact_email")
_COMMON = (
    "judgements",
    "overrides",
    "interpretations",
    "indicators",
    "scores",
    "grade_rules",
    "conclusions",
    "settings",
)


def _values(field: Field, pack: Pack) -> st.SearchStrategy[Any]:
    match field.type:
        case "number" | "integer" | "money" | "percent":
            unit = "%" if field.type == "percent" else field.unit
            edges = {float(v.value) for p in pack.parameters if p.unit == unit for v in p.values} or {3.0}
            near = {e + d for e in edges for d in (-1, 0, 1) if e + d >= 0} | {0.0, 40.0, 600.0}
            return st.sampled_from(sorted(near))
        case "date":
            days = (-800, -731, -730, -366, -365, -364, -31, -30, -1, 0, 1, 100)
            return st.sampled_from([str(AS_OF + dt.timedelta(days=d)) for d in days])
        case "year":
            return st.sampled_from([2023, 2024, 2025])
        case "boolean":
            return st.booleans()
        case "choice":
            return st.sampled_from([c.id for c in field.choices])
        case "uscc":
            return st.sampled_from(["91650100MA0000001U", "91650100MA0000002Y", "91650100MA00000032"])
        case "email":
            return st.just("office@example.org")
        case "phone":
            return st.just("0991-5550101")
        case _:
            return st.sampled_from(["甲", "乙", "丙"])


@st.composite
def _case(draw: st.DrawFn, pack: Pack) -> Case:
    facts = {f.id: draw(st.none() | _values(f, pack)) for f in pack.facts if f.id not in (*_SKIPPED, "track")}
    rows = {}
    for table in pack.tables:
        if table.id in _COMMON or table.id == "history" or not table.owner:
            continue
        row = st.fixed_dictionaries(
            {c.id: st.none() | _values(c, pack) for c in table.columns if c.id != table.owner}
        ).filter(lambda r: any(v is not None for v in r.values()))
        rows[table.id] = tuple(draw(st.lists(row, max_size=4)))
    answers = {
        i.id: draw(st.sampled_from([o.id for o in i.options])) for i in pack.interpretations if draw(st.booleans())
    }
    judged = {j.id: draw(st.sampled_from(["met", "not_met"])) for j in pack.judgements if draw(st.booleans())}
    track = draw(st.sampled_from(pack.measure.tracks)).id if len(pack.measure.tracks) > 1 else ""
    return Case(
        name="随机", facts=facts, rows=rows, interpretations=answers, judgements=judged, track=track,
        settings={"reference_year": 2024}, expect="",
    )  # fmt: skip


def _results(pack: Pack, case: Case) -> tuple[CriterionResult, ...]:
    group = ScenarioGroup(criterion="x", clause="x", as_of=AS_OF, cases=(case,))
    register = read_register(scenario_grid(pack, group, case), pack)
    return Criteria(register, AS_OF, pack.measure.force(AS_OF)).results(0, [])


def _blanks(case: Case) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [("fact", k) for k, v in case.facts.items() if v is None]
    for table, rows in case.rows.items():
        found += [("row", table, str(n), k) for n, row in enumerate(rows) for k, v in row.items() if v is None]
    return found


def _filled(case: Case, where: tuple[str, ...], value: Any) -> Case:
    if where[0] == "fact":
        return case.model_copy(update={"facts": {**case.facts, where[1]: value}})
    _, table, n, column = where
    rows = [dict(r) for r in case.rows[table]]
    rows[int(n)][column] = value
    return case.model_copy(update={"rows": {**case.rows, table: tuple(rows)}})


_SETTINGS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture,
                                                             HealthCheck.data_too_large, HealthCheck.large_base_example]
)  # fmt: skip


@_SETTINGS
@given(data=st.data())
def test_filling_a_blank_never_reverses_a_verdict(pack: Pack, data: st.DataObject) -> None:
    case = data.draw(_case(pack))
    blanks = _blanks(case)
    if not blanks:
        return
    where = data.draw(st.sampled_from(blanks))
    fields = {f.id: f for f in pack.facts} if where[0] == "fact" else {c.id: c for c in pack.table[where[1]].columns}
    value = data.draw(_values(fields[where[-1]], pack))
    before, after = _results(pack, case), _results(pack, _filled(case, where, value))
    decided = (Verdict.MET, Verdict.NOT_MET)
    for old, new in zip(before, after, strict=True):
        if old.computed in decided and new.computed in decided:
            assert old.computed == new.computed, (old.criterion, where, value, old.value, new.value)


@_SETTINGS
@given(data=st.data())
def test_unknown_exactly_when_something_is_named_missing(pack: Pack, data: st.DataObject) -> None:
    for result in _results(pack, data.draw(_case(pack))):
        assert (result.computed == Verdict.UNKNOWN) == bool(result.missing), (result.criterion, result.value)
        if result.computed in (Verdict.UNKNOWN, Verdict.NOT_MET, Verdict.PENDING):
            assert result.remedy, result.criterion
        else:
            assert not result.remedy, result.criterion
