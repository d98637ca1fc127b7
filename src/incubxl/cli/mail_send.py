"""incubxl mail send: approved mails, after the typed count, on a workday, one at a time."""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from incubxl.batch.mail_run import Check, check, day_off, line, outbox_path, ready
from incubxl.cli.chinese import Exit
from incubxl.cli.mail_show import (
    SHOWN,
    count_row,
    issue_row,
    print_json,
    refusing,
    say,
    tell_counts,
    tell_issues,
)
from incubxl.cli.show import console, fail, no_name
from incubxl.issues import Issue
from incubxl.mail.claims import Sender
from incubxl.mail.draft_files import remove_drafts
from incubxl.mail.findings import MailRefused
from incubxl.mail.message import for_self
from incubxl.mail.model import Mail
from incubxl.mail.outbox import Outbox, now
from incubxl.mail.settings import SettingsRefused, read_account, read_credentials
from incubxl.mail.states import State
from incubxl.mail.transport import MailSession
from incubxl.mail.trial import trial_address
from incubxl.mail.worker import Sending, said
from incubxl.mail.worker import send as work
from incubxl.mask import mask

_RECENT = 4  # mails of one batch that are named on the terminal


@refusing
def send(
    numbers: Sequence[int],
    by: str,
    count: int | None,
    to_self: str,
    anyway: str,
    policies: Path | None,
    box: Path | None,
    *,
    as_json: bool,
) -> int:
    """Send what is approved (of these numbers)."""
    if amiss := no_name(by):
        return fail(amiss, "请用 --by 写明发送人的姓名")
    try:
        account = read_account()
        credentials = read_credentials(account)
    except SettingsRefused as error:
        return fail("；".join(error.reasons), "改好后再运行；没有发出任何邮件")
    today = now().date()
    rest = day_off(today)
    if rest and not to_self and not anyway.strip():
        return fail(f"今天（{today}）{rest}，没有发送", "请在工作日发送；确需今天发的，用 --anyway 写明理由")
    with Outbox(outbox_path(box)) as outbox, MailSession(account, credentials) as transport:
        if to_self:
            own = trial_address(to_self, account, outbox.mails())
            if isinstance(own, Issue):
                raise MailRefused(own)
            return _to_self(outbox, transport, numbers, by.strip(), own, check(account, policies, outbox))
        with Sender(outbox, by.strip()) as sender:
            ids = [id for id in sender.due() if not numbers or id in numbers]
            look = check(account, policies, outbox)
            mails, withheld = ready(outbox, ids, look)
            _tell_ready(outbox, mails, withheld)
            if not mails:
                return fail(
                    f"没有可以发送的邮件{_waiting(outbox)}",
                    "请看 incubxl mail status；还没有批准的，先用 incubxl mail approve 批准",
                )
            if refusal := _counted(len(mails), count):
                return fail(*refusal)
            if barred := transport.open():
                return fail(f"邮件服务器用不了：{said(barred)}", "请核对发信账户和网络；没有发出任何邮件")
            late = f"；{rest}，仍要发送的理由：{anyway.strip()}" if rest else ""
            outbox.note(by.strip(), f"开始发送 {len(mails)} 封{late}")
            done = _send(sender, transport, [m.id for m in mails], look, account.per_minute)
            done.withheld = [*withheld, *done.withheld]
            return _tell(outbox, done, as_json=as_json)


def _tell_ready(outbox: Outbox, ready: Sequence[Mail], withheld: Sequence[tuple[int, Issue]]) -> None:
    tell_issues([found for _, found in withheld], head=f"{len(withheld)} 封没有通过发送前核对，不发：")
    unknown = outbox.counts()["unknown"]
    if unknown:
        say(f"另有 {unknown} 封状态不明，不会重发；请用 incubxl mail reconcile 核实。")
    if ready:
        say(f"可以发送 {len(ready)} 封：")
        for mail in dict.fromkeys((ready[0], ready[-1])):
            say(f"  {line(mail)}")


def _earliest(outbox: Outbox) -> str:
    """When the first mail that waits may be tried again: ``2026年6月22日 09:05以后``."""
    later = min(mail.not_before for mail in outbox.mails(("retry",)))
    if not later:
        return "现在就可以"
    at = dt.datetime.fromtimestamp(later)  # noqa: DTZ006
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}以后"


