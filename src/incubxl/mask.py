"""Telephone numbers, e-mail addresses and identity numbers of people, masked: enough to recognise, not enough to use.

For what leaves the office's own workbooks: logs, terminals, JSON messages, the audit record, public lists (公示). What
is public stays: 统一社会信用代码 (GB 32100) and old registration numbers of organisations; dates and amounts too. Where
one text could be either (eighteen digits with a date of birth that also sum as a credit code), it is masked.
"""

from __future__ import annotations

import datetime as dt
import re

_CODE_VALUE = {character: n for n, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_CODE_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))  # GB 11643
_PROVINCES = frozenset((*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
                        *range(61, 66), 71, 81, 82, 83, 91))  # fmt: skip
_OFFICES = frozenset("123456789ANY")  # who registered an organisation

# Full-width signs and odd hyphens and spaces stand for the plain ones, place by place.
_FOLD = str.maketrans(
    "０１２３４５６７８９＠＋．－（）Ｘｘ‐‑‒–—−﹣\u00a0\u3000\u2002\u2003\u2009\u202f\t",
    "0123456789@+.-()Xx" + "-" * 7 + " " * 7,
)
_SUSPICIOUS = re.compile(r"@|[0-9](?:[ .\-/()]{0,3}[0-9]){6}")
_GAP = "(?: ?- ?| {1,2})"  # between the parts of a number
_HASH = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9A-Za-z])")

_END = "<>@,;:\"'()\\[\\]（）《》「」，；：。、！？"
_ADDRESS = re.compile(rf"[^\s{_END}]+@[^\s{_END}]+")
_IDENTITY = re.compile(
    r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15}|[0-9]{6}[ -][0-9]{8}[ -]?[0-9]{3}[0-9Xx]|[0-9]{14}[ -][0-9]{3}[0-9Xx])"
    r"(?![0-9])"
)
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_FLOAT_ID = re.compile(r"(?<![0-9.])[1-9]\.[0-9]{7,17}[Ee]\+?1[4-7](?![0-9])")
_MOBILE = re.compile(
    r"(?<![0-9])(?:\(?(?:\+|00)?86\)?[ -]?)?"
    rf"1(?:[3-9][0-9]{{9}}|[3-9][0-9]{_GAP}[0-9]{{8}}|[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    r"|[3-9][0-9][ -][0-9]{3}[ -][0-9]{5}"
    r"|[3-9][0-9]{2}[ -][0-9]{3}[ -][0-9]{4}|[3-9][0-9]{2}[ -][0-9]{4}[ -][0-9]{3}|[3-9][0-9]{5}[ -][0-9]{4}"
    r"|[3-9][0-9]{3}[ -][0-9]{6}|[3-9][0-9]\.[0-9]{4}\.[0-9]{4})(?![0-9])"
)
_AFTER_AREA = rf"(?:\)(?:{_GAP}|/)?|{_GAP}|/|(?=[2-9]))"  # no local number begins with 1: only what is set apart may
_LANDLINE = re.compile(
    r"(?<![0-9])(?:\(?(?:\+|00)?86\)?[ -]?)?\(?(?:"
    rf"(?:010|02[0-9]){_AFTER_AREA}[1-9][0-9]{{3}}[ -]?[0-9]{{4}}"
    rf"|0[3-9][0-9]{{2}}{_AFTER_AREA}[1-9](?:[0-9]{{6,7}}|[0-9]{{2}}[ -][0-9]{{4}}|[0-9]{{3}}[ -][0-9]{{4}}))(?![0-9])"
    r"|(?<![0-9])(?:\+|00)86[ -]?\(?(?:10|2[0-9]|[3-9][0-9]{2})\)?[ -]?[1-9][0-9]{2,3}[ -]?[0-9]{4}(?![0-9])"
)
_HOTLINE = re.compile(  # 400, 800: only set apart; ten digits together may be an amount
    rf"(?<![0-9A-Za-z.-])[48]00{_GAP}(?:[0-9]{{3}}{_GAP}[0-9]{{4}}|[0-9]{{4}}{_GAP}[0-9]{{3}})"
    r"(?![0-9A-Za-z]|[.-][0-9]|\s?(?:元|万|亿|千|百|%|％|平方米))"
)
_ABROAD = re.compile(
    r"(?<![0-9A-Za-z-])(?:\+|00)(?!86)[1-9][0-9]{0,2}[ -]?\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,8}){1,4}(?![0-9])"
)
_MONEY_AFTER = re.compile(r"\s?(?:元|万|亿|千|百|%|％|平方米|\.(?!0(?![0-9]))[0-9])")
_MONEY_BEFORE = re.compile(r"[¥￥$][ ]?\Z")


