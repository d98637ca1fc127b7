"""What stands on a conclusion's row beside its matter: signatures, number, particulars. What is amiss, in Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise

from incubxl.assess.model import Assessment
from incubxl.blanks import names_nobody, says_nothing
from incubxl.docnumber import amiss, read
from incubxl.letters.settings import correction_days, publicity_days
from incubxl.policy.letters import LetterKind
from incubxl.register.fold import squash
from incubxl.register.model import Conclusion

Refusal = Callable[[str, str, str], str]
"""(发文字号, applicant id or empty for a public one, kind id) → why the 文号簿 refuses it; empty when it does not."""


def no_book(number: str, applicant: str, kind: str) -> str:
    """No 文号簿 is kept."""
    return ""


def signatures(conclusion: Conclusion) -> Iterator[str]:
    """Who is missing, and steps out of order (经办 → 审核 → 签发)."""
    place = conclusion.signed.cell or "「结论」表"
    signer = conclusion.signed.name.strip()
    if signer and names_nobody(signer):
        yield f"{place} 所在行的签发人「{signer}」不是人的姓名，请写签发的人的姓名"
    if not signer:
        done = "、".join(
            f"{word}{act.name}"
            for word, act in (("经办", conclusion.handled), ("审核", conclusion.reviewed))
            if not names_nobody(act.name)
        )
        yield f"{place} 没有签发人姓名" + (f"（已有{done}）" if done else "")
    if conclusion.signed.on is None:
        yield f"{place} 没有结论日期"
    steps = [
        ("经办日期", conclusion.handled.on),
        ("审核日期", conclusion.reviewed.on),
        ("签发日期", conclusion.signed_on or conclusion.signed.on),
    ]
    dated: list[tuple[str, dt.date]] = [(word, on) for word, on in steps if on]
    for (word, on), (later_word, later) in pairwise(dated):
        if on > later:
            yield f"{place} 的{word}（{_day(on)}）晚于{later_word}（{_day(later)}）"
    if conclusion.signed_on and conclusion.signed.on and conclusion.signed_on > conclusion.signed.on:
        yield f"{place} 的签发日期晚于结论日期，成文日期不能早于签发"


def untimely(
    assessment: Assessment, applicant: str, conclusion: Conclusion, kind: LetterKind, today: dt.date | None
) -> Iterator[str]:
    """A date that cannot be: more than a day after ``today`` (None: not known), or before the applicant applied.

    A sanction is about what was recognised earlier: it may come before this year's application.
    """
    place, on = conclusion.signed.cell or "「结论」表", conclusion.signed.on
    if on is None:
        return
    if today and on > max(today, assessment.as_of) + dt.timedelta(days=1):
        yield f"{place} 的结论日期（{_day(on)}）还没有到"
    column = assessment.register.columns.get("application_date")
    applied = column.day(assessment.register.index[applicant]) if column else None
    if applied and on < applied and kind.matter != "sanction":
        yield f"{place} 的结论日期（{_day(on)}）早于申报日期（{_day(applied)}）"


def unsigned_steps(assessment: Assessment, conclusion: Conclusion) -> str:
    """经办 or 审核 where the sheet asks for them and nobody is named; empty otherwise. They do not hold a letter up."""
    table = assessment.register.tables.get("conclusions")
    if table is None:
        return ""
    lacking = [
        word
        for word, id, act in (("经办人", "handler", conclusion.handled), ("审核人", "reviewer", conclusion.reviewed))
        if names_nobody(act.name) and table.columns[id].sheet_column >= 0
    ]
    return f"没有写{'、'.join(lacking)}" if lacking else ""


def numbering(
    assessment: Assessment, conclusion: Conclusion, kind: LetterKind, applicant: str, refusal: Refusal
) -> Iterator[str]:
    """A number that is not of the standard's form, of another year, of another letter, or refused by the 文号簿."""
    number = conclusion.document_number.strip()
    if not number:
        return
    place = conclusion.signed.cell or "「结论」表"
    if wrong := amiss(number):
        yield f"{place} {wrong}"
        return
    parsed = read(number)
    if parsed and conclusion.signed.on and parsed.year != conclusion.signed.on.year:
        yield f"{place} 的发文字号是{parsed.year}年的，结论日期在{conclusion.signed.on.year}年"
    others = _others(assessment, conclusion, kind)
    if others:
        yield f"发文字号「{number}」在「结论」表用了不止一次（另见{'、'.join(others)}）"
    if refused := refusal(number, applicant, kind.id):
        yield refused


def _others(assessment: Assessment, conclusion: Conclusion, kind: LetterKind) -> list[str]:
    """Cells of other rows with this number; the rows of one announcement share theirs."""
    found = [
        other.signed.cell or "另一行"
        for _, other in assessment.register.documents.get(squash(conclusion.document_number), ())
        if other is not conclusion and not (kind.recipient == "public" and other.letter in (kind.id, kind.label))
    ]
    return found[:3]


def particulars(assessment: Assessment, conclusion: Conclusion, kind: LetterKind) -> Iterator[str]:
    """What the kind needs on its row and from the settings."""
    place = conclusion.signed.cell or "「结论」表"
    details = conclusion.details.strip()
    if details and says_nothing(details):
        yield f"{place} 的具体事项「{details}」没有说什么，请写明或者清空"
    elif "details" in kind.needs and not details:
        yield f"{place} 没有写具体事项"
    if ("reason" in kind.needs or kind.layout == "revocation") and says_nothing(conclusion.signed.reason):
        yield f"{place} 没有写理由，通知书缺少{'事实' if kind.layout == 'revocation' else '原因'}"
    settings = assessment.register.settings
    if (kind.layout == "correction" or "days" in kind.placeholders()) and correction_days(settings) is None:
        yield "「设置」表没有填「补正期限天数」，通知书缺少期限"
    if "publicity_days" in kind.placeholders() and publicity_days(settings) is None:
        yield "「设置」表没有填「公示天数」，公示缺少期限"


def _day(on: dt.date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
