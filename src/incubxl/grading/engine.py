"""Grades of all applicants of one register, each decided, or open with every grade that is still possible."""

from __future__ import annotations

import datetime as dt

from incubxl.grading.contract import from_contract
from incubxl.grading.decide import decide
from incubxl.grading.model import GradeOutcome
from incubxl.grading.scheme import read_scheme
from incubxl.grading.scores import Marks
from incubxl.grading.standing import Rankings, standings
from incubxl.issues import Issue
from incubxl.register.model import Register


def grade(register: Register, as_of: dt.date) -> tuple[list[GradeOutcome], list[Issue]]:
    """One outcome per applicant, in the register's order, and what was found wrong with scheme and scores.

    Everything but the measure's grade names comes from the workbook. A setting that a result needs and that is
    blank leaves the result open, with a reason that names it. ``as_of`` does not matter to a year's own scheme.
    """
    policy = register.pack.evaluation
    if policy.kind == "none":
        return _nobody(register, policy.note or "本办法没有规定评价等级"), []
    if policy.kind == "contract":
        return from_contract(register), []
    scheme, issues = read_scheme(register)
    if not scheme.blocked:
        if not scheme.indicators:
            return _nobody(register, "「评价指标」表没有本年度的指标"), issues
        if not scheme.rules:
            return _nobody(register, "「等级规则」表没有本年度的规则"), issues
    marks = Marks(register, scheme.indicators)
    all_ = standings(register, scheme, marks)
    ranked = any(rule.share is not None for rule in scheme.rules)
    rankings = Rankings(register, all_) if ranked else None
    return [decide(register, scheme, standing, rankings) for standing in all_], [*issues, *marks.issues]


def _nobody(register: Register, reason: str) -> list[GradeOutcome]:
    outcome = GradeOutcome("not_graded", reason=reason, clause=register.pack.evaluation.clause)
    return [outcome] * register.size
