"""The outbox file: opened safely, one writer at a time, trouble told in Chinese.

WAL with synchronous FULL: what is committed survives a crash of the machine. On a network share WAL does not work;
there a rollback journal is used.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from incubxl.files.refusal import reason
from incubxl.mail.findings import MailRefused, refused
from incubxl.mail.schema import APPLICATION_ID, DDL, MIGRATIONS, VERSION
from incubxl.publish.network import on_network

PATIENCE = 20.0  # seconds to wait for another process's transaction


def connect(path: Path, *, patience: float = PATIENCE, network: bool | None = None) -> sqlite3.Connection:
    """Open the outbox, making it when there is none. ``network``: whether it is on a share (None: find out).

    Raises MailRefused.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused("mail.outbox_access", path=path, reason=reason(error)) from error
    with told(path, patience):
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            _set_up(connection, path, on_network(path.parent) if network is None else network, patience)
        except BaseException:
            connection.close()
            raise
    return connection


def _set_up(connection: sqlite3.Connection, path: Path, network: bool, patience: float) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    _journal(connection, "delete" if network else "wal", patience)
    connection.execute(f"PRAGMA synchronous = {'EXTRA' if network else 'FULL'}")
    with transaction(connection):
        empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if empty:
            for statement in _statements(DDL):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise refused("mail.outbox_damaged", path=path, reason="这是别的程序的数据库")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise refused("mail.outbox_newer", path=path)
        for older in range(version, VERSION):
            for statement in _statements(MIGRATIONS[older]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {older + 1}")


def _journal(connection: sqlite3.Connection, wanted: str, patience: float) -> None:
    """Set the journal mode. SQLite does not wait here while another process holds the file, so this does."""
    until = time.monotonic() + patience
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        try:
            connection.execute(f"PRAGMA journal_mode = {wanted}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _statements(script: str) -> Iterator[str]:
    """``executescript`` would commit; each statement by itself stays inside the transaction."""
    held = ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held
            held = ""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One writer at a time from the first read on (BEGIN IMMEDIATE); committed at the end, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def told(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """SQLite's trouble as MailRefused; a broken rule of the schema stays what it is, a bug."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise _refusal(error, path, patience) from error


def _refusal(error: sqlite3.DatabaseError, path: Path, patience: float) -> MailRefused:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return refused("mail.outbox_locked", path=path, seconds=f"{patience:g}")
    if code == sqlite3.SQLITE_FULL:
        return refused("mail.outbox_full", path=path)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return refused("mail.outbox_damaged", path=path, reason=str(error))
    words = {
        sqlite3.SQLITE_READONLY: "只读",
        sqlite3.SQLITE_CANTOPEN: "打不开，或没有权限",
        sqlite3.SQLITE_PERM: "没有权限",
        sqlite3.SQLITE_IOERR: "读写设备出错",
    }
    return refused("mail.outbox_access", path=path, reason=words.get(code, str(error)))
