"""Which letter a PDF was made of stands in the PDF itself: the SHA-256 of the .docx, so that a second run keeps it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping

from pypdf import PdfReader, PdfWriter

from incubxl.letters import package
from incubxl.printing.check import read_back
from incubxl.printing.model import Printed, Source

_KEY = "/IncubxlLetter"


def facts(source: Source, letter: bytes) -> Mapping[str, str]:
    """The PDF's document information: the title, and which letter it was made of. No names, no times."""
    return {"/Title": source.title, "/Producer": "incubxl", _KEY: hashlib.sha256(letter).hexdigest()}


def stamped(data: bytes, information: Mapping[str, str]) -> bytes:
    """The PDF with ``information`` in place of what the office program wrote. Raises what pypdf raises."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.metadata = None
    writer.add_metadata(dict(information))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def kept(source: Source) -> Printed | None:
    """The letter's PDF where one is there, is whole, and was made of the letter as it is now."""
    try:
        data, letter = source.target.read_bytes(), source.path.read_bytes()
        about = PdfReader(io.BytesIO(data)).metadata
        if about is None or about.get(_KEY) != facts(source, letter)[_KEY]:
            return None
        found = read_back(source, package.unpack(letter), data)
    except Exception:  # noqa: BLE001  (somebody else's PDF can make pypdf raise anything)
        return None
    return found if isinstance(found, Printed) else None
