"""incubxl due: what is overdue, what falls due, what has come, what has no date."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from incubxl.agenda.as_json import book_json
from incubxl.agenda.calendar_file import calendar_file, is_ours
from incubxl.agenda.collect import Book, Collected, collect
from incubxl.batch.manifest import CannotStart
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, fail_all, may_write, write_file
from incubxl.files.write import Properties, render
from incubxl.issues import Issue
from incubxl.mail.findings import MailRefused
from incubxl.mail.office_days import read_office_days
from incubxl.procedure.due import Due
from incubxl.register.model import Register
from incubxl.results.agenda import DUE, STATES, shared_sheets, who

_SHOWN = 30  # items on the screen


def due(
    paths: Sequence[Path],
    as_of: dt.date | None,
    within: int,
    ics: Path | None,
    out: Path | None,
    policies: Path | None,
    *,
    as_json: bool,
) -> int:
    """Nothing is written but the files that were asked for."""
    missing = [str(p) for p in paths if not p.exists()]
    if missing:
        return fail("找不到「" + "」「".join(missing) + "」", "请核对文件或文件夹的路径")
    if (out is not None and not may_write(out, ".xlsx", DUE)) or (ics is not None and not _may_write(ics)):
        return Exit.INPUT
    try:
        office = read_office_days()
    except MailRefused as error:
        return fail(error.issue.message, error.issue.remedy)
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    folder = out.parent if out is not None else None
    try:
        found = collect(paths, as_of, within, now.date(), office, policies=policies, out=folder)
    except CannotStart as error:
        return fail(error.issue.message, error.issue.remedy)
    if not found.books:
        return fail("没有找到工作簿", "请给出 .xlsx 或 .xlsm 文件，或放着它们的文件夹")
    said = console(stderr=True)
    if out is not None and found.agendas:
        title = f"{len(found.agendas)} 个工作簿　以后 {within} 天"
        write_file(out, render(shared_sheets(found.agendas, title), properties=Properties(DUE, now)))
        said.print(f"已写到 {out}。", highlight=False, markup=False, soft_wrap=True)
    if ics is not None and found.agendas:
        write_file(ics, calendar_file(found.agendas))
        said.print(f"日历已写到 {ics}。", highlight=False, markup=False, soft_wrap=True)
    if as_json:
        body = {"within": within, "workbooks": [book_json(book) for book in found.books]}
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        _tell(found, within)
    failed = [book for book in found.books if book.agenda is None]
    for book in failed:
        _refused(book)
    if failed:
        return Exit.INPUT
    overdue = any(d.state == "overdue" for a in found.agendas for d in a.duties.items)
    return Exit.FINDINGS if overdue or any(a.issues or a.left_out for a in found.agendas) else Exit.DONE


def _may_write(path: Path) -> bool:
    """Whether the calendar may be written there; what forbids it is told. Only our own earlier file is replaced."""
    if path.suffix.lower() != ".ics":
        fail(f"文件名「{path.name}」不是 .ics", "请以 .ics 结尾")
    elif path.exists() and not (path.is_file() and is_ours(path.read_bytes())):
        fail(f"「{path}」已经存在，不是本命令写的日历，没有覆盖", "请另写一个文件名")
    else:
        return True
    return False


def _tell(found: Collected, within: int) -> None:
    out = console()
    lines = [_line(one.register, item) for one in found.agendas for item in one.duties.items]
    for line in lines[:_SHOWN]:
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    if len(lines) > _SHOWN:
        out.print(f"……共{len(lines)}项，全部见 --out 或 --json。", highlight=False, markup=False)
    for one in found.agendas:
        if notice := one.pack.measure.notice(one.as_of):
            out.print(f"注意：{one.pack.measure.short_name}：{notice}", highlight=False, markup=False, soft_wrap=True)
    _tell_issues("疑点", [i for one in found.agendas for i in one.issues], "--out 或 --json")
    _tell_issues("没有算进去", [i for one in found.agendas for i in one.left_out], "--json")
    states: Counter[str] = Counter(item.state for one in found.agendas for item in one.duties.items)
    days = "、".join(dict.fromkeys(str(one.as_of) for one in found.agendas))
    said = "、".join(f"{word}{states[state]}项" for state, word in STATES.items())
    out.print(f"基准日 {days or '无'}，以后{within}天：{said}。", highlight=False, markup=False, soft_wrap=True)


def _tell_issues(word: str, issues: Sequence[Issue], all_in: str) -> None:
    out = console()
    for issue in issues[:8]:
        where = f"（{issue.place}）" if issue.place.cell else ""
        out.print(f"{word}：{issue.bare}{where}。{issue.remedy}", highlight=False, markup=False, soft_wrap=True)
    if len(issues) > 8:
        out.print(f"……{word}的共{len(issues)}处，全部见 {all_in}。", highlight=False, markup=False)


def _line(register: Register, item: Due) -> str:
    """One item on one line: state, day, who, what, by which clause and how counted."""
    ids, names = who(register, item)
    whom = f"{len(item.applicants)}家单位" if len(item.applicants) > 1 else f"{ids} {names}".strip()
    about = "　".join(x for x in (item.label, item.period, item.subject) if x)
    head = "　".join(x for x in (STATES[item.state], str(item.on or ""), whom, about) if x)
    return f"{head}（{item.clause}）" + (f"：{item.why}" if item.why else "")


def _refused(book: Book) -> None:
    fail_all(book.issues, f"{book.shown}：")
