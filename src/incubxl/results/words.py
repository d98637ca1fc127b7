"""Words that several result sheets share: verdicts with their marks, amounts, people, source cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from incubxl.assess.model import Assessment, CriterionResult, UsedInterpretation
from incubxl.funding.model import FundingLine
from incubxl.grading.model import GradeOutcome
from incubxl.money import WAN, in_words
from incubxl.policy.pack import Pack
from incubxl.register.model import Signed
from incubxl.style import NEAR, OVERRIDDEN, STALE
from incubxl.verdict import Verdict

NOT_GRADED, OPEN, WAIVED, EXEMPT = "未评价", "待定", "放弃", "免评"
STATE_WORDS = {"final": "正式", "draft": "草稿", "none": "不出"}
_CELLS = r"!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?(?![\w!])"
_PLACES = tuple(
    re.compile(f"^{name}{_CELLS}")
    for name in ("'((?:[^']|'')+)'", "([^'!]+)", r"([^\[\]:*?/\\，；]{1,31}?)")  # the last: with ' or ! inside, bare
)


def shown_verdict(result: CriterionResult) -> str:
    """The verdict's word, marked when it is an override, a stale override, or near the threshold."""
    word = result.verdict.word
    if result.override:
        return word + (STALE if result.override.stale else OVERRIDDEN)
    return word + NEAR if result.near else word


def signed(person: Signed) -> str:
    """``张三（2026-05-01）：理由``; what is not written stays out."""
    day = f"（{person.on:%Y-%m-%d}）" if person.on else "（未写日期）"
    return f"{person.name or '未写姓名'}{day}" + (f"：{person.reason}" if person.reason else "")


def by_people(result: CriterionResult) -> str:
    """人工判断 and 改判 of one verdict, one per line."""
    lines = [f"人工判断：{signed(person)}" for person in result.judged]
    if result.override:
        stale = "；所依据的数据已变化，需复核" if result.override.stale else ""
        lines.append(f"改判为{result.override.verdict.word}：{signed(result.override.signed)}{stale}")
    return "\n".join(lines)


def used(pack: Pack, interpretations: tuple[UsedInterpretation, ...]) -> str:
    """The interpretations that a verdict rests on, one per line."""
    return "\n".join(
        f"{_question(pack, i.id)}→{i.label}" + (f"（依{i.source}）" if i.source else "") for i in interpretations
    )


def _question(pack: Pack, id: str) -> str:
    found = pack.interpretation.get(id)
    return found.question if found else id


def labels(pack: Pack, facts: Iterable[str]) -> str:
    """Chinese names of facts."""
    return "、".join(pack.label(fact) for fact in facts)


def track_label(pack: Pack, track: str) -> str:
    return next((t.label for t in pack.measure.tracks if t.id == track), track)


def payer_label(pack: Pack, payer: str) -> str:
    return next((r.label for r in pack.measure.roles if r.id == payer), payer)


def link_target(text: str) -> tuple[str, str] | None:
    """Sheet and A1 address at the beginning of a source like ``在孵企业!B3:B9，7行，去重后6家``; None without one.

    A sheet's name may be bare or, as Excel writes it, in apostrophes with those inside doubled.
    """
    found = next((match for place in _PLACES if (match := place.match(text))), None)
    if not found:
        return None
    sheet = found[1].replace("''", "'") if text.startswith("'") else found[1]
    end = f":{found[4]}{found[5]}" if found[4] else ""
    return sheet, f"{found[2]}{found[3]}{end}"


def quoted(sheet: str) -> str:
    """A sheet's name before the ! of an address, whatever characters it has."""
    return "'" + sheet.replace("'", "''") + "'"


def grade_word(grade: GradeOutcome) -> str:
    """The grade, or the word of the outcome that is no grade."""
    match grade.state:
        case "graded":
            return grade.grade
        case "open":
            return OPEN
        case "waived":
            return WAIVED
        case "exempt":
            return f"{grade.grade}（{EXEMPT}）" if grade.grade else EXEMPT
        case _:
            return NOT_GRADED


def grade_group(grade: GradeOutcome) -> str:
    """Under which heading the grade is counted."""
    return grade.grade if grade.state == "exempt" and grade.grade else grade_word(grade)


def wan(amount: Decimal) -> Decimal:
    """Yuan to 万元, exact."""
    return amount / WAN


def refunds(pack: Pack) -> frozenset[str]:
    """Items of money that goes back: shown, never counted into totals."""
    return frozenset(item.id for item in pack.funding.items if item.refund)


def granted(pack: Pack, lines: Iterable[FundingLine]) -> tuple[Decimal, int]:
    """The sum of what is computed, in yuan, and how many items are still open (never counted as zero)."""
    total, open_items, back = Decimal(0), 0, refunds(pack)
    for line in lines:
        if line.item in back:
            continue
        if line.amount is not None:
            total += line.amount
        elif line.verdict in (Verdict.UNKNOWN, Verdict.PENDING):
            open_items += 1
    return total, open_items


def total_cell(pack: Pack, lines: tuple[FundingLine, ...]) -> Decimal | str | None:
    """One applicant's total: a number only when nothing is open; None when the measure has no money for it."""
    if not lines:
        return None
    total, open_items = granted(pack, lines)
    if open_items:
        known = f"已核定{in_words(total)}，" if total else ""
        return f"{known}{open_items}项未定"
    return total if any(line.amount is not None for line in lines) else "不享受"


def payer_totals(assessment: Assessment) -> dict[str, Decimal]:
    """Computed amounts by payer (Chinese name), in yuan."""
    totals: dict[str, Decimal] = {}
    back = refunds(assessment.pack)
    for determination in assessment.determinations:
        for line in determination.funding:
            if line.amount is not None and line.item not in back:
                payer = payer_label(assessment.pack, line.payer)
                totals[payer] = totals.get(payer, Decimal(0)) + line.amount
    return totals
