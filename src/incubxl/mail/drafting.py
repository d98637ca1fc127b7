"""Letters of a run become drafts: each once over all runs, replaced while nothing has left, repeated only knowingly."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.findings import MailRefused
from incubxl.mail.model import Addressed, Again, Mail, Message
from incubxl.mail.outbox import COLUMNS, Outbox
from incubxl.mail.states import MAY_HAVE_LEFT, WORDS
from incubxl.mask import mask

_TOGETHER = 200  # letters in one transaction
Compose = Callable[[Addressed, int, int, Again | None], Message]  # letter, round, copy, why again
_CONTENT = (
    "pack", "year", "applicant", "name", "name_key", "code", "kind", "label", "round", "copy", "relates_to",
    "relation", "relation_why", "relation_by", "out", "source", "letter", "letter_sha256", "sender", "address",
    "address_key", "cell", "subject", "content_key", "message_id", "message_sha256",
)  # fmt: skip
_LIKE = """
  SELECT {columns} FROM mails WHERE pack = :pack AND year = :year AND kind = :kind AND round = :round
    AND (name_key = :name_key OR (code <> '' AND code = :code) OR (source = :source AND applicant = :applicant))
  ORDER BY copy DESC
"""


@dataclass
class Drafted:
    """What came of it, as outbox ids. ``kept``: nothing has changed since an earlier run (whatever their state)."""

    added: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return sorted({*self.added, *self.replaced, *self.kept})


def draft(
    outbox: Outbox,
    letters: Sequence[Addressed],
    compose: Compose,
    who: str,
    *,
    round: int = 1,
    again: Again | None = None,
) -> Drafted:
    """Put ``letters`` into the outbox, so many in one transaction that nobody else waits long for it.

    ``again``: a second copy of a letter that was sent, on a person's decision. ``compose`` freezes a mail. What was
    drafted before a refusal stays: the same call goes on.
    """
    done = Drafted(issues=shared(outbox, letters).issues)
    for first in range(0, len(letters), _TOGETHER):
        some = letters[first : first + _TOGETHER]
        ready = _Ready(compose)
        if again is None:
            ready.prepare(some, round)
        with outbox.writing() as connection:
            held = _shared(connection, letters, {letter.address_key for letter in some})
            for letter in some:
                if letter.name_key not in held.names.get(letter.address_key, ()):
                    _one(connection, letter, ready, _Asked(outbox.at(), who, round, again), done)
    return done


def shared(outbox: Outbox, letters: Sequence[Addressed]) -> Shared:
    """Addresses of two applicants that nobody has confirmed: none of those letters is drafted."""
    with outbox.reading() as connection:
        return _shared(connection, letters, {letter.address_key for letter in letters})


class _Ready:
    """First mails, frozen before the transaction begins: making them takes longer than storing them."""

    def __init__(self, compose: Compose) -> None:
        self.compose = compose
        self.made: dict[Addressed, Message | MailRefused] = {}

    def prepare(self, letters: Iterable[Addressed], round: int) -> None:
        for letter in letters:
            try:
                self.made[letter] = self.compose(letter, round, 0, None)
            except MailRefused as error:
                if error.issue.code == "mail.template":  # all letters would meet it
                    raise
                self.made[letter] = error

    def __call__(self, letter: Addressed, round: int, copy: int, again: Again | None) -> Message:
        found = self.made.get(letter) if (copy, again) == (0, None) else None
        if isinstance(found, MailRefused):
            raise found
        return found or self.compose(letter, round, copy, again)


@dataclass(frozen=True)
class _Asked:
    at: str
    who: str
    round: int
    again: Again | None


def _one(c: sqlite3.Connection, letter: Addressed, compose: Compose, asked: _Asked, done: Drafted) -> None:
    values = {f: getattr(letter, f) for f in ("pack", "year", "kind", "code", "source", "applicant", "name_key")}
    like = [Mail(*row) for row in c.execute(_LIKE.format(columns=COLUMNS), values | {"round": asked.round})]
    found = [mail for mail in like if _same(letter, mail)]
    namesakes = [mail for mail in like if mail not in found and mail.name_key == letter.name_key]
    if namesakes or len({mail.copy for mail in found}) < len(found):  # two mails of one copy: not one applicant
        ids = "、".join(f"第{mail.id}号" for mail in namesakes or found)
        done.issues.append(_issue("mail.conflict", letter, ids=ids))
        return
    last = found[0] if found else None
    if asked.again is None:
        if last and last.relation and last.state not in MAY_HAVE_LEFT:
            last = next(mail for mail in found if mail.copy == 0)  # a repetition is drafted by --again only
        copy, original = (last.copy, last.relates_to) if last else (0, None)
        reason = Again(last.relation, last.relation_why, last.relation_by) if last and last.relation else None  # type: ignore[arg-type]
    else:
        sent = next((mail for mail in found if mail.state == "sent"), None)
        open_ = last if last and last.relation and last.state not in MAY_HAVE_LEFT else None
        if sent is None or (last and last is not sent and open_ is None):
            done.issues.append(_issue("mail.nothing_to_repeat", letter, relation=asked.again.relation))
            return
        last, original, reason = open_, sent.id, asked.again
        copy = open_.copy if open_ else found[0].copy + 1
    try:
        made = compose(letter, asked.round, copy, reason)
    except MailRefused as error:
        done.issues.append(error.issue)
        return
    if last is None:
        done.added.append(_insert(c, letter, made, copy, original, reason, asked))
    elif last.content_key == made.content_key and _whole(c, last):
        _moved(c, last, letter)
        done.kept.append(last.id)
    elif last.state in MAY_HAVE_LEFT:
        seen = {"state": WORDS[last.state], "id": last.id, "at": last.at}
        done.issues.append(_issue("mail.already", letter, **seen))
    else:
        _replace(c, last, _content(letter, made, copy, original, reason, asked.round), made.data, asked)
        done.replaced.append(last.id)


def _same(letter: Addressed, mail: Mail) -> bool:
    """Whether a mail is this applicant's: by code; by name, or else by row of the register, where a code is lacking.

    A code that differs is a corrected one only in the same row under the same name.
    """
    name = letter.name_key == mail.name_key
    row = (letter.source, letter.applicant) == (mail.source, mail.applicant)
    if letter.code and mail.code:
        return letter.code == mail.code or (name and row)
    return name or row


def _moved(c: sqlite3.Connection, mail: Mail, letter: Addressed) -> None:
    """The run's folder or the register may lie elsewhere now."""
    if (mail.out, mail.source) != (letter.out, letter.source):
        c.execute("UPDATE mails SET out = ?, source = ? WHERE id = ?", (letter.out, letter.source, mail.id))


