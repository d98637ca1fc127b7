"""incubxl mail approve | status | retry | reconcile | stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from incubxl.batch.mail_run import approvable, line, operator, outbox_path
from incubxl.blanks import says_nothing
from incubxl.cli.chinese import Exit
from incubxl.cli.mail_show import (
    SHOWN,
    count_row,
    issue_row,
    mail_row,
    print_json,
    refusing,
    say,
    tell_counts,
    tell_issues,
)
from incubxl.cli.show import fail, may_write, no_name, table, write_file
from incubxl.files.refusal import reason as why_refused
from incubxl.issues import Issue
from incubxl.mail.check_sheet import FILE
from incubxl.mail.claims import recover
from incubxl.mail.draft_files import remove_drafts
from incubxl.mail.elsewhere import altered
from incubxl.mail.evidence import search
from incubxl.mail.ledger import ledger as ledger_bytes
from incubxl.mail.outbox import Outbox, now
from incubxl.mail.states import WORDS, word
from incubxl.mail.takeover import take_over
from incubxl.mask import mask

_NAME = "请用 --by 写明操作人的姓名"


def _open(box: Path | None) -> Outbox:
    """The outbox, mails of dead senders seen to."""
    outbox = Outbox(outbox_path(box))
    if lost := recover(outbox):
        say(f"上次发送中断，{len(lost)} 封不知道服务器收下没有，标为「不明」：第{'、'.join(map(str, lost))}号。")
    return outbox


def _each(ids: Sequence[int], act: Callable[[int], Issue | None], outbox: Outbox, done: str, *, as_json: bool) -> int:
    """Do one thing to each mail and tell what came of it."""
    issues = [found for id in ids if (found := act(id)) is not None]
    count = len(ids) - len(issues)
    if as_json:
        print_json({"done": count, "issues": [issue_row(i) for i in issues], "counts": count_row(outbox)})
    else:
        say(f"{done} {count} 封。")
        tell_issues(issues, head=f"{len(issues)} 封没有办：")
        tell_counts(outbox)
    if not issues:
        return Exit.DONE
    return Exit.PARTLY if count else Exit.INPUT


@refusing
def approve(
    numbers: Sequence[int], by: str, policies: Path | None, box: Path | None, *, every: bool, as_json: bool
) -> int:
    """A named person approves drafts; each is checked against the run and the register first."""
    if amiss := no_name(by):
        return fail(amiss, _NAME)
    if bool(numbers) == every:
        return fail("没有写明批准哪些邮件", "请写邮件编号（见 incubxl mail status），或用 --all 批准全部草稿")
    with _open(box) as outbox:
        ids = [mail.id for mail in outbox.mails(("draft",))] if every else list(dict.fromkeys(numbers))
        if not ids:
            return fail("没有待批准的草稿", "请先运行 incubxl mail drafts")
        check = approvable(policies, outbox)
        if not as_json:
            say(f"要批准 {len(ids)} 封：")
            for id in dict.fromkeys((ids[0], ids[-1])):
                say(f"  {line(outbox.mail(id))}")
            say(f"完整的收件地址见结果文件夹里的「{FILE}」。")
        code = _each(ids, lambda id: outbox.approve(id, by.strip(), check), outbox, "已批准", as_json=as_json)
        remove_drafts(mail for id in ids if (mail := outbox.mail(id)).state != "draft")
        return code


@refusing
def retry(numbers: Sequence[int], by: str, reason: str, box: Path | None, *, as_json: bool) -> int:
    """Let failed mails go once more, unchanged."""
    if (amiss := no_name(by)) or says_nothing(reason):
        return fail(amiss or "没有写理由", "请用 --by 和 --reason 写明姓名和理由")
    if not numbers:
        return fail("没有写明哪些邮件", "请写邮件编号，见 incubxl mail status")
    with _open(box) as outbox:
        ids = list(dict.fromkeys(numbers))
        return _each(ids, lambda id: outbox.retry(id, by.strip(), reason.strip()), outbox, "待重试", as_json=as_json)


@refusing
def reconcile(
    numbers: Sequence[int],
    by: str,
    delivered: bool | None,
    reason: str,
    logs: Sequence[Path],
    record: Path | None,
    box: Path | None,
    *,
    as_json: bool,
) -> int:
    """Settle mails whose fate is not known, by a person's evidence or by a log; or bring in what the record of a run's
    folder knows of other outboxes. Nothing is sent."""
    if amiss := no_name(by):
        return fail(amiss, _NAME)
    if record is not None:
        if logs or numbers or delivered is not None:
            return fail("--record 单独使用", "先补记，再另外运行 incubxl mail reconcile 核实「不明」的")
        with _open(box) as outbox:
            return _by_record(outbox, record, by.strip(), as_json=as_json)
    if bool(logs) == (delivered is not None):
        return fail(
            "没有写明怎么核实",
            "请用 --log 给出邮件服务器日志或 mbox 文件；或写邮件编号和 --delivered / --not-delivered、--reason 证据",
        )
    if delivered is not None and (not numbers or not reason.strip()):
        return fail("没有写明哪些邮件、什么证据", "请写邮件编号，并用 --reason 写明怎么查实的（例如电话问过对方）")
    with _open(box) as outbox:
        if delivered is not None:
            ids, evidence = list(dict.fromkeys(numbers)), reason.strip()

            def settle(id: int) -> Issue | None:
                return outbox.settle_unknown(id, delivered, by.strip(), evidence)

            return _each(ids, settle, outbox, "已核实", as_json=as_json)
        return _by_logs(outbox, numbers, by.strip(), logs, as_json=as_json)


def _by_logs(outbox: Outbox, numbers: Sequence[int], by: str, logs: Sequence[Path], *, as_json: bool) -> int:
    unknown = {m.message_id: m for m in outbox.mails(("unknown",)) if not numbers or m.id in numbers}
    settled: list[dict[str, Any]] = []
    for path in logs:
        try:
            found = search(path, unknown.keys())
        except OSError as error:
            return fail(f"「{path}」读不出来：{why_refused(error)}", "请核对文件和权限")
        for id, evidence in found.items():
            mail = unknown.pop(id)
            if outbox.settle_unknown(mail.id, evidence.delivered, by, evidence.words) is None:
                settled.append({"id": mail.id, "delivered": evidence.delivered, "evidence": evidence.words})
                became = "服务器已收下" if evidence.delivered else "没有送达"
                say(f"第{mail.id}号 {mail.name}：{became}（{evidence.words}）")
    if as_json:
        left = [mail_row(m) for m in unknown.values()]
        print_json({"settled": settled, "still_unknown": left, "counts": count_row(outbox)})
    if unknown:
        say(f"{len(unknown)} 封在所给文件里找不到，仍为「不明」（找不到不等于没有送达）：")
        for mail in list(unknown.values())[:SHOWN]:
            say(f"  {line(mail)} 邮件标识 {mail.message_id}")
    say(f"核实了 {len(settled)} 封。")
    return Exit.PARTLY if unknown else Exit.DONE


def _by_record(outbox: Outbox, record: Path, by: str, *, as_json: bool) -> int:
    done = take_over(outbox, record, by)
    outbox.note(by, f"从「{record}」的发送记录补记：已发出 {len(done.sent)} 封，不明 {len(done.unknown)} 封")
    if as_json:
        rows = {"sent": done.sent, "unknown": done.unknown, "issues": [issue_row(i) for i in done.issues]}
        print_json({**rows, "counts": count_row(outbox)})
    else:
        say(f"补记：已发出 {len(done.sent)} 封，不明 {len(done.unknown)} 封；没有发送任何邮件。")
        tell_issues(done.issues, head=f"{len(done.issues)} 个记录没有补记：")
        if done.unknown:
            say("「不明」的可能已经发出：请查邮件服务器日志或问收件单位，再用 incubxl mail reconcile 核实。")
    return Exit.PARTLY if done.issues or done.unknown else Exit.DONE


@refusing
def status(numbers: Sequence[int], ledger: Path | None, box: Path | None, *, as_json: bool) -> int:
    """Every mail's state; one mail's history; the ledger for the office."""
    if ledger is not None and not may_write(ledger, ".xlsx", "发送台账"):
        return Exit.INPUT
    with _open(box) as outbox:
        if ledger is not None:
            write_file(ledger, ledger_bytes(outbox, now()))
            say(f"发送台账写在：{ledger}（含完整的收件地址，请妥善保管）")
        mails = [outbox.mail(id) for id in dict.fromkeys(numbers)] if numbers else outbox.mails()
        issues = altered(mail.out for mail in mails)
        if as_json:
            body: dict[str, Any] = {"mails": [mail_row(m) for m in mails], "counts": count_row(outbox)}
            body["issues"] = [issue_row(one) for one in issues]
            if numbers:
                steps = [s for m in mails for s in outbox.history(m.id)]
                names = ("mail", "at", "before", "after", "who", "why")
                body["history"] = [{name: getattr(s, name) for name in names} for s in steps]
            print_json(body)
        elif numbers:
            for mail in mails:
                say(f"{line(mail)}：{WORDS[mail.state]}；邮件标识 {mail.message_id}")
                for step in outbox.history(mail.id):
                    say(f"  {step.at} {word(step.before)} → {word(step.after)}  {step.who}  {step.why}")
        else:
            _tell_open(outbox)
        if not as_json:
            tell_issues(issues, head="发送记录有人改过：")
        counts = outbox.counts()
    return Exit.FINDINGS if counts["unknown"] or counts["failed"] or issues else Exit.DONE


def _tell_open(outbox: Outbox) -> None:
    tell_counts(outbox)
    todo = outbox.mails(("unknown", "failed", "retry", "draft", "approved", "sending"))
    shown = todo[:SHOWN]
    table(
        ("编号", "状态", "申报编号", "单位名称", "通知书", "收件地址", "最近情况"),
        [
            (str(m.id), WORDS[m.state], m.applicant, m.name, m.label, mask(m.address), f"{m.at} {m.why}")
            for m in sorted(shown, key=lambda m: (m.state not in ("unknown", "failed"), m.id))
        ],
        "还没有办结的",
    )
    if len(todo) > SHOWN:
        say(f"……共 {len(todo)} 封，其余见 --json 或 --ledger。")
    if outbox.counts()["unknown"]:
        say("「不明」的不会自行重发：请查邮件服务器日志或问收件单位，再用 incubxl mail reconcile 核实。")


@refusing
def stop(by: str, box: Path | None) -> int:
    """Ask senders and drafters at work to end."""
    path = outbox_path(box)
    if not path.is_file():
        return fail("还没有发件箱", "没有正在发送的命令")
    with Outbox(path) as outbox:
        outbox.stop(operator(by))
    say(
        "已要求停止；正在发送的命令发完手上一封后停下，正在起草的做完手上一批后停下。再发时重新运行 incubxl mail send。"
    )
    return Exit.DONE
