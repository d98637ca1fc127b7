"""Bad outboxes: the codes of the mail room that no test of its own asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from incubxl.issues import Issue
from incubxl.mail.findings import MailRefused
from incubxl.mail.outbox import Outbox
from tests.catalogue.bad import Bad
from tests.mail.build import Clock


def _outbox(spoil: Callable[[Path], None], use: Callable[[Outbox], object] = lambda _: None) -> Bad:
    def made(folder: Path) -> list[Issue]:
        path = folder / "发件箱.sqlite3"
        spoil(path)
        try:
            with Outbox(path, clock=Clock()) as outbox:
                use(outbox)
        except MailRefused as refused:
            return [refused.issue]
        return []

    return Bad("", made)


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()


def _newer(path: Path) -> None:
    with Outbox(path, clock=Clock()):
        pass
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 999")


BAD: dict[str, Bad] = {
    "mail.outbox_damaged": _outbox(_foreign),
    "mail.outbox_newer": _outbox(_newer),
    "mail.no_such": _outbox(lambda _: None, lambda outbox: outbox.mail(99)),
}
