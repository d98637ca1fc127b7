"""incubxl restore: a file as it was before the program replaced it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail
from incubxl.publish.atomic import standing
from incubxl.publish.backup import Backups, Kept
from incubxl.publish.opened import opener

_LEAST = 6  # characters of a hash that tell copies apart


def restore(file: Path | None, wanted: str, *, listing: bool, as_json: bool) -> int:
    """List the copies, or put one back; what stands there now is kept first."""
    backups = Backups()
    if listing:
        return _list(backups.listed(file), as_json=as_json)
    if file is None:
        return fail("没有写明要取回哪个文件", "请写上文件；有哪些备份，看 incubxl restore --list")
    copies = backups.listed(file)
    if not copies:
        return fail(f"「{file}」没有备份", "备份只有程序替换过的文件才有；看 incubxl restore --list，或已过了保留期限")
    if wanted:
        if len(wanted) < _LEAST:
            return fail(f"校验值「{wanted}」太短", f"请至少写前 {_LEAST} 位；看 incubxl restore --list")
        copies = [k for k in copies if k.sha256.startswith(wanted.lower())]
        if not copies:
            return fail(f"「{file}」没有校验值以「{wanted}」开头的备份", "看 incubxl restore --list")
        if len({k.sha256 for k in copies}) > 1:
            return fail(f"有几份备份的校验值都以「{wanted}」开头", "请多写几位")
    else:
        now = standing(file)
        copies = [k for k in copies if k.sha256 != now] or copies
    if who := opener(file):
        return fail(f"「{file}」正由 {who} 打开着，没有动它", "请先关闭，再运行一次")
    return _put_back(backups, copies[0], as_json=as_json)


def _put_back(backups: Backups, one: Kept, *, as_json: bool) -> int:
    try:
        before = backups.restore(one, dt.datetime.now())  # noqa: DTZ005  (officials read local time)
    except ValueError as error:
        return fail(f"备份不能用：{error}", "请用 --from 换一份备份")
    if as_json:
        print(json.dumps({"restored": asdict(one), "kept": asdict(before) if before else None}, ensure_ascii=False))
    out = console(stderr=True)
    said = f"已取回「{one.path}」：{one.at} 备份的内容（{one.why}）。"
    out.print(said, highlight=False, markup=False, soft_wrap=True)
    if before is not None:
        said = f"取回之前的内容也备份了，要换回去：incubxl restore 文件 --from {before.sha256[:12]}"
        out.print(said, highlight=False, markup=False, soft_wrap=True)
    return Exit.DONE


def _list(copies: list[Kept], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"backups": [asdict(k) for k in copies]}, ensure_ascii=False))
        return Exit.DONE
    if not copies:
        console(stderr=True).print("没有备份。", highlight=False, markup=False)
        return Exit.DONE
    out = console()
    for k in copies:  # lines, not a table: paths must stay whole to be copied
        said = f"{k.at.replace('T', ' ')}　{k.sha256[:12]}　{k.size:,} 字节　替换它的：{k.why}\n  {k.path}"
        out.print(said, highlight=False, markup=False, soft_wrap=True)
    return Exit.DONE
