"""A letter with its address becomes a frozen mail; and what the frozen bytes really hold, read back from them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32, default
from pathlib import Path, PurePosixPath
from typing import Any

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.drafting import Compose
from incubxl.mail.findings import MailRefused, refused
from incubxl.mail.message import Attachment, Letter, MessageRefused, build, message_id
from incubxl.mail.model import Addressed, Again
from incubxl.mail.model import Message as Made
from incubxl.mail.templates import BadTemplate, BadValue, MailContext, MailTemplates, Wording


def composer(
    sender: str, templates: Callable[[str], MailTemplates], clock: Callable[[], dt.datetime], sender_name: str = ""
) -> Compose:
    """How letters become mails: from ``sender``, worded by the templates of a letter's pack.

    Raises MailRefused for a template that does not serve, or a letter that cannot be read or sent.
    """

    def compose(letter: Addressed, round: int, copy: int, again: Again | None) -> Made:
        wording = _wording(letter, templates(letter.pack), again)
        data = _read(letter)
        seen = (sender, letter.address, wording.subject, wording.text, wording.html, letter.sha256)
        key = hashlib.sha256("\0".join((*seen, str(round), str(copy))).encode("utf-8", "surrogatepass")).hexdigest()
        identity = (letter.pack, letter.year, letter.code or letter.name_key, letter.kind, round, copy)
        id = message_id(sender, letter.address, *identity, key)
        try:
            frozen = build(
                Letter(
                    sender_name=sender_name or letter.office,
                    sender=sender,
                    recipient=letter.address,
                    subject=wording.subject,
                    text=wording.text,
                    html=wording.html,
                    attachments=(Attachment(PurePosixPath(letter.letter).name, data),),
                    date=clock().astimezone(),
                    message_id=id,
                )
            )
        except MessageRefused as error:
            raise MailRefused(_about(letter, "mail.wrong_letter", reason=str(error))) from error
        return Made(sender, wording.subject, id, key, frozen.data)

    return compose


def _wording(letter: Addressed, templates: MailTemplates, again: Again | None) -> Wording:
    context = MailContext(
        applicant=letter.reader or letter.name,
        applicant_id=letter.applicant,
        year=letter.year,
        measure=letter.measure,
        label=letter.label,
        title=letter.title.strip() or letter.label,
        attachment=PurePosixPath(letter.letter).name,
        office=letter.office,
        contact=letter.contact,
        note=letter.note,
        relation=again.relation if again else "",
        relation_first=again.first if again else "",
        relation_reason=again.reason if again else "",
        number=letter.number,
    )
    try:
        return templates.wording(letter.kind, context)
    except BadValue as error:
        raise MailRefused(_about(letter, "mail.unwordable", reason=str(error))) from error
    except BadTemplate as error:
        raise refused("mail.template", file=error.file, reason=str(error)) from error


def first_mail(letters: Iterable[Addressed], compose: Compose) -> tuple[Contents | None, dict[Addressed, Issue]]:
    """The first mail that can be written, for looking at; and every letter whose mail cannot, with why."""
    first: Contents | None = None
    found: dict[Addressed, Issue] = {}
    for letter in letters:
        try:
            made = compose(letter, 1, 0, None)
        except MailRefused as error:
            if error.issue.code == "mail.template":  # all letters would meet it
                raise
            found[letter] = error.issue
        else:
            first = first or contents(made.data)
    return first, found


def _read(letter: Addressed) -> bytes:
    """The letter's bytes, exactly those that the run published."""
    try:
        data = (Path(letter.out) / letter.letter).read_bytes()
    except OSError as error:
        raise MailRefused(_about(letter, "mail.letter_missing")) from error
    if hashlib.sha256(data).hexdigest() != letter.sha256:
        raise MailRefused(_about(letter, "mail.letter_changed"))
    return data


def _about(letter: Addressed, code: str, **seen: object) -> Issue:
    place = Place(*letter.cell.split("!", 1)) if "!" in letter.cell else Place(file=letter.source)
    return issue(code, place, applicant=letter.applicant, name=letter.name, file=letter.letter, **seen)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a mail's bytes hold. ``attachments``: file name → SHA-256."""

    sender: str
    recipients: tuple[str, ...]  # of To, Cc and Bcc
    subject: str
    message_id: str
    text: str
    attachments: Mapping[str, str]


def contents(data: bytes) -> Contents:
    """Read a frozen mail back: every recipient field that is there, and every part beside the two bodies."""
    message = message_from_bytes(data, policy=compat32)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    text, html = (
        next((part for part in leaves if part.get_content_type() == kind and part.get_filename() is None), None)
        for kind in ("text/plain", "text/html")
    )
    found = [field for name in ("To", "Cc", "Bcc") for field in _fields(message, name)]
    sender, subject, id = (next(iter(_fields(message, name)), None) for name in ("From", "Subject", "Message-ID"))
    return Contents(
        sender=sender.addresses[0].addr_spec if sender is not None and sender.addresses else "",
        recipients=tuple(a.addr_spec for field in found for a in field.addresses),
        subject=str(subject or ""),
        message_id=str(id or "").strip(),
        text=_bytes(text).decode("utf-8", "replace").replace("\r\n", "\n") if text is not None else "",
        attachments={
            part.get_filename() or "": hashlib.sha256(_bytes(part)).hexdigest()
            for part in leaves
            if part is not text and part is not html
        },
    )


def _fields(message: Message, name: str) -> list[Any]:
    """Every field of this name, read as the standard says; only these are, which is most of the time that it takes."""
    return [default.header_factory(name, re.sub(r"[\r\n]+", "", str(value))) for value in message.get_all(name, [])]


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
