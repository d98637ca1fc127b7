"""回收汇总.xlsx and the same for machines."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

from incubxl.collect.found import Change, NewRow
from incubxl.collect.plans import plans
from incubxl.collect.receive import Received
from incubxl.files.write import Properties, render
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
    """Everything found, as JSON."""
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
        "twice": [asdict(t) for t in found.twice],
        "same": found.same,
        "issues": [
            {"severity": i.severity, "code": i.code, "file": i.place.file, "place": str(i.place), "message": i.message,
             "remedy": i.remedy, "applicant": i.applicant}
            for i in received.issues
        ],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1, default=str)


def _change(c: Change) -> dict[str, object]:
    return {
        "applicant": c.applicant, "field": c.field.id, "target": c.target, "old": c.old, "new": c.new, "why": c.why,
        "source": asdict(c.source),
    }  # fmt: skip


def _row(r: NewRow) -> dict[str, object]:
    return {"applicant": r.applicant, "table": r.table, "row": r.texts, "why": r.why, "source": asdict(r.source)}
