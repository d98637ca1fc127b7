"""What can be done in the background, by button: each takes the work and gives its outcome and sheets to write."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from incubxl.batch.job import assess_grid
from incubxl.batch.mail_run import as_seen, check
from incubxl.batch.manifest import SUMMARY, CannotStart
from incubxl.batch.model import Done, Options
from incubxl.batch.run import Run, inline
from incubxl.batch.run import run as run_batch
from incubxl.excel.answers import ANSWERS
from incubxl.excel.background import Outcome, Work
from incubxl.excel.mail_desk import account, findings, login, refusals
from incubxl.excel.mail_work import look, make_drafts
from incubxl.excel.packs import policies
from incubxl.excel.prepare import Prepared
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import HERE, LETTERS, SKIPPED, prepare_all, refusal
from incubxl.files.read import read_grid
from incubxl.issues import Issue
from incubxl.mail.claims import Sender
from incubxl.mail.draft_files import remove_drafts
from incubxl.mail.ledger import totals
from incubxl.mail.model import Mail
from incubxl.mail.outbox import Outbox
from incubxl.mail.states import State
from incubxl.mail.transport import MailSession
from incubxl.mail.worker import Sending, said, send
from incubxl.plan import Block, Column, SheetPlan
from incubxl.results.frame import Frame
from incubxl.results.words import STATE_WORDS

Result = tuple[Outcome, list[Prepared]]
_LETTERS = (
    Column("申报编号"),
    Column("通知书"),
    Column("状态", "centre", words=True),
    Column("文件"),
    Column("说明"),
)
_WIDTHS = (14, 20, 10, 52, 60)
_TOLD = 5


class Progress:
    """How far a work is, for the signs of life; and whether it is to stop. ``done`` of ``total`` (0: not known)."""

    def __init__(self, stop: Path) -> None:
        self.stop, self.done, self.total = stop, 0, 0


def answer(work: Work, progress: Progress) -> Result:
    """The sheets of a checking button, from a snapshot."""
    options = work.job.options
    grid, issues = read_grid(work.snapshot(options["snapshot"]), SKIPPED)
    if grid is None:
        raise refusal(issues)
    if progress.stop.exists():
        return _stopped()
    assessment, issues = assess_grid(grid, None, dt.date.fromisoformat(work.job.started[:10]), policies(), None, issues)
    if assessment is None:
        raise refusal(issues)
    if progress.stop.exists():
        return _stopped()
    made = ANSWERS[work.job.action](Frame(assessment, HERE))
    prepared = prepare_all(made.plans, options["sheets"].split("\n"), date_1904=bool(options["date_1904"]))
    return Outcome("done", "\f".join(("\n".join(made.before), "\n".join(made.after)))), prepared


def _stopped() -> Result:
    return Outcome("stopped", "已停止，没有写任何内容。"), []


def make_letters(work: Work, progress: Progress) -> Result:
    """The letters and the result workbook of a snapshot, into the office's folder, and a list of the letters."""
    options, out = work.job.options, Path(work.job.options["out"])
    source = Path(options["source"]) if options["source"] else out / options["snapshot"]  # never saved: as if beside
    run = _run([source], out, work, progress, {source: work.snapshot(options["snapshot"])})
    done = next((d for d in run.done if d.status == "done"), None)
    if done is None:
        return _ended(run, work), []
    once = dict.fromkeys((view.state, view.file or n) for n, view in enumerate(done.letters))  # one for many readers
    states = [state for state, _ in once]
    each = "、".join(f"{word} {states.count(state)} 份" for state, word in STATE_WORDS.items() if state in states)
    folder = out / done.task.folder
    said = [f"按 {work.job.started} 的内容，通知书：{each or '没有'}。", f"文件在：{folder}", *_aside(run)]
    said.append("草稿和不出的原因见「通知书清单」；正式通知书请核对后再送达。")
    listed = prepare_all([_list(done, folder, work.job.started)], (), date_1904=bool(work.job.options["date_1904"]))
    return Outcome("done", "\n".join(said), str(folder)), listed


