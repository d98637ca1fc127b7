"""Addresses as logs and terminals may show them: enough to recognise, not enough to use."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s<>@,;:\"'()\[\]（）《》「」，；：]+@[^\s<>@,;:\"'()\[\]（）《》「」，；：]+")


def mask(address: str) -> str:
    """``zhangsan@example.com`` → ``z*****@e*****.com``; the number of stars says nothing about the length."""
    local, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}*****"
    head, dot, last = domain.rpartition(".")
    return f"{local[:1]}*****@{(head or last)[:1]}*****" + (f".{last}" if dot else "")


def masked(text: str) -> str:
    """The text with every address in it masked: what a server said, for instance."""
    return _ADDRESS.sub(lambda found: mask(found.group()), text)
