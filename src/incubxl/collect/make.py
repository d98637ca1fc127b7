"""incubxl collect make: a form workbook for everyone whom a form concerns, and the list of what was given out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from incubxl.collect.book import TITLE, form_book
from incubxl.collect.known import DISTRICTS, Recipient, nobodys, recipients
from incubxl.collect.marks import Stamp
from incubxl.collect.shape import Shape, printed_form, register_slice
from incubxl.files.ours import is_ours
from incubxl.files.packs import PackStore
from incubxl.files.read import read_grid
from incubxl.files.write import Properties, render
from incubxl.grid import Grid, Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.plan import Block, Column, SheetPlan
from incubxl.publish.atomic import settle, write_bytes
from incubxl.publish.names import safe_name
from incubxl.register.model import Register
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack

define(
    "collect.no_year", "error",
    "登记表「设置」里没有申报年度，发出去的表不知道是哪一年的。",
    "请在「设置」填写申报年度，再运行一次。",
    "新建的工作簿删掉了年度",
)  # fmt: skip
define(
    "collect.pack_unusable", "error",
    "登记表的办法「{id}」不能用：{why}。",
    "请核对「设置」里的办法标识；本单位自己的政策包用 --policies 指定。",
    "办法标识写成了 urumqi",
)  # fmt: skip
define(
    "collect.nobody", "error",
    "登记表里没有要填「{form}」的单位。",
    "请核对登记表的申报类型和单位；这张表只发给：{tracks}。",
    "登记表里只有期满验收的单位，却发申请表",
)  # fmt: skip
define(
    "collect.kept", "error",
    "「{file}」已经存在，不是本命令写的，或者写出以后有人填过，没有覆盖。",
    "请换一个空文件夹，或者把它移走，再运行一次。",
    "发出的表有人填好后放回了原来的文件夹",
)  # fmt: skip
define(
    "collect.no_district", "warning",
    "{count}个单位没有写所在区县，没有表发给它们的推荐单位：{ids}。",
    "请在登记表补上所在区县，再发一次。",
    "按推荐单位发表，有一个单位的所在区县空着",
)  # fmt: skip

LIST = "发放清单.xlsx"
_COLUMNS = (Column("编号或推荐单位"), Column("名称"), Column("单位数", "integer"), Column("文件"), Column("说明"))


@dataclass(frozen=True)
class Made:
    """What was given out. ``files``: recipient's key → path."""

    shape: Shape
    files: dict[str, Path]
    issues: tuple[Issue, ...]


def open_register(grid: Grid, policies: Path | None) -> Register | Issue:
    """The register of a workbook that has been read, by the measure that its 设置 name."""
    id, found = peek_pack(grid)
    store = PackStore(policies)
    if not id:
        return next(iter(found), issue("collect.pack_unusable", Place(file=grid.name), id="", why="没有写办法"))
    if id not in store.ids:
        known = "可用的有" + "、".join(store.ids)
        return issue("collect.pack_unusable", Place("设置", file=grid.name), id=id, why=known)
    loaded = store.load(id)
    if loaded.pack is None:
        why = "；".join(str(e) for e in loaded.errors[:3])
        return issue("collect.pack_unusable", Place("设置", file=grid.name), id=id, why=why)
    register = read_register(grid, loaded.pack)
    return register if register.settings.year else issue("collect.no_year", Place("设置", file=grid.name))


def read_and_open(path: Path, policies: Path | None) -> tuple[Grid, Register] | list[Issue]:
    """A register's file, read; or why it cannot be used."""
    grid, issues = read_grid(path)
    if grid is None:
        return issues
    register = open_register(grid, policies)
    return [register] if isinstance(register, Issue) else (grid, register)


def make(
    path: Path,
    out: Path,
    now: dt.datetime,
    *,
    form: str = "",
    slices: Sequence[str] = (),
    to: str = "applicants",
    round: str = "",
    policies: Path | None = None,
) -> Made | list[Issue]:
    """``give_out`` for a register on disk."""
    opened = read_and_open(path, policies)
    if isinstance(opened, list):
        return opened
    return give_out(*opened, out, now, form=form, slices=slices, to=to, round=round)


def give_out(
    grid: Grid,
    register: Register,
    out: Path,
    now: dt.datetime,
    *,
    form: str = "",
    slices: Sequence[str] = (),
    to: str = "applicants",
    round: str = "",
    advanced: Callable[[int, int], None] = lambda done, total: None,
) -> Made | list[Issue]:
    """Write one workbook per recipient into ``out``, and 发放清单.xlsx. Nothing is written when anything forbids it.

    ``form``: a form's id or number; otherwise ``slices`` (see ``shape.register_slice``). ``advanced`` hears how many
    are written, of how many. Raises OSError.
    """
    pack = register.pack
    many = to == DISTRICTS
    shape = printed_form(pack, form, districts=many) if form else register_slice(pack, slices, districts=many)
    if isinstance(shape, Issue):
        return [shape]
    wanted = recipients(register, shape, to)
    if not wanted:
        tracks = "、".join(t.label for t in pack.measure.tracks if not shape.tracks or t.id in shape.tracks)
        return [issue("collect.nobody", Place(file=grid.name), form=shape.label, tracks=tracks)]
    files = {one.key: out / safe_name(one.key, _file_label(one, shape), ".xlsx") for one in wanted}
    kept = [p for p in files.values() if p.exists() and not is_ours(p, TITLE)]
    listing = out / LIST
    kept += [listing] if listing.exists() and not is_ours(listing, "发放清单") else []
    if kept:
        return [issue("collect.kept", Place(file=p.name), file=p.name) for p in kept]
    stamp = Stamp(
        pack.id, shape.id, shape.version, str(register.settings.year), round, to, "", grid.sha256,
        f"{now:%Y-%m-%d %H:%M:%S}"
    )  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    for done, one in enumerate(wanted, 1):
        mine = Stamp(**{**dict(stamp.rows()), "recipient": one.key})
        write_bytes(files[one.key], form_book(register, shape, one, mine), settled=False)
        advanced(done, len(wanted))
    missing = nobodys(register, shape) if to == DISTRICTS else []
    plan = _listing(register, shape, wanted, files)
    write_bytes(listing, render([plan], properties=Properties("发放清单", now)), settled=False)
    settle(out)
    told = issue("collect.no_district", Place(file=grid.name), count=len(missing), ids="、".join(missing[:20]))
    return Made(shape, files, (told,) if missing else ())


def _file_label(one: Recipient, shape: Shape) -> str:
    return shape.label if one.name == one.key else f"{one.name}-{shape.label}"


def _listing(register: Register, shape: Shape, wanted: list[Recipient], files: dict[str, Path]) -> SheetPlan:
    rows = [(one.key, one.name, len(one.applicants), files[one.key].name, "") for one in wanted]
    about = f"{register.pack.measure.name}　{register.settings.year}年度　{shape.label}（{shape.source}）"
    return SheetPlan("发放清单", "发放清单", "", (18, 30, 10, 60, 30), (Block(_COLUMNS, rows),), (about,))
