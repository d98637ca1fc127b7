"""incubxl numbers: the office's 文号簿, shown, extended and explained."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, may_write, no_name, table, write_file
from incubxl.docnumber import amiss, read
from incubxl.files.write import Properties, render
from incubxl.numbers.book import NumberBook
from incubxl.numbers.model import STATES, BookUnusable, Entry, NumberRefused
from incubxl.numbers.sheet import number_sheet

_MENDED = "请核对文号簿；要看全部文号用 incubxl numbers list"


def list_numbers(book: Path, code: str, year: int | None, out: Path | None, *, as_json: bool) -> int:
    """Every number, and those that nothing explains; with ``out`` also as a workbook with the sheet 文号簿."""
    if out is not None and not may_write(out, ".xlsx", "文号簿"):
        return Exit.INPUT
    register = NumberBook(book)
    try:
        entries, gaps = register.entries(code, year), register.gaps(code, year)
    except BookUnusable as error:
        return fail(error.reason, error.remedy)
    if out is not None:
        properties = Properties("文号簿", dt.datetime.now())  # noqa: DTZ005  (officials read local time)
        write_file(out, render([number_sheet(entries, gaps)], properties=properties))
        console(stderr=True).print(f"已写到 {out}。", highlight=False, markup=False)
    if as_json:
        rows = [
            {**asdict(e), "number": str(e.number), "owner": e.owner._asdict() if e.owner else None} for e in entries
        ]
        print(json.dumps({"numbers": rows, "gaps": [str(g) for g in gaps]}, ensure_ascii=False, indent=1))
    else:
        table(
            ("发文字号", "状态", "文书", "单位", "办理人", "时间", "原因"),
            [(str(e.number), STATES[e.state], e.label, e.name, e.by, e.at, e.reason) for e in entries],
            names=True,
        )
        for gap in gaps:
            console().print(f"没有登记：{gap}", highlight=False, markup=False)
        console().print(f"共 {len(entries)} 个文号，缺号 {len(gaps)} 处。", highlight=False)
    return Exit.FINDINGS if gaps else Exit.DONE


def _plain(entry: Entry) -> dict[str, Any]:
    owner = entry.owner._asdict() if entry.owner else None
    return {**asdict(entry), "number": str(entry.number), "owner": owner}


def reserve(
    book: Path, code: str, year: int | None, count: int, first: int | None, by: str, reason: str, *, as_json: bool
) -> int:
    """Take the next numbers; they are printed one a line."""
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    if unnamed := no_name(by):
        return fail(unnamed, "请用 --by 写明预留人的姓名")
    try:
        made = NumberBook(book).reserve(code, year or now.year, count, by.strip(), now, reason=reason, first=first)
    except BookUnusable as error:
        return fail(error.reason, error.remedy)
    except NumberRefused as refused:
        return fail(str(refused), _MENDED)
    if as_json:
        print(json.dumps({"reserved": [str(n) for n in made]}, ensure_ascii=False))
    else:
        print("\n".join(map(str, made)))
    return Exit.DONE


def void(book: Path, text: str, by: str, reason: str, *, as_json: bool) -> int:
    """Void a number for good."""
    number = read(text)
    if number is None:
        return fail(amiss(text), "请照文号簿里的写法写")
    try:
        before = NumberBook(book).void(number, by.strip(), reason.strip(), dt.datetime.now())  # noqa: DTZ005
    except BookUnusable as error:
        return fail(error.reason, error.remedy)
    except NumberRefused as refused:
        return fail(str(refused), _MENDED)
    if as_json:
        body = {"voided": str(number), "was": before.state if before.at else None, "letter": before.label}
        print(json.dumps(body, ensure_ascii=False))
        return Exit.DONE
    was = f"，原为{STATES[before.state]}" if before.at else "，文号簿里原没有登记"
    letter = f"（{before.name}的「{before.label}」；已经发出的文书请另发撤回）" if before.state == "used" else ""
    console().print(f"{number} 已作废{was}{letter}。", highlight=False, markup=False, soft_wrap=True)
    return Exit.DONE
