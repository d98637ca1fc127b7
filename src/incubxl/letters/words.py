"""The values of a kind's placeholders (policy.letters.PLACEHOLDERS) for one letter."""

from __future__ import annotations

import datetime as dt

from incubxl.assess.model import Assessment, Determination
from incubxl.letters import settings as office
from incubxl.letters.choose import LetterPlan
from incubxl.letters.clean import one_line
from incubxl.letters.reference import Reference
from incubxl.policy.letters import PLACEHOLDERS, fill


def chinese_day(on: dt.date | None) -> str:
    """``2026年1月5日``; empty for none."""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def words_of(assessment: Assessment, plan: LetterPlan, determination: Determination | None) -> dict[str, str]:
    """The placeholders' values. A blank is a visible place on a draft and stays blank on a final letter."""
    measure = assessment.pack.measure
    settings = assessment.register.settings
    reference = plan.reference
    days, publicity = office.correction_days(settings), office.publicity_days(settings)
    tracks = {t.id: t.label for t in measure.tracks}
    track = determination.track if determination else ""
    grade = determination.grade if determination else None
    score = grade.score if grade else None
    words = {
        "name": _clean(determination.name, "单位名称") if determination else "",
        "track": tracks.get(track, tracks[measure.tracks[0].id] if len(tracks) == 1 else ""),
        "year": str(settings.year),
        "grade": _clean(grade.grade, "评价等级") if grade else "",
        "score": f"{score:f}" if score is not None else "",
        "measure": measure.name,
        "noun": measure.applicant_noun,
        "days": "" if days is None else str(days),
        "office": _clean(settings.office, "本单位名称"),
        "publicity_days": "" if publicity is None else str(publicity),
        "refers_number": _clean(reference.number, "关联文号") if reference else "",
        "refers_date": chinese_day(reference.on) if reference else "",
        "refers_kind": "",
        "refers_letter": "",
    }
    if reference and reference.label:
        title = _clean(_title(assessment, reference, determination), "关联文书标题")  # 引用公文先引标题，后引发文字号
        label = _clean(reference.label, "关联文书名称")
        words |= {"refers_kind": title or label, "refers_letter": f"《{title}》" if title else f"“{label}”文书"}
    if plan.state == "draft":
        return {key: value or f"〔{PLACEHOLDERS[key].partition('（')[0]}待填〕" for key, value in words.items()}
    return words


def _title(assessment: Assessment, reference: Reference, determination: Determination | None) -> str:
    """The title under which the first letter was issued; of one that this run issues, the title it is given now."""
    kind = assessment.pack.letters.kind(reference.first.kind) if reference.first else None
    if reference.first is None or kind is None:
        return reference.title
    return fill(kind.title, words_of(assessment, reference.first, determination))


def _clean(text: str, what: str) -> str:
    return one_line(text, what).strip()
