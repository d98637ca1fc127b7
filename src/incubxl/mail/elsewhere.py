"""Letters that the record beside them calls sent, and this outbox knows nothing of: another outbox had them, or this
one was lost and begun anew. They are not drafted, approved or sent until ``takeover`` brings them into this outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from incubxl.files.refusal import reason
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.findings import MailRefused, refused
from incubxl.mail.identity import is_twin, likeness, of_letter, same_applicant
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.numbering import clash, left_since
from incubxl.mail.outbox import Outbox
from incubxl.mail.sent_record import SentRecord, Trace, ended, key
from incubxl.mail.states import MAY_HAVE_LEFT

_FATES = {"sent": "已经发出", "unknown": "可能已经发出"}


class Elsewhere:
    """What records beside letters say of other outboxes' mails. Read anew at each question: others may be at work."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self._records: dict[str, SentRecord] = {}
        self._ours: set[str] = set()

    def of_letters(self, letters: Iterable[Addressed], round: int = 1) -> dict[Addressed, Issue]:
        """The letters that are not drafted, with why: another outbox has sent them, perhaps or surely."""
        foreign: dict[str, list[Trace]] = {}
        found: dict[Addressed, Issue] = {}
        for letter in letters:
            if letter.out not in foreign:
                foreign[letter.out] = self._foreign(letter.out)
            trace = next((one for one in foreign[letter.out] if _had(letter, one, round)), None)
            if trace is not None:
                found[letter] = _told(letter, trace)
        return found

    def of_mail(self, mail: Mail) -> Issue | None:
        """Why a mail is not approved or sent."""
        for trace in self._foreign(mail.out):
            other = trace.mail
            if trace.key == key(mail):
                return _told(mail, trace)
            if other is not None and clash(mail, other):
                return _told(mail, trace)
            if other is None or other.round != mail.round or not _akin(mail, other):
                continue
            if mail.letter_key == other.letter_key or not (mail.letter_key and other.letter_key):
                return _told(mail, trace)
        return None

    def guard(self, look: Callable[[Mail, bytes], Issue | None]) -> Callable[[Mail, bytes], Issue | None]:
        """``look``, then the records, then what has left under the mail's number."""
        return lambda mail, data: look(mail, data) or self.of_mail(mail) or left_since(self.outbox, mail)

    def _foreign(self, out: str) -> list[Trace]:
        record = self._records.setdefault(out, SentRecord(Path(out)))
        found = [trace for trace in traces_of(record) if trace.fate != "not_sent"]
        return [trace for trace in found if not self._known(trace.token)]

    def _known(self, token: str) -> bool:
        if token not in self._ours and self.outbox.knows(token):
            self._ours.add(token)
        return token in self._ours


def _had(letter: Addressed, trace: Trace, round: int) -> bool:
    """Whether an attempt may have been this letter's."""
    mail = trace.mail
    if mail is None:
        return trace.key in {key(replace(_like(letter), round=n)) for n in (1, round)}
    if clash(letter, mail):
        return True
    if (letter.pack, letter.year, letter.kind) == (mail.pack, mail.year, mail.kind) and (
        likeness(letter, mail) or _same_box(letter, mail)
    ):
        return True  # perhaps renamed: once it is in this outbox, drafting asks
    if not _akin(letter, mail):
        return False
    doubtful = mail.round < round and trace.fate == "unknown"
    return doubtful or is_twin(letter, mail) or (mail.round == round and bool(of_letter(letter, [mail])))


def _same_box(letter: Addressed, mail: Mail) -> bool:
    """Whether the applicant's address had this kind of letter under a name that is in no register any more."""
    own = not (letter.reader or mail.reader) and letter.address_key == mail.address_key
    return own and not (letter.code and mail.code) and mail.name not in letter.names


def altered(outs: Iterable[str]) -> list[Issue]:
    """What somebody has written into the records of these folders; and which of them cannot be read."""
    told: list[Issue] = []
    for out in sorted(set(outs)):
        try:
            traces = traces_of(SentRecord(Path(out)))
        except MailRefused as error:
            told.append(error.issue)
            continue
        for trace in traces:
            if trace.altered:
                seen = {"name": trace.mail.name if trace.mail else "读不出是哪家", "fate": _FATES[trace.fate]}
                told.append(issue("mail.record_altered", Place(file=trace.file), file=trace.file, **seen))
    return told


def traces_of(record: SentRecord) -> list[Trace]:
    try:
        return record.traces()
    except OSError as error:
        raise refused("mail.record_access", path=record.folder, reason=reason(error)) from error


def _akin(one: Addressed | Mail, mail: Mail) -> bool:
    return (one.pack, one.year, one.kind) == (mail.pack, mail.year, mail.kind) and same_applicant(one, mail)


def _like(letter: Addressed) -> Mail:
    """The first mail that a letter would be, as far as ``key`` looks at it."""
    ours = {name: getattr(letter, name) for name in ("pack", "year", "applicant", "name", "name_key", "code", "kind")}
    rest = {
        name: getattr(letter, name) for name in ("label", "out", "source", "letter", "letter_key", "reader", "address")
    }
    return Mail(
        **ours, **rest, id=0, state="draft", round=1, copy=0, relates_to=None, relation="", relation_why="",
        relation_by="", letter_sha256=letter.sha256, sender="", address_key=letter.address_key, cell=letter.cell,
        subject="", content_key="", message_id="", message_sha256="", attempts=0, not_before=0, claimed_by="", said="",
        at="", who="", why="",
    )  # fmt: skip


def _told(one: Addressed | Mail, trace: Trace) -> Issue:
    place = Place(*one.cell.split("!", 1)) if "!" in one.cell else Place(file=one.source)
    renamed = trace.mail is not None and trace.mail.name_key != one.name_key
    fate = (f"以「{trace.mail.name}」的名称" if trace.mail and renamed else "") + _FATES[trace.fate]
    seen = {"fate": fate, "at": trace.at or "时间不详", "who": trace.who or "姓名不详"}
    return issue("mail.sent_elsewhere", place, applicant=one.applicant, name=one.name, label=one.label, **seen)


def keep_record(outbox: Outbox, outs: Iterable[str]) -> None:
    """Put what has left into the records of these folders where they lack it: mails that an earlier version sent, or
    whose run lies in another folder now. Nothing more comes of a second call. Raises MailRefused."""
    for out in set(outs):
        ours = [mail for mail in outbox.mails(MAY_HAVE_LEFT) if mail.out == out and mail.state != "sending"]
        record = SentRecord(Path(out))
        there = {trace.mail.message_id for trace in traces_of(record) if trace.mail} if ours else set()
        for mail in (one for one in ours if one.message_id not in there):
            token = hashlib.sha256(f"kept {mail.message_id}".encode()).hexdigest()[:32]  # the same at every drafting
            with outbox.writing() as connection:
                connection.execute("INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", (token, mail.id, outbox.at()))
            original = outbox.mail(mail.relates_to).message_id if mail.relates_to else ""
            try:
                path = record.begin(mail, token, original, outbox.knows)
                if path is not None and mail.state == "sent":
                    ended(path, "sent", mail.at, mail.who, mail.why)
            except OSError as error:
                raise refused("mail.record_access", path=record.folder, reason=reason(error)) from error
