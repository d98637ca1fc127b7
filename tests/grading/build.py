"""A small workbook for grading: applicants of the Urumqi pack with a year's fictional scheme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from incubxl.files.packs import store
from incubxl.grading.engine import grade
from incubxl.grading.model import GradeOutcome
from incubxl.grid import CellValue, Grid, Sheet
from incubxl.issues import Issue
from incubxl.policy.fields import Field
from incubxl.register.model import Register
from incubxl.register.read import read_register

DAY = dt.date(2026, 6, 1)
SETTINGS = {
    "score_total": "sum",
    "experts": "mean",
    "score_digits": 2,
    "score_rounding": "half_up",
    "missing_score": "open",
    "ties": "same_rank",
    "quota_base": "taking_part",
    "quota_rounding": "down",
    "rank_scope": "all",
    "partial_step": "whole",
}
RULES = (
    {"grade": "优秀", "minimum": 90},
    {"grade": "良好", "minimum": 80},
    {"grade": "合格", "minimum": 60},
    {"grade": "不合格"},
)
ONE = ({"indicator": "Z1", "name": "综合", "method": "direct", "maximum": 100},)
Row = Mapping[str, Any]


def workbook(
    applicants: Sequence[Row],
    indicators: Sequence[Row] = ONE,
    scores: Sequence[Row] = (),
    rules: Sequence[Row] = RULES,
    settings: Row | None = None,
    pack_id: str = "urumqi-intl",
    bands: Sequence[Row] = (),
) -> Register:
    """A register; ``applicants`` need at least applicant_id and take part unless they say otherwise."""
    pack = store().pack(pack_id)
    chosen = {**SETTINGS, **(settings or {})}
    labels = {f.id: f for f in pack.settings}
    rows = {
        "indicators": indicators,
        "score_bands": bands,
        "scores": scores,
        "grade_rules": rules,
        "settings": [
            {"setting": labels[k].label, "key": k, "value": _cell(labels[k], v)}
            for k, v in {"pack": pack_id, "year": 2026, **chosen}.items()
        ],
    }
    facts = [{"name": f"虚构单位{n}", "evaluation_submitted": True, **row} for n, row in enumerate(applicants)]
    sheets = {"申报登记": _sheet("申报登记", pack.facts, facts)}
    for spec in pack.tables:
        if spec.id in rows:
            sheets[spec.sheet] = _sheet(spec.sheet, spec.columns, rows[spec.id])
    return read_register(Grid("测试", sheets), pack)


def _sheet(name: str, fields: Sequence[Field], rows: Sequence[Row]) -> Sheet:
    return Sheet(name, [[f.label for f in fields], *([_cell(f, row.get(f.id)) for f in fields] for row in rows)])


def _cell(field: Field, value: Any) -> CellValue:
    if value is None or value == "":
        return None
    if field.type == "choice":
        return field.choice_label(str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return float(value) if isinstance(value, Decimal) else value


def scored(*points: Any, **more: Any) -> Register:
    """Applicants S1, S2 … with one expert's score each; None: not scored yet."""
    ids = [f"S{n}" for n in range(1, len(points) + 1)]
    scores = [
        {"applicant_id": a, "indicator": "Z1", "expert": "甲", "score": p} for a, p in zip(ids, points, strict=True)
    ]
    return workbook([{"applicant_id": a} for a in ids], scores=scores, **more)


def outcomes(register: Register) -> list[GradeOutcome]:
    """The outcomes alone."""
    return grade(register, DAY)[0]


def found(register: Register) -> list[Issue]:
    """Grading's issues alone."""
    return grade(register, DAY)[1]
