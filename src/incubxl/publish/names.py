"""File names from an applicant's id and a label: short, legal on Windows and Linux, and distinct for distinct ids."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from pathvalidate import sanitize_filename

MAX_BYTES = 120  # UTF-8, the whole name; 86 Chinese characters already are 258 bytes
_ID_BYTES = 48
_MAX_SUFFIX = 24
_HASH = 12  # hexadecimal digits
_HASHED = re.compile(rf"-[0-9A-Fa-f]{{{_HASH}}}\Z")
# What every file system takes as it is: no device's name (COM1) has a hyphen or a Chinese character.
_PLAIN = re.compile(r"(?=.*[-\u4e00-\u9fff])[0-9A-Za-z_\u4e00-\u9fff]+(?:-[0-9A-Za-z_\u4e00-\u9fff]+)*")
_INVISIBLE = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")  # incl. direction marks that disguise an extension


def safe_name(id: str, label: str, suffix: str) -> str:
    """``"SH-003", "星河科技"``, ``".docx"`` → ``SH-003_星河科技.docx``; at most 120 bytes of UTF-8.

    The same arguments give the same name, and the id alone keeps two ids apart, also where letter case is ignored:
    an id that had to be changed or cut, or has lower-case letters or an underscore, carries a hash of the whole id.
    The label is only for the eye: what is forbidden in it is replaced, and it is cut between characters.
    Raises ValueError where the suffix is not a short plain extension (``.docx``, ``.草稿.docx``).
    """
    if not suffix.startswith(".") or suffix != _clean(f"x{suffix}")[1:] or len(suffix.encode()) > _MAX_SUFFIX:
        raise ValueError(f"not a file name extension: {suffix!r}")
    stem = _cut(_clean(id), _ID_BYTES)
    if not _stands_for_itself(id, stem):
        digest = hashlib.sha256(id.encode("utf-8", errors="surrogatepass")).hexdigest()[:_HASH]
        stem = f"{stem}-{digest}" if stem else digest
    words = _cut(_clean(label), MAX_BYTES - len(f"{stem}_{suffix}".encode()))
    return f"{stem}_{words}{suffix}" if words else f"{stem}{suffix}"


def safe_folder(stem: str) -> str:
    """A folder's name after a file's: legal everywhere, at most 120 bytes, never empty. Two stems may give one name."""
    return _cut(_clean(stem), MAX_BYTES) or "工作簿"


def _stands_for_itself(id: str, stem: str) -> bool:
    """Whether no other id can give the same characters: nothing changed, one letter case, no part of our own."""
    return bool(id) and stem == id == id.upper() and "_" not in id and _HASHED.search(id) is None


@lru_cache(maxsize=1024)
def _clean(text: str) -> str:
    """Without what file systems, shells and eyes stumble over; runs of it become one hyphen."""
    if _PLAIN.fullmatch(text):
        return text
    shown = "".join(" " if unicodedata.category(sign) in _INVISIBLE else sign for sign in text)
    shown = unicodedata.normalize("NFC", shown)
    legal = sanitize_filename(shown, replacement_text="-", platform="universal", max_len=4096)
    return re.sub(r"[\s-]*\s[\s-]*|-{2,}", "-", legal).strip(" .-~")


def _cut(text: str, limit: int) -> str:
    """At most ``limit`` bytes of UTF-8, never inside a character or between it and its combining marks."""
    if len(text.encode()) <= limit:
        return text
    end = len(text.encode()[: max(limit, 0)].decode(errors="ignore"))
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].strip(" .-~")
