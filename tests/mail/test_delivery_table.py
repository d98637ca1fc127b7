"""Every row of docs/mail-delivery.md against a server that does what the row says."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from incubxl.mail.message import Attachment, build, message_id
from incubxl.mail.transport import MailSession
from tests.conftest import ROOT
from tests.mail.conftest import session
from tests.mail.letter import DOCX, RECIPIENT, SENDER, letter
from tests.mail.server import Certificates, Server, running

_ROW = re.compile(r"\| (\w+) \| ([^|]+) \| (sent|deferred|refused|unsent|uncertain) \| (\d{3})? ?\|")
TABLE = [
    found.groups()
    for line in (ROOT / "docs" / "mail-delivery.md").read_text(encoding="utf-8").splitlines()
    if (found := _ROW.fullmatch(line))
]
OTHER = "other@example.org"
TLS_ROWS = {
    "certificate signed by nobody we trust": "unknown_authority",
    "self-signed certificate": "self_signed",
    "certificate of another host": "wrong_host",
    "expired certificate": "expired",
}


def test_the_table_is_read_whole() -> None:
    assert len(TABLE) == 60
    assert {row[0] for row in TABLE} == {
        "check", "connect", "tls", "greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "content", "answer",
        "quit",
    }  # fmt: skip


@contextlib.contextmanager
def _set_up(phase: str, fault: str, certs: Certificates, monkeypatch: Any) -> Iterator[tuple[Server, MailSession]]:
    """The server that has this fault, and a session with it."""
    options: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    if phase in ("tls", "starttls"):
        chosen["ca_file"] = certs.authority
        if fault in TLS_ROWS:
            options["implicit"] = getattr(certs, TLS_ROWS[fault])
        elif phase == "tls":
            options["handshake"] = fault
        else:
            options["starttls"] = certs.good
            chosen["security"] = "starttls"
    if phase == "auth":
        options["auth"] = True
    with running(**options) as server:
        server.fault = (phase, fault)
        port = server.port
        if phase == "connect":
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
        if fault == "unknown host name":

            def nobody(*_: Any, **__: Any) -> Any:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

            monkeypatch.setattr(socket, "getaddrinfo", nobody)
        if "silence" in fault or "without end" in fault or "stops" in fault:
            chosen |= {"timeout_seconds": 1, "final_timeout_seconds": 1}
        with session(port, plain=not options or phase == "auth", login=phase == "auth", **chosen) as ours:
            yield server, ours


@pytest.mark.parametrize(("phase", "fault", "outcome", "code"), TABLE, ids=[f"{r[0]}-{r[1]}" for r in TABLE])
def test_what_became_of_it(
    phase: str, fault: str, outcome: str, code: str | None, certs: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = (Attachment("大.docx", DOCX + bytes(12_000_000)),) if phase == "content" else letter().attachments
    data = build(letter(attachments=files)).data
    to = RECIPIENT
    if fault == "header To is not the recipient":
        to = OTHER
    elif fault == "address not plain ASCII":
        to = "王@example.org"
    with _set_up(phase, fault, certs, monkeypatch) as (server, ours):
        started = time.monotonic()
        became = ours.deliver(data, SENDER, to)
        if phase == "quit":
            ours.close()
        assert time.monotonic() - started < 5
        assert became.outcome == outcome
        assert became.phase == ("answer" if phase == "quit" else phase)
        assert became.code == (int(code) if code else None)
        assert became.about_session == (phase in ("connect", "tls", "greeting", "ehlo", "starttls", "auth"))
        assert became.reason.endswith("。") and "@" not in became.reason
        assert RECIPIENT not in became.words
        stored = outcome == "sent" or fault in ("closed after it was stored", "dripping without end", "silence")
        assert len(server.inbox) == (1 if stored and phase in ("answer", "quit") else 0)
        for got in server.inbox:
            assert got.content == data and got.recipients == (RECIPIENT,) and got.sender == SENDER
        if became.phase == "check" or became.about_session:
            return
        # The session goes on with the next mail, to its own recipient only.
        server.inbox.clear()
        server.fault = ("", "")
        following = build(letter(recipient=OTHER, message_id=message_id(SENDER, OTHER, 2))).data
        assert ours.deliver(following, SENDER, OTHER).outcome == "sent"
        assert [(got.recipients, got.content) for got in server.inbox] == [((OTHER,), following)]
        anew = phase == "quit" or outcome in ("unsent", "uncertain") or fault == "421"
        assert server.connections == (2 if anew else 1)
