"""A run's mails, for whoever asks, the command line or a button: where the outbox is, drafting, and what may go.

Nothing is printed or asked here. Everything raises MailRefused where the outbox refuses.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from incubxl.batch.mailing import Published, mail_templates
from incubxl.files import office
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.check_sheet import write_check_sheet
from incubxl.mail.compose import composer
from incubxl.mail.draft_files import write_drafts
from incubxl.mail.drafting import Compose, Drafted, Told, draft
from incubxl.mail.elsewhere import Elsewhere, altered
from incubxl.mail.guards import why_not
from incubxl.mail.identity import confused, mixed_up
from incubxl.mail.identity import in_outbox as mails_of
from incubxl.mail.model import Addressed, Again, Mail, Unit
from incubxl.mail.office_days import read_office_days
from incubxl.mail.outbox import Outbox, now
from incubxl.mail.settings import MailAccount
from incubxl.mail.sharing import shared
from incubxl.mail.states import SENDABLE
from incubxl.mail.templates import MailTemplates
from incubxl.mask import mask
from incubxl.workdays import day

OUTBOX = "INCUBXL_OUTBOX"
Check = Callable[[Mail, bytes], Issue | None]


def outbox_path(given: Path | None = None) -> Path:
    """The office's outbox: as given, else by INCUBXL_OUTBOX, else in the user's folder (INCUBXL_HOME moves that)."""
    named = os.environ.get(OUTBOX)
    return given or (Path(named) if named else office.home() / "发件箱.sqlite3")


def operator(given: str) -> str:
    """The name for the records where none was asked for: that of the account."""
    if given.strip():
        return given.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "未署名"


def line(mail: Mail) -> str:
    """A mail in one line, its address masked."""
    again = f"（{mail.relation}）" if mail.relation else ""
    to = f"{mail.reader} " if mail.reader else ""
    return f"第{mail.id}号 {mail.applicant} {mail.name} {mail.label}{again} → {to}{mask(mail.address)}（{mail.cell}）"


def with_cell(one: Issue, *, remedy: bool = True) -> str:
    """An issue with its cell, and with what to do where ``remedy``."""
    place = f"{one.place}：" if one.place.sheet else ""
    return f"{place}{one.bare}" + (f"。{one.remedy}" if remedy else "")


def day_off(today: dt.date) -> str:
    """Why nothing is sent on this day; empty on a workday."""
    found = day(today, read_office_days())
    return "" if found.kind == "workday" else found.reason


# ---- drafting


def composing(sender: str, sender_name: str, policies: Path | None) -> Compose:
    """How this office's letters become mails."""

    @lru_cache(maxsize=32)
    def templates(pack: str) -> MailTemplates:
        return mail_templates(policies, pack)

    return composer(sender, templates, now, sender_name)


@dataclass(frozen=True)
class Held:
    """What the outbox holds of letters already. ``mails``: the newest of each letter that has one.

    ``barred``: the letters that are not drafted, for an address of two applicants, because two letters would be one
    mail, or because another outbox has sent them; ``issues`` tell why.
    """

    mails: Mapping[Addressed, Mail]
    issues: list[Issue]
    barred: Collection[Addressed]


def in_outbox(box: Path, letters: Sequence[Addressed]) -> Held:
    """Look without making an outbox where there is none."""
    with tempfile.TemporaryDirectory() as folder, Outbox(box if box.is_file() else Path(folder) / "x") as outbox:
        doubtful, mixed = shared(outbox, letters), confused(letters)
        gone = Elsewhere(outbox).of_letters(one for one in letters if one not in mixed)
        issues = [*doubtful.issues, *(mixed_up(one, others) for one, others in mixed.items()), *gone.values()]
        issues += altered(letter.out for letter in letters)
        barred = {one for one in letters if one in mixed or one.reader_key in doubtful.names.get(one.address_key, ())}
        barred |= gone.keys()
        return Held(mails_of(letters, outbox.mails()), issues, barred)


