"""Which files a run takes, and the folder of results that each gets."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from incubxl.batch.job import Task
from incubxl.batch.manifest import MANIFEST

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".csv"})  # the unreadable ones get a word, not silence
_OURS = "结果_"


def tasks(paths: Iterable[Path], out: Path) -> list[Task]:
    """Every workbook among ``paths``; folders are searched whole, except ``out`` and earlier results.

    Lock files (~$…) and hidden files are no workbooks. Each task's folder is named after its file; where two files
    have one name, a hash of the path keeps them apart.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if _wanted(file, out):
                    found.setdefault(file.resolve(), str(file))
        else:
            found.setdefault(path.resolve(), str(path))
    stems = [_key(path.stem) for path in found]
    out_tasks = []
    for path, shown in found.items():
        folder = path.stem
        if stems.count(_key(path.stem)) > 1:
            folder += "-" + hashlib.sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()[:6]
        out_tasks.append(Task(path, shown, folder))
    return out_tasks


def _key(stem: str) -> str:
    return unicodedata.normalize("NFC", stem).casefold()


def _wanted(file: Path, out: Path) -> bool:
    name = file.name
    if not file.is_file() or file.suffix.lower() not in SUFFIXES or name.startswith(("~$", ".", _OURS, "批量汇总")):
        return False
    inside = file.resolve().parents
    if out.resolve() in inside:
        return False
    return not any((folder / MANIFEST).is_file() for folder in inside)
