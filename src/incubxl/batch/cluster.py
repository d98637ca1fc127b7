"""Workbooks on an existing Dask cluster: the seam of ``--jobs``, with workers on other machines.

Tasks carry paths: every machine reads the inputs and the office's packs, and writes the results, under the same path
(a shared file system). That, and that all run the same program, is checked before the run begins. A worker that dies
costs time: its workbooks go to another one, which makes the same bytes again.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from incubxl import __version__
from incubxl.batch.bounds import make
from incubxl.batch.job import failed, process
from incubxl.batch.manifest import CannotStart
from incubxl.batch.model import Done, Options, Task
from incubxl.batch.run import Executor
from incubxl.files.packs import SHIPPED
from incubxl.grid import Place
from incubxl.issues import issue
from incubxl.issues import register as define

PATIENCE = 20.0  # seconds for a scheduler or a worker to answer
ALONE = 120.0  # seconds without any worker, or without the scheduler, after which the rest is given up
_LOOK = 2.0  # seconds between looks at the cluster while nothing finishes
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):[0-9]{1,5}")
_one_at_a_time = threading.Lock()

_RETRY = "请用同样的命令加 --resume 再运行；或去掉 --scheduler，在本机运行"
define(
    "cluster.not_installed",
    "error",
    "这台电脑没有装使用集群所需的组件（distributed），没有开始",
    "请装上：pip install incubxl[cluster]；或去掉 --scheduler，在本机运行",
    "没有装 distributed 就写了 --scheduler",
)
define(
    "cluster.address",
    "error",
    "「{address}」不是调度器的地址，没有开始",
    "请写成 tcp://主机:端口，例如 tcp://10.0.0.5:8786",
    "--scheduler 10.0.0.5",
)
define(
    "cluster.unreachable",
    "error",
    "{seconds} 秒内没有连上调度器「{address}」，没有开始：{reason}",
    "请核对地址、端口和网络，以及那里与本机的 distributed 版本是否相近；或去掉 --scheduler，在本机运行",
    "端口写错，或调度器没有启动",
)
define(
    "cluster.no_workers",
    "error",
    "调度器「{address}」下没有能用的工作进程，没有开始：{reason}",
    "请先在各台机器上启动 dask worker；或去掉 --scheduler，在本机运行",
    "只启动了调度器",
)
define(
    "cluster.versions",
    "error",
    "工作进程 {worker} 的程序与本机不同，没有开始：本机 {mine}，那里 {theirs}",
    "请在各台机器上装同样版本的 Python 和 incubxl，重启工作进程",
    "一台机器上是旧版的 incubxl",
)
define(
    "cluster.not_shared",
    "error",
    "工作进程 {worker} 不能按同样的路径使用「{path}」，没有开始：{reason}",
    "请把输入和结果放在各台机器都能按同样路径读写的共享文件夹里；或去掉 --scheduler，在本机运行",
    "输入放在本机的桌面上",
)
define(
    "cluster.lost",
    "error",
    "集群没有做成这个工作簿：{reason}",
    _RETRY,
    "做到一半，各台机器的工作进程都停了",
)


@contextmanager
def cluster(address: str, paths: Sequence[Path], options: Options) -> Iterator[Executor]:
    """An executor on the cluster at ``address``. Raises CannotStart, within bounded time, where it cannot be used."""
    if not _ADDRESS.fullmatch(address):
        raise CannotStart(issue("cluster.address", Place(), address=address))
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise CannotStart(issue("cluster.not_installed", Place())) from error
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except Exception as error:  # (what a wrong port, another protocol or another version raises is anything)
        seen = {"address": address, "seconds": f"{PATIENCE:g}", "reason": _reason(error)}
        raise CannotStart(issue("cluster.unreachable", Place(), **seen)) from error
    try:
        _check(client, address, paths, options)
        yield partial(clustered, client=client)
    finally:
        with suppress(Exception):  # the results are written; a scheduler that has gone takes nothing with it
            client.close(timeout=PATIENCE)


def clustered(todo: Sequence[Task], options: Options, *, client: Any) -> Iterator[Done]:
    """On the cluster, in the order they finish. Not more are handed out than the workers can begin at once and one
    each more, so that a run that is ended waits for few."""
    wait: Any = import_module("distributed").wait
    given = _absolute(options)
    waiting = list(reversed(todo))
    running: dict[Any, Task] = {}
    quiet_since = monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < 2 * max(1, len(client.nthreads())):
                task = waiting.pop()
                running[client.submit(_process, task, given, key=f"incubxl-{secrets.token_hex(8)}", pure=False)] = task
            try:
                done = wait(list(running), timeout=_LOOK, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done = ()
            if done or _alive(client):
                quiet_since = monotonic()
            elif monotonic() - quiet_since > ALONE:
                why = f"{ALONE:g} 秒没有工作进程，或与调度器断了联系"
                yield from (_lost(task, options, why) for task in (*running.values(), *reversed(waiting)))
                running, waiting = {}, []
            for future in done:
                yield _result(future, running.pop(future), options)
    finally:
        if running and _alive(client):  # what has begun ends, and stays announced for the next run
            with suppress(TimeoutError):
                wait(list(running), timeout=ALONE)


def _process(task: Task, options: Options) -> Done:
    """One workbook on a worker; one at a time in a process, however many threads it has."""
    with _one_at_a_time:
        return process(task, options)


def _absolute(options: Options) -> Options:
    """For a worker, whose current folder is another."""
    there = {
        name: path.resolve()
        for name in ("out", "policies", "halt", "numbers")
        if (path := getattr(options, name)) is not None
    }
    return replace(options, **there)


def _result(future: Any, task: Task, options: Options) -> Done:
    try:
        done: Done = future.result(timeout=PATIENCE)
    except Exception as error:  # noqa: BLE001  (a killed worker, a lost result: the other workbooks go on)
        return _lost(task, options, _reason(error))
    return done


def _lost(task: Task, options: Options, why: str) -> Done:
    return failed(task, [issue("cluster.lost", Place(file=task.shown), reason=why)], options)


def _alive(client: Any) -> bool:
    """Whether the scheduler answers and has a worker."""
    try:
        return bool(client.status == "running" and client.nthreads())
    except Exception:  # noqa: BLE001  (whatever a lost connection raises: it does not answer)
        return False


def _check(client: Any, address: str, paths: Sequence[Path], options: Options) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise CannotStart(issue("cluster.no_workers", Place(), address=address, reason="一个也没有")) from error
    mine = about()
    for worker, theirs in _everywhere(client, address, about).items():
        if theirs != mine:
            said = theirs if isinstance(theirs, str) else _reason(theirs)
            raise CannotStart(issue("cluster.versions", Place(), worker=worker, mine=mine, theirs=said))
    _shared(client, address, paths, options)


def _shared(client: Any, address: str, paths: Sequence[Path], options: Options) -> None:
    """Whether every worker finds the inputs, and reads and writes in the output folder what we read and write."""
    given = [*paths, *filter(None, (options.policies, options.numbers))]
    probe, token = None, secrets.token_hex(8)
    new = options.write and not options.out.exists()
    try:
        if options.write:
            make(options.out)
            probe = options.out.resolve() / f".incubxl-cluster-{token}"
            probe.write_text(token, encoding="utf-8")
        inputs = {str(path.resolve()): _mark(path) for path in given}
        found = _everywhere(client, address, partial(sees, inputs, str(probe or ""), token))
        for worker, seen in found.items():
            path, why, answer = seen if isinstance(seen, tuple) else (str(options.out), _reason(seen), "")
            if not path and probe is not None and not Path(answer).is_file():
                path, why = str(options.out), "它写在那里的文件，这里没有"
            if path:
                raise CannotStart(issue("cluster.not_shared", Place(), worker=worker, path=path, reason=why))
    except OSError as error:
        raise CannotStart(issue("output.failed", Place(), folder=options.out, reason=_reason(error))) from error
    finally:
        if probe is not None:
            for path in probe.parent.glob(f"{probe.name}*"):
                path.unlink(missing_ok=True)
        if new:
            with suppress(OSError):  # the run makes it again, if it has anything to put there
                options.out.rmdir()


def about() -> str:
    """Python, incubxl and the shipped data of this process, as one line."""
    data = hashlib.sha256()
    for path in sorted(p for p in SHIPPED.rglob("*") if p.suffix in (".yaml", ".docx", ".txt", ".toml")):
        data.update(path.relative_to(SHIPPED).as_posix().encode() + path.read_bytes())
    python = ".".join(map(str, sys.version_info[:3]))
    return f"incubxl {__version__}（办法数据 {data.hexdigest()[:12]}），Python {python}"


def sees(inputs: Mapping[str, str], probe: str, token: str) -> tuple[str, str, str]:
    """On a worker: (path, why) of the first thing that is not what the office's machine sees, empty for none; and the
    file that the worker wrote beside ``probe`` to show that it can."""
    for path, mark in inputs.items():
        if not Path(path).exists():
            return path, "那里没有", ""
        if _mark(Path(path)) != mark:
            return path, "那里的内容不同", ""
    if not probe:
        return "", "", ""
    answer = f"{probe}-{secrets.token_hex(8)}"
    try:
        if Path(probe).read_text(encoding="utf-8") != token:
            return probe, "那里的内容不同", ""
        Path(answer).write_text(token, encoding="utf-8")
    except OSError as error:
        return str(Path(probe).parent), _reason(error), ""
    return "", "", answer


def _mark(path: Path) -> str:
    """A file by its content, a folder by the names in it."""
    if path.is_dir():
        return "\n".join(sorted(p.name for p in path.iterdir() if not p.name.startswith(".incubxl")))
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _everywhere(client: Any, address: str, work: Callable[[], Any]) -> Mapping[str, Any]:
    """The answer of every worker, or what it raised. Raises CannotStart where one does not answer in time."""
    answers: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: answers.update(client.run(work, on_error="return")), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if not answers:
        why = f"{PATIENCE:g} 秒内没有全部答复"
        raise CannotStart(issue("cluster.no_workers", Place(), address=address, reason=why))
    return answers


def _reason(error: object) -> str:
    """What somebody can look up, in one line."""
    return f"{type(error).__name__} {error}".strip().splitlines()[0][:200]
