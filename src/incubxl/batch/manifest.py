"""运行清单.json: what a run made of each input, so that a second run can go on, and sweep what it supersedes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from incubxl import __version__
from incubxl.batch.job import Done, Options
from incubxl.publish.atomic import write_bytes
from incubxl.results.summary import WorkbookSummary

MANIFEST = "运行清单.json"
_SUMMARY = TypeAdapter(WorkbookSummary)


class Manifest:
    """The record in ``out``. Entries by the task's folder."""

    def __init__(self, out: Path) -> None:
        self.path = out / MANIFEST
        self.out = out
        self.entries: dict[str, dict[str, Any]] = {}
        if self.path.is_file():
            self.entries = json.loads(self.path.read_text(encoding="utf-8"))["workbooks"]

    def current(self, folder: str, sha256: str, options: Options) -> bool:
        """Whether the entry's outputs are there, whole, and were made from this input in this way."""
        entry = self.entries.get(folder)
        if entry is None or entry["sha256"] != sha256 or entry["asked"] != _asked(options):
            return False
        return bool(entry["files"]) and all(
            _hash(self.out / folder / name) == digest for name, digest in entry["files"].items()
        )

    def note(self, done: Done, options: Options) -> list[Path]:
        """Record a finished workbook; returns the earlier outputs that it superseded and that were removed.

        A file that somebody changed since it was written is left where it is.
        """
        entry = self.entries.get(done.task.folder, {"files": {}})
        removed = []
        if done.status == "done":
            for name, digest in entry["files"].items():
                path = self.out / done.task.folder / name
                if name not in done.files and _hash(path) == digest:
                    path.unlink()
                    removed.append(path)
        self.entries[done.task.folder] = {
            "input": done.task.shown,
            "status": done.status,
            "sha256": done.sha256,
            "pack_digest": done.pack_digest,
            "asked": _asked(options),
            "files": dict(done.files) if done.status == "done" else entry["files"],
            "findings": done.findings,
            "summary": _SUMMARY.dump_python(done.item, mode="json"),
        }
        return removed

    def summary(self, folder: str) -> WorkbookSummary:
        """What an earlier run said of this workbook."""
        return _SUMMARY.validate_python(self.entries[folder]["summary"])

    def save(self, run: Mapping[str, Any]) -> None:
        """Write the record, whole or not at all."""
        body = {"program": f"incubxl {__version__}", "run": run, "workbooks": self.entries}
        write_bytes(self.path, json.dumps(body, ensure_ascii=False, indent=1).encode())


def _asked(options: Options) -> dict[str, Any]:
    """What changes the outputs beside the input and the pack."""
    return {
        "program": __version__,
        "as_of": options.as_of.isoformat() if options.as_of else "",
        "today": "" if options.as_of else options.today.isoformat(),
        "letters": options.letters,
        "policies": str(options.policies or ""),
    }


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def file_hashes(paths: Iterable[Path]) -> list[str]:
    """SHA-256 of files; empty for one that cannot be read."""
    return [_hash(path) for path in paths]
