"""The commands of the scoring season, their arguments and their Chinese help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from incubxl.cli.chinese import Command, Group
from incubxl.cli.options import Json, Policies

scoring = typer.Typer(
    cls=Group, help="专家评审：分配专家、下发和回收评分表、评审会材料。", no_args_is_help=True, rich_markup_mode=None
)
Workbook = Annotated[
    Path, typer.Argument(metavar="工作簿", exists=True, dir_okay=False, help="登记工作簿；只读取，不改动。")
]
ThisWorkbook = Annotated[
    Path, typer.Option("--workbook", metavar="文件", exists=True, dir_okay=False, help="登记工作簿；只读取，不改动。")
]
RoundFolder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--round", metavar="文件夹", file_okay=False, help="下发时的文件夹；不写则为工作簿旁边的「评审_…」。"),
]
Outlier = Annotated[
    str,
    typer.Option("--outlier", metavar="界限", help="稳健z值超过多少列为离群，由本单位定，例：3.5；不写则不列。"),
]


@scoring.command("make", cls=Command, help="分配专家（先回避，再均衡），给每位专家写一份评分表。")
def scoring_make(
    workbook: Workbook,
    experts: Annotated[
        Path,
        typer.Option(
            "--experts", metavar="文件", exists=True, dir_okay=False,
            help="专家名单（代号、单位、专业、回避单位、声明关系）；姓名可以写在里面，程序不读。",
        ),
    ],
    per_applicant: Annotated[
        int, typer.Option("--per-applicant", metavar="人数", min=1, max=99, help="每个单位由几位专家评。")
    ],
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件夹", file_okay=False, help="写到哪里；不写则为工作簿旁边的「评审_…」。"),
    ] = None,
    name: Annotated[str, typer.Option("--name", metavar="名称", help="轮次名称。")] = "第一轮",
    blind: Annotated[bool, typer.Option("--blind/--named", help="评分表上隐去还是写明申报单位。")] = True,
    policies: Policies = None,
    json: Json = False,
) -> int:  # fmt: skip
    from incubxl.cli.scoring import make_books

    return make_books(workbook, experts, per_applicant, out, name, policies, blind=blind, as_json=json)


@scoring.command("read", cls=Command, help="读取收回的评分表，汇总得分、缺评、离群和排名；原工作簿不动。")
def scoring_read(
    returns: Annotated[
        Path, typer.Argument(metavar="文件夹", exists=True, file_okay=False, help="放着收回的评分表的文件夹。")
    ],
    workbook: ThisWorkbook,
    round: RoundFolder = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件", dir_okay=False, help="汇总写到哪里（.xlsx）；不写则在下发文件夹里。"),
    ] = None,
    outlier: Outlier = "",
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.scoring import read_books

    return read_books(returns, workbook, round, out, outlier, policies, as_json=json)


@scoring.command("pack", cls=Command, help="评审会材料：一个工作簿和一份 Word 文档，都标着草稿。")
def scoring_pack(
    workbook: Workbook,
    returns: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--returns", metavar="文件夹", exists=True, file_okay=False,
            help="放着收回的评分表的文件夹；不写则只用工作簿「评分」表里的得分。",
        ),
    ] = None,
    round: RoundFolder = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件夹", file_okay=False, help="写到哪个文件夹；不写则为下发文件夹。"),
    ] = None,
    outlier: Outlier = "",
    policies: Policies = None,
    json: Json = False,
) -> int:  # fmt: skip
    from incubxl.cli.scoring import write_pack

    return write_pack(workbook, returns, round, out, outlier, policies, as_json=json)
