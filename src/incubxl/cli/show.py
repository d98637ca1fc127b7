"""What the commands print: tables and errors, in Chinese."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from incubxl.blanks import names_nobody
from incubxl.cli.chinese import Exit
from incubxl.issues import Issue, remedies, sentence
from incubxl.mask import masked


def console(*, stderr: bool = False) -> Console:
    """A console on a stream of this moment (tests replace the streams)."""
    return Console(file=sys.stderr if stderr else sys.stdout, soft_wrap=False)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], title: str = "", *, names: bool = False) -> None:
    """Print a table; nothing when it has no rows. ``names``: the first column is never broken."""
    shown = Table(title=title or None, title_justify="left", show_lines=False)
    for n, header in enumerate(headers):
        shown.add_column(header, overflow="fold", no_wrap=names and n == 0)
    count = 0
    for row in rows:
        shown.add_row(*(str(cell).replace("[", "\\[") for cell in row))
        count += 1
    if count:
        console().print(shown, highlight=False)


def fail(what: str, remedy: str) -> int:
    """Say what is wrong with input or settings and how to mend it."""
    out = console(stderr=True)
    out.print(f"错误：{masked(sentence(what))}", highlight=False, markup=False, soft_wrap=True)
    out.print(f"怎么办：{masked(sentence(remedy))}", highlight=False, markup=False, soft_wrap=True)
    return Exit.INPUT


def no_name(by: str) -> str:
    """What is wrong with the name of who acts; empty when it is a person's."""
    if not names_nobody(by):
        return ""
    return f"「{by.strip()}」不是人的姓名" if by.strip() else "没有写姓名"


def fail_all(issues: Sequence[Issue], about: str = "") -> int:
    """Say why input cannot be used at all: its errors, or what else there is."""
    found = [i for i in issues if i.severity == "error"] or list(issues)
    return fail(about + "；".join(i.bare for i in found), remedies(found))


def folder_for(path: Path) -> None:
    """Make the folder that ``path`` is to be written into, and say so; nothing where it is there. Raises OSError."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
        text = masked(f"新建了文件夹「{path.parent}」。")
        console(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


def write_file(path: Path, data: bytes) -> None:
    """Write what a command was asked to write, into a folder that need not be there. Raises OSError."""
    from incubxl.publish.atomic import write_bytes

    folder_for(path)
    write_bytes(path, data)


def may_write(path: Path, suffix: str, title: str) -> bool:
    """Whether a command may write its file there; what forbids it is told. Only its own earlier file is replaced."""
    from incubxl.files.ours import is_ours

    if path.suffix.lower() != suffix:
        fail(f"文件名「{path.name}」不是 {suffix}", f"请以 {suffix} 结尾")
    elif path.exists() and not is_ours(path, title):
        fail(f"「{path}」已经存在，不是本命令写的{title}，或者写出以后有人改过，没有覆盖", "请另写一个文件名")
    else:
        return True
    return False
