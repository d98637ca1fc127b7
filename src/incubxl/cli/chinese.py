"""Typer in Chinese: help, usage and usage errors. Also the exit codes and the streams."""

from __future__ import annotations

import re
import sys
from enum import IntEnum
from typing import Any, TextIO

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup


class Exit(IntEnum):
    """What the shell sees."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    PARTLY = 4
    CANCELLED = 130


rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
rich_utils.OPTIONS_PANEL_TITLE = "选项"
rich_utils.COMMANDS_PANEL_TITLE = "命令"
rich_utils.ERRORS_PANEL_TITLE = "用法不对"
rich_utils.DEFAULT_STRING = "［默认：{}］"
rich_utils.REQUIRED_LONG_STRING = "［必填］"
rich_utils.ABORTED_TEXT = "已取消。"

UsageError: type[Any] = typer.BadParameter.__bases__[0]
_SAID = (
    (re.compile(r"No such option: (\S+)"), r"没有选项 \1"),
    (re.compile(r"No such command '(.+)'\."), r"没有命令「\1」"),
    (re.compile(r"Missing command\."), "请写明要做的命令"),
    (re.compile(r"Missing (?:argument|option|parameter)[: ]*'?([^'.]*)'?\.?"), r"缺少 \1"),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)"), r"多出了参数 \1"),
    (re.compile(r"Option '?(\S+?)'? does not take a value\."), r"选项 \1 不带取值"),
    (re.compile(r"Option '?(\S+?)'? requires an argument\."), r"选项 \1 要带取值"),
    (re.compile(r"Invalid value for '?([^':]+)'?: (.*)"), r"\1 的取值不对：\2"),
    (re.compile(r"Path '(.+)' does not exist\."), r"找不到「\1」"),
    (re.compile(r"'(.+)' is not a valid (?:int|integer)( range)?\."), r"「\1」不是整数"),
    (re.compile(r"Value error, "), ""),
    (re.compile(r"Did you mean (.+)\?"), r"是不是 \1？"),
    (re.compile(r"\(Possible options: (.+)\)"), r"（是不是 \1？）"),
    (re.compile(r" is not in the range "), "不在范围内："),
    (re.compile(r"'(.+)' does not match the formats? (.+)"), r"「\1」不是日期，应写成 2026-05-20 这样"),
)


class _Chinese:
    """Chinese words where Click writes its own."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示这份说明。"
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        words = {"[OPTIONS]": "[选项]", "COMMAND": "命令", "[ARGS]...": "[参数]..."}
        text = " ".join(pieces)
        for english, chinese in words.items():
            text = text.replace(english, chinese)
        formatter.write_usage(ctx.command_path, text, prefix="用法：")


class Command(_Chinese, TyperCommand):
    """A command with Chinese help."""


class Group(_Chinese, TyperGroup):
    """A group of commands with Chinese help."""


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
        result = app(standalone_mode=False)
    except UsageError as error:
        context = getattr(error, "ctx", None)
        print(f"用法不对：{translate(error.format_message())}", file=sys.stderr)
        print(f"看说明：{context.command_path if context else 'incubxl'} --help", file=sys.stderr)
        sys.exit(Exit.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        print("已取消；已经写完的文件都是完整的。", file=sys.stderr)
        sys.exit(Exit.CANCELLED)
    sys.exit(result if isinstance(result, int) else Exit.DONE)


def _utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
