"""Letters measured on the printed page against GB/T 9704-2012. Figures typed from the standard, ± 1 mm as it allows."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from incubxl.files.packs import PackStore
from incubxl.letters import examples
from incubxl.letters.engine import LetterEngine
from incubxl.letters.shelf import shared_layouts
from incubxl.policy.pack import Pack
from tests.letters.measure import Line, Page, pages

TOP, LEFT, RIGHT, BOTTOM = 37, 28, 210 - 26, 297 - 35  # the text area's edges
LINE = 28.95 * 25.4 / 72  # 10.21 mm
CHARACTER = 156 / 28  # 5.57 mm
CENTRE = LEFT + 156 / 2
NUMBER = 16 * 25.4 / 72  # height of 3号
TITLE = 22 * 25.4 / 72  # height of 2号
FORMS = ("letter", "official", "plain")
OFFICES = (
    "示例局",
    "示例市科学技术局",
    "示例国际科技合作孵化基地管理",
    "示例自治区国际科技合作孵化基地管理工作领导小组办公室",
)
RUNNING = "正文每面排二十二行每行二十八字并撑满版心" * 100


def near(value: float, wanted: float, within: float = 1.0) -> bool:
    return abs(value - wanted) <= within


def one(pack: Pack, layout: str, form: str, **changed: Any) -> dict[str, Any]:
    """A final letter of this layout, with some fields changed."""
    found = next(
        e.context
        for e in examples.examples(pack)
        if (e.kind.layout, e.context["form"], e.context["is_draft"]) == (layout, form, False)
    )
    assert found.keys() >= changed.keys()
    return {**found, **changed}


def letters(pack: Pack) -> dict[str, dict[str, Any]]:
    """Everything that is measured, by a name."""
    found: dict[str, dict[str, Any]] = {}
    for form in FORMS:
        found[f"{form}-running"] = one(pack, "recognition", form, decision=(RUNNING,))
        found[f"{form}-draft"] = {**found[f"{form}-running"], "marks": ("草稿——未经签发，不得送达", "征求意见稿")}
        for n, office in enumerate(OFFICES):
            for sealed in (True, False):
                found[f"{form}-{n}-{sealed}"] = one(pack, "recognition", form, office=office, sealed=sealed)
    found["late"] = one(pack, "recognition", "letter", office="示例局", date="2026年12月25日", sealed=False)
    rows = examples._RESULTS * 40
    both = examples.attachments({"results": rows, "scores": examples._SCORES})
    found["long"] = one(pack, "recognition", "letter", results=rows)
    found["two"] = one(pack, "recognition", "letter", results=rows, scores=examples._SCORES, attachments=both)
    found["bare"] = one(pack, "recognition", "letter", document_number="")
    return found


@pytest.fixture(scope="module")
def documents(packs: PackStore) -> dict[str, bytes]:
    engine = LetterEngine(shared_layouts())
    contexts = letters(packs.pack("xinjiang-makerspace"))
    return {name: engine.render(c["kind"], c) for name, c in contexts.items()}


@pytest.fixture(scope="module")
def printed(
    documents: dict[str, bytes], office: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Page]]:
    if not shutil.which("pdftoppm"):
        pytest.skip("poppler-utils is not installed")
    latin = subprocess.run(["fc-match", "Times New Roman"], capture_output=True, text=True, timeout=60, check=True)
    if not any(word in latin.stdout for word in ("Times New Roman", "Liberation Serif", "Tinos")):
        pytest.skip("no font with the widths of Times New Roman (fonts-liberation)")
    folder = tmp_path_factory.mktemp("measured")
    files = []
    for name, data in documents.items():
        files.append(folder / f"{name}.docx")
        files[-1].write_bytes(data)
    return {path.stem: pages(path) for path in office(files, "pdf", folder)}


@pytest.mark.office
@pytest.mark.parametrize("form", FORMS)
def test_a_page_of_text_has_22_lines_of_28_characters(printed: dict[str, list[Page]], form: str) -> None:
    page = printed[f"{form}-running"][1]
    assert (round(page.width), round(page.height)) == (210, 297)
    text, number = page.lines[:-1], page.lines[-1]
    assert number.text == "— 2 —"
    assert [len(line.text) for line in text] == [28] * 22
    assert {line.size for line in text} == {16.0}
    for line in text:
        left, upper, right, lower = page.ink(line)
        assert LEFT - 1 <= left <= LEFT + 1
        assert RIGHT - 1 <= right <= RIGHT + 1
        assert upper >= TOP - 1
        assert lower <= BOTTOM + 1
    pitches = [b.baseline - a.baseline for a, b in pairwise(text)]
    assert all(near(pitch, LINE, 0.05) for pitch in pitches)
    assert page.ink(text[0])[1] - TOP < LINE  # nothing left free above or below
    assert BOTTOM - page.ink(text[-1])[3] < LINE


@pytest.mark.office
@pytest.mark.parametrize("form", FORMS)
def test_page_numbers_stand_outside_and_one_character_in(printed: dict[str, list[Page]], form: str) -> None:
    for page in printed[f"{form}-running"]:
        numbers = [line for line in page.lines if line.text == f"— {page.number} —"]
        if form == "letter" and page.number == 1:
            assert not numbers
            continue
        (line,) = numbers
        assert line.size == 14.0
        character = 14 * 25.4 / 72
        if page.number % 2:
            assert near(line.right, RIGHT - character)
        else:
            assert near(line.left, LEFT + character)
        _, upper, _, lower = page.ink(line, right=line.left + character * 0.6)
        assert near((upper + lower) / 2, BOTTOM + 7), "the dash stands 7 mm under the text area"


@pytest.mark.office
@pytest.mark.parametrize("n", range(len(OFFICES)))
def test_the_letter_form(printed: dict[str, list[Page]], n: int) -> None:
    first, *rest = printed[f"letter-{n}-True"]
    name = first.lines[0]
    assert name.text == OFFICES[n]  # on one line, however long
    _, upper, _, lower = first.ink(name)
    assert near(upper, 30)
    assert near(name.centre, 105)
    thick, thin, thin_below, thick_below = first.reds
    for line in first.reds:
        assert near(line.right - line.left, 170)
        assert near((line.left + line.right) / 2, 105)
    assert near(thick.upper - lower, 4)
    assert thick.weight > thin.weight
    assert thick_below.weight > thin_below.weight
    assert near(297 - thick_below.lower, 20)
    assert 0 < thin.upper - thick.lower < 1
    assert 0 < thick_below.upper - thin_below.lower < 1
    number = first.line("示科函〔2026〕5号")
    assert near(number.right, RIGHT)
    assert near(first.ink(number)[1] - thin.lower, NUMBER * 7 / 8)
    assert not any(page.reds for page in rest)
    assert not first.has("— 1 —")
    assert rest[0].has("— 2 —")
    two_blank(first, first.ink(number)[3], "关于确认")


@pytest.mark.office
@pytest.mark.parametrize("n", range(len(OFFICES)))
def test_the_form_with_a_red_head(printed: dict[str, list[Page]], n: int) -> None:
    first, *rest = printed[f"official-{n}-True"]
    name = first.lines[0]
    assert name.text == f"{OFFICES[n]}文件"
    _, upper, _, lower = first.ink(name)
    assert near(upper, TOP + 35)
    assert near(name.centre, CENTRE)
    assert name.size <= 22 / 25.4 * 72  # no higher than 22 mm
    number = first.line("示科函〔2026〕5号")
    assert near(number.centre, CENTRE)
    two_blank(first, lower, "示科函")
    (red,) = first.reds
    assert near(red.left, LEFT)
    assert near(red.right, RIGHT)
    assert near(red.upper - first.ink(number)[3], 4)
    two_blank(first, red.lower, "关于确认")
    assert first.has("— 1 —")
    assert not any(page.reds for page in rest)


def two_blank(page: Page, above: float, starts: str) -> None:
    """Two blank lines between ``above`` and the line that starts so, beside what its own line leaves free above it."""
    line = page.line(starts)
    free = page.ink(line)[1] - above
    assert 2 * LINE - 1 <= free <= 2 * LINE + 2 * (LINE - line.size * 25.4 / 72) + 1


@pytest.mark.office
@pytest.mark.parametrize("form", FORMS)
def test_title_and_addressee(printed: dict[str, list[Page]], form: str) -> None:
    page = printed[f"{form}-running"][0]
    title = [line for line in page.lines if line.size == 22.0]
    assert title[0].text.startswith("关于确认")
    assert all(near(line.centre, CENTRE) for line in title)
    to = page.line(examples.NAME)
    assert to.text.endswith("：")
    assert near(to.left, LEFT)
    assert near(to.baseline - title[-1].baseline, 2 * LINE)  # one blank line between
    body = page.lines[page.lines.index(to) + 1]
    assert near(body.left, LEFT + 2 * CHARACTER)
    assert body.size == 16.0


def signature(printed: list[Page], office: str, year: str = "2026年") -> tuple[Line, Line]:
    """署名 and 成文日期, on one page, on two lines after each other."""
    for page in printed:
        for a, b in pairwise(page.lines):
            if a.text == office and b.text.startswith(year):
                assert near(b.baseline - a.baseline, LINE, 0.2)
                return a, b
    raise AssertionError("no signature with its date")


@pytest.mark.office
@pytest.mark.parametrize("n", range(len(OFFICES)))
@pytest.mark.parametrize("form", FORMS)
def test_with_a_seal_the_signature_is_centred_over_the_date(printed: dict[str, list[Page]], form: str, n: int) -> None:
    name, date = signature(printed[f"{form}-{n}-True"], OFFICES[n])
    assert date.text == "2026年1月5日"
    assert near(date.right, RIGHT - 4 * CHARACTER)
    if len(OFFICES[n]) <= 14:
        assert near(name.centre, date.centre)
    else:  # longer than eight characters beyond the date: as far as the text area goes
        assert near(name.right, RIGHT)


@pytest.mark.office
@pytest.mark.parametrize("n", range(1, len(OFFICES)))
@pytest.mark.parametrize("form", FORMS)
def test_without_a_seal_the_signature_stands_two_characters_in(
    printed: dict[str, list[Page]], form: str, n: int
) -> None:
    name, date = signature(printed[f"{form}-{n}-False"], OFFICES[n])
    assert near(name.right, RIGHT - 2 * CHARACTER)
    assert near(date.left, name.left + 2 * CHARACTER)


@pytest.mark.office
def test_a_date_longer_than_the_signature_stands_two_characters_in(printed: dict[str, list[Page]]) -> None:
    for pages_, office in ((printed["late"], "示例局"), (printed["letter-0-False"], "示例局")):
        name, date = signature(pages_, office)
        assert near(date.right, RIGHT - 2 * CHARACTER)
        assert near(date.left, name.left + 2 * CHARACTER)


@pytest.mark.office
def test_the_attachment_is_named_and_stands_on_pages_of_its_own(printed: dict[str, list[Page]]) -> None:
    letter = printed["long"]
    at = next(n for n, page in enumerate(letter) if page.has("附件："))
    note = letter[at].line("附件：")
    assert note.text == "附件：条件核对情况表"
    assert near(note.left, LEFT + 2 * CHARACTER)
    own = next(n for n, page in enumerate(letter) if page.lines[0].text == "附件")
    page = letter[own]
    assert near(page.lines[0].left, LEFT)
    assert page.lines[0].size == 16.0
    assert page.lines[1].text == "条件核对情况表"
    assert near(page.lines[1].baseline - page.lines[0].baseline, 2 * LINE)  # on the third line
    assert near(page.lines[1].centre, CENTRE)
    assert page.lines[1].size == 22.0
    assert len(letter) - own >= 3
    for page in letter[own:]:  # the header row on every page, and running page numbers
        assert any("核对值" in line.text for line in page.lines[:4])
        assert page.has(f"— {page.number} —")


@pytest.mark.office
def test_two_attachments_are_numbered_in_the_note_and_on_their_pages(printed: dict[str, list[Page]]) -> None:
    letter = printed["two"]
    page = next(page for page in letter if page.has("附件："))
    first, second = page.line("附件：1. 条件核对情况表"), page.line("2. 评分明细表")
    assert near(second.left, first.left + 3 * CHARACTER)
    heads = [page.lines[0].text for page in letter if page.lines[0].text.startswith("附件")]
    assert heads == ["附件1", "附件2"]


@pytest.mark.office
@pytest.mark.parametrize("form", FORMS)
def test_a_mark_on_every_page_moves_nothing(printed: dict[str, list[Page]], form: str) -> None:
    plain, marked = printed[f"{form}-running"], printed[f"{form}-draft"]
    assert len(plain) == len(marked)
    for a, b in zip(plain, marked, strict=True):
        assert [line.text for line in b.lines[:2]] == ["草稿——未经签发，不得送达", "征求意见稿"]
        assert b.lines[1].baseline < 30
        assert b.lines[2:] == a.lines
        assert b.reds == a.reds


@pytest.mark.office
def test_a_letter_without_number_keeps_its_place(printed: dict[str, list[Page]]) -> None:
    assert printed["bare"][0].line("关于确认") == printed["letter-1-True"][0].line("关于确认")


@pytest.mark.parametrize("form", [*FORMS, "announcement"])
def test_the_page_asks_for_the_margins_of_the_standard(form: str) -> None:
    (section,) = docx.Document(io.BytesIO(shared_layouts()[f"form-{form}"])).sections
    found = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(edge.mm) for edge in found] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


FONTS = {  # style: font of the standard, size in points
    "标题": ("方正小标宋简体", 22),
    "附件标题": ("方正小标宋简体", 22),
    "信函机关标志": ("方正小标宋简体", None),
    "文件机关标志": ("方正小标宋简体", None),
    "正文缩进": ("仿宋_GB2312", 16),
    "主送": ("仿宋_GB2312", 16),
    "信函字号": ("仿宋_GB2312", 16),
    "文件字号": ("仿宋_GB2312", 16),
    "署名": ("仿宋_GB2312", 16),
    "成文日期": ("仿宋_GB2312", 16),
    "附件说明": ("仿宋_GB2312", 16),
    "一级标题": ("黑体", 16),
    "二级标题": ("楷体_GB2312", 16),
    "附件序号": ("黑体", 16),
}


@pytest.mark.parametrize("form", [*FORMS, "announcement"])
def test_fonts_are_asked_for_by_the_names_of_the_standard(form: str) -> None:
    data = shared_layouts()[f"form-{form}"]
    styles = {s.name: s for s in docx.Document(io.BytesIO(data)).styles}
    for name, (font, size) in FONTS.items():
        properties = styles[name].element.rPr
        assert properties.find(qn("w:rFonts")).get(qn("w:eastAsia")) == font
        assert properties.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
        assert size is None or styles[name].font.size.pt == size
    for name in ("信函机关标志", "文件机关标志"):
        assert str(styles[name].font.color.rgb) == "FF0000"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.startswith("word/footer"):
                xml = archive.read(part).decode()
                assert "PAGE" not in xml or 'w:eastAsia="宋体"' in xml
        table = archive.read("word/fontTable.xml").decode()
    for font in {font for font, _ in FONTS.values()}:
        assert f'<w:font w:name="{font}"><w:altName' in table


def test_no_letter_holds_a_picture_of_a_seal(documents: dict[str, bytes]) -> None:
    for data in documents.values():
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert not [name for name in archive.namelist() if name.startswith("word/media")]


def test_places_are_whole_for_any_name() -> None:
    from incubxl.letters.place import NAMES, places

    for office in ("局", "示" * 60, "A", "Office of Science 科技局"):
        for date in ("2026年1月5日", "2026年12月25日", "　　　　年　　月　　日"):
            found = places({"office": office, "date": date})
            assert set(found) == set(NAMES)
            assert all(value >= 0 for value in found.values())
