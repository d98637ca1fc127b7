"""2,000 mails, senders killed with SIGKILL at random moments, two at work at times, a server that also fails.

What the server got is compared with what the outbox says, by Message-ID.
"""

from __future__ import annotations

import random
import re
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from incubxl.mail.claims import recover
from incubxl.mail.drafting import draft
from incubxl.mail.outbox import Outbox
from incubxl.mail.states import PENDING
from tests.conftest import ROOT
from tests.mail.build import compose, letter, nothing_wrong

MAILS = 2000
_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE | re.IGNORECASE)


class _Recorder(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.random = random.Random(seed)
        self.accepted: Counter[str] = Counter()
        self.dropped: set[str] = set()  # accepted, but the sender never heard of it
        self.guard = threading.Lock()


class _Handler(socketserver.BaseRequestHandler):
    server: _Recorder

    def handle(self) -> None:
        try:
            size = int.from_bytes(self._take(4), "big")
            found = _ID.search(self._take(size))
            assert found
            id = found[1].decode()
            with self.server.guard:
                dice = self.server.random.random()
                if 0.02 <= dice < 0.05:
                    self.request.sendall(b"5" if dice < 0.03 else b"4")
                    return
                self.server.accepted[id] += 1
                if dice < 0.02:
                    self.server.dropped.add(id)
                    return  # accepted, and the line is cut before the answer
            self.request.sendall(b"2")
        except OSError:
            pass  # the sender was killed

    def _take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data


@contextmanager
def _recorder(seed: int) -> Iterator[_Recorder]:
    server = _Recorder(seed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there on Windows")
def test_killed_senders_never_send_twice_and_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(20260622)
    path = tmp_path / "发件箱.sqlite3"
    with Outbox(path) as outbox:
        letters = [letter(n, tmp_path) for n in range(MAILS)]
        assert len(draft(outbox, letters, compose(), "示例甲").added) == MAILS
        for mail in outbox.mails():
            assert outbox.approve(mail.id, "示例乙", nothing_wrong) is None
    kills = 0
    with _recorder(7) as server:
        command = [sys.executable, "-m", "tests.mail.storm_sender", str(path), str(server.server_address[1])]
        until = time.monotonic() + 240
        with Outbox(path) as outbox:
            while outbox.counts()["approved"] and time.monotonic() < until:
                running = [subprocess.Popen(command, cwd=ROOT) for _ in range(chance.choice((1, 1, 2)))]
                before, working = outbox.counts()["approved"], time.monotonic() + 20
                while outbox.counts()["approved"] == before and before and time.monotonic() < working:
                    time.sleep(0.01)  # they have begun
                time.sleep(chance.uniform(0.0, 0.6))
                for process in running:
                    process.send_signal(signal.SIGKILL)
                    kills += process.wait(20) == -signal.SIGKILL
            recover(outbox)
            mails, counts = outbox.mails(), outbox.counts()
    assert kills >= 10, "nothing was interrupted: this proves nothing"
    assert max(server.accepted.values()) == 1, "a mail was sent twice"
    assert counts["sent"] + counts["failed"] + counts["unknown"] + sum(counts[s] for s in PENDING) == MAILS
    assert not counts["approved"] and not counts["sending"]
    by_id = {mail.message_id: mail.state for mail in mails}
    assert {id for id, state in by_id.items() if state == "sent"} <= server.accepted.keys()
    not_told = {id for id in server.accepted if by_id[id] != "sent"}
    assert {by_id[id] for id in not_told} <= {"unknown"}
    assert server.dropped <= not_told
    assert counts["sent"] > MAILS * 0.8
    print(f"{kills} kills: {dict(counts)}; accepted but unsure {len(not_told)}")
