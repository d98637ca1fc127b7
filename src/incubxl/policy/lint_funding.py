"""References of funding.yaml that loading cannot see: parameters and their units, facts and their types, questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from incubxl.policy.criteria import Limb
from incubxl.policy.funding import Amount, FundingItem, Gate, LimitPolicy
from incubxl.policy.pack import Pack
from incubxl.policy.source import Path

Finding = tuple[Path, str]
Limbs = Callable[[Pack, Limb, Path], Iterable[Finding]]
MONEY = ("元", "万元")
RATES = ("%", "倍")
OPERATORS = frozenset(
    {
        "is_", "one_of", "at_least", "at_most", "provided", "earlier_than", "attested", "by_interpretation",
        "all_of", "any_of", "not_",
    }
)  # fmt: skip


def funding(pack: Pack, limbs: Limbs) -> Iterator[tuple[str, Path, str]]:
    """Findings as (pack field, path in it, Chinese message). ``limbs`` checks one condition's own references."""
    check = _Check(pack, limbs)
    policy = pack.funding
    for n, item in enumerate(policy.items):
        yield from (("funding", path, message) for path, message in check.item(item, ("items", n)))
    yield from (("funding", path, message) for path, message in check.rest())
    yield from (("funding", path, message) for path, message in check.lifetime())
    yield from (("funding", path, message) for path, message in check.recorded())
    items = {item.id for item in policy.items}
    tested = {group.funding for group in pack.scenarios}
    for n, item in enumerate(policy.items):
        if item.id not in tested:
            yield "funding", ("items", n, "id"), f"经费项目「{item.label}」没有情景（scenarios.yaml）"
    for n, group in enumerate(pack.scenarios):
        if group.funding and group.funding not in items:
            yield "scenarios", (n, "funding"), f"没有经费项目「{group.funding}」"
        for c, case in enumerate(group.cases):
            limits = {limit.id for item in policy.items if item.id == group.funding for limit in item.limits}
            if case.binding is not None and case.binding not in limits:
                yield "scenarios", (n, "cases", c, "binding"), f"经费项目「{group.funding}」没有限额「{case.binding}」"


