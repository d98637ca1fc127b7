"""回收汇总.xlsx and the same for machines."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

from incubxl.collect.found import Change, NewRow
from incubxl.collect.plans import plans
from incubxl.collect.receive import Received
from incubxl.files.write import Properties, render
from incubxl.issues import Issue
from incubxl.mask import masked
from incubxl.plan import SheetPlan
from incubxl.templates.build import standing_notice

SUMMARY, TITLE = "回收汇总.xlsx", "回收汇总"


def sheets(received: Received) -> list[SheetPlan]:
    """The sheets of 回收汇总."""
    settings = received.register.settings
    notice = standing_notice(received.register.pack, settings.year, settings.as_of)
    return plans(received.register, received.statuses, received.found, received.issues, notice)


def summary_book(received: Received, now: dt.datetime) -> bytes:
    """The workbook's bytes."""
    return render(sheets(received), properties=Properties(TITLE, now))


def as_json_text(received: Received) -> str:
    """Everything found, as JSON; numbers and addresses of people are masked, as in every output on the screen."""
    found = received.found
    body = {
        "files": received.files,
        "returns": [
            {"form": s.form, "recipient": s.key, "name": s.name, "state": s.state, "files": s.files, "note": s.note}
            for s in received.statuses
        ],
        "updates": list(map(_change, found.updates)),
        "new_rows": list(map(_row, found.rows)),
        "conflicts": [*map(_change, found.conflicts), *map(_row, found.row_conflicts)],
        "twice": [{**asdict(t), "what": masked(t.what)} for t in found.twice],
        "same": found.same,
        "issues": list(map(_issue, received.issues)),
    }
    return json.dumps(body, ensure_ascii=False, indent=1, default=str)


def _change(c: Change) -> dict[str, object]:
    told = {"applicant": c.applicant, "field": c.field.id, "target": c.target, "why": c.why}
    return {**told, "old": masked(c.old), "new": masked(c.new), "source": asdict(c.source)}


def _row(r: NewRow) -> dict[str, object]:
    row = {id: masked(text) for id, text in r.texts.items()}
    return {"applicant": r.applicant, "table": r.table, "row": row, "why": r.why, "source": asdict(r.source)}


def _issue(i: Issue) -> dict[str, object]:
    told = {"severity": i.severity, "code": i.code, "file": i.place.file, "place": str(i.place)}
    return {**told, "message": masked(i.message), "remedy": masked(i.remedy), "applicant": i.applicant}
