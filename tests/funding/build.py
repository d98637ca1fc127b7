"""Small registers for funding: rows of facts of a shipped pack, read as a workbook would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from incubxl.files.packs import store
from incubxl.funding.engine import fund
from incubxl.funding.model import FundingLine
from incubxl.grid import CellValue, Grid, Sheet
from incubxl.issues import Issue
from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.register.model import Register
from incubxl.register.read import read_register

Row = Mapping[str, Any]
DAY = dt.date(2025, 6, 30)


def register(
    pack: Pack | str,
    applicants: Sequence[Row],
    *,
    answers: Mapping[str, str] | None = None,
    settings: Row | None = None,
    history: Sequence[Row] = (),
    payments: Sequence[Row] = (),
) -> Register:
    """A register of ``pack``; applicants without id and name get A1, A2 …"""
    pack = store().pack(pack) if isinstance(pack, str) else pack
    signed = {"reason": "测试", "signer": "测试", "signed_on": DAY}
    labels = {f.id: f for f in pack.settings}
    rows: dict[str, Sequence[Row]] = {
        "interpretations": [{"interpretation": q, "answer": a, **signed} for q, a in (answers or {}).items()],
        "settings": [
            {"setting": labels[k].label, "key": k, "value": _cell(labels[k], v)}
            for k, v in {"pack": pack.id, "year": 2025, **(settings or {})}.items()
        ],
        "history": history,
        "payments": payments,
    }
    facts = [{"applicant_id": f"A{n}", "name": f"虚构单位{n}", **row} for n, row in enumerate(applicants, start=1)]
    sheets = {"申报登记": _sheet("申报登记", pack.facts, facts)}
    for spec in pack.tables:
        if rows.get(spec.id):
            sheets[spec.sheet] = _sheet(spec.sheet, spec.columns, rows[spec.id])
    return read_register(Grid("测试", sheets), pack)


def _sheet(name: str, fields: Sequence[Field], rows: Sequence[Row]) -> Sheet:
    return Sheet(name, [[f.label for f in fields], *([_cell(f, row.get(f.id)) for f in fields] for row in rows)])


def _cell(field: Field, value: Any) -> CellValue:
    if value is None:
        return None
    if field.type == "choice":
        return field.choice_label(str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return float(value) if isinstance(value, Decimal) else value


def lines(found: Register, day: dt.date = DAY) -> list[dict[str, FundingLine]]:
    """Per applicant the lines by item."""
    return [{made.item: made for made in mine} for mine in fund(found, day)[0]]


def issues(found: Register, day: dt.date = DAY) -> list[Issue]:
    """The issues alone."""
    return fund(found, day)[1]


def operating(**facts: Any) -> dict[str, Any]:
    """A first-year 高质量孵化器 whose cap of 1000万元 binds, unless the facts say otherwise."""
    return {
        "track": "hq",
        "support_year": "y1",
        "contract_on": dt.date(2024, 1, 15),
        "contract_end": dt.date(2027, 1, 14),
        "operating_city_approved": 5000,
        "operating_planned": 50000,
        "operating_actual": 50000,
        **facts,
    }


def title(**facts: Any) -> dict[str, Any]:
    """A new 国家级科技企业孵化器, unless the facts say otherwise."""
    return {
        "track": "national-incubator",
        "title_kind": "recognised",
        "title_granted_on": dt.date(2024, 12, 10),
        "title_document": "国虚构〔2024〕8号",
        "previous_title": "none",
        "same_title_awarded": False,
        "other_award_amount": 0,
        **facts,
    }
