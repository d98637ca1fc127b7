"""The commands about letters, their arguments and their Chinese help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from incubxl.cli.chinese import Command, Group
from incubxl.cli.options import AsOf, Json, Numbers, Policies, day

letters = typer.Typer(
    cls=Group, help="通知书：检查模板，发出前核对，转成 PDF。", no_args_is_help=True, rich_markup_mode=None
)


@letters.command("check", cls=Command, help="发出之前核对：每份通知书与登记表比对，列出首末两份，写一份预览。")
def letters_check(
    file: Annotated[Path, typer.Argument(metavar="文件", help="工作簿。")],
    as_of: AsOf = None,
    policies: Policies = None,
    book: Numbers = None,
    preview: Annotated[Path, typer.Option("--preview", metavar="文件", help="预览写到哪里（.docx）。")] = Path(
        "通知书预览.docx"
    ),
    id: Annotated[str, typer.Option("--id", metavar="申报编号", help="预览哪一家；不写则第一份正式的。")] = "",
    json: Json = False,
) -> int:
    from incubxl.cli.check import check

    return check(file, day(as_of), policies, book, preview, id, as_json=json)


@letters.command("pdf", cls=Command, help="把一次运行写出的通知书转成 PDF，并可合成一个双面打印的文件。")
def letters_pdf(
    out: Annotated[
        Path, typer.Argument(metavar="结果文件夹", exists=True, file_okay=False, help="incubxl run 的结果文件夹。")
    ],
    merged: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--merged", metavar="文件", dir_okay=False, help="另合成一个 PDF：每份从单数页起，有书签和页码表。"
        ),
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="草稿也转换。")] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=16, metavar="个数", help="同时开几个 LibreOffice。")] = 2,
    json: Json = False,
) -> int:
    from incubxl.cli.prints import pdf

    return pdf(out, merged, jobs, drafts=drafts, as_json=json)


@letters.command(
    "lint", cls=Command, help="检查通知书模板：字段、标签、字体，并把每种通知书的每种情形各写一遍，读回核对。"
)
def letters_lint(
    folder: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(
            metavar="文件夹",
            exists=True,
            file_okay=False,
            help="本单位的模板文件夹（里面是 .docx），或政策包的上级文件夹；不写则检查自带的。",
        ),
    ] = None,
    json: Json = False,
) -> int:
    from incubxl.cli.letters import lint_letters

    return lint_letters(folder, as_json=json)
