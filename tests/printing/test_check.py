"""A PDF is taken only when it is this letter, whole."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from incubxl.letters import package
from incubxl.letters.text import paragraphs
from incubxl.printing.check import read_back
from incubxl.printing.model import Printed, Refused, Source
from incubxl.printing.own import facts, kept, stamped
from incubxl.printing.split import split
from tests.printing.paper import letter, pdf, printed


@pytest.fixture
def one(tmp_path: Path) -> Source:
    return letter(tmp_path, 1)


def text(source: Source) -> str:
    return "".join(paragraphs(members(source)["word/document.xml"]))


def members(source: Source) -> dict[str, bytes]:
    return package.unpack(source.path.read_bytes())


def test_the_letters_own_pdf_is_taken(one: Source) -> None:
    found = read_back(one, members(one), pdf([text(one)[:20], text(one)[20:] + "— 1 —"]))
    assert isinstance(found, Printed)
    assert found.pages == 2
    assert found.fonts == {"Test"}
    assert found.loose == {"Test"}


def test_an_embedded_font_is_seen(one: Source) -> None:
    found = read_back(one, members(one), pdf([text(one)], embedded=True))
    assert isinstance(found, Printed)
    assert not found.loose


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("示例孵化器1", "示例孵化器2"), "没有单位名称「示例孵化器1有限公司」"),
        (lambda t: t.replace("的通知", "的函"), "没有标题「关于示例孵化器1有限公司的通知」"),
        (lambda t: t.replace("材料收悉", ""), "缺 4 个字（材料收悉）"),
        (lambda t: t.replace("示例市科技局", ""), "缺 6 个字"),
        (lambda t: "", "没有单位名称"),
    ],
)
def test_another_or_half_a_letter_is_refused_by_name(one: Source, change: object, said: str) -> None:
    found = read_back(one, members(one), pdf([change(text(one))]))  # type: ignore[operator]
    assert isinstance(found, Refused)
    assert said in found.issue.message
    assert found.issue.message.startswith("示例孵化器1有限公司的「认定」")


@pytest.mark.parametrize("cut", [0, 100, -200])
def test_a_pdf_that_broke_off_is_refused(one: Source, cut: int) -> None:
    found = read_back(one, members(one), pdf([text(one)])[:cut])
    assert isinstance(found, Refused)


def test_a_pdf_without_pages_is_refused(one: Source) -> None:
    assert isinstance(read_back(one, members(one), pdf([])), Refused)


def test_signs_that_a_font_draws_alike_are_the_same(one: Source) -> None:
    assert isinstance(read_back(one, members(one), pdf([text(one).replace("一", "⼀").replace("1", "１")])), Printed)


def test_a_pdf_tells_which_letter_it_was_made_of(one: Source) -> None:
    data = one.path.read_bytes()
    one.target.write_bytes(stamped(printed(data), facts(one, data)))
    about = PdfReader(one.target).metadata
    assert about is not None
    assert about.title == one.title
    assert kept(one) is not None
    one.path.write_bytes(data + b" ")  # the letter is another now
    assert kept(one) is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 half", pdf(["别人的扫描件"])])
def test_a_pdf_of_somebody_else_is_not_kept(one: Source, data: bytes) -> None:
    one.target.write_bytes(data)
    assert kept(one) is None


def whole(marks: dict[str, int], pages: int = 5) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf([f"第{n}页" for n in range(pages)])))
    for name, page in marks.items():
        writer.add_named_destination(name, page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_merged_pdf_is_split_by_its_page_map() -> None:
    parts = split(whole({"/L00000": 0, "/L00001": 2, "/L00002": 3}), [{"/Title": f"{n}"} for n in range(3)])
    assert parts is not None
    said = [[p.extract_text() for p in PdfReader(io.BytesIO(part)).pages] for part in parts]
    assert said == [["第0页", "第1页"], ["第2页"], ["第3页", "第4页"]]
    assert [PdfReader(io.BytesIO(part)).metadata.title for part in parts] == ["0", "1", "2"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "marks",
    [
        {"/L00000": 0, "/L00001": 2},  # one is missing
        {"/L00000": 1, "/L00001": 2, "/L00002": 3},  # a page belongs to nobody
        {"/L00000": 0, "/L00001": 2, "/L00002": 2},  # two on one page
        {"/L00000": 0, "/L00001": 3, "/L00002": 2},
        {},
    ],
)
def test_a_page_map_that_does_not_fit_gives_no_letters(marks: dict[str, int]) -> None:
    assert split(whole(marks), [{}] * 3) is None


def test_a_merged_pdf_that_broke_off_gives_no_letters() -> None:
    assert split(whole({"/L00000": 0})[:300], [{}]) is None
