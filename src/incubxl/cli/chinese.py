"""Typer in Chinese: help, usage and usage errors. Also the exit codes and the streams.

Help is set as plain text: Rich would cost as much time again as everything else that ``--help`` needs.
"""

from __future__ import annotations

import glob
import re
import sys
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property
from typing import Any, TextIO

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


class Exit(IntEnum):
    """What the shell sees."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    PARTLY = 4
    CANCELLED = 130


UsageError: type[Any] = typer.BadParameter.__bases__[0]
_SAID = (
    (re.compile(r"No such option: (\S+)"), r"没有选项 \1"),
    (re.compile(r"No such command '(.+)'\."), r"没有命令「\1」"),
    (re.compile(r"Missing command\."), "请写明要做的命令"),
    (re.compile(r"Missing (?:argument|option|parameter)[: ]*'?\{?([^'}]*?)\}?(?:\.\.\.)*'?\.?\Z"), r"缺少 \1"),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)"), r"多出了参数 \1"),
    (re.compile(r"Option '?(\S+?)'? does not take a value\."), r"选项 \1 不带取值"),
    (re.compile(r"Option '?(\S+?)'? requires an argument\."), r"选项 \1 要带取值"),
    (re.compile(r"Invalid value for '?([^':]+)'?: (.*)"), r"\1 的取值不对：\2"),
    (re.compile(r"(?:Path|[Dd]ir|[Ff]ile|[Dd]irectory) '(.+)' does not exist\."), r"找不到「\1」，请核对路径"),
    (re.compile(r"(?:Path|[Dd]ir|[Dd]irectory) '(.+)' is a file\."), r"「\1」是文件，这里要写文件夹"),
    (re.compile(r"(?:Path|[Ff]ile) '(.+)' is a directory\."), r"「\1」是文件夹，这里要写文件"),
    (
        re.compile(r"(?:Path|[Dd]ir|[Ff]ile|[Dd]irectory) '(.+)' is not (?:readable|writable)\."),
        r"「\1」打不开，请核对权限",
    ),
    (re.compile(r"'(.+)' is not a valid (?:int|integer)( range)?\."), r"「\1」不是整数"),
    (re.compile(r"Value error, "), ""),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"不能小于 \1"),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"不能大于 \1"),
    (re.compile(r"Input should be a valid integer.*"), "应为整数"),
    (re.compile(r"Did you mean (.+)\?"), r"是不是 \1？"),
    (re.compile(r"\(Possible options: (.+)\)"), r"（是不是 \1？）"),
    (re.compile(r" is not in the range "), "不在范围内："),
    (re.compile(r"'(.+)' does not match the formats? (.+)"), r"「\1」不是日期，应写成 2026-05-20 这样"),
)

_HEADINGS = {"Arguments": "参数", "Options": "选项", "Commands": "命令"}
_RANGE = re.compile(r"(\d+)<=x<=(\d+)")
_EXTRAS = (
    ("[default: ", "［默认："),
    ("[required]", "［必填］"),
    ("; required]", "；必填］"),
    ("; ", "；"),
    ("]", "］"),
)


_TYPE = re.compile(r" ?<[^>]*>\Z")  # <list[Path]> tells an official nothing


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc,valid-type]
    """Headings in Chinese; columns measured as a terminal shows them, where a Chinese character takes two places."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        pairs = [(_TYPE.sub("", first), _extras(second)) for first, second in rows]
        left = min(max((_width(first) for first, _ in pairs), default=0), col_max) + col_spacing
        for first, second in pairs:
            lines = _wrapped(second, max(self.width - left - 2, 20))
            gap = left - _width(first)
            lead = f"  {first}" + (" " * gap if gap > 0 else "\n" + " " * (left + 2))
            self.write(lead + ("\n" + " " * (left + 2)).join(lines) + "\n")

    def write_text(self, text: str) -> None:
        self.write("\n".join(f"  {line}" for line in _wrapped(text, self.width - 2)) + "\n")


