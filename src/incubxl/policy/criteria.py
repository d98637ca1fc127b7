"""Criteria: a closed set of operators over facts, parameters, judgements and interpretations. No expressions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from pydantic import Field as Key
from pydantic import model_validator

from incubxl.policy.fields import Id, Strict, Text


class Compare(Strict):
    """at_least / at_most: a number, money, or derived count against a dated parameter; the bound is included."""

    fact: Id
    than: Id


class Is(Strict):
    """A boolean, choice or text fact has this value."""

    fact: Id
    value: bool | str


class OneOf(Strict):
    """A choice fact has one of these values (choice ids)."""

    fact: Id
    choices: tuple[str, ...]


class Share(Strict):
    """share_at_least: sum of ``parts`` / ``whole`` ≥ parameter (unit %). Whole blank or 0: unknown."""

    parts: tuple[Id, ...]
    whole: Id
    than: Id


class HeldFor(Strict):
    """The span from date ``since`` to the as-of date is at least the parameter (unit 年, 个月 or 月)."""

    since: Id
    period: Id


class EarlierThan(Strict):
    """Date ``fact`` lies strictly before date ``than``; with ``by`` (parameter in 年, 个月, 月) at least so long."""

    fact: Id
    than: Id
    by: str = ""


class InForce(Strict):
    """Date ``fact`` lies within the measure's printed validity: from its first day (else its issue) to its last."""

    fact: Id


class Provided(Strict):
    """Every one of these facts is filled; blank ones make it unknown, never not_met."""

    facts: tuple[Id, ...]


class Attested(Strict):
    """A person's judgement; pending until an official gives it."""

    judgement: Id


class InPrinciple(Strict):
    """原则上: what fails the check goes to the named judgement instead of failing."""

    check: Limb
    judgement: Id


class ByInterpretation(Strict):
    """Each option of an open question has its own check; unanswered is pending unless all options agree."""

    interpretation: Id
    options: dict[str, Limb]


class NOf(Strict):
    n: int
    of: tuple[Limb, ...]


class NoBan(Strict):
    """No recorded sanction of these kinds forbids applying on the as-of date (history sheet)."""

    sanctions: tuple[Id, ...]


class Limb(Strict):
    """One operator, with the words it stands for. ``gap`` says how to close it: {gap}{unit} are filled for numbers."""

    at_least: Compare | None = None
    at_most: Compare | None = None
    is_: Is | None = Key(default=None, alias="is")
    one_of: OneOf | None = None
    share_at_least: Share | None = None
    held_for: HeldFor | None = None
    earlier_than: EarlierThan | None = None
    in_force: InForce | None = None
    provided: Provided | None = None
    attested: Attested | None = None
    in_principle: InPrinciple | None = None
    by_interpretation: ByInterpretation | None = None
    no_ban: NoBan | None = None
    all_of: tuple[Limb, ...] | None = None
    any_of: tuple[Limb, ...] | None = None
    n_of: NOf | None = None
    not_: Limb | None = Key(default=None, alias="not")
    quote: str = ""
    gap: str = ""

    @model_validator(mode="after")
    def _one_operator(self) -> Limb:
        if len(self._set()) != 1:
            raise ValueError("每个条件须且只能有一个运算符")
        return self

    def _set(self) -> list[str]:
        return [name for name in OPERATORS if getattr(self, name) is not None]

    @property
    def operator(self) -> str:
        """The operator's field name: at_least, is_, all_of …"""
        return self._set()[0]

    def children(self) -> tuple[Limb, ...]:
        """The limbs directly inside."""
        if self.all_of or self.any_of:
            return self.all_of or self.any_of or ()
        if self.n_of:
            return self.n_of.of
        if self.not_:
            return (self.not_,)
        if self.in_principle:
            return (self.in_principle.check,)
        if self.by_interpretation:
            return tuple(self.by_interpretation.options.values())
        return ()

    def facts(self) -> tuple[str, ...]:
        """Facts and derived counts that this limb itself looks at."""
        one = self.at_least or self.at_most or self.is_ or self.one_of or self.in_force
        if one:
            return (one.fact,)
        if self.share_at_least:
            return (*self.share_at_least.parts, self.share_at_least.whole)
        if self.held_for:
            return (self.held_for.since,)
        if self.earlier_than:
            return (self.earlier_than.fact, self.earlier_than.than)
        return self.provided.facts if self.provided else ()

    def parameters(self) -> tuple[str, ...]:
        """Parameters that this limb itself compares with."""
        bound = self.at_least or self.at_most or self.share_at_least
        if bound:
            return (bound.than,)
        if self.held_for:
            return (self.held_for.period,)
        return (self.earlier_than.by,) if self.earlier_than and self.earlier_than.by else ()

    def judgements(self) -> tuple[str, ...]:
        """Judgements that this limb itself asks for."""
        asked = self.attested or self.in_principle
        return (asked.judgement,) if asked else ()

    def walk(self) -> Iterator[Limb]:
        """This limb and all below it."""
        yield self
        for child in self.children():
            yield from child.walk()


OPERATORS = tuple(name for name in Limb.model_fields if name not in ("quote", "gap"))


class Criterion(Strict):
    """One condition of the measure, in its own words."""

    id: Id
    title: Text
    clause: Text
    quote: Text
    tracks: tuple[Id, ...] = ()  # empty: every track
    applies: Limb | None = None  # not met: the criterion does not apply
    check: Limb
    remedy: Text
    advisory: bool = False  # shown as a warning, never part of 是否符合


class Judgement(Strict):
    """What the measure leaves to a person: the question and the evidence asked for."""

    id: Id
    label: Text
    clause: Text
    quote: Text
    question: Text
    evidence: tuple[Text, ...]
    tracks: tuple[Id, ...] = ()


class DatedValue(Strict):
    """A parameter's value from a day on; ``since`` null means from the beginning."""

    since: dt.date | None = None
    value: Decimal


class Parameter(Strict):
    """A number that the measure prints, with unit, clause and quote.

    ``exact``: the words leave no doubt that the number itself is enough (至少, 首次, 连续两年, 一般为三年), so the
    question number-inclusive (以上, 不少于 …) does not reach it.
    """

    id: Id
    label: Text
    unit: Text
    clause: Text
    quote: Text
    values: tuple[DatedValue, ...] = Key(min_length=1)
    exact: bool = False

    def at(self, day: dt.date) -> Decimal | None:
        """The value in force on ``day``; None before the first."""
        found = [v.value for v in self.values if v.since is None or v.since <= day]
        return found[-1] if found else None


class Option(Strict):
    id: Id
    label: Text


class LegalDefault(Strict):
    """A default answer that general law gives, labelled 类推."""

    option: Id
    source: Text


class Interpretation(Strict):
    """A question that the measure leaves open (口径)."""

    id: Id
    clause: Text
    quote: str = ""
    question: Text
    options: tuple[Option, ...] = Key(min_length=2)
    default: LegalDefault | None = None
    effect: Text  # what depends on it, in one line

    def option_label(self, option: str) -> str:
        return next((o.label for o in self.options if o.id == option), option)
