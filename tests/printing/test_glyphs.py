"""A character that no installed font can draw is told before conversion, and its letter is not called checked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from incubxl.printing.glyphs import Drawn, characters, drawn, lacking, named
from tests.batch.build import concluded, data, filled, go
from tests.mail.build import docx

LACKED = "\U0002a6a5"  # 𪚥: of CJK extension B, in none of the fonts that Debian's fonts-noto-cjk holds


@pytest.mark.parametrize(
    ("ranges", "has", "lacks"),
    [
        ([(0x4E00, 0x9FFF)], "一龥", "㐀𪚥"),
        ([(0x4E10, 0x4E20), (0x4E00, 0x4E12), (0x20BB7, 0x20BB7)], "一丠𠮷", "中𠮶𠮸"),
        ([], "", "一"),
    ],
)
def test_what_fonts_have_together(ranges: list[tuple[int, int]], has: str, lacks: str) -> None:
    fonts = Drawn(ranges)
    assert all(c in fonts for c in has)
    assert not any(c in fonts for c in lacks)


def test_only_what_leaves_ink_is_looked_for() -> None:
    said = characters({"word/document.xml": _document("甲\u00a0\u3000\u200b\u2060乙\ufe00丙\U000e0100 A1")})
    assert set(said) == set("甲乙丙")


def test_where_nobody_can_tell_the_characters_of_later_planes_are_named() -> None:
    members = {"word/document.xml": _document(f"示例{LACKED}公司㐀")}
    assert list(lacking(members, None)) == [LACKED]
    assert list(lacking(members, Drawn([(0x4E00, 0x9FFF)]))) == [LACKED, "㐀"]
    assert named(lacking(members, None)) == f"「{LACKED}」（U+2A6A5，在「示例{LACKED}公司㐀」里）"


def _document(text: str) -> bytes:
    from incubxl.letters import package

    return package.unpack(docx(text))["word/document.xml"]


@pytest.mark.office
def test_a_name_that_would_be_a_box_gives_no_pdf(tmp_path: Path) -> None:
    if not shutil.which("fc-list") or not shutil.which("soffice"):
        pytest.skip("fontconfig or LibreOffice is not installed")
    fonts = drawn()
    assert fonts is not None
    assert LACKED not in fonts
    name = f"示例{LACKED}众创空间"
    (tmp_path / "登记.xlsx").write_bytes(data(concluded(filled(2, name=name))))
    go(tmp_path / "登记.xlsx", out=tmp_path / "结果")
    command = [sys.executable, "-m", "incubxl", "letters", "pdf", str(tmp_path / "结果"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    body = json.loads(done.stdout)
    assert [Path(made).name for made in body["made"]] == ["XJ-00002_不予备案_示例众创空间2.pdf"]
    (refused,) = body["refused"]
    assert refused["code"] == "print.no_glyph"
    assert Path(refused["file"]).name.startswith("XJ-00001_不予备案")
    assert f"「{LACKED}」（U+2A6A5" in refused["message"]
    assert name in refused["message"]
    assert "2 份通知书：转成 PDF 1 份" in done.stderr
    assert len(list((tmp_path / "结果").rglob("*.pdf"))) == 1
    assert done.returncode == 4
