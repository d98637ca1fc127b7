"""Mails over verified TLS to a server in another process on this machine: ``python -m tests.bench.mail COUNT TIMES``.

Ours freezes each message once and sends it over one connection. The naive script does what mail examples do: a
connection, a handshake and a message for each letter. Both verify the certificate by one shared context, and making the
messages counts in both. Prints JSON: median wall and CPU seconds of this process for COUNT mails.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import smtplib
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from incubxl.mail.message import DOCX, Attachment, Letter, build, message_id
from incubxl.mail.settings import account
from incubxl.mail.transport import MailSession
from tests.mail.server import certificates, running

SIZE = 60_000  # bytes of an attachment
SENDER, NAME = "office@example.com", "天山市科学技术局"
TEXT = "{n}号众创空间：\n\n　　现将认定结果通知你们，详见附件。\n\n天山市科学技术局\n"
ZONE = dt.timezone(dt.timedelta(hours=8))


def letters(count: int) -> list[Letter]:
    """Letters that differ, with attachments that do not compress."""
    pick = random.Random(2026)
    made = []
    for n in range(count):
        to = f"apply{n}@example.org"
        files = (Attachment(f"认定结果通知（2026年第{n}号）.docx", b"PK\x03\x04" + pick.randbytes(SIZE)),)
        subject = f"关于{n}号众创空间认定结果的通知"
        when = dt.datetime(2026, 5, 6, 9, 0, tzinfo=ZONE)
        id = message_id(SENDER, to, 2026, n)
        made.append(Letter(NAME, SENDER, to, subject, TEXT.format(n=n), files, when, id))
    return made


def ours(batch: list[Letter], port: int, authority: Path) -> None:
    """Each frozen once, one connection."""
    values = {"host": "127.0.0.1", "port": port, "security": "implicit", "sender_name": NAME, "sender_address": SENDER}
    frozen = [build(letter) for letter in batch]
    with MailSession(account(values | {"ca_file": authority}), None, per_connection=len(batch)) as session:
        for letter, message in zip(batch, frozen, strict=True):
            became = session.deliver(message.data, letter.sender, letter.recipient)
            if became.outcome != "sent":
                raise RuntimeError(became)


def naive(batch: list[Letter], port: int, authority: Path) -> None:
    """A connection and a message for each."""
    context = ssl.create_default_context(cafile=str(authority))
    for letter in batch:
        mail = EmailMessage()
        mail["From"] = f"{letter.sender_name} <{letter.sender}>"
        mail["To"] = letter.recipient
        mail["Subject"] = letter.subject
        mail["Message-ID"] = letter.message_id
        mail.set_content(letter.text)
        mail.add_alternative(f"<p>{letter.text}</p>", subtype="html")
        for file in letter.attachments:
            main, _, sub = DOCX.partition("/")
            mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
        with smtplib.SMTP_SSL("127.0.0.1", port, context=context, local_hostname="client.example.com") as server:
            server.send_message(mail)


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main(count: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as temp:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.mail", "serve", temp],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdin is not None and server.stdout is not None
        try:
            port, authority = int(server.stdout.readline()), Path(temp) / "ca.pem"
            batch = letters(count)
            taken: dict[str, list[tuple[float, float]]] = {"naive": [], "ours": []}
            for _ in range(times):
                taken["naive"].append(_timed(lambda: naive(batch, port, authority)))
                taken["ours"].append(_timed(lambda: ours(batch, port, authority)))
        finally:
            server.stdin.close()
            server.wait(30)
    found: dict[str, Any] = {}
    for name, runs in taken.items():
        found[f"{name}_wall"] = statistics.median(wall for wall, _ in runs)
        found[f"{name}_cpu"] = statistics.median(cpu for _, cpu in runs)
    found["worst"] = min(n[0] / o[0] for n, o in zip(taken["naive"], taken["ours"], strict=True))
    print(json.dumps(found))


def serve(folder: str) -> None:
    """The server, until standard input ends."""
    with running(implicit=certificates(Path(folder)).good, keep=False) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        main(int(sys.argv[1]), int(sys.argv[2]))
