"""The button 导入回收表: a folder of returned forms, held against the open register."""

from __future__ import annotations

from pathlib import Path

from incubxl.collect.accept import entries
from incubxl.collect.make import open_register
from incubxl.collect.plans import BACK, UPDATES
from incubxl.collect.receive import Received, receive, returned_files
from incubxl.collect.recognise import Wanted
from incubxl.collect.summary import sheets as summary_sheets
from incubxl.excel import asking
from incubxl.excel.filling import planned, write_cells
from incubxl.excel.guard import Click, Said, check_writable, command
from incubxl.excel.packs import policies
from incubxl.excel.reading import read_book
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import SKIPPED, local_file, prepare_all, put, refusal
from incubxl.issues import Issue
from incubxl.publish.fill import Fill

MOST = 1000  # files that one click reads: some ten seconds
CANCELLED = Said("已取消，没有读取，也没有写任何内容。")


@command("导入回收表")
def import_returns(click: Click) -> Said:
    """Who has returned, what would change, what contradicts; written into the register only after a yes."""
    check_writable(click)
    grid, sheets = read_book(click.book, SKIPPED)
    register = open_register(grid, policies())
    if isinstance(register, Issue):
        raise refusal([register])
    folder = asking.folder(click, "选择放着退回的填报表的文件夹")
    if folder is None:
        return CANCELLED
    source = local_file(click)
    files = returned_files(folder, Path(source) if source else None)
    if not files:
        raise RefusedError(f"「{folder}」里没有找到退回的表", "请选放着 .xlsx 文件的文件夹，再点一次")
    if len(files) > MOST:
        raise RefusedError(
            f"「{folder}」里有 {len(files)} 个文件，多于 {MOST} 个，一次点击做不完",
            "请用命令 incubxl collect read 读取，或分成几个文件夹",
        )
    done = 0

    def advanced() -> bool:
        nonlocal done
        done += 1
        if done % 25 == 0:
            click.progress(f"正在读第 {done}/{len(files)} 份…")
        return True

    received = receive(files, register, Wanted(), advanced)
    if isinstance(received, Issue):
        raise refusal([received])
    prepared = prepare_all(summary_sheets(received), sheets, date_1904=grid.date_1904)
    said = [_told(received), put(click, prepared, sheets)]
    wanted, issues = entries(grid, register, received.found)
    said += [i.text for i in issues]
    if wanted:
        said.append(_filled(click, [e.fill for e in wanted]))
    return Said("\n".join(said))


def _told(received: Received) -> str:
    found = received.found
    back = sum(s.state == BACK for s in received.statuses)
    errors = sum(i.severity == "error" for i in received.issues)
    return (
        f"读了 {received.files} 个文件；应收 {len(received.statuses)} 份，已收回 {back} 份。"
        f"拟更新 {len(found.updates)} 格，新增 {len(found.rows)} 行，"
        f"冲突 {len(found.conflicts) + len(found.row_conflicts)} 处，读不出或不能用 {errors} 处。"
    )


def _filled(click: Click, fills: list[Fill]) -> str:
    """Write what contradicts nothing into the register, if the person says so; gives what to say."""
    cells, left = planned(click.book, fills)
    formulas = f"{len(left)} 格里是公式，不写。" if left else ""
    question = (
        f"把没有冲突的 {len(cells)} 格写进您的登记表和明细表？每一格的来源见「{UPDATES}」和「新增行」。\n\n"
        "有冲突的不写。写入以后可以用「撤销上次写入」放回原来的值。\n\n"
        "是：写入。　否或取消：只留下各张清单，您的表格不改动。"
    )
    if not cells or not asking.yes(click, question):
        return f"没有往登记表里写。{formulas}"
    click.progress(f"正在写 {len(cells)} 格…")
    click.memory.about_to_fill(cells)
    written = write_cells(click.book, cells)
    kept = f"{len(cells) - written} 格在询问时被改动，没有写。" if written < len(cells) else ""
    return f"已把 {written} 格写进登记表和明细表。{formulas}{kept}放回原来的值请点「撤销上次写入」。"
