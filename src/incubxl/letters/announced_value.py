"""What a 更正公告 says stood on the published list: held against what the workbook knows of it, never taken on trust.

The register holds today's values, so what it was is known from an earlier final 更正公告 of the same list, or from the
applicant's row 变更 on the sheet 事件 that tells of the old value. Where neither says it, a person has to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from incubxl.assess.model import Assessment, Determination
from incubxl.letters.changes import Changes
from incubxl.register.fold import squash
from incubxl.register.model import Event

NAME = "单位名称"
Corrected = Mapping[tuple[str, str], tuple[str, str]]
"""(applicant, column) → (the value that the last final correction gave it, its 文号)."""


def unborne(
    assessment: Assessment, one: Determination, changes: Changes, place: str, number: str, corrected: Corrected
) -> Iterator[str]:
    """Why the old values of one row are not those of the published list, or are not known to be, in Chinese."""
    told = [event for event in assessment.register.events.get(one.applicant, ()) if event.kind == "change"]
    for item, old, new in changes.items:
        if item == NAME and (other := _another(assessment, one, old)):
            yield f"{place} 写原公布的{item}是「{old}」，那是申报编号「{other}」的名称，不是本单位的"
        elif earlier := corrected.get((one.applicant, item)):
            if squash(earlier[0]) != squash(old):
                yield f"{place} 写原公布的{item}是「{old}」，「{earlier[1]}」已更正为「{earlier[0]}」"
        elif not any(squash(old) in squash(_words(event)).replace(squash(new), "") for event in told):
            yield (
                f"{place} 写原公布的{item}是「{old}」，工作簿里没有记录；请对照已公布的「{number}」核对："
                f"属实的，在「事件」表给本单位登记一行「变更」，事项里写明原来是「{old}」"
            )


def _another(assessment: Assessment, one: Determination, name: str) -> str:
    """The id of another applicant of this name; empty where there is none."""
    same = (d.applicant for d in assessment.determinations if d is not one and squash(d.name) == squash(name))
    return next(same, "")


def _words(event: Event) -> str:
    return "\n".join((event.written, event.what, event.evidence, event.reason))
