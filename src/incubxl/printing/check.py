"""Read a PDF back: is it this letter, whole, with its fonts inside?"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pypdf import PdfReader

from incubxl.letters.text import paragraphs
from incubxl.printing.merge import BODY
from incubxl.printing.model import Printed, Refused, Source

_SPACE = re.compile(r"[\s\u200b\ufeff]+")


def folded(text: str) -> str:
    """Without white space, and with one sign for those that a font draws alike (⼀ and 一)."""
    return unicodedata.normalize("NFKC", _SPACE.sub("", text)).replace("\u2011", "-").replace("\u2010", "-")


def read_back(source: Source, members: Mapping[str, bytes], data: bytes) -> Printed | Refused:
    """Whether ``data`` is the PDF of this letter: its name and title in its text, and every sign of its paragraphs.

    ``members`` are the letter's own, unpacked. A wrapped line, a page's foot or a repeated table head may stand
    between the signs of a paragraph, so they are counted.
    """
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        pages = list(reader.pages)
        text = folded("".join(page.extract_text() for page in pages))
        fonts, loose = _fonts(pages)
    except Exception as error:  # noqa: BLE001  (half a PDF can make pypdf raise anything)
        return source.refuse("print.incomplete", reason=f"不是完整的 PDF（{type(error).__name__}）")
    if not pages:
        return source.refuse("print.incomplete", reason="没有一页")
    for what, wanted in (("单位名称", source.name), ("标题", source.title)):
        if not wanted.strip() or folded(wanted) not in text:
            return source.refuse("print.incomplete", reason=f"没有{what}「{wanted}」")
    lacking = Counter(folded("".join(paragraphs(members[BODY])))) - Counter(text)
    if lacking:
        signs = "".join(lacking)[:20]
        return source.refuse("print.incomplete", reason=f"缺 {sum(lacking.values())} 个字（{signs}）")
    return Printed(source, data, len(pages), fonts, loose)


def _fonts(pages: list[Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of all fonts, and of those without a font file. A subset's prefix (BAAAAA+) is left out."""
    every, loose = set(), set()
    for page in pages:
        for font in _page_fonts(page):
            name = str(font.get("/BaseFont", "?")).removeprefix("/").split("+", 1)[-1]
            every.add(name)
            holders = [f.get_object() for f in font.get("/DescendantFonts", [])] or [font]
            files = [h.get("/FontDescriptor", {}) for h in holders]
            if font.get("/Subtype") != "/Type3" and not all(
                any(key in d.get_object() for key in ("/FontFile", "/FontFile2", "/FontFile3")) if d else False
                for d in files
            ):
                loose.add(name)
    return frozenset(every), frozenset(loose)


def _page_fonts(page: Any) -> Iterator[Any]:
    resources = page.get("/Resources")
    fonts = resources.get_object().get("/Font") if resources is not None else None
    if fonts is not None:
        for font in fonts.get_object().values():
            yield font.get_object()
