"""The sending loop: claimed before sent, one at a time, at the set pace, and it ends when it is told."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.claims import BACKOFF, Sender, lock_path, recover
from incubxl.mail.drafting import draft
from incubxl.mail.findings import MailRefused
from incubxl.mail.model import Mail
from incubxl.mail.outbox import Outbox
from incubxl.mail.worker import UNREACHABLE, send
from tests.mail.build import Clock, Said, Server, letter, light, nothing_wrong, states


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(tmp_path: Path, clock: Clock) -> Iterator[Outbox]:
    with Outbox(tmp_path / "发件箱.sqlite3", clock=clock) as opened:
        yield opened


def approved(outbox: Outbox, folder: Path, count: int) -> None:
    draft(outbox, [letter(n, folder) for n in range(1, count + 1)], light, "示例甲")
    for mail in outbox.mails():
        outbox.approve(mail.id, "示例乙", nothing_wrong)


def go(outbox: Outbox, server: Server, **more: object):  # type: ignore[no-untyped-def]
    with Sender(outbox, "示例丙") as sender:
        return send(sender, server, sender.due(), nothing_wrong, **{"per_minute": 0, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("sent", "sent"), ("deferred", "retry"), ("unsent", "retry"), ("refused", "failed"), ("uncertain", "unknown")],
)
def test_each_outcome_has_its_state(outbox: Outbox, tmp_path: Path, outcome: str, state: str) -> None:
    approved(outbox, tmp_path, 1)
    go(outbox, Server([Said(outcome, "450 wait z@example.org", "服务器说")]))  # type: ignore[arg-type]
    mail = outbox.mail(1)
    assert (mail.state, mail.claimed_by, mail.who) == (state, "", "示例丙")
    assert "z@example.org" not in mail.why
    assert "z*****@e*****.org" in mail.why
    assert [s.after for s in outbox.history(1)] == ["draft", "approved", "sending", state]


def test_drafts_are_never_sent(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path)], light, "示例甲")
    server = Server()
    go(outbox, server)
    with Sender(outbox, "示例丙") as sender:
        assert sender.claim(1) is None
        send(sender, server, [1], nothing_wrong, per_minute=0)
    assert not server.asked


def test_the_claim_is_on_the_disk_before_the_server_hears_of_it(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 1)
    seen: list[str] = []

    class Looking(Server):
        def deliver(self, message: bytes, sender: str, recipient: str) -> Said:
            other = sqlite3.connect(outbox.path)
            seen.extend(row[0] for row in other.execute("SELECT state FROM mails"))
            other.close()
            return super().deliver(message, sender, recipient)

    go(outbox, Looking())
    assert seen == ["sending"]


def test_deferred_mails_wait_longer_each_time_and_then_fail(outbox: Outbox, tmp_path: Path, clock: Clock) -> None:
    approved(outbox, tmp_path, 1)
    for minutes in BACKOFF:
        go(outbox, Server([Said("deferred", "451 greylisted")]))
        assert states(outbox) == ["retry"]
        clock.forward(minutes - 1)
        server = Server()
        go(outbox, server)
        assert not server.asked
        clock.forward(1)
    go(outbox, Server([Said("deferred", "451 greylisted")]))
    assert states(outbox) == ["failed"]


def test_a_person_need_not_wait_for_a_time_that_a_wrong_clock_has_set(
    outbox: Outbox, tmp_path: Path, clock: Clock
) -> None:
    approved(outbox, tmp_path, 1)
    right = clock.now
    clock.now = dt.datetime(2029, 3, 5, 9, 0)
    go(outbox, Server([Said("deferred", "450 busy")]))
    clock.now = right
    server = Server()
    go(outbox, server)
    assert not server.asked
    assert outbox.retry(1, "示例甲", "当时电脑的钟错了") is None
    assert (outbox.mail(1).who, outbox.mail(1).why) == ("示例甲", "重试：当时电脑的钟错了")
    assert "当时电脑的钟错了" in outbox.events()[-1][2]
    go(outbox, server)
    assert (server.asked, states(outbox)) == (["x0001@example.org"], ["sent"])


def test_an_unknown_mail_is_never_sent_again_until_a_person_settles_it(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 1)
    go(outbox, Server([Said("uncertain")]))
    server = Server()
    go(outbox, server)
    refused = outbox.retry(1, "示例甲", "再试")
    assert refused is not None
    assert refused.code == "mail.wrong_state"
    assert not server.asked
    assert outbox.settle_unknown(1, False, "示例甲", "电话问过，没有收到") is None
    go(outbox, server)
    assert not server.asked  # not even then by itself
    assert outbox.retry(1, "示例甲", "没有收到") is None
    go(outbox, server)
    assert (server.asked, states(outbox)) == (["x0001@example.org"], ["sent"])


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("bug"), MemoryError()])
def test_an_interruption_in_the_middle_leaves_that_mail_unknown_and_the_rest_as_they_were(
    outbox: Outbox, tmp_path: Path, error: BaseException
) -> None:
    approved(outbox, tmp_path, 3)
    with pytest.raises(type(error)):
        go(outbox, Server([Said("sent"), error]))
    assert states(outbox) == ["sent", "unknown", "approved"]


@pytest.mark.parametrize(("about_session", "tried"), [(True, 1), (False, UNREACHABLE)])
def test_a_server_that_cannot_be_used_ends_the_batch(
    outbox: Outbox, tmp_path: Path, about_session: bool, tried: int
) -> None:
    approved(outbox, tmp_path, 6)
    server = Server([Said("unsent", "connection refused", "连接服务器时：没有发出，可以再试。", about_session)] * 6)
    done = go(outbox, server)
    assert len(server.asked) == tried
    assert "用不了" in done.ended
    assert Counter(states(outbox)) == {"retry": tried, "approved": 6 - tried}
    assert go(outbox, Server()).outcomes == {"sent": 6}  # nothing was lost, nothing has to wait


def test_stop_is_heeded_between_mails(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 5)
    other = Outbox(outbox.path)

    class Stopped(Server):
        def deliver(self, message: bytes, sender: str, recipient: str) -> Said:
            if len(self.asked) == 1:
                other.stop("示例丁")
            return super().deliver(message, sender, recipient)

    done = go(outbox, Stopped())
    other.close()
    assert "mail stop" in done.ended
    assert states(outbox) == ["sent", "sent", "approved", "approved", "approved"]
    assert go(outbox, Server()).outcomes == {"sent": 3}  # a stop asked for before the start does not hold


def test_the_person_at_the_keyboard_stops_it_too(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 3)
    asked: list[bool] = []
    done = go(outbox, Server(), told=lambda mail, state: asked.append(True), stopping=lambda: bool(asked))
    assert (done.ended, states(outbox)) == ("按要求停止", ["sent", "approved", "approved"])


def test_what_a_guard_holds_back_is_not_claimed(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 3)

    def second(mail: Mail, data: bytes) -> Issue | None:
        seen = {"id": mail.id, "name": mail.name, "reason": "电子邮箱有变"}
        return issue("mail.not_theirs", Place(), **seen) if mail.id == 2 else None

    server = Server()
    with Sender(outbox, "示例丙") as sender:
        done = send(sender, server, sender.due(), second, per_minute=0)
    assert server.asked == ["x0001@example.org", "x0003@example.org"]
    assert [(id, found.code) for id, found in done.withheld] == [(2, "mail.not_theirs")]
    assert states(outbox) == ["sent", "approved", "sent"]
    assert [s.after for s in outbox.history(2)] == ["draft", "approved"]


def test_a_mail_that_changed_between_look_and_claim_is_not_sent(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 1)

    def meanwhile(mail: Mail, data: bytes) -> None:
        draft(outbox, [letter(1, tmp_path, address="new@example.org")], light, "示例甲")
        outbox.approve(1, "示例乙", nothing_wrong)

    server = Server()
    with Sender(outbox, "示例丙") as sender:
        send(sender, server, sender.due(), meanwhile, per_minute=0)
    assert (server.asked, states(outbox)) == ([], ["retry"])
    go(outbox, server)
    assert server.asked == ["new@example.org"]


def test_the_pace_is_kept(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 4)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)

    begun = time.monotonic()
    go(outbox, Server(), per_minute=600, sleep=sleep)  # a tenth of a second apart
    assert time.monotonic() - begun >= 0.3
    assert sum(waits) <= 0.31
    assert max(waits) <= 0.5


def test_a_full_disk_after_the_server_took_it_leaves_the_mail_for_a_person(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 2)

    class Filling(Server):
        def deliver(self, message: bytes, sender: str, recipient: str) -> Said:
            outbox._connection.execute("PRAGMA query_only = ON")  # as a disk that takes nothing more
            return super().deliver(message, sender, recipient)

    server = Filling()
    with pytest.raises(MailRefused) as refusal:
        go(outbox, server)
    assert refusal.value.issue.code == "mail.outbox_access"
    outbox._connection.execute("PRAGMA query_only = OFF")
    assert recover(outbox) == [1]
    assert states(outbox) == ["unknown", "approved"]
    assert len(server.accepted) == 1


def test_two_senders_at_once_share_the_work(tmp_path: Path) -> None:
    path = tmp_path / "发件箱.sqlite3"
    with Outbox(path) as outbox:
        approved(outbox, tmp_path, 60)
    server, everything = Server(), []
    together = threading.Barrier(3)

    def work() -> None:
        sent: list[int] = []

        def told(mail: Mail, state: str) -> None:
            sent.append(mail.id)
            if len(sent) == 1:
                together.wait(30)  # until each of the three has sent one

        with Outbox(path) as mine:
            everything.append(go(mine, server, told=told).outcomes["sent"])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(everything) == 60
    assert sorted(server.asked) == sorted({f"x{n:04d}@example.org" for n in range(1, 61)})
    assert min(everything) > 0, "one sender did it all: this proves nothing"


def test_a_living_sender_s_mail_is_not_taken_from_it(outbox: Outbox, tmp_path: Path) -> None:
    approved(outbox, tmp_path, 1)
    with Sender(outbox, "示例丙") as sender:
        mail = sender.claim(1)
        assert mail is not None
        with Outbox(outbox.path) as other:
            assert recover(other) == []
            with Sender(other, "示例丁") as second:
                assert second.due() == []
        assert states(outbox) == ["sending"]
        assert sender.settle(mail, "sent", "250 OK") == "sent"
    assert not lock_path(outbox.path, sender.token).exists()
