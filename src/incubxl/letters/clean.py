"""Values fit to be printed: refused where a character cannot survive, folded where a line must stay a line."""

from __future__ import annotations

import re

from incubxl.letters.findings import Unprintable

_BREAKS = re.compile(r"[ \u3000]*(?:\r\n|[\r\n\t\v\f\x85\u2028\u2029])+[ \u3000]*")
# Control characters, surrogates, private use (characters that only the writer's machine can show), noncharacters, and
# the marks that turn the direction of what follows.
_REFUSED = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010fffd\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]"
    "|[" + "".join(chr(0x10000 * n + 0xFFFE) + chr(0x10000 * n + 0xFFFF) for n in range(1, 17)) + "]"
)


def one_line(value: str, what: str) -> str:
    """``value`` on one line: line breaks and tabs become a space. Raises Unprintable, naming ``what``."""
    if value.isprintable():  # no break and nothing refused is printable by Unicode's categories
        return value
    text = _BREAKS.sub(" ", value)
    found = _REFUSED.search(text)
    if found:
        seen = f"含有不能打印的字符 U+{ord(found.group()):04X}（第{found.start() + 1}个字符）"
        raise Unprintable(f"{what}{seen}", what)
    return text


def paragraphs(value: str, what: str) -> tuple[str, ...]:
    """``value`` by its lines, each fit to be a paragraph; blank lines drop out."""
    lines = (one_line(line, what).strip() for line in value.splitlines())
    return tuple(line for line in lines if line)
