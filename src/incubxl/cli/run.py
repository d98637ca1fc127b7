"""incubxl run."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from incubxl.batch.job import TOLD
from incubxl.batch.manifest import SUMMARY, CannotStart
from incubxl.batch.model import Options
from incubxl.batch.repeated import REPEATED
from incubxl.batch.run import Executor, Run, executor
from incubxl.batch.run import run as work
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail
from incubxl.issues import SEVERITY_WORDS
from incubxl.mask import masked


def run(
    paths: Sequence[Path],
    out: Path,
    as_of: dt.date | None,
    jobs: int,
    policies: Path | None,
    numbers: Path | None = None,
    *,
    letters: bool,
    resume: bool,
    dry_run: bool,
    into_copy: bool,
    as_json: bool,
    typed: bool = True,
    scheduler: str = "",
) -> int:
    """Run, show progress on stderr, tell what came of it. ``typed``: by a command that can be typed again."""
    missing = [str(p) for p in paths if not p.exists()]
    if missing:
        return fail("找不到「" + "」「".join(missing) + "」", "请核对文件或文件夹的路径")
    if out.exists() and not out.is_dir():
        return fail(f"「{out}」是一个文件，不能用作结果文件夹", "请用 --out 另指定一个文件夹")
    if scheduler and jobs != 1:
        return fail("--scheduler 和 --jobs 不能同时写", "在集群上做几个由集群决定；要在本机做，去掉 --scheduler")
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    options = Options(
        out, as_of, now.date(), now, policies,
        letters=letters, write=not dry_run, json=as_json, numbers=numbers, into_copy=into_copy,
    )  # fmt: skip
    try:
        with nullcontext(executor(jobs)) if not scheduler else _cluster(scheduler, paths, options) as execute:
            done = _with_progress(paths, options, execute, resume=resume)
    except CannotStart as error:
        return fail(error.issue.message, error.issue.remedy)
    if as_json:
        _print_json(done)
    if not done.done and not done.kept and not done.cancelled:
        return fail("没有找到工作簿", "请给出 .xlsx 或 .xlsm 文件，或放着它们的文件夹")
    tell(done, dry_run=dry_run, typed=typed)
    return _code(done)


def _cluster(address: str, paths: Sequence[Path], options: Options) -> AbstractContextManager[Executor]:
    from incubxl.batch.cluster import cluster  # only with an address

    return cluster(address, paths, options)


def _with_progress(paths: Sequence[Path], options: Options, execute: Executor, *, resume: bool) -> Run:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        bar = progress.add_task("核对", total=None)
        return work(
            paths,
            options,
            execute,
            resume=resume,
            started=lambda total: progress.update(bar, total=total),
            advanced=lambda done: progress.update(bar, advance=1, description=Path(done.task.shown).name),
        )


def _print_json(done: Run) -> None:
    """One object, written as it is unpacked."""
    write = sys.stdout.write
    write('{"workbooks": [')
    for n, one in enumerate(done.done):
        write(",\n" if n else "\n")
        for piece in one.json_text():
            write(piece)
    write("]")
    if done.kept:
        write(', "kept": ' + json.dumps([task.shown for task in done.kept], ensure_ascii=False))
    if done.audit.n:
        write(f', "audit": {{"entry": {done.audit.n}, "head": "{done.audit.hash}"}}')
    write("}\n")


def _code(done: Run) -> int:
    if done.cancelled:
        return Exit.CANCELLED
    if done.failed:
        return Exit.INPUT if len(done.failed) == len(done.done) and not done.kept else Exit.PARTLY
    if done.trouble:
        return Exit.PARTLY
    return Exit.FINDINGS if done.findings else Exit.DONE


def tell(done: Run, *, dry_run: bool, typed: bool) -> None:
    """What came of a run, for a person, on stderr."""
    out = console(stderr=True)

    def say(text: str) -> None:
        out.print(text, highlight=False, markup=False, soft_wrap=True)

    applicants = sum(d.item.determined for d in done.done)
    say(f"核对了 {len(done.done) - len(done.failed)} 个工作簿、{applicants} 个申报单位。")
    if done.failed:
        say(f"{len(done.failed)} 个工作簿没有处理成，原因见下。")
    if done.kept:
        say(f"{len(done.kept)} 个工作簿没有变化，保留上次的结果。")
    _tell_repeated(done, say)
    _tell_issues(done, say)
    for failed in done.failed:
        say(f"没有处理成：{failed.task.shown}")
        for issue in failed.told:
            say(f"  {_place(issue)}{issue['message']}{issue['remedy']}")
        if failed.log:
            print(masked(failed.log), file=sys.stderr)
    for path in done.aside:
        say(f"以前写出、有人改过或可能已经发出的文件，没有覆盖也没有删去，移到了：{path}")
    for path in done.removed:
        say(f"已删去上次写出、这次不再成立的文件：{path.name}")
    _tell_form(done, say)
    if done.trouble:
        say(f"错误：{done.trouble.text}")
    if done.cancelled:
        say(f"已取消；已经写完的文件都是完整的，{'加 --resume 可以接着做' if typed else '可以再拖一次'}。")
    elif done.failed:
        say("改正以后，用同样的命令加 --resume，只做没有完成的。" if typed else "改正以后，再拖一次。")
    if dry_run:
        say("这是试运行，没有写任何文件。")
    elif done.done or done.kept:
        say(f"结果在：{done.options.out}（先看 {SUMMARY}，再看各文件夹里的「结果_…」工作簿和「通知书」）")
    if done.audit.n:
        say(f"审计记录到第 {done.audit.n} 条，校验值 {done.audit.hash}")


def _tell_form(done: Run, say: Callable[[str], None]) -> None:
    """Which results are in a copy of the workbook, and why the others are not."""
    files = [(d.task.path.name, d.item.result) for d in done.done if d.item.result]
    if copies := sum(file.copy for _, file in files):
        say(f"{copies} 个结果写在登记工作簿的副本里（后面加了结果表，其余内容不变）；原工作簿没有改动。")
    others = [(name, file) for name, file in files if file.message]
    for name, file in others[:TOLD]:
        say(f"  {name}：{file.message}{file.remedy}")
    if len(others) > TOLD:
        say(f"  ……另有 {len(others) - TOLD} 个也是单独的结果工作簿，原因见 {SUMMARY}。")


def _tell_repeated(done: Run, say: Callable[[str], None]) -> None:
    for issue in done.repeated.issues:
        say(f"[{SEVERITY_WORDS[issue.severity]}] {issue.text}")
    rows = done.repeated.rows
    if not rows:
        return
    say(f"[错误] {len(rows)} 个单位在两个工作簿中申报，通知书只出草稿，都写在 {SUMMARY} 的「重复申报」里：")
    for one in rows[:TOLD]:
        say(f"  {one.name}（{one.measure}，{one.year}年度）：{'、'.join(one.cells)}")
    if len(rows) > TOLD:
        say(f"  ……其余 {len(rows) - TOLD} 个见「重复申报」。")


def _tell_issues(done: Run, say: Callable[[str], None]) -> None:
    finished = [d for d in done.done if d.status == "done"]
    told = ((d.task.path.name, i) for d in finished for i in d.told)
    found = [(name, i) for name, i in told if i["code"] != REPEATED][:TOLD]  # those are told already
    if not found:
        return
    total = sum(d.findings for d in finished)
    say(f"发现 {total} 个问题或疑点，都写在各结果工作簿的「问题清单」里：")
    for name, issue in found:
        say(f"  [{SEVERITY_WORDS[issue['severity']]}] {name} {_place(issue)}{issue['message']}")
    if total > len(found):
        say(f"  ……其余 {total - len(found)} 个见「问题清单」。")


def _place(issue: Mapping[str, str]) -> str:
    """``申报登记!B5：``; empty where the whole file is meant."""
    place = f"{issue['sheet']}!{issue['cell']}" if issue["cell"] else issue["sheet"]
    return f"{place}：" if place else ""
