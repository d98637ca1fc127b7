"""A run over many workbooks. Executors share one seam: a function from tasks to finished workbooks, in any order."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from incubxl.batch.inputs import tasks
from incubxl.batch.job import Done, Options, Task, process
from incubxl.batch.manifest import Manifest, file_hashes
from incubxl.files.write import Properties, render
from incubxl.publish.atomic import sweep, write_bytes
from incubxl.results.summary import WorkbookSummary, summary_sheets

SUMMARY = "批量汇总.xlsx"
_ORPHAN_AGE = 3600.0  # seconds after which a temporary file is nobody's
Executor = Callable[[Sequence[Task], Options], Iterator[Done]]


@dataclass(frozen=True)
class Run:
    """What a run did. ``done`` is in the order of the inputs; ``kept`` are inputs left as they were (resume)."""

    options: Options
    done: tuple[Done, ...]
    kept: tuple[Task, ...]
    removed: tuple[Path, ...]
    cancelled: bool

    @property
    def failed(self) -> tuple[Done, ...]:
        return tuple(d for d in self.done if d.status == "failed")

    @property
    def findings(self) -> int:
        return sum(d.findings for d in self.done)


def calm_collector() -> None:
    """Let the garbage collector look less often: a workbook makes a million small objects and no cycles to speak of.

    Measured at a sixth of the time of a run.
    """
    gc.set_threshold(200_000, 20, 20)


def inline(todo: Sequence[Task], options: Options) -> Iterator[Done]:
    """One after the other, in this process."""
    calm_collector()
    return (process(task, options) for task in todo)


def pooled(todo: Sequence[Task], options: Options, *, jobs: int) -> Iterator[Done]:
    """In worker processes, in the order they finish."""
    with ProcessPoolExecutor(max_workers=min(jobs, len(todo) or 1), initializer=calm_collector) as pool:
        futures = [pool.submit(process, task, options) for task in todo]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def executor(jobs: int) -> Executor:
    """The executor for a number of jobs."""
    return inline if jobs == 1 else partial(pooled, jobs=jobs)


def run(
    paths: Sequence[Path],
    options: Options,
    execute: Executor,
    *,
    resume: bool = False,
    started: Callable[[int], None] = lambda _: None,
    advanced: Callable[[Done], None] = lambda _: None,
) -> Run:
    """Do every workbook among ``paths``. A keyboard interrupt ends the run; what is finished stays and is recorded."""
    todo = tasks(paths, options.out)
    if options.write:
        options.out.mkdir(parents=True, exist_ok=True)
        sweep(options.out, _ORPHAN_AGE)
    manifest = Manifest(options.out)
    kept: list[Task] = []
    if resume:
        hashes = file_hashes(t.path for t in todo)
        kept = [t for t, sha in zip(todo, hashes, strict=True) if manifest.current(t.folder, sha, options)]
        todo = [t for t in todo if t not in kept]
    finished: dict[str, Done] = {}
    removed: list[Path] = []
    cancelled = False
    started(len(todo))
    try:
        for done in execute(todo, options):
            finished[done.task.folder] = done
            if options.write:
                removed += manifest.note(done, options)
            advanced(done)
    except KeyboardInterrupt:
        cancelled = True
    ordered = tuple(finished[t.folder] for t in todo if t.folder in finished)
    if options.write and (ordered or kept):
        _publish_summary([*(manifest.summary(t.folder) for t in kept), *(d.item for d in ordered)], manifest, options)
    return Run(options, ordered, tuple(kept), tuple(removed), cancelled)


def _publish_summary(items: Sequence[WorkbookSummary], manifest: Manifest, options: Options) -> None:
    ran_at = f"{options.ran_at:%Y-%m-%d %H:%M:%S}"
    plans = summary_sheets(items, ran_at=ran_at, run_id=options.run_id)
    write_bytes(options.out / SUMMARY, render(plans, properties=Properties("批量汇总", options.ran_at)))
    manifest.save({"id": options.run_id, "at": ran_at})
