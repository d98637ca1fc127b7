"""Hand a frozen message to the server over verified TLS and say exactly what became of it.

What follows from which fault is in docs/mail-delivery.md. Nothing is sent over an unencrypted or unverified connection.
"""

from __future__ import annotations

import binascii
import contextlib
import errno
import ipaddress
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from types import TracebackType
from typing import TypeVar

import tenacity

from incubxl.mail.address import NoAddress, read_address
from incubxl.mail.dialogue import BrokenDialogue, Dialogue
from incubxl.mail.outcome import Delivery, Phase, delivery
from incubxl.mail.settings import Credentials, MailAccount, SettingsRefused
from incubxl.mask import masked

_MECHANISMS = ("PLAIN", "LOGIN")  # inside TLS; one try only, so that a wrong password does not lock the account
_QUIT_SECONDS = 5.0
_CERTIFICATE = {
    9: "服务器的证书还没有生效，请核对电脑的日期",
    10: "服务器的证书已经过期",
    18: "服务器的证书是自己签的，不可信",
    19: "服务器的证书不是可信机构签的",
    20: "服务器的证书不是可信机构签的",
    21: "服务器的证书不是可信机构签的",
    62: "服务器的证书不是这个域名的，可能连到了别的服务器",
    64: "服务器的证书不是这个地址的，可能连到了别的服务器",
}


Result = TypeVar("Result")


class _Refusal(Exception):
    """A reply that does not let us go on."""

    def __init__(self, code: int, words: bytes, why: str = "") -> None:
        super().__init__(code)
        self.code, self.words, self.why = code, words, why


class MailSession:
    """One connection, used for many mails, each in a transaction of its own with one recipient.

    ``plain_loopback`` speaks unencrypted SMTP to this machine itself, for tests; no setting reaches it. ``pause``
    sleeps between tries to connect. Raises SettingsRefused when the extra certificate file cannot be used.
    """

    def __init__(
        self,
        account: MailAccount,
        credentials: Credentials | None,
        *,
        per_connection: int = 100,
        connects: int = 3,
        pause: Callable[[float], None] = time.sleep,
        plain_loopback: bool = False,
    ) -> None:
        if plain_loopback and not _loopback(account.host):
            raise ValueError("unencrypted SMTP goes to this machine only")
        self._account = account
        self._credentials = credentials
        self._per_connection = per_connection
        self._plain = plain_loopback
        self._context = _context(account)
        self._connect = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(connects),
            wait=tenacity.wait_exponential(multiplier=1, max=8),
            retry=tenacity.retry_if_exception(_may_pass),
            sleep=pause,
            reraise=True,
        )
        self._dialogue: Dialogue | None = None
        self._used = 0
        self._phase: Phase = "connect"

    def __enter__(self) -> MailSession:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self) -> Delivery | None:
        """Connect and log in without sending. None when a mail can be sent; else what stands in the way."""
        became = self._guarded(self._ready)
        return became if isinstance(became, Delivery) else None

    def deliver(self, data: bytes, sender: str, recipient: str) -> Delivery:
        """One transaction: ``data`` as frozen, to ``recipient`` alone. Network and server never raise."""
        if why := _wrong(data, sender, recipient):
            return delivery("check", None, "", why)
        return self._guarded(lambda: self._transaction(data, sender, recipient))

    def close(self) -> None:
        """Say QUIT and hang up. What was sent stays sent."""
        if self._dialogue is not None:
            self._dialogue.timeout = _QUIT_SECONDS
            with contextlib.suppress(OSError, BrokenDialogue, smtplib.SMTPException):
                self._dialogue.docmd("QUIT")
        self._drop()

    def _guarded(self, work: Callable[[], Result]) -> Result | Delivery:
        try:
            return work()
        except _Refusal as refusal:
            became = delivery(self._phase, refusal.code, _words(refusal.words), refusal.why)
            if became.outcome in ("unsent", "uncertain") or refusal.code == 421:
                self._drop()
            return became
        except (OSError, BrokenDialogue, smtplib.SMTPException, binascii.Error) as error:
            self._drop()
            said = "" if isinstance(error, BrokenDialogue) else str(error)
            return delivery(self._phase, None, _words(said.encode("utf-8", "replace")), _why(error))
        except BaseException:
            self._drop()
            raise

    def _transaction(self, data: bytes, sender: str, recipient: str) -> Delivery:
        dialogue = self._ready()
        self._used += 1
        size = [f"SIZE={len(data)}"] if dialogue.has_extn("size") else []
        self._step("mail", lambda: dialogue.mail(sender, size))
        self._step("rcpt", lambda: dialogue.rcpt(recipient))
        self._step("data", lambda: dialogue.docmd("DATA"), good=3)
        dialogue.quiet()
        self._phase = "content"
        dialogue.send_content(data, self._account.final_timeout_seconds)
        code, words = self._step("answer", lambda: dialogue.reply(self._account.final_timeout_seconds))
        return delivery("answer", code, _words(words))

    def _step(self, phase: Phase, command: Callable[[], tuple[int, bytes]], good: int = 2) -> tuple[int, bytes]:
        self._phase = phase
        code, words = command()
        if code // 100 != good:
            raise _Refusal(code, words)
        return code, words

    def _ready(self) -> Dialogue:
        """The connection, tried by RSET when it was used before; a new one when it has ended or served enough."""
        if self._dialogue is not None:
            if self._used < self._per_connection and self._reset(self._dialogue):
                return self._dialogue
            self.close()
        self._dialogue = self._opened()
        self._used = 0
        return self._dialogue

    def _reset(self, dialogue: Dialogue) -> bool:
        self._phase = "reset"
        try:
            return dialogue.rset()[0] == 250
        except (OSError, BrokenDialogue):
            self._drop()
            return False

    def _opened(self) -> Dialogue:
        account = self._account
        self._phase = "connect"
        link: socket.socket = self._connect(
            socket.create_connection, (account.host, account.port), timeout=account.timeout_seconds
        )
        try:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if account.security == "implicit" and not self._plain:
                link = self._encrypted(link)
            dialogue = Dialogue(link, account.timeout_seconds)
            self._step("greeting", dialogue.getreply)
            self._step("ehlo", dialogue.ehlo)
            if account.security == "starttls" and not self._plain:
                self._ask_for_tls(dialogue)
                link = self._encrypted(link)
                dialogue = Dialogue(link, account.timeout_seconds)  # forgets what was said before (RFC 3207 4.2)
                self._step("ehlo", dialogue.ehlo)
            if self._credentials is not None:
                self._log_in(dialogue, self._credentials)
        except BaseException:
            link.close()
            raise
        return dialogue

    def _ask_for_tls(self, dialogue: Dialogue) -> None:
        self._phase = "starttls"
        if not dialogue.has_extn("starttls"):
            raise BrokenDialogue("服务器没有提供加密（STARTTLS），可能被人拦截")
        self._step("starttls", lambda: dialogue.docmd("STARTTLS"))
        dialogue.quiet()  # nothing smuggled in before the encryption

    def _encrypted(self, link: socket.socket) -> ssl.SSLSocket:
        self._phase = "tls"
        return self._context.wrap_socket(link, server_hostname=self._account.host)

    def _log_in(self, dialogue: Dialogue, credentials: Credentials) -> None:
        self._phase = "auth"
        offered = dialogue.esmtp_features.get("auth", "").upper().split()
        mechanism = next((name for name in _MECHANISMS if name in offered), "")
        if not mechanism:
            raise BrokenDialogue("服务器没有提供可用的登录方式；免登录的服务器请把 authentication 设为 none")
        dialogue.user, dialogue.password = credentials.user, credentials.password.get_secret_value()
        by = dialogue.auth_plain if mechanism == "PLAIN" else dialogue.auth_login
        try:
            dialogue.auth(mechanism, by)
        except smtplib.SMTPAuthenticationError as error:
            said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
            permanent = error.smtp_code // 100 == 5
            raise _Refusal(
                error.smtp_code, said, "登录名或密码不对，或邮箱没有开通 SMTP（有的须用授权码）" if permanent else ""
            ) from None

    def _drop(self) -> None:
        if self._dialogue is not None:
            self._dialogue.close()
            self._dialogue = None


