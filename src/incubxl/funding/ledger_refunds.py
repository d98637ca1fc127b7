"""What goes back to a payer: by the ledger where it is whole, else by the register's cumulative columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.funding.ledger_rows import Entry, Items, unverified_of
from incubxl.funding.ledger_sums import ZERO, Sum, total
from incubxl.funding.model import FundingLine
from incubxl.policy.funding import FundingItem
from incubxl.policy.pack import Pack
from incubxl.register.across import Book, Incubator
from incubxl.verdict import Verdict

Lines = dict[tuple[Book, int], dict[str, FundingLine]]


@dataclass(frozen=True)
class Refund:
    """What goes back to one payer: paid − verified use. ``due`` None: ``verdict`` and ``reason`` say why."""

    key: str
    incubator: Incubator
    item: FundingItem
    verdict: Verdict
    due: Decimal | None
    reason: str
    paid: Sum
    verified: Sum
    refunded: Sum
    typed: Decimal | None  # by the register's cumulative columns


def refunds(
    pack: Pack, key: str, one: Incubator, lines: Lines, entries: Sequence[Entry], broken: tuple[str, ...]
) -> Iterable[Refund]:
    """What each payer gets back from one organisation, where the measure has it go back."""
    payers = Items(pack).payer_of if any(item.refund for item in pack.funding.items) else {}
    for item in pack.funding.items:
        if not item.refund:
            continue
        told = [lines[m.book, m.i][item.id] for m in one.members]
        told = [made for made in told if made.verdict != Verdict.NOT_APPLICABLE]
        if not told:
            continue
        mine = [entry for entry in entries if payers[entry.item] == item.pool]
        paid, verified = total(mine, "paid", broken), total(mine, "verified", broken)
        refunded = total(mine, "refunded", broken)
        verdict, due, reason = Verdict.MET, None, ""
        typed = told[-1].amount
        unverified = unverified_of(mine)
        if paid.amount is not None and verified.amount is not None and not unverified:
            due = max(paid.amount - verified.amount, ZERO)
        elif broken:
            verdict, reason = Verdict.UNKNOWN, "台账有读不出的行：" + "、".join(broken)
        elif typed is not None:
            due, reason = typed, "台账没有写全拨付和核实使用，按登记表的累计数"
        else:
            lacks = [word for word, known in (("已拨付", paid), ("核实使用", verified)) if known.amount is None]
            lacks = lacks or [f"核实使用（已拨付的{'、'.join(unverified)}没有核实）"]
            verdict, reason = Verdict.UNKNOWN, f"台账没有{'、'.join(lacks)}的记录，登记表也没有填全"
        yield Refund(key, one, item, verdict, due, reason, paid, verified, refunded, typed)
