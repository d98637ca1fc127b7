"""Reference transcripts: what each button says to the test tool's Excel on one sample. ``python -m tests.live.record``.

A new button of the ribbon needs nothing but this command; a line in BEFORE where it acts on what another one wrote, and
one in CHOSEN where it asks for a file or folder, or in TYPED where it asks for text. Questions are answered with 是.
Mail goes to a server on this machine, on a Monday.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands, guard, own, recorder, work
from tests.conftest import ROOT
from tests.live.fakewin import Scene, app, serve
from tests.mail.account import served
from tests.mail.server import certificates

FOLDER = Path(__file__).parent / "transcripts"
SAMPLE = ROOT / "samples" / "national-base-2026.xlsx"  # graded, with a chart, a notice, and every kind of finding
SELECTED = ("申报登记", "B9")
BEFORE = {
    "undo": ("gaps",),
    "open_folder": ("make_letters",),
    "mail_preview": ("make_letters",),
    "mail_drafts": ("make_letters",),
    "mail_send": ("make_letters", "mail_drafts"),
    "mail_ledger": ("make_letters", "mail_drafts"),
}
CHOSEN = {
    "make_letters": "通知书存放",
    "run_folder": "各区报来",
    "new_workbook": "登记2027.xlsx",
    "import_returns": "退回",
    "scoring_make": "专家.xlsx",
    "scoring_read": "评审",
    "scoring_pack": "评审",
}
FILLED = "import_returns"  # whose folder holds one filled form
SCORED = ROOT / "samples" / "urumqi-intl-2026.xlsx"  # whose indicators experts score
SAMPLES = dict.fromkeys(("scoring_make", "scoring_read", "scoring_pack"), SCORED)
TYPED = {
    "mail_send": ("示例乙", lambda asked: re.findall(r"\d+", asked)[0]),
    "collect_make": ("1",),
    "scoring_make": ("2", "第一轮"),
    "scoring_read": ("3.5",),
    "scoring_pack": ("3.5",),
}
MONDAY = dt.datetime(2026, 6, 22, 9, 0)
_PATIENCE = 120.0  # seconds for background work, so that one click ends it
_BUTTON = re.compile(r'<button id="(\w+)"')


def buttons() -> list[str]:
    """The ids of the ribbon's buttons, which are the names of their functions."""
    return _BUTTON.findall((ROOT / "macros" / "customUI14.xml").read_text(encoding="utf-8"))


def sample(id: str) -> Path:
    """The sample on which a button is recorded."""
    return SAMPLES.get(id, SAMPLE)


def play(book: Any, id: str, folder: Path) -> str:
    """Press the button in ``book`` (a fresh copy of the sample) and give its transcript, without what varies.

    ``folder``: an empty one of this click's, for the files and folders that are chosen.
    """
    names = [name for press in (*BEFORE.get(id, ()), id) if (name := CHOSEN.get(press))]
    chosen = [path for name in names for path in _choices(folder, name)]
    Scene.application.chosen = [*chosen, *TYPED.get(id, ())]
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(work, "PATIENCE", _PATIENCE)
        if id.startswith("mail_"):
            patch.setattr(guard, "now", lambda: MONDAY)
            stack.enter_context(served(certificates(folder), own.home(), patch))
        return _play(book, id)


def _choices(folder: Path, name: str) -> list[Path]:
    path = folder / name
    if name == CHOSEN["scoring_read"]:
        return [path, _issue(path)]
    if not path.suffix:
        path.mkdir()
        if name == CHOSEN[FILLED]:
            _return(path)
        else:
            shutil.copy(SAMPLE, path)
    elif name == CHOSEN["scoring_make"]:
        _experts(path)
    return [path]


def _experts(path: Path) -> Path:
    from tests.scoring.build import experts

    return experts(path, [(f"E{n}", f"示例机构{n}", "", "") for n in range(1, 5)])


def _issue(folder: Path) -> Path:
    """A round of the sample's; gives the folder of its books, which come back as they went out."""
    from incubxl.scoring.make import BOOKS, make

    people = _experts(folder.parent / CHOSEN["scoring_make"])
    made, issues = make(SCORED, people, 2, folder, "第一轮", MONDAY, blind=True)
    assert made is not None, issues
    return folder / BOOKS


def _return(folder: Path) -> None:
    """One filled form of the sample's: a value that differs and a new row."""
    from tests.collect.fill import edit, made, put, under

    def fill(book: Any) -> None:
        put(book["填表"], "员工总数", 50)
        under(book["填表"], "国家").value = "哈萨克斯坦"

    edit(made(folder.parent / "发出", SAMPLE, form="附件1").files["N02"], fill, folder / "N02.xlsx")


def _play(book: Any, id: str) -> str:
    sheet = book.api.Worksheets(SELECTED[0])
    sheet.Activate()
    sheet.Range(SELECTED[1]).Select()
    for earlier in BEFORE.get(id, ()):
        assert getattr(commands, earlier)(), Scene.dialogs
    seen = set(recorder.folder().glob("*.txt"))
    recorder.switch(True)
    try:
        assert getattr(commands, id)(), Scene.dialogs
    finally:
        recorder.switch(False)
    (path,) = set(recorder.folder().glob("*.txt")) - seen
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    accesses = [line for line in lines if not line.startswith("#")]
    return "\n".join([head, f"# sample: {sample(id).name}", *accesses]) + "\n"


def main() -> int:
    from tests.live.books import Application
    from tests.live.office import Office

    command = shutil.which("soffice")
    if not command:
        print("LibreOffice is not installed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        os.environ["INCUBXL_HOME"] = str(folder / "own")
        office = Office(command, folder)
        try:
            for stale in FOLDER.glob("*.txt"):
                stale.unlink()
            for id in buttons():
                (FOLDER / f"{id}.txt").write_text(_pressed(Application(office), folder, id), encoding="utf-8")
                print(id)
        finally:
            office.stop()
    return 0


def _pressed(application: Any, folder: Path, id: str) -> str:
    engine = serve(application)
    path = folder / id / sample(id).name
    path.parent.mkdir()
    shutil.copy(sample(id), path)
    book = app().books.open(str(path))
    engine.BOOK_CALLER = book.impl.xl
    try:
        return play(book, id, path.parent)
    finally:
        engine.BOOK_CALLER = None
        for open_book in list(application.books):
            open_book.Close()


if __name__ == "__main__":
    sys.exit(main())
