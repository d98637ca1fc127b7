"""The button 下发表格: forms for everyone whom they concern, filled with what the open register knows."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from incubxl.collect.known import APPLICANTS, DISTRICTS
from incubxl.collect.make import LIST, give_out, open_register
from incubxl.collect.shape import ALL, DISTRICT
from incubxl.excel import asking
from incubxl.excel.guard import Click, Said, command
from incubxl.excel.opening import show
from incubxl.excel.packs import policies
from incubxl.excel.reading import read_book
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import SKIPPED, local_file, refusal
from incubxl.issues import Issue
from incubxl.policy.pack import Pack

MOST = 500  # workbooks that one click writes: some twenty seconds
CANCELLED = Said("已取消，没有写任何文件。")


class _Offer(NamedTuple):
    """A form that can be given out. ``short``: in the folder's name."""

    label: str
    short: str
    form: str = ""
    slices: tuple[str, ...] = ()
    to: str = APPLICANTS


@command("下发表格")
def collect_make(click: Click) -> Said:
    """A locked workbook for every applicant, or for every recommending office; the open workbook is not written."""
    grid, _ = read_book(click.book, SKIPPED)
    register = open_register(grid, policies())
    if isinstance(register, Issue):
        raise refusal([register])
    if register.size > MOST:
        raise RefusedError(
            f"登记了 {register.size} 个单位，多于 {MOST} 个，一次点击做不完", "请用命令 incubxl collect make 下发"
        )
    offers = _offers(register.pack)
    listed = "\n".join(f"{n}　{offer.label}" for n, offer in enumerate(offers, 1))
    number = asking.line(click, f"请输入要下发的表的序号：\n{listed}", "1")
    if number is None:
        return CANCELLED
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(offers)):
        raise RefusedError(f"「{number}」不是表的序号", f"请再点一次，输入 1 至 {len(offers)}")
    offer = offers[int(number) - 1]
    out = asking.beside(click, local_file(click), "填报表", f"下发_{offer.short}_{Path(str(click.book.Name)).stem}")
    if out is None:
        return CANCELLED

    def advanced(done: int, total: int) -> None:
        if done % 25 == 0:
            click.progress(f"已写 {done}/{total} 份…")

    click.progress("正在写填报表…")
    made = give_out(
        grid, register, out, click.now, form=offer.form, slices=offer.slices, to=offer.to, advanced=advanced
    )
    if isinstance(made, list):
        raise refusal(made)
    show(out)
    said = [f"「{made.shape.label}」写了 {len(made.files)} 份，在「{out}」；名单见「{LIST}」。工作簿没有改动。"]
    said += [i.text for i in made.issues]
    said.append("退回的表放进一个文件夹，再点「导入回收表」。")
    return Said("\n".join(said))


def _offers(pack: Pack) -> list[_Offer]:
    """The measure's own forms, then what can be given out of the register itself."""
    offers = [_Offer(f"{form.form}　{form.label}", form.form, form.id) for form in pack.forms.forms]
    offers.append(_Offer("登记表填报，每个单位一份", "登记表", slices=(ALL,)))
    if pack.forms.district.facts or pack.forms.district.tables:
        offers.append(_Offer("推荐单位填写的栏目，每个推荐单位一份", "推荐单位", slices=(DISTRICT,), to=DISTRICTS))
    return offers
