"""A PDF of many letters into one for each, by the destinations that their bookmarks became."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from pypdf import PdfReader, PdfWriter

from incubxl.printing.merge import mark


def split(data: bytes, information: Sequence[Mapping[str, str]]) -> list[bytes] | None:
    """The letters' own PDFs in their order; None where the page map is not that of so many letters.

    ``information``: the document information of each.
    """
    letters = len(information)
    try:
        reader = PdfReader(io.BytesIO(data))
        named = reader.named_destinations
        starts = [reader.get_destination_page_number(named[key]) if key in named else None for key in _keys(letters)]
        found = [page for page in starts if page is not None]
        ends = [*found[1:], len(reader.pages)]
        if len(found) != letters or found[0] != 0 or any(a >= b for a, b in zip(found, ends, strict=True)):
            return None
        each = zip(found, ends, information, strict=True)
        return [_pages(reader, first, end, about) for first, end, about in each]
    except Exception:  # noqa: BLE001  (half a PDF can make pypdf raise anything)
        return None


def _keys(letters: int) -> list[str]:
    return [f"/{mark(n)}" for n in range(letters)]


def _pages(reader: PdfReader, first: int, end: int, about: Mapping[str, str]) -> bytes:
    writer = PdfWriter()
    for n in range(first, end):
        writer.add_page(reader.pages[n])
    writer.add_metadata(dict(about))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
