"""Ledgers of several years, built in memory from shipped packs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from incubxl.assess.engine import assess
from incubxl.register.across import Book
from incubxl.years.ledger_sheets import Ledger, make_ledger
from incubxl.years.read import opened
from tests.procedure.books import register

SHANGHAI, TONGLIAO = "shanghai-hq", "tongliao-award"
Row = Mapping[str, Any]
ANSWERS = {
    "later-years": "each-year",
    "operating-basis": "planned",
    "third-year-result": "same",
    "after-expiry": "by-contract",
    "cultivation-third-year": "by-contract",
}


def code(n: int) -> str:
    """A valid fictional credit code (GB 32100-2015)."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91310115MA7{n:06d}"
    total = sum(signs.index(s) * pow(3, i, 31) for i, s in enumerate(body))
    return body + signs[(31 - total % 31) % 31]


A, B = code(1), code(2)


def book(
    id: str, year: int, applicants: Sequence[Row], *, settings: Row | None = None, answers: Any = None, **tables: Any
) -> Book:
    """The workbook of one year, looked at on 30 June."""
    day = dt.date(year, 6, 30)
    made = register(
        id,
        applicants,
        year=year,
        answers=ANSWERS if answers is None and id == SHANGHAI else answers,
        settings={"as_of": day, **(settings or {})},
        **tables,
    )
    return Book(f"{year}.xlsx", made, day)


def look(*books: Book, as_of: dt.date = dt.date(2026, 12, 31)) -> Ledger:
    """The ledger of these workbooks."""
    read, _ = opened([(one, assess(one.register, one.as_of)) for one in books], ())
    assert read is not None
    return make_ledger(read, as_of)


def hq(stage: str, **facts: Any) -> dict[str, Any]:
    """A 高质量孵化器 whose printed cap binds, unless the facts say otherwise."""
    return {
        "uscc": A,
        "track": "hq",
        "support_year": stage,
        "contract_on": dt.date(2024, 1, 15),
        "contract_end": dt.date(2027, 1, 14),
        "operating_city_approved": 5000,
        "operating_planned": 50000,
        "operating_actual": 50000,
        "city_paid": 0,
        "district_paid": 0,
        "annual_result": None if stage == "y1" else "continue",
        **facts,
    }


def entry(item: str, kind: str, amount: Any, on: dt.date | None, **row: Any) -> dict[str, Any]:
    return {"item": item, "kind": kind, "amount": amount, "on": on, **row}


def city(kind: str, amount: Any, on: dt.date | None, stage: str = "第一年", **row: Any) -> dict[str, Any]:
    return entry("operating-city", kind, amount, on, stage=stage, **row)


def codes(made: Ledger) -> list[str]:
    """Codes of what was found wrong with the money itself."""
    return sorted(p.code for p in made.issues if p.code.startswith("ledger."))


def account(made: Ledger, item: str, stage: int | None = None) -> Any:
    return next(a for a in made.years.accounts if a.item.id == item and a.stage == stage)


def state(made: Ledger, item: str, stage: int | None = None) -> str:
    at = next(n for n, a in enumerate(made.years.accounts) if a.item.id == item and a.stage == stage)
    return made.checked.states[at]
