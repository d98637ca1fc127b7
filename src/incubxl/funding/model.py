"""What funding gives for one applicant and one item."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from incubxl.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of an item, in yuan; ``amount`` None: cannot be computed (``missing`` says why)."""

    id: str
    label: str
    amount: Decimal | None
    soft: bool  # 原则上: applied, labelled; an exception is a recorded act of the office
    clause: str
    basis: str  # the arithmetic in words: 年度运营投入 1600万元 × 50% ÷ 2
    cells: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()  # of the measure's numbers in it; empty where the number is the office's own


@dataclass(frozen=True, slots=True)
class FundingLine:
    """One item of money. ``amount`` is None unless ``verdict`` is MET; never 0 for what is not known.

    MET computed · UNKNOWN facts missing · PENDING an interpretation or a person's decision is open ·
    NOT_MET not entitled (``reason``) · NOT_APPLICABLE.
    """

    item: str
    label: str
    payer: str
    year: int | None  # support year (1, 2, 3) where the item has one
    verdict: Verdict
    amount: Decimal | None
    limits: tuple[Limit, ...]
    binding: tuple[str, ...]  # ids of the limits that bind
    clause: str
    quote: str
    reason: str = ""
    missing: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # 原则上 applied, exception recorded, expired measure …
