"""What grading gives for one applicant."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

State = Literal["graded", "open", "waived", "exempt", "not_graded"]


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One indicator. ``points`` None: not known yet (``missing`` says what, with cells). ``cells``: where from.

    ``from_applicant``: the part of ``missing`` that the applicant can supply; marks and settings are the office's.
    """

    indicator: str
    name: str
    method: str
    value: str  # the number or the experts' scores, as text
    points: Decimal | None
    maximum: Decimal | None
    weight: Decimal | None
    cells: tuple[str, ...]
    missing: tuple[str, ...] = ()
    from_applicant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeOutcome:
    """``grade`` is a label of the measure, empty while open; ``possible`` then lists the grades still possible.

    graded: decided by the year's rules. open: missing data could still change it (待定). waived: 放弃.
    exempt: 免评. not_graded: no scheme in the workbook, an applicant that does not take part this year, or the
    measure knows no grading.
    """

    state: State
    score: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    rank: int | None = None
    ranked_of: int | None = None
    grade: str = ""
    possible: tuple[str, ...] = ()
    reason: str = ""  # one Chinese sentence: which rule gave it, or what keeps it open
    clause: str = ""
    indicators: tuple[IndicatorScore, ...] = ()
