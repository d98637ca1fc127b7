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
from incubxl.policy.recorded import Recorded


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
    """What was awarded earlier under these titles: the history where it has such awards, else the typed total."""

    titles: tuple[Text, ...] = Key(min_length=1)
    total: Id  # money fact


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
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
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


class LimitPolicy(Strict):
    """One limit; an item pays the least of its limits.

    ``applies`` not met, ``under`` another option, or ``when_filled`` blank: the limit drops out. ``soft`` is 原则上:
    applied and labelled; ``exception`` names the boolean fact by which the office records that it is set aside, and
    ``exception_document`` the fact with that decision's number, without which it is not.
    """

    id: Id
    label: Text
    clause: Text
    amount: Amount
    applies: Limb | None = None
    under: dict[Id, Id] = {}
    when_filled: str = ""
    soft: bool = False
    exception: str = ""
    exception_document: str = ""

    @model_validator(mode="after")
    def _soft_exception(self) -> LimitPolicy:
        if self.exception and not self.soft:
            raise ValueError("只有 soft 的上限才可写 exception")
        return self


class DayTest(Strict):
    """A date fact against the as-of date or a day of the measure itself."""

    fact: Id
    is_: Literal["before", "after", "not_before"] = Key(alias="is")
    day: Literal["issued_on", "since", "as_of"]


class Gate(Strict):
    """What closes an item before money is counted, in the order written.

    The test met gives ``verdict`` with ``reason``; ``missing`` says what a blank fact gives (``pass``: nothing);
    an unreadable one always leaves the item unknown.
    ``under`` holds the gate to options of open questions, which are asked only where the test is met.
    """

    when: Limb | None = None
    date: DayTest | None = None
    under: dict[Id, Id] = {}
    verdict: Literal["not_met", "pending", "not_applicable"]
    missing: Literal["unknown", "pending", "not_applicable", "pass"] = "unknown"
    reason: Text
    clause: str = ""

    @model_validator(mode="after")
    def _one_test(self) -> Gate:
        if (self.when is None) == (self.date is None):
            raise ValueError("每个关口须且只能有 when、date 之一")
        return self


class Remaining(Strict):
    """In these support years the item is what remains: with what was ``paid`` before it makes the whole."""

    paid: Id  # money fact or count
    years: tuple[int, ...] = Key(min_length=1)


class FundingItem(Strict):
    """One item of money from one payer. A blank fact that ``applies`` asks for leaves it unknown, unless the item
    arises only from what is on record (``on_record``): then it does not apply.

    For the ledger: ``names`` are other names of the item (several items may share one and differ by payer);
    ``approved`` is the money fact with the amount approved, ``not_before`` the date fact before which nothing is paid,
    ``pool`` (of an item that goes back) whose money it is, as the ledger's payer.
    """

    id: Id
    label: Text
    payer: Text
    clause: Text
    quote: Text
    tracks: tuple[Id, ...] = ()  # empty: every track
    applies: Limb | None = None  # not met: the item does not apply
    on_record: bool = False
    gates: tuple[Gate, ...] = ()
    once: tuple[Text, ...] = ()  # 一次性: an award of one of these titles in the history closes the item
    limits: tuple[LimitPolicy, ...] = Key(min_length=1)
    yearly: bool = False  # the line carries the support year
    refund: bool = False  # money that goes back: never counted into totals
    names: tuple[Text, ...] = ()
    approved: str = ""
    not_before: str = ""
    remaining: Remaining | None = None
    pool: str = ""
    nothing: str = ""  # the reason where the amount comes to nought and that means: not entitled
    note: str = ""

    def limit(self, id: str) -> LimitPolicy:
        return next(x for x in self.limits if x.id == id)

    def depends_on(self) -> frozenset[str]:
        """Items whose amounts this one is counted from."""
        return frozenset(a.item for limit in self.limits for a in limit.amount.walk() if a.item)


class TotalControl(Strict):
    """总额控制: the sum of these items over all applicants against a money setting of the office."""

    id: Id
    label: Text
    clause: Text
    quote: Text
    items: tuple[Id, ...] = Key(min_length=1)
    setting: Id


class Lifetime(Strict):
    """What one applicant gets of these items over all years is at most ``amount``; without it while the fact
    ``when_filled`` is blank."""

    id: Id
    label: Text
    clause: Text
    quote: Text
    items: tuple[Id, ...] = Key(min_length=1)
    amount: Amount
    when_filled: str = ""


class PaymentSheet(Strict):
    """A sheet of the pack where payments stand already: its columns, and the items that its choices mean."""

    table: Id
    item: Id
    payer: Id
    stage: Id
    amount: Id
    on: Id
    document: Id
    items: dict[str, tuple[Id, ...]]


class SupportYear(Strict):
    """Where the support year stands: a fact, and for a choice fact the year of each choice."""

    fact: Id
    years: dict[str, int] = {}


class Exclusive(Strict):
    """Rows of one credit code with money of these items: under ``option`` only the highest is paid."""

    interpretation: Id
    option: Id
    items: tuple[Id, ...] = Key(min_length=1)
    reason: Text


class AfterExpiry(Strict):
    """What is said once the measure has expired; ``option`` of the question leaves payments to the office."""

    note: Text
    interpretation: Id
    option: Id
    reason: Text


class FundingPolicy(Strict):
    """No items: the measure grants no money; ``note`` says so."""

    items: tuple[FundingItem, ...] = ()
    totals: tuple[TotalControl, ...] = ()
    lifetime: tuple[Lifetime, ...] = ()
    payments: PaymentSheet | None = None
    recorded: tuple[Recorded, ...] = ()
    exclusive: Exclusive | None = None
    support_year: SupportYear | None = None
    after_expiry: AfterExpiry | None = None
    note: str = ""

    @model_validator(mode="after")
    def _order(self) -> FundingPolicy:
        seen: set[str] = set()
        for item in self.items:
            if item.id in seen:
                raise ValueError(f"经费项目「{item.id}」重复")
            if late := item.depends_on() - seen:
                raise ValueError(f"经费项目「{item.id}」所依据的「{'、'.join(sorted(late))}」应写在它前面")
            seen.add(item.id)
        return self

    def item(self, id: str) -> FundingItem:
        return next(x for x in self.items if x.id == id)
