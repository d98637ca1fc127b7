"""Letters of a run become drafts: each once over all runs, replaced while nothing has left, repeated only knowingly."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.elsewhere import Elsewhere, keep_record
from incubxl.mail.findings import MailRefused
from incubxl.mail.identity import amended_unsent, confused, is_twin, likeness, mixed_up, of_letter, same_applicant
from incubxl.mail.model import Addressed, Again, Mail, Message, Unit
from incubxl.mail.numbering import clashing, told
from incubxl.mail.originals import too_early
from incubxl.mail.outbox import COLUMNS, Outbox
from incubxl.mail.sharing import shared, shared_in
from incubxl.mail.states import MAY_HAVE_LEFT, WORDS

_TOGETHER = 200  # letters in one transaction
Compose = Callable[[Addressed, int, int, Again | None], Message]  # letter, round, copy, why again
Told = Callable[[int, int], bool]  # done, total → whether to go on
_CONTENT = (
    "pack", "year", "applicant", "name", "name_key", "code", "kind", "label", "round", "copy", "relates_to",
    "relation", "relation_why", "relation_by", "out", "source", "letter", "letter_sha256", "letter_key", "reader",
    "sender", "address", "address_key", "cell", "subject", "content_key", "message_id", "message_sha256",
)  # fmt: skip
_LIKE = """
  SELECT {columns} FROM mails WHERE pack = :pack AND year = :year AND kind = :kind
    AND (name_key = :name_key OR (code <> '' AND code = :code) OR applicant = :applicant
      OR (letter_key <> '' AND letter_key = :letter_key))
  ORDER BY copy DESC
