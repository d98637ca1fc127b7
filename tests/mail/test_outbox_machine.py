"""Whatever people, servers, crashes and second senders do in whatever order: no letter leaves twice, none is lost."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from incubxl.mail.claims import Sender, recover
from incubxl.mail.drafting import draft
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.outbox import Outbox
from incubxl.mail.states import MAY_HAVE_LEFT, PENDING, TRANSITIONS
from incubxl.mail.worker import send
from tests.mail.build import Clock, Said, Server, letter, light, nothing_wrong

_PEOPLE = 5
OUTCOMES = st.sampled_from(["sent", "deferred", "refused", "unsent", "uncertain"])


class OutboxMachine(RuleBasedStateMachine):
    """The model: what the server accepted, and which mails may have reached it unseen."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        self.clock = Clock()
        self.outbox = Outbox(root / "box.sqlite3", clock=self.clock)
        self.letters = [letter(n, root) for n in range(_PEOPLE)]
        self.version = 0
        self.accepted: Counter[str] = Counter()  # recipient's applicant → mails that reached the server
        self.doubtful: set[int] = set()  # ids whose fate only the server knows
        self.dead: list[tuple[Sender, Mail]] = []

    def teardown(self) -> None:
        self.outbox.close()
        self.folder.cleanup()

    def _ids(self, *states: str) -> list[int]:
        return [m.id for m in self.outbox.mails() if m.state in states]

    @rule(people=st.sets(st.integers(0, _PEOPLE - 1), min_size=1), change=st.booleans())
    def draft_a_run(self, people: set[int], change: bool) -> None:
        before = {m.applicant: m for m in self.outbox.mails()}
        self.version += change
        letters = [self._letter(n) for n in people]
        done = draft(self.outbox, letters, light, "甲")
        for one in letters:
            old = before.get(one.applicant)
            if old is not None and old.state in MAY_HAVE_LEFT:
                assert self.outbox.mail(old.id) == old  # untouched, whatever the run says
        assert len(done.ids) + len(done.issues) == len(letters)

    def _letter(self, n: int) -> Addressed:
        from dataclasses import replace

        return replace(self.letters[n], sha256=f"{self.version:064d}")

    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        ids = self._ids(*TRANSITIONS)
        if ids:
            id = data.draw(st.sampled_from(ids))
            state = self.outbox.mail(id).state
            assert (self.outbox.approve(id, "乙", nothing_wrong) is None) == (state == "draft")

    @rule(outcome=OUTCOMES, many=st.integers(1, 3))
    def send_some(self, outcome: str, many: int) -> None:
        server = Server([Said(outcome)] * many)  # type: ignore[list-item]
        with Sender(self.outbox, "丙") as sender:
            due = sender.due()[:many]
            before = {id: self.outbox.mail(id) for id in due}
            send(sender, server, due, nothing_wrong, per_minute=0)
        for id in due:
            if outcome == "sent":
                self.accepted[before[id].applicant] += 1
            elif outcome == "uncertain":
                self.doubtful.add(id)

    @rule(reached=st.booleans())
    def die_while_sending(self, reached: bool) -> None:
        """As kill -9 leaves it: claimed, perhaps accepted, the lock free."""
        sender = Sender(self.outbox, "丁")
        with sender:
            due = sender.due()
            mail = sender.claim(due[0]) if due else None
        if mail is not None:
            self.accepted[mail.applicant] += reached
            self.doubtful.add(mail.id)

    @rule()
    def start_again(self) -> None:
        left = self._ids("sending")
        assert set(recover(self.outbox)) == set(left)
        assert not self._ids("sending")

    @rule(minutes=st.integers(1, 300))
    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes)

    @precondition(lambda self: self._ids("unknown"))
    @rule(data=st.data())
    def reconcile_truly(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(self._ids("unknown")))
        mail = self.outbox.mail(id)
        arrived = self.accepted[mail.applicant] > 0
        assert self.outbox.settle_unknown(id, arrived, "戊", "查了日志") is None
        self.doubtful.discard(id)

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        ids = self._ids(*TRANSITIONS)
        if ids:
            id = data.draw(st.sampled_from(ids))
            state = self.outbox.mail(id).state
            assert (self.outbox.retry(id, "己", "地址已核实") is None) == (state in ("failed", "retry"))

    @invariant()
    def nobody_gets_it_twice(self) -> None:
        assert all(count <= 1 for count in self.accepted.values())

    @invariant()
    def everything_adds_up(self) -> None:
        counts = self.outbox.counts()
        settled = counts["sent"] + counts["failed"] + counts["unknown"]
        assert settled + sum(counts[s] for s in PENDING) == len(self.outbox.mails())
        assert set(self._ids("unknown")) | set(self._ids("sending")) == self.doubtful
        for mail in self.outbox.mails(("sent",)):
            assert self.accepted[mail.applicant] == 1

    @invariant()
    def every_step_is_written(self) -> None:
        for mail in self.outbox.mails():
            steps = self.outbox.history(mail.id)
            assert (steps[0].before, steps[0].after, steps[-1].after) == ("", "draft", mail.state)
            for one, following in itertools.pairwise(steps):
                assert following.before == one.after
                assert following.after in TRANSITIONS[one.after]  # type: ignore[index]
                assert following.who.strip()


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