class _Check:
    """The pack that everything is looked up in."""

    def __init__(self, pack: Pack, limbs: Limbs) -> None:
        self.pack, self.limbs = pack, limbs

    def item(self, item: FundingItem, here: Path) -> Iterator[Finding]:
        tracks = {t.id for t in self.pack.measure.tracks}
        yield from ((here, f"没有申报类型「{t}」") for t in item.tracks if t not in tracks)
        if item.applies is not None:
            yield from self._limb(item.applies, (*here, "applies"))
        for n, gate in enumerate(item.gates):
            yield from self._gate(gate, (*here, "gates", n))
        yield from self._ledger(item, here)
        ids = [limit.id for limit in item.limits]
        for n, limit in enumerate(item.limits):
            if limit.id in ids[:n]:
                yield (*here, "limits", n, "id"), f"限额「{limit.id}」重复"
            yield from self._limit(limit, (*here, "limits", n))

    def _ledger(self, item: FundingItem, here: Path) -> Iterator[Finding]:
        if item.approved:
            yield from self._money(item.approved, (*here, "approved"))
        if item.not_before:
            yield from self._typed(item.not_before, ("date",), (*here, "not_before"))
        if item.remaining is not None:
            yield from self._money(item.remaining.paid, (*here, "remaining"))
        payers = self.pack.table["ledger"].column("payer").choices
        if item.refund and item.pool not in {choice.id for choice in payers}:
            yield (*here, "pool"), f"退还的项目须写明 pool（出资方）：{'、'.join(choice.id for choice in payers)}"
        if not item.refund and not any(item.payer in (choice.label, *choice.aliases) for choice in payers):
            yield (*here, "payer"), f"「资金台账」的出资方没有「{item.payer}」这个名称"

    def lifetime(self) -> Iterator[Finding]:
        """Controls over all years, and the pack's own sheet of payments."""
        policy = self.pack.funding
        items = {item.id for item in policy.items}
        for n, control in enumerate(policy.lifetime):
            here: Path = ("lifetime", n)
            yield from ((here, f"没有经费项目「{item}」") for item in control.items if item not in items)
            yield from self._amount(control.amount, (*here, "amount"))
            if control.when_filled:
                yield from self._money(control.when_filled, (*here, "when_filled"))
        sheet = policy.payments
        if sheet is None:
            return
        table = self.pack.table.get(sheet.table)
        if table is None:
            yield ("payments", "table"), f"没有明细表「{sheet.table}」"
            return
        columns = {column.id for column in table.columns}
        for column in (sheet.item, sheet.payer, sheet.stage, sheet.amount, sheet.on, sheet.document):
            if column not in columns:
                yield ("payments",), f"明细表「{table.sheet}」没有栏目「{column}」"
        for meant in sheet.items.values():
            yield from ((("payments", "items"), f"没有经费项目「{item}」") for item in meant if item not in items)

    def recorded(self) -> Iterator[Finding]:
        """Facts that the ledger holds too."""
        policy = self.pack.funding
        items = {item.id for item in policy.items if not item.refund}
        payers = [choice.id for choice in self.pack.table["ledger"].column("payer").choices]
        spec = policy.support_year
        facts = [one.fact for one in policy.recorded]
        for n, one in enumerate(policy.recorded):
            here: Path = ("recorded", n)
            yield from self._money(one.fact, (*here, "fact"))
            if one.fact in facts[:n]:
                yield (*here, "fact"), f"「{one.fact}」重复"
            yield from (((*here, "items"), f"没有经费项目「{i}」") for i in one.items if i not in items)
            if one.payer and one.payer not in payers:
                yield (*here, "payer"), f"「资金台账」没有出资方「{one.payer}」，应为{'、'.join(payers)}"
            for name, fact in (("apart", one.apart), ("of", one.of)):
                yield from self._typed(fact, ("choice",), (*here, name)) if fact else ()
            for stage in one.stages:
                if spec is None or (spec.years and stage not in spec.years.values()):
                    yield (*here, "stages"), f"支持年度里没有第{stage}年"

    def _gate(self, gate: Gate, here: Path) -> Iterator[Finding]:
        yield from self._under(gate.under, (*here, "under"))
        if gate.when is not None:
            yield from self._limb(gate.when, (*here, "when"))
        if gate.date is not None:
            yield from self._typed(gate.date.fact, ("date",), (*here, "date"))

    def _limit(self, limit: LimitPolicy, here: Path) -> Iterator[Finding]:
        yield from self._under(limit.under, (*here, "under"))
        if limit.applies is not None:
            yield from self._limb(limit.applies, (*here, "applies"))
        if limit.when_filled and limit.when_filled not in {**self.pack.fact, **self.pack.derivation}:
            yield (*here, "when_filled"), f"没有登记栏目「{limit.when_filled}」"
        if limit.exception:
            yield from self._typed(limit.exception, ("boolean",), (*here, "exception"))
        if limit.exception_document:
            yield from self._typed(limit.exception_document, ("text",), (*here, "exception_document"))
        for amount in limit.amount.walk():
            yield from self._amount(amount, (*here, "amount"))

    def _amount(self, amount: Amount, here: Path) -> Iterator[Finding]:
        if amount.parameter is not None:
            yield from self._parameter(amount.parameter, MONEY, here)
        if amount.fact is not None:
            yield from self._money(amount.fact, here)
        if amount.times is not None:
            yield from self._parameter(amount.times.rate, RATES, here)
        if amount.joint is not None:
            yield from self._parameter(amount.joint.rate, RATES, here)
            yield from self._parameter(amount.joint.match, RATES, here)
            yield from self._money(amount.joint.other, here)
        if amount.past is not None:
            yield from self._money(amount.past.total, here)
        for case in amount.cases or ():
            yield from self._limb(case.when, here)
        if amount.by_interpretation is not None:
            reading = amount.by_interpretation
            known = self._options(reading.interpretation)
            if known is None:
                yield here, f"没有口径「{reading.interpretation}」"
            elif known != set(reading.options):
                yield here, f"口径「{reading.interpretation}」的选项应为{'、'.join(sorted(known))}"

    def rest(self) -> Iterator[Finding]:
        policy, pack = self.pack.funding, self.pack
        items = {item.id for item in policy.items}
        settings = {field.id: field.type for field in pack.settings}
        for n, control in enumerate(policy.totals):
            yield from ((("totals", n), f"没有经费项目「{i}」") for i in control.items if i not in items)
            if settings.get(control.setting) != "money":
                yield ("totals", n, "setting"), f"没有金额设置「{control.setting}」"
        if policy.exclusive is not None:
            here: Path = ("exclusive",)
            yield from ((here, f"没有经费项目「{i}」") for i in policy.exclusive.items if i not in items)
            yield from self._under({policy.exclusive.interpretation: policy.exclusive.option}, here)
        if policy.after_expiry is not None:
            yield from self._under({policy.after_expiry.interpretation: policy.after_expiry.option}, ("after_expiry",))
        if policy.support_year is not None:
            fact = pack.fact.get(policy.support_year.fact)
            here = ("support_year",)
            yield from self._typed(policy.support_year.fact, ("choice", "integer"), here)
            if fact is not None and fact.choices and {c.id for c in fact.choices} != set(policy.support_year.years):
                yield here, f"years 应写明「{fact.label}」每个选项是第几年"

    def _limb(self, limb: Limb, here: Path) -> Iterator[Finding]:
        yield from self.limbs(self.pack, limb, here)
        for part in limb.walk():
            if part.operator not in OPERATORS:
                yield here, f"经费条件不能用运算符 {part.operator.rstrip('_')}"

    def _under(self, options: Mapping[str, str], here: Path) -> Iterator[Finding]:
        for question, option in options.items():
            if option not in (self._options(question) or ()):
                yield here, f"没有口径「{question}」或其选项「{option}」"

    def _options(self, question: str) -> set[str] | None:
        found = self.pack.interpretation.get(question)
        return None if found is None else {option.id for option in found.options}

    def _parameter(self, id: str, units: tuple[str, ...], here: Path) -> Iterator[Finding]:
        if id not in self.pack.parameter:
            yield here, f"没有参数「{id}」"
        elif self.pack.parameter[id].unit not in units:
            yield here, f"参数「{id}」的单位应为{'、'.join(units)}"

    def _money(self, id: str, here: Path) -> Iterator[Finding]:
        derived = self.pack.derivation.get(id)
        if derived is None:
            yield from self._typed(id, ("money",), here)
        elif derived.unit not in MONEY:
            yield here, f"明细计数「{id}」的单位应为元或万元"

    def _typed(self, id: str, types: tuple[str, ...], here: Path) -> Iterator[Finding]:
        fact = self.pack.fact.get(id)
        if fact is None:
            yield here, f"没有登记栏目「{id}」"
        elif fact.type not in types:
            yield here, f"栏目「{id}」的类型应为{'、'.join(types)}"
