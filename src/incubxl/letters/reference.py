"""The earlier letter that a 更正, 撤回 or 补发 is about: its number, date and kind, and who had received it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from incubxl.assess.model import Assessment, Determination
from incubxl.register.fold import squash
from incubxl.register.model import Conclusion

WITHDRAWAL = "amend_withdraw"


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier letter. ``why`` says in Chinese what keeps it from being known; empty when it is known.

    ``label``: its name, as the row or the history says it; ``kind``: its kind's id where it stands in this workbook,
    whose title is then its name. ``to``: its recipient, empty for the applicant itself.
    """

    number: str = ""
    on: dt.date | None = None
    label: str = ""
    to: str = ""
    why: str = ""
    kind: str = ""


def find(assessment: Assessment, determination: Determination, conclusion: Conclusion) -> Reference:
    """Where the row's 关联文号 stands: on this applicant's other rows, in its history, or as the row itself says."""
    number = conclusion.refers_to.strip()
    place = conclusion.signed.cell or "「结论」表"
    if not number:
        return Reference(why=f"{place} 没有写关联文号，不知道是哪一份文书")
    if squash(number) == squash(conclusion.document_number):
        return Reference(number, why=f"{place} 的关联文号与本函的发文字号相同；更正、撤回、补发另编文号")
    typed = Reference(number, conclusion.refers_on, conclusion.refers_kind.strip(), conclusion.addressee.strip())
    own = next((c for c in determination.conclusions if c is not conclusion and _same(c, number)), None)
    kind = assessment.pack.letters.kind(own.letter) if own else None
    if own and kind:
        if kind.recipient == "public":
            return Reference(number, why=f"「{number}」是{kind.label}，向社会公布的文书请另行公布更正")
        found = Reference(number, own.signed.on, kind.label, own.addressee.strip(), kind=kind.id)
        return _agreed(typed, found, place)
    elsewhere = _of_another(assessment, determination, number)
    if elsewhere:
        return Reference(number, why=f"{place} 的关联文号「{number}」是{elsewhere}的文书")
    for event in assessment.register.history.get(determination.applicant, ()):
        if event.document_number and squash(event.document_number) == squash(number):
            return _agreed(typed, Reference(number, event.on, conclusion.refers_kind.strip() or event.what), place)
    if typed.on is None or not typed.label:
        lacks = "、".join(
            name for name, there in (("关联文书日期", typed.on), ("关联文书名称", typed.label)) if not there
        )
        return Reference(
            number, typed.on, typed.label, typed.to, f"工作簿里没有文号「{number}」的文书，{place} 也没有写{lacks}"
        )
    return typed


def _same(other: Conclusion, number: str) -> bool:
    return bool(other.document_number.strip()) and squash(other.document_number) == squash(number)


def _agreed(typed: Reference, found: Reference, place: str) -> Reference:
    """What the workbook says, unless the row says otherwise."""
    why = ""
    if found.on is None:
        why = f"文号「{found.number}」的文书没有日期" if typed.on is None else ""
    elif typed.on is not None and typed.on != found.on:
        why = f"{place} 的关联文书日期与文号「{found.number}」的日期不同"
    kind = "" if typed.label else found.kind
    return Reference(found.number, found.on or typed.on, typed.label or found.label, typed.to or found.to, why, kind)


def _of_another(assessment: Assessment, determination: Determination, number: str) -> str:
    rows = assessment.register.documents.get(squash(number), ())
    return next((f"申报编号「{owner}」" for owner, _ in rows if owner != determination.applicant), "")


def withdrawn(assessment: Assessment, determination: Determination) -> frozenset[str]:
    """Numbers of this applicant's letters that a 撤回, signed and with its reason, took back; squashed."""
    return frozenset(
        squash(c.refers_to)
        for c in determination.conclusions
        if (kind := assessment.pack.letters.kind(c.letter))
        and kind.id == WITHDRAWAL
        and c.refers_to.strip()
        and c.signed.name.strip()
        and c.signed.on
        and c.signed.reason.strip()
    )
