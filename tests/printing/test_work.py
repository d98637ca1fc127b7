"""Printing with an office program that misbehaves: one bad letter or one dead process costs no other its PDF."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from incubxl.printing.libreoffice import LibreOffice
from incubxl.printing.model import Printed, Refused, Source
from incubxl.printing.work import print_letters
from tests.printing.paper import letter

FAKE = Path(__file__).with_name("fake_soffice.py")
Run = Callable[..., tuple[dict[str, Printed], dict[str, Refused]]]


class Single(LibreOffice):
    """The fake knows no merged documents."""

    merges = False


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


@pytest.fixture
def run(tmp_path: Path, notes: Path) -> Run:
    def work(
        sources: list[Source], behaviour: str = "good", *, each: float = 30.0, jobs: int = 2
    ) -> tuple[dict[str, Printed], dict[str, Refused]]:
        command = [sys.executable, str(FAKE), str(notes), behaviour]
        (tmp_path / "temp").mkdir()
        office = Single(command, tmp_path / "temp", start=5.0, each=each)
        results = list(print_letters(sources, office, tmp_path / "temp", jobs))
        assert len(results) == len(sources)
        assert not [p for p in (tmp_path / "temp").iterdir() if p.name.startswith("pdf-")]
        good = {r.source.applicant: r for r in results if isinstance(r, Printed)}
        return good, {r.source.applicant: r for r in results if isinstance(r, Refused)}

    return work


def _alive(pid: str) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_letters_are_printed_and_stay_themselves(run: Run, tmp_path: Path) -> None:
    good, bad = run([letter(tmp_path, n) for n in range(1, 31)])
    assert not bad
    assert sorted(good) == [f"A-{n:03d}" for n in range(1, 31)]
    assert {one.pages for one in good.values()} == {1}


def test_a_program_killed_in_the_middle_is_started_again_for_the_rest(run: Run, tmp_path: Path) -> None:
    good, bad = run([letter(tmp_path, n) for n in range(1, 10)], "die", jobs=1)
    assert len(good) == 9
    assert not bad


def test_a_program_that_hangs_is_ended_with_all_that_it_started(run: Run, notes: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    good, bad = run([letter(tmp_path, n) for n in range(1, 5)], "hang-at:编号第3号", each=1.0)
    assert time.monotonic() - begun < 40
    assert sorted(good) == ["A-001", "A-002", "A-004"]
    assert "卡住，超过时限" in bad["A-003"].issue.message
    assert not any(_alive(note.name) for note in notes.iterdir())


def test_a_letter_that_crashes_the_program_is_named_and_the_rest_finish(run: Run, tmp_path: Path) -> None:
    good, bad = run([letter(tmp_path, n) for n in range(1, 12)], "crash-at:编号第7号")
    assert sorted(bad) == ["A-007"]
    assert "「认定」没有转成 PDF：LibreOffice 中途退出" in bad["A-007"].issue.message
    assert bad["A-007"].issue.message.startswith("示例孵化器7有限公司的")
    assert len(good) == 10


def test_a_program_that_does_nothing_is_given_up_soon(run: Run, notes: Path, tmp_path: Path) -> None:
    good, bad = run([letter(tmp_path, n) for n in range(1, 31)], "nothing")
    assert not good
    assert all("没有写出这一份" in one.issue.message for one in bad.values())
    assert len(list(notes.iterdir())) <= 4


def test_a_program_that_is_not_there_refuses_every_letter(tmp_path: Path) -> None:
    office = LibreOffice([str(tmp_path / "没有")], tmp_path)
    (one,) = print_letters([letter(tmp_path, 1)], office, tmp_path)
    assert isinstance(one, Refused)
    assert "启动不了" in one.issue.message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04half", b"<html></html>"])
def test_a_broken_document_among_many_is_named_and_the_rest_finish(run: Run, tmp_path: Path, content: bytes) -> None:
    sources = [letter(tmp_path, n) for n in range(1, 6)]
    sources[2].path.write_bytes(content)
    good, bad = run(sources)
    assert sorted(good) == ["A-001", "A-002", "A-004", "A-005"]
    assert "不是完整的 Word 文档" in bad["A-003"].issue.message


@pytest.mark.parametrize(
    "name",
    [
        "甲&乙<丙>有限公司",
        "两  个  空格",
        "生僻字𬬬孵化器",
        "生僻字\U0002c72c孵化器",
        "很" * 80,
        "-rf 公司",
        "%s公司；$HOME",
    ],
)
def test_any_name_of_a_letter_or_its_file_is_printed(run: Run, tmp_path: Path, name: str) -> None:
    file = f"-o {name[:40].replace('<', '').replace('>', '')} & '“.docx"
    good, bad = run([letter(tmp_path, 1, name, file=file), letter(tmp_path, 2)])
    assert not bad
    assert good["A-001"].source.target.name == file.removesuffix(".docx") + ".pdf"


def test_a_caller_that_stops_ends_what_runs(notes: Path, tmp_path: Path) -> None:
    office = Single([sys.executable, str(FAKE), str(notes), "hang-at:编号第9号"], tmp_path, start=60, each=60)
    sources = [letter(tmp_path, n) for n in (*range(1, 9), 9)]
    results = print_letters(sources, office, tmp_path)
    next(results)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 20
    assert not any(_alive(note.name) for note in notes.iterdir())
