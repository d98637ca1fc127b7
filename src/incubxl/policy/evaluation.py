"""evaluation.yaml: grade names and who takes part. Weights, points and cut-offs are the year's, in the workbook."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from incubxl.policy.fields import Id, Strict, Text


class GradeName(Strict):
    """A grade that the measure names, best first. ``effect``: what the measure attaches to it.

    ``tracks``: the kinds of applicant that can get it; empty: every kind.
    """

    id: Id
    label: Text
    effect: str = ""
    tracks: tuple[Id, ...] = ()


class NotTaken(Strict):
    """An outcome that is no grade: 放弃, 免评. ``when_fact`` is the boolean fact that says so."""

    id: Id
    label: Text
    clause: Text
    quote: Text
    fact: Id
    value: bool


class IndicatorSet(Strict):
    """A class of applicants with indicators of its own."""

    id: Id
    label: Text
    fact: Id
    choices: tuple[str, ...]


class EvaluationPolicy(Strict):
    """``kind``: graded by score; by the contract's own indicators; or none (the measure knows no evaluation).

    ``more_grades``: the measure prints only some grades; the year's scheme may name others, which stand above them.
    ``concerns``: the fact that says 不适用 for those whom the evaluation does not concern; empty: it concerns all.
    """

    kind: Literal["score", "contract", "none"]
    clause: str = ""
    quote: str = ""
    grades: tuple[GradeName, ...] = ()
    more_grades: bool = False
    concerns: str = ""
    failing: str = ""  # grade id that counts as 不合格
    waived: tuple[NotTaken, ...] = ()
    sets: tuple[IndicatorSet, ...] = ()
    outcome: str = ""  # contract: the choice fact with the office's result; its choice ids are the grade ids
    note: str = ""

    @model_validator(mode="after")
    def _outcome_of_a_contract(self) -> EvaluationPolicy:
        if (self.kind == "contract") != bool(self.outcome):
            raise ValueError("kind: contract 与 outcome 必须同时出现")
        return self

    def grade_label(self, id: str) -> str:
        return next((g.label for g in self.grades if g.id == id), id)
