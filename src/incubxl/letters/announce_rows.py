"""A published list's rows: what the public may see of an applicant."""

from __future__ import annotations

from incubxl.assess.model import Assessment, Determination
from incubxl.letters.clean import one_line
from incubxl.letters.rows import ApplicantRow
from incubxl.policy.letters import LetterKind

_DISTRICT = "district"


def applicant_row(assessment: Assessment, kind: LetterKind | None, one: Determination, n: int) -> ApplicantRow:
    """The ``n``-th row of a list of this kind; None: of a kind that is not known, so without a result.

    Raises Unprintable.
    """
    tracks = {t.id: t.label for t in assessment.pack.measure.tracks}
    column = assessment.register.columns.get(_DISTRICT)
    district = column.text(assessment.register.index[one.applicant]) if column else ""
    graded = kind is not None and kind.when.outcome == "graded"
    return ApplicantRow(
        number=str(n),
        name=_clean(one.name, "单位名称"),
        track=tracks.get(one.track, "—"),
        district=_clean(district, "所在区县") or "—",
        result=(_clean(one.grade.grade, "评价等级") or "—") if graded else "—",
    )


def _clean(text: str, what: str) -> str:
    return one_line(text, what).strip()
