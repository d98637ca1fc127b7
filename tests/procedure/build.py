"""One applicant of a shipped measure, as a scenario tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from incubxl.assess.scenarios import scenario_grid
from incubxl.files.packs import store
from incubxl.policy.pack import Case, ScenarioGroup
from incubxl.register.model import Register
from incubxl.register.read import read_register

D = dt.date


def event(kind: str, what: str, on: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "what": what, "on": on, **more}


def stage(what: str, on: str, **more: Any) -> dict[str, Any]:
    return event("stage", what, on, evidence="档案1", **more)


def register(
    pack: str,
    *events: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    settings: Mapping[str, Any] | None = None,
    answers: Mapping[str, str] | None = None,
    track: str = "",
    year: int = 2026,
) -> Register:
    tables = {"procedure_events": tuple(dict(e) for e in events), **{k: tuple(v) for k, v in (rows or {}).items()}}
    case = Case(
        name="x", expect="", track=track, facts=dict(facts or {}), rows=tables,
        settings=dict(settings or {}), interpretations=dict(answers or {}),
    )  # fmt: skip
    group = ScenarioGroup(criterion="x", clause="x", as_of=D(year, 6, 30), year=year, cases=(case,))
    whole = store().pack(pack)
    return read_register(scenario_grid(whole, group, case), whole)
