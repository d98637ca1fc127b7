"""A whole measure."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from pydantic import ConfigDict
from pydantic import Field as Key

from incubxl.policy.criteria import Criterion, Interpretation, Judgement, Parameter
from incubxl.policy.evaluation import EvaluationPolicy
from incubxl.policy.fields import Derived, Field, Id, Strict, TableSpec, Text
from incubxl.policy.forms import FormPolicy
from incubxl.policy.funding import FundingPolicy
from incubxl.policy.letters import LetterPolicy
from incubxl.policy.procedure import ProcedurePolicy


class Force(StrEnum):
    """How far the measure is in force on a day."""

    DRAFT = "draft"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    UNDATED = "undated"  # issued, but no effective date printed


class Track(Strict):
    """A kind of applicant that the measure treats apart."""

    id: Id
    label: Text
    aliases: tuple[str, ...] = ()
    clause: Text
    quote: Text


class Role(Strict):
    """An office or body that acts under the measure."""

    id: Id
    label: Text
    does: Text
    clause: Text


class Provision(Strict):
    """A clause that asks nothing to be computed but must be shown: principles, costs, who interprets."""

    clause: Text
    quote: Text
    note: Text


class Validity(Strict):
    """Printed dates only; ``undated_reason`` says what the text leaves out."""

    since: dt.date | None = None
    until: dt.date | None = None
    clause: str = ""
    quote: str = ""
    undated_reason: str = ""


class Measure(Strict):
    """measure.yaml."""

    id: Id
    version: Text
    name: Text
    short_name: Text
    document_number: str = ""
    issuer: Text
    issued_on: dt.date | None = None
    draft: bool = False
    draft_notice: str = ""
    validity: Validity
    applicant_noun: Text  # 孵化器, 众创空间 …
    seed: Text  # file name of the whole text, for lint only
    tracks: tuple[Track, ...] = Key(min_length=1)
    roles: tuple[Role, ...]
    provisions: tuple[Provision, ...] = ()

    def force(self, day: dt.date) -> Force:
        if self.draft:
            return Force.DRAFT
        if self.validity.until and day > self.validity.until:
            return Force.EXPIRED
        if self.validity.since is None:
            return Force.UNDATED
        return Force.NOT_YET if day < self.validity.since else Force.IN_FORCE

    def notice(self, day: dt.date) -> str:
        """The words that stand on every output when the measure is not plainly in force; empty when it is."""
        v = self.validity
        match self.force(day):
            case Force.DRAFT:
                return self.draft_notice or "征求意见稿，仅供试运行"
            case Force.EXPIRED:
                return (
                    f"本办法有效期至{v.until:%Y}年{v.until.month}月{v.until.day}日，已届满；合同存续部分请依约核对"
                    if v.until
                    else ""
                )
            case Force.NOT_YET:
                return (
                    f"本办法自{v.since:%Y}年{v.since.month}月{v.since.day}日起施行，基准日尚未施行" if v.since else ""
                )
            case Force.UNDATED:
                return v.undated_reason
            case _:
                return ""


class Case(Strict):
    """One scenario of a group: facts added to the group's, and what a person expects."""

    name: Text
    as_of: dt.date | None = None
    track: str = ""
    facts: dict[str, Any] = {}
    rows: dict[str, tuple[dict[str, Any], ...]] = {}
    judgements: dict[str, Literal["met", "not_met", "not_applicable"]] = {}
    interpretations: dict[str, str] = {}
    settings: dict[str, Any] = {}
    events: tuple[dict[str, Any], ...] = ()  # rows of the events sheet, after the group's
    # criterion: a verdict key; funding: amount in yuan as text, or a verdict key; procedure: the next stage, complete,
    # not_open or none; due: the day, a list of days, undated, or none
    expect: Any
    missing: tuple[str, ...] | None = None  # facts; procedure: what the next stage lacks (keys of Lack)
    binding: str | None = None  # funding: the limit that binds
    issues: tuple[str, ...] | None = None  # procedure: codes of what does not fit together
    state: str = ""  # due: overdue, soon, open or undated
    advised: dt.date | None = None  # due: the workday before a deadline that never moves later
    options: tuple[str, ...] | None = None  # sanction: the labels that the measure offers
    ban: Literal["none", "over", "running", "undated", "unsaid", "open"] | None = None  # sanction: on the as-of date
    last: dt.date | None = None  # sanction: the ban's last day
    stage: int | None = None  # ledger: the support year
    finds: tuple[str, ...] | None = None  # ledger: codes of what is found wrong


