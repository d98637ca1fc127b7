"""审计记录.jsonl: one entry a line, each holding the hash of the one before. Appended to, never rewritten.

An entry is a JSON object: ``n`` (from 1), ``at`` (local time), ``kind``, ``run`` (the run's number, may be empty),
``body``, ``prev`` (``hash`` of the entry before; 64 zeros in the first) and ``hash``: SHA-256 over the canonical JSON
(keys sorted, no spaces, UTF-8) of all the others. A line that a power cut left half is closed by the next entry,
which says so (``torn``: bytes and SHA-256 of the rest).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import SoftFileLock, Timeout

from incubxl.publish.chained import canonical, digest
from incubxl.publish.lock import taken

RECORD = "审计记录.jsonl"
LOCK = ".incubxl-audit.lock"
START = "0" * 64
_PATIENCE = 30.0  # seconds to wait for another process that appends
_BLOCK = 1 << 16
_KEYS = frozenset(("n", "at", "kind", "run", "body", "prev", "hash"))


@dataclass(frozen=True)
class Head:
    """The newest entry: its number (0: none yet) and its hash."""

    n: int = 0
    hash: str = START


@dataclass(frozen=True)
class Line:
    """One line as it stands in the file. ``entry`` is None where it is no entry at all. ``end``: with a line break."""

    at: int  # line of the file, from 1
    raw: bytes
    entry: Mapping[str, Any] | None
    end: bool


class Chain:
    """The record in the folder ``out``, which must exist. Several processes may append."""

    def __init__(self, out: Path) -> None:
        self.path = out / RECORD
        self._lock = SoftFileLock(out / LOCK)
        self._seen = (-1, Head())  # the file's size after our last entry, and that entry

    def append(self, kind: str, run: str, body: Mapping[str, Any], at: dt.datetime) -> Head:
        """Add an entry and see it on the disk. Raises OSError, also when somebody holds the lock."""
        with self._alone(), self.path.open("ab+") as file:
            size = file.seek(0, os.SEEK_END)
            head, torn, ended = (self._seen[1], b"", True) if size == self._seen[0] else _tail(file, size)
            entry: dict[str, Any] = {
                "n": head.n + 1,
                "at": at.isoformat(timespec="seconds"),
                "kind": kind,
                "run": run,
                "body": {**body},
                "prev": head.hash,
            }
            if torn:
                entry["torn"] = {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()}
            entry["hash"] = digest(entry)
            data = b"\n" * (not ended) + canonical(entry) + b"\n"
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            made = Head(entry["n"], entry["hash"])
            self._seen = (size + len(data), made)
        return made

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as holding:
            try:
                holding.enter_context(taken(self._lock, _PATIENCE))
            except Timeout as error:
                raise OSError(
                    f"另一个程序一直占着审计记录；确实没有人在运行的，删去「{self._lock.lock_file}」"
                ) from error
            yield

    def head(self) -> Head:
        """The newest entry."""
        try:
            with self.path.open("rb") as file:
                return _tail(file, file.seek(0, os.SEEK_END))[0]
        except FileNotFoundError:
            return Head()

    def holds(self, sha256: str) -> bool:
        """Whether an entry has this hash, by its bytes alone."""
        try:
            return f'"hash":"{sha256}"'.encode() in self.path.read_bytes()
        except FileNotFoundError:
            return False

    def lines(self) -> Iterator[Line]:
        """Every line, in order; none where there is no record."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            for at, raw in enumerate(file, 1):
                yield Line(at, raw.removesuffix(b"\n"), parse(raw), raw.endswith(b"\n"))

    def entries(self) -> Iterator[Mapping[str, Any]]:
        """Every entry that can be read."""
        return (line.entry for line in self.lines() if line.entry is not None)


def parse(raw: bytes) -> Mapping[str, Any] | None:
    """A line as an entry; None for anything else."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found.keys() >= _KEYS or found.keys() - _KEYS - {"torn"}:
        return None
    if type(found["n"]) is not int or not isinstance(found["body"], dict):
        return None
    if not all(isinstance(found[key], str) for key in _KEYS - {"n", "body"}):
        return None
    return found


def _tail(file: Any, size: int) -> tuple[Head, bytes, bool]:
    """The last entry of the file, what stands behind it without a line break, and whether the file ends with one.

    A last line that lacks nothing but its line break is an entry.
    """
    start, data = size, b""
    while True:
        lines = data.split(b"\n")
        whole = lines[1:] if start else lines  # the first piece may lack its beginning
        for place, line in enumerate(reversed(whole)):
            entry = parse(line)
            if entry is not None:
                return Head(entry["n"], entry["hash"]), lines[-1] if place else b"", not lines[-1]
        if not start:
            return Head(), lines[-1], not lines[-1]
        step = min(start, max(_BLOCK, len(data)))
        start -= step
        file.seek(start)
        data = file.read(step) + data
