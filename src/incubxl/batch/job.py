"""One workbook from file to results and letters. Runs in this process or in a worker; takes and gives plain data."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from incubxl.assess.engine import assess
from incubxl.assess.model import Assessment, LetterView
from incubxl.batch.desk import Desk, book_for
from incubxl.batch.documents import Documents
from incubxl.batch.fingerprint import fingerprint
from incubxl.batch.keeping import audited, keep, unchanged
from incubxl.batch.letters import Halted, letters, templates_of
from incubxl.batch.model import Done, LetterRecord, Options, Task, pack_json
from incubxl.batch.outputs import OpenElsewhereError, publish
from incubxl.batch.repeated import applicants, held
from incubxl.batch.result_book import result_book
from incubxl.files.packs import PackStore
from incubxl.files.read import read_grid
from incubxl.files.refusal import reason
from incubxl.grid import Grid, Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.model import Register
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack
from incubxl.results.as_json import issue_json, workbook_text
from incubxl.results.summary import ResultFile, WorkbookSummary, summarise
from incubxl.templates import guide, lists, totals

define(
    "pack.unknown",
    "error",
    "设置表写的办法「{id}」没有对应的政策包。",
    "可用的办法有：{known}；请从模板新建工作簿，或用 --policies 指定本单位的政策包文件夹。",
    "办法标识写成了 urumqi",
)
define(
    "pack.broken",
    "error",
    "政策包「{id}」有错误，不能使用：{errors}。",
    "请先运行 incubxl policy lint。",
    "政策包少一个文件",
)
define(
    "as_of.assumed",
    "info",
    "没有设定基准日，按运行当天 {day} 判断。",
    "请在「设置」表填写基准日，或在命令中用 --as-of 指定，结果才能重复。",
    "设置表的基准日空着",
)
define(
    "job.bug",
    "error",
    "处理时程序自身出错，这个工作簿没有写出结果，其余工作簿不受影响。",
    "请把日志和这个工作簿交给维护人员（出错的地方：{error}）。",
    "程序自身的缺陷",
)

define(
    "job.halted",
    "error",
    "按要求停止了，这个工作簿没有写出结果。",
    "要接着做时，请再运行一次。",
    "运行中点了「停止」",
)
define(
    "input.changed",
    "error",
    "「{path}」在核对时被人改动，读到的内容已不是现在的内容，这个工作簿没有写出结果",
    "请等改动的人保存并关闭后，用同样的命令加 --resume 再运行一次",
    "核对到一半，另一位同事保存了登记表",
)
define(
    "job.lost",
    "error",
    "处理这个工作簿的进程意外结束（可能内存不足，或被系统结束）。",
    "请用同样的命令加 --resume 再运行；仍不行时去掉 --jobs。",
    "同时处理的工作簿太多，内存不够",
)
define(
    "as_of.unreadable",
    "error",
    "「设置」里的基准日（{cell}）读不出来，没有按别的日期代替，这个工作簿没有核对。",
    "请改正基准日，例如 2026-05-31；或在命令中用 --as-of 指定。",
    "基准日写成 2026年5月",
)
define(
    "register.nobody",
    "warning",
    "登记表里没有一个申报单位。",
    "请核对是不是选错了文件，或还没有填写。",
    "刚从模板新建的工作簿",
)

TOLD = 12  # issues that a finished workbook carries along for the terminal
_ABOUT_DETAILS = frozenset(("row.owner_unknown", "row.owner_blank", "row.owner_contradicts"))
GENERATED = frozenset({guide.SHEET, lists.SHEET, totals.SHEET})  # sheets of the template that nobody fills


@lru_cache(maxsize=4)
def _store(policies: Path | None) -> PackStore:
    return PackStore(policies)


def process(task: Task, options: Options) -> Done:
    """Do one workbook. A bug in the program is reported as a failed workbook, so that the others finish."""
    try:
        return _process(task, options)
    except Halted:
        return failed(task, [issue("job.halted", Place(file=task.shown))], options)
    except Exception as error:  # noqa: BLE001  (one broken workbook among three hundred: the rest must finish)
        bug = issue("job.bug", Place(file=task.shown), error=f"{type(error).__name__}: {error}")
        return failed(task, [bug], options, traceback.format_exc())


def open_assessment(
    path: Path, as_of: dt.date | None, today: dt.date, policies: Path | None, only: tuple[str, ...] | None = None
) -> tuple[Assessment | None, list[Issue]]:
    """Read and assess one workbook, or the issues that forbid it."""
    grid, issues = read_grid(path, GENERATED)
    if grid is None:
        return None, issues
    return assess_grid(grid, as_of, today, policies, only, issues)


def assess_grid(
    grid: Grid,
    as_of: dt.date | None,
    today: dt.date,
    policies: Path | None,
    only: tuple[str, ...] | None = None,
    before: Sequence[Issue] = (),
) -> tuple[Assessment | None, list[Issue]]:
    """As ``open_assessment``, for a workbook that has been read; ``before``: issues found while reading it."""
    register, issues = register_of(grid, as_of, policies, before)
    if register is None:
        return None, issues
    day = as_of or register.settings.as_of
    if day is None:
        issues.append(issue("as_of.assumed", Place("设置"), day=today))
    return assess(register, day or today, input_sha256=grid.sha256, before=issues, only=only), issues


def register_of(
    grid: Grid, as_of: dt.date | None, policies: Path | None, before: Sequence[Issue] = ()
) -> tuple[Register | None, list[Issue]]:
    """What a workbook says, by the measure it names, or the issues that leave nothing to determine."""
    id, found = peek_pack(grid)
    issues = [*before, *found]
    if not id:
        return None, issues
    store = _store(policies)
    if id not in store.ids:
        place = Place("设置", file=grid.name)
        return None, [*issues, issue("pack.unknown", place, id=id, known="、".join(store.ids))]
    loaded = store.load(id)
    if loaded.pack is None:
        errors = "；".join(str(e) for e in loaded.errors[:3])
        return None, [*issues, issue("pack.broken", Place(file=grid.name), id=id, errors=errors)]
    register = read_register(grid, loaded.pack)
    day = as_of or register.settings.as_of
    if forbidding := _forbidding(register, day):
        return None, [*issues, *forbidding]
    if not register.size:
        issues.append(issue("register.nobody", Place(file=grid.name)))
    return register, issues


def _forbidding(register: Register, day: dt.date | None) -> list[Issue]:
    """Errors that leave nothing to determine: no year, no register or no applicant in it, an unreadable as-of date."""
    errors = [i for i in register.issues if i.severity == "error"]
    found = [i for i in errors if i.code == "officer.no_year"]
    if not register.size:
        found += [i for i in errors if i not in found and i.code not in _ABOUT_DETAILS]
    cell = register.settings.cells.get("as_of", "")
    if day is None and (unread := [i for i in errors if cell and str(i.place) == cell]):
        found += [*unread, issue("as_of.unreadable", unread[0].place, cell=cell)]
    return found


def _process(task: Task, options: Options) -> Done:
    grid, issues = read_grid(task.readable, GENERATED)
    if grid is None:
        return failed(task, issues, options)
    assessment, issues = assess_grid(grid, options.as_of, options.today, options.policies, None, issues)
    if assessment is None:
        return failed(task, issues, options)
    loaded = _store(options.policies).load(assessment.pack.id)
    content = fingerprint(grid, _store(options.policies)) if options.letters and options.write else ""
    del grid  # not kept beside the letters
    documents = Documents()
    views: list[LetterView] = []
    records: list[LetterRecord] = []
    folder = options.out / task.folder
    if task.hold:
        assessment = replace(assessment, issues=(*assessment.issues, *held(assessment, task.hold)))
    number_book = book_for(task.path, options.numbers)
    if options.letters:
        desk = Desk(assessment, number_book, options.ran_at, task.shared)
        made = letters(assessment, loaded, desk, lambda: options.halted, publish=options.write)
        views, documents, records = made.views, made.files, made.records
        assessment = replace(assessment, issues=(*assessment.issues, *made.issues))
    file: ResultFile | None = None
    name = ""
    if options.write:
        if (source := unchanged(task.readable, assessment.input_sha256)) is None:
            return _changed(task, options)
        book = result_book(assessment, views, task, options, folder, source)
        documents[book.name] = book.data
        assessment = replace(assessment, issues=(*assessment.issues, *book.kept))
        why = (book.why.code, book.why.message, book.why.remedy) if book.why else ("", "", "")
        file = ResultFile(f"{task.folder}/{book.name}", book.copy, *why)
        name = book.name
    assumed = _assumed(assessment, options)
    about, decided, pack = audited(assessment, views, _store(options.policies), assumed)
    done = Done(
        task,
        "done",
        summarise(assessment, file=task.shown, result=file, letters=views),
        sha256=assessment.input_sha256,
        content=content,
        pack=assessment.pack.id,
        pack_digest=pack_state(assessment.pack.id, options.policies),
        findings=sum(i.severity != "info" for i in assessment.issues),
        told=_told(assessment.issues),
        packed=pack_json(workbook_text(assessment, task.shown, views, file)) if options.json else b"",
        assumed=assumed,
        applicants=applicants(assessment, views, booked=number_book is not None),
        letters=tuple(views),
        written=tuple(records),
        audit=about,
        outcome=decided,
    )
    if not options.write:
        return done
    if (source := unchanged(task.readable, assessment.input_sha256)) is None:
        return _changed(task, options)
    try:
        about = keep(options.out, about, decided, pack, source if options.keep_inputs else None)
        done = replace(done, audit=about)
        published = publish(folder, documents, task.known, done.entry(options), options.run_id, name)
    except OpenElsewhereError as error:
        return failed(task, [error.issue], options)
    except OSError as error:
        full = issue("output.failed", Place(file=task.shown), folder=folder, reason=reason(error))
        return failed(task, [full], options)
    done = replace(done, files=published.files, aside=published.aside)
    return _renamed(done, published.renamed) if published.renamed else done


def _renamed(done: Done, name: str) -> Done:
    """The result workbook stands under another name, because a program did not let go of the old one."""
    told = issue_json(issue("output.renamed", Place(file=done.task.shown), name=name))
    file = done.item.result
    item = replace(done.item, result=replace(file, path=f"{done.task.folder}/{name}") if file else None)
    return replace(done, item=item, told=(told, *done.told)[:TOLD], findings=done.findings + 1)


@lru_cache(maxsize=64)
def pack_state(id: str, policies: Path | None) -> str:
    """A hash of everything of a pack that can change results or letters; empty for a pack that is not there."""
    store = _store(policies)
    loaded = store.load(id) if id in store.ids else None
    if loaded is None or loaded.pack is None:
        return ""
    hashes = [hashlib.sha256(data).hexdigest() for _, data in sorted(templates_of(loaded).items())]
    return hashlib.sha256("".join((loaded.pack.digest, *hashes)).encode()).hexdigest()


def lost(task: Task, options: Options) -> Done:
    """The workbook of a worker that died."""
    return failed(task, [issue("job.lost", Place(file=task.shown))], options)


def _changed(task: Task, options: Options) -> Done:
    return failed(task, [issue("input.changed", Place(file=task.shown), path=task.shown)], options)


def _told(issues: Iterable[Issue]) -> tuple[Mapping[str, Any], ...]:
    return tuple(issue_json(i) for i in islice((i for i in issues if i.severity != "info"), TOLD))


def _assumed(assessment: Assessment, options: Options) -> str:
    set_by_someone = options.as_of or assessment.register.settings.as_of
    return "" if set_by_someone else options.today.isoformat()


def failed(task: Task, issues: Sequence[Issue], options: Options, log: str = "") -> Done:
    """A workbook that came to nothing, and why."""
    body: dict[str, Any] = {"path": task.shown, "pack": "", "year": None, "as_of": "", "applicants": []}
    text = json.dumps({**body, "issues": [issue_json(i) for i in issues]}, ensure_ascii=False)
    packed = pack_json([text]) if options.json else b""
    said = (i.text.rstrip("。") for i in issues if i.severity == "error")
    item = WorkbookSummary(task.shown, failed="；".join(said))
    return Done(task, "failed", item, log=log, findings=len(issues), told=_told(issues), packed=packed)
