"""The table rows of a letter. All texts are Chinese and printable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from incubxl.assess.model import Assessment, CriterionResult, Determination
from incubxl.funding.model import FundingLine
from incubxl.grading.model import GradeOutcome
from incubxl.grid import CellKind
from incubxl.letters.clean import one_line
from incubxl.letters.outcome import failing, unreadable
from incubxl.money import capital, in_words
from incubxl.policy.letters import LetterClause
from incubxl.verdict import Verdict

_EMPTY = "—"
SAME = "同上"
ATTACHMENTS = {"results": "条件核对情况表", "scores": "评分明细表", "funding": "经费核定表"}
_KIND_WORDS = {
    CellKind.BLANK: "空白",
    CellKind.ERROR: "错误值",
    CellKind.UNCACHED: "公式没有计算结果",
    CellKind.UNREADABLE: "无法读取",
}


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause and its exact words."""

    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One condition: what the measure asks, what was found."""

    number: str
    title: str
    clause: str
    quote: str
    verdict: str  # with （改判） or （含人工判断） where a person stands behind it or a part of it
    value: str  # — where the condition has no single value
    threshold: str
    gap: str  # 差什么, — where there is none


@dataclass(frozen=True, slots=True)
class MissingRow:
    """Something to hand in or to correct."""

    number: str
    what: str
    where: str  # sheet and column of the register, or —
    clause: str
    how: str


@dataclass(frozen=True, slots=True)
class FundingRow:
    """One item of money."""

    number: str
    label: str  # with the support year
    payer: str
    amount: str  # figures, yuan and cents
    capital: str  # 大写
    binding: str  # the limit that binds, with its arithmetic
    clause: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """The items of one payer together."""

    payer: str
    amount: str
    capital: str


@dataclass(frozen=True, slots=True)
class ApplicantRow:
    """An applicant as the public may see it: no code, no person, no address, no telephone, no e-mail."""

    number: str
    name: str
    track: str
    district: str
    result: str  # the grade, or — where the announcement is about none


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What an amendment changes in a published list. ``old`` and ``new``: the words published then and valid now."""

    number: str
    name: str
    change: str  # 增加, 删除, 变更
    item: str  # 名单, or the changed column of the list
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One indicator of 评分明细."""

    number: str
    name: str
    method: str
    value: str  # the number or the experts' marks
    maximum: str
    points: str


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A table on pages of its own. ``number`` is empty where it is the only one."""

    number: str
    title: str
    table: str  # the list of the context that it shows: results, scores, funding


def clause_rows(clauses: Iterable[LetterClause], track: str) -> tuple[ClauseRow, ...]:
    """The clauses that hold for this track."""
    return tuple(ClauseRow(c.clause, c.quote) for c in clauses if not c.tracks or track in c.tracks)


def result_rows(results: Iterable[CriterionResult]) -> tuple[ResultRow, ...]:
    """Conditions as rows, numbered from 1."""
    return tuple(
        ResultRow(
            number=str(n),
            title=_line(r.title),
            clause=_line(r.clause),
            quote=_line(r.quote),
            verdict=r.verdict.word + ("（改判）" if r.override else "（含人工判断）" if r.judged else ""),
            value=_line("；".join(_values(r))) or _EMPTY,
            threshold=_line(r.threshold) or _EMPTY,
            gap=_line(r.remedy) or _EMPTY,
        )
        for n, r in enumerate(results, 1)
    )


def _values(result: CriterionResult) -> tuple[str, ...]:
    """What was found: of a condition that is not met, the limbs that are not; a limb that is met contradicts it."""
    return result.failed if result.failed and result.verdict is Verdict.NOT_MET else (result.value,)


def failings(results: Iterable[CriterionResult]) -> tuple[ResultRow, ...]:
    """Rows of conditions that are not met, for 事实: what two conditions rest on is said once, with the first."""
    results = tuple(results)
    said: set[str] = set()
    rows: list[ResultRow] = []
    for result, row in zip(results, result_rows(results), strict=True):
        fresh = [value for value in _values(result) if value not in said]
        said.update(fresh)
        rows.append(row if len(fresh) == len(_values(result)) else replace(row, value=_line("；".join(fresh)) or SAME))
    return tuple(rows)