def _extras(text: str) -> str:
    """Click's notes behind a help text, in Chinese."""
    head, mark, tail = text.rpartition("  [")
    if not mark:
        head, tail = ("", text[1:]) if text.startswith("[") else (text, "")
    if not tail:
        return text
    notes = f"[{tail}"
    for english, chinese in _EXTRAS:
        notes = notes.replace(english, chinese)
    notes = _RANGE.sub(r"\1至\2", notes)
    return f"{head}{notes}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for sign in text:
        if _width(lines[-1] + sign) > width and sign not in "，。；、：）」］":
            lines.append("")
        lines[-1] += sign
    return [line.strip() for line in lines]


class _Context(typer.Context):
    formatter_class = _Formatter


class _Chinese:
    """Chinese words where Click writes its own."""

    context_class: Any = _Context

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示这份说明。"
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        text = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        for english, chinese in (("[OPTIONS]", "[选项]"), ("COMMAND", "命令"), ("[ARGS]...", "[参数]...")):
            text = text.replace(english, chinese)
        formatter.write_usage(ctx.command_path, text, prefix="用法：")


class Command(_Chinese, TyperCommand):
    """A command with Chinese help."""


class Group(_Chinese, TyperGroup):
    """A group of commands with Chinese help."""


def later(group: typer.Typer, usual: str = "") -> typer.Typer:
    """The same group, whose commands are made when one of them is wanted: ``--help`` of the whole shows its name only.

    ``usual``: the command that is meant where none is named.

    Making some forty commands ready took a third of the time of ``incubxl --help``.
    """

    class Later(Group):
        @cached_property
        def _made(self) -> dict[str, Any]:
            return dict(get_group(group).commands)

        @property  # type: ignore[override]
        def commands(self) -> dict[str, Any]:
            return self._made

        @commands.setter
        def commands(self, given: Any) -> None:
            """Click begins with none."""

        def parse_args(self, ctx: Any, args: list[str]) -> Any:
            if usual and args and args[0] != "--help" and args[0] not in self.commands:
                args = [usual, *args]
            return super().parse_args(ctx, args)

    return typer.Typer(cls=Later, help=group.info.help, no_args_is_help=True, rich_markup_mode=None)


def translate(message: str) -> str:
    """Click's English sentence in Chinese; unknown sentences stay."""
    for pattern, chinese in _SAID:
        message = pattern.sub(chinese, message)
    return message


def run(app: typer.Typer) -> None:
    """Run the command line and leave with its exit code. Chinese never crashes an old console."""
    for stream in (sys.stdout, sys.stderr):
        _utf8(stream)
    try:
        result = app(expanded(sys.argv[1:], windows=sys.platform == "win32"), standalone_mode=False)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            sys.exit(Exit.USAGE)
        context = getattr(error, "ctx", None)
        print(f"用法不对：{translate(error.format_message())}", file=sys.stderr)
        print(f"看说明：{context.command_path if context else 'incubxl'} --help", file=sys.stderr)
        sys.exit(Exit.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        print("已取消；已经写完的文件都是完整的。", file=sys.stderr)
        sys.exit(Exit.CANCELLED)
    except OSError as error:
        sys.exit(refused_by_system(error))
    sys.exit(result if isinstance(result, int) else Exit.DONE)


def expanded(arguments: Sequence[str], *, windows: bool) -> list[str]:
    """Patterns with ``*`` or ``?`` as the files they stand for, where the shell leaves that to the program.

    Instead of Click's own expansion, which takes ``[1]`` in a file's name as a pattern and ``$`` and ``%`` as
    variables: ``登记[1].xlsx`` would become its neighbour ``登记1.xlsx``, another workbook.
    """
    if not windows:
        return list(arguments)
    names: list[str] = []
    for argument in arguments:
        pattern = "*" in argument or "?" in argument  # signs that no file's name has there
        names += (sorted(glob.glob(argument.replace("[", "[[]"))) if pattern else []) or [argument]  # noqa: PTH207
    return names


def refused_by_system(error: OSError) -> int:
    """Say in Chinese what could not be read or written; gives the exit code."""
    from incubxl.files.refusal import reason

    place = f"「{error.filename}」" if error.filename else ""
    print(f"错误：{place}不能读写：{reason(error)}", file=sys.stderr)
    print("怎么办：请换一个位置；或核对文件夹是否存在、有没有写入权限、磁盘有没有空间，再运行一次", file=sys.stderr)
    return Exit.INPUT


def _utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
