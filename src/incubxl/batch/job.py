"""One workbook from file to results and letters. Runs in this process or in a worker; takes and gives plain data."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import traceback
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from incubxl import __version__
from incubxl.assess.engine import assess
from incubxl.assess.model import Assessment, LetterView
from incubxl.batch.letters import letters
from incubxl.files.packs import PackStore
from incubxl.files.read import read_grid
from incubxl.files.write import Properties, render
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.publish.atomic import write_bytes
from incubxl.publish.names import safe_name
from incubxl.register.read import read_register
from incubxl.register.settings import peek_pack
from incubxl.results.as_json import issue_json, workbook_json
from incubxl.results.build import result_sheets
from incubxl.results.summary import WorkbookSummary, summarise

define(
    "pack.unknown",
    "error",
    "设置表写的办法「{id}」没有对应的政策包",
    "可用的办法有：{known}；请从模板新建工作簿，或用 --policies 指定本单位的政策包文件夹",
    "办法标识写成了 urumqi",
)
define(
    "pack.broken",
    "error",
    "政策包「{id}」有错误，不能使用：{errors}",
    "请先运行 incubxl policy lint",
    "政策包少一个文件",
)
define(
    "as_of.assumed",
    "info",
    "没有设定基准日，按运行当天 {day} 判断",
    "请在「设置」表填写基准日，或在命令中用 --as-of 指定，结果才能重复",
    "设置表的基准日空着",
)
define(
    "job.bug",
    "error",
    "处理时程序出错（{error}）；这个工作簿没有写出结果，其余工作簿不受影响",
    "请把日志和这个工作簿交给维护人员",
    "程序自身的缺陷",
)

TOLD = 12  # issues that a finished workbook carries along for the terminal
Status = Literal["done", "failed"]


@dataclass(frozen=True)
class Options:
    """What a run was asked. ``today`` stands in for a missing as-of date; ``ran_at`` is local time."""

    out: Path
    as_of: dt.date | None
    today: dt.date
    ran_at: dt.datetime
    policies: Path | None = None
    letters: bool = True
    write: bool = True
    json: bool = False

    @property
    def run_id(self) -> str:
        """The run's number, as it stands in every result of it."""
        return f"{self.ran_at:%Y%m%d-%H%M%S}"


@dataclass(frozen=True)
class Task:
    """One input and the folder (below ``out``) for what comes of it. ``shown`` is the path as the user gave it."""

    path: Path
    shown: str
    folder: str


@dataclass(frozen=True)
class Done:
    """What came of one workbook, small enough to keep three hundred of.

    ``files``: name below the task's folder → SHA-256. ``told``: the first errors and warnings, as JSON objects;
    ``findings`` counts all of them. ``packed``: the workbook's JSON, compressed, when it was asked for.
    """

    task: Task
    status: Status
    item: WorkbookSummary
    files: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    pack_digest: str = ""
    log: str = ""
    findings: int = 0
    told: tuple[Mapping[str, Any], ...] = ()
    packed: bytes = b""

    @property
    def json(self) -> dict[str, Any]:
        """The workbook's entry of ``run --json``; empty when it was not asked for."""
        return json.loads(zlib.decompress(self.packed)) if self.packed else {}


@lru_cache(maxsize=4)
def _store(policies: Path | None) -> PackStore:
    return PackStore(policies)


def process(task: Task, options: Options) -> Done:
    """Do one workbook. A bug in the program is reported as a failed workbook, so that the others finish."""
    try:
        return _process(task, options)
    except Exception as error:  # noqa: BLE001  (one broken workbook among three hundred: the rest must finish)
        bug = issue("job.bug", Place(file=task.shown), error=f"{type(error).__name__}: {error}")
        return _failed(task, [bug], options, traceback.format_exc())


def open_assessment(
    path: Path, as_of: dt.date | None, today: dt.date, policies: Path | None, only: tuple[str, ...] | None = None
) -> tuple[Assessment | None, list[Issue]]:
    """Read and assess one workbook, or the issues that forbid it."""
    grid, issues = read_grid(path)
    if grid is None:
        return None, issues
    id, found = peek_pack(grid)
    issues += found
    if not id:
        return None, issues
    store = _store(policies)
    if id not in store.ids:
        place = Place("设置", file=path.name)
        return None, [*issues, issue("pack.unknown", place, id=id, known="、".join(store.ids))]
    loaded = store.load(id)
    if loaded.pack is None:
        errors = "；".join(str(e) for e in loaded.errors[:3])
        return None, [*issues, issue("pack.broken", Place(file=path.name), id=id, errors=errors)]
    register = read_register(grid, loaded.pack)
    day = as_of or register.settings.as_of
    if day is None:
        issues.append(issue("as_of.assumed", Place("设置"), day=today))
    return assess(register, day or today, input_sha256=grid.sha256, before=issues, only=only), issues


def _process(task: Task, options: Options) -> Done:
    assessment, issues = open_assessment(task.path, options.as_of, options.today, options.policies)
    if assessment is None:
        return _failed(task, issues, options)
    documents: dict[str, bytes] = {}
    views: list[LetterView] = []
    folder = options.out / task.folder
    if options.letters:
        loaded = _store(options.policies).load(assessment.pack.id)
        views, documents, found = letters(assessment, loaded)
        assessment = replace(assessment, issues=(*assessment.issues, *found))
    if options.write:
        documents[result_name(task)] = _workbook(assessment, views, task, options, folder)
        for name, data in documents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_bytes(folder / name, data)
    body = workbook_json(assessment, task.shown, views)
    return Done(
        task,
        "done",
        summarise(assessment, file=task.shown, result=f"{task.folder}/{result_name(task)}", letters=views),
        {name: hashlib.sha256(data).hexdigest() for name, data in documents.items()} if options.write else {},
        assessment.input_sha256,
        assessment.pack.digest,
        findings=sum(i.severity != "info" for i in assessment.issues),
        told=_told(body["issues"]),
        packed=_packed(body, options),
    )


def _told(issues: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(i for i in issues if i["severity"] != "info")[:TOLD]


def _packed(body: Mapping[str, Any], options: Options) -> bytes:
    return zlib.compress(json.dumps(body, ensure_ascii=False).encode(), 1) if options.json else b""


def _workbook(assessment: Assessment, views: list[LetterView], task: Task, options: Options, folder: Path) -> bytes:
    plans = result_sheets(
        assessment,
        ran_at=f"{options.ran_at:%Y-%m-%d %H:%M:%S}",
        run_id=options.run_id,
        letters=views,
        input_name=task.path.name,
        input_file=Path(os.path.relpath(task.path.resolve(), folder.resolve())).as_posix(),
        facts={"程序版本": f"incubxl {__version__}"},
    )
    title = f"{assessment.pack.measure.short_name}核对结果"
    return render(plans, properties=Properties(title, options.ran_at))


def _failed(task: Task, issues: Sequence[Issue], options: Options, log: str = "") -> Done:
    rows = [issue_json(i) for i in issues]
    body = {"path": task.shown, "pack": "", "year": None, "as_of": "", "applicants": [], "issues": rows}
    reason = "；".join(f"{i.message}。{i.remedy}" for i in issues if i.severity == "error")
    item = WorkbookSummary(task.shown, failed=reason)
    return Done(task, "failed", item, log=log, findings=len(issues), told=_told(rows), packed=_packed(body, options))


def result_name(task: Task) -> str:
    """The result workbook's file name."""
    return safe_name("结果", task.path.stem, ".xlsx")
