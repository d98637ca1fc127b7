"""What the bytes of a file are when they are no zip package. Nothing is parsed."""

from __future__ import annotations

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_ZIP = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535 + 22
_WEB_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style", b"<body")


def not_a_zip(data: bytes, name: str) -> str | None:
    """The issue code that says what the bytes are, None for a zip. ``name`` tells WPS's .et from .xls."""
    if not data:
        return "file.empty"
    if data.startswith((b"PK\x03\x04", _END_OF_ZIP)):
        return None
    if data.startswith(_OLE):
        return _compound(data, name)
    if data.rfind(_END_OF_ZIP, max(0, len(data) - _LONGEST_COMMENT)) >= 0 and b"PK\x03\x04" in data:
        return "file.prefixed"
    head = data[:4096]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_WEB_PAGE):
        return "file.html"
    if start.startswith(b"<?xml"):
        return "file.html" if b"<html" in start else "file.xml_spreadsheet"
    return "file.text" if _is_text(head) else "file.unknown_kind"


def _compound(data: bytes, name: str) -> str:
    """An OLE compound file, by the names of its streams (MS-CFB 2.6.1: UTF-16)."""

    def has(*streams: str) -> bool:
        return any(stream.encode("utf-16-le") in data for stream in streams)

    if has("EncryptedPackage", "EncryptionInfo"):
        return "file.encrypted"
    if has("WordDocument", "PowerPoint Document") and not has("Workbook", "Book"):
        return "file.old_document"
    return "file.wps_table" if name.lower().endswith((".et", ".ett")) else "file.old_xls"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if any(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head):
        return False
    for cut in range(4):  # the head may end inside a character
        for encoding in ("utf-8", "gb18030"):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
