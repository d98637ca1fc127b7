"""What an announcement says: the fields of the contract filled for one document of many applicants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

from incubxl.assess.model import Assessment, Determination
from incubxl.letters import settings as office
from incubxl.letters.announce_rows import applicant_row
from incubxl.letters.clean import one_line, paragraphs
from incubxl.letters.context import DATE_PLACE, NUMBER_PLACE, marks_of, whole
from incubxl.letters.contract import LetterContext
from incubxl.letters.findings import Unprintable
from incubxl.letters.published import Announcement
from incubxl.letters.rows import ChangeRow, clause_rows
from incubxl.letters.words import chinese_day, words_of
from incubxl.mask import masked
from incubxl.policy.letters import fill


def context(assessment: Assessment, announcement: Announcement) -> dict[str, Any]:
    """The template context of an announcement, by the field names of LetterContext.

    Raises Unprintable and LetterIncomplete as ``letters.context.context`` does.
    """
    plan = announcement.plan
    kind = assessment.pack.letters.kind(plan.kind)
    if kind is None or plan.conclusion is None or plan.state == "none":
        raise ValueError(f"no announcement is planned: {plan.why}")
    draft = plan.state == "draft"
    own = office.contact(assessment.register.settings)
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
    })  # fmt: skip
    if kind.amends:
        reasons = paragraphs(masked(signed.reason, own), "原因")
        made = replace(
            made,
            reasons=reasons or (("〔原因待填写〕",) if draft else ()),
            refers_number=words["refers_number"],
            refers_date=words["refers_date"],
            refers_kind=words["refers_kind"],
            details=tuple(masked(_clean(line, "具体事项"), own) for line in announcement.particulars),
            changes=tuple(_change(announcement, row) for row in announcement.changes),
        )
    else:
        listed = []
        for n, one in enumerate(announcement.members, 1):
            with _of(one):
                listed.append(applicant_row(assessment, kind, one, n))
        made = replace(
            made, details=paragraphs(masked(plan.conclusion.details, own), "具体事项"), applicants=tuple(listed)
        )
    whole(made)
    return {f.name: getattr(made, f.name) for f in fields(LetterContext)}


def _change(announcement: Announcement, row: ChangeRow) -> ChangeRow:
    whose = next((one for one in announcement.members if one.name.strip() == row.name), announcement.members[0])
    with _of(whose):
        said = {
            f.name: _clean(getattr(row, f.name), "单位名称" if f.name == "name" else "更正内容") for f in fields(row)
        }
    return ChangeRow(**{name: masked(text) for name, text in said.items()})


@contextmanager
def _of(one: Determination) -> Iterator[None]:
    """What cannot be printed of this unit is told under it, not under the list's first."""
    try:
        yield
    except Unprintable as error:
        error.applicant = one.applicant
        raise


def _clean(text: str, what: str) -> str:
    return one_line(text, what).strip()
