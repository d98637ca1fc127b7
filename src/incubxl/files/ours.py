"""Whether a file is one that this program wrote and nobody has saved since: only such a one may be replaced.

It is told by the document properties (ECMA-376 Part 2, 11): our title, and a time of change that is that of creation.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from incubxl.files.unzip import READ_ERRORS

OUTPUT = "孵化管理输出"  # the category of every workbook that is a result or a form of ours, and no register
OWNED, RECORD = "incubxl_result", "运行记录"  # the hidden name of our sheets; the one that only a run's copy has
_CORE, _BOOK = "docProps/core.xml", "xl/workbook.xml"
_LIMIT = 100_000  # bytes of properties
_TITLE = re.compile(r"<dc:title>([^<]*)</dc:title>")
_CATEGORY = re.compile(r"<cp:category>([^<]*)</cp:category>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*?\bname=\"([^\"]*)\"")
_NAME = re.compile(r"<(?:\w+:)?definedName\s([^>]*)>")
_TIMES = re.compile(r"<dcterms:(created|modified)[^>]*>([^<]*)<")


def is_ours(path: Path, title: str) -> bool:
    """Whether ``path`` is an Office file of this title that is as we wrote it."""
    return title_as_written(path) == title


def title_as_written(path: Path) -> str | None:
    """The title of an Office file that nobody has saved since it was written; None for any other file."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_CORE) as part:
            core = part.read(_LIMIT).decode("utf-8", "replace")
    except (KeyError, *READ_ERRORS):
        return None
    found, times = _TITLE.search(core), dict(_TIMES.findall(core))
    return found[1] if found is not None and len(times) == 2 and len(set(times.values())) == 1 else None


def is_output(path: Path) -> bool:
    """Whether a workbook is one of our results or forms, or a run's copy of a register, also where it was saved since.

    Told by the category that ours bear, and in a copy by our sheet 运行记录. Never a register as ``new`` makes it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            with archive.open(_CORE) as part:
                category = _CATEGORY.search(part.read(_LIMIT).decode("utf-8", "replace"))
            if category is not None and category[1] == OUTPUT:
                return True
            with archive.open(_BOOK) as part:
                book = part.read(_LIMIT * 100).decode("utf-8", "replace")
    except (KeyError, *READ_ERRORS):
        return False
    sheets = _SHEET.findall(book)
    return RECORD in sheets and any(
        f'"{OWNED}"' in name and f'localSheetId="{sheets.index(RECORD)}"' in name for name in _NAME.findall(book)
    )


def titled(data: bytes, title: str) -> bytes:
    """The Office file under a title of ours; as it is where it has no document properties."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            part = source.read(info)
            if info.filename == _CORE:
                core = part.decode("utf-8")
                core = re.sub(r"<dc:title\s*/>|<dc:title>[^<]*</dc:title>", f"<dc:title>{title}</dc:title>", core)
                created = dict(_TIMES.findall(core)).get("created", "")
                core = re.sub(r"(<dcterms:modified[^>]*>)[^<]*<", rf"\g<1>{created}<", core)
                part = core.encode()
            target.writestr(info, part)
    return buffer.getvalue()
