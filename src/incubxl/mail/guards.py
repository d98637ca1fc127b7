"""What is looked at before a mail is approved, and again before it is sent: is this letter theirs, is it unchanged?"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import PurePosixPath

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.compose import contents
from incubxl.mail.identity import amended_unsent
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.sharing import unconfirmed

Current = Callable[[Mail], Addressed | Issue]  # what the run's folder and the register say now of a mail's letter


def why_not(
    current: Current, confirmed: Callable[[str], Collection[str]] = lambda address_key: ()
) -> Callable[[Mail, bytes], Issue | None]:
    """The check for ``Outbox.approve`` and ``worker.send``: the first thing that is wrong with a mail, or None.

    ``confirmed``: ``Outbox.confirmed``; without it an address that two rows have is always held.
    """

    def look(mail: Mail, data: bytes) -> Issue | None:
        if wrong := _bytes(mail, data):
            return wrong
        letter = current(mail)
        if isinstance(letter, Issue):
            return letter
        if wrong := _still_theirs(mail, letter):
            return wrong
        if letter.amended_by and mail.copy == 0:  # a mail that is looked at here has not left
            return amended_unsent(letter)
        return unconfirmed(letter, confirmed(letter.address_key))

    return look


def _bytes(mail: Mail, data: bytes) -> Issue | None:
    """The frozen bytes go to this address only and carry this letter only."""
    found = contents(data)
    wrong = ""
    if found.recipients != (mail.address,):
        wrong = "收件人不是恰好这一个地址"
    elif found.message_id != mail.message_id:
        wrong = "邮件标识不符"
    elif found.attachments != {PurePosixPath(mail.letter).name: mail.letter_sha256}:
        wrong = "附件不是这份通知书"
    return issue("mail.frozen_damaged", Place(), id=mail.id, name=mail.name, reason=wrong) if wrong else None


def _still_theirs(mail: Mail, current: Addressed) -> Issue | None:
    """The run and the register still give this letter to this applicant at this address."""
    pairs = (
        ("收件单位的名称", mail.name, current.name),
        ("主送", mail.reader, current.reader),
        ("统一社会信用代码", mail.code, current.code),
        ("电子邮箱", mail.address, current.address),
        ("通知书", mail.letter_sha256, current.sha256),
    )
    changed = [what for what, ours, theirs in pairs if ours != theirs]
    if not changed:
        return None
    place = Place(*current.cell.split("!", 1)) if "!" in current.cell else Place(file=current.source)
    seen = {"id": mail.id, "name": mail.name, "reason": f"{'、'.join(changed)}有变"}
    return issue("mail.not_theirs", place, applicant=mail.applicant, **seen)
