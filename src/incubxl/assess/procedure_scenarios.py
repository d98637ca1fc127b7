"""Scenarios of a measure's stages and dates: the next step and what it lacks, and the day on which something is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from incubxl.policy.pack import Case, ScenarioGroup
from incubxl.procedure.duties import duties
from incubxl.procedure.progress import Progress, progress
from incubxl.register.model import Register


def procedure_problem(register: Register, as_of: dt.date, group: ScenarioGroup, case: Case) -> str:
    """What differs from what a person expects; empty when nothing does."""
    if not register.size or any(i.severity == "error" for i in register.issues if i.code.startswith("officer")):
        return "情景的行被拒收：" + "；".join(i.message for i in register.issues if i.severity == "error")
    found = progress(register, as_of)
    return _next(found, group, case) if group.procedure else _due(register, as_of, found, group, case)


def _next(found: Progress, group: ScenarioGroup, case: Case) -> str:
    course = next((c for c in found.courses if c.sequence.id == group.procedure), None)
    seen = "none" if course is None else course.next.id if course.next is not None else course.state
    if seen != case.expect:
        return f"下一步应为 {case.expect}，得到 {seen}" + (f"（{course.why}）" if course and course.why else "")
    lacking = [lack.key for lack in course.missing] if course else []
    if case.missing is not None and set(lacking) != set(case.missing):
        return f"应缺 {sorted(case.missing)}，得到 {sorted(lacking)}"
    codes = [i.code for i in found.issues]
    if case.issues is not None and set(codes) != set(case.issues):
        return f"应指出 {sorted(case.issues)}，得到 {sorted(codes)}"
    return ""


def _due(register: Register, as_of: dt.date, found: Progress, group: ScenarioGroup, case: Case) -> str:
    items = [d for d in duties(register, as_of, group.within, found).items if d.id == group.due]
    seen = ["undated" if d.on is None else d.on.isoformat() for d in items]
    expected = _days(case.expect)
    if seen != expected:
        return f"应为 {expected or '没有'}，得到 {seen or '没有'}（{'；'.join(d.why for d in items)}）"
    if case.state and {d.state for d in items} != {case.state}:
        return f"应为 {case.state}，得到 {[d.state for d in items]}"
    if case.advised is not None and case.advised not in {d.advised for d in items}:
        return f"应建议 {case.advised} 前办，得到 {[str(d.advised) for d in items]}"
    return ""


def _days(expect: Any) -> Sequence[str]:
    if expect == "none":
        return []
    every: Iterable[Any] = expect if isinstance(expect, list | tuple) else [expect]
    return [str(one) for one in every]
