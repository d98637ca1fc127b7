"""One sender of the storm: ``python -m tests.mail.storm_sender OUTBOX PORT``. It is killed at any moment."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from incubxl.mail.claims import Outcome, Sender
from incubxl.mail.outbox import Outbox
from incubxl.mail.worker import send

_SAID: dict[bytes, Outcome] = {b"2": "sent", b"4": "deferred", b"5": "refused"}


class Line:
    """A server across a process boundary: a length and the message; one digit back, or the line is cut."""

    def __init__(self, port: int) -> None:
        self.port = port

    def deliver(self, message: bytes, sender: str, recipient: str) -> Said:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(len(message).to_bytes(4, "big") + message)
            return Said(_SAID.get(line.recv(1), "uncertain"))


@dataclass(frozen=True)
class Said:
    """A delivery (of this module's own: what starts forty times a test imports little)."""

    outcome: Outcome
    words: str = ""
    reason: str = ""
    about_session: bool = False


def main(path: str, port: str) -> None:
    with Outbox(Path(path)) as outbox, Sender(outbox, "示例甲") as sender:
        send(sender, Line(int(port)), sender.due(), lambda mail, data: None, per_minute=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
