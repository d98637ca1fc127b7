"""Announcements (公示, 公告): one document of a kind for all applicants of a workbook whose conclusion names the kind.

Nobody is added by computation: each line is a signed row of the sheet 结论. The table shows what the public may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from incubxl.assess.model import Assessment, Determination, LetterState
from incubxl.letters import settings as office
from incubxl.letters import signing
from incubxl.letters.blockers import blockers
from incubxl.letters.choose import LetterPlan, for_track
from incubxl.letters.clean import one_line, paragraphs
from incubxl.letters.context import DATE_PLACE, NUMBER_PLACE, marks_of, whole
from incubxl.letters.contract import LetterContext
from incubxl.letters.outcome import check
from incubxl.letters.rows import ApplicantRow, clause_rows
from incubxl.letters.words import chinese_day, words_of
from incubxl.mask import masked
from incubxl.policy.letters import LetterKind, fill
from incubxl.register.model import Conclusion

_TOLD = 5  # rows that keep an announcement from being final, named one by one
_DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Announcement:
    """``plan`` names no recipient; ``members`` are in the register's order, ``left_out`` with the reason."""

    plan: LetterPlan
    members: tuple[Determination, ...]
    left_out: tuple[tuple[Determination, Conclusion, str], ...]


def announcements(
    assessment: Assessment, refusal: signing.Refusal = signing.no_book, today: dt.date | None = None
) -> list[Announcement]:
    """Every announcement that the sheet 结论 asks for, in the pack's order of kinds."""
    asked: dict[str, list[tuple[Determination, Conclusion]]] = {}
    kinds = {k.id: k for k in assessment.pack.letters.kinds if k.recipient == "public"}
    if not kinds:
        return []
    for one in assessment.determinations:
        for conclusion in one.conclusions:
            kind = assessment.pack.letters.kind(conclusion.letter)
            if kind and kind.id in kinds:
                asked.setdefault(kind.id, []).append((one, conclusion))
    return [_planned(assessment, kind, asked[id], refusal, today) for id, kind in kinds.items() if id in asked]


def _planned(
    assessment: Assessment,
    kind: LetterKind,
    rows: list[tuple[Determination, Conclusion]],
    refusal: signing.Refusal,
    today: dt.date | None,
) -> Announcement:
    members: dict[str, Determination] = {}
    left_out: list[tuple[Determination, Conclusion, str]] = []
    reasons: dict[str, None] = {}
    for one, conclusion in rows:
        found = check(assessment, one, kind)
        if one.applicant in members:
            why = f"{conclusion.signed.cell or '「结论」表'} 与前面一行重复，只列一次"
        elif not one.name.strip():
            why = f"{one.cell} 所在行没有单位名称"
        elif not for_track(kind, one):
            why = f"「{kind.label}」不适用于本单位的申报类型"
        elif found.contradicted:
            why = f"与核对结果相反：{found.why}"
        else:
            members[one.applicant] = one
            for reason in blockers(assessment, one, conclusion, kind, found, None, today=today):
                reasons[f"{one.applicant}：{reason}"] = None
            continue
        left_out.append((one, conclusion, why))
        if one.applicant not in members:
            reasons[f"{one.applicant}没有列入：{why}"] = None
    if len(reasons) > _TOLD:
        more = len(reasons) - _TOLD
        reasons = dict.fromkeys([*list(reasons)[:_TOLD], f"另有{more}处"])
    conclusions = [c for _, c in rows]
    reasons |= dict.fromkeys(_disagreeing(conclusions))
    reasons |= dict.fromkeys(_private(assessment, conclusions, members.values()))
    reasons |= dict.fromkeys(signing.numbering(assessment, conclusions[0], kind, "", refusal))
    first = conclusions[0]
    state: LetterState = "draft" if reasons else "final"
    why = "；".join(reasons) or f"{first.signed.name}于{chinese_day(first.signed.on)}作出结论，共{len(members)}家"
    if not members:
        state = "none"
    plan = LetterPlan(kind.id, kind.label, state, why, first)
    return Announcement(plan, tuple(members.values()), tuple(left_out))


