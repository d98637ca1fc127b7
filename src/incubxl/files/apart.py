"""calamine in a process of its own where it may take much memory, so that this one lives on where memory ends.

What cannot take much is read here: handing it over would take a sixth of the time of reading. Where that process ends,
or cannot begin, or answers more than fits in here, calamine has read nothing, and the exact reader reads. So it does
where even a bounded block would take more than any register: one text that a million cells share, say. A process that
is itself there to be lost, a worker of ``run --jobs``, needs no other.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from incubxl.files import calamine

if TYPE_CHECKING:
    from incubxl.files.calamine import Rows

_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_MUCH = 80 << 20  # bytes: two million cells
_MOST = 512 << 20  # and thirteen
_here = threading.Event()


def in_this_process() -> None:
    """Read here from now on: this process may be lost, and its parent knows what to do then."""
    _here.set()


def read(package: bytes, sheets: Sequence[str], takes: int) -> dict[str, Rows]:
    """Sheet → rows from A1, for those of the sheets called ``sheets`` that calamine can read.

    ``takes``: bytes that it may allocate.
    """
    if takes > _MOST:
        return {}
    if takes <= _MUCH or _here.is_set():
        return calamine.parse(package, sheets)
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and file)
            [sys.executable or "", "-P", "-X", "utf8", calamine.__file__],
            input=calamine.request(package, sheets),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_NO_WINDOW,
            check=False,
        )
        return calamine.unpacked(done.stdout) if done.returncode == 0 else {}
    except (OSError, EOFError, MemoryError):
        return {}