@dataclass(frozen=True)
class Drafts:
    """What came of drafting: ``mails`` of the outbox by id, and the ``written`` .eml files. ``sheet``: the one for
    whoever approves, with whole addresses; None where nothing waits. ``stopped``: before the last of both."""

    done: Drafted
    mails: Mapping[int, Mail]
    written: Sequence[Path]
    sheet: Path | None
    stopped: bool = False

    def stopping(self, total: int) -> str:
        """What a stopped drafting of ``total`` letters left, in Chinese; empty where it was not stopped."""
        if not self.stopped:
            return ""
        return (
            f"已按要求停止：共 {total} 封，已起草进发件箱 {len(self.done.ids)} 封（含没有变化的），"
            f"写出草稿文件 {len(self.written)} 个。再起草一次就接着做，已起草的不会重复。"
        )


def draft_letters(
    outbox: Outbox,
    letters: Sequence[Addressed],
    compose: Compose,
    who: str,
    eml: Path,
    *,
    round: int = 1,
    again: Again | None = None,
    units: Mapping[str, Unit] = MappingProxyType({}),
    told: Told = lambda done, total: True,
) -> Drafts:
    """Freeze letters into the outbox, and write what has not left yet as .eml drafts into the folder ``eml``.

    ``told`` and the outbox (``mail stop``) are asked between blocks of letters, then between two files, whether to go
    on; each letter counts twice.
    """
    before, stops, total = outbox.mails(), outbox.stops(), 2 * len(letters)
    done = draft(outbox, letters, compose, who, round=round, again=again, units=units, told=lambda n, _: told(n, total))
    mails = {mail.id: mail for mail in outbox.mails()}
    stopped = done.stopped

    def going(n: int) -> bool:
        nonlocal stopped
        stopped = stopped or not told(len(letters) + n, total) or outbox.stops() != stops
        return not stopped

    written = write_drafts(outbox, [mails[id] for id in done.ids], eml, before, going)
    waiting = [mails[id] for id in done.ids if mails[id].state in ("draft", *SENDABLE)]
    unseen = {(one.source, one.cell) for one in letters if one.unseen}
    sheet = write_check_sheet(Path(letters[0].out), waiting, outbox.clock(), unseen) if waiting else None
    return Drafts(done, mails, written, sheet, stopped)


# ---- before sending


def approvable(policies: Path | None, outbox: Outbox) -> Check:
    """The first thing that is wrong with a mail now, whoever sends it."""
    return Elsewhere(outbox).guard(why_not(Published(policies).current, outbox.confirmed))


def check(account: MailAccount, policies: Path | None, outbox: Outbox) -> Check:
    """The first thing that is wrong with a mail now: with its bytes, its letter, its address, or whom it is from."""
    look = approvable(policies, outbox)

    def checked(mail: Mail, data: bytes) -> Issue | None:
        if mail.sender != account.sender_address:
            return _not_theirs(mail, "起草时的发件地址与现在的发信账户不同")
        return look(mail, data)

    return checked


def as_seen(seen: Mapping[int, str], look: Check) -> Check:
    """``look``, after whether a mail is still the one that a person saw; ``seen``: id → ``message_sha256``."""

    def checked(mail: Mail, data: bytes) -> Issue | None:
        if mail.message_sha256 != seen.get(mail.id):
            return _not_theirs(mail, "核对封数以后又重新起草过")
        return look(mail, data)

    return checked


def _not_theirs(mail: Mail, reason: str) -> Issue:
    return issue("mail.not_theirs", Place(), applicant=mail.applicant, id=mail.id, name=mail.name, reason=reason)


def ready(outbox: Outbox, ids: Sequence[int], look: Check) -> tuple[list[Mail], list[tuple[int, Issue]]]:
    """Which of these mails ``look`` lets pass, and why not the others."""
    passed: list[Mail] = []
    withheld: list[tuple[int, Issue]] = []
    for id in ids:
        mail = outbox.mail(id)
        _, found = outbox.checked(mail, look)
        if found is None:
            passed.append(mail)
        else:
            withheld.append((id, found))
    return passed, withheld
