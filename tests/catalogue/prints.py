"""Bad folders of results for every code of printing, with an office program that only seems to be LibreOffice."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from incubxl.batch.manifest import MANIFEST
from incubxl.batch.prints import print_folder
from incubxl.cli.prints import office_program
from incubxl.issues import Issue
from incubxl.printing import fonts, glyphs, libreoffice
from incubxl.printing.libreoffice import LibreOffice
from tests.batch.build import RAN_AT, concluded, data, filled, go
from tests.catalogue.bad import Bad, bare
from tests.printing import fake_soffice

NAME = "登记.xlsx"
LETTER = "XJ-00001_不予备案_示例众创空间1.docx"


def finished(folder: Path) -> Path:
    """The results of a register of one applicant, whose letter is final."""
    path = folder / NAME
    path.write_bytes(data(concluded(filled(1))))
    assert not go(path, out=folder / "结果").failed
    return folder / "结果"


def letter_of(out: Path) -> Path:
    (found,) = out.glob("*/通知书/*.docx")
    return found


def failed_again(out: Path) -> None:
    """The workbook has become something that cannot be read, and the run was done once more."""
    (out.parent / NAME).write_bytes(b"")
    assert go(out.parent / NAME, out=out).failed


def older(out: Path) -> None:
    """The record of a program that did not write down its letters."""
    record = json.loads((out / MANIFEST).read_text("utf-8"))
    for entry in record["workbooks"].values():
        del entry["letters"]
    (out / MANIFEST).write_text(json.dumps(record), "utf-8")


def _printed(place: str, spoil: Callable[[Path], object] = lambda _: None, behaviour: str = "good", *also: str) -> Bad:
    def made(folder: Path) -> list[Issue]:
        out = finished(folder)
        spoil(out)
        (folder / "notes").mkdir()
        office = LibreOffice([sys.executable, fake_soffice.__file__, str(folder / "notes"), behaviour], folder)
        with mock.patch.object(fonts, "installed", return_value=set()):  # nobody can tell: not what is tested here
            done = print_folder(out, office, drafts=False, jobs=1, merge_into=None, ran_at=RAN_AT)
        return [bare(i, folder) for i in (*done.issues, *(refused.issue for refused in done.refused))]

    return Bad(place, made, frozenset(also))


RARE = "示例\U0002a6a5众创空间"  # of a plane that few fonts have


def _rare(fonts_have: glyphs.Drawn | None) -> Bad:
    def made(folder: Path) -> list[Issue]:
        path = folder / NAME
        path.write_bytes(data(concluded(filled(1, name=RARE))))
        go(path, out=folder / "结果")
        (folder / "notes").mkdir()
        office = LibreOffice([sys.executable, fake_soffice.__file__, str(folder / "notes"), "good"], folder)
        with (
            mock.patch.object(fonts, "installed", return_value=set()),
            mock.patch.object(glyphs, "drawn", return_value=fonts_have),
        ):
            done = print_folder(folder / "结果", office, drafts=False, jobs=1, merge_into=None, ran_at=RAN_AT)
        return [bare(i, folder) for i in (*done.issues, *(refused.issue for refused in done.refused))]

    also = frozenset({"print.font_not_embedded"}) if fonts_have is None else frozenset()  # a PDF was made
    return Bad(LETTER.replace("示例众创空间1", RARE), made, also)


def _no_office(folder: Path) -> list[Issue]:
    with (
        mock.patch.dict(os.environ, PATH=str(folder)),
        mock.patch.object(libreoffice, "_PLACES", ()),
        office_program() as found,
    ):
        return [found] if isinstance(found, Issue) else []


BAD: dict[str, Bad] = {
    "print.failed": _printed(LETTER, behaviour="nothing"),
    "print.incomplete": _printed(LETTER, lambda _: None, "lacks:备"),
    "print.font_not_embedded": _printed(""),
    "print.gone": _printed(LETTER, lambda out: letter_of(out).unlink()),
    "print.unreadable": _printed(
        LETTER, lambda out: letter_of(out).write_bytes(letter_of(out).read_bytes()[:500]), "good", "print.edited"
    ),
    "print.not_done": _printed(NAME, failed_again),
    "print.old_record": _printed(NAME, older),
    "print.no_office": Bad("", _no_office),
    "print.no_glyph": _rare(glyphs.Drawn([(0x20, 0xFFFF)])),
    "print.glyph_unsure": _rare(None),
}
