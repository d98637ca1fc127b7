"""A run over many workbooks. Executors share one seam: a function from tasks to finished workbooks, in any order."""

from __future__ import annotations

import datetime as dt
import gc
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from incubxl.audit.chain import Head
from incubxl.batch.auditing import Clock, Recorder
from incubxl.batch.bounds import alone, begin, finish, make
from incubxl.batch.inputs import tasks
from incubxl.batch.job import lost, pack_state, process
from incubxl.batch.manifest import Manifest
from incubxl.batch.model import Done, Options, Task
from incubxl.batch.outputs import file_hash
from incubxl.batch.repeated import Claims, Repeated, find
from incubxl.files.apart import in_this_process
from incubxl.files.refusal import reason
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.publish.retention import retention

Executor = Callable[[Sequence[Task], Options], Iterator[Done]]


@dataclass(frozen=True)
class Run:
    """What a run did. ``done`` is in the order of the inputs; ``kept`` are inputs left as they were (resume).

    ``removed``: outputs of earlier runs that no longer hold; ``aside``: where files that somebody had changed are now.
    ``trouble``: why the summary or the record could not be written. ``repeated``: applicants in two workbooks, each
    of which says so too. ``audit``: the entry with which the audit record ends the run (number 0: nothing written).
    """

    options: Options
    done: tuple[Done, ...]
    kept: tuple[Task, ...]
    removed: tuple[Path, ...]
    aside: tuple[Path, ...]
    cancelled: bool
    trouble: Issue | None = None
    repeated: Repeated = field(default_factory=Repeated)
    audit: Head = field(default_factory=Head)

    @property
    def failed(self) -> tuple[Done, ...]:
        return tuple(d for d in self.done if d.status == "failed")

    @property
    def findings(self) -> int:
        return sum(d.findings for d in self.done) + len(self.repeated.issues)


def calm_collector() -> None:
    """Let the garbage collector look less often: a workbook makes a million small objects and no cycles to speak of.

    Measured at a sixth of the time of a run.
    """
    gc.set_threshold(200_000, 20, 20)