def _context(account: MailAccount) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if account.ca_file is not None:
        try:
            context.load_verify_locations(account.ca_file)
        except (OSError, ssl.SSLError):
            raise SettingsRefused([f"证书机构文件「{account.ca_file}」打不开，或不是 PEM 格式的证书"]) from None
    return context


def _wrong(data: bytes, sender: str, recipient: str) -> str:
    """Why this must not be handed over; empty when it may. The envelope must be the letter's own."""
    for what, address in (("发件地址", sender), ("收件地址", recipient)):
        found = read_address(address)
        if isinstance(found, NoAddress) or found.value != address:
            return f"{what}不是恰好一个地址，没有交给服务器"
    breaks = data.count(b"\r\n")
    if not (data.isascii() and data.endswith(b"\r\n") and data.count(b"\n") == data.count(b"\r") == breaks):
        return "信件内容不是定稿时的格式，没有交给服务器"
    head = BytesHeaderParser().parsebytes(data.partition(b"\r\n\r\n")[0])
    if head.get_all("To") != [recipient] or "Cc" in head or "Bcc" in head:
        return "信上的收件人不是要投递的地址，没有交给服务器"
    if [parseaddr(str(line))[1] for line in head.get_all("From", [])] != [sender]:
        return "信上的发件人不是本账户的地址，没有交给服务器"
    return ""


def _words(said: bytes) -> str:
    """What was said, on one line, addresses masked."""
    text = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", said.decode("utf-8", "replace")).strip()
    return masked(text[:300])


def _why(error: Exception) -> str:
    if isinstance(error, BrokenDialogue):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, "服务器的证书没有通过核对")
    if isinstance(error, TimeoutError):
        return "服务器没有在限定的时间内答复"
    if isinstance(error, socket.gaierror):
        return "找不到服务器的域名，请核对服务器名称和网络"
    if isinstance(error, ConnectionRefusedError):
        return "服务器没有接受连接，请核对服务器名称和端口"
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return "连接断开了"
    if isinstance(error, ssl.SSLError):
        return "加密连接没有建立起来，请核对端口和加密方式"
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "网络不通"
    return "连接出错"


def _may_pass(error: BaseException) -> bool:
    """Whether another try to connect may succeed: not where the name does not exist."""
    return isinstance(error, OSError) and getattr(error, "errno", None) != socket.EAI_NONAME


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
