"""Measures whose grades come from each contract (一体一策): the office records the result, nothing is computed."""

from __future__ import annotations

from incubxl.grading.model import GradeOutcome
from incubxl.grid import CellKind
from incubxl.register.model import Register


def from_contract(register: Register) -> list[GradeOutcome]:
    """The recorded result with its cell; missing: open with every result that the measure names."""
    policy = register.pack.evaluation
    column = register.columns[policy.outcome]
    labels = tuple(grade.label for grade in policy.grades)
    out = []
    for i in range(register.size):
        cell = column.cell(i)
        where = f"（{cell}）" if cell else ""
        if column.has(i):
            label = policy.grade_label(column.text(i))
            reason = f"「{column.spec.label}」记为「{label}」{where}"
            out.append(GradeOutcome("graded", grade=label, reason=reason, clause=policy.clause))
        elif column.kinds[i] == CellKind.DECLARED_NA:
            reason = f"「{column.spec.label}」填「不适用」{where}"
            out.append(GradeOutcome("not_graded", reason=reason, clause=policy.clause))
        else:
            reason = f"「{column.spec.label}」未填{where}，由主管部门按合同约定的指标确定"
            out.append(GradeOutcome("open", possible=labels, reason=reason, clause=policy.clause))
    return out
