"""状态 as an official typed it, held against what the events say. Both are named; neither is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from incubxl.issues import Issue, issue
from incubxl.procedure.findings import at
from incubxl.register.fold import nearest
from incubxl.register.model import Register
from incubxl.register.named import Finder

if TYPE_CHECKING:
    from incubxl.procedure.progress import Course

STATUS = "status"


def status_issues(register: Register, courses: Sequence[Course]) -> Iterator[Issue]:
    """One issue per applicant whose 状态 names no stage, or another one than is recorded as the latest."""
    column = register.columns.get(STATUS)
    typed = column.texts() if column is not None else []
    if column is None or not any(typed):
        return
    stages = register.pack.procedure.stage
    finder = Finder({id: stage.label for id, stage in stages.items()})
    of: dict[int, list[Course]] = defaultdict(list)
    for one in courses:
        of[one.index].append(one)
    for i, text in enumerate(typed):
        if not text:
            continue
        place, applicant = at(column.cell(i)), register.ids[i]
        id = finder.find(text)
        if not id:
            near = nearest(text, list(finder.names.values()))
            hint = f"，是不是「{near}」" if near else ""
            yield issue("procedure.status_unknown", place, applicant=applicant, seen=text, hint=hint)
            continue
        course = next((c for c in of[i] if any(s.stage.id == id for s in c.steps)), None)
        last = course.last if course else None
        if last is None or last.stage.id != id:
            said = {"status": stages[id].label, "last": last.stage.label if last else "（没有登记）"}
            yield issue(
                "procedure.status_differs", place, applicant=applicant,
                cell=f"（{last.cell}）" if last else "", **said,
            )  # fmt: skip
