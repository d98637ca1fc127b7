"""The commands of forms out and back, their arguments and their Chinese help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from incubxl.cli.chinese import Command, Group
from incubxl.cli.options import Json, Policies

collect = typer.Typer(
    cls=Group,
    help="发表和收表：发出带保护的填报表，把退回的表与登记表核对。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Form = Annotated[str, typer.Option("--form", metavar="表", help="办法所印的表，写附件号或标识，例：附件1。")]
Slices = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--slice", metavar="栏目", help="登记表的一部分：全部、推荐单位、明细表名称或栏目名称；可以写几次。"),
]
To = Annotated[
    Literal["applicants", "districts"],
    typer.Option("--to", metavar="发给谁", help="applicants 每个单位一份；districts 每个推荐单位（所在区县）一份。"),
]
Round = Annotated[str, typer.Option("--round", metavar="批次", help="同一年发几次时写批次，收表时写同样的批次。")]


@collect.command("make", cls=Command, help="给每个单位（或推荐单位）写一份填报表，登记表知道的先填好。")
def collect_make(
    register: Annotated[Path, typer.Argument(metavar="登记表", help="登记工作簿。")],
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="填报表放在哪里。")],
    form: Form = "",
    slices: Slices = None,
    to: To = "applicants",
    round: Round = "",
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.collect import make_forms

    return make_forms(register, out, form, slices or [], to, round, policies, as_json=json)


@collect.command("read", cls=Command, help="读取退回的填报表，列出谁没有交、拟更新、冲突和问题；登记表不改动。")
def collect_read(
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", exists=True, file_okay=False, help="退回的表所在的文件夹。")
    ],
    register: Annotated[Path, typer.Option("--register", metavar="登记表", help="登记工作簿。")],
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="回收汇总放在哪里。")],
    form: Form = "",
    slices: Slices = None,
    to: To = "applicants",
    round: Round = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="没有冲突的另写进一份新的登记表（登记表不改动），并列明每一格的来源。")
    ] = False,
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.collect import read_forms

    return read_forms(folder, register, out, form, slices or [], to, round, policies, accept=accept, as_json=json)
