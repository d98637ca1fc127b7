"""The result workbook of one input: a copy of it with our sheets grafted in, or a workbook of its own."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from incubxl import __version__
from incubxl.assess.model import Assessment, LetterView
from incubxl.batch.model import Options, Task, result_name
from incubxl.files.write import Properties, render
from incubxl.issues import Issue
from incubxl.mail.office_days import office_days_or_word
from incubxl.plan import SheetPlan
from incubxl.publish.graft import Target, graft, look
from incubxl.results.agenda import agenda
from incubxl.results.build import TITLES, result_sheets


@dataclass(frozen=True)
class ResultBook:
    """``name``: of the file. ``copy``: our sheets are in a copy of the input. ``why``: why not, though it was asked.

    ``kept``: one for each earlier result sheet in the input that a person has changed; it stays in the copy.
    """

    name: str
    data: bytes
    copy: bool
    why: Issue | None = None
    kept: tuple[Issue, ...] = ()


def result_book(
    assessment: Assessment, views: Sequence[LetterView], task: Task, options: Options, folder: Path, source: bytes
) -> ResultBook:
    """The workbook that goes into ``folder``. Both forms hold the same sheets; only links to input cells differ.

    ``source``: the input's bytes, those that were assessed.
    """
    office, note = office_days_or_word()
    due = agenda(assessment.register, assessment.as_of, office=office, note=note)
    properties = Properties(f"{assessment.pack.measure.short_name}核对结果", options.ran_at)

    def sheets(input_file: str, kept: tuple[Issue, ...] = ()) -> list[SheetPlan]:
        return result_sheets(
            replace(assessment, issues=(*assessment.issues, *kept)),
            ran_at=f"{options.ran_at:%Y-%m-%d %H:%M:%S}",
            run_id=options.run_id,
            letters=views,
            input_name=task.path.name,
            input_file=input_file,
            agenda=due,
            facts={
                "程序版本": f"incubxl {__version__}",
                **({"审计记录校验值": options.audit_head} if options.audit_head else {}),
            },
        )

    def grafted(target: Target | Issue) -> ResultBook | Issue:
        if isinstance(target, Issue):
            return target
        made = graft(target, render(_leading(sheets("", target.kept), target.titles), properties=properties))
        if isinstance(made, Issue):
            return made
        return ResultBook(result_name(task.path, target.suffix), made, copy=True, kept=target.kept)

    why: Issue | None = None
    if options.into_copy:
        made = grafted(look(source, task.path.name, TITLES))
        if isinstance(made, ResultBook):
            return made
        why = made
    return ResultBook(
        result_name(task.path), render(sheets(_linked(task, folder)), properties=properties), copy=False, why=why
    )


def _linked(task: Task, folder: Path) -> str:
    """The input's path from its results; empty for one that was never saved as a file."""
    return Path(os.path.relpath(task.path.resolve(), folder.resolve())).as_posix() if task.path.is_file() else ""


def _leading(plans: Sequence[SheetPlan], titles: Collection[str]) -> list[SheetPlan]:
    """Without links to sheets that are not there (a problem may name one that is missing)."""
    there = {title.casefold() for title in (*titles, *(plan.name for plan in plans))}
    return [replace(p, links=[link for link in p.links if link.sheet.casefold() in there]) for p in plans]
