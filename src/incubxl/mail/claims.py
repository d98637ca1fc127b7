"""A sender's side of the outbox: a mail is claimed, and the claim committed, before a byte of it is sent: first in the
outbox, then in the record beside the letters (``sent_record``), which other outboxes see. Killed between the two, the
mail has not left, and only its own outbox is in doubt.

A sender that dies leaves ``sending`` behind; whether it is dead is told by a lock that the system frees with the
process. Such a mail becomes ``unknown``: the server may have it, so nothing sends it again.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol

from filelock import FileLock

from incubxl.files.refusal import reason
from incubxl.mail.findings import refused
from incubxl.mail.model import Mail
from incubxl.mail.outbox import COLUMNS, Outbox
from incubxl.mail.sent_record import SentRecord, ended
from incubxl.mail.states import SENDABLE, State
from incubxl.mask import masked

Outcome = Literal["sent", "deferred", "refused", "unsent", "uncertain"]
BACKOFF = (5, 15, 60, 240)  # minutes after the 1st, 2nd … deferral; after the last the mail has failed
_LOST = "发送程序中断，不知道服务器是否已经收下"


class Delivery(Protocol):
    """What became of one mail: ``reason`` in Chinese, ``words`` as the server or the system said them.

    ``about_session``: the server could not be reached or did not let us in, so the next mail would fare alike.
    """

    @property
    def outcome(self) -> Outcome: ...
    @property
    def words(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def about_session(self) -> bool: ...


class Sender:
    """A process that sends. Use it as a context: on the way out its lock is freed."""

    def __init__(self, outbox: Outbox, who: str) -> None:
        self.outbox, self.who = outbox, who
        self.token = uuid.uuid4().hex
        self._records: dict[str, SentRecord] = {}
        self._begun: dict[int, Path] = {}  # of mails that are claimed: the file that says so
        self._lock = FileLock(lock_path(outbox.path, self.token))

    def __enter__(self) -> Sender:
        try:
            lock_path(self.outbox.path, self.token).parent.mkdir(exist_ok=True)
            self._lock.acquire(timeout=0)
        except NotImplementedError as error:
            why = "这个位置不支持文件锁，发件箱请放在本机的文件夹里"
            raise refused("mail.outbox_access", path=self.outbox.path, reason=why) from error
        except OSError as error:  # Timeout is one
            why = reason(error) if error.errno else "锁文件被占用"
            raise refused("mail.outbox_access", path=self.outbox.path, reason=why) from error
        recover(self.outbox)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        lock_path(self.outbox.path, self.token).unlink(missing_ok=True)

    def due(self) -> list[int]:
        """Ids of the mails that may go now, oldest first."""
        marks = ",".join("?" * len(SENDABLE))
        query = f"SELECT id FROM mails WHERE state IN ({marks}) AND not_before <= ? ORDER BY id"
        return [row[0] for row in self.outbox.rows(query, (*SENDABLE, self.outbox.clock().timestamp()))]

    def claim(self, id: int) -> Mail | None:
        """Take one mail: when this returns, that it is being sent is on the disk in the outbox and beside the letters.

        None when another sender was quicker, or another outbox has sent it. Raises MailRefused where that cannot be
        recorded.
        """
        attempt = uuid.uuid4().hex
        marks = ",".join("?" * len(SENDABLE))
        with self.outbox.writing() as connection:
            row = connection.execute(
                f"UPDATE mails SET state = 'sending', claimed_by = ?, at = ?, who = ?, why = '开始发送'"
                f" WHERE id = ? AND state IN ({marks}) AND not_before <= ? RETURNING {COLUMNS}",
                (self.token, self.outbox.at(), self.who, id, *SENDABLE, self.outbox.clock().timestamp()),
            ).fetchone()
            if row:
                connection.execute("INSERT INTO claims VALUES (?, ?, ?)", (attempt, id, self.outbox.at()))
        mail = Mail(*row) if row else None
        return mail if mail and self._recorded(mail, attempt) else None

    def _recorded(self, mail: Mail, attempt: str) -> bool:
        """Whether the record beside the letters has the attempt now; the mail is given back where it has not."""
        original = self.outbox.mail(mail.relates_to).message_id if mail.relates_to else ""
        record = self._records.setdefault(mail.out, SentRecord(Path(mail.out)))
        try:
            path = record.begin(mail, attempt, original, self.outbox.knows)
        except OSError as error:
            self.settle(mail, "unsent", f"发送记录写不进（{reason(error)}）")
            raise refused("mail.record_access", path=record.folder, reason=reason(error)) from error
        if path is None:
            self.settle(mail, "unsent", "发送记录里有另一个发件箱的同一份通知书")
            return False
        self._begun[mail.id] = path
        return True

    def settle(self, mail: Mail, outcome: Outcome, words: str) -> State:
        """Record what became of a claimed mail; gives its new state."""
        attempts = mail.attempts + (outcome not in ("unsent", "uncertain"))
        after, why, wait = _after(outcome, attempts)
        said = masked(" ".join(words.split()))[:500]
        with self.outbox.writing() as connection:
            moved = connection.execute(
                "UPDATE mails SET state = ?, claimed_by = '', at = ?, who = ?, why = ?, said = ?, attempts = ?,"
                " not_before = ? WHERE id = ? AND state = 'sending' AND claimed_by = ?",
                (
                    after,
                    self.outbox.at(),
                    self.who,
                    f"{why}：{said}" if said and after == "failed" else said or why,
                    said,
                    attempts,
                    self.outbox.clock().timestamp() + wait * 60 if wait else 0,
                    mail.id,
                    self.token,
                ),
            ).rowcount
        if not moved:
            raise RuntimeError(f"mail {mail.id} was taken from a living sender")
        self._tell(mail, after, said)
        return after

    def _tell(self, mail: Mail, after: State, said: str) -> None:
        """The record learns what the outbox knows; where that fails, it goes on saying perhaps sent."""
        path = self._begun.pop(mail.id, None)
        if path is None or after == "unknown":
            return
        try:
            ended(path, "sent" if after == "sent" else "not_sent", self.outbox.at(), self.who, said)
        except OSError as error:
            self.outbox.note(self.who, f"第{mail.id}号邮件的结果没有写进发送记录：{reason(error)}")


def _after(outcome: Outcome, attempts: int) -> tuple[State, str, int]:
    """New state, why, and the minutes until it may be tried again."""
    if outcome == "sent":
        return "sent", "服务器已收下", 0
    if outcome == "refused":
        return "failed", "服务器拒收", 0
    if outcome == "unsent":
        return "retry", "没有发出", 0
    if outcome == "deferred":
        if attempts > len(BACKOFF):
            return "failed", f"服务器{attempts}次都没有收", 0
        return "retry", "服务器暂时没有收", BACKOFF[attempts - 1]
    return "unknown", "交给服务器后中断", 0


def lock_path(outbox: Path, token: str) -> Path:
    """The file that a sender locks for as long as it lives."""
    return outbox.with_name(f"{outbox.name}.senders") / f"{token}.lock"


def recover(outbox: Outbox) -> list[int]:
    """Mails that dead senders left in ``sending`` become ``unknown``; gives their ids."""
    found = outbox.rows("SELECT DISTINCT claimed_by FROM mails WHERE state = 'sending'")
    dead = [row[0] for row in found if not _lives(outbox.path, row[0])]
    return _give_up(outbox, dead) if dead else []


def _lives(outbox: Path, token: str) -> bool:
    path = lock_path(outbox, token)
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except (OSError, NotImplementedError):  # held (Timeout), or not ours to say: taken for alive
        return True
    lock.release()
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    return False


def _give_up(outbox: Outbox, tokens: Iterable[str]) -> list[int]:
    ids: list[int] = []
    with outbox.writing() as connection:
        for token in tokens:
            rows = connection.execute(
                "UPDATE mails SET state = 'unknown', claimed_by = '', at = ?, who = '程序', why = ?"
                " WHERE state = 'sending' AND claimed_by = ? RETURNING id",
                (outbox.at(), _LOST, token),
            ).fetchall()
            ids += [row[0] for row in rows]
    return sorted(ids)
