"""calamine in a process of its own, so that this one lives on where memory ends. One for all workbooks, begun late.

It reads what may take much memory. What cannot is read here: handing it over would take a sixth of the time of reading.
Where that process ends, or cannot begin, calamine has read nothing, and the exact reader reads. A process that is
itself there to be lost, a worker of ``run --jobs``, reads everything by itself.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from incubxl.files import calamine

if TYPE_CHECKING:
    from incubxl.files.calamine import Rows

_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_MUCH = 80 << 20  # bytes: two million cells
_here = threading.Event()


def in_this_process() -> None:
    """Read here from now on: this process may be lost, and its parent knows what to do then."""
    _here.set()


def read(package: bytes, sheets: Sequence[str], takes: int) -> dict[str, Rows]:
    """Sheet → rows from A1, for those of the sheets called ``sheets`` that calamine can read.

    ``takes``: bytes that it may allocate.
    """
    if _here.is_set() or takes <= _MUCH:
        return calamine.parse(package, sheets)
    return _child(os.getpid()).ask(package, sheets)


@lru_cache(maxsize=1)
def _child(parent: int) -> _Child:
    """The child of this process; a process that is forked off gets another one."""
    child = _Child(parent)
    atexit.register(child.end)
    return child


class _Child:
    """Begun by the first question, and anew after it has ended."""

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, package: bytes, sheets: Sequence[str]) -> dict[str, Rows]:
        """What it reads; nothing where it ends meanwhile."""
        with self._lock:
            try:
                to, back = self._streams()
                calamine.send(to, calamine.BETWEEN.join(sheets).encode("utf-8", "surrogatepass"))
                calamine.send(to, package)
                return calamine.unpacked(calamine.received(back))
            except (OSError, EOFError):
                self.end()
                return {}
            except BaseException:  # the next question must not get this one's answer
                self.end()
                raise

    def _streams(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and file)
                [sys.executable, "-P", "-X", "utf8", calamine.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=_NO_WINDOW,
            )
        assert self._process.stdin and self._process.stdout
        return self._process.stdin, self._process.stdout

    def end(self) -> None:
        """End it. What a process has that was forked off is none of its own."""
        process, self._process = self._process, None
        if process is None or os.getpid() != self._parent:
            return
        process.kill()
        process.wait()
        assert process.stdin and process.stdout
        with suppress(OSError):  # it may hold what was not sent any more
            process.stdin.close()
        process.stdout.close()
