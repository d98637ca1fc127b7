"""What people type for one and the same thing, in one form: full-width signs, spaces, dashes and case do not count.

Forms are for comparing only; what is shown is what stands in the cell.
"""

from __future__ import annotations

import re

from incubxl.policy.fields import Field
from incubxl.register.fold import fold, squash

_APART = re.compile(r"(?<=\d)[\W_]+(?=\d)")  # 1-12 is not 11-2
_SIGNS = re.compile(r"[^\w-]|_|(?<!\d)-|-(?!\d)")
_NOT_DIGIT = re.compile(r"\D+")
_ABROAD = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$)")
_SEVERAL = re.compile(r"[,，、;；/／]")


def words(text: str) -> str:
    """A name, an address, a title: letters, digits and Chinese characters; digits that stood apart stay apart."""
    return _SIGNS.sub("", _APART.sub("-", squash(text)))


def number(text: str) -> str:
    """A certificate's or patent's number: letters and digits only, without the ZL of a granted patent."""
    bare = re.sub(r"[\W_]+", "", squash(text))
    return bare.removeprefix("zl") if bare[2:3].isdigit() else bare


def phone(text: str) -> str:
    """Digits without the country's prefix and without the zero before an area code."""
    digits = _ABROAD.sub("", _NOT_DIGIT.sub("", fold(text)))
    return digits.lstrip("0") if len(digits) >= 7 else ""


def email(text: str) -> str:
    """An address without regard to case."""
    bare = squash(text)
    return bare if "@" in bare else ""


def forms(field: Field, text: str) -> list[str]:
    """Every form that a cell's text stands for: a cell may hold two telephone numbers. Empty ones are left out."""
    if field.type in ("phone", "email"):
        made = [(phone if field.type == "phone" else email)(part) for part in _SEVERAL.split(text)]
    elif field.type == "uscc":
        made = [squash(text)]
    else:
        made = [(number if field.claim == "number" else words)(text)]
    return [form for form in dict.fromkeys(made) if form]
