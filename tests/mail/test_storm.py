"""2,000 mails over TLS, senders killed with SIGKILL at random moments, two at work at times, a server that also fails.

What the server got is compared with what the outbox says, by Message-ID.
"""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from incubxl.mail.claims import recover
from incubxl.mail.drafting import draft
from incubxl.mail.outbox import Outbox
from incubxl.mail.states import PENDING
from tests.conftest import ROOT
from tests.mail.build import compose, letter, nothing_wrong
from tests.mail.server import Certificates, running

MAILS = 2000
FAULTS = [
    ("answer", "closed after it was stored"),
    ("answer", "closed before it was stored"),
    ("answer", "451"),
    ("rcpt", "550"),
    ("rcpt", "450"),
    ("data", "closed"),
]
_ID = re.compile(rb"^Message-ID: *\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there on Windows")
def test_killed_senders_never_send_twice_and_lose_nothing(tmp_path: Path, certs: Certificates) -> None:
    chance = random.Random(20260622)
    path = tmp_path / "发件箱.sqlite3"
    with Outbox(path) as outbox:
        letters = [letter(n, tmp_path) for n in range(MAILS)]
        assert len(draft(outbox, letters, compose(), "示例甲").added) == MAILS
        for mail in outbox.mails():
            assert outbox.approve(mail.id, "示例乙", nothing_wrong) is None
    kills, until = 0, time.monotonic() + 400
    with running(implicit=certs.good) as server, Outbox(path) as outbox:
        command = [sys.executable, "-m", "tests.mail.storm_sender", str(path), str(server.port), str(certs.authority)]
        while (before := outbox.counts()["approved"]) and time.monotonic() < until:
            running_now = [
                subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(chance.choice((1, 1, 2)))
            ]
            after, late = before - chance.randrange(1, 160), time.monotonic() + 30
            while outbox.counts()["approved"] > after and time.monotonic() < late:
                server.fault, server.once = chance.choice(FAULTS) if chance.random() < 0.2 else ("", ""), True
                time.sleep(0.03)
            for process in running_now:
                process.send_signal(signal.SIGKILL)
                kills += process.wait(30) == -signal.SIGKILL
        recover(outbox)
        mails, counts = outbox.mails(), outbox.counts()
    got = Counter(found[1].decode() for mail in server.inbox if (found := _ID.search(mail.content)))
    assert sum(got.values()) == len(server.inbox)
    assert kills >= 10, "nothing was interrupted: this proves nothing"
    assert max(got.values()) == 1, "a mail was sent twice"
    assert counts["sent"] + counts["failed"] + counts["unknown"] + sum(counts[s] for s in PENDING) == MAILS
    assert not counts["approved"]
    assert not counts["sending"]
    state = {mail.message_id: mail.state for mail in mails}
    assert {id for id, after in state.items() if after == "sent"} <= got.keys()
    unsure = {id for id in got if state[id] != "sent"}
    assert {state[id] for id in unsure} <= {"unknown"}, "a mail that the server has may be sent again"
    assert unsure, "no mail was in doubt: this proves nothing"
    assert counts["sent"] > MAILS * 0.8
    to = {got_.recipients for got_ in server.inbox}
    assert len(to) == len(server.inbox)
    assert all(len(recipients) == 1 for recipients in to)
    print(f"{kills} kills: {dict(counts)}; the server has {len(got)}, of which {len(unsure)} stand as unknown")
