"""funding.yaml: items of money and what limits them. A closed set of operators over parameters, facts and history.

Amounts never stand here as numbers: parameters (dated, with clause) and facts are named by id. Every amount is in
yuan once evaluated; parameters and facts carry their own unit (元, 万元, %, 倍).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field as Key
from pydantic import model_validator

from incubxl.policy.criteria import Limb
from incubxl.policy.fields import Id, Strict, Text


class Times(Strict):
    """``of`` times a parameter: unit % divides by a hundred, any other unit (倍) multiplies."""

    of: Amount
    rate: Id


class Joint(Strict):
    """Two payers share ``rate`` of ``of``; the other payer gives ``match`` times this one, or less where recorded.

    The limit of this payer is the larger of rate × of ÷ (1 + match) and rate × of − the other's recorded amount.
    """

    of: Amount
    rate: Id
    match: Id
    other: Id  # money fact: what the other payer really gives; blank: matches in full


class Less(Strict):
    """``from`` minus ``take``, never below zero."""

    from_: Amount = Key(alias="from")
    take: Amount


class AmountCase(Strict):
    """The amount where the condition is met; the first such case counts."""

    when: Limb
    then: Amount


class AmountReading(Strict):
    """Each option of an open question has its own amount."""

    interpretation: Id
    options: dict[str, Amount] = Key(min_length=2)


class Past(Strict):
    """Sum of the awards with these titles in the history of the applicant; none is nought."""

    titles: tuple[Text, ...] = Key(min_length=1)


class Amount(Strict):
    """One operator."""

    parameter: Id | None = None
    fact: Id | None = None
    item: Id | None = None  # the amount of another item's line
    times: Times | None = None
    joint: Joint | None = None
    less: Less | None = None
    sum: tuple[Amount, ...] | None = None
    cases: tuple[AmountCase, ...] | None = None
    by_interpretation: AmountReading | None = None
    past: Past | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Amount:
        if sum_set(self) != 1:
            raise ValueError("每个金额须且只能有一个运算符")
        return self

    def children(self) -> tuple[Amount, ...]:
        """The amounts directly inside."""
        if self.times:
            return (self.times.of,)
        if self.joint:
            return (self.joint.of,)
        if self.less:
            return (self.less.from_, self.less.take)
        if self.sum:
            return self.sum
        if self.cases:
            return tuple(case.then for case in self.cases)
        if self.by_interpretation:
            return tuple(self.by_interpretation.options.values())
        return ()

    def walk(self) -> Iterator[Amount]:
        """This amount and all below it."""
        yield self
        for child in self.children():
            yield from child.walk()


def sum_set(amount: Amount) -> int:
    """How many operators an amount names."""
    return sum(getattr(amount, name) is not None for name in type(amount).model_fields)


class LimitPolicy(Strict):
    """One limit; an item pays the least of its limits.

    ``applies`` not met, or ``under`` another option: the limit drops out. ``soft`` is 原则上: applied and labelled;
    ``exception`` names the judgement (or boolean fact) by which the office records that it is set aside.
    """

    id: Id
    label: Text
    clause: Text
    amount: Amount
    applies: Limb | None = None
    under: dict[Id, Id] = {}
    soft: bool = False
    exception: str = ""

    @model_validator(mode="after")
    def _soft_exception(self) -> LimitPolicy:
        if self.exception and not self.soft:
            raise ValueError("只有 soft 的上限才可写 exception")
        return self


class Since(Strict):
    """A date fact lies before a day of the measure itself."""

    fact: Id
    day: Literal["issued_on", "since"]


class Gate(Strict):
    """What closes an item before money is counted, in the order written.

    ``when`` met (or ``before``: the date lies before the measure's day) gives ``verdict`` with ``reason``;
    a missing fact leaves the item unknown. ``under`` holds the gate to options of open questions.
    """

    when: Limb | None = None
    before: Since | None = None
    under: dict[Id, Id] = {}
    verdict: Literal["not_met", "pending", "not_applicable"]
    reason: Text
    clause: str = ""

    @model_validator(mode="after")
    def _one_test(self) -> Gate:
        if (self.when is None) == (self.before is None):
            raise ValueError("每个关口须且只能有 when、before 之一")
        return self


class Once(Strict):
    """一次性: an award with one of these titles in the history (by applicant or credit code) closes the item."""

    titles: tuple[Text, ...] = Key(min_length=1)
    clause: Text


class Rival(Strict):
    """Whether money of these items or past titles may stand beside this item is an open question.

    Under ``option`` it may not: the item is closed where one of ``items`` is payable or one of ``titles`` was paid.
    """

    interpretation: Id
    option: Id
    items: tuple[Id, ...] = ()
    titles: tuple[Text, ...] = ()
    reason: Text


class FundingItem(Strict):
    """One item of money from one payer."""

    id: Id
    label: Text
    payer: Text
    clause: Text
    quote: Text
    tracks: tuple[Id, ...] = ()  # empty: every track
    applies: Limb | None = None  # not met: the item does not apply
    needs: tuple[Id, ...] = ()  # facts that must be filled before anything is counted
    criteria: tuple[Id, ...] = ()  # criteria whose verdicts the item waits for
    gates: tuple[Gate, ...] = ()
    once: Once | None = None
    rival: Rival | None = None
    limits: tuple[LimitPolicy, ...] = Key(min_length=1)
    yearly: bool = False  # the line carries the support year
    refund: bool = False  # money that goes back: never counted into totals
    note: str = ""

    def limit(self, id: str) -> LimitPolicy:
        return next(x for x in self.limits if x.id == id)


class TotalControl(Strict):
    """总额控制: the sum of these items over all applicants against a money setting of the office."""

    id: Id
    label: Text
    clause: Text
    quote: Text
    items: tuple[Id, ...] = Key(min_length=1)
    setting: Id


class SupportYear(Strict):
    """Where the support year stands: a fact, and for a choice fact the year of each choice."""

    fact: Id
    years: dict[str, int] = {}


class FundingPolicy(Strict):
    """No items: the measure grants no money; ``note`` says so."""

    items: tuple[FundingItem, ...] = ()
    totals: tuple[TotalControl, ...] = ()
    support_year: SupportYear | None = None
    expired_note: str = ""
    note: str = ""

    def item(self, id: str) -> FundingItem:
        return next(x for x in self.items if x.id == id)
