"""运行清单.json: what a run made of each input, so that a second run can go on, and sweep what it supersedes."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from incubxl import __version__
from incubxl.batch.model import SUMMARY_TYPE, Done, Options, Task
from incubxl.batch.outputs import ANNOUNCED, announced, file_hash, formal, set_aside, set_print_aside
from incubxl.batch.repeated import Claims, recorded
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.publish.atomic import write_bytes
from incubxl.results.summary import WorkbookSummary

MANIFEST, SUMMARY = "运行清单.json", "批量汇总.xlsx"


class CannotStart(Exception):
    """The output folder cannot be used. ``issue`` says why and how to mend it."""

    def __init__(self, found: Issue) -> None:
        super().__init__(found.message)
        self.issue = found


class Manifest:
    """The record in ``out``. Entries by the task's folder.

    An entry: ``path`` (of the input, from ``out``), ``status`` (done, failed, or begun), ``sha256`` of the input,
    ``pack`` and ``pack_digest``, ``asked``, ``assumed_day`` (the run's day where it stood in for an as-of date),
    ``hold``, ``shared`` and ``applicants`` (see ``repeated``), ``letters`` (in order, see ``LetterRecord``), ``audit``
    (see ``auditing``), ``files`` (name → SHA-256), ``earlier`` (name → hashes of what older runs may have left there),
    ``findings``, ``summary``.
    """

    def __init__(self, out: Path) -> None:
        self.path = out / MANIFEST
        self.out = out
        self.entries: dict[str, dict[str, Any]] = {}
        self.audit_head = ""  # what the audit record held when this was last written
        self._noted: set[str] = set()

    @classmethod
    def read(cls, out: Path) -> Manifest:
        """The record of earlier runs, with what a killed one announced. Raises CannotStart for a damaged one."""
        made = cls(out)
        if not os.path.lexists(made.path):
            return made
        try:
            body = json.loads(made.path.read_bytes())
            made.entries = {str(folder): dict(entry) for folder, entry in body["workbooks"].items()}
            made.audit_head = str(body.get("run", {}).get("audit", ""))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            shown = str(made.path)
            raise CannotStart(issue("output.record_damaged", Place(file=shown), path=shown)) from error
        for folder in made.entries:
            made._take_up(folder)
        return made

    def _take_up(self, folder: str) -> None:
        """Count what a killed run announced as written by it."""
        found = announced(self.out / folder)
        if found:
            self._noted.add(folder)
            known = self.known(folder)
            self.entries[folder] |= found
            self.entries[folder]["earlier"] = _merged(known, found.get("earlier", {}))

    def relative(self, path: Path) -> str:
        """An input's path from ``out``, so that both may be moved together."""
        try:
            return Path(os.path.relpath(path, self.out.resolve())).as_posix().encode("utf-8", "replace").decode()
        except ValueError:  # another drive
            return path.as_posix()

    def lives(self, folder: str) -> bool:
        """Whether the input that the folder belongs to is still where it was."""
        path = self.entries[folder].get("path", "")
        return bool(path) and (self.out / path).is_file()

    def known(self, folder: str) -> dict[str, set[str]]:
        """Name → hashes of what runs have put into the folder."""
        entry = self.entries.get(folder, {})
        return {
            name: set(hashes)
            for name, hashes in _merged(
                {name: [digest] for name, digest in entry.get("files", {}).items()}, entry.get("earlier", {})
            ).items()
        }

    def current(self, task: Task, sha256: str, state: str, options: Options) -> bool:
        """Whether the entry's outputs are there, whole, and were made from this input in this way."""
        entry = self.entries.get(task.folder)
        if entry is None or not sha256 or entry.get("sha256") != sha256 or entry.get("asked") != options.asked():
            return False
        if not {"applicants", "letters", "shared"} <= entry.keys():
            return False
        if entry.get("assumed_day") not in ("", options.today.isoformat()):
            return False
        if entry.get("pack_digest") != state or entry.get("status") != "done" or not entry.get("files"):
            return False
        return all(file_hash(self.out / task.folder / name) == digest for name, digest in entry["files"].items())

    def begin(self, todo: Iterable[Task]) -> None:
        """Record the folders before anything is written into them."""
        for task in todo:
            entry = self.entries.setdefault(task.folder, {"files": {}, "earlier": {}, "status": "begun"})
            entry |= {"input": task.shown, "path": task.relative}

    def note(self, done: Done, options: Options) -> tuple[list[Path], list[Path]]:
        """Record a finished workbook; returns the superseded outputs that were removed, and those moved aside.

        A file that somebody changed since it was written, or a formal letter (it may have been sent), is not removed,
        but must not lie among what holds either.
        """
        folder = done.task.folder
        removed: list[Path] = []
        aside = [self.out / folder / name for name in done.aside]
        held: dict[str, list[str]] = {}  # Windows: what a program does not let go of; the next run tries again
        if done.status == "done":
            known = self.known(folder)
            for name in known.keys() - done.files.keys():
                path = self.out / folder / name
                aside += self._print_aside(folder, name, options.run_id)
                if not path.is_file():
                    continue
                try:
                    if file_hash(path) in known[name] and not formal(name):
                        path.unlink()
                        removed.append(path)
                    else:
                        aside.append(self.out / folder / set_aside(self.out / folder, name, options.run_id))
                except PermissionError:
                    held[name] = sorted(known[name])
        else:
            self._take_up(folder)
        self.entries[folder] = {
            **done.entry(options),
            "files": dict(done.files) if done.status == "done" else self.entries[folder].get("files", {}),
            "earlier": held if done.status == "done" else _merged(self.known(folder), {}),
        }
        self._noted.add(folder)
        return sorted(removed), aside

    def summary(self, folder: str) -> WorkbookSummary:
        """What an earlier run said of this workbook."""
        return SUMMARY_TYPE.validate_python(self.entries[folder]["summary"])

    def claims(self, task: Task) -> Claims:
        """Who applies in a workbook that an earlier run has done."""
        entry, item = self.entries[task.folder], self.summary(task.folder)
        found = recorded(entry["applicants"])
        return Claims(task.folder, task.shown, entry["sha256"], entry["pack"], item.measure, item.year, found)

    def withdraw(
        self, folder: str, names: Iterable[str], earlier: Collection[str], run_id: str
    ) -> tuple[list[Path], list[Path]]:
        """Take away formal letters that may not stand; returns those removed, and where the others are now.

        A letter that an earlier run had already written (``earlier``: their names) may have been sent: it is moved
        aside. One that somebody changed is left; doing the workbook anew moves it aside. Raises OSError.
        """
        known = self.known(folder)
        removed: list[Path] = []
        aside: list[Path] = []
        for name in names:
            path = self.out / folder / name
            if not path.is_file() or file_hash(path) not in known.get(name, ()):
                continue
            aside += self._print_aside(folder, name, run_id)
            if name in earlier:
                aside.append(self.out / folder / set_aside(self.out / folder, name, run_id))
            else:
                path.unlink()
                removed.append(path)
        return removed, aside

    def _print_aside(self, folder: str, name: str, run_id: str) -> list[Path]:
        place = self.out / folder
        return [place / moved for moved in set_print_aside(place, name, run_id)]

    def save(self, run: Mapping[str, Any]) -> None:
        """Write the record, whole or not at all; what was announced stands in it from then on."""
        body = {"program": f"incubxl {__version__}", "run": run, "workbooks": self.entries}
        write_bytes(self.path, json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
        for folder in self._noted:
            with contextlib.suppress(OSError):  # what stays is read again, and says the same
                (self.out / folder / ANNOUNCED).unlink()


def _merged(first: Mapping[str, Iterable[str]], second: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    names = dict.fromkeys((*first, *second))
    return {name: sorted({*first.get(name, ()), *second.get(name, ())}) for name in names}
