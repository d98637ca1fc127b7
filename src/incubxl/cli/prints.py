"""incubxl letters pdf."""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from incubxl.batch.manifest import MANIFEST, CannotStart
from incubxl.batch.prints import Printing, page_list, print_folder
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, folder_for
from incubxl.grid import Place
from incubxl.issues import SEVERITY_WORDS, Issue, issue
from incubxl.printing import libreoffice, word
from incubxl.printing.duplex import is_ours
from incubxl.printing.model import Converter
from incubxl.results.as_json import issue_json

_TOLD = 20  # letters named on the terminal


def pdf(out: Path, merged: Path | None, jobs: int, *, drafts: bool, as_json: bool) -> int:
    """Convert, show progress on stderr, tell what came of it."""
    if not (out / MANIFEST).is_file():
        return fail(
            f"「{out}」里没有 {MANIFEST}，不是 incubxl run 的结果文件夹", "请先运行 incubxl run，再写它的结果文件夹"
        )
    if merged is not None and merged.suffix.lower() != ".pdf":
        return fail(f"「{merged}」不是 PDF 的文件名", "请用 --merged 写一个以 .pdf 结尾的文件名")
    if merged is not None and merged.exists() and not is_ours(merged):
        return fail(f"「{merged}」已经存在，不是合订本，没有覆盖", "请用 --merged 另写一个文件名")
    with office_program() as program:
        if isinstance(program, Issue):
            return fail(program.message, program.remedy)
        if merged is not None:
            folder_for(merged)
        try:
            done = _with_progress(out, program, merged, jobs, drafts=drafts)
        except CannotStart as error:
            return fail(error.issue.message, error.issue.remedy)
    if as_json:
        _print_json(done, merged)
    _tell(done, out, merged, drafts=drafts)
    return _code(done)


@contextmanager
def office_program() -> Iterator[Converter | Issue]:
    """Word on Windows where it is installed, else LibreOffice, else what to install."""
    if word.available():
        yield word.Word()
        return
    command = libreoffice.find()
    if not command:
        yield issue("print.no_office", Place(), or_word="和 Word" if sys.platform == "win32" else "")
        return
    with tempfile.TemporaryDirectory(prefix="incubxl-office-", ignore_cleanup_errors=True) as folder:
        yield libreoffice.LibreOffice([command], Path(folder))


def _with_progress(out: Path, program: Converter, merged: Path | None, jobs: int, *, drafts: bool) -> Printing:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        bar = progress.add_task(f"用 {program.program} 转 PDF", total=None)
        return print_folder(
            out,
            program,
            drafts=drafts,
            jobs=jobs,
            merge_into=merged,
            ran_at=dt.datetime.now(),  # noqa: DTZ005  (officials read local time)
            advanced=lambda finished, of: progress.update(bar, completed=finished, total=of),
        )


def _code(done: Printing) -> int:
    if done.cancelled:
        return Exit.CANCELLED
    good = len(done.made) + len(done.kept)
    if done.refused or any(i.severity == "error" for i in done.issues):
        return Exit.PARTLY if good else Exit.INPUT
    return Exit.FINDINGS if done.issues or not good else Exit.DONE


def _tell(done: Printing, out: Path, merged: Path | None, *, drafts: bool) -> None:
    screen = console(stderr=True)

    def say(text: str) -> None:
        screen.print(text, highlight=False, markup=False, soft_wrap=True)

    kept = f"，{len(done.kept)} 份已有且没有变化" if done.kept else ""
    pages = sum(one.pages for one in (*done.made, *done.kept))
    unsure = sum(found.code == "print.glyph_unsure" for found in done.issues)
    checked = f"除下面 {unsure} 份有生僻字的，都" if unsure else "都"
    made = f"转成 PDF {len(done.made)} 份{kept}，共 {pages} 页"
    say(f"{done.letters} 份通知书：{made}，{checked}已读回核对名称、标题和文字。")
    if not done.letters and not done.issues:
        also = "" if drafts else "；草稿要加 --drafts 才转换"
        say(f"没有可以转换的通知书{also}。")
    for found in done.issues:
        say(f"[{SEVERITY_WORDS[found.severity]}] {found.text}")
    used = sorted({font for one in (*done.made, *done.kept) for font in one.fonts - one.loose})
    if used:
        say(f"PDF 里嵌入的字体：{'、'.join(used)}。")
    if done.refused:
        say(f"{len(done.refused)} 份没有转成：")
        for one in done.refused[:_TOLD]:
            say(f"  {one.issue.text}")
        if len(done.refused) > _TOLD:
            say(f"  ……其余 {len(done.refused) - _TOLD} 份见 --json。")
    for path in done.aside:
        say(f"原有的 PDF 不是按现在的通知书转出的，可能已经发出，移到了：{path}")
    if done.cancelled:
        say("已取消；已经写完的 PDF 都是完整的，再运行一次只做没有完成的。")
        return
    if merged is not None and done.placed:
        blank = sum(p.blank for p in done.placed)
        say(f"双面打印用的合订本：{merged}，{len(done.placed)} 份、{done.placed[-1].last} 页（含空白页 {blank} 页）。")
        if done.refused:
            say(f"  注意：合订本里缺上面没有转成的 {len(done.refused)} 份。")
        for p in done.placed[:_TOLD]:
            say(f"  第{p.first}—{p.last}页　{p.source.applicant}　{p.source.reader}（{p.source.kind}）")
        rest = len(done.placed) - _TOLD
        say(f"  {f'……其余 {rest} 份见' if rest > 0 else '页码表'}：{done.pages_file}")
    if done.made or done.kept:
        say(f"PDF 与通知书放在一起：{out}")


def _print_json(done: Printing, merged: Path | None) -> None:
    body = {
        "letters": done.letters,
        "made": [str(one.source.target) for one in done.made],
        "kept": [str(one.source.target) for one in done.kept],
        "refused": [{"file": str(one.source.path), **issue_json(one.issue)} for one in done.refused],
        "issues": [issue_json(found) for found in done.issues],
        "fonts": sorted({font for one in (*done.made, *done.kept) for font in one.fonts}),
        "aside": [str(path) for path in done.aside],
        "merged": page_list(merged, done.placed, done.refused) if merged is not None and done.placed else None,
        "cancelled": done.cancelled,
    }
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=1) + "\n")