def _private(assessment: Assessment, conclusions: Iterable[Conclusion], members: Iterable[Determination]) -> list[str]:
    """Which cells hold a number or an address of people. The list shows it masked, and a person has to look."""
    contact = office.contact(assessment.register.settings)
    said = [(c.signed.cell or "「结论」表", "具体事项", c.details) for c in conclusions]
    for one in members:
        said += [(one.cell, "单位名称", one.name), (one.cell, "所在区县", _district(assessment, one))]
    found = dict.fromkeys(
        f"{place} 的{what}里有电话号码、电子邮箱或身份证号码，已遮蔽；本单位的电话请填在「设置」的「本单位联系方式」"
        for place, what, text in said
        if masked(text, contact) != text
    )
    return list(found)


def _disagreeing(conclusions: list[Conclusion]) -> Iterable[str]:
    """The rows of one announcement are one document: its number, date, signer and particulars are the same."""
    said = {
        "发文字号": {c.document_number.strip() for c in conclusions},
        "结论日期": {chinese_day(c.signed.on) for c in conclusions},
        "签发人": {c.signed.name.strip() for c in conclusions},
        "具体事项": {c.details.strip() for c in conclusions},
    }
    for word, values in said.items():
        if len(values) > 1:
            yield f"同一份公布文书各行的{word}不一致（{'、'.join(sorted(v or '空白' for v in values))}）"


def context(assessment: Assessment, announcement: Announcement) -> dict[str, Any]:
    """The template context of an announcement, by the field names of LetterContext.

    Raises Unprintable and LetterIncomplete as ``letters.context.context`` does.
    """
    plan = announcement.plan
    kind = assessment.pack.letters.kind(plan.kind)
    if kind is None or plan.conclusion is None or plan.state == "none":
        raise ValueError(f"no announcement is planned: {plan.why}")
    draft = plan.state == "draft"
    words = words_of(assessment, plan, None)
    signed = plan.conclusion.signed
    settings = assessment.register.settings
    tracks = dict.fromkeys(one.track for one in announcement.members)
    clauses = dict.fromkeys(row for track in tracks for row in clause_rows(kind.clauses, track))
    blank = {f.name: () if f.type.startswith("tuple") else "" for f in fields(LetterContext)}
    made = LetterContext(**{  # type: ignore[arg-type]
        **blank,
        "is_draft": draft,
        "marks": marks_of(assessment, draft=draft),
        "draft_reason": masked(_clean(plan.why, "草稿原因")) if draft else "",
        "layout": kind.layout,
        "kind": kind.label,
        "title": fill(kind.title, words),
        "document_number": _clean(plan.conclusion.document_number, "发文字号") or (NUMBER_PLACE if draft else ""),
        "year": words["year"],
        "measure": words["measure"],
        "measure_number": assessment.pack.measure.document_number,
        "opening": fill(kind.opening, words),
        "decision": tuple(fill(t, words) for t in kind.decision),
        "closing": tuple(fill(t, words) for t in kind.closing),
        "clauses": tuple(clauses),
        "adverse": False,
        "form": "announcement",
        "sealed": office.sealed(settings),
        "office": words["office"],
        "contact": _clean(office.contact(settings), "本单位联系方式"),
        "signer": _clean(signed.name, "签发人"),
        "date": chinese_day(signed.on) or DATE_PLACE,
        "details": paragraphs(masked(plan.conclusion.details, office.contact(settings)), "具体事项"),
        "applicants": _rows(assessment, kind, announcement.members),
    })  # fmt: skip
    whole(made)
    return {f.name: getattr(made, f.name) for f in fields(LetterContext)}


def _rows(assessment: Assessment, kind: LetterKind, members: Iterable[Determination]) -> tuple[ApplicantRow, ...]:
    tracks = {t.id: t.label for t in assessment.pack.measure.tracks}
    return tuple(
        ApplicantRow(
            number=str(n),
            name=masked(_clean(one.name, "单位名称")),
            track=tracks.get(one.track, "—"),
            district=masked(_clean(_district(assessment, one), "所在区县")) or "—",
            result=_clean(one.grade.grade, "评价等级") or "—" if kind.when.outcome == "graded" else "—",
        )
        for n, one in enumerate(members, 1)
    )


def _district(assessment: Assessment, one: Determination) -> str:
    column = assessment.register.columns.get(_DISTRICT)
    return column.text(assessment.register.index[one.applicant]) if column else ""


def _clean(text: str, what: str) -> str:
    return one_line(text, what).strip()
