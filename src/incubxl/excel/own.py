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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from incubxl.excel.filling import Cell
from incubxl.excel.prepare import Prepared
from incubxl.files import office
from incubxl.mask import masked
from incubxl.publish.atomic import write_bytes

NEW, KEPT, UNKNOWN = "new", "kept", "unknown"
_PREPARED = TypeAdapter(Prepared)
_FORMATS = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls"))
_BACKUPS = 10  # of one workbook


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
    handler.setFormatter(_Masking("%(asctime)s %(levelname)s %(message)s"))
    made.addHandler(handler)
    return made


def switches(program: str) -> dict[str, bool]:
    """Switches of this Excel as they were before the click that is at work, or that was ended by force."""
    path = _switches(program)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _switches(program: str) -> Path:
    return home() / f"switches-{program}.json"


def keep_switches(program: str, before: Mapping[str, bool] | None) -> None:
    """Note them while a click works; None: it has put them back. ``program``: which Excel."""
    path = _switches(program)
    if before is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, json.dumps(before).encode())


class _Masking(logging.Formatter):
    """Numbers and addresses of people are masked in every line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


@dataclass(frozen=True)
class LastWrite:
    """``sheets``: name → NEW (there was none), KEPT (its content is in ``before``) or UNKNOWN (not ours to restore)."""

    label: str
    at: str
    sheets: Mapping[str, str]
    cells: Sequence[Cell] = ()  # of the user's own sheets, written after a yes


class Memory:
    """What is kept about one workbook, known by its full name, or by its name and Excel while unsaved.

    ``process``: which Excel, by its process and window.
    """

    def __init__(self, full_name: str, saved: bool, process: str) -> None:
        name = full_name.casefold() if saved else f"{process}|{full_name}"
        self.key = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._folder = home() / "books" / self.key
        self._process = process

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
        """A copy of the workbook, made once per Excel and day; None when there is one already. Old ones are removed.

        Raises what Excel or the disk raises: without a backup nothing is written.
        """
        mark = self._folder / "session.json"
        session = {"process": self._process, "day": f"{at:%Y-%m-%d}"}
        if mark.is_file():
            known = json.loads(mark.read_text(encoding="utf-8"))
            if session.items() <= known.items() and (self._folder / known["backup"]).is_file():
                return None
        self._folder.mkdir(parents=True, exist_ok=True)
        suffix = Path(name).suffix.lower()  # SaveCopyAs keeps the workbook's format; an unsaved one has none yet
        path = self._folder / f"backup-{at:%Y%m%d-%H%M%S}{suffix if suffix in _FORMATS else '.xlsx'}"
        book.SaveCopyAs(str(path))
        write_bytes(mark, json.dumps({**session, "backup": path.name}).encode())
        for old in sorted(self._folder.glob("backup-*"))[:-_BACKUPS]:
            old.unlink(missing_ok=True)
        return path

    def last_backup(self) -> Path | None:
        """The newest copy."""
        return max(self._folder.glob("backup-*"), default=None)

    def about_to_write(self, label: str, at: dt.datetime, sheets: Sequence[Prepared], there: Collection[str]) -> None:
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
                self._file("before", sheet.name).write_bytes(current.read_bytes())
                kinds[sheet.name] = KEPT
            else:
                kinds[sheet.name] = UNKNOWN
        record = {"label": label, "at": f"{at:%Y-%m-%d %H:%M:%S}", "sheets": kinds}
        write_bytes(self._folder / "write.json", json.dumps(record, ensure_ascii=False).encode("utf-8", "replace"))

    def about_to_fill(self, cells: Sequence[Cell]) -> None:
        """Note the cells of the user's that the write at work will change as well."""
        path = self._folder / "write.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        body = json.dumps({**record, "cells": cells}, ensure_ascii=False)
        write_bytes(path, body.encode("utf-8", "replace"))

    def written(self, sheet: Prepared) -> None:
        """The sheet now holds this."""
        write_bytes(self._file("current", sheet.name), _PREPARED.dump_json(sheet))

    def last_write(self) -> LastWrite | None:
        """The write that can be undone."""
        record = self._folder / "write.json"
        if not record.is_file():
            return None
        found = json.loads(record.read_text(encoding="utf-8"))
        return LastWrite(found["label"], found["at"], found["sheets"], [Cell(*c) for c in found.get("cells", ())])

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
