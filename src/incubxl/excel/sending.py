"""The buttons of the group 发送: the formal letters of this workbook's results folder, by mail.

Nothing leaves before a named person has typed how many; the sending itself goes on in the background (``tasks``).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from incubxl.batch.mail_run import (
    composing,
    day_off,
    in_outbox,
    outbox_path,
)
from incubxl.batch.mailing import final_letters, gather
from incubxl.batch.manifest import MANIFEST
from incubxl.excel import asking, background, mail_work
from incubxl.excel.guard import Click, Said, command
from incubxl.excel.mail_desk import account, findings, login, refusals
from incubxl.excel.mail_work import GOES, Due, due_count, ends, look, make_drafts
from incubxl.excel.packs import policies
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import later, patient
from incubxl.files.ours import is_ours
from incubxl.issues import Issue
from incubxl.mail.claims import recover
from incubxl.mail.compose import first_mail
from incubxl.mail.ledger import LEDGER, ledger, totals
from incubxl.mail.model import Addressed
from incubxl.mail.outbox import Outbox, now
from incubxl.mail.settings import MailAccount
from incubxl.mail.states import WORDS
from incubxl.mask import mask
from incubxl.publish.atomic import write_bytes

CANCELLED = Said("已取消，没有批准，也没有发出任何邮件。")
_FRESH = dt.timedelta(minutes=30)


@command("预演")
def mail_preview(click: Click) -> Said:
    """How many letters would go, the first and the last, and what cannot go; nothing is written."""
    out = _results(click)
    sender = account()
    click.progress("正在核对通知书和地址…")
    with refusals():
        found = gather(out, policies())
        held = in_outbox(outbox_path(), found.letters)
        states = {one: held.mails[one].state for one in found.letters if one in held.mails}
        going = [
            one
            for one in found.letters
            if one not in held.barred and states.get(one, "draft") in GOES
        ]  # fmt: skip
        compose = composing(sender.sender_address, sender.sender_name, policies())
        first, unwritable = first_mail(going, compose)
    going = [one for one in going if one not in unwritable]
    issues = [*found.issues, *held.issues, *unwritable.values()]
    lines = [f"可以寄 {len(going)} 封，不能寄 {_errors(issues)} 处。"]
    lines += ends([_letter(one) for one in going])
    lines += [f"第一封的主题：{first.subject}"] if first else []
    gone = Counter(state for state in states.values() if state not in GOES)
    lines += [f"发件箱里已有、不再寄的：{'、'.join(f'{WORDS[s]} {n} 封' for s, n in gone.items())}。"] if gone else []
    lines += findings(issues, "不能寄的和要知道的：")
    return Said("\n".join([*lines, *_unsaved(click), "这是预演，什么都没有写，也没有发。"]))


@command("存草稿")
def mail_drafts(click: Click) -> Said:
    """Freeze the letters into the outbox, and write them as .eml drafts; nothing is sent."""
    work = background.last("mail_drafts", click.memory.key)
    if work is None:
        out = _results(click)
        sender = account()
        with refusals():
            count = final_letters(out)
        unsaved = _unsaved(click)
        if count <= mail_work.LONG_BATCH:
            click.progress("正在起草…")
            return Said(make_drafts(out, outbox_path(), sender, unsaved)[0])
        work = background.begin(_job(click, "mail_drafts", {"out": str(out), "unsaved": "\n".join(unsaved)}))
    outcome = patient(click, work)
    if outcome is None:
        return later(click)
    work.taken()
    return Said(outcome.said)


@command("发送")
def mail_send(click: Click) -> Said:
    """Approve by name and send, after the typed count, in the background; a second click tells what came of it."""
    work = background.last("mail_send", click.memory.key)
    if work is None:
        begun = _begin(click)
        if isinstance(begun, Said):
            return begun
        work = begun
    outcome = patient(click, work)
    if outcome is None:
        return later(click)
    work.taken()
    safe = "已经发出的不会再发；各封的状态见「发送台账」。" if outcome.state == "failed" else ""
    return Said("\n".join(part for part in (outcome.said, safe) if part))


@command("发送台账")
def mail_ledger(click: Click) -> Said:
    """Every mail of the office's outbox, with its history, as a workbook in the results folder, opened."""
    path = _results(click) / LEDGER
    if not outbox_path().is_file():
        raise RefusedError(f"还没有发件箱（{outbox_path()}），没有可以列的邮件", "请先点「存草稿」")
    if any(str(book.Name).casefold() == path.name.casefold() for book in click.application.Workbooks):
        raise RefusedError(f"「{path.name}」正打开着，不能重新写出", "请关闭它，再点一次")
    if path.exists() and not is_ours(path, path.stem):
        raise RefusedError(f"「{path}」写出以后有人改过，没有覆盖", "请把它改名或移到别处，再点一次")
    click.progress("正在写发送台账…")
    with refusals(), Outbox(outbox_path()) as outbox:
        recover(outbox)
        write_bytes(path, ledger(outbox, now()))
        counts = outbox.counts()
    click.application.EnableEvents = True  # else the ribbon would not see that a workbook has been opened
    click.application.Workbooks.Open(str(path))
    lines = [f"已写出并打开：{path}", totals(counts), f"列的是整个发件箱（{outbox_path()}）。"]
    if counts["unknown"]:
        lines.append(
            "「不明」的不会自行重发：请查邮件服务器日志或问收件单位，再在命令行用 incubxl mail reconcile 核实。"
        )
    return Said("\n".join([*lines, "台账里有完整的收件地址，请妥善保管。"]))


