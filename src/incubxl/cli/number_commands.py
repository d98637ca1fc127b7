"""The commands of the 文号簿, their arguments and their Chinese help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from incubxl.cli.chinese import Command, Group
from incubxl.cli.options import Json

numbers = typer.Typer(
    cls=Group, help="文号簿：预留、使用和作废的发文字号。", no_args_is_help=True, rich_markup_mode=None
)
Book = Annotated[Path, typer.Option("--book", metavar="文件", dir_okay=False, help="文号簿文件。")]
_BOOK = Path("文号簿.sqlite")


@numbers.command("list", cls=Command, help="列出文号和没有登记的缺号；可导出为工作簿。")
def numbers_list(
    book: Book = _BOOK,
    code: Annotated[str, typer.Option("--code", metavar="机关代字", help="只列这个代字，例：示科函。")] = "",
    year: Annotated[Optional[int], typer.Option("--year", metavar="年份", help="只列这一年。")] = None,  # noqa: UP045
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="文件", help="另写成工作簿（.xlsx），工作表名「文号簿」。"),
    ] = None,
    json: Json = False,
) -> int:
    from incubxl.cli.numbers import list_numbers

    return list_numbers(book, code, year, out, as_json=json)


@numbers.command("reserve", cls=Command, help="预留文号：接着最后一个往下编，两个人同时用也不会重号。")
def numbers_reserve(
    code: Annotated[str, typer.Argument(metavar="机关代字", help="例：示科函。")],
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="预留人。")],
    count: Annotated[int, typer.Option("--count", metavar="个数", min=1, max=10_000, help="预留几个。")] = 1,
    first: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--first", metavar="序号", min=1, help="从几号起；不写则接着往下编。"),
    ] = None,
    year: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--year", metavar="年份", min=2000, max=2099, help="不写则为当年。"),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="事由", help="为什么预留。")] = "",
    book: Book = _BOOK,
    json: Json = False,
) -> int:
    from incubxl.cli.numbers import reserve

    return reserve(book, code, year, count, first, by, reason, as_json=json)


@numbers.command("void", cls=Command, help="作废一个文号，写明经办人和原因；作废后不能再用。")
def numbers_void(
    number: Annotated[str, typer.Argument(metavar="发文字号", help="例：示科函〔2026〕5号。")],
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="经办人。")],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="为什么作废。")],
    book: Book = _BOOK,
    json: Json = False,
) -> int:
    from incubxl.cli.numbers import void

    return void(book, number, by, reason, as_json=json)
