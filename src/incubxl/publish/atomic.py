"""Write a file whole or not at all: a temporary file in the same folder, fsync, replace, fsync of the folder.

A process that is killed leaves the old file or the new one, and at worst a temporary file that ``sweep`` removes.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".incubxl-"
SUFFIX = ".tmp"

_NEW_FILE_MODE = 0o666
_SHARING_RETRIES = 12  # Windows: a virus scanner or the preview pane may hold the target for a moment
_SHARING_PAUSE = 0.25  # seconds
_NO_FOLDER_SYNC = frozenset((errno.EINVAL, errno.ENOTSUP))  # some network shares


class ChangedError(OSError):
    """Somebody changed the target since it was looked at; it is left as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ESTALE, "写出之前它被别人改过，没有覆盖", str(path))


class HeldOpenError(PermissionError):
    """Windows: another program has held the target open all the while; it is left as it is."""


def standing(path: Path) -> str:
    """SHA-256 of what stands at ``path``, empty where nothing does: to be given to ``writing`` later."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def write_bytes(path: Path, data: bytes, *, stood: str | None = None, settled: bool = True) -> None:
    """Replace or create ``path`` with ``data``. Raises OSError; what stood there is then untouched.

    Without ``settled`` the caller calls ``settle`` for the folder when its last file is written. ``stood``: as in
    ``writing``.
    """
    with writing(path, stood=stood, settled=settled) as temp:
        temp.write_bytes(data)


def write_beside(path: Path, data: bytes, mark: str) -> Path:
    """As ``write_bytes``; where another program does not let go of the target, under a new name with ``mark`` in it.
    Gives where the content is."""
    try:
        write_bytes(path, data)
    except HeldOpenError:
        beside = path.with_name(f"{path.stem}（{mark}）{path.suffix}")
        write_bytes(beside, data)
        return beside
    return path


@contextmanager
def writing(path: Path, *, stood: str | None = None, settled: bool = True) -> Iterator[Path]:
    """Give a temporary path in the target's folder; when the block ends without an error it becomes ``path``.

    A symbolic link is followed: the file it points to is replaced, the link stays. The mode of an existing target
    is kept. On any error (also Ctrl-C) the temporary file is removed and the target stays as it was.

    ``stood``: what ``standing`` said when the new content was begun; another content now is a ChangedError.
    """
    target = path.resolve()
    # the ending stays the target's: writers such as pandas choose their format by it
    handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=f"{SUFFIX}{target.suffix}", dir=target.parent)
    os.close(handle)
    temp = Path(name)
    try:
        temp.chmod(_mode(target))
        yield temp
        _flush(temp)
        if stood is not None and standing(target) != stood:
            raise ChangedError(target)
        _replace(temp, target)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise
    if settled:
        settle(target.parent)


def sweep(folder: Path, older_than_seconds: float) -> list[Path]:
    """Remove the temporary files that dead runs left in ``folder`` (not below it); gives the removed ones.

    Files younger than the limit may belong to a run that is still writing and stay, as does a file that another
    program holds open.
    """
    removed: list[Path] = []
    limit = time.time() - older_than_seconds
    for path in sorted(folder.glob(f"{PREFIX}*{SUFFIX}*")):
        with contextlib.suppress(OSError):
            seen = path.lstat()
            if stat.S_ISREG(seen.st_mode) and seen.st_mtime < limit:
                path.unlink()
                removed.append(path)
    return removed


def _mode(target: Path) -> int:
    """The existing target's permissions, else those of an ordinary new file."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return _NEW_FILE_MODE & ~_umask()


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _replace(temp: Path, target: Path) -> None:
    if sys.platform != "win32":
        temp.replace(target)
        return
    for _ in range(_SHARING_RETRIES):
        try:
            temp.replace(target)
        except PermissionError as error:
            held = error
            time.sleep(_SHARING_PAUSE)
        else:
            return
    # the temporary file could be made in this folder, so it is the target that is not let go of
    raise HeldOpenError(errno.EACCES, "别的程序正打开着它，没有放手", str(target)) from held


def settle(folder: Path) -> None:
    """Make the new names in a folder durable. Windows cannot open folders and needs no such thing."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)
