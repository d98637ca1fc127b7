"""A recorded run once more: from the inputs as they were, with the pack as it was, on the day it was.

Every workbook has one answer: the same, different in what, or why it cannot be computed again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from incubxl import __version__
from incubxl.audit.outcome import Difference, differences, unpacked
from incubxl.batch.job import process
from incubxl.batch.keeping import kept, unpack_folder
from incubxl.batch.model import Options, Task
from incubxl.batch.recorded import RecordedRun, is_run, is_workbook
from incubxl.numbers.model import FILE
from incubxl.publish.store import BlobStore

Answer = Literal["same", "different", "input_gone", "input_changed", "record_gone", "failed", "not_done", "foreign"]
WORDS: dict[Answer, str] = {
    "same": "与当时一致",
    "different": "与当时不同",
    "input_gone": "输入不在了，也没有留存副本，不能复算",
    "input_changed": "输入已被改动，也没有留存副本，不能复算",
    "record_gone": "当时的结果或办法数据没有留存（过了保留期或损坏），不能比较",
    "failed": "现在处理不了这个输入",
    "not_done": "当时就没有处理成",
    "foreign": "这一条记录的内容不是本程序写的，不能复算",
}


@dataclass(frozen=True)
class Replayed:
    """One workbook. ``entry``: its number in the record. ``source``: 留存副本 or 原位置 or empty. ``notes`` explain."""

    entry: int
    input: str
    answer: Answer
    source: str = ""
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


def replay(out: Path, run: RecordedRun) -> Iterator[Replayed]:
    """Do the run's workbooks again, in memory. Writes nothing into ``out``."""
    blobs = kept(out)
    with tempfile.TemporaryDirectory(prefix="incubxl-replay-") as folder:
        for n, entry in enumerate(run.workbooks):
            yield _again(out, blobs, run, entry, Path(folder) / str(n))


def _again(out: Path, blobs: BlobStore, run: RecordedRun, entry: Mapping[str, Any], folder: Path) -> Replayed:
    body, n = entry["body"], entry["n"]
    if not (is_run(run.begun) and is_workbook(body)):
        return Replayed(n, str(body.get("input", "")), "foreign")
    shown = body["input"]
    if body["status"] != "done":
        return Replayed(n, shown, "not_done", notes=tuple(body.get("told", ())))
    copies = body.get("kept", {})
    data, source = recorded_input(out, blobs, body)
    if isinstance(data, str):
        return Replayed(n, shown, "input_gone" if data == "gone" else "input_changed")
    try:
        then = unpacked(blobs.get(copies.get("outcome", "")))
        unpack_folder(blobs.get(copies.get("pack", "")), folder / "packs" / body["pack"]["id"])
    except (OSError, ValueError):
        return Replayed(n, shown, "record_gone", source)
    path = folder / f"输入{'.xlsm' if shown.lower().endswith('.xlsm') else '.xlsx'}"
    path.write_bytes(data)
    book = _numbers(out, run, body)
    held, shared = dict.fromkeys(body["hold"], ""), dict.fromkeys(body.get("shared", ()), "")  # by other workbooks
    done = process(Task(path, shown, body["folder"], hold=held, shared=shared), _options(run, folder, book))
    notes = _notes(run, body, done.audit)
    if book is not None:
        notes = (*notes, "文号按文号簿现在的内容核对")
    if done.status != "done":
        told = tuple(f"{i['message']}" for i in done.told)
        return Replayed(n, shown, "failed", source, notes=(*told, *notes))
    found = tuple(differences(then, unpacked(done.outcome)))
    return Replayed(n, shown, "different" if found else "same", source, found, notes)


def recorded_input(
    out: Path, blobs: BlobStore, body: Mapping[str, Any]
) -> tuple[bytes | Literal["gone", "changed"], str]:
    """The input's bytes and where they are from: the kept copy, else the place where it was."""
    try:
        return blobs.get(body["sha256"]), "留存副本"
    except (OSError, ValueError):
        pass
    path = out / body["path"]
    try:
        if not path.is_file():
            return "gone", ""
        data = path.read_bytes()
    except OSError:
        return "gone", ""
    return (data, "原位置") if hashlib.sha256(data).hexdigest() == body["sha256"] else ("changed", "")


def _options(run: RecordedRun, folder: Path, numbers: Path | None) -> Options:
    asked = run.begun
    today = dt.date.fromisoformat(asked["today"])
    as_of = dt.date.fromisoformat(asked["as_of"]) if asked["as_of"] else None
    ran_at = dt.datetime.combine(today, dt.time())
    packs = folder / "packs"
    return Options(folder / "out", as_of, today, ran_at, packs, letters=asked["letters"], write=False, numbers=numbers)


def _numbers(out: Path, run: RecordedRun, body: Mapping[str, Any]) -> Path | None:
    """The 文号簿 that the run used, as it is now: one and the same letter may bear its number again."""
    named = run.begun.get("numbers", "")
    book = Path(named) if named else (out / body["path"]).parent / FILE
    return book if book.is_file() else None


def _notes(run: RecordedRun, body: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """What is not as it was beside the results: it may be the cause of a difference."""
    notes = []
    program = f"incubxl {__version__}"
    if run.begun["program"] != program:
        notes.append(f"程序版本：当时 {run.begun['program']}，现在 {program}")
    if now and now["pack"]["digest"] != body["pack"]["digest"]:
        notes.append("办法数据的公共部分没有留存，用的是现在这个程序的")
    return tuple(notes)
