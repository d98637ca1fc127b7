"""更正公告 and 撤回公告: of an announcement that is out, under a number of their own.

Each row of a 更正公告 says what changes for its applicant (``changes``); what is said to be right now is what the
register holds, and whoever is added must pass what the first announcement asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from incubxl.assess.model import Assessment, Determination, LetterState
from incubxl.letters import settings as office
from incubxl.letters.announce_rows import columns
from incubxl.letters.announced_value import Corrected, unborne
from incubxl.letters.blockers import blockers
from incubxl.letters.changes import ADDED, CHANGED, ITEMS, REMOVED, Changes, read
from incubxl.letters.choose import LetterPlan
from incubxl.letters.outcome import check
from incubxl.letters.published import Announcement, Rows, disagreeing, few, private
from incubxl.letters.reference import WITHDRAWAL_PUBLIC, Known, amiss, find_public
from incubxl.letters.rows import ChangeRow
from incubxl.letters.words import chinese_day
from incubxl.policy.letters import LetterKind
from incubxl.register.fold import squash
from incubxl.register.model import Conclusion

_PERIOD = "公示期"


@dataclass(frozen=True, slots=True)
class Standing:
    """The list that is amended at last: its kind, and who stands on it now. ``corrected``: by earlier 更正公告.

    ``values``: what those corrected in its columns.
    """

    kind: LetterKind
    listed: frozenset[str]
    corrected: bool
    values: Corrected


def amendment(
    assessment: Assessment,
    kind: LetterKind,
    rows: Rows,
    first: Announcement | None,
    standing: Standing | None,
    taken_back: dt.date | None,
    reasons_before: list[str],
    known: Known,
    today: dt.date | None,
) -> Announcement:
    """The plan of one 更正公告 or 撤回公告.

    ``first``: the document of this workbook that it names, None where none does; ``standing``: the list beneath, None
    where the workbook does not hold it. ``taken_back``: the day of a final
    撤回公告 of it. ``reasons_before``: what else keeps it from being final.
    """
    told = rows[0][1]
    reference = find_public(assessment, told, first.plan if first else None, known)
    named_kind = assessment.pack.letters.kind(first.plan.kind if first else told.refers_kind)
    first_kind = standing.kind if standing else named_kind
    corrects = "details" in kind.needs
    members: dict[str, Determination] = {}
    left_out: list[tuple[Determination, Conclusion, str]] = []
    reasons: dict[str, None] = {}
    lines: list[tuple[Determination, Changes]] = []
    for one, conclusion in rows:
        place = conclusion.signed.cell or "「结论」表"
        if one.applicant in members:
            left_out.append((one, conclusion, f"{place} 与前面一行是同一单位，一个单位的更正写在一行里"))
            reasons[f"{one.applicant}：{left_out[-1][2]}"] = None
            continue
        if not one.name.strip():
            left_out.append((one, conclusion, f"{one.cell} 所在行没有单位名称"))
            reasons[f"{one.applicant}没有列入：{left_out[-1][2]}"] = None
            continue
        members[one.applicant] = one
        said = [*blockers(assessment, one, conclusion, kind, check(assessment, one, kind), reference, today=today)]
        if corrects:
            changes = read(conclusion.details)
            lines.append((one, changes))
            said += [f"{place} {wrong}" for wrong in changes.wrong if conclusion.details.strip()]
            said += _untrue(assessment, one, conclusion, changes, first_kind, standing, today)
            values: Corrected = standing.values if standing else {}
            said += unborne(assessment, one, changes, place, conclusion.refers_to.strip(), values)
        reasons |= dict.fromkeys(f"{one.applicant}：{reason}" for reason in said)
    conclusions = [c for _, c in rows]
    rest = [read(c.details).particulars if corrects else tuple(c.details.split("\n")) for c in conclusions]
    particulars = next((tuple(filter(None, map(str.strip, r))) for r in rest if any(r)), ())
    reasons = few(reasons)
    more = {
        "理由": {c.signed.reason.strip() for c in conclusions},
        "其他事项": {"；".join(r) for r in rest if any(r)},
        "关联文书日期": {chinese_day(c.refers_on) for c in conclusions},
        "关联文书名称": {c.refers_kind.strip() for c in conclusions},
    }
    reasons |= dict.fromkeys(disagreeing(conclusions, more))
    contact = office.contact(assessment.register.settings)
    for c in conclusions:
        for what, text in (("具体事项", c.details), ("理由", c.signed.reason)):
            reasons |= dict.fromkeys(private(c.signed.cell, text, what, contact))
    reasons |= dict.fromkeys(amiss(told, reference, taken_back))
    if corrects and _moves_the_period(first_kind, lines) and not any(_PERIOD in line for line in particulars):
        reasons["原公布文书有公示期，办法没有写明更正后公示期怎样计算；请在具体事项另起一行写明公示期"] = None
    if named_kind is not None and named_kind.id == WITHDRAWAL_PUBLIC:
        reasons[
            f"「{told.refers_to.strip()}」是{named_kind.label}，不再更正、撤回；原公布文书仍要公布的，另编文号重新公布"
        ] = None
    reasons |= dict.fromkeys(reasons_before)
    state: LetterState = "none" if not members else "draft" if reasons else "final"
    why = "；".join(reasons) or f"{told.signed.name}于{chinese_day(told.signed.on)}作出结论"
    plan = LetterPlan(kind.id, kind.label, state, why, told, reference=reference)
    changed = tuple(_numbered(_rows(assessment, first_kind, lines)))
    return Announcement(plan, tuple(members.values()), tuple(left_out), changed, particulars)


def _moves_the_period(first_kind: LetterKind | None, lines: list[tuple[Determination, Changes]]) -> bool:
    """Whether somebody stands on the list now as he did not when its time for objections began."""
    periodic = first_kind is not None and "publicity_days" in first_kind.placeholders()
    return periodic and any(changes.change in (ADDED, CHANGED) for _, changes in lines)


def _untrue(
    assessment: Assessment,
    one: Determination,
    conclusion: Conclusion,
    changes: Changes,
    first_kind: LetterKind | None,
    standing: Standing | None,
    today: dt.date | None,
) -> Iterator[str]:
    """What the first list and the register say otherwise than the row."""
    place = conclusion.signed.cell or "「结论」表"
    number = conclusion.refers_to.strip()
    if standing is not None:
        counted = "（已计入此前的更正公告）" if standing.corrected else ""
        if changes.change == ADDED and one.applicant in standing.listed:
            yield f"{place} 写「{ADDED}」，但「{number}」的名单里已有本单位{counted}"
        if changes.change in (REMOVED, CHANGED) and one.applicant not in standing.listed:
            yield f"{place} 写「{changes.change}」，但「{number}」的名单里没有本单位{counted}"
    own = first_kind if first_kind is not None and not first_kind.amends else None
    if changes.change == ADDED and own is None:
        yield f"不知道「{number}」是哪一种公布文书，增加的单位无从核对；请在关联文书名称写种类"
    elif changes.change == ADDED and own is not None:
        found = check(assessment, one, own)
        yield from blockers(assessment, one, conclusion, own, found, None, today=today)
    elif changes.change == CHANGED and own is not None and (found := check(assessment, one, own)).contradicted:
        yield f"与核对结果相反：{found.why}；不应再列入名单"
    now = dict(zip(ITEMS, columns(assessment, own, one), strict=True))
    for item, _, new in changes.items:
        if squash(new) == "—":
            yield f"{place} 把{item}更正为「{new}」，没有说更正成什么；名单没有这一栏的，不写"
        elif squash(now[item]) != squash(new):
            yield f"{place} 把{item}更正为「{new}」，登记表现在是「{now[item]}」"


def _rows(
    assessment: Assessment, first_kind: LetterKind | None, lines: list[tuple[Determination, Changes]]
) -> Iterator[ChangeRow]:
    for one, changes in lines:
        name = one.name.strip()
        if changes.change == ADDED:
            said = "、".join(text for text in columns(assessment, first_kind, one)[1:] if text != "—")
            yield ChangeRow("", name, ADDED, "名单", "未列入", f"列入（{said}）" if said else "列入")
        elif changes.change == REMOVED:
            yield ChangeRow("", name, REMOVED, "名单", "列入", "不列入")
        for item, old, new in changes.items:
            yield ChangeRow("", name, CHANGED, item, old, new)


def _numbered(rows: Iterator[ChangeRow]) -> Iterator[ChangeRow]:
    for n, row in enumerate(rows, 1):
        yield ChangeRow(str(n), row.name, row.change, row.item, row.old, row.new)
