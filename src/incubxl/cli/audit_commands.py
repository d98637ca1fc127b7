"""incubxl audit …, incubxl restore: arguments and Chinese help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from incubxl.cli.chinese import Command, Group

audit = typer.Typer(
    cls=Group, help="核验审计记录、复算以前的运行、清理留存的副本。", no_args_is_help=True, rich_markup_mode=None
)
Json = Annotated[bool, typer.Option("--json", help="在标准输出写 JSON，其余信息写到标准错误。")]
Out = Annotated[
    Path, typer.Argument(metavar="结果文件夹", exists=True, file_okay=False, help="运行时用 --out 指定的文件夹。")
]


@audit.command("verify", cls=Command, help="核验审计记录：有没有被改动、删去、截短或重写。")
def audit_verify(
    out: Out = Path(),
    head: Annotated[
        Optional[list[str]],  # noqa: UP045  (Typer reads the annotation)
        typer.Option("--head", metavar="校验值", help="结果工作簿或运行提示里印出的校验值，至少前 16 位；可以写多个。"),
    ] = None,
    json: Json = False,
) -> int:
    from incubxl.cli.audit import verify

    return verify(out, head or [], as_json=json)


@audit.command("replay", cls=Command, help="按记录里的输入和办法重新计算一次运行，与当时的结果逐项比较。")
def audit_replay(
    run: Annotated[str, typer.Argument(metavar="运行编号", help="如 20260620-093000；写 last 是最近一次。")],
    out: Annotated[
        Path, typer.Option("--out", metavar="结果文件夹", exists=True, file_okay=False, help="那次运行的结果文件夹。")
    ] = Path(),
    json: Json = False,
) -> int:
    from incubxl.cli.audit import replay

    return replay(out, run, as_json=json)


@audit.command("sweep", cls=Command, help="按保留期限清理留存的输入副本和备份；审计记录本身不删。")
def audit_sweep(
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(metavar="结果文件夹", exists=True, file_okay=False, help="不写则只清理备份。"),
    ] = None,
    json: Json = False,
) -> int:
    from incubxl.cli.audit import sweep

    return sweep(out, as_json=json)


def restore(
    file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(metavar="文件", help="要取回的文件；与 --list 同用时可以不写。"),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="只列出有哪些备份。")] = False,
    wanted: Annotated[str, typer.Option("--from", metavar="校验值", help="用哪一份备份；不写则用最近的一份。")] = "",
    json: Json = False,
) -> int:
    """Put a file back from its backup."""
    from incubxl.cli.restore import restore as work

    return work(file, wanted, listing=listing, as_json=json)
