"""One PDF of many letters for two-sided printing: every letter begins on an odd page, with a bookmark."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from incubxl.printing.model import Source

_KEY = "/IncubxlLetters"  # how many


@dataclass(frozen=True, slots=True)
class Placed:
    """A letter's pages in the whole, from 1; ``blank``: an empty page follows them."""

    source: Source
    first: int
    last: int
    blank: bool


def place(letters: Sequence[tuple[Source, int]]) -> list[Placed]:
    """The page list of letters with their numbers of pages, in this order."""
    placed: list[Placed] = []
    before = 0
    for n, (source, pages) in enumerate(letters):
        last = before + pages
        blank = bool(last % 2) and n < len(letters) - 1
        placed.append(Placed(source, before + 1, last, blank))
        before = last + blank
    return placed


def merged(placed: Sequence[Placed], target: Path) -> None:
    """Write the PDF of the letters' published PDFs. Raises ValueError where one has not the pages of the list."""
    writer = PdfWriter()
    for one in placed:
        reader = PdfReader(io.BytesIO(one.source.target.read_bytes()))
        if len(reader.pages) != one.last - one.first + 1 or len(writer.pages) != one.first - 1:
            raise ValueError(f"{one.source.target.name} has changed while it was put together")
        for page in reader.pages:
            writer.add_page(page)
        writer.add_outline_item(title=f"{one.source.reader}（{one.source.kind}）", page_number=one.first - 1)
        if one.blank:
            writer.add_blank_page()
    writer.add_metadata({"/Title": "通知书合订本", "/Producer": "incubxl", _KEY: str(len(placed))})
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    with target.open("wb") as file:
        writer.write(file)


def is_ours(path: Path) -> bool:
    """Whether a file is such a PDF of an earlier run, which a new one may replace."""
    try:
        about = PdfReader(path).metadata
    except Exception:  # noqa: BLE001  (somebody else's file can make pypdf raise anything)
        return False
    return about is not None and _KEY in about
