"""The manual inside the package: one page that needs nothing else, with the guide's pictures and headings."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from incubxl.files.manual import manual_file
from tests.tools import manual

ROOT = Path(__file__).parents[1]


class _Page(HTMLParser):
    """What a browser would ask for, and where links inside the page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.links: list[str] = []
        self.ids: dict[str, str] = {}
        self._id = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag not in ("script", "iframe", "object", "embed", "link")
        if given.get("src"):
            self.asked.append(str(given["src"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        self._id = str(given.get("id") or "")

    def handle_data(self, data: str) -> None:
        if self._id:
            self.ids[self._id] = data
            self._id = ""


@pytest.fixture(scope="module")
def text() -> str:
    return manual_file().read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> _Page:
    read = _Page()
    read.feed(text)
    return read


def test_it_is_what_the_guide_gives(text: str) -> None:
    assert text == manual.page()


def test_it_asks_for_nothing_outside_itself(page: _Page, text: str) -> None:
    start = "data:image/png;base64,"
    assert all(asked.startswith(start) for asked in page.asked)
    inside = {base64.b64decode(asked[len(start) :]) for asked in page.asked}
    assert inside == {path.read_bytes() for path in (ROOT / "docs/images").glob("*.png")}
    assert not re.search(r"url\(|@import|https?://", text)


def test_its_contents_lead_to_every_section(page: _Page) -> None:
    guide = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", guide, re.MULTILINE)
    assert [page.ids[link[1:]] for link in page.links] == titles


def test_a_missing_picture_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = tmp_path / "README.zh-CN.md"
    guide.write_text("# 说明\n\n[English](README.md)\n\n![图](docs/images/none.png)\n", encoding="utf-8")
    monkeypatch.setattr(manual, "SOURCE", guide)
    with pytest.raises(ValueError, match=r"no such picture: docs/images/none\.png"):
        manual.page()
