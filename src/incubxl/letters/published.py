"""A document for the public: for whom it is, what its rows must agree on, and what may not stand in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incubxl.assess.model import Determination
from incubxl.letters.choose import LetterPlan
from incubxl.letters.rows import ChangeRow
from incubxl.letters.words import chinese_day
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


_PRIVATE = (
    ("电子邮箱", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("统一社会信用代码或者身份证号码", re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{17}[0-9A-Za-z](?![0-9A-Za-z])")),
    ("电话号码", re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")),
)


def private(conclusion: Conclusion, text: str, what: str, contact: str) -> Iterable[str]:
    """What a text would make public of a person or a unit; the office's own telephone may stand there."""

    def plain(text: str) -> str:
        return re.sub(r"(?<=\d)[\s\u2010-\u2015](?=\d)", "", unicodedata.normalize("NFKC", text))

    said = plain(text)
    if own := plain(contact):
        said = said.replace(own, " ")
    for word, pattern in _PRIVATE:
        if found := pattern.search(said):
            place = conclusion.signed.cell or "「结论」表"
            yield f"{place} 的{what}里有{word}（{found.group()[:3]}…），不能向社会公布"


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
