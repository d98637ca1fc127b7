"""Work that goes on after its click: a folder on disk, a process of its own, a heartbeat, and a word to stop it.

``<home>/work/<id>/`` holds ``job.json`` (what was asked), ``beat.json`` (the worker's last sign of life), ``stop``
(there when the user wants an end), ``sheets/`` and, last, ``done.json`` (what came of it). Each file appears whole. The
click that begins the work, the worker and later clicks know each other by these files alone.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from incubxl.excel.own import home
from incubxl.excel.prepare import Prepared
from incubxl.excel.refused import RefusedError
from incubxl.publish.atomic import write_bytes

SILENT = 60.0  # seconds without a heartbeat, after which the worker is taken for dead
_KEPT = 14 * 86_400.0  # seconds that a finished work stays
_BROKEN = 3_600.0  # seconds after which a folder without a job is nobody's
_POLL = 0.2
_DETACHED, _OWN_GROUP = 0x8, 0x200  # of Windows: no console, no Ctrl-C of another's


@dataclass(frozen=True)
class Job:
    """``action`` is the button, ``book`` the key of the workbook it was pressed in (empty: none), ``about`` its name.

    ``window``: Excel's. ``options``: what the action needs, as text.
    """

    action: str
    label: str
    book: str
    window: int
    started: str
    options: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True)
class Beat:
    """``at`` in seconds since 1970; ``done`` of ``total`` pieces (0: not known yet)."""

    at: float
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Outcome:
    """``said``: complete Chinese. ``folder``: where results are, if anywhere. ``sheets``: how many wait."""

    state: Literal["done", "stopped", "failed"]
    said: str
    folder: str = ""
    sheets: int = 0


_JOB, _BEAT, _OUTCOME, _SHEET = TypeAdapter(Job), TypeAdapter(Beat), TypeAdapter(Outcome), TypeAdapter(Prepared)


@dataclass(frozen=True)
class Work:
    """One piece of work by its folder."""

    folder: Path

    @property
    def job(self) -> Job:
        return _JOB.validate_json((self.folder / "job.json").read_bytes())

    @property
    def beat(self) -> Beat:
        """The last sign of life; at first that of its beginning."""
        path = self.folder / "beat.json"
        if path.is_file():
            return _BEAT.validate_json(path.read_bytes())
        return Beat((self.folder / "job.json").stat().st_mtime)

    @property
    def outcome(self) -> Outcome | None:
        """What came of it; None while it runs."""
        path = self.folder / "done.json"
        if path.is_file():
            return _OUTCOME.validate_json(path.read_bytes())
        if time.time() - self.beat.at > SILENT:
            return Outcome("failed", "后台的程序没有写完就停了（可能被关机、注销或结束进程）。请再点一次，从头做")
        return None

    @property
    def stop_file(self) -> Path:
        return self.folder / "stop"

    def sheets(self) -> list[Prepared]:
        """The sheets that wait to be written into the workbook."""
        return [_SHEET.validate_json(path.read_bytes()) for path in sorted((self.folder / "sheets").glob("*.json"))]

    def live(self, done: int, total: int) -> None:
        """A sign of life, from the worker."""
        write_bytes(self.folder / "beat.json", json.dumps(asdict(Beat(time.time(), done, total))).encode())

    def finish(self, outcome: Outcome, sheets: Sequence[Prepared] = ()) -> None:
        """The end, from the worker."""
        folder = self.folder / "sheets"
        folder.mkdir(exist_ok=True)
        for n, sheet in enumerate(sheets):
            write_bytes(folder / f"{n:02}.json", _SHEET.dump_json(sheet))
        text = json.dumps({**asdict(outcome), "sheets": len(sheets)}, ensure_ascii=False)
        write_bytes(self.folder / "done.json", text.encode("utf-8", "replace"))

    def snapshot(self, name: str) -> Path:
        """Where the copy of the workbook goes that the work reads; it goes with the work."""
        return self.folder / "snapshot" / name

    def taken(self) -> None:
        """Its outcome has been told and applied: nothing of it is needed any more.

        What cannot be removed yet (a virus scanner looks at it) is no longer known as work, and is swept later.
        """
        (self.folder / "job.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def begin(job: Job, prepare: Callable[[Work], None] = lambda _: None) -> Work:
    """Start a process for ``job``. ``prepare`` puts what it needs (a snapshot) into the work's folder first.

    Raises RefusedError while other work goes on.
    """
    check_free()
    sweep()
    folder = home() / "work" / f"{dt.datetime.now():%Y%m%d-%H%M%S-%f}"  # noqa: DTZ005  (a name)
    folder.mkdir(parents=True)
    work = Work(folder)
    try:
        prepare(work)
        write_bytes(folder / "job.json", json.dumps(asdict(job), ensure_ascii=False).encode("utf-8", "replace"))
        _spawn(work)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return work


def check_free() -> None:
    """Raises RefusedError while other work goes on."""
    for other in works():
        if other.outcome is None:
            about = f"「{other.job.about}」的" if other.job.about else ""
            raise RefusedError(
                f"后台正在做{about}「{other.job.label}」（{progress(other)}），一次只做一件",
                "请等它完成（状态栏会提示），或点「停止」，再点一次",
            )


def _spawn(work: Work) -> None:
    """The same interpreter, kept apart from the environment as the add-in's launcher does, without a console."""
    line = [sys.executable, "-E", "-P", "-X", "utf8", "-m", "incubxl.excel.worker", f"--work={work.folder}"]
    windows = sys.platform == "win32"
    subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=_DETACHED | _OWN_GROUP if windows else 0,
        start_new_session=not windows,
        cwd=home(),  # not the work's folder, which could then not be removed
    )


def works() -> list[Work]:
    """Every work that is known, newest first."""
    found = (home() / "work").glob("*/job.json")
    return [Work(path.parent) for path in sorted(found, reverse=True)]


def last(action: str, book: str) -> Work | None:
    """The newest work of this button for this workbook."""
    return next((w for w in works() if (w.job.action, w.job.book) == (action, book)), None)


def wait(work: Work, seconds: float) -> Outcome | None:
    """The outcome, if it comes within ``seconds``."""
    until = time.monotonic() + seconds
    while True:
        outcome = work.outcome
        if outcome is not None or time.monotonic() > until:
            return outcome
        time.sleep(_POLL)


def progress(work: Work) -> str:
    """How far it is, in Chinese."""
    beat = work.beat
    return f"{beat.done}/{beat.total}" if beat.total else "正在开始"


def sweep() -> None:
    """Remove what nobody asks for any more, and what is left of work that never began: both hold registers."""
    for folder in (home() / "work").glob("*"):
        try:
            age = time.time() - folder.stat().st_mtime
        except OSError:
            continue  # another click has just removed it
        if age > (_KEPT if (folder / "job.json").is_file() else _BROKEN):
            shutil.rmtree(folder, ignore_errors=True)
