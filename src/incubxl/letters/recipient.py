"""To whom a letter goes, by name: the applicant, or who is named in the register or on the conclusion's row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubxl.assess.model import Assessment, Determination
from incubxl.policy.letters import LetterKind, fill
from incubxl.register.model import Conclusion

if TYPE_CHECKING:
    from incubxl.letters.reference import Reference

WORDS = {
    "applicant": "申报单位",
    "district": "推荐单位或所在地主管部门",
    "expert": "专家",
    "authority": "上级主管部门",
    "public": "社会公众",
}
_OFFICES = ("局", "厅", "委", "办", "会", "中心", "政府", "办公室", "部", "院")


def recipient(
    assessment: Assessment,
    determination: Determination,
    kind: LetterKind,
    conclusion: Conclusion | None = None,
    reference: Reference | None = None,
) -> str:
    """The name after which the 主送 line has its colon; empty when nobody is named (then the letter is a draft)."""
    if kind.layout == "amendment" and reference is not None and (reference.to or reference.unaddressed):
        return reference.to  # nobody, where it is not known: never the applicant in their stead
    if kind.recipient == "applicant":
        return determination.name.strip()
    typed = conclusion.addressee.strip() if conclusion else ""
    if typed or not kind.addressee:
        return typed
    fact = kind.addressee_fact()
    if not fact:
        return kind.addressee
    column = assessment.register.columns.get(fact)
    value = column.text(assessment.register.index[determination.applicant]).strip() if column else ""
    if not value or value.endswith(_OFFICES):
        return value
    return fill(kind.addressee, {fact: value})