def _waiting(outbox: Outbox) -> str:
    """Which mails wait for their time; empty when none does."""
    ids = "、".join(f"第{mail.id}号" for mail in outbox.mails(("retry",))[:SHOWN])
    return f"：{ids}待重试，{_earliest(outbox)}才发；时间不对或不等的，用 incubxl mail retry" if ids else ""


def _counted(ready: int, count: int | None) -> tuple[str, str] | None:
    """The person types how many; anything else sends nothing."""
    if count is None:
        if not sys.stdin.isatty():
            return "没有输入要发送的封数", f"请加 --count {ready}（核对过确实要发 {ready} 封以后）"
        count = typer.prompt("请输入要发送的封数", type=int, err=True)
    if count != ready:
        return f"输入的封数 {count} 与可以发送的 {ready} 封不符，没有发送", "请核对为什么不符，再重新运行"
    return None


def _send(
    sender: Sender,
    transport: MailSession,
    ids: Sequence[int],
    look: Check,
    per_minute: float,
) -> Sending:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=console(stderr=True), transient=True) as progress,
        _ctrl_c(lambda: progress.console.print("正在停止：发完手上一封就停；再按一次立即中断。")) as stopping,
    ):
        bar = progress.add_task("发送", total=len(ids))

        def told(mail: Mail, state: State) -> None:
            remove_drafts([mail])
            progress.update(bar, advance=1, description=f"第{mail.id}号 {mail.applicant}")

        return work(sender, transport, ids, look, per_minute=per_minute, stopping=stopping, told=told)


@contextmanager
def _ctrl_c(first: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C (or SIGTERM) asks to stop after the mail at hand, the second interrupts."""
    asked: list[int] = []

    def handle(number: int, frame: Any) -> None:
        asked.append(number)
        if len(asked) > 1:
            raise KeyboardInterrupt
        first()

    kept = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, before in kept.items():
            with contextlib.suppress(TypeError, ValueError):
                signal.signal(number, before)


def _tell(outbox: Outbox, done: Sending, *, as_json: bool) -> int:
    counts = outbox.counts()
    if as_json:
        print_json({
            "outcomes": dict(done.outcomes),
            "withheld": [{"id": id, **issue_row(found)} for id, found in done.withheld],
            "ended": done.ended,
            "server": done.words,
            "counts": count_row(outbox),
        })  # fmt: skip
    else:
        words = f"：{done.words}" if done.words else ""
        if done.ended:
            say(f"没有发完就停了：{done.ended}{words}")
        tell_issues([found for _, found in done.withheld], head=f"{len(done.withheld)} 封核对没有通过，没有发：")
        say(f"这次发出 {done.outcomes['sent']} 封。")
        tell_counts(outbox)
        if counts["retry"]:
            say(f"待重试的，{_earliest(outbox)}再运行一次 incubxl mail send。")
        if counts["failed"]:
            say("未发成的：地址不对的，改登记表后重新 run、drafts、approve；服务器原因的，用 incubxl mail retry。")
        if counts["unknown"]:
            say("状态不明的：请用 incubxl mail reconcile 核实，程序不会自行重发。")
    if done.ended == "按要求停止":
        return Exit.CANCELLED
    whole = not done.ended and not done.withheld and set(done.outcomes) <= {"sent"}
    return Exit.DONE if whole else Exit.PARTLY


def _to_self(
    outbox: Outbox,
    transport: MailSession,
    numbers: Sequence[int],
    by: str,
    address: str,
    check: Callable[[Mail, bytes], Issue | None],
) -> int:
    """The first mail, or those of these numbers, to the office itself; their states stay as they are."""
    mails = [outbox.mail(id) for id in numbers] if numbers else outbox.mails(("draft", "approved", "retry"))[:1]
    if not mails:
        return fail("没有可以试发的邮件", "请先运行 incubxl mail drafts")
    for mail in mails:
        frozen, found = outbox.checked(mail, check)
        if found is not None:
            raise MailRefused(found)
        delivery = transport.deliver(for_self(frozen, address, uuid.uuid4().hex[:12]), mail.sender, address)
        outbox.note(by, f"试发第{mail.id}号邮件到 {mask(address)}：{delivery.outcome}")
        if delivery.outcome != "sent":
            return fail(f"试发没有成功：{said(delivery)}", "请核对发信账户和地址；各封邮件的状态没有变")
        say(f"第{mail.id}号邮件已试发到 {mask(address)}；没有发给 {mail.name}，状态没有变。")
    return Exit.DONE
