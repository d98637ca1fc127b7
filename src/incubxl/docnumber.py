"""发文字号 by GB/T 9704-2012, 7.2.5: 机关代字, the year in hexagonal brackets, a number without 第 or leading zero."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = re.compile(r"([\u3400-\u9fff]{1,16})〔(20\d{2})〕([1-9]\d{0,5})号")
_LOOSE = re.compile(r"([\u3400-\u9fff]{0,16}?)[〔\[［(（【](\d{4})(?:年)?[〕\]］)）】]第?0*(\d{1,6})号?")
_CODE = re.compile(r"[\u3400-\u9fff]{1,16}")
FORM = "机关代字〔年份〕序号号，例：示科函〔2026〕5号（六角括号，年份四位，不写「第」，序号不编虚位）"


class DocumentNumber(NamedTuple):
    """``示科函〔2026〕5号``."""

    code: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号"


def read(text: str) -> DocumentNumber | None:
    """The number that ``text`` is, to the letter; None when it is not of the standard's form."""
    found = _NUMBER.fullmatch(text.strip())
    return DocumentNumber(found[1], int(found[2]), int(found[3])) if found else None


def is_code(text: str) -> bool:
    """Whether ``text`` may be a 机关代字: Chinese characters only."""
    return _CODE.fullmatch(text) is not None


def amiss(text: str) -> str:
    """What is wrong with a typed number, in Chinese with the right form; empty when it is right."""
    if read(text) is not None:
        return ""
    loose = _LOOSE.fullmatch("".join(text.split()))
    if loose and not loose[1]:
        return f"发文字号「{text.strip()}」没有机关代字；应为{FORM}"
    meant = f"{loose[1]}〔{loose[2]}〕{int(loose[3])}号" if loose else ""
    hint = f"，是不是「{meant}」" if meant and read(meant) else ""
    return f"发文字号「{text.strip()}」不合GB/T 9704的写法{hint}；应为{FORM}"
