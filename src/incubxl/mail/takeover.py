"""Mails of another outbox, by the record beside their letters, become this outbox's: never sent by it again.

An unknown one stays unknown until a person settles it (``mail reconcile``).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.elsewhere import traces_of
from incubxl.mail.model import Mail
from incubxl.mail.outbox import Outbox
from incubxl.mail.sent_record import SentRecord, Trace


@dataclass
class TakenOver:
    """``sent``, ``unknown``: mails that are in this outbox now, by id; an unknown one is settled by a person."""

    sent: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def take_over(outbox: Outbox, out: Path, who: str) -> TakenOver:
    """Bring the mails of other outboxes that the record in ``out`` has into this one. Nothing is sent."""
    done = TakenOver()
    traces = [
        trace for trace in traces_of(SentRecord(out)) if trace.fate != "not_sent" and not outbox.knows(trace.token)
    ]
    for trace in sorted(traces, key=lambda trace: (trace.mail.copy if trace.mail else 0, trace.attempt)):
        file = trace.file
        if trace.mail is None:
            done.issues.append(_damaged(file, "内容读不出来"))
            continue
        mail = replace(trace.mail, out=str(out.resolve()))
        try:
            with outbox.writing() as connection:
                id = _row(connection, mail, trace, who, outbox.at())
                if isinstance(id, str):
                    done.issues.append(_damaged(file, id))
                    continue
                connection.execute("INSERT INTO claims VALUES (?, ?, ?)", (trace.token, id, outbox.at()))
        except (sqlite3.IntegrityError, OverflowError):  # values that no outbox would have written
            done.issues.append(_damaged(file, "内容被改动过，不是发件箱能有的"))
            continue
        (done.sent if outbox.mail(id).state == "sent" else done.unknown).append(id)
    return done


def _damaged(file: str, why: str) -> Issue:
    return issue("mail.record_damaged", Place(file=file), applicant="", file=file, reason=why)


_CONTENT = (
    "pack", "year", "applicant", "name", "name_key", "code", "kind", "label", "round", "copy", "relation",
    "relation_why", "relation_by", "letter", "letter_sha256", "letter_key", "reader", "sender", "address",
    "address_key", "cell", "subject", "content_key", "message_id", "message_sha256",
)  # fmt: skip
_SAME = (
    "SELECT id, state FROM mails WHERE message_id = ? OR (pack = ? AND year = ? AND kind = ? AND round = ?"
    " AND copy = ? AND letter_key = ? AND (name_key = ? OR (code <> '' AND code = ?)))"
)


def _row(c: sqlite3.Connection, mail: Mail, trace: Trace, who: str, at: str) -> int | str:
    """The mail's row as the record has it, in the state that the record knows; or why it cannot be."""
    same = (mail.pack, mail.year, mail.kind, mail.round, mail.copy, mail.letter_key, mail.name_key, mail.code)
    found = c.execute(_SAME, (mail.message_id, *same)).fetchall()
    if len(found) > 1:
        return "发件箱里有两封邮件与它相像"
    original = None
    if mail.copy:
        first = c.execute("SELECT id FROM mails WHERE message_id = ?", (trace.original,)).fetchone()
        if first is None:
            return "它所更正或补发的原件没有记录"
        original = first[0]
    why = f"从发送记录补记：{trace.at} {trace.who} {trace.words}".strip()
    state = found[0]["state"] if found else ""
    if state in ("sent", "sending"):
        return int(found[0]["id"])
    if state == "unknown":
        id = int(found[0]["id"])
        if trace.fate == "sent":
            step = "UPDATE mails SET state = 'sent', at = ?, who = ?, why = ? WHERE id = ?"
            c.execute(step, (trace.at, who, why, id))
        return id
    values = {**{name: getattr(mail, name) for name in _CONTENT}, "out": mail.out, "source": mail.source}
    values |= {"relates_to": original}
    if state:
        id = int(found[0]["id"])
        if state != "draft":
            c.execute("UPDATE mails SET state = 'draft', at = ?, who = ?, why = ? WHERE id = ?", (at, who, why, id))
        names = ", ".join(f"{name} = ?" for name in values)
        c.execute(f"UPDATE mails SET {names} WHERE id = ?", (*values.values(), id))
    else:
        values |= {"state": "draft", "at": at, "who": who, "why": why}
        marks = ", ".join("?" * len(values))
        row = c.execute(f"INSERT INTO mails ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
        id = int(row.lastrowid or 0)
        c.execute("INSERT INTO messages (mail, bytes) VALUES (?, x'')", (id,))  # its bytes were in the other outbox
    step = "UPDATE mails SET state = ?, claimed_by = ?, at = ?, who = ?, why = ? WHERE id = ?"
    for after, by, on in (("approved", "", at), ("sending", "record", mail.at), (trace.fate, "", trace.at)):
        c.execute(step, (after, by, on, who, why, id))  # when it was sent, not when that was found out
    return id
