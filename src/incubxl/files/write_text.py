"""Text as a workbook can hold it, and the table of shared strings."""

from __future__ import annotations

import re

LONGEST = 32_767  # UTF-16 units in one cell
CUT_MARK = "…（内容过长，此处截断）"
# What XML 1.0 cannot hold, and lone surrogates.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_SEPARATOR = "\x00"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{0}">'
)
_OPEN, _CLOSE = '<si><t xml:space="preserve">', "</t></si>"


def clean(text: str) -> str:
    """What the cell will hold: line ends are LF, what no workbook can hold becomes U+FFFD, too long is cut."""
    text = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 > LONGEST and len(text.encode("utf-16-le")) // 2 > LONGEST:
        keep = (LONGEST - len(CUT_MARK)) * 2
        text = text.encode("utf-16-le")[:keep].decode("utf-16-le", "ignore") + CUT_MARK
    return text


def escape(text: str) -> str:
    """For element content or a double-quoted attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def shared_strings(texts: list[str]) -> str:
    """The part xl/sharedStrings.xml. Text that looks like ``_x000D_`` is escaped so that Excel shows it as it is."""
    joined = _SEPARATOR.join(texts)
    odd = joined.count(_SEPARATOR) != max(len(texts) - 1, 0) or _ODD.search(joined.replace(_SEPARATOR, ""))
    if odd or max(map(len, texts), default=0) * 2 > LONGEST:
        joined = _SEPARATOR.join(_ESCAPE_LIKE.sub("_x005F_", clean(text)) for text in texts)
    body = joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = body.replace(_SEPARATOR, _CLOSE + _OPEN)
    return f"{_HEAD.format(len(texts))}{_OPEN}{body}{_CLOSE}</sst>" if texts else _HEAD.format(0) + "</sst>"
