"""incubxl crosscheck."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from incubxl.batch.suspicions import look, read, workbook
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, may_write, write_file
from incubxl.crosscheck.model import KINDS, Found
from incubxl.files.packs import store
from incubxl.mask import masked
from incubxl.results.suspicions import SUSPICIONS, suspicions_json

_TOLD = 12  # 疑点 on the terminal


def crosscheck(
    paths: Sequence[Path], previous: Sequence[Path], out: Path | None, policies: Path | None, *, as_json: bool
) -> int:
    """Read, compare, tell; with ``out`` also as a workbook."""
    missing = [str(p) for p in (*paths, *previous) if not p.exists()]
    if missing:
        return fail("找不到「" + "」「".join(missing) + "」", "请核对文件或文件夹的路径")
    if out is not None and not may_write(out, ".xlsx", SUSPICIONS):
        return Exit.INPUT
    books = read(paths, previous, store(policies))
    for shown, issues in books.left_out:
        for one in issues:
            _say(f"没有核对：{shown}　{one.text}")
    for note in books.notes:
        _say(f"[疑点] {note.text}")
    if not any(not book.earlier for book in books.books):
        return fail("没有可以核对的工作簿", "请给出登记工作簿（.xlsx 或 .xlsm），或放着它们的文件夹")
    found = look(books)
    if as_json:
        body = suspicions_json(found)
        body["left_out"] = [{"path": s, "issues": [i.message for i in issues]} for s, issues in books.left_out]
        print(json.dumps(body, ensure_ascii=False))
    _tell(found)
    if out is not None:
        write_file(out, workbook(found, books.paths, out, dt.datetime.now()))  # noqa: DTZ005  (local time)
        _say(f"已写到 {out}：「疑点」逐行列出，「核对说明」写明规则和没有做的。")
    if books.left_out:
        return Exit.PARTLY
    return Exit.FINDINGS if found.suspicions else Exit.DONE


def _tell(found: Found) -> None:
    for n, one in enumerate(found.suspicions[:_TOLD], 1):
        _say(f"{n}. {KINDS[one.kind]}　{one.what}：{one.why}")
        for member in one.members[:4]:
            where = member.cells[0] if member.cells else ""
            _say(f"     {member.applicant} {member.name}　{member.book.label} {where}")
        if len(one.members) > 4:
            _say(f"     ……其余 {len(one.members) - 4} 行见「疑点」")
    if len(found.suspicions) > _TOLD:
        _say(f"……其余 {len(found.suspicions) - _TOLD} 处用 --out 写成工作簿看，或用 --json")
    for why, checks in groupby((c for c in found.checks if c.not_made), key=lambda c: c.not_made):
        _say(f"没有做或没有全做：{'、'.join(c.name for c in checks)}（{why}）")
    books = sum(not book.earlier for book in found.books)
    _say(f"核对了 {books} 个工作簿，{len(found.suspicions)} 处疑点；只列出供核对，不作认定。")


def _say(text: str) -> None:
    console(stderr=True).print(masked(text), highlight=False, markup=False, soft_wrap=True)