def run_folder(work: Work, progress: Progress) -> Result:
    """A run over a folder of workbooks."""
    run = _run([Path(work.job.options["folder"])], Path(work.job.options["out"]), work, progress)
    return _ended(run, work), []


def mail_drafts(work: Work, progress: Progress) -> Result:
    """Freeze the letters into the outbox and write the .eml drafts; 停止 is honoured between two blocks or files."""
    options = work.job.options
    unsaved = [line for line in options["unsaved"].split("\n") if line]
    out, box = Path(options["out"]), Path(options["outbox"])
    said, stopped = make_drafts(out, box, account(), unsaved, _telling(progress))
    return Outcome("stopped" if stopped else "done", said), []


def _telling(progress: Progress) -> Callable[[int, int], bool]:
    """Say how far the work is; whether to go on."""

    def told(done: int, total: int) -> bool:
        progress.done, progress.total = done, total
        return not progress.stop.exists()

    return told


def mail_look(work: Work, progress: Progress) -> Result:
    """Look at every mail that waits, before a person is asked to count."""
    options = work.job.options
    found = look(Path(options["out"]), Path(options["outbox"]), account(), _telling(progress))
    if found is None:
        return Outcome("stopped", "已停止，没有批准，也没有发出任何邮件。"), []
    return Outcome("done", found.as_text()), []


def mail_send(work: Work, progress: Progress) -> Result:
    """Approve by name the mails that this person saw, and send them; 停止 is honoured between two."""
    options = work.job.options
    by = options["by"]
    seen = {int(id): digest for id, digest in json.loads(options["seen"]).items()}
    progress.total = len(seen)
    sender = account()

    def told(mail: Mail, state: State) -> None:
        remove_drafts([mail])
        progress.done += 1

    with (
        refusals(),
        Outbox(Path(options["outbox"])) as outbox,
        MailSession(sender, login(sender)) as server,
        Sender(outbox, by) as claims,
    ):
        if barred := server.open():
            raise RefusedError(
                f"邮件服务器用不了：{said(barred)}", "请核对发信账户和网络，再点一次；没有批准，也没有发出任何邮件"
            )
        look = as_seen(seen, check(sender, policies(), outbox))
        withheld = []
        for mail in outbox.mails(("draft",)):
            if mail.id in seen and not progress.stop.exists():
                found = outbox.approve(mail.id, by, look)
                withheld += [found] if found is not None else []
                if found is None:
                    remove_drafts([mail])
        ids = [id for id in claims.due() if id in seen]
        outbox.note(by, f"开始发送 {len(ids)} 封")
        done = send(claims, server, ids, look, per_minute=sender.per_minute, stopping=progress.stop.exists, told=told)
        withheld += [found for _, found in done.withheld]
        return _sent(by, len(seen), done, withheld, totals(outbox.counts())), []


def _sent(by: str, wanted: int, done: Sending, withheld: Sequence[Issue], all: str) -> Outcome:
    """A sending, told."""
    lines = [f"由 {by} 批准，应发 {wanted} 封，这次发出 {done.outcomes['sent']} 封。"]
    if done.ended:
        lines.append(f"没有发完就停了：{done.ended}{f'：{done.words}' if done.words else ''}。再点「发送」可以接着发。")
    if later := done.outcomes["retry"]:
        lines.append(f"{later} 封服务器暂时没有收，过些时候再点「发送」。")
    if failed := done.outcomes["failed"]:
        lines.append(f"{failed} 封未发成，原因见「发送台账」；地址不对的，改登记表，保存后再依次点「生成」「存草稿」。")
    if unknown := done.outcomes["unknown"]:
        lines.append(f"{unknown} 封状态不明，程序不会自行重发；请查实后在命令行用 incubxl mail reconcile 核实。")
    lines += findings(withheld, f"{len(withheld)} 封没有通过发送前核对，没有发：")
    lines.append(f"发件箱{all}。")
    if "要求停止" in done.ended:
        return Outcome("stopped", "\n".join(lines))
    return Outcome("failed" if done.ended else "done", "\n".join(lines))