"""
_LOOKED = ("pack", "year", "kind", "code", "applicant", "name_key", "letter_key")


@dataclass
class Drafted:
    """What came of it, as outbox ids. ``kept``: nothing has changed since an earlier run (whatever their state).

    ``stopped``: somebody asked to stop between two blocks of letters; the rest is drafted by the same call again.
    """

    added: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    stopped: bool = False

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
    units: Mapping[str, Unit] = MappingProxyType({}),
    told: Told = lambda done, total: True,
) -> Drafted:
    """Put ``letters`` into the outbox, so many in one transaction that nobody else waits long for it.

    ``again``: a second copy of a letter that was sent, on a person's decision. ``units``: a person's word, by applicant
    id, where a mail under another name may be the applicant's. ``compose`` freezes a mail. ``told`` and the outbox
    (``mail stop``) are asked before each block whether to go on. What was drafted before a refusal or a stop stays:
    the same call goes on.
    """
    mixed, stops = confused(letters), outbox.stops()
    doubtful = [mixed_up(one, others) for one, others in mixed.items()]
    done = Drafted(issues=[*shared(outbox, letters).issues, *doubtful])
    gone = Elsewhere(outbox).of_letters([one for one in letters if one not in mixed], round)
    done.issues += gone.values()
    for first in range(0, len(letters), _TOGETHER):
        if not told(first, len(letters)) or outbox.stops() != stops:
            done.stopped = True
            break
        some = letters[first : first + _TOGETHER]
        ready = _Ready(compose)
        if again is None:
            ready.prepare(some, round)
        with outbox.writing() as connection:
            held = shared_in(connection, letters, {letter.address_key for letter in some})
            for letter in some:
                if letter in mixed or letter in gone or letter.reader_key in held.names.get(letter.address_key, ()):
                    continue
                _one(connection, letter, ready, _Asked(outbox.at(), who, round, again, units), done)
    keep_record(outbox, (letter.out for letter in letters))
    return done


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
    units: Mapping[str, Unit]


def _one(c: sqlite3.Connection, letter: Addressed, compose: Compose, asked: _Asked, done: Drafted) -> None:
    like = [Mail(*row) for row in c.execute(_LIKE.format(columns=COLUMNS), {f: getattr(letter, f) for f in _LOOKED})]
    numbered = clashing(c, letter)
    alike = [m for m in numbered if m.state in MAY_HAVE_LEFT]
    theirs = [mail for mail in like if same_applicant(letter, mail)]
    # drafted before its year was put right
    theirs += [m for m in numbered if m not in alike and (m.pack, m.kind) == (letter.pack, letter.kind)
               and same_applicant(letter, m)]  # fmt: skip
    renamed = [(mail, why) for mail in like if (why := likeness(letter, mail))]
    if asked.units.get(letter.applicant) == "same":
        theirs = sorted({*theirs, *alike, *(mail for mail, _ in renamed)}, key=lambda mail: (-mail.copy, mail.id))
    elif renamed and not theirs and letter.applicant not in asked.units:
        mail, why = renamed[0]
        done.issues.append(
            _issue("mail.renamed", letter, **_seen(mail), other=mail.name, why=why, number=letter.applicant)
        )
        return
    found = of_letter(letter, [mail for mail in theirs if mail.round == asked.round])
    bears_it = any(mail.letter_key == letter.letter_key for mail in found)  # asked when it was drafted
    if alike and not bears_it and letter.applicant not in asked.units:
        done.issues.append(told(letter, alike[0]))
        return
    namesakes = [m for m in like if m.round == asked.round and m not in theirs and m.name_key == letter.name_key]
    if namesakes or len({mail.copy for mail in found}) < len(found):  # two mails of one copy: not one applicant
        ids = "、".join(f"第{mail.id}号邮件" for mail in namesakes or found)
        done.issues.append(_issue("mail.conflict", letter, others=f"发件箱里的{ids}"))
        return
    before = [mail for mail in theirs if mail.round != asked.round]
    known = any(is_twin(letter, mail) for mail in found)
    if not known and (twin := next((m for m in before if is_twin(letter, m)), None)):
        if twin.round > asked.round and twin.letter_sha256 == letter.sha256:  # it went with a later batch
            done.kept.append(twin.id)
        else:
            done.issues.append(_issue("mail.other_round", letter, **_seen(twin), round=twin.round))
        return
    doubtful = next((m for m in before if m.round < asked.round and m.state in ("sending", "unknown")), None)
    if doubtful:
        done.issues.append(_issue("mail.round_unknown", letter, **_seen(doubtful), round=doubtful.round))
        return
    gone = any(m.state in MAY_HAVE_LEFT for m in found)
    early = amended_unsent(letter) if letter.amended_by else too_early(c, letter)
    if early and not gone:
        done.issues.append(early)
        return
    last = found[0] if found else None
    if asked.again is None:
        if last and last.relation and last.state not in MAY_HAVE_LEFT:
            last = next(mail for mail in found if mail.copy == 0)  # a repetition is drafted by --again only
        copy, original = (last.copy, last.relates_to) if last else (0, None)
        reason = None
        if last and last.relation:
            repeated = next(mail for mail in theirs if mail.id == last.relates_to)
            reason = Again(last.relation, last.relation_why, last.relation_by, _named(c, repeated))  # type: ignore[arg-type]
    else:
        sent = next((mail for mail in found if mail.state == "sent"), None)
        open_ = last if last and last.relation and last.state not in MAY_HAVE_LEFT else None
        if sent is None or (last and last is not sent and open_ is None):
            done.issues.append(_issue("mail.nothing_to_repeat", letter, relation=asked.again.relation))
            return
        if asked.again.relation == "补发" and letter.sha256 != sent.letter_sha256:
            done.issues.append(_issue("mail.no_repetition", letter, **_seen(sent)))
            return
        last, original, reason = open_, sent.id, replace(asked.again, first=_named(c, sent))
        copy = open_.copy if open_ else found[0].copy + 1
    try:
        made = compose(letter, asked.round, copy, reason)
    except MailRefused as error:
        done.issues.append(error.issue)
        return
    if last is None:
        done.added.append(_insert(c, letter, made, copy, original, reason, asked))
    elif last.content_key == made.content_key and (last.state in MAY_HAVE_LEFT or _whole(c, last)):
        _moved(c, last, letter)
        done.kept.append(last.id)
    elif last.state in MAY_HAVE_LEFT:
        done.issues.append(_issue("mail.already", letter, **_seen(last)))
    else:
        _replace(c, last, _content(letter, made, copy, original, reason, asked.round), made.data, asked)
        done.replaced.append(last.id)


def _named(c: sqlite3.Connection, mail: Mail) -> str:
    """A mail that was sent, as its reader knows it: ``2026年6月5日发出的“…”``.

    The day is the one on which the server took it, not when somebody found that out.
    """
    query = "SELECT at FROM history WHERE mail = ? AND after = 'sending' ORDER BY id DESC LIMIT 1"
    row = c.execute(query, (mail.id,)).fetchone()
    at = dt.date.fromisoformat(row[0][:10])
    return f"{at.year}年{at.month}月{at.day}日发出的“{mail.subject}”"


def _seen(mail: Mail) -> dict[str, object]:
    return {"state": WORDS[mail.state], "id": mail.id, "at": mail.at}


def _moved(c: sqlite3.Connection, mail: Mail, letter: Addressed) -> None:
    """The run's folder or the register may lie elsewhere now; an older outbox did not know the letter's number."""
    if (mail.out, mail.source) != (letter.out, letter.source):
        c.execute("UPDATE mails SET out = ?, source = ? WHERE id = ?", (letter.out, letter.source, mail.id))
    if not mail.letter_key and letter.letter_key:
        c.execute("UPDATE mails SET letter_key = ? WHERE id = ?", (letter.letter_key, mail.id))


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
        **{f: getattr(letter, f) for f in ("out", "source", "letter", "letter_key", "reader", "address")},
        **{f: getattr(letter, f) for f in ("address_key", "cell")},
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
