"""What the program keeps for itself outside the workbook: backup copies, what our sheets hold, and a log.

For each workbook: ``current/`` holds what we last wrote, sheet by sheet, ``before/`` what that write replaced, and
``write.json`` which sheets it was about. It is written before the first cell changes, so that a write which broke off
can be undone too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from incubxl.excel.prepare import Prepared
from incubxl.files import office
from incubxl.publish.atomic import write_bytes
from incubxl.publish.names import safe_folder

NEW, KEPT, UNKNOWN = "new", "kept", "unknown"
_PREPARED = TypeAdapter(Prepared)
_FORMATS = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls"))


def home() -> Path:
    """The folder for state and backups. INCUBXL_HOME puts it elsewhere."""
    return office.home()


def log_file() -> Path:
    """Where details of failures stand."""
    return office.log_file()


def logger() -> logging.Logger:
    """The log, opened; UTF-8, at most a few megabytes."""
    return _logger(log_file())


@lru_cache(maxsize=4)
def _logger(path: Path) -> logging.Logger:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = logging.Logger("incubxl.excel")
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    made.addHandler(handler)
    return made


def switches() -> dict[str, bool]:
    """Excel's switches as they were before the click that is at work, or that was ended by force."""
    path = home() / "switches.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def keep_switches(before: Mapping[str, bool] | None) -> None:
    """Note them while a click works; None: it has put them back."""
    path = home() / "switches.json"
    if before is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, json.dumps(before).encode())


@dataclass(frozen=True)
class LastWrite:
    """``sheets``: name → NEW (there was none), KEPT (its content is in ``before``) or UNKNOWN (not ours to restore)."""

    label: str
    at: str
    sheets: Mapping[str, str]


class Memory:
    """What is kept about one workbook, known by its full name, or by its name and Excel's process while unsaved."""

    def __init__(self, full_name: str, saved: bool, process: int) -> None:
        name = full_name.casefold() if saved else f"{process}|{full_name}"
        self.key = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._folder = home() / "books" / self.key
        self._process = process

    def snapshot(self, name: str, suffix: str) -> Path:
        """Where a copy of the workbook for background work goes; always the same place, so that a run knows it."""
        folder = self._folder / "snapshot"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{safe_folder(Path(name).stem)}{suffix}"

    @property
    def results(self) -> Path | None:
        """The folder that the user chose for this workbook's letters."""
        path = self._folder / "results.txt"
        return Path(path.read_text(encoding="utf-8")) if path.is_file() else None

    @results.setter
    def results(self, folder: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "results.txt").write_text(str(folder), encoding="utf-8")

    def backup(self, name: str, book: Any, at: dt.datetime) -> Path | None:
        """A copy of the workbook, made once per Excel process; None when this process has one already.

        Raises what Excel or the disk raises: without a backup nothing is written.
        """
        mark = self._folder / "session.json"
        if mark.is_file() and json.loads(mark.read_text(encoding="utf-8")).get("process") == self._process:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        suffix = Path(name).suffix.lower()  # SaveCopyAs keeps the workbook's format; an unsaved one has none yet
        path = self._folder / f"backup-{at:%Y%m%d-%H%M%S}{suffix if suffix in _FORMATS else '.xlsx'}"
        book.SaveCopyAs(str(path))
        state = {"process": self._process, "backup": path.name}
        mark.write_text(json.dumps(state), encoding="utf-8")
        return path

    def last_backup(self) -> Path | None:
        """The newest copy."""
        return max(self._folder.glob("backup-*"), default=None)

    def about_to_write(self, label: str, at: dt.datetime, sheets: Sequence[Prepared], there: Sequence[str]) -> None:
        """Note what a write will replace. ``there``: which of the sheets exist in the workbook now."""
        kinds: dict[str, str] = {}
        for folder in (self._folder / "before", self._folder / "current"):
            folder.mkdir(parents=True, exist_ok=True)
        for stale in (self._folder / "before").iterdir():
            stale.unlink()
        for sheet in sheets:
            current = self._file("current", sheet.name)
            if sheet.name not in there:
                kinds[sheet.name] = NEW
            elif current.is_file():
                current.replace(self._file("before", sheet.name))
                kinds[sheet.name] = KEPT
            else:
                kinds[sheet.name] = UNKNOWN
        record = {"label": label, "at": f"{at:%Y-%m-%d %H:%M:%S}", "sheets": kinds}
        (self._folder / "write.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        for sheet in sheets:
            self._file("current", sheet.name).write_bytes(_PREPARED.dump_json(sheet))

    def last_write(self) -> LastWrite | None:
        """The write that can be undone."""
        record = self._folder / "write.json"
        return LastWrite(**json.loads(record.read_text(encoding="utf-8"))) if record.is_file() else None

    def replaced(self, name: str) -> Prepared:
        """What a KEPT sheet held before the last write."""
        return _PREPARED.validate_json(self._file("before", name).read_bytes())

    def undone(self, last: LastWrite) -> None:
        """The last write has been taken back: what was before is current again."""
        for name, kind in last.sheets.items():
            current = self._file("current", name)
            if kind == KEPT:
                self._file("before", name).replace(current)
            elif kind == NEW:
                current.unlink(missing_ok=True)
        (self._folder / "write.json").unlink()

    def _file(self, folder: str, name: str) -> Path:
        return self._folder / folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"
