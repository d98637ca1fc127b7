"""Scenarios of a pack, run through the whole way from cells to verdicts: the measure as tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incubxl.assess.engine import assess
from incubxl.assess.model import Determination
from incubxl.assess.procedure_scenarios import procedure_problem
from incubxl.assess.scenario_years import years_problem
from incubxl.grid import CellValue, Grid, Sheet
from incubxl.policy.fields import Field
from incubxl.policy.pack import Case, Pack, ScenarioGroup
from incubxl.register.read import read_register
from incubxl.verdict import BY_KEY

APPLICANT = "S-001"
NAME = "情景测试单位"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario's result. ``problem`` is empty when it holds; otherwise what was expected and what came."""

    group: str  # the criterion, funding item, sequence, due matter or sanction
    clause: str
    name: str
    problem: str

    @property
    def passed(self) -> bool:
        return not self.problem


def run_scenarios(pack: Pack) -> list[Outcome]:
    """Run every scenario of ``pack``."""
    return [_outcome(pack, group, case) for group in pack.scenarios for case in group.cases]


def _outcome(pack: Pack, group: ScenarioGroup, case: Case) -> Outcome:
    as_of = case.as_of or group.as_of
    told = group.criterion or group.funding or group.sanction or group.consecutive or group.ledger
    register = read_register(scenario_grid(pack, group, case), pack)
    if about := group.procedure or group.due:
        wrong = procedure_problem(register, as_of, group, case)
        return Outcome(about, group.clause, case.name, wrong)
    found = assess(register, as_of).determinations
    if not found:
        problem = "情景的登记行被拒收：" + "；".join(i.message for i in register.issues)
    elif group.criterion:
        problem = _criterion_problem(group.criterion, case, found[0])
    elif group.funding:
        problem = _funding_problem(group.funding, case, found[0])
    else:
        problem = years_problem(register, group, case, as_of)
    return Outcome(told, group.clause, case.name, problem)


def _criterion_problem(id: str, case: Case, found: Determination) -> str:
    result = next(r for r in found.results if r.criterion == id)
    if result.computed.key != case.expect:
        return f"应为 {case.expect}，得到 {result.computed.key}（{result.value}；{result.threshold}；{result.remedy}）"
    if case.missing is not None and set(result.missing) != set(case.missing):
        return f"应缺 {sorted(case.missing)}，得到 {sorted(result.missing)}"
    return ""


def _funding_problem(id: str, case: Case, found: Determination) -> str:
    line = next((f for f in found.funding if f.item == id), None)
    if line is None:
        return f"没有经费项目 {id}"
    expected = str(case.expect)
    if expected in BY_KEY:
        if line.verdict.key != expected:
            return f"应为 {expected}，得到 {line.verdict.key} {line.amount}（{line.reason}）"
    elif line.amount is None or line.amount != Decimal(expected):
        return f"应为 {expected} 元，得到 {line.amount}（{line.verdict.key}；{line.reason}；缺 {line.missing}）"
    if case.missing is not None and set(line.missing) != set(case.missing):
        return f"应缺 {sorted(case.missing)}，得到 {sorted(line.missing)}"
    if case.binding is not None and case.binding not in line.binding:
        return f"应受 {case.binding} 限制，得到 {line.binding}"
    return ""


def scenario_grid(pack: Pack, group: ScenarioGroup, case: Case) -> Grid:
    """A workbook with one applicant, as the scenario tells it."""
    facts = {"applicant_id": APPLICANT, "name": NAME, **group.facts, **case.facts}
    track = case.track or group.track
    if track:
        facts["track"] = track
    rows: dict[str, list[Mapping[str, Any]]] = {id: list(r) for id, r in {**group.rows, **case.rows}.items()}
    signed = {"reason": "情景", "signer": "情景", "signed_on": group.as_of}
    judgements = {**group.judgements, **case.judgements}
    rows["judgements"] = [{"judgement": j, "verdict": v, **signed} for j, v in judgements.items()]
    answers = {**group.interpretations, **case.interpretations}
    rows["interpretations"] = [{"interpretation": q, "answer": a, **signed} for q, a in answers.items()]
    settings = {"pack": pack.id, "year": group.year or group.as_of.year, **group.settings, **case.settings}
    labels = {f.id: f.label for f in pack.settings}
    if events := [*group.events, *case.events]:
        rows["procedure_events"] = [*rows.get("procedure_events", ()), *events]
    rows["settings"] = [{"setting": labels[k], "value": v, "key": k} for k, v in settings.items()]
    sheets = {"申报登记": _sheet("申报登记", pack.facts, [facts])}
    for spec in pack.tables:
        if rows.get(spec.id):
            owned = [{spec.owner: APPLICANT, **row} if spec.owner else row for row in rows[spec.id]]
            sheets[spec.sheet] = _sheet(spec.sheet, spec.columns, owned)
    return Grid(f"scenario-{pack.id}", sheets)


def _sheet(name: str, fields: tuple[Field, ...], rows: list[Mapping[str, Any]]) -> Sheet:
    header: list[CellValue] = [f.label for f in fields]
    body = [[_cell(f, row.get(f.id)) for f in fields] for row in rows]
    return Sheet(name, [header, *body])


def _cell(field: Field, value: Any) -> CellValue:
    if value is None:
        return None
    if field.type == "choice":
        return field.choice_label(str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | int):
        return float(value)
    if field.type == "date" and isinstance(value, str) and value[:4].isdigit() and value.count("-") == 2:
        return dt.date.fromisoformat(value)
    return value if isinstance(value, dt.date) else str(value)
