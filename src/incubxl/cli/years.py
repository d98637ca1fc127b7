"""incubxl years, incubxl ledger: the workbooks of several years as one history."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, may_write, write_file
from incubxl.files.write import Properties, render
from incubxl.funding.ledger import STATE_WORDS
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.mask import masked
from incubxl.plan import SheetPlan
from incubxl.procedure.consecutive import WORDS
from incubxl.years.history import histories
from incubxl.years.ledger_sheets import ledger_json, ledger_sheets, make_ledger
from incubxl.years.read import LEDGER, YEARS, Opened, open_books
from incubxl.years.sheets import year_sheets, years_json

TOLD = 12
Made = tuple[list[SheetPlan], dict[str, Any], Sequence[Issue], str]


def years(paths: Sequence[Path], out: Path, as_of: dt.date | None, policies: Path | None, *, as_json: bool) -> int:
    """历年台账, 连续情况, 禁期 and 问题 in a workbook of their own."""

    def make(read: Opened) -> Made:
        found = histories(read, read.day(as_of))
        rows = [row for one in found.all for row in one.rows]
        counts = {word: sum(row.state == state for row in rows) for state, word in WORDS.items()}
        running = sum(b.state == "running" for one in found.all for b in one.bans)
        waiting = sum(len(one.waiting) for one in found.all)
        each = "、".join(f"{word} {n} 项" for word, n in counts.items() if n)
        said = f"单位 {len(found.all)} 个；连续情形：{each or '无'}；"
        said += f"在禁止申报期内 {running} 项；待决定的情形 {waiting} 项。"
        return year_sheets(found), years_json(found), found.issues, said

    return work(paths, out, policies, YEARS, make, as_json=as_json)


def ledger(paths: Sequence[Path], out: Path, as_of: dt.date | None, policies: Path | None, *, as_json: bool) -> int:
    """资金台账汇总, 台账逐笔 and 资金台账问题 in a workbook of their own."""

    def make(read: Opened) -> Made:
        made = make_ledger(read, read.day(as_of))
        words = [STATE_WORDS[state] for state in made.checked.states.values()]
        each = "、".join(f"{word} {words.count(word)} 项" for word in dict.fromkeys(words))
        said = f"单位 {len(made.years.incubators)} 个；资金 {len(words)} 项：{each or '无'}；"
        said += f"应退还 {len(made.years.refunds)} 项。"
        return ledger_sheets(made), ledger_json(made), made.issues, said

    return work(paths, out, policies, LEDGER, make, as_json=as_json)


def work(
    paths: Sequence[Path],
    out: Path,
    policies: Path | None,
    title: str,
    make: Callable[[Opened], Made],
    *,
    as_json: bool,
) -> int:
    """Read the workbooks, write the workbook ``out``, tell what was found; the inputs are never written."""
    missing = [str(p) for p in paths if not p.exists()]
    if missing:
        return fail("找不到「" + "」「".join(missing) + "」", "请核对文件或文件夹的路径")
    if out.resolve() in {p.resolve() for p in paths}:
        return fail(f"「{out}」是要读的工作簿，不能写在它上面", "请用 --out 另指定一个文件名")
    if not may_write(out, ".xlsx", title):
        return Exit.INPUT
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    read, issues = open_books(paths, now.date(), policies, out.parent)
    if read is None:
        for problem in issues:
            _say(problem)
        return Exit.INPUT
    plans, data, found, said = make(read)
    write_file(out, render(plans, properties=Properties(title, now)))
    if as_json:
        json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
        print()
    tell = console(stderr=True)
    names = "、".join(book.file for book in read.books)
    tell.print(f"读了 {len(read.books)} 个工作簿：{names}。", highlight=False, markup=False, soft_wrap=True)
    tell.print(said, highlight=False, markup=False, soft_wrap=True)
    shown = [problem for problem in found if problem.severity != "info"]
    for problem in shown[:TOLD]:
        _say(problem)
    if len(shown) > TOLD:
        tell.print(f"  ……其余 {len(shown) - TOLD} 个见「问题」。", highlight=False, markup=False)
    tell.print(f"已写到 {out}。各年度的工作簿没有改动。", highlight=False, markup=False, soft_wrap=True)
    if any(problem.code == "years.other_measure" for problem in found) or _unread(read):
        return Exit.PARTLY
    return Exit.FINDINGS if shown else Exit.DONE


def _unread(read: Opened) -> bool:
    books = {book.file for book in read.books}
    return any(p.severity == "error" and p.place.file and p.place.file not in books for p in read.issues)


def _say(problem: Issue) -> None:
    place = f"{problem.place.file} {problem.place}".strip() if problem.place.sheet else problem.place.file
    text = f"  [{SEVERITY_WORDS[problem.severity]}] {place}{'：' if place else ''}{problem.text}"
    console(stderr=True).print(masked(text), highlight=False, markup=False, soft_wrap=True)
