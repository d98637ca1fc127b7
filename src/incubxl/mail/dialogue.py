"""smtplib's commands over a socket of ours: a deadline for each reply, and no reply that was not asked for."""

from __future__ import annotations

import re
import smtplib
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_REPLY = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?")
_LINE = 4096  # bytes; RFC 5321 4.5.3.1.5 allows 512
_LINES = 100
_BLOCK = 65536


class BrokenDialogue(Exception):
    """The connection ended, or what came is no reply. The message is Chinese."""


class Dialogue(smtplib.SMTP):
    """SMTP commands on a connected socket. Raises OSError (TimeoutError too) and BrokenDialogue.

    ``timeout``: seconds for each reply, and for each block that is sent.
    """

    sock: socket.socket

    def __init__(self, connected: socket.socket, timeout: float) -> None:
        # An address literal as mail programs send it: the name of this machine is nobody's business.
        super().__init__(local_hostname="[127.0.0.1]", timeout=timeout)
        self.sock = connected
        self._unread = b""

    def getreply(self) -> tuple[int, bytes]:
        """The next reply; its lines must bear one code."""
        return self.reply(self.timeout)

    def reply(self, seconds: float) -> tuple[int, bytes]:
        """The next reply, whole within ``seconds``."""
        deadline = time.monotonic() + seconds
        words: list[bytes] = []
        code = 0
        while len(words) < _LINES:
            found = _REPLY.fullmatch(self._line(deadline))
            if found is None or (words and int(found[1]) != code):
                raise BrokenDialogue("服务器的答复不是 SMTP 答复")
            code = int(found[1])
            words.append((found[3] or b"").strip())
            if found[2] != b"-":
                return code, b"\n".join(words)
        raise BrokenDialogue("服务器的答复没有尽头")

    def quiet(self) -> None:
        """Raises BrokenDialogue when the server has said more than it was asked."""
        if self._unread:
            raise BrokenDialogue("服务器多说了话，对不上是哪一句的答复")

    def send(self, s: ReadableBuffer | str) -> None:
        """A command line, or bytes as they are."""
        data = s.encode("ascii") if isinstance(s, str) else bytes(s)
        self.quiet()
        self.sock.settimeout(self.timeout)
        self.sock.sendall(data)

    def send_content(self, data: bytes, seconds: float) -> None:
        """Dot-stuffed content and the final dot, whole within ``seconds``. ``data`` has CRLF line ends."""
        deadline = time.monotonic() + seconds
        stuffed = (b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        view = memoryview(stuffed)
        for start in range(0, len(view), _BLOCK):
            self.sock.settimeout(min(self.timeout, _left(deadline)))
            self.sock.sendall(view[start : start + _BLOCK])

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._unread:
            if len(self._unread) > _LINE:
                raise BrokenDialogue("服务器的答复没有尽头")
            self.sock.settimeout(_left(deadline))
            more = self.sock.recv(4096)
            if not more:
                raise BrokenDialogue("服务器断开了连接")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line.rstrip(b"\r")


def _left(deadline: float) -> float:
    """Seconds until the deadline; raises TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("deadline passed")
    return left
