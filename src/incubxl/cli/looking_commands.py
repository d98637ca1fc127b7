"""incubxl diff, incubxl crosscheck: arguments and Chinese help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from incubxl.cli.options import Json, Policies

DIFF = "比较两次运行：谁的结论、等级、经费变了，是数据、参数、口径还是办法版本造成的。"
CROSSCHECK = "列出疑点：两家填了同一事物、数字照抄、异常波动；只列出，不作认定。"


def diff(
    first: Annotated[
        str, typer.Argument(metavar="前一次", help="结果文件夹（取最近一次运行）、「结果文件夹@运行编号」或运行编号。")
    ],
    second: Annotated[str, typer.Argument(metavar="后一次", help="写法同上。")],
    runs: Annotated[
        Path,
        typer.Option("--in", metavar="结果文件夹", exists=True, file_okay=False, help="只写运行编号时，在哪里找。"),
    ] = Path(),
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件", help="另写成工作簿（.xlsx），工作表名「运行比较」「哪里不同」。"),
    ] = None,
    json: Json = False,
) -> int:
    """What turned over between two runs, and why."""
    from incubxl.cli.compare import diff as work

    return work(first, second, runs, out, as_json=json)


def crosscheck(
    paths: Annotated[list[Path], typer.Argument(metavar="文件或文件夹...", help="要核对的登记工作簿或文件夹。")],
    previous: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--previous", metavar="文件或文件夹", help="以前年度的登记工作簿，只作比较；可以写多个。"),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件", help="另写成工作簿（.xlsx），工作表名「疑点」「核对说明」。"),
    ] = None,
    policies: Policies = None,
    json: Json = False,
) -> int:
    """疑点 across workbooks."""
    from incubxl.cli.crosscheck import crosscheck as work

    return work(paths, previous or [], out, policies, as_json=json)
