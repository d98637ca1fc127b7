"""Fonts are looked up before; Word is asked without dialogs, one document at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from incubxl.letters import package
from incubxl.letters.shelf import shared_layouts
from incubxl.printing import fonts
from incubxl.printing.model import Printed, Refused
from incubxl.printing.word import Word
from incubxl.printing.work import print_letters
from tests.printing.paper import letter, printed


def test_the_letters_ask_for_the_fonts_of_the_standard() -> None:
    asked = set().union(*(fonts.asked(package.unpack(data)) for data in shared_layouts().values()))
    assert {"仿宋_GB2312", "方正小标宋简体", "黑体"} <= asked


@pytest.mark.parametrize(
    ("installed", "lacking"),
    [
        (set(), ["仿宋_GB2312", "黑体"]),
        ({"FangSong_GB2312"}, ["黑体"]),
        ({"fangsong_gb2312", "SIMHEI"}, []),
        ({"仿宋_GB2312", "黑体"}, []),
        ({"仿宋", "Noto Sans CJK SC"}, ["仿宋_GB2312", "黑体"]),
    ],
)
def test_a_font_is_missing_when_none_of_its_names_is_installed(installed: set[str], lacking: list[str]) -> None:
    found = fonts.missing(["黑体", "仿宋_GB2312"], lambda: installed, lambda font: f"代{font}")
    assert [m.font for m in found] == lacking
    assert [m.instead for m in found] == [f"代{font}" for font in lacking]


@pytest.mark.office
def test_fontconfig_names_what_stands_in_for_a_chinese_font() -> None:
    assert "Noto Sans CJK SC" in fonts.installed()
    assert "CJK" in fonts.instead("方正小标宋简体")


class FakeDocument:
    def __init__(self, word: FakeWord, path: str) -> None:
        self.word, self.path = word, path

    def ExportAsFixedFormat(self, *, OutputFileName: str, ExportFormat: int, **_: object) -> None:
        assert ExportFormat == 17
        data = Path(self.path).read_bytes()
        Path(OutputFileName).write_bytes(printed(data))

    def Close(self, *, SaveChanges: int) -> None:
        assert SaveChanges == 0
        self.word.open -= 1


class FakeWord:
    """The few members of Word's object model that are used."""

    def __init__(self) -> None:
        self.Documents = self
        self.open = 0
        self.opened: list[dict[str, object]] = []
        self.quits = 0
        self.breaks_at = 0

    def Open(self, *, FileName: str, **options: object) -> FakeDocument:
        assert Path(FileName).is_absolute()
        self.opened.append(options)
        if len(self.opened) == self.breaks_at:
            raise RuntimeError("文件损坏")
        self.open += 1
        return FakeDocument(self, FileName)

    def Quit(self, *, SaveChanges: int) -> None:
        assert SaveChanges == 0
        self.quits += 1


def test_word_converts_without_asking_anyone(tmp_path: Path) -> None:
    words: list[FakeWord] = []

    def start() -> Any:
        words.append(FakeWord())
        return words[-1]

    results = list(print_letters([letter(tmp_path, n) for n in range(1, 8)], Word(start), tmp_path, jobs=1))
    assert all(isinstance(r, Printed) for r in results)
    assert len(results) == 7
    for word in words:
        assert (word.open, word.quits) == (0, 1)
        assert word.Visible is False  # type: ignore[attr-defined]
        assert word.DisplayAlerts == 0  # type: ignore[attr-defined]
        assert word.AutomationSecurity == 3  # type: ignore[attr-defined]
        for options in word.opened:
            assert options["ReadOnly"] is True
            assert options["AddToRecentFiles"] is False


def test_a_document_that_word_cannot_open_costs_no_other(tmp_path: Path) -> None:
    word = FakeWord()
    word.breaks_at = 2
    results = list(print_letters([letter(tmp_path, n) for n in range(1, 5)], Word(lambda: word), tmp_path, jobs=1))
    assert sum(isinstance(r, Printed) for r in results) == 4  # the second time it opens
    assert word.open == 0


def test_a_word_that_does_not_start_is_said(tmp_path: Path) -> None:
    def start() -> Any:
        raise RuntimeError("类没有注册")

    (one,) = print_letters([letter(tmp_path, 1)], Word(start), tmp_path, jobs=1)
    assert isinstance(one, Refused)
    assert "Word 启动不了（类没有注册）" in one.issue.message
