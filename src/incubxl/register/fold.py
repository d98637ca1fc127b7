"""Text as people type it, folded for comparing. Only a whitelist is folded: NFKC would turn 5×10² into 5×102."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_FULL_WIDTH: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD = {**_FULL_WIDTH, 0x3000: " ", 0x00A0: " ", 0xFFE5: "¥"}
_INVISIBLE = frozenset(
    map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x200E, 0x200F, *range(0x202A, 0x202F)))
)
_BREAKS = re.compile(r"(?:_x000D_)?[ \t]*[\r\n\t\v\f\u2028\u2029\u0085]+[ \t]*|_x000D_")
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Full-width letters, digits, punctuation and spaces to ASCII; line breaks to spaces; ends stripped."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded = text.translate(_FOLD)
    return _BREAKS.sub(" ", "".join(c for c in folded if c not in _INVISIBLE)).strip()


@lru_cache(maxsize=20_000)
def squash(text: str) -> str:
    """``fold`` without any white space and letter case: for comparing labels, choices and codes."""
    return _SPACES.sub("", fold(text)).casefold()


def squash_all(texts: Sequence[str]) -> list[str]:
    """``squash`` of each."""
    joined = "|".join(texts)
    if joined.isascii() and joined.isprintable() and " " not in joined and joined.count("|") + 1 == len(texts):
        return joined.lower().split("|")
    return list(map(squash, texts))


def tidy(text: str) -> tuple[str, bool]:
    """The text to keep, and whether something that cannot be seen (or a line break inside) was taken out.

    Ends are stripped, NBSP becomes a space, zero-width characters go, a line break inside becomes a space (nothing
    between Chinese characters), and the rest is NFC. Every letter that can be seen stays, U+20000 and up included.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip(), False
    bare = text.strip()
    clean = "".join(c for c in bare.replace("\u00a0", " ") if c not in _INVISIBLE)
    clean = unicodedata.normalize("NFC", _BREAKS.sub(_join, clean)).strip("\u3000 ")
    return clean, clean != bare


def _join(found: re.Match[str]) -> str:
    around = found.string[max(0, found.start() - 1) : found.start()] + found.string[found.end() : found.end() + 1]
    return "" if len(around) < 2 or all(ord(c) >= 0x2E80 for c in around) else " "


def bad_character(text: str) -> str:
    """The first control character or lone surrogate as ``U+XXXX``, or empty."""
    if text.isprintable():
        return ""
    return next((f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Cc", "Cs")), "")


def nearest(word: str, words: Iterable[str], cutoff: float = 0.5) -> str:
    """The most similar of ``words``, or empty."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=cutoff)
    return found[0] if found else ""
