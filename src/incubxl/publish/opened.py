"""Who has a file open: what Excel, Word, WPS and LibreOffice leave beside it while they do.

Such a file can be left over from a program that crashed; nobody but a person can tell, so the message names it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_EXCEL_WIDE = 55  # offset of the count and UTF-16 name in an owner file; before it the name in the system's code page
_MOST = 4096


@dataclass(frozen=True)
class Opener:
    """``who``: as their program calls them, with the machine where it says so; empty when it says nothing."""

    program: str
    who: str
    sign: Path

    def __str__(self) -> str:
        return f"{self.who or '有人'}（{self.program}，标记文件「{self.sign.name}」）"


def opener(path: Path) -> Opener | None:
    """Who has ``path`` open, by the sign of a program beside it; None when there is no sign. Reads, locks nothing."""
    folder, name = path.parent, path.name
    libre = folder / f".~lock.{name}#"
    if (data := _read(libre)) is not None:
        return Opener("LibreOffice", _libre(data), libre)
    names = [f"~${name}", f".~{name}"]  # Excel, WPS on Windows; WPS on Linux and macOS
    if path.suffix.lower() in (".docx", ".doc", ".docm"):
        names.append(f"~${name[2:]}")  # Word leaves out the first two characters of long names
    for each in names:
        if (data := _read(folder / each)) is not None:
            return Opener("WPS" if each.startswith(".~") else "Excel、Word 或 WPS", _owner(data), folder / each)
    return None


def _read(path: Path) -> bytes | None:
    """Up to four thousand bytes; empty for a sign that is held so tightly that it cannot be read; None without one."""
    if not os.path.lexists(path):
        return None
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError:
        return b""


def _owner(data: bytes) -> str:
    """The owner file: a count and a name in the system's code page, at 55 a count and the name in UTF-16."""
    if len(data) > _EXCEL_WIDE + 2:
        count = int.from_bytes(data[_EXCEL_WIDE : _EXCEL_WIDE + 2], "little")
        wide = data[_EXCEL_WIDE + 2 : _EXCEL_WIDE + 2 + 2 * count]
        if 0 < count <= 54 and len(wide) == 2 * count:
            return _words(wide.decode("utf-16-le", "replace"))
    if data and 0 < data[0] <= 54:
        narrow = data[1 : 1 + data[0]]
        for encoding in ("utf-8", "gb18030"):
            try:
                return _words(narrow.decode(encoding))
            except UnicodeDecodeError:
                continue
    return ""


def _libre(data: bytes) -> str:
    """``name,login,machine,time,profile;`` with a backslash before a comma, a semicolon or a backslash."""
    fields, current, escaped = [], "", False
    for sign in data.decode("utf-8", "replace"):
        if escaped:
            current, escaped = current + sign, False
        elif sign == "\\":
            escaped = True
        elif sign in ",;":
            fields.append(_words(current))
            current = ""
            if sign == ";":
                break
        else:
            current += sign
    name, login, machine, since = (*fields, "", "", "", "")[:4]
    who = name or login
    about = "，".join(part for part in (f"计算机 {machine}" if machine else "", f"{since} 起" if since else "") if part)
    return f"{who or '有人'}，{about}" if about else who


def _words(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()
