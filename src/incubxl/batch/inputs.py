"""Which files a run takes, and the folder of results that each gets."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from incubxl.batch.manifest import MANIFEST, SUMMARY, Manifest
from incubxl.batch.model import Task, result_name
from incubxl.publish.names import safe_folder

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".csv"})  # the unreadable ones get a word, not silence


def tasks(paths: Iterable[Path], manifest: Manifest, copies: Mapping[Path, Path] = MappingProxyType({})) -> list[Task]:
    """Every workbook among ``paths``; folders are searched whole, without what runs have written into them.

    Lock files (~$…) and hidden files are no workbooks. A workbook that had a folder of results in an earlier run gets
    the same; a new one a folder named after its file, with a hash of the path where two files have one name or the
    folder is another workbook's. ``copies``: path → where to read it instead.
    """
    found: dict[Path, str] = {}
    roots: dict[Path, Manifest | None] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if _wanted(file, manifest, roots):
                    found.setdefault(file.resolve(), str(file))
        else:
            found.setdefault(path.resolve(), str(path))
    before = {entry["path"]: folder for folder, entry in manifest.entries.items() if entry.get("path")}
    homes = {path: before.get(manifest.relative(path), "") for path in found}
    named = {path: safe_folder(path.stem) for path in found}
    stems = Counter(_key(named[path]) for path in found)
    taken = {_key(name) for name in (MANIFEST, SUMMARY, *(f for f in manifest.entries if manifest.lives(f)))}
    sources = {path.resolve(): copy for path, copy in copies.items()}
    made = []
    for path, shown in found.items():
        folder = homes[path] or named[path]
        alone = stems[_key(folder)] == 1 and _key(folder) not in taken
        targets = [(manifest.out / folder / result_name(path, suffix)).resolve() for suffix in (".xlsx", ".xlsm")]
        if any(target in found for target in targets) or not (homes[path] or alone):
            folder += "-" + hashlib.sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()[:6]
        known = {name: frozenset(hashes) for name, hashes in manifest.known(folder).items()}
        said = shown.encode("utf-8", "replace").decode()
        entry = manifest.entries.get(folder, {})
        hold, shared = dict(entry.get("hold", {})), dict(entry.get("shared", {}))  # as the last run found it
        made.append(Task(path, said, folder, manifest.relative(path), known, hold, shared, sources.get(path)))
    return made


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _wanted(file: Path, manifest: Manifest, roots: dict[Path, Manifest | None]) -> bool:
    if file.suffix.lower() not in SUFFIXES or file.name.startswith(("~$", ".")):
        return False
    return not _written(file.resolve(), manifest, roots)


def _written(file: Path, manifest: Manifest, roots: dict[Path, Manifest | None]) -> bool:
    """Whether a run wrote it: into ``out``, or into the folder of another run, known by its manifest."""
    for root in file.parents:
        if root not in roots:
            own = root == manifest.out.resolve()
            roots[root] = manifest if own else Manifest.read(root) if (root / MANIFEST).is_file() else None
        record = roots[root]
        if record is not None and record.entries:
            first, *below = file.relative_to(root).parts
            if first in record.entries if below else first == SUMMARY:
                return True
    return False
