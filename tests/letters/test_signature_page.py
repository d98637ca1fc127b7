"""GB/T 9704-2012: the page with 署名 and 成文日期 carries text; never 此页无正文. Measured over every break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.files.packs import PackStore
from incubxl.letters.engine import LetterEngine
from incubxl.letters.examples import OFFICE
from incubxl.letters.shelf import shared_layouts
from incubxl.policy.letters import LetterKind
from tests.letters.measure import Page, pages
from tests.letters.test_measured import one

LINES = 22  # on a page: so many lengths meet every break
DATE, CONTACT = "2026年1月5日", "（联系方式：0991-5550101）"
CASES = [("letter", "notice"), ("official", "notice"), ("plain", "notice"), ("announcement", "announcement"),
         ("letter", "recognition")]  # fmt: skip


@pytest.fixture(scope="module")
def printed(
    packs: PackStore, office: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Page]]:
    if not shutil.which("pdftoppm"):
        pytest.skip("poppler-utils is not installed")
    engine = LetterEngine(shared_layouts())
    pack = packs.pack("xinjiang-makerspace")
    folder = tmp_path_factory.mktemp("signature")
    files = []
    for form, layout in CASES:
        for n in range(LINES):
            said = tuple(f"第{line}段正文。" for line in range(n + 1))
            values: dict[str, Any] = one(pack, layout, form, decision=said, details=(), sealed=n % 4 < 2)
            if n % 2:
                values |= {"notes": (), "contact": ""}
            files.append(folder / f"{form}-{layout}-{n:02}.docx")
            files[-1].write_bytes(engine.render(values["kind"], values))
    return {path.stem: pages(path) for path in office(files, "pdf", folder)}


def text_of(page: Page) -> list[str]:
    return [line.text for line in page.lines if not line.text.startswith("— ")]


@pytest.mark.office
@pytest.mark.parametrize(("form", "layout"), CASES)
def test_the_page_with_the_signature_carries_text(printed: dict[str, list[Page]], form: str, layout: str) -> None:
    above: list[int] = []
    for n in range(LINES):
        found = [text_of(page) for page in printed[f"{form}-{layout}-{n:02}"]]
        assert all(found), "a page without text"
        assert not any("此页无正文" in line for page in found for line in page)
        (page,) = (page for page in found if DATE in page)
        at = page.index(DATE)
        assert page[at - 1] == OFFICE  # signature and date are not parted
        body = [line for line in page[: at - 1] if not line.startswith("附件")]
        assert body, f"{n}: {page}"
        above.append(len(body))
        if not n % 2:
            assert CONTACT in page
    assert min(above) <= 2 < max(above)  # the break did come just before the signature


def test_every_letter_ends_with_a_line_that_stays_with_the_signature(packs: PackStore) -> None:
    for id in packs.ids:
        for kind in packs.pack(id).letters.kinds:
            assert kind.closing, (id, kind.label)
    kind = packs.pack("xinjiang-makerspace").letters.kinds[0]
    with pytest.raises(ValueError, match="须写明 closing"):
        LetterKind.model_validate({**kind.model_dump(), "closing": ()})
