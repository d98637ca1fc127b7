"""A sender that kills itself: ``python -m tests.mail.killed_sender OUTBOX STEP GOT``. GOT: a line for each
mail that the server took."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import incubxl.mail.sent_record as record
from incubxl.mail.claims import Sender
from incubxl.mail.outbox import Outbox
from incubxl.mail.worker import send
from tests.mail.build import Said, nothing_wrong

STEPS = (
    "before the claim", "claimed in the outbox", "record begun", "record half written", "record written",
    "given to the server", "settled in the outbox", "outcome half written", "outcome written",
)  # fmt: skip


def main(path: str, step: str, got: str) -> None:
    def die(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    class Server:
        def deliver(self, message: bytes, sender: str, recipient: str) -> Said:
            with Path(got).open("a", encoding="utf-8") as file:
                file.write(f"{recipient}\n")
            if step == "given to the server":
                die()
            return Said("sent", "250 OK")

    write = record._write

    def half(handle: int, line: Any) -> None:
        outcome = "fate" in line
        if step == "record begun" and not outcome:
            die()
        if step == ("outcome half written" if outcome else "record half written"):
            os.write(handle, b'{"version": 1, "tok' if not outcome else b'{"fate": "se')
            die()
        write(handle, line)
        if step == ("outcome written" if outcome else "record written"):
            die()

    record._write = half  # type: ignore[assignment]
    if step == "before the claim":
        Sender.claim = die  # type: ignore[method-assign,assignment]
    if step == "claimed in the outbox":
        record.SentRecord.begin = die  # type: ignore[method-assign,assignment]
    if step == "settled in the outbox":
        Sender._tell = die  # type: ignore[method-assign,assignment]

    with Outbox(Path(path)) as outbox, Sender(outbox, "示例甲") as sender:
        send(sender, Server(), sender.due(), nothing_wrong, per_minute=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
