"""The letters of a run's folder to PDF: published whole, kept when current, moved aside when not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from pypdf import PdfReader

from incubxl.batch.manifest import MANIFEST
from incubxl.batch.model import Options
from incubxl.batch.prints import Printing, print_folder
from incubxl.batch.run import inline, run
from tests.printing.paper import printed

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "xinjiang-makerspace-2026.xlsx"
DAY = dt.datetime(2026, 6, 15, 9, 0)


class Perfect:
    """An office program that makes no mistake, but for letters that hold ``spoils``."""

    program = "办公软件"
    merges = False

    def __init__(self, spoils: str = "") -> None:
        self.spoils = spoils
        self.converted = 0

    def convert(self, worker: int, documents: Mapping[Path, Path]) -> str:
        for source, target in documents.items():
            data = printed(source.read_bytes())
            text = "".join(page.extract_text() for page in PdfReader(__import__("io").BytesIO(data)).pages)
            if not (self.spoils and self.spoils in text):
                target.write_bytes(data)
                self.converted += 1
        return "没有写出这一份"

    def stop(self) -> None:
        pass


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "结果"
    assert not run([SAMPLE], Options(out, None, DAY.date(), DAY), inline).failed
    return out


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    import shutil

    shutil.copytree(finished, tmp_path / "结果")
    return tmp_path / "结果"


def convert(out: Path, program: Perfect | None = None, *, drafts: bool = True, into: Path | None = None) -> Printing:
    now = DAY + dt.timedelta(hours=1)
    return print_folder(out, program or Perfect(), drafts=drafts, jobs=2, merge_into=into, ran_at=now)


def letters(out: Path, ending: str) -> list[Path]:
    return sorted(p for p in out.glob(f"*/通知书/*{ending}"))


def test_every_letter_has_its_pdf_and_only_final_ones_without_drafts(out: Path) -> None:
    finals = [p for p in letters(out, ".docx") if ".草稿." not in p.name]
    assert finals
    done = convert(out, drafts=False)
    assert [p.with_suffix(".docx") for p in letters(out, ".pdf")] == finals
    assert done.letters == len(finals)
    done = convert(out)
    assert len(done.kept) == len(finals)
    assert [p.with_suffix(".docx") for p in letters(out, ".pdf")] == letters(out, ".docx")


def test_a_second_time_converts_nothing(out: Path) -> None:
    first = convert(out)
    before = {p: p.stat().st_mtime_ns for p in letters(out, ".pdf")}
    program = Perfect()
    again = convert(out, program)
    assert program.converted == 0
    assert (len(again.made), len(again.kept)) == (0, len(first.made))
    assert {p: p.stat().st_mtime_ns for p in letters(out, ".pdf")} == before


def test_a_pdf_that_is_not_the_letters_is_moved_aside_and_never_lost(out: Path) -> None:
    target = letters(out, ".docx")[0].with_suffix(".pdf")
    target.write_bytes("盖了章的扫描件".encode())
    done = convert(out)
    (moved,) = done.aside
    assert moved.read_bytes() == "盖了章的扫描件".encode()
    assert "旧件保留" in str(moved)
    assert target.read_bytes().startswith(b"%PDF")


def test_a_letter_that_fails_is_named_and_the_rest_finish(out: Path) -> None:
    every = letters(out, ".docx")
    done = convert(out, Perfect("X26-02"))
    assert {r.source.applicant for r in done.refused} == {"X26-02"}
    assert len(done.made) == len(every) - len(done.refused)


def test_a_letter_that_is_gone_is_named(out: Path) -> None:
    gone = letters(out, ".docx")[0]
    gone.unlink()
    gone.with_suffix(".pdf").write_bytes(b"%PDF of it")
    done = convert(out)
    (one,) = done.refused
    assert gone.name in one.issue.message
    assert "文件夹里没有" in one.issue.message
    assert not gone.with_suffix(".pdf").exists()  # aside: nobody takes it for a current one
    assert len(done.aside) == 1


def test_a_letter_that_somebody_edited_is_said(out: Path) -> None:
    edited = letters(out, ".docx")[0]
    edited.write_bytes(edited.read_bytes() + b"\0")
    said = [i.message for i in convert(out).issues if i.code == "print.edited"]
    assert said
    assert edited.name in said[0]


def test_a_record_of_an_older_program_is_said(out: Path) -> None:
    record = json.loads((out / MANIFEST).read_text())
    for entry in record["workbooks"].values():
        del entry["letters"]
    (out / MANIFEST).write_text(json.dumps(record))
    done = convert(out)
    assert done.letters == 0
    assert "旧版本程序" in done.issues[0].message


def test_a_new_run_takes_away_the_pdfs_of_letters_that_hold_no_longer(out: Path) -> None:
    convert(out)
    pdfs = letters(out, ".pdf")
    options = Options(out, dt.date(2026, 5, 1), DAY.date(), DAY + dt.timedelta(hours=2), letters=False)
    done = run([SAMPLE], options, inline)
    assert not letters(out, ".pdf")
    assert sum(p.suffix == ".pdf" for p in done.aside) == len(pdfs)


def test_the_same_run_again_keeps_the_pdfs(out: Path) -> None:
    convert(out)
    before = letters(out, ".pdf")
    again = run([SAMPLE], Options(out, None, DAY.date(), DAY + dt.timedelta(hours=2)), inline)
    assert letters(out, ".pdf") == before
    assert not again.aside


def test_one_file_for_two_sided_printing_in_the_letters_order(out: Path, tmp_path: Path) -> None:
    into = tmp_path / "合订.pdf"
    done = convert(out, Perfect("X26-02"), into=into)
    reader = PdfReader(into)
    pages = json.loads((tmp_path / "合订_页码表.json").read_text())
    assert len(reader.pages) == pages["pages"] == done.placed[-1].last
    assert [m["applicant_id"] for m in pages["missing"]] == ["X26-02"] * len(pages["missing"])
    record = json.loads((out / MANIFEST).read_text())
    order = [row[0] for entry in record["workbooks"].values() for row in entry["letters"] if row[0] != "X26-02"]
    assert [one["applicant_id"] for one in pages["letters"]] == order
    for one in pages["letters"]:
        assert one["first"] % 2 == 1
        text = "".join(reader.pages[one["first"] - 1].extract_text().split())
        assert "公示" in text if one["applicant"] == "社会公众" else "".join(one["applicant"].split()) in text
