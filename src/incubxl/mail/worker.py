"""The sending loop: one mail at a time, each claimed, checked, sent and settled before the next.

Whatever interrupts a mail between claim and answer leaves it ``unknown``; everything else is left as it was.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from incubxl.issues import Issue
from incubxl.mail.claims import Delivery, Sender
from incubxl.mail.model import Mail
from incubxl.mail.states import State

UNREACHABLE = 3  # mails in a row that could not be handed over, though the server let us in
_SLICE = 0.5  # seconds between two looks at whether to stop


class Transport(Protocol):
    """A mail server. ``deliver`` answers trouble of network, certificate and log-in by its outcome."""

    def deliver(self, message: bytes, sender: str, recipient: str) -> Delivery: ...


@dataclass
class Sending:
    """What came of it. ``withheld``: mails that a check held back, with why; they stay as they were.

    ``ended``: why it ended before the last mail, in Chinese; empty otherwise.
    """

    outcomes: Counter[State] = field(default_factory=Counter)
    withheld: list[tuple[int, Issue]] = field(default_factory=list)
    ended: str = ""
    words: str = ""  # the server's last words where that is why it ended


def send(
    sender: Sender,
    transport: Transport,
    ids: Sequence[int],
    why_not: Callable[[Mail, bytes], Issue | None],
    *,
    per_minute: float,
    stopping: Callable[[], bool] = lambda: False,
    told: Callable[[Mail, State], None] = lambda mail, state: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Sending:
    """Send these mails in order. ``why_not`` looks at each, just before it is claimed.

    ``stopping``: the person at the keyboard asked to stop; the outbox is asked too (``mail stop``). Raises MailRefused
    when the outbox can no longer record; a mail whose outcome could not be recorded is ``unknown`` at the next start.
    """
    done = Sending()
    stops = sender.outbox.stops()
    pace = _Pace(60 / per_minute if per_minute > 0 else 0.0, sleep)
    unreachable = 0
    for id in ids:
        pace.wait(lambda: _stopped(sender, stops, stopping))
        done.ended = _stopped(sender, stops, stopping)
        if done.ended:
            break
        mail = sender.outbox.mail(id)
        data, found = sender.outbox.checked(mail, why_not)
        if found is not None:
            done.withheld.append((id, found))
            continue
        claimed = sender.claim(id)
        if claimed is None:  # another sender has it, or another outbox
            _, found = sender.outbox.checked(sender.outbox.mail(id), why_not)
            done.withheld += [(id, found)] if found is not None else []
            continue
        if claimed.message_sha256 != mail.message_sha256:  # drafted anew and approved between look and claim
            done.outcomes[sender.settle(claimed, "unsent", "批准的内容刚刚变了")] += 1
            continue
        delivery = _deliver(sender, transport, claimed, data)
        state = sender.settle(claimed, delivery.outcome, said(delivery))
        unreachable = unreachable + 1 if delivery.outcome == "unsent" else 0
        pace.sent()
        done.outcomes[state] += 1
        told(claimed, state)
        if delivery.about_session or unreachable >= UNREACHABLE:
            done.ended, done.words = "邮件服务器用不了", said(delivery)
            break
    return done


def said(delivery: Delivery) -> str:
    """Why, and the server's own words."""
    return f"{delivery.reason}（{delivery.words}）" if delivery.words else delivery.reason


def _deliver(sender: Sender, transport: Transport, mail: Mail, data: bytes) -> Delivery:
    try:
        return transport.deliver(data, mail.sender, mail.address)
    except BaseException as error:  # Ctrl-C, or a bug: the server may have the mail
        sender.settle(mail, "uncertain", f"发送中被打断（{type(error).__name__}）")
        raise


def _stopped(sender: Sender, stops: int, stopping: Callable[[], bool]) -> str:
    if stopping():
        return "按要求停止"
    return "有人用 incubxl mail stop 要求停止" if sender.outbox.stops() != stops else ""


class _Pace:
    """At most so many mails a minute, in even steps."""

    def __init__(self, gap: float, sleep: Callable[[float], None]) -> None:
        self.gap, self.sleep = gap, sleep
        self.next = 0.0

    def sent(self) -> None:
        self.next = time.monotonic() + self.gap

    def wait(self, stopped: Callable[[], str]) -> None:
        while (left := self.next - time.monotonic()) > 0 and not stopped():
            self.sleep(min(left, _SLICE))
