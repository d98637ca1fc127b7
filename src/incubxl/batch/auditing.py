"""What a run writes into the audit record: its beginning, every workbook, its end.

The beginning stands in the record before the first output, so that its hash can be printed in all of them; a run that
is killed leaves a beginning without an end, and every workbook that it had finished.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import incubxl.audit.findings  # noqa: F401  (defines the issues)
from incubxl import __version__
from incubxl.audit.chain import Chain, Head
from incubxl.batch.keeping import kept
from incubxl.batch.manifest import Manifest
from incubxl.batch.model import Done, Options, Task
from incubxl.files.refusal import reason
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mask import masked
from incubxl.publish.backup import Backups
from incubxl.publish.lock import operator
from incubxl.publish.retention import Retention

Clock = Callable[[], dt.datetime]


class Recorder:
    """The record of one run. ``head``: the newest entry. Raises OSError where the record cannot be written."""

    def __init__(self, options: Options, clock: Clock) -> None:
        self._chain = Chain(options.out)
        self._options, self._clock = options, clock
        self.head = Head()

    def begun(self, every: Sequence[Task], todo: Sequence[Task], before: str, *, resume: bool) -> Head:
        """The run has begun. ``before``: the hash that the run before left in its list; where the record no longer
        holds it, the entry says so, lest this run's own list covers that up."""
        options = self._options
        user, machine = operator()
        body = {
            "program": f"incubxl {__version__}",
            "operator": {"user": masked(user), "machine": machine},
            "as_of": options.as_of.isoformat() if options.as_of else "",
            "today": options.today.isoformat(),
            "letters": options.letters,
            "policies": masked(str(options.policies or "")),
            "numbers": masked(str(options.numbers or "")),
            "resume": resume,
            "inputs": [masked(task.shown) for task in every],
            "todo": len(todo),
            **({"lost": before} if before and not self._chain.holds(before) else {}),
        }
        self.head = self._chain.append("run.begun", options.run_id, body, options.ran_at)
        return self.head

    def workbook(self, done: Done) -> Issue | None:
        """A workbook is finished, or has come to nothing. The issue says why that could not be recorded: a run with
        ``resume`` records it."""
        told = [f"{i['code']}：{i['message']}" for i in done.told] if done.status == "failed" else []
        body = _workbook(done.entry(self._options), done.task.folder, done.files, done.outcome != b"")
        try:
            self._add("workbook", body | ({"told": told} if told else {}))
        except OSError as error:
            return issue("audit.failed", Place(file=str(self._options.out)), reason=reason(error))
        return None

    def kept(self, tasks: Iterable[Task], manifest: Manifest) -> None:
        """Workbooks left as they were: recorded now where an earlier run was killed before it could."""
        tasks = list(tasks)
        if not tasks:
            return
        last: dict[str, Mapping[str, Any]] = {}
        for entry in self._chain.entries():
            if entry["kind"] == "workbook":
                last[entry["body"].get("folder", "")] = entry["body"]
        for task in tasks:
            entry = manifest.entries[task.folder]
            body = _workbook(entry, task.folder, entry["files"], True)
            if last.get(task.folder, {}).get("outputs") != body["outputs"]:
                self._add("workbook", body | {"from_before": True})

    def ended(self, outcome: str, summary: str, removed: Iterable[Path], aside: Iterable[Path]) -> Head:
        """The run has ended: done, partly, failed or cancelled. ``summary``: SHA-256 of the summary, or empty."""
        out = self._options.out
        body = {
            "outcome": outcome,
            "started": self._options.ran_at.isoformat(timespec="seconds"),
            "summary": summary,
            "removed": sorted(_shown(path, out) for path in removed),
            "aside": sorted(_shown(path, out) for path in aside),
        }
        return self._add("run.ended", body)

    def sweep(self, retention: Retention) -> None:
        """Remove copies that are older than the office keeps them, and say so."""
        if retention.trouble is not None:
            return
        inputs = kept(self._options.out).sweep(retention.inputs_days)
        if inputs:
            self._add("swept", {"inputs": inputs, "inputs_days": retention.inputs_days})
        Backups().sweep(retention.backups_days, self._clock())

    def _add(self, kind: str, body: Mapping[str, Any]) -> Head:
        self.head = self._chain.append(kind, self._options.run_id, body, self._clock())
        return self.head


def _workbook(entry: Mapping[str, Any], folder: str, files: Mapping[str, str], decided: bool) -> dict[str, Any]:
    return {
        "folder": masked(folder),
        "input": masked(entry["input"]),
        "path": masked(entry["path"]),
        "status": entry["status"],
        "sha256": entry["sha256"],
        "hold": sorted(entry["hold"]),
        "shared": sorted(entry["shared"]),
        "findings": entry["findings"],
        "outputs": {masked(name): digest for name, digest in files.items()},
        **(entry.get("audit", {}) if decided else {}),
    }


def _shown(path: Path, out: Path) -> str:
    return masked(path.relative_to(out).as_posix() if path.is_relative_to(out) else path.name)
