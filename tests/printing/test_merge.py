"""Letters of one template as one document: only where that changes nothing, and then pixel by pixel the same."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from incubxl.letters import package
from incubxl.letters.choose import letters_for
from incubxl.letters.engine import LetterEngine
from incubxl.letters.text import paragraphs
from incubxl.letters.write import Letter, write
from incubxl.policy.pack import Pack
from incubxl.printing.libreoffice import LibreOffice, find
from incubxl.printing.merge import BODY, alike, merge
from incubxl.printing.model import Printed, Source
from incubxl.printing.work import print_letters
from incubxl.verdict import Verdict
from tests.letters.case import assessment, concluded, result

NAMES = ["甲&乙<丙>有限公司", "两  个  空格", "生僻字𬬬孵化器", "很长的名称" * 20, "示例国际孵化器有限公司"]


@pytest.fixture
def letters(packs: object, tmp_path: Path) -> list[Source]:
    """Final recognitions of different lengths: one page to several."""
    from incubxl.letters.shelf import shared_layouts

    pack: Pack = packs.pack("xinjiang-makerspace")  # type: ignore[attr-defined]
    engine = LetterEngine(shared_layouts())
    made = []
    for n, name in enumerate(NAMES):
        rows = [result(Verdict.MET)] * (1 + 12 * n)
        whole, one = assessment(
            pack, name=name, results=rows, conclusions=[concluded("备案", f"示科〔2026〕{n + 1}号")]
        )
        written = write(engine, whole, one, letters_for(whole, one)[0])
        assert isinstance(written, Letter)
        path = tmp_path / "通知书" / f"{n}_{written.file}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written.data)
        made.append(Source(path, f"A-{n:02d}", written.applicant, "备案", written.title))
    return made


def members(source: Source) -> dict[str, bytes]:
    return package.unpack(source.path.read_bytes())


def test_letters_of_one_template_are_alike_and_others_are_not(letters: list[Source]) -> None:
    keys = {alike(members(source)) for source in letters}
    assert len(keys) == 1
    assert "" not in keys
    other = members(letters[0])
    other["word/styles.xml"] = other["word/styles.xml"].replace(b'w:val="32"', b'w:val="30"', 1)
    assert alike(other) not in {"", *keys}


@pytest.mark.parametrize(
    "counted",
    [
        b'<w:numPr><w:numId w:val="1"/></w:numPr>',
        b'<w:footnoteReference w:id="1"/>',
        b'<w:bookmarkStart w:id="1" w:name="a"/>',
        b"<w:instrText> NUMPAGES </w:instrText>",
        b'<w:fldSimple w:instr="PAGE"/>',
        b"<w:ins />",
    ],
)
def test_a_letter_that_counts_or_points_across_stays_single(letters: list[Source], counted: bytes) -> None:
    own = members(letters[0])
    own[BODY] = own[BODY].replace(b"<w:pPr>", b"<w:pPr>" + counted, 1)
    assert alike(own) == ""


def test_a_letter_whose_foot_counts_all_pages_stays_single(letters: list[Source]) -> None:
    own = members(letters[0])
    foot = next(name for name in own if name.startswith("word/footer"))
    own[foot] = own[foot].replace(b" PAGE ", b" NUMPAGES ")
    assert alike(own) == ""


def test_the_whole_says_what_its_letters_say_in_their_order(letters: list[Source], tmp_path: Path) -> None:
    every = [members(source) for source in letters]
    said = paragraphs(package.unpack(merge(every))[BODY])
    assert said == [text for own in every for text in paragraphs(own[BODY])]


@pytest.mark.validator
def test_the_whole_is_a_valid_document(
    letters: list[Source], tmp_path: Path, validate: Callable[[Path], list[str]]
) -> None:
    path = tmp_path / "whole.docx"
    path.write_bytes(merge([members(source) for source in letters]))
    assert validate(path) == []


def office(folder: Path) -> LibreOffice:
    command = find()
    if not command:
        pytest.skip("LibreOffice is not installed")
    return LibreOffice([command], folder)


def pixels(data: bytes, folder: Path) -> list[bytes]:
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm is not installed")
    folder.mkdir()
    (folder / "x.pdf").write_bytes(data)
    subprocess.run(["pdftoppm", "-r", "60", "-gray", "x.pdf", "p"], cwd=folder, check=True, timeout=60)
    return [Image.open(path).tobytes() for path in sorted(folder.glob("p*.pgm"))]


@pytest.mark.office
def test_put_together_and_split_a_letter_is_the_same_as_alone(letters: list[Source], tmp_path: Path) -> None:
    program = office(tmp_path)
    asked: list[int] = []
    convert = program.convert

    def counted(worker: int, documents: Mapping[Path, Path]) -> str:
        asked.append(len(documents))
        return convert(worker, documents)

    program.convert = counted  # type: ignore[method-assign]
    together = {r.source: r for r in print_letters(letters, program, tmp_path, jobs=1) if isinstance(r, Printed)}
    assert len(together) == len(letters)
    assert asked == [1]
    program.merges = False
    for n, one in enumerate(print_letters(letters, program, tmp_path, jobs=1)):
        assert isinstance(one, Printed)
        assert one.pages == together[one.source].pages
        merged = pixels(together[one.source].data, tmp_path / f"m{n}")
        assert merged == pixels(one.data, tmp_path / f"s{n}")
    assert {one.pages for one in together.values()} >= {3, 4}  # ending on either side of a sheet
    assert not any(one.loose for one in together.values())
    feet = PdfReader(io.BytesIO(together[letters[-1]].data)).pages[1].extract_text()
    assert "— 2 —" in feet
