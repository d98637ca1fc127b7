"""One writer at a time: a lock on a folder, known by a hidden file in it, that says who holds it.

The existence of the file is the lock. That holds on network shares too, where the locks of the system do not reach
every machine, and between a machine that has the folder itself and one that sees it as a share. A lock that a dead
process of this machine left is taken over; one that another machine left must be deleted by a person.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import SoftFileLock, Timeout

from incubxl.publish.atomic import write_bytes

_UNFINISHED = 3.0  # seconds after which a lock that says nothing was left by a process killed while it made it


@dataclass(frozen=True)
class Holder:
    """Who holds a lock. Empty where nothing is known. ``since``: local time as text."""

    user: str = ""
    machine: str = ""
    since: str = ""
    process: int = 0

    def __str__(self) -> str:
        if not self.user:
            return "另一个程序"
        return f"{self.user}（计算机 {self.machine}，{self.since} 起，进程 {self.process}）"


class HeldError(Exception):
    """Somebody else is at work. ``lock``: the file to delete when surely nobody is."""

    def __init__(self, holder: Holder, lock: Path) -> None:
        super().__init__(str(holder))
        self.holder, self.lock = holder, lock


def operator() -> tuple[str, str]:
    """The user of this process and the machine's name, as the system knows them."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        user = str(os.getuid()) if hasattr(os, "getuid") else "（系统未给出）"
    return user, platform.node()


@contextmanager
def held(path: Path, *, patience: float = _UNFINISHED + 1) -> Iterator[None]:
    """Hold the lock file ``path``, whose folder must exist.

    Raises HeldError when somebody else still holds it after ``patience`` seconds.
    """
    said = path.with_name(f"{path.name}.json")
    lock = SoftFileLock(path)
    try:
        _acquire(lock, patience)
    except Timeout as error:
        raise HeldError(_holder(said), path) from error
    try:
        user, machine = operator()
        now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
        write_bytes(said, json.dumps(asdict(Holder(user, machine, f"{now:%Y-%m-%d %H:%M}", os.getpid()))).encode())
        yield
    finally:
        with suppress(OSError):  # the name of who held it: the lock itself is what counts
            said.unlink()
        lock.release()


@contextmanager
def taken(lock: SoftFileLock, patience: float) -> Iterator[None]:
    """Hold a lock for a moment, waiting for others. Raises filelock.Timeout, which is an OSError."""
    _acquire(lock, patience)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: SoftFileLock, patience: float) -> None:
    first = min(patience, _UNFINISHED + 1)
    try:
        lock.acquire(timeout=first, poll_interval=0.02)
    except Timeout:
        path = Path(lock.lock_file)
        with suppress(FileNotFoundError):
            seen = path.stat()
            if not seen.st_size and time.time() - seen.st_mtime > _UNFINISHED:  # filelock leaves those alone
                path.unlink()
        lock.acquire(timeout=max(patience - first, 0), poll_interval=0.02)


def _holder(said: Path) -> Holder:
    try:
        return Holder(**json.loads(said.read_bytes()))
    except (OSError, ValueError, TypeError):
        return Holder()
