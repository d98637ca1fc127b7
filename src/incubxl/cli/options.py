"""Options that several commands have."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Optional

import typer

AsOf = Annotated[
    Optional[dt.datetime],  # noqa: UP045  (Typer reads the annotation)
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], metavar="日期", help="基准日，例：2026-05-31；不写则用工作簿「设置」里的。"
    ),
]
Policies = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--policies", metavar="文件夹", exists=True, file_okay=False, help="本单位自己的政策包文件夹。"),
]
Numbers = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--numbers", metavar="文件", dir_okay=False, help="文号簿；不写则用工作簿旁边的「文号簿.sqlite」。"),
]
Json = Annotated[bool, typer.Option("--json", help="在标准输出写 JSON，其余信息写到标准错误。")]


def day(value: dt.datetime | None) -> dt.date | None:
    """The day asked for, within the years that a workbook's dates may have."""
    if value is None:
        return None
    from incubxl.register.dates import FIRST, LAST  # what only --as-of needs

    if not FIRST <= value.date() <= LAST:
        raise typer.BadParameter(f"不在{FIRST.year}年至{LAST.year}年之间", param_hint="--as-of")
    return value.date()
