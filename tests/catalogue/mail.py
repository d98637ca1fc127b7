"""Bad outboxes and runs: the codes of the mail room that no test of its own asks for."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import incubxl.policies
from incubxl.batch.mailing import gather, mail_templates
from incubxl.issues import Issue
from incubxl.mail.compose import composer, first_mail
from incubxl.mail.findings import MailRefused
from incubxl.mail.outbox import Outbox
from tests.batch.build import concluded, data, filled, go
from tests.bench.inputs import PACK
from tests.catalogue.bad import Bad, bare
from tests.catalogue.prints import NAME, failed_again, finished
from tests.mail.build import SENDER, Clock


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


def _gathered(spoil: Callable[[Path], object]) -> Bad:
    def made(folder: Path) -> list[Issue]:
        out = finished(folder)
        spoil(out)
        return [bare(i, folder) for i in gather(out, None).issues]

    return Bad(NAME, made)


def _unknown_field(folder: Path) -> list[Issue]:
    """An office's own pack, whose mail asks for a field that no mail has."""
    own = folder / "packs" / PACK
    shutil.copytree(Path(incubxl.policies.__file__).parent / PACK, own)
    (own / "mail").mkdir(exist_ok=True)
    (own / "mail" / "body.txt").write_text("{{ applicant }}：{{ 单位 }}", "utf-8")
    register = folder / NAME
    register.write_bytes(data(concluded(filled(1))))
    go(register, out=folder / "结果", policies=own.parent)
    letters = gather(folder / "结果", own.parent).letters
    compose = composer(SENDER, lambda pack: mail_templates(own.parent, pack), Clock())
    try:
        first_mail(letters, compose)
    except MailRefused as refused:
        return [refused.issue]
    return []


BAD: dict[str, Bad] = {
    "mail.run_again": _gathered(failed_again),
    "mail.register_missing": _gathered(lambda out: (out.parent / NAME).unlink()),
    "mail.template": Bad("", _unknown_field),
    "mail.outbox_damaged": _outbox(_foreign),
    "mail.outbox_newer": _outbox(_newer),
    "mail.no_such": _outbox(lambda _: None, lambda outbox: outbox.mail(99)),
}
