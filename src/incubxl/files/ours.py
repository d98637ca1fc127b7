"""Whether a file is one that this program wrote and nobody has saved since: only such a one may be replaced.

It is told by the document properties (ECMA-376 Part 2, 11): our title, and a time of change that is that of creation.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from incubxl.files.unzip import READ_ERRORS

_CORE = "docProps/core.xml"
_LIMIT = 100_000  # bytes of properties
_TITLE = re.compile(r"<dc:title>([^<]*)</dc:title>")
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
