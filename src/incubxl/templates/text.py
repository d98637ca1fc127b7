"""How wide text is on a sheet: a Chinese character counts two, a line breaks anywhere between them."""

from __future__ import annotations

import math
import unicodedata


def width(text: str) -> int:
    """Columns of the default font that the longest line of ``text`` takes."""
    return max((sum(_wide(c) for c in line) for line in text.split("\n")), default=0)


def _wide(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def lines(text: str, columns: float) -> int:
    """Lines of 10 pt ``text`` wrapped in a cell ``columns`` (of 11 pt) wide, with room for uneven breaks."""
    room = max(columns * 1.1 - 1.5, 2)
    return sum(max(1, math.ceil(width(line) / room)) for line in text.split("\n"))


def broken(text: str, columns: float) -> list[str]:
    """``text`` in lines of at most ``columns``; a line does not begin with closing punctuation."""
    out: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for char in paragraph:
            if used + _wide(char) > columns and char not in "，。；：、！？）」』》":
                out.append(line)
                line, used = "", 0
            line += char
            used += _wide(char)
        out.append(line)
    return out


def clipped(text: str, limit: int) -> str:
    """At most ``limit`` characters, with … where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
