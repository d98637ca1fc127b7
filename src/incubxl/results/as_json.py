"""An assessment as ``run --json`` prints it. Verdicts by key, amounts as text in yuan, missing as fact ids."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from incubxl.assess.model import Assessment, CriterionResult, Determination, LetterView, OverrideView
from incubxl.funding.model import FundingLine
from incubxl.issues import Issue
from incubxl.mask import masked
from incubxl.money import plain
from incubxl.register.model import Signed
from incubxl.results.summary import ResultFile


def workbook_json(
    assessment: Assessment, path: str, letters: Sequence[LetterView] = (), result: ResultFile | None = None
) -> dict[str, Any]:
    """One entry of ``workbooks``. Text that is not there is an empty string, a value that is not there is None."""
    return {
        **_head(assessment, path, result),
        "applicants": list(_applicants(assessment, letters)),
        "issues": [issue_json(i) for i in assessment.issues],
    }


def workbook_text(
    assessment: Assessment, path: str, letters: Sequence[LetterView] = (), result: ResultFile | None = None
) -> Iterator[str]:
    """``workbook_json`` as JSON text in pieces, an applicant a line: a long register never stands whole in memory."""
    yield _text(_head(assessment, path, result))[:-1] + ', "applicants": ['
    for n, applicant in enumerate(_applicants(assessment, letters)):
        yield (",\n" if n else "\n") + _text(applicant)
    yield '], "issues": ' + _text([issue_json(i) for i in assessment.issues]) + "}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _head(assessment: Assessment, path: str, result: ResultFile | None) -> dict[str, Any]:
    return {
        "path": path,
        "pack": assessment.pack.id,
        "year": assessment.register.settings.year,
        "as_of": assessment.as_of.isoformat(),
        "result": _result(result),
    }


def _result(result: ResultFile | None) -> dict[str, str] | None:
    """``form``: ``copy`` of the input with our sheets, or ``separate``; ``code`` and ``why`` say why it is no copy."""
    if result is None:
        return None
    form = "copy" if result.copy else "separate"
    return {"file": result.path, "form": form, "code": result.code, "why": result.message}


def _applicants(assessment: Assessment, letters: Sequence[LetterView]) -> Iterator[dict[str, Any]]:
    by_applicant: dict[str, list[LetterView]] = {}
    for letter in letters:
        by_applicant.setdefault(letter.applicant, []).append(letter)
    return (_applicant(d, by_applicant.get(d.applicant, [])) for d in assessment.determinations)


def _applicant(d: Determination, letters: list[LetterView]) -> dict[str, Any]:
    return {
        "id": d.applicant,
        "name": d.name,
        "track": d.track,
        "verdicts": [_verdict(r) for r in d.results],
        "eligible": d.eligible.key,
        "score": _number(d.grade.score),
        "grade": d.grade.grade,
        "grades_possible": list(d.grade.possible),
        "funding": [_funding(line) for line in d.funding],
        "letters": [{"kind": x.kind, "file": x.file, "state": x.state, "why": x.why} for x in letters],
    }


def _verdict(r: CriterionResult) -> dict[str, Any]:
    return {
        "criterion": r.criterion,
        "clause": r.clause,
        "quote": r.quote,
        "verdict": r.verdict.key,
        "computed": r.computed.key,
        "override": _override(r.override),
        "missing": list(r.missing),
        "value": r.value,
        "threshold": r.threshold,
        "cell": r.cell,
        "interpretations": [
            {"id": i.id, "option": i.option, "label": i.label, "source": i.source} for i in r.interpretations
        ],
        "remedy": r.remedy,
    }


def _override(o: OverrideView | None) -> dict[str, Any] | None:
    return None if o is None else {"verdict": o.verdict.key, "stale": o.stale, **_signed(o.signed)}


def _signed(person: Signed) -> dict[str, Any]:
    return {"name": person.name, "on": person.on.isoformat() if person.on else None, "reason": person.reason}


def _funding(line: FundingLine) -> dict[str, Any]:
    return {
        "item": line.item,
        "payer": line.payer,
        "year": line.year,
        "amount": _number(line.amount),
        "limits": [
            {"id": x.id, "label": x.label, "amount": _number(x.amount), "soft": x.soft, "clause": x.clause}
            for x in line.limits
        ],
        "binding": list(line.binding),
    }


def issue_json(i: Issue) -> dict[str, Any]:
    """An issue as terminals and JSON show it: what it quotes of people's numbers and addresses is masked."""
    return {
        "severity": i.severity,
        "code": i.code,
        "sheet": i.place.sheet,
        "cell": i.place.cell,
        "message": masked(i.message),
        "remedy": masked(i.remedy),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
