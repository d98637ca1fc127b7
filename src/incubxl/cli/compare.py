"""incubxl diff."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, may_write, table, write_file
from incubxl.compare.engine import compare
from incubxl.compare.sheet import COMPARED, compared_json, compared_sheets, counted, headline, ordered
from incubxl.compare.sides import CannotCompareError, open_run
from incubxl.files.write import Properties, render
from incubxl.mask import masked

_TOLD = 40  # rows on the terminal


def diff(first: str, second: str, runs: Path, out: Path | None, *, as_json: bool) -> int:
    """Compare two recorded runs; nothing of theirs is written."""
    if out is not None and not may_write(out, ".xlsx", COMPARED):
        return Exit.INPUT
    try:
        one, two = open_run(first, runs), open_run(second, runs)
    except CannotCompareError as error:
        return fail(str(error), error.remedy)
    found = compare(one, two)
    if out is not None:
        now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
        write_file(out, render(compared_sheets(found), properties=Properties(COMPARED, now)))
        _say(f"已写到 {out}。")
    if as_json:
        print(json.dumps(compared_json(found), ensure_ascii=False))
    else:
        shown = ordered(found)
        rows = [
            (
                f.applicant,
                f.name,
                f.what,
                f"{f.then or '无'} → {f.now or '无'}",
                f.why + (f"\n{f.alone}" if f.alone else ""),
            )
            for f in shown[:_TOLD]
        ]
        table(("申报编号", "单位", "项目", "前 → 后", "原因"), rows, names=True)
        if len(shown) > _TOLD:
            _say(f"……其余 {len(shown) - _TOLD} 处用 --out 写成工作簿看")
    _say(headline(found))
    _say(counted(found))
    for run, name in found.unpaired:
        _say(f"只在运行 {run} 里：{name}")
    for note in found.notes:
        _say(note)
    if any("没有留存" in note or "不在了" in note or "已被改动" in note for note in found.notes):
        return Exit.PARTLY
    return Exit.FINDINGS if found.flips or found.unpaired else Exit.DONE


def _say(text: str) -> None:
    console(stderr=True).print(masked(text), highlight=False, markup=False, soft_wrap=True)