def _worker() -> None:
    """Ctrl-C reaches the whole process group: the parent stops handing out work, a worker ends what it has begun. One
    that is lost costs no more than a process of its parser's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    in_this_process()
    calm_collector()


def inline(todo: Sequence[Task], options: Options) -> Iterator[Done]:
    """One after the other, in this process."""
    calm_collector()
    return (process(task, options) for task in todo)


def pooled(todo: Sequence[Task], options: Options, *, jobs: int) -> Iterator[Done]:
    """In worker processes, in the order they finish. A process that ends by force takes the others with it: what those
    were doing is done once more, each in a process of its own, so that only the workbook that ends it fails."""
    again = []
    with ProcessPoolExecutor(max_workers=min(jobs, len(todo) or 1), initializer=_worker) as pool:
        futures = {pool.submit(process, task, options): task for task in todo}
        try:
            for future in as_completed(futures):
                try:
                    done = future.result()
                except BrokenProcessPool:
                    again.append(futures[future])
                else:
                    yield done
        finally:
            pool.shutdown(cancel_futures=True)
    yield from (_alone(task, options) for task in again)


def _alone(task: Task, options: Options) -> Done:
    with ProcessPoolExecutor(max_workers=1, initializer=_worker) as pool:
        try:
            return pool.submit(process, task, options).result()
        except BrokenProcessPool:
            return lost(task, options)


def executor(jobs: int) -> Executor:
    """The executor for a number of jobs."""
    return inline if jobs == 1 else partial(pooled, jobs=jobs)


def run(
    paths: Sequence[Path],
    options: Options,
    execute: Executor,
    *,
    resume: bool = False,
    copies: Mapping[Path, Path] = MappingProxyType({}),
    started: Callable[[int], None] = lambda _: None,
    advanced: Callable[[Done], None] = lambda _: None,
    clock: Clock = dt.datetime.now,
) -> Run:
    """Do every workbook among ``paths``. A keyboard interrupt ends the run, or ``options.halt``; what is finished
    stays and is recorded. ``copies``: path → where its bytes are read, for one that is open in Excel. ``clock``:
    local time, for the audit record.

    Raises CannotStart when the output folder cannot be used, or another run writes into it.
    """
    with ExitStack() as holding:
        if options.write and options.out.is_dir():
            holding.enter_context(alone(options.out))
        manifest = Manifest.read(options.out)
        every = tasks(paths, manifest, copies)
        if options.write and every and not options.out.exists():
            make(options.out)
            holding.enter_context(alone(options.out))
            manifest = Manifest.read(options.out)
            every = tasks(paths, manifest, copies)
        return _run(every, manifest, options, execute, resume, started, advanced, clock)


def _run(
    every: list[Task],
    manifest: Manifest,
    options: Options,
    execute: Executor,
    resume: bool,
    started: Callable[[int], None],
    advanced: Callable[[Done], None],
    clock: Clock,
) -> Run:
    kept = [t for t in every if _current(t, manifest, options)] if resume else []
    todo = [t for t in every if t not in kept]
    recorder = None
    settings = retention()
    if options.write and every:
        options = replace(options, keep_inputs=options.keep_inputs and settings.keep_inputs)
        options, recorder = begin(every, todo, manifest, options, resume, clock)
    work = _Work(manifest, options, execute, advanced, {t.folder for t in kept}, recorder)
    started(len(todo))
    work.do(todo)
    claims = {t.folder: found for t in every if (found := work.claims(t))}
    repeated = find(list(claims.values()))
    again = [t for t in every if t.folder in claims and (t.hold, t.shared) != _held(t, repeated)]
    trouble = work.withdraw([claims[t.folder] for t in again], repeated) if options.write else None
    if again and not work.cancelled:
        started(len(todo) + len(again))
        work.do([work.anew(task, repeated) for task in again])
    ordered = tuple(work.finished[t.folder] for t in every if t.folder in work.finished)
    kept = [t for t in kept if t.folder not in work.finished]
    removed = tuple(path for path in work.removed if not path.exists())
    done = Run(options, ordered, tuple(kept), removed, tuple(work.aside), work.cancelled, trouble, repeated)
    if recorder is None:
        return done
    trouble = finish(done, manifest, recorder, settings) or trouble or work.trouble or settings.trouble
    return replace(done, trouble=trouble, audit=recorder.head)


class _Work:
    """What is finished so far, and what became of earlier outputs. A keyboard interrupt ends it."""

    def __init__(
        self,
        manifest: Manifest,
        options: Options,
        execute: Executor,
        advanced: Callable[[Done], None],
        kept: Collection[str],
        recorder: Recorder | None,
    ) -> None:
        self.manifest, self.options, self.execute, self.advanced = manifest, options, execute, advanced
        self.kept, self.recorder = kept, recorder
        self.finished: dict[str, Done] = {}
        self.before: dict[str, Collection[str]] = {}  # folder → names that earlier runs had put there
        self.removed: list[Path] = []
        self.aside: list[Path] = []
        self.cancelled = False
        self.trouble: Issue | None = None

    def do(self, todo: Sequence[Task]) -> None:
        """Do the workbooks and record what comes of them."""
        try:
            for done in self.execute(todo, self.options):
                folder = done.task.folder
                self.before.setdefault(folder, done.task.known)
                self.finished[folder] = done
                if self.options.write:
                    gone, moved = self.manifest.note(done, self.options)
                    self._gone(folder, gone)
                    self.aside += moved
                if self.recorder is not None:
                    self.trouble = self.trouble or self.recorder.workbook(done)
                self.advanced(done)
                if self.options.halted:
                    self.cancelled = True
                    break
        except KeyboardInterrupt:
            self.cancelled = True

    def claims(self, task: Task) -> Claims | None:
        """Who applies in a workbook that is finished or was kept; None for one that came to nothing."""
        if done := self.finished.get(task.folder):
            return done.claims if done.status == "done" else None
        return self.manifest.claims(task) if task.folder in self.kept else None

    def withdraw(self, workbooks: Iterable[Claims], repeated: Repeated) -> Issue | None:
        """Take back final letters whose applicant or number two workbooks have, before anything can end the run."""
        for book in workbooks:
            names = repeated.withdrawn(book)
            try:
                earlier = self._earlier(book.folder)
                removed, aside = self.manifest.withdraw(book.folder, names, earlier, self.options.run_id)
            except OSError as error:
                folder = self.options.out / book.folder
                return issue("output.failed", Place(file=book.shown), folder=folder, reason=reason(error))
            self._gone(book.folder, removed)
            self.aside += aside
        return None

    def _earlier(self, folder: str) -> Collection[str]:
        """Names that earlier runs had put there."""
        return self.before.get(folder, self.manifest.known(folder))

    def _gone(self, folder: str, paths: Iterable[Path]) -> None:
        """Note removed files, those aside that this run itself had written."""
        known = {self.options.out / folder / name for name in self._earlier(folder)}
        self.removed += [path for path in paths if path in known]

    def anew(self, task: Task, repeated: Repeated) -> Task:
        """The task with what this run has put into its folder, and with what was found out about its applicants."""
        known = {name: frozenset(hashes) for name, hashes in self.manifest.known(task.folder).items()}
        hold, shared = _held(task, repeated)
        return replace(task, known=known, hold=hold, shared=shared)


def _held(task: Task, repeated: Repeated) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Applicants and numbers of the task's workbook that another one has too."""
    return repeated.holds.get(task.folder, {}), repeated.shared.get(task.folder, {})


def _current(task: Task, manifest: Manifest, options: Options) -> bool:
    pack = manifest.entries.get(task.folder, {}).get("pack", "")
    return bool(pack) and manifest.current(task, file_hash(task.readable), pack_state(pack, options.policies), options)
