"""The .eml drafts that a person looks at in Outlook: one for each mail that still waits for its approval.

They go as soon as the mail is drafted anew, approved or sent: what the program sends, nobody sends by hand too.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from incubxl.mail.message import Frozen
from incubxl.mail.message import draft as unsent
from incubxl.mail.model import Mail
from incubxl.mail.outbox import Outbox
from incubxl.publish.atomic import write_bytes
from incubxl.publish.names import safe_name

FOLDER = "邮件草稿"  # below the run's folder
_HEAD = b"X-Unsent: 1\r\n"  # our drafts begin with it


def write_drafts(
    outbox: Outbox,
    mails: Sequence[Mail],
    folder: Path,
    before: Iterable[Mail] = (),
    going: Callable[[int], bool] = lambda done: True,
) -> list[Path]:
    """The drafts of mails that nobody has approved; every other draft of these mails is removed.

    ``before``: the outbox before this drafting, whose mails may have had another run's folder. ``going``: asked before
    each mail, with how many were looked at, whether to go on.
    """
    written: list[Path] = []
    ids = {mail.id for mail in mails}
    remove_drafts([*mails, *(mail for mail in before if mail.id in ids)], folder)
    for n, mail in enumerate(mails):
        if not going(n):
            break
        if mail.state != "draft":
            continue
        path = folder / safe_name(mail.applicant, f"{mail.label}{mail.relation}_{mail.name}", f".{mail.id}.eml")
        data = outbox.message(mail)
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(path, unsent(Frozen(data, mail.message_id, hashlib.sha256(data).hexdigest())))
        written.append(path)
    return written


def remove_drafts(mails: Iterable[Mail], folder: Path | None = None) -> None:
    """Remove every draft of these mails, by number, whatever name it bore: in ``folder``, and in the run's own."""
    for mail in mails:
        for place in dict.fromkeys((folder, Path(mail.out) / FOLDER)):
            for path in place.glob(f"*.{mail.id}.eml") if place is not None else ():
                with contextlib.suppress(OSError):  # open in Outlook: it goes the next time
                    if path.is_file() and _begins(path):
                        path.unlink()


def _begins(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD
