"""The office's outbox: drafts, approvals, what became of each mail. Sending is in ``claims``.

Every method is one transaction and raises MailRefused where the file refuses. ``who`` is a person's name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from incubxl.files.refusal import reason
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.database import PATIENCE, connect, told, transaction
from incubxl.mail.findings import MailRefused
from incubxl.mail.model import Mail, Step
from incubxl.mail.sent_record import Fate, SentRecord, ended
from incubxl.mail.states import WORDS, State
from incubxl.mask import masked

COLUMNS = ", ".join(f.name for f in fields(Mail))


def now() -> dt.datetime:
    """The clock of this room: local time, as officials read it."""
    return dt.datetime.now()  # noqa: DTZ005


class Outbox:
    """One office's mails. ``clock`` gives local time."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], dt.datetime] = now,
        patience: float = PATIENCE,
        network: bool | None = None,
    ) -> None:
        self.path, self.clock, self.patience = path, clock, patience
        self._connection = connect(path, patience=patience, network=network)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with told(self.path, self.patience), transaction(self._connection) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for reading."""
        with told(self.path, self.patience):
            yield self._connection

    def rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Read outside a transaction."""
        with told(self.path, self.patience):
            return self._connection.execute(query, values).fetchall()

    def at(self) -> str:
        """This moment as the records have it."""
        return f"{self.clock():%Y-%m-%d %H:%M:%S}"

    # ---- reading

    def mails(self, states: Iterable[State] = ()) -> list[Mail]:
        """Every mail (of these states), oldest first."""
        wanted = tuple(states)
        where = f"WHERE state IN ({','.join('?' * len(wanted))})" if wanted else ""
        return [Mail(*row) for row in self.rows(f"SELECT {COLUMNS} FROM mails {where} ORDER BY id", wanted)]

    def mail(self, id: int) -> Mail:
        """One mail; MailRefused when there is none."""
        found = self.rows(f"SELECT {COLUMNS} FROM mails WHERE id = ?", (id,))
        if not found:
            raise MailRefused(issue("mail.no_such", Place(), id=id))
        return Mail(*found[0])

    def message(self, mail: Mail) -> bytes:
        """The frozen bytes. MailRefused when they are not those that were frozen."""
        found = self.rows("SELECT bytes FROM messages WHERE mail = ?", (mail.id,))
        data = bytes(found[0][0]) if found else b""
        if hashlib.sha256(data).hexdigest() != mail.message_sha256:
            why = "邮件的校验值不符" if data else "它是从发送记录补记的，没有存内容，要再寄的请重新起草"
            raise MailRefused(issue("mail.frozen_damaged", Place(), id=mail.id, name=mail.name, reason=why))
        return data

    def checked(self, mail: Mail, why_not: Callable[[Mail, bytes], Issue | None]) -> tuple[bytes, Issue | None]:
        """The frozen bytes with the first thing that is wrong with them (damage, or what ``why_not`` finds)."""
        try:
            data = self.message(mail)
        except MailRefused as error:
            if error.issue.code != "mail.frozen_damaged":
                raise
            return b"", error.issue
        return data, why_not(mail, data)

    def history(self, id: int | None = None) -> list[Step]:
        """Every change of state, in order; of one mail or of all."""
        where, values = ("WHERE mail = ?", (id,)) if id is not None else ("", ())
        query = f"SELECT mail, at, before, after, who, why FROM history {where} ORDER BY id"
        return [Step(*row) for row in self.rows(query, values)]

    def events(self) -> list[tuple[str, str, str]]:
        """(time, who, what) of everything that is no change of a mail's state."""
        return [tuple(row) for row in self.rows("SELECT at, who, what FROM events ORDER BY id")]

    def knows(self, token: str) -> bool:
        """Whether this outbox made (or took over) this attempt to send."""
        return bool(self.rows("SELECT 1 FROM claims WHERE token = ?", (token,)))

    def counts(self) -> Counter[State]:
        """Mails by state."""
        return Counter({row[0]: row[1] for row in self.rows("SELECT state, count(*) FROM mails GROUP BY state")})

    # ---- acts of people

    def approve(self, id: int, who: str, why_not: Callable[[Mail, bytes], Issue | None]) -> Issue | None:
        """Approve one draft, unless ``why_not`` finds something wrong with it; gives what was found."""
        mail = self.mail(id)
        if mail.state != "draft":
            return wrong_state(mail, "批准")
        _, found = self.checked(mail, why_not)
        if found is not None:
            return found
        with self.writing() as connection:
            moved = connection.execute(
                "UPDATE mails SET state = 'approved', at = ?, who = ?, why = '批准发送'"
                " WHERE id = ? AND state = 'draft' AND message_sha256 = ?",
                (self.at(), who, id, mail.message_sha256),
            ).rowcount
        return None if moved else wrong_state(self.mail(id), "批准")

    def move(self, id: int, before: Sequence[State], after: State, who: str, why: str, act: str) -> Issue | None:
        """A person's step from one of ``before``; gives why not."""
        marks = ",".join("?" * len(before))
        with self.writing() as connection:
            moved = connection.execute(
                f"UPDATE mails SET state = ?, at = ?, who = ?, why = ?, not_before = 0"
                f" WHERE id = ? AND state IN ({marks})",
                (after, self.at(), who, why, id, *before),
            ).rowcount
        return None if moved else wrong_state(self.mail(id), act)

    def retry(self, id: int, who: str, why: str) -> Issue | None:
        """Let a failed mail go once more, or one that waits for its time go at once (that is an event)."""
        if self.mail(id).state == "retry":
            found = self.move(id, ("retry",), "retry", who, f"重试：{why}", "重试")
            if found is None:
                self.note(who, f"第{id}号邮件不等到时间，重试：{why}")
            return found
        return self.move(id, ("failed",), "retry", who, f"重试：{why}", "重试")

    def settle_unknown(self, id: int, delivered: bool, who: str, evidence: str) -> Issue | None:
        """What a person found out about a mail whose fate was not known. It is not sent again by this."""
        word = "核实已送达服务器" if delivered else "核实没有送达"
        after: State = "sent" if delivered else "failed"
        found = self.move(id, ("unknown",), after, who, f"{word}：{evidence}", "核实")
        if found is None:
            self._told_record(self.mail(id), "sent" if delivered else "not_sent", who, f"{word}：{masked(evidence)}")
        return found

    def _told_record(self, mail: Mail, fate: Fate, who: str, words: str) -> None:
        """The record beside the letters learns it too; where that fails, it goes on saying perhaps sent."""
        tokens = [
            row[0] for row in self.rows("SELECT token FROM claims WHERE mail = ? ORDER BY rowid DESC", (mail.id,))
        ]
        try:
            path = SentRecord(Path(mail.out)).path(tokens)
            if path is not None:
                ended(path, fate, self.at(), who, words)
        except OSError as error:
            self.note(who, f"第{mail.id}号邮件核实的结果没有写进发送记录：{reason(error)}")

    def confirm_shared(self, address_key: str, name_keys: Iterable[str], who: str, why: str) -> None:
        """Record that these applicants do share an address."""
        with self.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO shared VALUES (?, ?, ?, ?, ?)",
                [(address_key, key, self.at(), who, why) for key in name_keys],
            )

    def confirmed(self, address_key: str) -> frozenset[str]:
        """Name keys of the applicants that a person said do share this address."""
        return frozenset(r[0] for r in self.rows("SELECT name_key FROM shared WHERE address_key = ?", (address_key,)))

    def note(self, who: str, what: str) -> None:
        """Record what is no change of a mail's state."""
        with self.writing() as connection:
            connection.execute("INSERT INTO events (at, who, what) VALUES (?, ?, ?)", (self.at(), who, what))

    def stop(self, who: str) -> None:
        """Ask every sender at work to end after the mail that it is sending."""
        with self.writing() as connection:
            connection.execute("UPDATE control SET stops = stops + 1")
            connection.execute("INSERT INTO events (at, who, what) VALUES (?, ?, '要求停止发送')", (self.at(), who))

    def stops(self) -> int:
        """How often a stop was asked for; a sender ends when the number is not what it was at its start."""
        return int(self.rows("SELECT stops FROM control")[0][0])


def wrong_state(mail: Mail, act: str) -> Issue:
    """Why an act does not fit a mail's state."""
    return issue("mail.wrong_state", Place(), id=mail.id, name=mail.name, state=WORDS[mail.state], act=act)