def missing_rows(assessment: Assessment, determination: Determination) -> tuple[MissingRow, ...]:
    """What conditions, money and grade lack, and cells that cannot be read; each thing once, with its cell."""
    found: dict[tuple[str, str], tuple[str, str]] = {}

    def add(what: str, where: str, clause: str, how: str) -> None:
        if where or not any(what == known for known, _ in found):
            found.setdefault((_line(what), _line(where) or _EMPTY), (_line(clause) or _EMPTY, _line(how)))

    for result in failing(determination, Verdict.UNKNOWN):
        for fact in result.missing:
            what, where = _thing(assessment, determination, fact)
            add(what, where or result.cell, result.clause, result.remedy)
    for line in determination.funding:
        if line.verdict is Verdict.UNKNOWN:
            for fact in line.missing:
                what, where = _thing(assessment, determination, fact)
                add(what, where, line.clause, f"补齐后核定{line.label}")
    if determination.grade.state == "open":
        for indicator in determination.grade.indicators:
            for fact in indicator.from_applicant:
                what, where = _thing(assessment, determination, fact)
                cell = where or "、".join(indicator.cells)
                add(what, cell, determination.grade.clause, f"补齐后评定“{indicator.name}”")
    seen = {where for _, where in found}
    for issue in unreadable(assessment, determination):
        if str(issue.place) not in seen:
            add(issue.message, str(issue.place), "", issue.remedy)
    return tuple(
        MissingRow(str(n), what, where, clause, how)
        for n, ((what, where), (clause, how)) in enumerate(found.items(), 1)
    )


def _thing(assessment: Assessment, determination: Determination, fact: str) -> tuple[str, str]:
    """The Chinese name of a missing fact with what stands in its cell, and that cell."""
    register = assessment.register
    label = assessment.pack.label(fact)
    row = register.index[determination.applicant]
    column = register.columns.get(fact)
    if column is None:
        return label, ""
    word = _KIND_WORDS.get(CellKind(int(column.kinds[row])), "") if column.cell(row) else "登记表没有此栏"
    return (f"{label}（{word}）" if word else label), column.cell(row)


def funding_rows(lines: Iterable[FundingLine]) -> tuple[FundingRow, ...]:
    """Computed items as rows; each has an amount."""
    return tuple(
        FundingRow(
            number=str(n),
            label=_line(line.label) + (f"（第{line.year}年）" if line.year else ""),
            payer=_line(line.payer),
            amount=figures(line.amount or Decimal(0)),
            capital=capital(line.amount or Decimal(0)),
            binding=_binding(line),
            clause=_line(line.clause),
        )
        for n, line in enumerate(lines, 1)
    )


def totals(lines: Iterable[FundingLine]) -> tuple[TotalRow, ...]:
    """Sums by payer, in the order of first appearance."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.payer] = sums.get(line.payer, Decimal(0)) + (line.amount or Decimal(0))
    return tuple(TotalRow(_line(payer), figures(amount), capital(amount)) for payer, amount in sums.items())


def score_rows(grade: GradeOutcome) -> tuple[ScoreRow, ...]:
    """The indicators of a graded applicant."""
    return tuple(
        ScoreRow(
            number=str(n),
            name=_line(i.name),
            method=_line(i.method) or _EMPTY,
            value=_line(i.value) or _EMPTY,
            maximum=_EMPTY if i.maximum is None else f"{i.maximum:f}",
            points=_EMPTY if i.points is None else f"{i.points:f}",
        )
        for n, i in enumerate(grade.indicators, 1)
    )


def attachment_rows(tables: Mapping[str, Sequence[object]]) -> tuple[AttachmentRow, ...]:
    """Attachments for the tables (results, scores, funding) that have rows, in that order."""
    shown = [(title, table) for table, title in ATTACHMENTS.items() if tables.get(table)]
    return tuple(AttachmentRow(str(n) if len(shown) > 1 else "", *row) for n, row in enumerate(shown, 1))


def figures(amount: Decimal) -> str:
    """Yuan with cents and thousands separators: ``10,000,000.00``."""
    return f"{amount:,.2f}"


def _binding(line: FundingLine) -> str:
    said = [
        f"{limit.label}{in_words(limit.amount) if limit.amount is not None else ''}"
        + (f"（{limit.basis}）" if limit.basis else "")
        for limit in line.limits
        if limit.id in line.binding
    ]
    return _line("；".join(said)) or _EMPTY


def _line(text: str) -> str:
    return one_line(text, "表格内容").strip()
