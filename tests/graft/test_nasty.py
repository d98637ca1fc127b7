"""Workbooks with what most libraries lose: the copy keeps all of it, and judges that are not ours open it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from incubxl.files.read import read_bytes
from tests.graft.build import TITLES, grafted
from tests.graft.compare import Book, problems
from tests.graft.nasty import CASES, MACROS, file_name
from tests.tools.sweep import new_errors


@pytest.fixture(scope="module", params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> tuple[str, bytes, bytes]:
    """Name, workbook, copy."""
    data = CASES[request.param]()
    return request.param, data, grafted(data, file_name(request.param))


def test_nothing_of_the_user_s_is_changed_or_lost(case: tuple[str, bytes, bytes]) -> None:
    _, data, copy = case
    assert problems(data, copy, TITLES) == []


def test_our_sheets_are_there_with_their_values(case: tuple[str, bytes, bytes]) -> None:
    _, _, copy = case
    grid, issues = read_bytes(copy, "x.xlsx")
    assert grid is not None
    assert [title for title, _, _ in Book(copy).sheets][-2:] == list(TITLES)
    rows = grid.sheets[TITLES[0]].rows
    assert [str(v) for v in rows[4][:5]] == ["A-001", "符合", "2026-05-02", "1201.5", "=甲&乙<1>"]
    assert grid.sheets[TITLES[1]].rows[2][:2] == ["甲", "_x000D_\n乙"]
    assert not [i for i in issues if i.place.sheet in TITLES]


def test_a_second_run_replaces_ours_and_nothing_else(case: tuple[str, bytes, bytes]) -> None:
    name, data, copy = case
    again = grafted(copy, file_name(name))
    assert problems(data, again, TITLES) == []
    assert len(Book(again).sheets) == len(Book(copy).sheets)
    assert sorted(Book(again).names) == sorted(Book(copy).names)  # nothing piles up
    styles = next((t for k, t, _ in Book(copy).relations(Book(copy).workbook) if k == "styles"), "")
    assert Book(again).read(styles) == Book(copy).read(styles)


def test_microsoft_s_validator_finds_nothing_new(case: tuple[str, bytes, bytes], validator: str) -> None:
    name, data, copy = case
    assert new_errors(validator, data, copy, Path(file_name(name)).suffix) == []


def test_libreoffice_opens_every_copy_and_lists_its_sheets(office: Callable[..., list[Path]], tmp_path: Path) -> None:
    files = []
    for name, build in CASES.items():
        files.append(tmp_path / file_name(name))
        files[-1].write_bytes(grafted(build(), file_name(name)))
    out = tmp_path / "ods"
    for file, made in zip(files, office(files, "ods", out), strict=True):
        with zipfile.ZipFile(made) as archive:
            tables = etree.fromstring(archive.read("content.xml")).iterfind(".//{*}table")
            listed = [t.get("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}name") for t in tables]
        titles = [title for title, _, _ in Book(file.read_bytes()).sheets]
        assert [t for t in listed if t in titles] == titles, file.name


def test_there_are_thirty() -> None:
    assert len(CASES) >= 30
    assert set(CASES) >= MACROS
