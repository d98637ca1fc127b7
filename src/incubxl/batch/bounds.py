"""How a run begins and ends: alone in its folder, on record, with a summary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from incubxl.audit.chain import Head
from incubxl.batch.auditing import Clock, Recorder
from incubxl.batch.manifest import SUMMARY, CannotStart, Manifest
from incubxl.batch.model import Options, Task
from incubxl.files.refusal import reason
from incubxl.files.write import Properties, render
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.publish.atomic import sweep, write_beside
from incubxl.publish.lock import HeldError, held
from incubxl.publish.opened import opener
from incubxl.publish.retention import Retention
from incubxl.results.summary import summary_sheets

if TYPE_CHECKING:
    from incubxl.batch.run import Run

LOCK = ".incubxl-run.lock"
_ORPHAN_AGE = 3600.0  # seconds after which a temporary file is nobody's


def make(out: Path) -> None:
    """Make the output folder. Raises CannotStart."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(out, error) from error


def _unusable(out: Path, error: OSError) -> CannotStart:
    return CannotStart(issue("output.failed", Place(file=str(out)), folder=out, reason=reason(error)))


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold the output folder for this run. Raises CannotStart."""
    with ExitStack() as holding:
        try:
            holding.enter_context(held(out / LOCK))
        except HeldError as error:
            busy = issue("output.busy", Place(file=str(out)), folder=out, who=error.holder, lock=error.lock)
            raise CannotStart(busy) from error
        except OSError as error:
            raise _unusable(out, error) from error
        yield


def begin(
    every: Sequence[Task], todo: Sequence[Task], manifest: Manifest, options: Options, resume: bool, clock: Clock
) -> tuple[Options, Recorder]:
    """Record that the run begins, and which folders will be written into."""
    summary = options.out / SUMMARY
    if summary.resolve() in {task.path for task in every}:
        raise CannotStart(issue("output.is_input", Place(file=str(summary)), path=summary))
    if who := opener(summary):
        raise CannotStart(issue("output.open", Place(file=str(summary)), file=SUMMARY, who=who, sign=who.sign))
    manifest.begin(todo)
    recorder = Recorder(options, clock)
    try:
        sweep(options.out, _ORPHAN_AGE)
        head = recorder.begun(every, todo, manifest.audit_head, resume=resume)
        manifest.save(_this_run(options, head))
    except OSError as error:
        raise _unusable(options.out, error) from error
    return replace(options, audit_head=head.hash), recorder


def _this_run(options: Options, head: Head) -> dict[str, Any]:
    return {"id": options.run_id, "at": _at(options), "audit": head.hash}


def _at(options: Options) -> str:
    return f"{options.ran_at:%Y-%m-%d %H:%M:%S}"


def finish(done: Run, manifest: Manifest, recorder: Recorder, settings: Retention) -> Issue | None:
    """Write the summary, then end the record of the run. A trouble with one does not keep the other from being done."""
    options, found = done.options, None
    digest = ""
    items = [*(manifest.summary(t.folder) for t in done.kept), *(d.item for d in done.done)]
    try:
        manifest.save(_this_run(options, recorder.head))
        if items:
            plans = summary_sheets(
                items,
                ran_at=_at(options),
                run_id=options.run_id,
                repeated=done.repeated.rows,
                same_files=[i.text for i in done.repeated.issues],
                audit=options.audit_head,
            )
            data = render(plans, properties=Properties("批量汇总", options.ran_at))
            write_beside(options.out / SUMMARY, data, f"新{options.run_id}")
            digest = hashlib.sha256(data).hexdigest()
    except OSError as error:
        found = _unusable(options.out, error).issue
    try:
        recorder.kept(done.kept, manifest)
        recorder.ended(_outcome(done, found), digest, done.removed, done.aside)
        recorder.sweep(settings)
    except OSError as error:
        found = found or issue("audit.failed", Place(file=str(options.out)), reason=reason(error))
    return found


def _outcome(done: Run, trouble: Issue | None) -> str:
    if done.cancelled:
        return "cancelled"
    if done.failed or trouble or done.trouble:
        return "failed" if done.failed and len(done.failed) == len(done.done) and not done.kept else "partly"
    return "done"