def mask(address: str) -> str:
    """``zhangsan@example.com`` → ``z*****@e*****.com``; the number of stars says nothing about the length."""
    local, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}*****"
    head, dot, last = domain.rpartition(".")
    return f"{local[:1]}*****@{(head or last)[:1]}*****" + (f".{last}" if dot else "")


def masked_name(name: str) -> str:
    """A person's name by its first character (``张*``): two cells can be compared, the name is in them."""
    return f"{name[:1]}*" if name else ""


def masked(text: str, but: str = "") -> str:
    """The text with every telephone number, e-mail address and identity number in it masked; the same text when there
    is none. Masking what has been masked changes nothing. Numbers and addresses of the text ``but`` stay."""
    open_ = {_bare(but[start:end]) for start, end, _ in _private(but)}
    pieces: list[str] = []
    at = 0
    for start, end, shown in sorted(_private(text)):
        kept = text[start:end]
        pieces += (text[at:start], kept if _bare(kept) in open_ else shown)
        at = end
    return "".join((*pieces, text[at:]))


def _bare(found: str) -> str:
    """However it is spaced and written."""
    plain = found.translate(_FOLD).casefold()
    return plain if "@" in plain else re.sub(r"[ .\-()]", "", plain)


def _private(text: str) -> list[tuple[int, int, str]]:
    """Where numbers and addresses stand, and what is shown; what must not be taken for one stands for itself."""
    plain = text.translate(_FOLD)
    if not _SUSPICIOUS.search(plain) and not _FLOAT_ID.search(plain):
        return []
    hidden: list[tuple[int, int, str]] = []
    free = [True] * len(plain)

    def hide(start: int, end: int, shown: str) -> None:
        if all(free[start:end]):
            hidden.append((start, end, shown))
            free[start:end] = [False] * (end - start)

    for found in _ADDRESS.finditer(plain):
        hide(*found.span(), mask(found.group()))
    for found in _HASH.finditer(plain):
        hide(*found.span(), text[slice(*found.span())])
    for found in _CODE.finditer(plain):
        if not found.group()[:17].isdecimal() and _is_credit_code(found.group()):
            hide(*found.span(), text[slice(*found.span())])
    for found in _IDENTITY.finditer(plain):
        digits = re.sub(r"[ -]", "", found.group())
        if _is_identity(digits, apart=digits != found.group()):
            hide(*found.span(), f"{digits[:4]}************{digits[-2:]}")
        elif len(digits) == 18:
            hide(*found.span(), text[slice(*found.span())])  # a credit code: no telephone number in it either
    for found in _FLOAT_ID.finditer(plain):
        hide(*found.span(), f"{found.group()[:4]}************")
    for pattern in (_MOBILE, _LANDLINE, _HOTLINE, _ABROAD):
        for found in pattern.finditer(plain):
            if not _is_money(plain, found):
                hide(*found.span(), _phone(found.group()))
    return hidden


def _phone(number: str) -> str:
    digits = re.sub(r"[^0-9]", "", number)
    return f"{digits[:3]}****{digits[-3:]}"


def _is_money(plain: str, found: re.Match[str]) -> bool:
    digits = found.group().isdecimal()
    after, before = _MONEY_AFTER.match(plain, found.end()), _MONEY_BEFORE.search(plain, 0, found.start())
    return digits and bool(after or before) and not found.group().startswith("0")


def _is_identity(digits: str, *, apart: bool) -> bool:
    """Whether it is, or looks like, a person's number. A number that nothing explains counts as one."""
    if len(digits) == 15:  # before 1999: six digits of place, yymmdd, three
        return int(digits[:2]) in _PROVINCES and _is_day(f"19{digits[6:12]}")
    born = int(digits[:2]) in _PROVINCES and digits[6:8] in ("18", "19", "20") and _is_day(digits[6:14])
    if _is_credit_code(digits):
        return born and _sums_as_identity(digits)
    organisation = digits[0] in _OFFICES and int(digits[2:4]) in _PROVINCES
    return born or apart or not organisation


def _is_day(text: str) -> bool:
    try:
        dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def _sums_as_identity(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


def _is_credit_code(text: str) -> bool:
    """GB 32100: weights 3^i mod 31, the check character makes the sum divisible by 31."""
    values = [_CODE_VALUE.get(character, -1) for character in text.upper()]
    if -1 in values or text[0] not in _OFFICES:
        return False
    total = sum(value * weight for value, weight in zip(values[:17], _CODE_WEIGHTS, strict=True))
    return (total + values[17]) % 31 == 0
