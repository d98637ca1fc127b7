"""A published list's rows: what the public may see of an applicant."""

from __future__ import annotations

from incubxl.assess.model import Assessment, Determination
from incubxl.letters.clean import one_line
from incubxl.letters.rows import ApplicantRow
from incubxl.mask import masked
from incubxl.policy.letters import LetterKind

_DISTRICT = "district"


def applicant_row(assessment: Assessment, kind: LetterKind | None, one: Determination, n: int) -> ApplicantRow:
    """The ``n``-th row of a list of this kind; None: of a kind that is not known, so without a result.

    Raises Unprintable.
    """
    name, track, district, result = columns(assessment, kind, one)
    return ApplicantRow(
        number=str(n),
        name=masked(_clean(name, "单位名称")),
        track=track,
        district=masked(_clean(district, "所在区县")) or "—",
        result=_clean(result, "评价等级") or "—",
    )


def columns(assessment: Assessment, kind: LetterKind | None, one: Determination) -> tuple[str, str, str, str]:
    """Name, type, district and result as the register has them; — for what the list does not tell of anybody."""
    tracks = {t.id: t.label for t in assessment.pack.measure.tracks}
    column = assessment.register.columns.get(_DISTRICT)
    district = column.text(assessment.register.index[one.applicant]) if column else ""
    graded = kind is not None and kind.when.outcome == "graded"
    result = one.grade.grade.strip() if graded else ""
    return one.name.strip(), tracks.get(one.track, "—"), district.strip() or "—", result or "—"


def _clean(text: str, what: str) -> str:
    return one_line(text, what).strip()
