"""The button 新建年度工作簿."""

from __future__ import annotations

from incubxl.batch.new_year import new_workbook as build
from incubxl.excel import asking
from incubxl.excel.guard import Click, Said, command
from incubxl.excel.packs import packs
from incubxl.excel.reading import read_book
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import SKIPPED
from incubxl.files.packs import PackStore
from incubxl.grid import Grid
from incubxl.issues import Issue
from incubxl.publish.atomic import write_bytes
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack

_YEARS = range(2000, 2101)
CANCELLED = Said("已取消，没有新建，也没有改动任何内容。")


@command("新建年度工作簿")
def new_workbook(click: Click) -> Said:
    """A register workbook in a new file, opened: from the open one's measure and choices, or blank by a measure."""
    known = packs()
    last = _last_year(click, known)
    carried = None
    if last is not None:
        _, id, year = last
        name = known.pack(id).measure.short_name
        carried = asking.yes(
            click,
            f"按「{name}」新建 {year + 1} 年度工作簿，并带入这个工作簿的设置、历史和单位名单？\n\n"
            "口径会作为待确认的建议带入，要逐条写上姓名和日期才生效。\n\n"
            "是：带入。　否：另选办法，新建空白的。　取消：不做。",
        )
        if carried is None:
            return CANCELLED
    if last is not None and carried:
        id, year = last[1], last[2] + 1
    else:
        asked = _ask(click, known)
        if asked is None:
            return CANCELLED
        carried, (id, year) = False, asked
    made = build(id, year, known, last[0] if last is not None and carried else None)
    if isinstance(made, Issue):
        raise RefusedError(made.message, made.remedy)
    path = asking.new_file(click, "新的年度工作簿保存为", f"{known.pack(id).measure.short_name}{year}.xlsx")
    if path is None:
        return CANCELLED
    path = path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")
    if path.exists():
        raise RefusedError(f"「{path}」已经存在，没有覆盖", "请换一个文件名，再点一次")
    if any(str(book.Name).casefold() == path.name.casefold() for book in click.application.Workbooks):
        raise RefusedError(
            f"已经打开着一个叫「{path.name}」的工作簿，Excel 不能同时打开两个", "请换一个文件名，再点一次"
        )
    write_bytes(path, made)
    click.application.EnableEvents = True  # else the ribbon would not see that a workbook has been opened
    click.application.Workbooks.Open(str(path))
    told = "\n上年口径已作为待确认的建议带入，请在「口径」表逐条写上姓名和日期。" if carried else ""
    return Said(f"已新建并打开：{path}{told}\n请先看「填写说明」，再填「设置」和「申报登记」。")


def _last_year(click: Click, known: PackStore) -> tuple[Grid, str, int] | None:
    """The open workbook, if it is a register of a known measure with a year."""
    if not click.has_book:
        return None
    grid, _ = read_book(click.book, SKIPPED)
    id, _ = peek_pack(grid)
    if id not in known.ids:
        return None
    year = read_register(grid, known.pack(id)).settings.year
    return (grid, id, year) if year else None


def _ask(click: Click, known: PackStore) -> tuple[str, int] | None:
    """Which measure and year. Raises RefusedError for what is neither."""
    listed = "\n".join(f"{n}　{known.pack(id).measure.name}" for n, id in enumerate(known.ids, 1))
    number = asking.line(click, f"请输入办法的序号：\n{listed}", "1")
    if number is None:
        return None
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(known.ids)):
        raise RefusedError(f"「{number}」不是办法的序号", f"请再点一次，输入 1 至 {len(known.ids)}")
    year = asking.line(click, "请输入申报年度，例如 2026：", str(click.now.year))
    if year is None:
        return None
    if not (year.isascii() and year.isdigit() and int(year) in _YEARS):
        raise RefusedError(f"「{year}」不是年度", "请再点一次，输入四位数字，例如 2026")
    return known.ids[int(number) - 1], int(year)
