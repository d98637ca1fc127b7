"""A document for the public: for whom it is, what its rows must agree on, and what may not stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incubxl.assess.model import Determination
from incubxl.letters.choose import LetterPlan
from incubxl.letters.rows import ChangeRow
from incubxl.letters.words import chinese_day
from incubxl.mask import masked
from incubxl.register.model import Conclusion

Rows = Sequence[tuple[Determination, Conclusion]]
TOLD = 5  # rows that keep a document from being final, named one by one


@dataclass(frozen=True, slots=True)
class Announcement:
    """``plan`` names no recipient; ``members`` are in the register's order, ``left_out`` with the reason.

    ``changes`` and ``particulars``: of one that amends another, as the rows say them.
    """

    plan: LetterPlan
    members: tuple[Determination, ...]
    left_out: tuple[tuple[Determination, Conclusion, str], ...]
    changes: tuple[ChangeRow, ...] = ()
    particulars: tuple[str, ...] = ()


def few(reasons: Iterable[str]) -> dict[str, None]:
    """Reasons once each; of many the first, and how many more."""
    found = list(dict.fromkeys(reasons))
    return dict.fromkeys(found if len(found) <= TOLD else [*found[:TOLD], f"另有{len(found) - TOLD}处"])


def private(place: str, text: str, what: str, contact: str = "") -> Iterable[str]:
    """Whether a text holds a number or an address of people: the list shows it masked, and a person has to look.

    The office's own ``contact`` may stand there.
    """
    if masked(text, contact) != text:
        yield (
            f"{place or '「结论」表'} 的{what}里有电话号码、电子邮箱或身份证号码，已遮蔽；"
            "本单位的电话请填在「设置」的「本单位联系方式」"
        )


def disagreeing(conclusions: Sequence[Conclusion], more: dict[str, set[str]]) -> Iterable[str]:
    """The rows of one document are one: number, date, signer and ``more`` (word → its values) are the same."""
    said = {
        "发文字号": {c.document_number.strip() for c in conclusions},
        "结论日期": {chinese_day(c.signed.on) for c in conclusions},
        "签发人": {c.signed.name.strip() for c in conclusions},
        **more,
    }
    for word, values in said.items():
        if len(values) > 1:
            yield f"同一份公布文书各行的{word}不一致（{'、'.join(sorted(v or '空白' for v in values))}）"
