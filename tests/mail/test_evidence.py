"""Settling an unknown mail by its Message-ID: only what a log or a mailbox really says."""

from __future__ import annotations

from pathlib import Path

import pytest

from incubxl.mail.evidence import search

A, B = "<a1b2@example.com>", "<c3d4@example.com>"
_HEAD = "Jun 22 09:00:0{n} mx postfix/"


def postfix(*lines: str) -> str:
    return "".join(f"Jun 22 09:00:0{n} mx postfix/{line}\n" for n, line in enumerate(lines))


TAKEN = (
    f"cleanup[11]: 4F1: message-id={A}",
    "qmgr[9]: 4F1: from=<office@example.com>, size=900, nrcpt=1 (queue active)",
)
TO = "smtp[12]: 4F1: to=<x@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, dsn=2.0.0, status="


@pytest.mark.parametrize(
    ("lines", "delivered"),
    [
        ((*TAKEN, f"{TO}sent (250 2.0.0 OK)"), True),
        ((*TAKEN, f"{TO}bounced (host said: 550 no such user x@example.org)"), False),
        ((*TAKEN, f"{TO}expired (delivery timed out)"), False),
        ((*TAKEN, f"{TO}deferred (451 later)"), True),  # the server has it and goes on trying
        ((*TAKEN, f"{TO}deferred (451 later)", f"{TO}sent (250 OK)"), True),
        (TAKEN, True),
        # the header was read, then the line broke before the end: Postfix threw it away
        ((TAKEN[0], "smtpd[7]: lost connection after DATA (900 bytes) from pc[192.0.2.9]"), None),
        ((f"cleanup[11]: 4F1: message-id={B}", TAKEN[1], f"{TO}sent (250 OK)"), None),
        ((), None),
    ],
)
def test_a_postfix_log(tmp_path: Path, lines: tuple[str, ...], delivered: bool | None) -> None:
    log = tmp_path / "mail.log"
    log.write_text(postfix(*lines), encoding="utf-8")
    found = search(log, [A])
    assert ({A: delivered} if delivered is not None else {}) == {id: e.delivered for id, e in found.items()}
    assert all("x@example.org" not in e.words for e in found.values())


def test_one_broken_try_does_not_hide_the_one_that_arrived(tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text(postfix(f"cleanup[1]: AAA: message-id={A}", *TAKEN, f"{TO}sent (250 OK)"), encoding="utf-8")
    assert search(log, [A])[A].delivered


def test_a_mailbox_counts_own_message_ids_not_quoted_ones(tmp_path: Path) -> None:
    box = tmp_path / "sent.mbox"
    bounce = f"From x Mon Jun 22 09:00:00 2026\nMessage-ID: <z@example.org>\nSubject: bounce\n\n> Message-ID: {B}\n"
    box.write_text(
        f"From x Mon Jun 22 09:00:00 2026\nMessage-ID: {A}\nSubject: a\n\ntext\n\n{bounce}", encoding="utf-8"
    )
    assert {id: e.delivered for id, e in search(box, [A, B]).items()} == {A: True}
