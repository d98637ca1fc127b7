"""The 文号簿 on disk: every change is one transaction that no second process can cut into.

The rollback journal (not WAL) is kept: the file may stand on the office's network share. ``synchronous`` is FULL:
a number that was handed out is on the disk before anybody sees it.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from incubxl.docnumber import DocumentNumber, is_code
from incubxl.numbers.model import STATES, BookUnusable, Entry, Gap, NumberRefused, Owner, Use

_APPLICATION = 0x494E4358  # "INCX": the file says whose it is
_VERSION = 2  # 2: title and content of a letter
_PATIENCE = 15.0  # seconds to wait for somebody else's change
_SCHEMA = """
CREATE TABLE numbers (
  code TEXT NOT NULL, year INTEGER NOT NULL, serial INTEGER NOT NULL CHECK (serial > 0),
  state TEXT NOT NULL CHECK (state IN ('reserved', 'used', 'voided')),
  who TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL,
  pack TEXT, register_year INTEGER, applicant TEXT, owner_code TEXT, kind TEXT,
  label TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', dated TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '', content TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (code, year, serial)
) WITHOUT ROWID;
CREATE TABLE changes (
  id INTEGER PRIMARY KEY, code TEXT NOT NULL, year INTEGER NOT NULL, serial INTEGER NOT NULL,
  state TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL,
  label TEXT NOT NULL, name TEXT NOT NULL
);
"""
_COLUMNS = (
    "code, year, serial, state, who, at, reason, pack, register_year, applicant, owner_code, kind, label, name, dated,"
    " title, content"
)


class NumberBook:
    """A 文号簿 file. Every method opens it, does one thing, and closes it again: nobody is kept waiting.

    Raises BookUnusable where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the file where there is none; an existing book stays."""
        with self._changing(create=True):
            pass

    def entries(self, code: str = "", year: int | None = None) -> list[Entry]:
        """Numbers by code, year and serial."""
        where, values = _where(code, year)
        with self._reading() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM numbers {where} ORDER BY code, year, serial", values).fetchall()  # noqa: S608
        return [_entry(row) for row in rows]

    def gaps(self, code: str = "", year: int | None = None) -> list[Gap]:
        """Runs of numbers below the highest one of their code and year that stand nowhere in the book."""
        found: list[Gap] = []
        last: dict[tuple[str, int], int] = {}
        for entry in self.entries(code, year):
            key = (entry.number.code, entry.number.year)
            before = last.get(key, 0)
            if entry.number.serial > before + 1:
                found.append(Gap(*key, before + 1, entry.number.serial - 1))
            last[key] = entry.number.serial
        return found

    def reserve(
        self, code: str, year: int, count: int, by: str, at: dt.datetime, *, reason: str = "", first: int | None = None
    ) -> list[DocumentNumber]:
        """Take the next ``count`` numbers, or those from ``first``; all of them or none.

        Raises NumberRefused where a number is taken or the code is none.
        """
        if not is_code(code):
            raise NumberRefused(f"机关代字「{code}」应为汉字，例：示科函")
        with self._changing(create=True) as db:
            if first is None:
                (most,) = db.execute(
                    "SELECT max(serial) FROM numbers WHERE code = ? AND year = ?", (code, year)
                ).fetchone()
                first = (most or 0) + 1
            made = [DocumentNumber(code, year, serial) for serial in range(first, first + count)]
            for number in made:
                if there := _find(db, number):
                    raise NumberRefused(_taken(there))
                _put(db, Entry(number, "reserved", by, _time(at), reason, None, "", "", ""))
        return made

    def void(self, number: DocumentNumber, by: str, reason: str, at: dt.datetime) -> Entry:
        """Void a number for good; one that the book does not know is thereby explained. Gives what it was before.

        Raises NumberRefused for one that is voided already, or without name or reason.
        """
        if not by.strip() or not reason.strip():
            raise NumberRefused("作废文号须写明经办人和原因")
        with self._changing(create=True) as db:
            before = _find(db, number)
            if before and before.state == "voided":
                raise NumberRefused(_taken(before))
            kept = before or Entry(number, "voided", "", "", "", None, "", "", "")
            _put(db, replace(kept, state="voided", by=by, at=_time(at), reason=reason))
        return kept

    def refusals(self) -> dict[DocumentNumber, Entry]:
        """Every number that some letter has or that is voided: what a typed number is held against."""
        return {entry.number: entry for entry in self.entries() if entry.state != "reserved"}

    def claim(self, uses: Sequence[Use], at: dt.datetime) -> dict[int, str]:
        """Note that letters take their numbers; the same letter may take the same number again if it says the same.

        Returns position in ``uses`` → why it may not, in Chinese; all others are noted in one transaction.
        """
        refused: dict[int, str] = {}
        if not uses:
            return refused
        with self._changing(create=False) as db:
            for n, use in enumerate(uses):
                there = _find(db, use.number)
                if there and (why := against(there, use.owner, use.content)):
                    refused[n] = why
                elif there is None or there.state == "reserved":
                    dated = use.dated.isoformat() if use.dated else ""
                    said = (use.label, use.name, dated, use.title, use.content)
                    _put(db, Entry(use.number, "used", use.signer, _time(at), "", use.owner, *said))
                elif use.content and not there.content:  # noted by a version that did not keep it
                    db.execute(
                        "UPDATE numbers SET title = ?, content = ? WHERE code = ? AND year = ? AND serial = ?",
                        (use.title, use.content, *use.number),
                    )
        return refused

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if not self.path.is_file():
            raise BookUnusable(f"没有文号簿「{self.path}」", "请核对路径；新建的用 incubxl numbers reserve")
        with self._open() as db:
            yield db

    @contextmanager
    def _changing(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        if not create and not self.path.is_file():
            raise BookUnusable(f"没有文号簿「{self.path}」", "请核对路径")
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                if not _is_ours(db):
                    _make(db)
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = DELETE")
                db.execute("PRAGMA synchronous = FULL")
                if _holds_anything(db) and not _is_ours(db):  # in this order: somebody may be making it
                    raise BookUnusable(f"「{self.path}」不是文号簿", "请核对路径，或换一个文件名")
                _bring_up(db)
                yield db
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise BookUnusable("文号簿正被别人使用", "请稍候再试") from error
            raise BookUnusable(f"文号簿「{self.path}」打不开", "请核对文件夹是否存在、有没有写入权限") from error
        except sqlite3.DatabaseError as error:
            raise BookUnusable(f"「{self.path}」不是文号簿，或已损坏", "请换回备份，或换一个文件名") from error


def against(entry: Entry, owner: Owner, content: str = "") -> str:
    """Why the letter of ``owner``, saying ``content`` (a hash), may not have this number; empty when it may."""
    if entry.state == "reserved":
        return ""
    if entry.state != "used" or entry.owner != owner:
        return _taken(entry)
    if content and entry.content and content != entry.content:
        return (
            f"文号「{entry.number}」已用于{entry.at}登记的「{entry.label}」，现在的内容与当时不同；"
            "已发出的请另出「更正」，要另发的请另编文号"
        )
    return ""


def _taken(entry: Entry) -> str:
    who = "，".join(x for x in (entry.by, entry.at) if x)
    if entry.state == "used":
        letter = "".join(x for x in (entry.name and f"{entry.name}的", f"「{entry.label}」") if x)
        return f"文号「{entry.number}」在文号簿里已由{letter}使用（{entry.at}）"
    reason = f"：{entry.reason}" if entry.reason else ""
    return f"文号「{entry.number}」在文号簿里{STATES[entry.state]}（{who}）{reason}"


def _where(code: str, year: int | None) -> tuple[str, list[str | int]]:
    tests = [("code = ?", code)] if code else []
    values: list[tuple[str, str | int]] = [*tests, *([("year = ?", year)] if year is not None else [])]
    return ("WHERE " + " AND ".join(t for t, _ in values) if values else ""), [v for _, v in values]


def _time(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _is_ours(db: sqlite3.Connection) -> bool:
    ours: bool = db.execute("PRAGMA application_id").fetchone()[0] == _APPLICATION
    return ours


def _holds_anything(db: sqlite3.Connection) -> bool:
    count: int = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return count > 0


def _make(db: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            db.execute(statement)
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    db.execute(f"PRAGMA user_version = {_VERSION}")


def _version(db: sqlite3.Connection) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def _bring_up(db: sqlite3.Connection) -> None:
    """Give a book of version 1 the columns that it lacks; several may come upon it at once."""
    if not _is_ours(db) or _version(db) != 1:
        return
    db.execute("BEGIN IMMEDIATE")
    if _version(db) == 1:
        for name in ("title", "content"):
            db.execute(f"ALTER TABLE numbers ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
        db.execute(f"PRAGMA user_version = {_VERSION}")
    db.commit()


def _find(db: sqlite3.Connection, number: DocumentNumber) -> Entry | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM numbers WHERE code = ? AND year = ? AND serial = ?", number).fetchone()  # noqa: S608
    return _entry(row) if row else None


def _put(db: sqlite3.Connection, entry: Entry) -> None:
    owner = entry.owner or (None, None, None, None, None)
    now = (entry.state, entry.by, entry.at, entry.reason)
    db.execute(
        f"INSERT OR REPLACE INTO numbers ({_COLUMNS}) VALUES ({', '.join('?' * 17)})",  # noqa: S608
        (*entry.number, *now, *owner, entry.label, entry.name, entry.dated, entry.title, entry.content),
    )
    db.execute(
        "INSERT INTO changes (code, year, serial, state, who, at, reason, label, name)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*entry.number, *now, entry.label, entry.name),
    )


def _entry(row: Sequence[Any]) -> Entry:
    number, (state, who, at, reason), owner, rest = DocumentNumber(*row[:3]), row[3:7], row[7:12], row[12:]
    return Entry(number, state, who, at, reason, Owner(*owner) if owner[0] is not None else None, *rest)