class ScenarioGroup(Strict):
    """Scenarios of one thing of the measure, typed from its clause. What stands in the group is common to its cases.

    ``procedure``: a sequence of stages. ``due``: a duty, term, 公示 or sanction.

    ``sanction`` expects undecided, decided or none (nothing found, nothing decided); ``consecutive`` (a sanction's id)
    reached, not_reached, unknown, pending or nothing; ``ledger`` (an item's id) the account's state: agrees, wrong,
    unknown, pending, nothing; or, of an item that goes back, the amount in yuan or a verdict key.
    """

    criterion: str = ""
    funding: str = ""
    procedure: str = ""
    due: str = ""
    within: int = 400  # due: the horizon in days
    sanction: str = ""
    consecutive: str = ""
    ledger: str = ""
    clause: Text
    as_of: dt.date
    track: str = ""
    year: int | None = None
    facts: dict[str, Any] = {}
    rows: dict[str, tuple[dict[str, Any], ...]] = {}
    judgements: dict[str, Literal["met", "not_met", "not_applicable"]] = {}
    interpretations: dict[str, str] = {}
    settings: dict[str, Any] = {}
    events: tuple[dict[str, Any], ...] = ()
    cases: tuple[Case, ...] = Key(min_length=1)


class Pack(Strict):
    """Everything that one measure asks of the software. ``facts`` and ``tables`` begin with the common ones."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, ignored_types=(cached_property,)
    )

    measure: Measure
    facts: tuple[Field, ...]
    settings: tuple[Field, ...]
    tables: tuple[TableSpec, ...]
    derived: tuple[Derived, ...]
    judgements: tuple[Judgement, ...]
    criteria: tuple[Criterion, ...]
    parameters: tuple[Parameter, ...]
    interpretations: tuple[Interpretation, ...]
    procedure: ProcedurePolicy
    evaluation: EvaluationPolicy
    funding: FundingPolicy
    letters: LetterPolicy
    forms: FormPolicy = FormPolicy()
    scenarios: tuple[ScenarioGroup, ...]
    digest: str  # SHA-256 over the texts

    def __repr__(self) -> str:
        return f"<Pack {self.id} {self.measure.version}>"

    @property
    def id(self) -> str:
        return self.measure.id

    @cached_property
    def fact(self) -> dict[str, Field]:
        return {f.id: f for f in self.facts}

    @cached_property
    def derivation(self) -> dict[str, Derived]:
        return {d.id: d for d in self.derived}

    @cached_property
    def parameter(self) -> dict[str, Parameter]:
        return {p.id: p for p in self.parameters}

    @cached_property
    def interpretation(self) -> dict[str, Interpretation]:
        return {i.id: i for i in self.interpretations}

    @cached_property
    def judgement(self) -> dict[str, Judgement]:
        return {j.id: j for j in self.judgements}

    @cached_property
    def criterion(self) -> dict[str, Criterion]:
        return {c.id: c for c in self.criteria}

    @cached_property
    def table(self) -> dict[str, TableSpec]:
        return {t.id: t for t in self.tables}

    def label(self, id: str) -> str:
        """The Chinese name of a fact, a derived count, a parameter or a judgement."""
        for shelf in (self.fact, self.derivation, self.parameter, self.judgement):
            if id in shelf:
                return shelf[id].label
        return self.table[id].sheet if id in self.table else id
