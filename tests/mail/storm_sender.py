"""One sender of the storm: ``python -m tests.mail.storm_sender OUTBOX PORT CA_FILE``. It is killed at any moment."""

from __future__ import annotations

import sys
from pathlib import Path

from incubxl.mail.claims import Sender
from incubxl.mail.outbox import Outbox
from incubxl.mail.settings import account
from incubxl.mail.transport import MailSession
from incubxl.mail.worker import send


def main(path: str, port: str, ca_file: str) -> None:
    values = {
        "host": "127.0.0.1", "port": int(port), "security": "implicit", "sender_name": "示例市科学技术局",
        "sender_address": "office@example.com", "authentication": "none", "ca_file": ca_file, "timeout_seconds": 10,
        "final_timeout_seconds": 10,
    }  # fmt: skip
    with (
        Outbox(Path(path)) as outbox,
        MailSession(account(values), None) as session,
        Sender(outbox, "示例甲") as sender,
    ):
        print(send(sender, session, sender.due(), lambda mail, data: None, per_minute=0), file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
