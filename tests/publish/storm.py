"""A run over an earlier run's results, killed at every write step or on a disk that fills up.

``python -m tests.publish.storm kill|full TRIES FOLDER`` prints what became of it as JSON. Each try is a fork of one
warm process: the same earlier results, a changed register, and an end at another step. Afterwards every file must be
byte for byte the old or the new one, the audit record sound, and a run with ``resume`` must finish. (Where a workbook
was told to have failed, the summary that says so is a third whole file.)
"""

from __future__ import annotations

import datetime as dt
import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.batch.build import concluded, data, filled

from incubxl.audit.chain import LOCK, RECORD
from incubxl.audit.verify import verify
from incubxl.batch.bounds import LOCK as RUN_LOCK
from incubxl.batch.keeping import KEPT
from incubxl.batch.manifest import MANIFEST, SUMMARY, CannotStart
from incubxl.batch.model import Options
from incubxl.batch.outputs import ANNOUNCED
from incubxl.batch.run import Run, inline, run
from incubxl.publish.atomic import PREFIX

_OLD, _NEW = dt.datetime(2026, 6, 20, 9, 30), dt.datetime(2026, 6, 21, 9, 30)
_OURS = (RUN_LOCK, LOCK, ANNOUNCED, RECORD)  # the record is checked by its chain


def _inputs(folder: Path, *, changed: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(2):
        made = concluded(
            filled(2, first=1 + 2 * n, name="（示例）改名后的空间" if changed else "（示例）空间"), "correction"
        )
        (folder / f"登记{n}.xlsx").write_bytes(data(made))


def _go(at: dt.datetime, *, resume: bool = False) -> Run:
    return run([Path("in")], Options(Path("out"), None, at.date(), at), inline, resume=resume, clock=lambda: at)


def _files(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and KEPT not in path.parts and not path.name.startswith((*_OURS, PREFIX))
    }


class Killer:
    """Counts the steps at which something is written, and ends the process at one of them. Half of a write is done."""

    def __init__(self, at: int, end: Callable[[], Any]) -> None:
        self.at, self.seen, self._end = at, 0, end

    def step(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            self._end()

    def arm(self) -> None:
        write_bytes = Path.write_bytes

        def half(path: Path, content: bytes) -> int:
            self.seen += 1
            if self.seen == self.at:
                write_bytes(path, content[: len(content) // 2])
                self._end()
            return write_bytes(path, content)

        Path.write_bytes = half  # type: ignore[method-assign,assignment]
        for owner, name in ((os, "fsync"), (os, "open"), (Path, "replace"), (Path, "unlink"), (Path, "rename"),
                            (Path, "mkdir"), (os, "utime")):  # fmt: skip
            setattr(owner, name, self._around(getattr(owner, name)))

    def _around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def before_and_after(*arguments: Any, **more: Any) -> Any:
            self.step()
            answer = real(*arguments, **more)
            self.step()
            return answer

        return before_and_after


def _child(folder: Path, at: int, end: Callable[[], Any]) -> int:
    """The run in a fork; gives how it ended: 0 done, 1 with a word about it, 9 killed, 2 a traceback."""
    child = os.fork()
    if not child:
        code = 2
        try:
            os.chdir(folder)
            killer = Killer(at, end)
            killer.arm()
            done = _go(_NEW)
            code = 1 if done.trouble or done.failed else 0
            if at < 0:
                (folder / "steps").write_text(str(killer.seen))
        except CannotStart:
            code = 1
        except BaseException:  # noqa: BLE001
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return 9 if status == -signal.SIGKILL else status


def _room(folder: Path) -> int:
    """KiB that the files take on a tmpfs."""
    return sum(-(-path.stat().st_size // 4096) * 4 for path in folder.rglob("*") if path.is_file())


class Storm:
    """``old`` and ``new``: what stands in the output folder before and after an undisturbed run."""

    def __init__(self, work: Path) -> None:
        self.base, self.tries = work / "base", work / "tries"
        _inputs(self.base / "in", changed=False)
        os.chdir(self.base)
        _go(_OLD)
        self.old = _files(self.base / "out")
        _inputs(self.base / "in", changed=True)
        whole = self._fresh(work / "whole")
        assert _child(whole, -1, lambda: None) == 0
        self.new = _files(whole / "out")
        self.room = (_room(self.base), _room(whole))
        self.steps = int((whole / "steps").read_text())
        assert self.old != self.new

    def _fresh(self, folder: Path) -> Path:
        shutil.copytree(self.base, folder)
        return folder

    def killed(self, n: int, tries: int) -> str:
        """One try that ends at a step; evenly over all of them."""
        folder = self._fresh(self.tries)
        code = _child(folder, 1 + (n * self.steps) // tries, lambda: os.kill(os.getpid(), signal.SIGKILL))
        return self._judge(folder, code)

    def full(self, n: int, tries: int) -> str:
        """One try on a disk that fills up: a small tmpfs, or an error at every write from a step on."""
        folder = self.tries
        folder.mkdir(parents=True)
        size = self.room[0] + 8 + (n * (self.room[1] - self.room[0])) // tries
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(folder)]
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            try:
                shutil.copytree(self.base, folder, dirs_exist_ok=True)
                code = _child(folder, 0, lambda: None)
                subprocess.run(["mount", "-o", f"remount,size={size * 8}k", str(folder)], check=True)
                return self._judge(folder, code, clean=False)
            finally:
                os.chdir(self.base)
                subprocess.run(["umount", str(folder)], check=True)
                shutil.rmtree(folder)
        folder.rmdir()
        self._fresh(folder)

        def no_space() -> None:
            killer_frame = sys._getframe(1).f_locals["self"]
            killer_frame.at += 1  # and so on at every later step
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return self._judge(folder, _child(folder, 1 + (n * self.steps) // tries, no_space))

    def _judge(self, folder: Path, code: int, *, clean: bool = True) -> str:
        found = _files(folder / "out")
        if code == 2:
            return "a traceback"
        for name, content in found.items():
            first = name.replace("/旧件保留/20260621-093000/", "/")  # an earlier letter moved aside is whole too
            if content in (self.old.get(first), self.new.get(first)) or name == MANIFEST:
                continue
            if not (name == SUMMARY and code == 1 and zipfile.ZipFile(io.BytesIO(content)).testzip() is None):
                return f"{name} is neither the old nor the new file"
        json.loads((folder / "out" / MANIFEST).read_bytes())
        lost = [name for name in self.old.keys() & self.new.keys() if name not in found and "通知书" not in name]
        if lost:
            return f"{lost} are gone"
        os.chdir(folder)
        checked = verify(Path("out"))
        if not checked.sound:
            return f"the record: {[i.message for i in checked.issues]}"
        again = _go(_NEW + dt.timedelta(hours=1), resume=True)
        if again.failed or again.trouble:
            return f"cannot be resumed: {again.trouble} {[d.told for d in again.failed]}"
        if not verify(Path("out")).sound:
            return "the record after the second run"
        finals = {name for name in self.new if "旧件保留" not in name}
        if missing := finals - _files(Path("out")).keys():
            return f"{missing} are missing after the second run"
        os.chdir(self.base)
        if clean:
            shutil.rmtree(folder)
        return {0: "finished", 1: "told", 9: "killed"}[code]


def main() -> int:
    kind, tries, work = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    os.environ["INCUBXL_HOME"] = str(work / "home")
    storm = Storm(work)
    ends = Counter((storm.killed if kind == "kill" else storm.full)(n, tries) for n in range(tries))
    print(json.dumps({"steps": storm.steps, "ends": ends}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
