"""incubxl mail: the commands, their arguments and their Chinese help. What they do is imported when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from incubxl.cli.chinese import Command, Group

mail = typer.Typer(
    cls=Group,
    help="寄通知书：预览、起草、批准、发送、核实。没有署名批准，一封也不会发出。",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Out = Annotated[
    Path, typer.Argument(metavar="结果文件夹", exists=True, file_okay=False, help="incubxl run 的结果文件夹。")
]
Numbers = Annotated[Optional[list[int]], typer.Argument(metavar="邮件编号...", help="见 incubxl mail status。")]  # noqa: UP045
Outbox = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--outbox",
        metavar="文件",
        dir_okay=False,
        envvar="INCUBXL_OUTBOX",
        show_envvar=False,
        help="本单位的发件箱；不写则在程序的数据文件夹里（或环境变量 INCUBXL_OUTBOX 所指）。全单位只用一个。",
    ),
]
Policies = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--policies", metavar="文件夹", exists=True, file_okay=False, help="本单位自己的政策包文件夹。"),
]
Ids = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--id", metavar="申报编号", help="只要这些单位，可以写多次；不写则全部。"),
]
Round = Annotated[
    int,
    typer.Option(
        "--round", min=1, max=99, metavar="批次", help="同一年度、同一种通知书的第几批；第二批起须写 --by 和 --reason。"
    ),
]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="操作人姓名，记入发送台账。")]
From = Annotated[str, typer.Option("--from", metavar="地址", help="发件地址；不写则用设置里的。")]
Reason = Annotated[str, typer.Option("--reason", metavar="理由", help="为什么，记入发送台账。")]
Json = Annotated[bool, typer.Option("--json", help="在标准输出写 JSON，其余信息写到标准错误。")]


@mail.command(cls=Command, help="预览：谁会收到哪份通知书、寄到哪里、第一封怎么写；什么都不写、不发。")
def preview(
    out: Out,
    id: Ids = None,
    sender: From = "",
    sheet: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--sheet", metavar="文件", dir_okay=False, help="另写一张寄送核对表（.xlsx，含完整地址）。"),
    ] = None,
    policies: Policies = None,
    outbox: Outbox = None,
    json: Json = False,
) -> int:
    from incubxl.cli.mail_draft import preview as work

    return work(out, id or [], sender, sheet, policies, outbox, as_json=json)


@mail.command(cls=Command, help="起草：正式通知书放进发件箱，并写出可用 Outlook 等打开的 .eml 草稿；不发送。")
def drafts(
    out: Out,
    id: Ids = None,
    eml: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--eml", metavar="文件夹", file_okay=False, help="草稿放在哪里；不写则放在结果文件夹里。"),
    ] = None,
    round: Round = 1,
    again: Annotated[
        Optional[Literal["更正", "补发"]],  # noqa: UP045
        typer.Option("--again", metavar="更正|补发", help="已经发出的再寄一次：须写 --id、--by 和 --reason。"),
    ] = None,
    shared: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--shared", metavar="地址", help="确认几家单位确实共用这个邮箱：须写 --by 和 --reason。"),
    ] = None,
    same_unit: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--same-unit", metavar="申报编号", help="它与疑似的那家是同一单位，改了名称：须写 --by 和 --reason。"
        ),
    ] = None,
    other_unit: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--other-unit", metavar="申报编号", help="它与疑似的那家是两个单位：须写 --by 和 --reason。"),
    ] = None,
    by: By = "",
    reason: Reason = "",
    sender: From = "",
    policies: Policies = None,
    outbox: Outbox = None,
    json: Json = False,
) -> int:
    from incubxl.cli.mail_draft import drafts as work

    units = (same_unit or [], other_unit or [])
    return work(
        out, id or [], eml, round, again, shared or [], units, by, reason, sender, policies, outbox, as_json=json
    )


@mail.command(cls=Command, help="批准：署名批准草稿；批准前再核对附件、地址和登记表。")
def approve(
    by: By,
    numbers: Numbers = None,
    every: Annotated[bool, typer.Option("--all", help="批准全部草稿。")] = False,
    policies: Policies = None,
    outbox: Outbox = None,
    json: Json = False,
) -> int:
    from incubxl.cli.mail import approve as work

    return work(numbers or [], by, policies, outbox, every=every, as_json=json)


@mail.command(cls=Command, help="发送已批准的邮件：须输入封数；周末和节假日不发；Ctrl-C 在一封发完后停下。")
def send(
    by: By,
    count: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--count", min=1, max=100_000, metavar="封数", help="要发送的封数，与实际不符就不发。"),
    ] = None,
    to_self: Annotated[
        str,
        typer.Option(
            "--to-self",
            metavar="地址",
            help="试发：第一封（或所给编号的）发到发信账户或 test_addresses 的地址。",
        ),
    ] = "",
    numbers: Numbers = None,
    anyway: Annotated[str, typer.Option("--anyway", metavar="理由", help="周末或节假日也要发的理由。")] = "",
    policies: Policies = None,
    outbox: Outbox = None,
    json: Json = False,
) -> int:
    from incubxl.cli.mail_send import send as work

    return work(numbers or [], by, count, to_self, anyway, policies, outbox, as_json=json)


@mail.command(cls=Command, help="各封邮件的状态；给出编号时显示经过；--ledger 写出发送台账。")
def status(
    numbers: Numbers = None,
    ledger: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--ledger", metavar="文件", dir_okay=False, help="把发送台账写到这个 .xlsx 文件（含完整地址）。"),
    ] = None,
    outbox: Outbox = None,
    json: Json = False,
) -> int:
    from incubxl.cli.mail import status as work

    return work(numbers or [], ledger, outbox, as_json=json)


@mail.command(
    cls=Command, help="让未发成的邮件再试一次，待重试的不等到时间（内容不变）；地址或内容要改的，改登记表后重新起草。"
)
def retry(by: By, reason: Reason, numbers: Numbers = None, outbox: Outbox = None, json: Json = False) -> int:
    from incubxl.cli.mail import retry as work

    return work(numbers or [], by, reason, outbox, as_json=json)


@mail.command(cls=Command, help="核实状态不明的邮件：由人写明证据，或按邮件标识查日志、mbox 文件；或从发送记录补记。")
def reconcile(
    by: By,
    numbers: Numbers = None,
    delivered: Annotated[
        Optional[bool],  # noqa: UP045
        typer.Option("--delivered/--not-delivered", help="查实服务器收到了，还是没有收到；须写 --reason。"),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="证据", help="怎么查实的，记入发送台账。")] = "",
    log: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--log", metavar="文件", exists=True, dir_okay=False, help="邮件服务器日志或 mbox 文件。"),
    ] = None,
    record: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--record",
            metavar="结果文件夹",
            exists=True,
            file_okay=False,
            help="把该文件夹的发送记录里、这个发件箱没有的邮件补记进来（发件箱丢失或换过时用）。",
        ),
    ] = None,
    outbox: Outbox = None,
    json: Json = False,
) -> int:
    from incubxl.cli.mail import reconcile as work

    return work(numbers or [], by, delivered, reason, log or [], record, outbox, as_json=json)


@mail.command(cls=Command, help="让正在发送的命令发完手上一封、正在起草的做完手上一批后停下。")
def stop(by: By = "", outbox: Outbox = None) -> int:
    from incubxl.cli.mail import stop as work

    return work(by, outbox)
