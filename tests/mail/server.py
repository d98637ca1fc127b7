"""An SMTP server on this machine (aiosmtpd) that does wrong what a test wants, and tells what it got."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "office@example.com", "not-a-secret"
_STORED = ("", "250", "251", "closed after it was stored", "silence", "dripping without end")
SAID = "as told for apply@example.org"


@dataclass(frozen=True)
class Got:
    """A mail that the server took: envelope and content."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class Server:
    """``fault``: (phase, what happens there); faults at ``once`` happen one time only."""

    port: int = 0
    keep: bool = True  # whether the inbox keeps what comes
    fault: tuple[str, str] = ("", "")
    once: bool = False
    inbox: list[Got] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    def takes(self, phase: str) -> str:
        """The fault of this phase, if it is to happen now."""
        if self.fault[0] != phase:
            return ""
        what = self.fault[1]
        if self.once:
            self.fault = ("", "")
        return what


class _Handler:
    def __init__(self, server: Server) -> None:
        self.server = server

    async def handle_DATA(self, smtp: Faulty, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        got = Got(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content)
        what = self.server.takes("answer")
        if self.server.keep and what in _STORED:
            self.server.inbox.append(got)
        if not what:
            return "250 2.0.0 stored"
        if what[:3].isdecimal():
            return f"{what} {SAID}"
        if what == "slow":
            await asyncio.sleep(1.6)
            self.server.inbox.append(got)
            return "250 2.0.0 stored at last"
        await smtp.play(what)
        raise asyncio.CancelledError


class Faulty(SMTP):
    """aiosmtpd's server with a fault before each command's own work."""

    def __init__(self, server: Server, **options: Any) -> None:
        self.server = server
        super().__init__(_Handler(server), hostname="mx.example.com", **options)
        for verb, method in self._smtp_methods.items():
            self._smtp_methods[verb] = self._with_fault(verb, method)

    def _with_fault(self, verb: str, method: Any) -> Any:
        async def wrapped(arg: str) -> None:
            self.server.commands.append(f"{verb} {arg or ''}".strip())
            if what := self.server.takes(verb.lower()):
                await self.play(what)
            elif verb == "DATA" and (what := self.server.takes("content")):
                await self.push("354 go on")
                if what == "closed in the middle":
                    await self._reader.readexactly(1000)
                    self.transport.abort()
                else:
                    self.transport.pause_reading()
                    await asyncio.sleep(30)
            elif verb == "EHLO" and (hidden := self._hidden()):
                await self.push(f"250-mx.example.com\r\n250-SIZE 1000000000\r\n250 {hidden}")
                self.session.host_name, self.session.extended_smtp = arg, True
            else:
                await method(arg)

        return wrapped

    def _hidden(self) -> str:
        """What EHLO says where an extension is kept back."""
        for phase in ("starttls", "auth"):
            if self.server.fault == (phase, "not offered"):
                return "HELP"
        return ""

    async def push(self, status: Any) -> None:
        if isinstance(status, str) and status.startswith("220 mx"):
            self.server.connections += 1
            if what := self.server.takes("greeting"):
                await self.play(what)
                return
        await super().push(status)

    async def play(self, what: str) -> None:
        """Do it."""
        if what[:3].isdecimal():
            await super().push(f"{what} {SAID}")
            if what in ("421", "554") and self.server.fault[0] == "greeting":
                self.transport.close()
        elif what.startswith("closed"):
            self.transport.close()
        elif what == "half-closed":
            self.transport.write_eof()
            await asyncio.sleep(30)
        elif what == "silence":
            await asyncio.sleep(30)
        elif what == "dripping without end":
            while True:
                self.transport.write(b"2")
                await asyncio.sleep(0.05)
        elif what == "two replies":
            first = 354 if self.server.commands[-1] == "DATA" else 250
            await super().push(f"{first} first\r\n250 second")
        elif what == "no SMTP":
            await super().push("HTTP/1.1 400 Bad Request")
        elif what == "plain text behind the 220":
            self.transport.write(b"220 go on\r\n250-mx.example.com\r\n250 AUTH PLAIN\r\n")
        else:
            raise AssertionError(what)


def _authenticate(server: Server) -> Any:
    def check(smtp: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        server.logins.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    return check


class _Handshake(asyncio.Protocol):
    """What listens where TLS should be, and closes or says nothing."""

    def __init__(self, what: str) -> None:
        self.what = what

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        if self.what.startswith("closed"):
            transport.close()


@contextlib.contextmanager
def running(
    *,
    implicit: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    auth: bool = False,
    handshake: str = "",
    keep: bool = True,
    **options: Any,
) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1, in a thread of its own, stopped at the end."""
    server = Server(keep=keep)
    loop = asyncio.new_event_loop()
    if auth:
        options |= {"authenticator": _authenticate(server), "auth_require_tls": bool(starttls)}
        options |= {"auth_required": True}

    def protocol() -> asyncio.Protocol:
        if handshake:
            return _Handshake(handshake)
        return Faulty(server, tls_context=starttls, require_starttls=starttls is not None, loop=loop, **options)

    async def listen() -> Any:
        return await loop.create_server(protocol, "127.0.0.1", 0, ssl=implicit)

    listening = loop.run_until_complete(listen())
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@dataclass(frozen=True)
class Certificates:
    """Server certificates for 127.0.0.1, and the file of the authority that signed the good one."""

    authority: Path
    good: ssl.SSLContext
    wrong_host: ssl.SSLContext
    expired: ssl.SSLContext
    unknown_authority: ssl.SSLContext
    self_signed: ssl.SSLContext


def certificates(folder: Path) -> Certificates:
    """Made for this run."""
    ours, other = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(str(folder / "ca.pem"))
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    return Certificates(
        folder / "ca.pem",
        _served(ours.issue_cert("127.0.0.1", "localhost")),
        _served(ours.issue_cert("mail.example.org")),
        _served(ours.issue_cert("127.0.0.1", not_before=past - dt.timedelta(days=9), not_after=past)),
        _served(other.issue_cert("127.0.0.1")),
        _self_signed(folder),
    )


def _served(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def _self_signed(folder: Path) -> ssl.SSLContext:
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context
