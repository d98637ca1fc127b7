"""Letters with addresses, mails and servers for the outbox's tests. Everything is fictional."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from incubxl.files.packs import SHIPPED
from incubxl.mail.claims import Outcome
from incubxl.mail.compose import composer
from incubxl.mail.drafting import Compose
from incubxl.mail.model import Addressed, Again, Mail, Message
from incubxl.mail.outbox import Outbox
from incubxl.mail.templates import MailTemplates

SENDER = "office@example.com"
START = dt.datetime(2026, 6, 22, 9, 0)  # a Monday


class Clock:
    """Local time that moves when it is told."""

    def __init__(self, start: dt.datetime = START) -> None:
        self.now = start

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += dt.timedelta(minutes=minutes)


def docx(text: str) -> bytes:
    """A .docx of one paragraph, good enough for an attachment and for reading its text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        info = zipfile.ZipInfo("word/document.xml", (2026, 1, 1, 0, 0, 0))
        archive.writestr(info, f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return buffer.getvalue()


def letter(n: int, out: Path, **more: Any) -> Addressed:
    """The final letter of applicant n, written below ``out``."""
    name = more.pop("name", f"示例{n:04d}孵化器有限公司")
    file = f"登记/通知书/X-{n:04d}_认定.docx"
    data = docx(more.pop("text", f"{name}：经审核，予以认定。"))
    path = out / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    made = Addressed(
        pack="xinjiang-makerspace",
        year=2026,
        applicant=f"X-{n:04d}",
        name=name,
        code="",
        kind="recognition",
        label="认定",
        out=str(out),
        source=str(out / "登记.xlsx"),
        letter=file,
        sha256=hashlib.sha256(data).hexdigest(),
        address=f"x{n:04d}@example.org",
        cell=f"申报登记!H{n + 2}",
        measure="《示例办法》",
        office="示例市科学技术局",
        contact="",
    )
    return replace(made, **more)


def templates() -> MailTemplates:
    return MailTemplates({p.name: p.read_text(encoding="utf-8") for p in (SHIPPED / "common" / "mail").iterdir()})


def compose(clock: Callable[[], dt.datetime] | None = None) -> Compose:
    """The real composer with the shipped wording."""
    shared = templates()
    return composer(SENDER, lambda pack: shared, clock or Clock())


def light(letter: Addressed, round: int, copy: int, again: Again | None) -> Message:
    """A composer without MIME, for tests of states only."""
    seen = f"{letter}{round}{copy}{again}"
    key = hashlib.sha256(seen.encode()).hexdigest()
    return Message(SENDER, "主题", f"<{key[:40]}@example.com>", key, seen.encode())


def nothing_wrong(mail: Mail, data: bytes) -> None:
    return None


@dataclass(frozen=True)
class Said:
    """A delivery."""

    outcome: Outcome
    words: str = ""
    reason: str = ""
    about_session: bool = False


@dataclass
class Server:
    """A mail server in memory: answers from ``answers`` by turns, then ``sent``; keeps what it accepted."""

    answers: list[Said | BaseException] = field(default_factory=list)
    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def deliver(self, message: bytes, sender: str, recipient: str) -> Said:
        self.asked.append(recipient)
        answer = self.answers.pop(0) if self.answers else Said("sent", "250 OK")
        if isinstance(answer, BaseException):
            raise answer
        if answer.outcome == "sent":
            self.accepted.append((recipient, message))
        return answer


def states(outbox: Outbox) -> list[str]:
    return [mail.state for mail in outbox.mails()]
