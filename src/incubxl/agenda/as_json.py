"""The agenda as ``due --json`` prints it: dates as text, states and kinds by key, labels in Chinese."""

from __future__ import annotations

from typing import Any

from incubxl.agenda.collect import Book
from incubxl.procedure.due import Due
from incubxl.procedure.progress import Course
from incubxl.register.model import Register
from incubxl.results.as_json import issue_json


def book_json(book: Book) -> dict[str, Any]:
    """One workbook. A value that is not there is None, a text that is not there is empty."""
    agenda = book.agenda
    issues = [*book.issues, *((*agenda.issues, *agenda.left_out) if agenda else ())]
    body: dict[str, Any] = {"path": book.shown, "issues": [issue_json(i) for i in issues]}
    if agenda is None:
        return {**body, "pack": "", "year": None, "as_of": "", "items": [], "courses": []}
    register = agenda.register
    return {
        **body,
        "pack": agenda.pack.id,
        "year": register.settings.year,
        "as_of": agenda.as_of.isoformat(),
        "items": [_item(register, item) for item in agenda.duties.items],
        "courses": [_course(register, course) for course in agenda.progress.courses],
    }


def _item(register: Register, item: Due) -> dict[str, Any]:
    return {
        "id": item.id,
        "label": item.label,
        "kind": item.kind,
        "state": item.state,
        "on": item.on.isoformat() if item.on else None,
        "advised": item.advised.isoformat() if item.advised else None,
        "applicants": [register.ids[i] for i in item.applicants],
        "period": item.period,
        "subject": item.subject,
        "actor": item.actor,
        "clause": item.clause,
        "quote": item.quote,
        "cell": item.cell,
        "why": item.why,
        "interpretations": list(item.asked),
    }


def _course(register: Register, course: Course) -> dict[str, Any]:
    return {
        "applicant": register.ids[course.index],
        "sequence": course.sequence.id,
        "label": course.sequence.label,
        "period": course.period,
        "state": course.state,
        "why": course.why,
        "done": [
            {
                "stage": s.stage.id,
                "label": s.stage.label,
                "on": s.on.isoformat() if s.on else None,
                "until": s.until.isoformat() if s.until else None,
                "document_number": s.event.document_number if s.event else "",
                "evidence": s.event.evidence if s.event else "",
                "cell": s.cell,
            }
            for s in course.steps
            if s.done
        ],
        "next": course.next.id if course.next else None,
        "next_label": course.next.label if course.next else "",
        "missing": [{"key": m.key, "text": m.text, "clause": m.clause, "cell": m.cell} for m in course.missing],
        "exceptions": [
            {"stage": e.what, "on": e.on.isoformat(), "reason": e.reason, "signer": e.signer, "cell": e.cell}
            for e in course.exceptions
        ],
    }
