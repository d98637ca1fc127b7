"""Copies of files that the program replaces, by their content: nothing that a person may have edited is lost.

A person may have edited whatever is not byte for byte what the program is known to have written. Copies lie in the
program's own folder (``home``), once per content; ``列表.jsonl`` says of which file, when and why. They are kept
as long as the office has set.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import SoftFileLock

from incubxl.files.office import home
from incubxl.publish.atomic import ChangedError, standing, write_bytes
from incubxl.publish.lock import taken
from incubxl.publish.store import BlobStore

_LIST = "列表.jsonl"
_PATIENCE = 20  # seconds to wait for another process that adds to the list


@dataclass(frozen=True)
class Kept:
    """One copy. ``path``: where the file stood, whole. ``at``: local time, ISO."""

    path: str
    sha256: str
    size: int
    at: str
    why: str


class Backups:
    """The copies in ``folder``; by default those of this user."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home() / "backups"
        self._blobs = BlobStore(self.folder)

    def keep(self, path: Path, why: str, now: dt.datetime, known: Collection[str] = ()) -> Kept | None:
        """Copy what stands at ``path`` before it is replaced. None where nothing stands there, or only what the
        program wrote itself (its SHA-256 is ``known``). Raises OSError: without the copy nothing may be replaced."""
        target = path.resolve()
        try:
            data = target.read_bytes()
        except FileNotFoundError:
            return None
        digest = hashlib.sha256(data).hexdigest()
        if digest in known:
            return None
        self._blobs.put(data)
        one = Kept(str(target), digest, len(data), now.isoformat(timespec="seconds"), why)
        with taken(SoftFileLock(self.folder / ".lock"), _PATIENCE), (self.folder / _LIST).open("ab") as file:
            file.write((json.dumps(asdict(one), ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"))
            file.flush()
            os.fsync(file.fileno())
        return one

    def replace(self, path: Path, data: bytes, why: str, now: dt.datetime, known: Collection[str] = ()) -> Kept | None:
        """Write ``data`` to ``path``, keeping what stood there. Raises OSError; then the old file stands."""
        stood = standing(path)
        if stood == hashlib.sha256(data).hexdigest():
            return None
        kept = self.keep(path, why, now, known)
        if kept is not None and kept.sha256 != stood:
            raise ChangedError(path)
        write_bytes(path, data, stood=stood)
        return kept

    def listed(self, path: Path | None = None) -> list[Kept]:
        """The copies that are there, newest first; those of one file only where ``path`` is given."""
        try:
            lines = (self.folder / _LIST).read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            with suppress(ValueError, TypeError):  # a line that was being written when the power went, or by hand
                one = Kept(**json.loads(line))
                if isinstance(one.size, int) and all(isinstance(v, str) for k, v in asdict(one).items() if k != "size"):
                    found.append(one)
        wanted = str(path.resolve()) if path is not None else ""
        return [k for k in reversed(found) if (not wanted or k.path == wanted) and self._blobs.has(k.sha256)]

    def restore(self, one: Kept, now: dt.datetime) -> Kept | None:
        """Put a copy back where it stood; what stands there now is kept first (the answer). Raises OSError, ValueError
        for a copy that is damaged."""
        data = self._blobs.get(one.sha256)
        path = Path(one.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        return self.replace(path, data, "还原之前", now, known=(one.sha256,))

    def sweep(self, days: int, now: dt.datetime) -> int:
        """Remove copies older than ``days``; how many. 0 days: none. The newest mention of a content counts."""
        if days <= 0 or not (self.folder / _LIST).is_file():
            return 0
        limit = (now - dt.timedelta(days=days)).isoformat(timespec="seconds")
        with taken(SoftFileLock(self.folder / ".lock"), _PATIENCE):
            every = list(reversed(self.listed()))
            staying = [k for k in every if k.at >= limit]
            gone = {k.sha256 for k in every} - {k.sha256 for k in staying}
            if len(staying) < len(every):
                lines = "".join(json.dumps(asdict(k), ensure_ascii=False) + "\n" for k in staying)
                write_bytes(self.folder / _LIST, lines.encode("utf-8", "surrogatepass"))
            for digest in gone:
                self._blobs.remove(digest)
        return len(gone)
