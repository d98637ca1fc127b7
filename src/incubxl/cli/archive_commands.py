"""incubxl archive …: arguments and Chinese help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from incubxl.cli.chinese import Command, Group
from incubxl.cli.options import Json

archive = typer.Typer(
    cls=Group, help="把一年的运行装成一个归档包，并核对归档包。", no_args_is_help=True, rich_markup_mode=None
)


@archive.command(
    "make",
    cls=Command,
    help="装成一个归档包（可以不写 make）：输入、办法、结果、通知书、发送台账、审计记录，附目录和清单。",
)
def archive_make(
    outs: Annotated[
        list[Path],
        typer.Argument(metavar="结果文件夹...", exists=True, file_okay=False, help="运行时用 --out 指定的文件夹。"),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="文件", dir_okay=False, help="归档包的文件名（.zip）。")],
    outbox: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--outbox", metavar="文件", dir_okay=False, help="发件箱；不写则用本单位的。它本身不装入。"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="归档包已存在时换掉。")] = False,
    json: Json = False,
) -> int:
    from incubxl.cli.archive import make

    return make(outs, out, outbox, force=force, as_json=json)


@archive.command("verify", cls=Command, help="核对归档包：有没有改动、缺少、多出的文件。")
def archive_verify(
    path: Annotated[Path, typer.Argument(metavar="归档包", exists=True, dir_okay=False, help="归档包（.zip）。")],
    head: Annotated[str, typer.Option("--head", metavar="校验值", help="归档时抄下的清单校验值，至少前 16 位。")] = "",
    json: Json = False,
) -> int:
    from incubxl.cli.archive import verify

    return verify(path, head, as_json=json)
