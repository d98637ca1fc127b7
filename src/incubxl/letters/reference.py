"""The earlier letter that a 更正, 撤回 or 补发 is about: its number, date and name, and who had received it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from incubxl.assess.model import Assessment, Determination
from incubxl.blanks import names_nobody, says_nothing
from incubxl.letters.recipient import WORDS, recipient
from incubxl.register.fold import squash
from incubxl.register.model import Conclusion

if TYPE_CHECKING:
    from incubxl.letters.choose import LetterPlan

WITHDRAWAL = "amend_withdraw"
WITHDRAWAL_PUBLIC = "announce_withdraw"


@dataclass(frozen=True, slots=True)
class Issued:
    """What the 文号簿 says of a number. ``why``: what keeps it from being an issued letter of the applicant.

    ``title``: as the letter bore it when it was issued; empty where the book does not know it.
    """

    used: bool
    title: str = ""
    why: str = ""


Known = Callable[[str, str], Issued | None]
"""(发文字号, applicant id) → what the 文号簿 says of it; None where no book is kept or the number is none."""


def no_record(number: str, applicant: str) -> None:
    """No 文号簿 is kept."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier letter. ``why`` says in Chinese what keeps it from being known; empty when it is known.

    ``label``: its kind, or its name as the row or the history says it; ``title``: the title under which it was issued,
    empty where nobody knows it; ``first``: its plan where it is issued by this very run under a number of the 文号簿,
    so that its title is the one that is made now. ``to``: its recipient, empty for the applicant itself and where
    nobody knows it (``unaddressed``).
    """

    number: str = ""
    on: dt.date | None = None
    label: str = ""
    to: str = ""
    why: str = ""
    title: str = ""
    first: LetterPlan | None = None
    unaddressed: bool = False


def find(
    assessment: Assessment,
    determination: Determination,
    conclusion: Conclusion,
    plan_of: Callable[[Conclusion], LetterPlan | None],
    known: Known = no_record,
) -> Reference:
    """Where the row's 关联文号 stands: on this applicant's other rows, in the 文号簿, in its history, or on the row.

    ``plan_of``: the plan of another row of this applicant; None while it is itself being made.
    """
    number, to = conclusion.refers_to.strip(), conclusion.addressee.strip()
    place = conclusion.signed.cell or "「结论」表"
    if not number:
        return _nobodys("", to, f"{place} 没有写关联文号，不知道是哪一份文书")
    if squash(number) == squash(conclusion.document_number):
        return _nobodys(number, to, f"{place} 的关联文号与本函的发文字号相同；更正、撤回、补发另编文号")
    name = conclusion.refers_kind.strip()
    title = "" if assessment.pack.letters.kind(name) else name  # 「备案」 is a kind, no title
    typed = Reference(number, conclusion.refers_on, name, to, title=title)
    book = known(number, determination.applicant)
    own = next((c for c in determination.conclusions if c is not conclusion and _same(c, number)), None)
    if own and assessment.pack.letters.kind(own.letter):
        return _of_this_workbook(assessment, determination, typed, own, plan_of(own), book, place)
    elsewhere = _of_another(assessment, determination, number)
    if elsewhere:
        return _nobodys(number, to, f"{place} 的关联文号「{number}」是{elsewhere}的文书")
    for event in assessment.register.history.get(determination.applicant, ()):
        if event.document_number and squash(event.document_number) == squash(number):
            found = _agreed(typed, Reference(number, event.on, name or event.what), book, place)
            return _addressed(assessment, determination, found, place)
    found = _stated(typed, book, place)
    if not (found.why or found.to or assessment.pack.letters.kind(found.label)):
        found = replace(found, why=f"看不出「{number}」当时发给谁，请在 {place} 写主送；发给申报单位的写单位名称")
    if not (found.to or assessment.pack.letters.kind(found.label)):
        return replace(found, unaddressed=True)
    return _addressed(assessment, determination, found, place)


def _nobodys(number: str, to: str, why: str) -> Reference:
    """A letter that is not known: its reader is nobody unless the row names one."""
    return Reference(number, to=to, why=why, unaddressed=not to)


def _addressed(assessment: Assessment, determination: Determination, found: Reference, place: str) -> Reference:
    """To whom a letter of a known kind went that this workbook does not hold: never the applicant in their stead."""
    kind = assessment.pack.letters.kind(found.label)
    if kind is not None and kind.recipient == "public":
        why = f"「{found.number}」是{kind.label}，向社会公布的文书请用「更正公告」「撤回公告」"
        return _nobodys(found.number, found.to, why)
    if found.to or kind is None or kind.recipient == "applicant":
        return found
    to = recipient(assessment, determination, kind)
    if to:
        return replace(found, to=to)
    lacks = f"「{found.number}」（{kind.label}）是给{WORDS[kind.recipient]}的，{place} 没有写主送"
    return replace(found, why="；".join(filter(None, (found.why, lacks))), unaddressed=True)


def _of_this_workbook(
    assessment: Assessment,
    determination: Determination,
    typed: Reference,
    own: Conclusion,
    plan: LetterPlan | None,
    book: Issued | None,
    place: str,
) -> Reference:
    kind = assessment.pack.letters.kind(own.letter)
    assert kind is not None
    number = typed.number
    to = plan.to if plan and plan.to != determination.name.strip() else ""  # as the first one says, not as it is typed
    found = _addressed(assessment, determination, Reference(number, own.signed.on, kind.label, typed.to or to), place)
    if found.why:
        return found
    if book and book.used:
        return _agreed(typed, found, book, place)
    if plan is None or plan.state != "final":
        return replace(found, why=f"「{number}」（{kind.label}）不是已发出的正式文书，没有可以更正、撤回、补发的")
    return _agreed(typed, replace(found, first=plan if book else None), None, place)


def find_public(
    assessment: Assessment, conclusion: Conclusion, first: LetterPlan | None, known: Known = no_record
) -> Reference:
    """The announcement that the row names. ``first``: its plan where this workbook holds it."""
    number = conclusion.refers_to.strip()
    place = conclusion.signed.cell or "「结论」表"
    if not number:
        return Reference(why=f"{place} 没有写关联文号，不知道是哪一份公布文书")
    if squash(number) == squash(conclusion.document_number):
        return Reference(number, why=f"{place} 的关联文号与本公告的发文字号相同；更正公告、撤回公告另编文号")
    letters = assessment.pack.letters
    rows = [c for _, c in assessment.register.documents.get(squash(number), ())]
    kinds = [kind for c in rows if (kind := letters.kind(c.letter))]
    if kinds and all(kind.recipient != "public" for kind in kinds):
        return Reference(number, why=f"「{number}」是{kinds[0].label}，不是向社会公布的文书，请用「更正」「撤回」")
    name = conclusion.refers_kind.strip()
    typed = Reference(number, conclusion.refers_on, name, title="" if letters.kind(name) else name)
    book = known(number, "")
    if kinds:
        own = next(c for c in rows if (kind := letters.kind(c.letter)) and kind.recipient == "public")
        found = Reference(number, own.signed.on, next(k.label for k in kinds if k.recipient == "public"))
        if book and book.used:
            return _agreed(typed, found, book, place)
        if book is None and typed.on and typed.label:  # a signed row says that it was published, on what day, as what
            return _agreed(typed, found, None, place)
        if first is None or first.state != "final":
            why = f"「{number}」（{found.label}）不是已公布的正式文书，没有可以更正、撤回的"
            return replace(
                found, why=why + ("" if book else "；没有文号簿而确已公布的，请写关联文书日期和关联文书名称")
            )
        return _agreed(typed, replace(found, first=first if book else None), None, place)
    return _stated(typed, book, place)


def _stated(typed: Reference, book: Issued | None, place: str) -> Reference:
    """What only the row says, and the 文号簿 does not deny."""
    lacks = [name for name, there in (("关联文书日期", typed.on), ("关联文书名称", typed.label)) if not there]
    if lacks:
        said = "、".join(lacks)
        return replace(typed, why=f"工作簿里没有文号「{typed.number}」的文书，{place} 也没有写{said}")
    return _agreed(typed, typed, book, place)


def _same(other: Conclusion, number: str) -> bool:
    return bool(other.document_number.strip()) and squash(other.document_number) == squash(number)


def _agreed(typed: Reference, found: Reference, book: Issued | None, place: str) -> Reference:
    """What the workbook and the 文号簿 say, unless the row says otherwise."""
    why: list[str] = [book.why] if book and book.why else []
    if found.on is None and typed.on is None:
        why.append(f"文号「{found.number}」的文书没有日期")
    elif found.on is not None and typed.on is not None and typed.on != found.on:
        why.append(f"{place} 的关联文书日期与文号「{found.number}」的日期不同")
    title = book.title if book else ""
    if title and typed.label and squash(typed.label) not in (squash(title), squash(found.label)):
        why.append(f"{place} 的关联文书名称与文号簿里「{found.number}」的标题《{title}》不同")
    return Reference(
        found.number,
        found.on or typed.on,
        typed.label or found.label,
        typed.to or found.to,
        "；".join(why),
        title or typed.title,
        None if title or typed.title else found.first,
    )


def _of_another(assessment: Assessment, determination: Determination, number: str) -> str:
    rows = assessment.register.documents.get(squash(number), ())
    return next((f"申报编号「{owner}」" for owner, _ in rows if owner != determination.applicant), "")


def amiss(conclusion: Conclusion, reference: Reference, taken_back: dt.date | None) -> list[str]:
    """What keeps a 更正, 撤回 or 补发 from being final beside what its first letter lacks, in Chinese.

    ``taken_back``: the day of a final 撤回 of the first letter; None for a 撤回 itself.
    """
    place = conclusion.signed.cell or "「结论」表"
    on = conclusion.signed.on
    reasons = [reference.why] if reference.why else []
    if not conclusion.document_number.strip():
        reasons.append(f"{place} 没有发文字号；更正、撤回、补发须另编文号")
    if on and reference.on and on < reference.on:
        reasons.append(f"{place} 的结论日期早于原文书「{reference.number}」的日期")
    if on and taken_back and taken_back <= on:
        reasons.append(f"原文书「{reference.number}」已经撤回，不再更正、补发")
    return reasons


def taking_back(assessment: Assessment, determination: Determination, number: str) -> list[Conclusion]:
    """The applicant's rows 撤回 that name this number, signed, dated and with their reason."""
    return [
        c
        for c in determination.conclusions
        if (kind := assessment.pack.letters.kind(c.letter))
        and kind.id == WITHDRAWAL
        and number.strip()
        and squash(c.refers_to) == squash(number)
        and not names_nobody(c.signed.name)
        and c.signed.on
        and not says_nothing(c.signed.reason)
    ]
