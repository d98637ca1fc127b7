"""incubxl collect: forms out, and what came back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, fail_all, may_write, table, write_file
from incubxl.collect.accept import MERGED, SHEET, merged_register
from incubxl.collect.make import make, read_and_open
from incubxl.collect.plans import BACK, SHEETS
from incubxl.collect.receive import Received, receive, returned_files
from incubxl.collect.recognise import Wanted
from incubxl.collect.summary import SUMMARY, as_json_text, summary_book
from incubxl.grid import Grid
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.mask import masked
from incubxl.register.model import Register

_TOLD = 12


def make_forms(
    register: Path, out: Path, form: str, slices: Sequence[str], to: str, round: str, policies: Path | None,
    *, as_json: bool,
) -> int:  # fmt: skip
    """Write the forms; an existing one that somebody filled in is never replaced."""
    if bool(form) == bool(slices):
        return fail("没有写明发哪张表", "请用 --form 写办法所印的表，或用 --slice 写登记表的一部分；两者写一个")
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    done = make(register, out, now, form=form, slices=slices, to=to, round=round, policies=policies)
    if isinstance(done, list):
        return _refused(done)
    if as_json:
        body = {"form": done.shape.id, "label": done.shape.label, "files": {k: p.name for k, p in done.files.items()}}
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        said = console(stderr=True)
        said.print(
            f"「{done.shape.label}」写了 {len(done.files)} 份，在 {out}；名单见「发放清单.xlsx」。",
            highlight=False,
            markup=False,
        )
        _tell(done.issues)
    return Exit.FINDINGS if done.issues else Exit.DONE


def read_forms(
    folder: Path, register: Path, out: Path, form: str, slices: Sequence[str], to: str, round: str,
    policies: Path | None, *, accept: bool, as_json: bool,
) -> int:  # fmt: skip
    """Read a folder of returns and write 回收汇总.xlsx."""
    opened = read_and_open(register, policies)
    if isinstance(opened, list):
        return _refused(opened)
    grid, known = opened
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    received = receive(returned_files(folder, register), known, Wanted(form, tuple(slices), to, round))
    if isinstance(received, Issue):
        return _refused([received])
    target = out / SUMMARY
    if not may_write(target, ".xlsx", "回收汇总"):
        return Exit.INPUT
    merged: Path | None = None
    if accept:
        made = _merge(register, grid, known, received, now, out)
        if isinstance(made, int):
            return made
        merged = made
    write_file(target, summary_book(received, now))
    if as_json:
        print(as_json_text(received))
    else:
        _report(received, target)
        if merged is not None:
            told = f"合并后的登记表：{merged}；每一格的来源见其中的「{SHEET}」。"
            console(stderr=True).print(told, highlight=False, markup=False, soft_wrap=True)
    return _end(received)


def _merge(register: Path, grid: Grid, known: Register, received: Received, now: dt.datetime, out: Path) -> Path | int:
    """Write 登记表（合并） as a new file; gives it, or the exit code of what forbids it."""
    merged = out / f"{MERGED}{register.suffix.lower()}"
    if merged.exists():
        return fail(f"「{merged}」已经存在，没有覆盖", "请先把它移走或改名，再运行一次")
    data = register.read_bytes()
    if hashlib.sha256(data).hexdigest() != grid.sha256:
        return fail(f"「{register.name}」在读取时被人改动", "请等改动的人保存并关闭后再运行一次")
    made = merged_register(data, grid, known, received.found, now)
    if isinstance(made, Issue):
        return _refused([made])
    received.issues += made.issues
    write_file(merged, made.data)
    return merged


def _report(received: Received, target: Path) -> None:
    rows = [(s.form, s.key, s.name, s.state, s.note) for s in received.statuses if s.state != BACK]
    table(("表", "编号", "名称", "状态", "说明"), rows[:_TOLD], title="没有收齐、没有收到或不能用的" if rows else "")
    found, said = received.found, console(stderr=True)
    back = sum(s.state == BACK for s in received.statuses)
    said.print(
        f"读了 {received.files} 个文件，已收回 {back}/{len(received.statuses)} 份；拟更新 {len(found.updates)} 格，"
        f"新增 {len(found.rows)} 行，冲突 {len(found.conflicts) + len(found.row_conflicts)} 处。登记表没有改动。",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip
    _tell(received.issues)
    said.print(f"汇总在 {target}，各表：{'、'.join(SHEETS)}。", highlight=False, markup=False, soft_wrap=True)


def _end(received: Received) -> int:
    found = received.found
    waiting = found.conflicts or found.row_conflicts or any(s.state != BACK for s in received.statuses)
    return Exit.FINDINGS if waiting or any(i.severity != "info" for i in received.issues) else Exit.DONE


def _tell(issues: Sequence[Issue]) -> None:
    out = console(stderr=True)
    for one in issues[:_TOLD]:
        text = f"{SEVERITY_WORDS[one.severity]}　{one.place.file}　{one.text}"
        out.print(masked(text), highlight=False, markup=False, soft_wrap=True)
    if len(issues) > _TOLD:
        out.print(f"……其余 {len(issues) - _TOLD} 条见汇总的「回收问题」。", highlight=False, markup=False)


def _refused(issues: Sequence[Issue]) -> int:
    return fail_all(issues[:_TOLD])
