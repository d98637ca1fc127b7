"""Assessments made by hand, without the engines below: what letters see, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.assess.model import Assessment, CriterionResult, Determination
from incubxl.funding.model import FundingLine, Limit
from incubxl.grading.model import GradeOutcome
from incubxl.grid import CellKind
from incubxl.issues import Issue
from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.register.model import Answer, Column, Conclusion, PastEvent, Register, Settings, Signed, Table
from incubxl.verdict import Verdict

AS_OF = dt.date(2026, 6, 1)
STEP = dt.date(2026, 5, 20)  # a step of the procedure that is done
REMEDY = "如不服本决定，可以自收到之日起六十日内申请行政复议。\n也可以自收到之日起六个月内提起行政诉讼。"
OFFICE: dict[str, object] = {"remedy_text": REMEDY, "correction_days": 15, "office_contact": "0991-5550101",
                             "publicity_days": 7}  # fmt: skip
NAME = "示例国际孵化器有限公司"


def result(
    verdict: Verdict, *, title: str = "国外孵化场地", missing: Sequence[str] = (), clause: str = "第6条（二）"
) -> CriterionResult:
    return CriterionResult(
        criterion="a6-2",
        title=title,
        clause=clause,
        quote="在国外拥有不少于500平方米的孵化场地",
        verdict=verdict,
        computed=verdict,
        value="" if missing else "420平方米",
        threshold="500平方米",
        cell="登记表!F5",
        missing=tuple(missing),
        interpretations=(),
        remedy="还差80平方米" if verdict is Verdict.NOT_MET else "补充面积证明",
        code="ABCDEFG",
    )


def signed(name: str = "示例签发人", on: dt.date | None = dt.date(2026, 6, 5), reason: str = "理由示例") -> Signed:
    return Signed(name, on, reason, "结论!B3")


def concluded(letter: str, number: str = "示科函〔2026〕5号", by: Signed | None = None) -> Conclusion:
    return Conclusion(letter, number, by or signed())


def paid(amount: str = "10000000", *, item: str = "operation-city", payer: str = "市级") -> FundingLine:
    limit = Limit("cap", "市级首年上限", Decimal("10000000"), False, "第十三条（三）", "1000万元/家")
    return FundingLine(
        item=item, label="年度运营补贴", payer=payer, year=1, verdict=Verdict.MET, amount=Decimal(amount),
        limits=(limit,), binding=("cap",), clause="第十三条（三）", quote="最高1000万元/家",
        notes=("市区两级之和原则上不高于50%，已适用",),
    )  # fmt: skip


def text_column(spec: Field, values: Sequence[str], at: int) -> Column:
    kinds = np.array([CellKind.VALUE if v else CellKind.BLANK for v in values], dtype=np.int8)
    return Column(spec, "登记表", at, np.arange(len(values)) + 2, kinds, np.array(values, dtype=object))


def _typed(spec: Field, at: int, values: npt.NDArray[Any]) -> Column:
    return Column(spec, "登记表", at, np.array([2]), np.array([CellKind.VALUE], dtype=np.int8), values)


def date_column(spec: Field, day: dt.date, at: int) -> Column:
    return _typed(spec, at, np.array([day], dtype="datetime64[D]"))


def day_rows(pack: Pack, table: str, column: str, days: Sequence[dt.date | None]) -> Table:
    """A sheet of the applicant's rows with one date column, from row 2 on; None: the cell is blank."""
    spec = next(t for t in pack.tables if t.id == table)
    at, field = next((n, c) for n, c in enumerate(spec.columns) if c.id == column)
    kinds = np.array([CellKind.BLANK if day is None else CellKind.VALUE for day in days], dtype=np.int8)
    values = np.array([np.datetime64("NaT") if day is None else day for day in days], dtype="datetime64[D]")
    made = Column(field, spec.sheet, at, np.arange(len(days)) + 2, kinds, values)
    return Table(spec, {column: made}, np.zeros(len(days), dtype=np.int64))


def flag_column(spec: Field, flag: bool, at: int) -> Column:
    return _typed(spec, at, np.array([flag], dtype=np.bool_))


def answered(pack: Pack) -> dict[str, Answer]:
    """The questions that decide who signs and what is a sanction's case, answered by the office."""
    asked = {id for kind in pack.letters.kinds for id in kind.questions}
    asked |= {id for sanction in pack.procedure.sanctions for id in sanction.interpretations}
    return {id: Answer(pack.interpretation[id].options[0].id, signed()) for id in asked}