# ---- what is to be sent, shown to the person who answers for it


def _begin(click: Click) -> background.Work | Said:
    """Ask who and how many, and start; or what is said instead."""
    out = _results(click)
    looking = background.last("mail_look", click.memory.key)
    if looking is None:
        background.check_free()
    today = click.now.date()
    with refusals():
        rest = day_off(today)
    if rest:
        raise RefusedError(
            f"今天（{today}）{rest}，没有发送",
            "请在工作日再点一次；确需今天发的，在命令行运行 incubxl mail approve --all --by 姓名，"
            "再运行 incubxl mail send --by 姓名 --anyway 理由",
        )
    sender = account()
    login(sender)
    due = _due(click, out, sender, looking)
    if isinstance(due, Said):
        return due
    by = asking.line(click, "批准发送的人的姓名（记入发送台账）：", "")
    if by is None:
        return CANCELLED
    if not by:
        raise RefusedError("没有写批准人的姓名，没有发送", "请再点一次，写上姓名")
    if not due.seen:
        raise RefusedError(
            "\n".join(["没有可以发送的邮件", *_left(due), *due.why]).rstrip("。"),
            "还没有起草的，请先点「存草稿」；各封的状态见「发送台账」",
        )
    if not _confirmed(click, by, due):
        return CANCELLED
    return background.begin(_job(click, "mail_send", {"by": by, "seen": json.dumps(due.seen)}))


def _due(click: Click, out: Path, sender: MailAccount, looking: background.Work | None) -> Due | Said:
    """What waits, looked at: in this click, or for many in the background, and then a second click goes on."""
    if looking is not None and looking.outcome is not None and _old(click, looking):
        looking.taken()
        looking = None
    if looking is None:
        if due_count(out, outbox_path()) <= mail_work.LONG_BATCH:
            click.progress("正在核对每一封…")
            found = look(out, outbox_path(), sender)
            assert found is not None  # nobody stops it
            return found
        looking = background.begin(_job(click, "mail_look", {"out": str(out)}))
    outcome = patient(click, looking)
    if outcome is None:
        return later(click)
    looking.taken()
    return Due.of_text(outcome.said) if outcome.state == "done" else Said(outcome.said)


def _old(click: Click, work: background.Work) -> bool:
    """Whether so much time has passed that it is looked at anew. Each mail is looked at again before it is sent."""
    return abs(click.now - dt.datetime.fromisoformat(work.job.started)) > _FRESH


def _job(click: Click, action: str, options: dict[str, str]) -> background.Job:
    return background.Job(
        action,
        click.label,
        click.memory.key,
        int(click.application.Hwnd),
        f"{click.now:%Y-%m-%d %H:%M:%S}",
        {**options, "outbox": str(outbox_path())},
        str(click.book.Name),
    )


def _confirmed(click: Click, by: str, due: Due) -> bool:
    """Whether the person who has seen what goes types how many. Raises RefusedError for another number."""
    count = len(due.seen)
    shown = [
        f"由 {by} 批准并发送 {count} 封（其中 {due.approved} 封以前已批准）：",
        *due.ends,
        *due.why,
        *_left(due),
        *_unsaved(click),
        "",
        "是：接着输入封数。　否或取消：一封也不发。",
    ]
    if not asking.yes(click, "\n".join(shown)):
        return False
    given = asking.line(click, f"要发送 {count} 封，确认的请输入这个封数：", "")
    if given is None:
        return False
    if not given.isdecimal() or int(given) != count:
        raise RefusedError(f"输入的「{given}」与可以发送的 {count} 封不符，没有发送", "请核对为什么不符，再点一次")
    return True


def _left(due: Due) -> list[str]:
    """What does not go now."""
    lines = []
    if due.unknown:
        lines.append(f"另有 {due.unknown} 封状态不明，不会重发；请查实后在命令行用 incubxl mail reconcile 核实。")
    if due.waiting:
        lines.append(f"另有 {due.waiting} 封服务器暂时没有收，还没到可以再试的时间。")
    if due.failed:
        lines.append(f"另有 {due.failed} 封未发成，原因见「发送台账」。")
    return lines


# ---- shared by the four


def _results(click: Click) -> Path:
    """The results folder of this workbook's last 生成."""
    folder = click.memory.results
    if folder is None or not (folder / MANIFEST).is_file():
        raise RefusedError("还没有为这个工作簿生成过通知书，没有可以寄的", "请先点「生成」")
    return folder


def _letter(one: Addressed) -> str:
    to = f"{one.reader} " if one.reader else ""
    return f"{one.applicant} {one.name} {one.label} → {to}{mask(one.address)}（{one.cell}）"


def _errors(issues: Iterable[Issue]) -> int:
    return sum(one.severity != "info" for one in issues)


def _unsaved(click: Click) -> list[str]:
    """What the open workbook says now and its file does not is in no letter."""
    return [] if click.book.Saved else ["注意：打开的工作簿有没有保存的改动，通知书和地址以已保存的为准。"]
