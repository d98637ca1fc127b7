"""One file for two-sided printing: every letter on an odd page, in order, with bookmark and page list."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from incubxl.printing.duplex import is_ours, merged, place
from incubxl.printing.model import Source
from tests.printing.paper import letter, pdf

_ONE = Source(Path("a.docx"), "A-01", "甲公司", "认定", "通知")


@given(st.lists(st.integers(1, 9), max_size=30))
def test_every_letter_begins_on_an_odd_page_and_no_page_is_lost(pages: list[int]) -> None:
    placed = place([(_ONE, n) for n in pages])
    assert all(p.first % 2 == 1 for p in placed)
    assert [p.last - p.first + 1 for p in placed] == pages
    for before, after in pairwise(placed):
        assert after.first - before.last == (2 if before.blank else 1)


def test_the_file_has_the_pages_bookmarks_and_blanks_of_the_list(tmp_path: Path) -> None:
    sources = [letter(tmp_path, n) for n in range(1, 4)]
    for source, pages in zip(sources, (1, 2, 3), strict=True):
        source.target.write_bytes(pdf([f"{source.applicant}页{n}" for n in range(pages)]))
    placed = place(list(zip(sources, (1, 2, 3), strict=True)))
    merged(placed, tmp_path / "合订.pdf")
    reader = PdfReader(tmp_path / "合订.pdf")
    said = [page.extract_text() for page in reader.pages]
    assert said == ["A-001页0", "", "A-002页0", "A-002页1", "A-003页0", "A-003页1", "A-003页2"]
    assert is_ours(tmp_path / "合订.pdf")
    assert not is_ours(sources[0].target)
    titles = [(item.title, reader.get_destination_page_number(item)) for item in reader.outline]  # type: ignore[union-attr,arg-type]
    assert titles == [
        ("示例孵化器1有限公司（认定）", 0),
        ("示例孵化器2有限公司（认定）", 2),
        ("示例孵化器3有限公司（认定）", 4),
    ]


def test_a_list_for_the_public_is_nobodys(tmp_path: Path) -> None:
    """Its name is only one of those that it lists."""
    listed = Source(tmp_path / "公布-2026_公示.docx", "", "甲公司", "公示", "关于名单的公示")
    assert listed.reader == "社会公众"
    assert _ONE.reader == "甲公司"
    assert listed.refuse("print.unreadable", file="a").issue.message.startswith("社会公众的「公示」没有转成 PDF")
