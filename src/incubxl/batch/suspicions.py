"""Workbooks on disk → what crosscheck finds, and the workbook that shows it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from incubxl.batch.inputs import tasks
from incubxl.batch.job import GENERATED
from incubxl.batch.manifest import Manifest
from incubxl.crosscheck.engine import crosscheck
from incubxl.crosscheck.model import Book, Found
from incubxl.files.packs import PackStore
from incubxl.files.read import read_grid
from incubxl.files.write import Properties, render
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack
from incubxl.results.suspicions import SUSPICIONS, explained, suspicions

define(
    "crosscheck.same_file",
    "warning",
    "「{path}」与「{other}」内容完全相同，只核对了一次。",
    "请只保留一份；核对对象和以前年度里同有一份的，请核对是不是选错了文件。",
    "把上年的登记表当成今年的又给了一次",
)

define(
    "crosscheck.not_earlier",
    "warning",
    "「{path}」是{year}年度的，不早于要核对的工作簿，没有用作比较。",
    "请用 --previous 给出以前年度的登记表；要一起核对的，写在前面，不加 --previous。",
    "把今年的另一份登记表写在 --previous 后面",
)


@dataclass(frozen=True)
class Read:
    """``books`` in the order given, ``paths`` of them, and why the other workbooks could not be taken."""

    books: tuple[Book, ...]
    paths: tuple[Path, ...]
    left_out: tuple[tuple[str, tuple[Issue, ...]], ...]
    notes: tuple[Issue, ...]


def read(paths: Iterable[Path], earlier: Iterable[Path], store: PackStore) -> Read:
    """Read every workbook among ``paths``, and among ``earlier`` (for comparing only). Folders are searched whole."""
    books: list[Book] = []
    found: list[Path] = []
    left_out: list[tuple[str, tuple[Issue, ...]]] = []
    notes: list[Issue] = []
    seen: dict[str, str] = {}
    nothing = Manifest(Path())
    for before, given in ((False, paths), (True, earlier)):
        for task in tasks(given, nothing):
            book = _book(task.path, task.shown, store, earlier=before)
            if not isinstance(book, Book):
                left_out.append((task.shown, book))
            elif (other := seen.setdefault(book.sha256, task.shown)) != task.shown:
                notes.append(issue("crosscheck.same_file", Place(file=task.shown), path=task.shown, other=other))
            else:
                books.append(book)
                found.append(task.path)
    first = min((book.year for book in books if not book.earlier), default=None)
    late = [n for n, book in enumerate(books) if book.earlier and first is not None and book.year >= first]
    for n in late:
        notes.append(issue("crosscheck.not_earlier", Place(), path=books[n].label, year=books[n].year))
    kept = [n for n in range(len(books)) if n not in late]
    return Read(tuple(books[n] for n in kept), tuple(found[n] for n in kept), tuple(left_out), tuple(notes))


def _book(path: Path, shown: str, store: PackStore, *, earlier: bool) -> Book | tuple[Issue, ...]:
    grid, issues = read_grid(path, GENERATED)
    if grid is None:
        return tuple(issues)
    id, found = peek_pack(grid)
    if not id:
        return (*issues, *found)
    if id not in store.ids:
        return (issue("pack.unknown", Place("设置", file=grid.name), id=id, known="、".join(store.ids)),)
    loaded = store.load(id)
    if loaded.pack is None:
        errors = "；".join(str(e) for e in loaded.errors[:3])
        return (issue("pack.broken", Place(file=grid.name), id=id, errors=errors),)
    register = read_register(grid, loaded.pack)
    if forbidding := tuple(i for i in register.issues if i.code == "officer.no_year"):
        return forbidding
    return Book(shown, register, grid.sha256, earlier)


def look(read: Read) -> Found:
    """What should be looked at."""
    return crosscheck(read.books)


def workbook(found: Found, paths: Sequence[Path], out: Path, now: dt.datetime) -> bytes:
    """The workbook 疑点, with links to the cells of the workbooks as they lie from ``out``."""
    at = {id(book): _relative(path, out) for book, path in zip(found.books, paths, strict=True)}
    plans = [suspicions(found, lambda book: at[id(book)]), explained(found)]
    return render(plans, properties=Properties(SUSPICIONS, now))


def _relative(path: Path, out: Path) -> str | None:
    try:
        return Path(os.path.relpath(path, out.resolve().parent)).as_posix()
    except ValueError:  # another drive
        return None
