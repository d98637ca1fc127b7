"""寄送核对表: what whoever approves looks at, whole addresses included: who gets which letter, at which address, from
which cell. Screen and log show addresses masked; this sheet stays with the office like the register itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path, PurePosixPath

from incubxl.files.ours import is_ours
from incubxl.files.write import Properties, render
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.states import WORDS
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.publish.atomic import write_beside

TITLE = "寄送核对表"
FILE = f"{TITLE}.xlsx"
_COLUMNS = (
    Column("序号", "integer"), Column("邮件编号"), Column("申报编号"), Column("单位名称"), Column("通知书"),
    Column("收件单位"), Column("收件地址"), Column("地址出处"), Column("附件"), Column("状态", words=True),
)  # fmt: skip
_HIDDEN = "有的地址出自隐藏的「通讯录」：请在登记工作簿里右击工作表标签，「取消隐藏」后核对；不再用的删去，重新起草。"
_WIDTHS = (6.0, 9.0, 12.0, 30.0, 14.0, 30.0, 32.0, 15.0, 36.0, 12.0)


def check_sheet(
    rows: Iterable[tuple[Addressed | Mail, Mail | None]], at: dt.datetime, unseen: Collection[tuple[str, str]] = ()
) -> bytes:
    """The workbook. Each letter with its mail of the outbox, None where there is none yet.

    ``unseen``: (register workbook, cell) of the addresses that stand on a hidden sheet.
    """
    values: list[tuple[Value, ...]] = []
    for n, (one, mail) in enumerate(rows, 1):
        number, state = (f"第{mail.id}号", WORDS[mail.state]) if mail else ("", "还没有起草")
        file = PurePosixPath(one.letter).name
        cell = one.cell + ("（隐藏的工作表）" if (one.source, one.cell) in unseen else "")
        values.append((
            n, number, one.applicant, one.name, one.label, one.reader or one.name, one.address, cell, file, state,
        ))  # fmt: skip
    lines = (
        f"制表时间 {at:%Y-%m-%d %H:%M:%S}　共 {len(values)} 封",
        *((_HIDDEN,) if unseen else ()),
        "批准以前请逐行核对收件地址。本表含完整的收件地址，请按登记表同样的要求保管。",
    )
    block = Block(_COLUMNS, values, empty="没有要寄的")
    plan = SheetPlan(TITLE, TITLE, "", _WIDTHS, (block,), lines, 0, 4, "A3")
    return render([plan], properties=Properties(TITLE, at))


def write_check_sheet(
    folder: Path, mails: Sequence[Mail], at: dt.datetime, unseen: Collection[tuple[str, str]] = ()
) -> Path:
    """Write the sheet of these mails into a run's folder; gives where. What somebody has made of an earlier one (ticks,
    remarks) stays, and so does one that is open."""
    path, mark = folder / FILE, f"{at:%Y%m%d-%H%M%S}"
    if path.exists() and not is_ours(path, TITLE):
        path = path.with_name(f"{TITLE}（{mark}）.xlsx")
    return write_beside(path, check_sheet(((mail, mail) for mail in mails), at, unseen), mark)