def _issue(code: str, letter: Addressed, **seen: object) -> Issue:
    place = Place(*letter.cell.split("!", 1)) if "!" in letter.cell else Place(file=letter.source)
    return issue(code, place, applicant=letter.applicant, name=letter.name, label=letter.label, **seen)


def _whole(c: sqlite3.Connection, mail: Mail) -> bool:
    """Whether the stored bytes are those that were frozen; a damaged draft is made anew."""
    row = c.execute("SELECT bytes FROM messages WHERE mail = ?", (mail.id,)).fetchone()
    return row is not None and hashlib.sha256(row[0]).hexdigest() == mail.message_sha256


def _content(
    letter: Addressed, made: Message, copy: int, original: int | None, again: Again | None, round: int
) -> dict[str, object]:
    return {
        **{f: getattr(letter, f) for f in ("pack", "year", "applicant", "name", "name_key", "code", "kind", "label")},
        **{f: getattr(letter, f) for f in ("out", "source", "letter", "address", "address_key", "cell")},
        "round": round,
        "copy": copy,
        "relates_to": original,
        "relation": again.relation if again else "",
        "relation_why": again.reason if again else "",
        "relation_by": again.by if again else "",
        "letter_sha256": letter.sha256,
        **{f: getattr(made, f) for f in ("sender", "subject", "content_key", "message_id")},
        "message_sha256": hashlib.sha256(made.data).hexdigest(),
    }


def _insert(
    c: sqlite3.Connection,
    letter: Addressed,
    made: Message,
    copy: int,
    original: int | None,
    again: Again | None,
    asked: _Asked,
) -> int:
    content = _content(letter, made, copy, original, again, asked.round)
    why = f"{again.relation}第{original}号邮件：{again.reason}（{again.by}决定）" if again else "由通知书起草"
    names = (*_CONTENT, "state", "at", "who", "why")
    row = c.execute(
        f"INSERT INTO mails ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        (*(content[name] for name in _CONTENT), "draft", asked.at, asked.who, why),
    )
    id = int(row.lastrowid or 0)
    c.execute("INSERT INTO messages (mail, bytes) VALUES (?, ?)", (id, made.data))
    return id


def _replace(c: sqlite3.Connection, last: Mail, content: dict[str, object], data: bytes, asked: _Asked) -> None:
    why = "通知书、地址或正文有变，重新起草"
    if last.state != "draft":
        c.execute(
            "UPDATE mails SET state = 'draft', at = ?, who = ?, why = ? WHERE id = ?",
            (asked.at, asked.who, why, last.id),
        )
    changes = ", ".join(f"{name} = ?" for name in _CONTENT)
    c.execute(
        f"UPDATE mails SET {changes}, attempts = 0, not_before = 0, said = '' WHERE id = ?",
        (*(content[name] for name in _CONTENT), last.id),
    )
    c.execute("UPDATE messages SET bytes = ? WHERE mail = ?", (data, last.id))


@dataclass
class Shared:
    """Addresses of two applicants, as issues, and by key whose they are."""

    issues: list[Issue] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)  # address → names that may not be drafted to it


def _shared(c: sqlite3.Connection, letters: Iterable[Addressed], addresses: Collection[str]) -> Shared:
    """Which of ``addresses`` two applicants have that nobody has confirmed, among the letters and the mails there."""
    users: dict[str, dict[str, _User]] = defaultdict(dict)  # address → name key → who
    shown: dict[str, Addressed] = {}
    rows: dict[tuple[str, str], str] = {}  # register and applicant id → party, whatever the name was before
    for letter in (one for one in letters if one.address_key in addresses):
        party = rows[letter.source, letter.applicant] = letter.code or letter.name_key
        users[letter.address_key][letter.name_key] = _User(letter.name, letter.cell, party)
        shown.setdefault(letter.address_key, letter)
    held = Shared()
    query = "SELECT name_key, name, cell, code, source, applicant FROM mails WHERE address_key = ?"
    for address, names in users.items():
        for key, name, cell, code, source, applicant in c.execute(query, (address,)):
            names.setdefault(key, _User(name, cell, rows.get((source, applicant)) or code or key))
        agreed = {row[0] for row in c.execute("SELECT name_key FROM shared WHERE address_key = ?", (address,))}
        if len({user.party for user in names.values()}) < 2 or names.keys() <= agreed:
            continue
        held.names[address] = set(names)
        said = {
            "names": "".join(f"「{user.name}」" for user in names.values()),
            "cells": "、".join(user.cell for user in names.values()),
            "address": mask(shown[address].address),
        }
        held.issues.append(_issue("mail.shared_address", shown[address], **said))
    return held


class _User(NamedTuple):
    name: str
    cell: str
    party: str  # the credit code, or the name where there is none: two names of one party share their address