def _run(
    paths: list[Path], out: Path, work: Work, progress: Progress, copies: Mapping[Path, Path] = MappingProxyType({})
) -> Run:
    started = dt.datetime.fromisoformat(work.job.started)
    book = work.job.options.get("numbers", "")
    numbers = Path(book) if book else None
    options = Options(out, None, started.date(), started, policies(), halt=progress.stop, numbers=numbers)

    def begun(total: int) -> None:
        progress.total = total

    def advanced(_: Done) -> None:
        progress.done += 1

    try:
        return run_batch(paths, options, inline, copies=copies, started=begun, advanced=advanced)
    except CannotStart as error:
        raise RefusedError(error.issue.message, error.issue.remedy) from error


def _ended(run: Run, work: Work) -> Outcome:
    """A run, told as the command line tells it."""
    out = work.job.options["out"]
    good = [d for d in run.done if d.status == "done"]
    applicants = sum(d.item.determined for d in good)
    said = [
        f"{work.job.started} 开始，核对了 {len(good)} 个工作簿、{applicants} 个申报单位；问题或疑点 {run.findings} 条。"
    ]
    for failed in run.failed[:_TOLD]:
        why = "；".join(f"{i['message']}{i['remedy']}".rstrip("。") for i in failed.told[:2])
        said.append(f"没有处理成：{Path(failed.task.shown).name}：{why}。")
    if len(run.failed) > _TOLD:
        said.append(f"……其余 {len(run.failed) - _TOLD} 个没有处理成的见 {SUMMARY}。")
    if run.repeated.rows:
        said.append(f"{len(run.repeated.rows)} 个单位在两个工作簿中申报，通知书只出草稿，见 {SUMMARY} 的「重复申报」。")
    said += _aside(run)
    if run.trouble:
        said.append(f"{run.trouble.message}{run.trouble.remedy}")
    if run.cancelled:
        said.append("已按要求停止；已经写完的文件都是完整的。")
    if not run.done and not run.cancelled:
        return Outcome("failed", "文件夹里没有找到 .xlsx 或 .xlsm 工作簿。请核对选的文件夹。")
    said.append(f"结果在：{out}（先看 {SUMMARY}）")
    if run.audit.n:
        said.append(f"审计记录到第 {run.audit.n} 条，校验值 {run.audit.hash[:16]}。")
    text = "\n".join(said)
    if run.cancelled:
        return Outcome("stopped", text, out)
    return Outcome("failed" if run.failed and not good else "done", text, out)


def _aside(run: Run) -> list[str]:
    return [f"以前写出、有人改过或可能已经发出的 {len(run.aside)} 个文件移到了「旧件保留」。"] if run.aside else []


def _list(done: Done, folder: Path, at: str) -> SheetPlan:
    """通知书清单: what was written for whom, or why not."""
    rows = [
        (v.applicant, v.label, STATE_WORDS[v.state], str(folder / v.file) if v.file else "", v.why)
        for v in done.letters
    ]
    about = f"{done.item.measure}　{done.item.year}年度　按 {at} 的内容生成"
    return SheetPlan(
        LETTERS, LETTERS, done.item.notice, _WIDTHS, (Block(_LETTERS, rows, empty="没有通知书"),), (about,),
        freeze_columns=1,
    )  # fmt: skip


TASKS: Mapping[str, Callable[[Work, Progress], Result]] = {
    **dict.fromkeys(ANSWERS, answer),
    "make_letters": make_letters,
    "run_folder": run_folder,
    "mail_drafts": mail_drafts,
    "mail_look": mail_look,
    "mail_send": mail_send,
}