def assessment(
    pack: Pack,
    *,
    name: str = NAME,
    track: str | None = None,
    verdict: Verdict = Verdict.MET,
    results: Sequence[CriterionResult] | None = None,
    grade: GradeOutcome | None = None,
    funding: Sequence[FundingLine] = (),
    conclusions: Sequence[Conclusion] = (),
    history: Sequence[PastEvent] = (),
    settings: Mapping[str, object] = OFFICE,
    office: str = "示例市科技局",
    issues: Sequence[Issue] = (),
    as_of: dt.date = AS_OF,
    answers: Mapping[str, Answer] | None = None,
    dates: Mapping[str, dt.date] | None = None,
    flags: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    tables: Mapping[str, Table] | None = None,
) -> tuple[Assessment, Determination]:
    """One applicant, A-01, with the outcome given."""
    columns = {
        "applicant_id": text_column(pack.fact["applicant_id"], ["A-01"], 0),
        "name": text_column(pack.fact["name"], [name], 1),
        "uscc": text_column(pack.fact["uscc"], ["91650100MA0000000Y"], 2),
    }
    columns |= {f: text_column(pack.fact[f], [value], 10) for f, value in (texts or {}).items()}
    columns |= {f: date_column(pack.fact[f], day, 20 + n) for n, (f, day) in enumerate((dates or {}).items())}
    columns |= {f: flag_column(pack.fact[f], True, 40 + n) for n, f in enumerate(flags)}
    chosen = pack.measure.tracks[0].id if track is None else track
    register = Register(
        pack=pack,
        settings=Settings(pack.id, 2026, as_of, 2025, office, None, dict(settings)),
        ids=("A-01",),
        names=(name,),
        tracks=(chosen,),
        rows=np.array([2]),
        columns=columns,
        counted={},
        tables=dict(tables or {}),
        judgements={},
        overrides={},
        answers=answered(pack) if answers is None else dict(answers),
        conclusions={"A-01": tuple(conclusions)},
        history={"A-01": tuple(history)},
        events={},
        issues=(),
        refused=(),
        rows_seen=1,
    )
    determination = Determination(
        applicant="A-01",
        name=name,
        track=chosen,
        cell="登记表!A3",
        results=tuple(results) if results is not None else (result(verdict),),
        eligible=verdict,
        grade=grade or GradeOutcome("not_graded"),
        funding=tuple(funding),
        conclusions=tuple(conclusions),
    )
    whole = Assessment(
        register=register,
        as_of=as_of,
        force=pack.measure.force(as_of),
        notice=pack.measure.notice(as_of),
        determinations=(determination,),
        issues=tuple(issues),
        refused=(),
    )
    return whole, determination


def together(*cases: tuple[Assessment, Determination]) -> Assessment:
    """One workbook of several applicants, A-01, A-02 …, each made by ``assessment`` of the same pack."""
    first = cases[0][0]
    ids = [f"A-{n:02}" for n in range(1, len(cases) + 1)]
    ones = [
        replace(one, applicant=id, cell=f"登记表!A{n + 2}")
        for n, (id, (_, one)) in enumerate(zip(ids, cases, strict=True), 1)
    ]
    rows = np.arange(len(cases)) + 2
    columns = {}
    for name, column in first.register.columns.items():
        parts = [whole.register.columns[name] for whole, _ in cases]
        kinds, values = (np.concatenate([getattr(p, key) for p in parts]) for key in ("kinds", "values"))
        columns[name] = Column(column.spec, column.sheet, column.sheet_column, rows, kinds, values)
    columns["applicant_id"] = text_column(first.pack.fact["applicant_id"], ids, 0)
    conclusions = {
        id: tuple(
            replace(c, signed=replace(c.signed, cell=f"结论!B{n + 2}")) for c in one.conclusions
        ) for n, (id, one) in enumerate(zip(ids, ones, strict=True), 1)
    }  # fmt: skip
    register = replace(
        first.register, ids=tuple(ids), names=tuple(one.name for one in ones), tracks=tuple(one.track for one in ones),
        rows=rows, columns=columns, conclusions=conclusions, history=dict.fromkeys(ids, ()), rows_seen=len(cases),
    )  # fmt: skip
    ones = [replace(one, conclusions=conclusions[one.applicant]) for one in ones]
    return replace(first, register=register, determinations=tuple(ones))
