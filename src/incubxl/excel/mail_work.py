"""What 存草稿 and the look before the count do, in the click or, for many letters, in the background."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from incubxl.batch.mail_run import check, composing, draft_letters, line, operator
from incubxl.batch.mailing import gather
from incubxl.excel.mail_desk import findings, refusals
from incubxl.excel.packs import policies
from incubxl.mail.claims import recover
from incubxl.mail.draft_files import FOLDER
from incubxl.mail.drafting import Told
from incubxl.mail.outbox import Outbox
from incubxl.mail.settings import MailAccount
from incubxl.mail.states import SENDABLE, State

LONG_BATCH = 200  # letters that a click looks at by itself: about a second on an office computer of 2015
GOES: tuple[State, ...] = ("draft", *SENDABLE)


def ends(shown: Sequence[str]) -> list[str]:
    """The first and the last."""
    if not shown:
        return []
    return [f"第一封：{shown[0]}", *([f"最后一封：{shown[-1]}"] if len(shown) > 1 else [])]


def make_drafts(
    out: Path, box: Path, sender: MailAccount, unsaved: Iterable[str], told: Told = lambda done, total: True
) -> tuple[str, bool]:
    """Freeze a run's letters into the outbox and write the .eml drafts; what came of it, and whether it was stopped."""
    with refusals():
        found = gather(out, policies())
        compose = composing(sender.sender_address, sender.sender_name, policies())
        with Outbox(box) as outbox:
            drafts = draft_letters(outbox, found.letters, compose, operator(""), out / FOLDER, told=told)
    done = drafts.done
    lines = [drafts.stopping(len(found.letters))] if drafts.stopped else []
    lines += [
        f"新起草 {len(done.added)} 封，有变化、重新起草（须重新批准）{len(done.replaced)} 封，"
        f"没有变化 {len(done.kept)} 封。"
    ]
    lines += ends([line(drafts.mails[id]) for id in [*done.added, *done.replaced]])
    lines += findings([*found.issues, *done.issues], "没有起草的和要知道的：")
    lines += unsaved
    if drafts.written:
        lines += [
            f"草稿文件 {len(drafts.written)} 个在：{out / FOLDER}（双击可在 Outlook 中查看）",
            f"请核对收件地址：{drafts.sheet}（含完整地址，请妥善保管）",
            "还没有发送。请看过草稿，再点「发送」；用程序发送的，不要再从草稿手工发送，否则对方会收到两封。",
        ]
    return "\n".join(lines), drafts.stopped


@dataclass(frozen=True)
class Due:
    """This folder's mails that may go: ``seen`` id → hash of what was looked at; ``ends`` the first and the last.

    ``withheld`` of them a check holds back, told in ``why``; ``approved`` of ``seen`` were so before. ``unknown``,
    ``failed`` and ``waiting`` do not go now; ``waiting`` until the server may be asked again.
    """

    seen: dict[int, str]
    ends: list[str]
    approved: int
    withheld: int
    why: list[str]
    unknown: int
    failed: int
    waiting: int

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def of_text(text: str) -> Due:
        """As ``as_text`` gave it."""
        read = json.loads(text)
        return Due(**{**read, "seen": {int(id): digest for id, digest in read["seen"].items()}})


def due_count(out: Path, box: Path) -> int:
    """How many mails of this folder may have to be looked at."""
    with refusals():
        if not box.is_file():
            return 0
        with Outbox(box) as outbox:
            return sum(mail.out == str(out.resolve()) for mail in outbox.mails(GOES))


def look(out: Path, box: Path, sender: MailAccount, told: Told = lambda done, total: True) -> Due | None:
    """Look at every mail of this folder that waits. None: ``told`` said not to go on."""
    with refusals():
        if not box.is_file():
            return Due({}, [], 0, 0, [], 0, 0, 0)
        with Outbox(box) as outbox:
            recover(outbox)
            ours = [mail for mail in outbox.mails() if mail.out == str(out.resolve())]
            at = outbox.clock().timestamp()
            open_ = [mail for mail in ours if mail.state in GOES and mail.not_before <= at]
            looked, mails, withheld = check(sender, policies(), outbox), [], []
            for n, mail in enumerate(open_, 1):
                _, found = outbox.checked(mail, looked)
                if found is None:
                    mails.append(mail)
                else:
                    withheld.append(found)
                if not told(n, len(open_)):
                    return None
    states = Counter(mail.state for mail in ours)
    waiting = sum(mail.state in GOES for mail in ours) - len(open_)
    return Due(
        {mail.id: mail.message_sha256 for mail in mails},
        ends([line(mail) for mail in mails]),
        sum(mail.state != "draft" for mail in mails),
        len(withheld),
        findings(withheld, f"{len(withheld)} 封没有通过发送前核对，不发："),
        states["unknown"],
        states["failed"],
        waiting,
    )
