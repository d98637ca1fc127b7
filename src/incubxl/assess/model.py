"""A determination: everything that was decided, computed or left open for one applicant. Frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from incubxl.funding.model import FundingLine
from incubxl.grading.model import GradeOutcome
from incubxl.issues import Issue
from incubxl.policy.pack import Force, Pack
from incubxl.register.model import Conclusion, Refused, Register, Signed
from incubxl.verdict import Verdict


@dataclass(frozen=True, slots=True)
class UsedInterpretation:
    """An interpretation that a result rests on. ``option`` empty: still open."""

    id: str
    option: str
    label: str  # the option in Chinese; 未确定 while open
    source: str = ""  # a legal default's law; empty when the office answered


@dataclass(frozen=True, slots=True)
class OverrideView:
    """改判 beside the computed verdict; ``stale`` means 需复核."""

    verdict: Verdict
    stale: bool
    signed: Signed


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion for one applicant. ``missing`` holds fact ids (labels through ``pack.label``).

    ``failed``: of a condition with several limbs that was computed as not met, the values of the limbs that are not.
    """

    criterion: str
    title: str
    clause: str
    quote: str
    verdict: Verdict  # with override in effect
    computed: Verdict
    value: str
    threshold: str
    cell: str
    missing: tuple[str, ...]
    interpretations: tuple[UsedInterpretation, ...]
    remedy: str  # 差什么: the shortest way to meet it; empty when met
    code: str  # 核对码: fingerprint of the values seen
    override: OverrideView | None = None
    judged: tuple[Signed, ...] = ()  # the persons behind 人工判断
    near: bool = False  # within the office's margin of the threshold
    advisory: bool = False
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Determination:
    """One applicant."""

    applicant: str
    name: str
    track: str  # track id
    cell: str  # the register cell of the applicant's id
    results: tuple[CriterionResult, ...]
    eligible: Verdict  # all_of over the results that are not advisory
    grade: GradeOutcome
    funding: tuple[FundingLine, ...]
    conclusions: tuple[Conclusion, ...]


@dataclass(frozen=True)
class Assessment:
    """A whole workbook, assessed."""

    register: Register
    as_of: dt.date
    force: Force
    notice: str  # words for every output when the measure is not plainly in force
    determinations: tuple[Determination, ...]
    issues: tuple[Issue, ...]  # the register's and those found later
    refused: tuple[Refused, ...]
    input_sha256: str = ""
    program: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)

    @property
    def pack(self) -> Pack:
        return self.register.pack

    @cached_property
    def issues_of(self) -> dict[str, tuple[Issue, ...]]:
        """Issues by the applicant they are about."""
        found: dict[str, list[Issue]] = {}
        for issue in self.issues:
            found.setdefault(issue.applicant, []).append(issue)
        return {applicant: tuple(issues) for applicant, issues in found.items()}


LetterState = Literal["final", "draft", "none"]


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as the result sheets and the JSON show it. ``file`` is empty and ``why`` says why when there is none."""

    applicant: str
    kind: str  # letter kind id of the pack
    label: str  # its Chinese name
    file: str
    state: LetterState
    why: str = ""
