"""Measures whose grades come from each contract (一体一策): the office records the result, nothing is computed."""

from __future__ import annotations

from incubxl.grading.model import GradeOutcome
from incubxl.grid import CellKind
from incubxl.register.model import Register


def from_contract(register: Register) -> list[GradeOutcome]:
    """The recorded result with its cell; missing: open with every result that the measure names for that track.

    A track that the result's column does not ask is not graded.
    """
    policy = register.pack.evaluation
    column = register.columns[policy.outcome]
    asked = column.spec.tracks
    out = []
    for i, track in enumerate(register.tracks):
        cell = column.cell(i)
        where = f"（{cell}）" if cell else ""
        named = {g.id: g.label for g in policy.grades if not g.tracks or track in g.tracks or not track}
        labels = tuple(named.values())
        if asked and track and track not in asked:
            out.append(GradeOutcome("not_graded", reason="本申报类型没有验收或评价结果", clause=policy.clause))
        elif column.has(i) and column.text(i) not in named:
            label = policy.grade_label(column.text(i))
            reason = f"「{column.spec.label}」记为「{label}」{where}，不是本类申报的结果，请核对"
            out.append(GradeOutcome("open", possible=labels, reason=reason, clause=policy.clause))
        elif column.has(i):
            label = named[column.text(i)]
            reason = f"「{column.spec.label}」记为「{label}」{where}"
            out.append(GradeOutcome("graded", grade=label, reason=reason, clause=policy.clause))
        elif column.kinds[i] == CellKind.DECLARED_NA:
            reason = f"「{column.spec.label}」填「不适用」{where}"
            out.append(GradeOutcome("not_graded", reason=reason, clause=policy.clause))
        else:
            reason = f"「{column.spec.label}」未填{where}，由主管部门确定"
            out.append(GradeOutcome("open", possible=labels, reason=reason, clause=policy.clause))
    return out
