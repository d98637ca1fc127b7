"""What was given to a mail server, kept beside the letters themselves: whoever loses the outbox still has it there.

``<run's folder>/发送记录/<key>.<attempt>.jsonl``: a file for each attempt to send a letter. Its first line is on the
disk before the first byte of the mail leaves, and names the letter and the mail; later lines tell what became of it. A
file that only begins, or that cannot be read, counts as perhaps sent. Each line holds its hash and that of the line
before: a line that somebody typed or edited does not fit, the file is ``altered``, and then it never says that a mail
has not been sent. (A whole file may still be removed, and hashes can be forged: there is no secret in them.) No two
outboxes can begin the same attempt: the file is created exclusively (on a network share too), under a key that every
outbox computes alike.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from incubxl.mail.model import Mail
from incubxl.publish.atomic import settle, write_bytes
from incubxl.publish.chained import digest

FOLDER = "发送记录"
Fate = Literal["sent", "unknown", "not_sent"]
_NOTE = "说明.txt"
_VERSION = 2  # 1: lines without hashes
_WORDS = (
    "这里记着本文件夹的通知书哪些已经用邮件发出，由 incubxl 写。\n"
    "请不要删除、改动：删去以后，换一个发件箱就可能把同一份通知书再寄一次；改过的，程序看得出来，按可能已经发出处理。\n"
    "里面有完整的收件地址，请像登记表一样保管。\n"
)
_FILE = re.compile(r"(?P<key>[0-9a-f]{32})\.(?P<attempt>[1-9][0-9]*)\.jsonl")
_OWN = {"id", "state", "relates_to", "out", "attempts", "not_before", "claimed_by", "said", "at", "who", "why"}
_KEPT = tuple(f.name for f in fields(Mail) if f.name not in _OWN)  # what identifies a mail, in whatever outbox
_FATES: tuple[Fate, ...] = ("sent", "unknown", "not_sent")
_MAIL = TypeAdapter(Mail)


@dataclass(frozen=True, slots=True)
class Trace:
    """One attempt, number 0 where its ``file`` bears another name. ``mail``: the letter and mail as they were (state
    sent or unknown; its numbers mean nothing here), None where the file cannot be read; ``token``: its mark in the
    outbox that made it; ``original``: the Message-ID of the mail that this one repeats, or empty. ``altered``: not
    by this program."""

    key: str
    attempt: int
    token: str
    fate: Fate
    at: str
    who: str
    words: str
    mail: Mail | None
    original: str = ""
    file: str = ""
    altered: bool = False


def key(mail: Mail) -> str:
    """What all outboxes know a letter's mail by: the code stands for the applicant, else the name."""
    parts = (mail.pack, mail.year, mail.kind, mail.round, mail.copy, mail.letter_key, mail.code or mail.name_key)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class SentRecord:
    """The record of one run's folder. Files that are settled are read once."""

    def __init__(self, out: Path) -> None:
        self.folder = out / FOLDER
        self._read: dict[str, Trace] = {}

    def traces(self) -> list[Trace]:
        """Every attempt. A file that somebody or a syncing program renamed still tells of its letter; a copy of one
        that is there under its name tells nothing more. Raises OSError."""
        try:
            names = sorted(path.name for path in self.folder.iterdir())
        except FileNotFoundError:
            return []
        found = [trace for name in names if (trace := self._trace(name)) is not None]
        named = {(trace.key, trace.token) for trace in found if trace.attempt}
        return [trace for trace in found if trace.attempt or (trace.key, trace.token) not in named]

    def begin(self, mail: Mail, token: str, original: str, known: Callable[[str], bool]) -> Path | None:
        """Put an attempt on the disk; its file. None: another outbox has sent this mail, or is about to.

        ``known``: whether an attempt is of the outbox that asks. Raises OSError; the mail must not be sent then.
        """
        self._folder()
        mark = key(mail)
        before = [trace for trace in self.traces() if trace.key == mark]
        if any(trace.fate != "not_sent" and not known(trace.token) for trace in before):
            return None
        attempt = max((trace.attempt for trace in before), default=0) + 1
        path = self.folder / f"{mark}.{attempt}.jsonl"
        said = {name: getattr(mail, name) for name in _KEPT}
        line = {"version": _VERSION, "token": token, "at": mail.at, "who": mail.who, "original": original, "mail": said}
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            return None
        _write(handle, _chained(line, ""))
        settle(self.folder)
        return path

    def _folder(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(exist_ok=True)
            write_bytes(self.folder / _NOTE, _WORDS.encode("utf-8-sig"))
            settle(self.folder.parent)

    def path(self, tokens: Sequence[str]) -> Path | None:
        """The file of the first of these attempts that has one."""
        files = {trace.token: trace.file for trace in self.traces() if trace.attempt}
        found = next((files[token] for token in tokens if token and token in files), None)
        return self.folder / found if found else None

    def _trace(self, name: str) -> Trace | None:
        known = self._read.get(name)
        if known is not None and known.fate != "unknown":  # the only fate that can still turn
            return known
        found = _FILE.fullmatch(name)
        if found is None and ".jsonl" not in name:
            return None
        mark, attempt = (found["key"], int(found["attempt"])) if found else ("", 0)
        self._read[name] = replace(_parsed((self.folder / name).read_bytes(), mark, attempt), file=name)
        return self._read[name]


def ended(path: Path, fate: Fate, at: str, who: str, words: str) -> None:
    """Say what became of an attempt. Raises OSError; it then stays perhaps sent.

    Only one process says it: a mail's state in the outbox has let it. A line that a crash left half is closed first.
    """
    before = path.read_bytes()
    line = _chained({"fate": fate, "at": at, "who": who, "words": words}, _Chain(before).head)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
    if before and not before.endswith(b"\n"):
        os.write(handle, b"\n")
    _write(handle, line)


def _chained(line: Mapping[str, Any], before: str) -> dict[str, Any]:
    printable = {key: _printable(value) for key, value in line.items()}
    whole = {**printable, "prev": before}
    return {**whole, "hash": digest(whole)}


def _printable(value: Any) -> Any:
    """As it will be read again: a lone surrogate, which no file can hold, by its number."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return {key: _printable(one) for key, one in value.items()} if isinstance(value, dict) else value


def _write(handle: int, line: Mapping[str, Any]) -> None:
    try:
        data = json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n"
        with os.fdopen(handle, "wb", closefd=False) as file:
            file.write(data)
        os.fsync(handle)
    finally:
        os.close(handle)


def _parsed(data: bytes, mark: str, attempt: int) -> Trace:
    """A damaged line says nothing; a damaged beginning leaves only the key. Without ``mark``, of a file under another
    name, the key is that of the mail it tells of."""
    chain = _Chain(data)
    first, last = chain.first, chain.last
    fate: Fate = last.get("fate", "unknown")
    if fate == "not_sent" and (chain.altered or not chain.head):
        fate = "unknown"
    mail = _mail(first, fate)
    if mail is not None and not mark:
        mark = key(mail)
    elif mail is not None and key(mail) != mark:  # made to speak of another letter than the file was begun for
        mail = None
    at, who = (str(last.get(name) or first.get(name) or "") for name in ("at", "who"))
    words, original = str(last.get("words") or ""), str(first.get("original") or "")
    token = str(first.get("token") or "")
    return Trace(mark, attempt, token, fate, at, who, words, mail, original, altered=chain.altered)


class _Chain:
    """A file's lines. ``first``: the beginning, empty where it cannot be read; ``last``: what became of it, as a line
    says that fits; ``head``: the hash of the last line that fits, empty in a file of an earlier version, whose lines
    have none; ``altered``: some line does not fit."""

    def __init__(self, data: bytes) -> None:
        lines = list(_lines(data))
        begins = lines[0] if lines else {}
        self.head, self.altered = "", False
        self.first: dict[str, Any] = begins if begins.get("version") in (1, _VERSION) else {}
        self.last: dict[str, Any] = {}
        chained = self.first.get("version") == _VERSION
        for line in filter(None, lines):
            fits = not chained or (line.get("prev") == self.head and line.get("hash") == digest(line))
            self.altered |= not fits
            if fits:
                self.head = str(line["hash"]) if chained else ""
                self.last = line if line.get("fate") in _FATES else self.last
            elif line is begins:
                self.first = {}


def _mail(first: Mapping[str, Any], fate: Fate) -> Mail | None:
    said = first.get("mail")
    if not isinstance(said, dict):
        return None
    values = {name: said[name] for name in _KEPT if name in said}
    state = "sent" if fate == "sent" else "unknown"
    rest = {"id": 0, "state": state, "relates_to": None, "attempts": 0, "not_before": 0.0}
    blank = {"out": "", "claimed_by": "", "said": "", "why": "", "at": first.get("at"), "who": first.get("who")}
    try:
        dt.datetime.fromisoformat(str(first.get("at")))
        return _MAIL.validate_json(json.dumps({**values, **rest, **blank}), strict=True)
    except ValueError:  # pydantic's ValidationError is one
        return None


def _lines(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.split(b"\n"):
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        yield found if isinstance(found, dict) else {}
