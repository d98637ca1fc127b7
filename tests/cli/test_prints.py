"""incubxl letters pdf, as an official meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from incubxl.cli import prints
from incubxl.printing import libreoffice

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "xinjiang-makerspace-2026.xlsx"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "结果"
    command = [sys.executable, "-m", "incubxl", "run", str(SAMPLE), "--out", str(folder)]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    return folder


def test_without_an_office_program_it_is_said_what_to_install(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(libreoffice, "find", lambda: "")
    assert prints.pdf(out, None, 2, drafts=False, as_json=False) == 3
    said = capsys.readouterr().err
    assert "没有找到 LibreOffice" in said
    assert "libreoffice-writer" in said


def test_a_folder_that_is_no_result_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prints.pdf(tmp_path, None, 2, drafts=False, as_json=False) == 3
    assert "不是 incubxl run 的结果文件夹" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("合订.docx", "不是 PDF 的文件名"),
        ("别的.pdf", "已经存在，不是合订本，没有覆盖"),
    ],
)
def test_a_wrong_place_for_the_merged_file_is_said_before_anything(
    out: Path, tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "别的.pdf").write_bytes(b"%PDF-1.7 a contract")
    assert prints.pdf(out, tmp_path / name, 2, drafts=False, as_json=False) == 3
    assert said in capsys.readouterr().err


@pytest.mark.office
def test_the_sample_to_pdf_by_libreoffice(out: Path, tmp_path: Path) -> None:
    if not libreoffice.find():
        pytest.skip("LibreOffice is not installed")
    command = [sys.executable, "-m", "incubxl", "letters", "pdf", str(out), "--drafts", "--json"]
    command += ["--merged", str(tmp_path / "新建" / "合订.pdf")]  # a folder that is made
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    body = json.loads(done.stdout)
    assert body["letters"] == len(body["made"]) > 5
    assert body["refused"] == []
    missing = [i["message"] for i in body["issues"] if i["code"] == "print.font_missing"]
    assert done.returncode == (1 if missing else 0)
    assert f"{body['letters']} 份通知书：转成 PDF {body['letters']} 份" in done.stderr
    assert "双面打印用的合订本" in done.stderr
    assert (tmp_path / "新建" / "合订_页码表.json").is_file()
    assert all(Path(path).read_bytes().startswith(b"%PDF") for path in body["made"])
