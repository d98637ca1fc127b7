"""Commands, their arguments and their Chinese help. What they do is imported when they run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from incubxl.cli.archive_commands import archive
from incubxl.cli.audit_commands import audit, restore
from incubxl.cli.chinese import Command, Group, later
from incubxl.cli.collect_commands import collect
from incubxl.cli.letter_commands import letters
from incubxl.cli.looking_commands import CROSSCHECK, DIFF, crosscheck, diff
from incubxl.cli.mail_commands import mail
from incubxl.cli.number_commands import numbers
from incubxl.cli.options import AsOf, Json, Numbers, Policies, day
from incubxl.cli.scoring_commands import scoring

app = typer.Typer(
    name="incubxl",
    cls=Group,
    help="孵化器、众创空间管理办法的年度核对：读取工作簿，核对条件、定级、核定经费，写出结果工作簿和通知书。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
policy = typer.Typer(cls=Group, help="查看和检查办法（政策包）。", no_args_is_help=True, rich_markup_mode=None)
templates = typer.Typer(cls=Group, help="由政策包生成登记工作簿模板。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(later(policy), name="policy")
app.add_typer(later(templates), name="templates")
addin = typer.Typer(
    cls=Group, help="安装和检查 Excel 加载项（功能区按钮）。", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(later(addin), name="addin")
app.add_typer(later(mail), name="mail")
app.add_typer(later(letters), name="letters")
app.add_typer(later(numbers), name="numbers")
app.add_typer(later(collect), name="collect")
app.add_typer(later(audit), name="audit")
app.add_typer(later(scoring), name="scoring")
app.add_typer(later(archive, usual="make"), name="archive")
app.command("restore", cls=Command, help="取回程序替换过的文件：每次替换前都有备份。")(restore)
app.command("crosscheck", cls=Command, help=CROSSCHECK)(crosscheck)
app.command("diff", cls=Command, help=DIFF)(diff)

Macros = Annotated[Path, typer.Option("--macros", metavar="文件夹", help="宏和功能区的源文件所在文件夹。")]


@app.command(cls=Command, help="用自带的样例走完全程，并告诉你看哪里。")
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="结果放在哪里。")] = Path("incubxl-demo"),
) -> int:
    from incubxl.cli.demo import demo as work

    return work(out)


@app.command(cls=Command, help="新建一个年度登记工作簿。")
def new(
    pack: Annotated[str, typer.Argument(metavar="办法", help="政策包标识，见 incubxl policy list。")],
    year: Annotated[int, typer.Option("--year", metavar="年度", min=2000, max=2100, help="申报年度。")],
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="新工作簿的文件名（.xlsx）。")],
    last: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--from", metavar="上年文件", exists=True, dir_okay=False, help="沿用上年的口径（作为待确认的建议）和设置。"
        ),
    ] = None,
    policies: Policies = None,
    force: Annotated[bool, typer.Option("--force", help="目标文件已存在时覆盖。")] = False,
) -> int:
    from incubxl.cli.new import new as work

    return work(pack, year, out, last, policies, force=force)


@app.command(cls=Command, help="核对一个或多个工作簿（或整个文件夹），写出结果和通知书。")
def run(
    paths: Annotated[list[Path], typer.Argument(metavar="文件或文件夹...", help="要核对的工作簿或文件夹。")],
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="结果放在哪里；原工作簿不会改动。")],
    as_of: AsOf = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, metavar="个数", help="同时处理几个工作簿。")] = 1,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="地址",
            help="交给已有的 Dask 集群做，如 tcp://10.0.0.5:8786；各台机器要能按同样的路径读写输入和结果文件夹。",
        ),
    ] = "",
    policies: Policies = None,
    letters: Annotated[bool, typer.Option("--letters/--no-letters", help="是否写通知书。")] = True,
    resume: Annotated[bool, typer.Option("--resume", help="跳过上次已经完成、且没有变化的工作簿。")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，不写任何文件。")] = False,
    book: Numbers = None,
    into_copy: Annotated[
        bool,
        typer.Option(
            "--into-copy/--separate",
            help="结果表加进登记工作簿的副本（原工作簿不动；不能加的另写，并说明原因），还是都另写成单独的工作簿。",
        ),
    ] = True,
    json: Json = False,
) -> int:
    from incubxl.cli.run import run as work

    return work(
        paths, out, day(as_of), jobs, policies, book,
        letters=letters, resume=resume, dry_run=dry_run, into_copy=into_copy, as_json=json, scheduler=scheduler,
    )  # fmt: skip


@app.command(cls=Command, help="核对拖放到桌面图标上的工作簿或文件夹；结果写在它旁边的「孵化管理结果」里。")
def drop(
    paths: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Argument(metavar="文件或文件夹...", help="拖放的工作簿或文件夹。"),
    ] = None,
) -> int:
    from incubxl.cli.drop import drop as work

    return work(paths or [])


@app.command(cls=Command, help="列出待办：逾期的、临近的、已到的和日期未定的，写明条款和怎样算出；可写工作簿和日历。")
def due(
    paths: Annotated[list[Path], typer.Argument(metavar="文件或文件夹...", help="登记工作簿或文件夹，只读不写。")],
    as_of: AsOf = None,
    within: Annotated[
        int, typer.Option("--within", min=0, max=3660, metavar="天数", help="看以后多少天内到期的。")
    ] = 90,
    ics: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--ics", metavar="文件", dir_okay=False, help="另写一个日历文件（.ics），可导入日历程序。"),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--out", metavar="文件", dir_okay=False, help="写一个工作簿（.xlsx），有「待办」和「进度」两张表。"
        ),
    ] = None,
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.due import due as work

    return work(paths, day(as_of), within, ics, out, policies, as_json=json)


Books = Annotated[
    list[Path], typer.Argument(metavar="工作簿或文件夹...", help="同一办法各年度的登记工作簿，或放着它们的文件夹。")
]
Look = Annotated[
    Optional[dt.datetime],  # noqa: UP045
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="日期", help="按哪一天看；不写则用最近一个工作簿的基准日。"),
]


@app.command(cls=Command, help="把各年度的工作簿连成历年台账：评价结果、连续情况、处理和禁止申报期，写明出处。")
def years(
    paths: Books,
    out: Annotated[Path, typer.Option("--out", metavar="文件", dir_okay=False, help="写到哪个文件（.xlsx）。")] = Path(
        "历年台账.xlsx"
    ),
    as_of: Look = None,
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.years import years as work

    return work(paths, out, day(as_of), policies, as_json=json)


@app.command(cls=Command, help="历年资金台账：应得、核定、拨付、核实使用、应退还，总额控制和一次性支持，问题写明出处。")
def ledger(
    paths: Books,
    out: Annotated[Path, typer.Option("--out", metavar="文件", dir_okay=False, help="写到哪个文件（.xlsx）。")] = Path(
        "资金台账汇总.xlsx"
    ),
    as_of: Look = None,
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.years import ledger as work

    return work(paths, out, day(as_of), policies, as_json=json)


@app.command(cls=Command, help="逐条说明一个单位为什么是这个结论。")
def explain(
    file: Annotated[Path, typer.Argument(metavar="文件", help="工作簿。")],
    id: Annotated[str, typer.Option("--id", metavar="申报编号", help="登记表里的申报编号。")],
    as_of: AsOf = None,
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.explain import explain as work

    return work(file, id, day(as_of), policies, as_json=json)


@policy.command("list", cls=Command, help="列出可用的办法。")
def policy_list(policies: Policies = None, json: Json = False) -> int:
    from incubxl.cli.policy import list_packs

    return list_packs(policies, as_json=json)


@policy.command("show", cls=Command, help="显示一个办法的条件、标准、口径和处理。")
def policy_show(
    pack: Annotated[str, typer.Argument(metavar="办法")], policies: Policies = None, json: Json = False
) -> int:
    from incubxl.cli.policy import show_pack

    return show_pack(pack, policies, as_json=json)


@policy.command("lint", cls=Command, help="检查政策包：结构、引用、单位、情景；给出原文时逐字核对引文。")
def policy_lint(
    folder: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(metavar="文件夹", exists=True, file_okay=False, help="政策包的上级文件夹；不写则检查自带的。"),
    ] = None,
    seeds: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--seeds", metavar="文件夹", exists=True, file_okay=False, help="存放办法全文的文件夹。"),
    ] = None,
    json: Json = False,
) -> int:
    from incubxl.cli.policy import lint_packs

    return lint_packs(folder, seeds, as_json=json)


@policy.command("test", cls=Command, help="运行政策包的情景。")
def policy_test(
    pack: Annotated[str, typer.Argument(metavar="办法或文件夹", help="不写则运行全部。")] = "",
    policies: Policies = None,
    json: Json = False,
) -> int:
    from incubxl.cli.policy import test_packs

    return test_packs(pack, policies, as_json=json)


@templates.command("build", cls=Command, help="由政策包生成全部登记工作簿模板。")
def templates_build(
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="模板放在哪里。")] = Path("xlsx_templates"),
    policies: Policies = None,
) -> int:
    from incubxl.cli.templates import build

    return build(out, policies)


@templates.command("check", cls=Command, help="检查已有模板是否与政策包一致。")
def templates_check(
    folder: Annotated[Path, typer.Option("--out", metavar="文件夹", help="模板所在文件夹。")] = Path("xlsx_templates"),
    policies: Policies = None,
) -> int:
    from incubxl.cli.templates import check

    return check(folder, policies)


@addin.command("install", cls=Command, help="为当前 Windows 账户装上 Excel 按钮和桌面图标，不需要管理员。")
def addin_install(
    policies: Policies = None,
    forget: Annotated[
        bool, typer.Option("--no-policies", help="不再使用以前记下的政策包文件夹，改用自带的办法。")
    ] = False,
) -> int:
    from incubxl.cli.install import install

    return install(policies, forget=forget)


@addin.command("uninstall", cls=Command, help="删去 install 装上的东西；工作簿、结果、备份和日志都留下。")
def addin_uninstall(
    everything: Annotated[bool, typer.Option("--all", help="连记下的政策包文件夹这条设置也删去。")] = False,
) -> int:
    from incubxl.cli.install import uninstall

    return uninstall(everything=everything)


@addin.command("doctor", cls=Command, help="查 Excel、WPS、Python、安全设置和权限，说明哪里不对、怎么办；什么都不改。")
def addin_doctor(json: Json = False) -> int:
    from incubxl.cli.install import doctor

    return doctor(as_json=json)


@addin.command("build", cls=Command, help="由 macros 文件夹生成加载项 incubxl.xlam，不需要 Excel。")
def addin_build(
    macros: Macros = Path("macros"),
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件", dir_okay=False, help="加载项的文件名；不写则是程序自带的那一个。"),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只核对已有的加载项是否与源文件逐字节一致。")] = False,
) -> int:
    from incubxl.cli.addin import build

    return build(macros, out, check=check)


@addin.command("lint", cls=Command, help="检查功能区定义和宏：回调、函数、图标、快捷键、说明文字。")
def addin_lint(macros: Macros = Path("macros")) -> int:
    from incubxl.cli.addin import lint

    return lint(macros)


@addin.command("record", cls=Command, help="记录每次点按钮时与 Excel 的往来（不含单元格内容），供发布前核对。")
def addin_record(
    state: Annotated[Literal["on", "off"], typer.Argument(metavar="on|off", help="on 打开，off 关闭。")],
) -> int:
    from incubxl.cli.addin import record

    return record(on=state == "on")


def _version(value: bool) -> None:
    if value:
        from incubxl import __version__

        typer.echo(f"incubxl {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False,
) -> None:
    """Options before any command."""
