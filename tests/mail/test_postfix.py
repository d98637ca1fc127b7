"""Against a real mail server: what arrives in the mailboxes is what was frozen, once each, and nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from incubxl.mail.message import Attachment, Frozen, Letter, build, message_id
from tests.mail.conftest import session
from tests.mail.letter import DOCX, SENDER, letter
from tests.mail.postfix import Postfix, running
from tests.mail.reading import perl_reads, python_reads


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    """Postfix with the mailboxes of twelve applicants and of some others."""
    with running([*(f"apply{n}" for n in range(12)), "implicit", "next"]) as found:
        yield found


def _letter(n: int) -> Letter:
    to = f"apply{n}@example.org"
    return letter(
        recipient=to,
        subject=f"关于天山 某某（{n}）众创空间有限公司认定结果的通知",
        attachments=(
            Attachment(f"认定结果通知（2026年第{n}号）.docx", DOCX + bytes([n]) * 60_000),
            Attachment("经费核定表.pdf", b"%PDF-1.7\n" + bytes([n]) * 5000),
        ),
        message_id=message_id(SENDER, to, 2026, f"A{n:03}", "recognition", 1),
    )


def test_each_mailbox_holds_its_own_letter_once_and_whole(server: Postfix, tmp_path: Path) -> None:
    letters = [_letter(n) for n in range(12)]
    frozen: list[Frozen] = [build(one) for one in letters]
    with session(server.starttls, security="starttls", ca_file=server.authority, per_connection=5) as ours:
        for one, made in zip(letters, frozen, strict=True):
            became = ours.deliver(made.data, one.sender, one.recipient)
            assert (became.outcome, became.code) == ("sent", 250)
            assert became.words.startswith("2.0.0 Ok: queued as ")
    boxes = server.wait(12, "apply*")
    assert {box: len(mails) for box, mails in boxes.items()} == {f"apply{n}": 1 for n in range(12)}
    files = []
    for n, (one, made) in enumerate(zip(letters, frozen, strict=True)):
        (arrived,) = boxes[f"apply{n}"]
        arrived = arrived.replace(b"\n", b"\r\n")
        trace, _, rest = arrived.partition(made.data[:40])
        assert made.data[:40] + rest == made.data  # under the lines of its journey, byte for byte
        assert b"Delivered-To: " + one.recipient.encode() in trace
        assert b" with ESMTPS id " in trace
        read = python_reads(arrived)
        assert (read["to"], read["subject"], read["message-id"]) == ([one.recipient], one.subject, one.message_id)
        assert read["from"] == (one.sender_name, one.sender) and read["date"] == one.date
        assert read["bodies"][0] == one.text
        expected = [(a.name, a.name, hashlib.sha256(a.content).hexdigest()) for a in one.attachments]
        assert read["files"] == expected
        files.append(tmp_path / f"{n}.eml")
        files[-1].write_bytes(arrived)
    for one, read in zip(letters, perl_reads(files), strict=True):
        assert (read["to"], read["subject"]) == (one.recipient, one.subject)
        assert [(f["disposition"], f["words"]) for f in read["files"]] == [(a.name, a.name) for a in one.attachments]


def test_implicit_tls_too(server: Postfix) -> None:
    to = "implicit@example.org"
    with session(server.implicit, ca_file=server.authority) as ours:
        assert ours.deliver(build(letter(recipient=to)).data, SENDER, to).outcome == "sent"
    (arrived,) = server.wait(1, "implicit")["implicit"]
    assert b" with ESMTPS id " in arrived and python_reads(arrived)["to"] == [to]


@pytest.mark.parametrize(
    ("to", "code", "phase"),
    [("nobody@example.org", 550, "rcpt"), ("next@example.net", 554, "rcpt")],
)
def test_a_recipient_that_the_server_refuses_gets_nothing_and_the_next_one_does(
    to: str, code: int, phase: str, server: Postfix
) -> None:
    with session(server.starttls, security="starttls", ca_file=server.authority) as ours:
        became = ours.deliver(build(letter(recipient=to)).data, SENDER, to)
        assert (became.outcome, became.code, became.phase) == ("refused", code, phase)
        assert to not in became.words and "@" not in became.reason
        following = "next@example.org"
        assert ours.deliver(build(letter(recipient=following)).data, SENDER, following).outcome == "sent"
    assert f"to=<{to}>, relay" not in server.log.read_text()


def test_too_large_for_the_server_is_refused_before_the_content(server: Postfix) -> None:
    big = letter(recipient="next@example.org", attachments=(Attachment("大.docx", DOCX + bytes(900_000)),))
    with session(server.starttls, security="starttls", ca_file=server.authority) as ours:
        became = ours.deliver(build(big).data, SENDER, "next@example.org")
    assert (became.outcome, became.phase, became.code) == ("refused", "mail", 552)


def test_an_untrusted_server_of_its_own_gets_nothing(server: Postfix) -> None:
    before = server.log.read_text().count("client=")
    with session(server.starttls, security="starttls") as ours:
        became = ours.deliver(build(letter(recipient="next@example.org")).data, SENDER, "next@example.org")
    assert (became.outcome, became.phase) == ("unsent", "tls")
    assert server.log.read_text().count("client=") == before
