"""docs/whole-year.md as a script: its commands in their order, and between them what it tells a person to do."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import openpyxl

from incubxl.cli import main
from tests.collect.fill import put
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "whole-year.md"
TEXT = PAGE.read_text(encoding="utf-8")
HEAD, *SECTIONS = re.split(r"^## ", TEXT, flags=re.MULTILINE)
_STEP = re.compile(
    r"^```\n(?P<commands>.+?)\n```$|^<!-- 人工：(?P<hand>\S+) (?P<where>\S+) -->$|(?P<got>得到：[^。\n]+)",
    re.MULTILINE | re.DOTALL,
)
_DONE = (0, 1)  # done; done, with the findings that the samples have on purpose
SITE = "www.example.org"


def section(id: str) -> str:
    """The part of the page about a measure."""
    found = [s for s in SECTIONS if f"incubxl new {id} " in s]
    assert len(found) == 1
    return found[0]


def follow(text: str) -> list[str]:
    """Do what the text says, in its order and in the current folder; the commands that need LibreOffice, which is
    not there."""
    left: list[str] = []
    for step in _STEP.finditer(text):
        if step["commands"]:
            for line in step["commands"].split("\n"):
                words = shlex.split(line)
                assert words[0] == "incubxl"
                if words[1:3] == ["letters", "pdf"] and not shutil.which("soffice"):
                    left.append(line)
                    continue
                code = _run(*words[1:])
                assert code in _DONE, f"{line}: {code}"
        elif step["hand"]:
            _BY_HAND[step["hand"]](Path(step["where"]), text[step.end() :])
        else:
            named = re.findall(r"`([^`]+)`", step["got"])
            assert named
            gone = [p for p in named if not Path(p).exists() and not any(p in line for line in left)]
            assert gone == []
    return left


def _run(*words: str) -> int:
    was = sys.argv
    sys.argv = ["incubxl", *words]
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    finally:
        sys.argv = was
    raise AssertionError("the program did not leave with an exit code")


def _experts(path: Path, after: str) -> None:
    """The workbook with the table that follows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = [line for line in after.strip().split("\n\n")[0].split("\n") if not line.startswith("|---")]
    for row in rows:
        sheet.append([cell.strip() for cell in row.strip("|").split("|")])
    assert sheet.max_row > 1
    book.save(path)


def _points(folder: Path, _: str) -> None:
    """Every expert gives every unit eight tenths of the full points."""
    books = sorted(folder.glob("*.xlsx"))
    assert books
    for path in books:
        book = openpyxl.load_workbook(path)
        sheet = book["评分表"]
        titles = next(row for row in sheet.iter_rows() if any(cell.value == "满分" for cell in row))
        at = {str(cell.value): cell.column for cell in titles}
        for row in range(titles[0].row + 1, sheet.max_row + 1):
            full = sheet.cell(row, at["满分"]).value
            if isinstance(full, int | float):
                sheet.cell(row, at["得分"]).value = full * 0.8
        book.save(path)


def _one_form(folder: Path, _: str) -> None:
    """One form is opened, its 网址 (where it asks for it) filled in, and saved; the others are not returned."""
    path = next(p for p in sorted(folder.glob("*.xlsx")) if p.name != "发放清单.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if any(cell.value == "网址" for row in sheet.iter_rows() for cell in row):
            put(sheet, "网址", SITE)
    book.save(path)


_BY_HAND = {"专家名单": _experts, "打分": _points, "填表": _one_form}
