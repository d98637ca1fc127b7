"""Characters of a letter that no installed font can draw: they would stand in its PDF as a crossed box, though the
PDF's text has them."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from incubxl.letters.faults import PART
from incubxl.letters.text import paragraphs
from incubxl.printing.fonts import said

_RARE = 0x10000  # planes beyond the first: every Chinese Windows has the first one's ideographs


class Drawn:
    """The characters that the installed fonts have together."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(ranges):
            if self._ends and start <= self._ends[-1] + 1:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, character: str) -> bool:
        at = bisect_right(self._starts, ord(character)) - 1
        return at >= 0 and ord(character) <= self._ends[at]


def drawn() -> Drawn | None:
    """Asked of fontconfig, whose fonts LibreOffice takes where one lacks a character; None where nobody can tell."""
    found = {piece for line in said("fc-list", "--format", "%{charset}\n", ":scalable=True") for piece in line.split()}
    ranges = [(int(start, 16), int(end or start, 16)) for start, _, end in (piece.partition("-") for piece in found)]
    return Drawn(ranges) if ranges else None


def characters(members: Mapping[str, bytes]) -> dict[str, str]:
    """The characters of a letter that leave ink, each with the first line it stands in. Raises XMLSyntaxError."""
    found: dict[str, str] = {}
    for name, xml in members.items():
        if PART.match(name):
            for line in paragraphs(xml):
                for character in line:
                    found.setdefault(character, line)
    return {c: line for c, line in found.items() if ord(c) > 0x7F and _inked(c)}


def _inked(character: str) -> bool:
    category = unicodedata.category(character)
    selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
    return not (category in ("Cc", "Cf") or category.startswith("Z") or selector)


def lacking(members: Mapping[str, bytes], fonts: Drawn | None) -> dict[str, str]:
    """Characters that no font has, each with its line; where nobody can tell, those that only few fonts have."""
    if fonts is None:
        return {c: line for c, line in characters(members).items() if ord(c) >= _RARE}
    return {c: line for c, line in characters(members).items() if c not in fonts}


def named(characters: Mapping[str, str]) -> str:
    """The characters with code points and where they stand, for a person."""
    shown = [f"「{c}」（U+{ord(c):04X}，在「{line.strip()[:30]}」里）" for c, line in list(characters.items())[:5]]
    rest = len(characters) - len(shown)
    return "、".join(shown) + (f"等{len(characters)}个字" if rest > 0 else "")
