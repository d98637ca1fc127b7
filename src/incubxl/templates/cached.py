"""Finish the bytes of a workbook: formulas without a stored result, empty text results, fixed time stamps.

XlsxWriter always stores a result with a formula and cannot tell an empty text from none.
"""

from __future__ import annotations

import io
import re
import zipfile

UNCACHED = "\u00a4uncached\u00a4"  # written as the result, taken out again here
_NO_RESULT = re.compile(rf' t="str"><f>([^<]*)</f><v>{UNCACHED}</v></c>')
_EMPTY_TEXT = re.compile(r'(<c r="[A-Z]+\d+"(?: s="\d+")?)><f>([^<]*)</f><v></v></c>')
_STAMP = (2026, 1, 1, 0, 0, 0)


def finished(data: bytes) -> bytes:
    """``data`` with results as meant and every member stamped alike."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            content = source.read(member)
            if member.filename.startswith("xl/worksheets/sheet"):
                text = content.decode("utf-8")
                text = _NO_RESULT.sub(r"><f>\1</f></c>", text)
                content = _EMPTY_TEXT.sub(r'\1 t="str"><f>\2</f><v></v></c>', text).encode("utf-8")
            info = zipfile.ZipInfo(member.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return out.getvalue()
