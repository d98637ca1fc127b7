"""The letters of one workbook: chosen, rendered and read back; or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from incubxl.assess.model import Assessment, LetterView
from incubxl.batch.documents import Documents
from incubxl.batch.model import LetterRecord
from incubxl.files.packs import LoadedPack
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.letters.choose import letters_for
from incubxl.letters.engine import LetterEngine
from incubxl.letters.shelf import templates
from incubxl.letters.write import write

define(
    "letter.conclusion_without",
    "warning",
    "结论「{label}」没有出通知书：{why}",
    "请核对结论和有关数据；改正后重新运行",
    "结论为认定，核对结果却是不符合",
)

FOLDER = "通知书"
_BLOCK = 50  # applicants


@lru_cache(maxsize=16)
def _engine(own: tuple[tuple[str, Path], ...]) -> LetterEngine:
    return LetterEngine(templates(dict(own)))


def templates_of(loaded: LoadedPack) -> dict[str, bytes]:
    """The templates of a pack's letters, by kind or layout."""
    return templates(loaded.letters)


class Halted(Exception):
    """Somebody wants the run to end; nothing of this workbook has been written."""


@dataclass(frozen=True)
class Letters:
    """What came of one workbook: ``views`` for the results, ``records`` for the run's record, in the same order."""

    views: list[LetterView]
    files: Documents
    issues: list[Issue]
    records: list[LetterRecord]


def letters(assessment: Assessment, loaded: LoadedPack, halted: Callable[[], bool] = lambda: False) -> Letters:
    """Every applicant's letters, the documents by relative file name, and why there is none.

    ``halted`` is asked before each block of applicants. Raises Halted.
    """
    engine = _engine(tuple(sorted(loaded.letters.items())))
    views: list[LetterView] = []
    files = Documents()
    issues: list[Issue] = []
    records: list[LetterRecord] = []
    for n, one in enumerate(assessment.determinations):
        if n % _BLOCK == 0 and halted():
            raise Halted
        for plan in letters_for(assessment, one):
            if plan.state == "none" and plan.conclusion is not None:
                place = Place(*plan.conclusion.signed.cell.split("!", 1)) if plan.conclusion.signed.cell else Place()
                found = {"label": plan.label, "why": plan.why}
                issues.append(issue("letter.conclusion_without", place, applicant=one.applicant, **found))
            made = None if plan.state == "none" else write(engine, assessment, one, plan)
            if made is None:
                views.append(LetterView(one.applicant, plan.kind, plan.label, "", "none", plan.why))
            elif isinstance(made, Issue):
                issues.append(made)
                views.append(LetterView(one.applicant, plan.kind, plan.label, "", "none", made.message))
            else:
                file = f"{FOLDER}/{made.file}"
                if file in files:
                    raise ValueError(f"two letters want the name {file}")
                files.put(file, made.data, plan.kind)
                views.append(LetterView(one.applicant, plan.kind, plan.label, file, plan.state, plan.why))
                records.append(LetterRecord(one.applicant, made.applicant, plan.label, plan.state, file, made.title))
    return Letters(views, files, issues, records)


def preview(
    assessment: Assessment, loaded: LoadedPack, applicant: str
) -> tuple[list[LetterView], dict[str, bytes], list[Issue]]:
    """One applicant's letters to look at: every document is a draft; the views say what a run would make of it."""
    engine = _engine(tuple(sorted(loaded.letters.items())))
    one = next(d for d in assessment.determinations if d.applicant == applicant)
    views: list[LetterView] = []
    files: dict[str, bytes] = {}
    issues: list[Issue] = []
    for plan in letters_for(assessment, one):
        views.append(LetterView(one.applicant, plan.kind, plan.label, "", plan.state, plan.why))
        if plan.state == "none":
            continue
        why = plan.why if plan.state == "draft" else "仅供预览，尚未生成"
        made = write(engine, assessment, one, replace(plan, state="draft", why=why))
        if isinstance(made, Issue):
            issues.append(made)
        else:
            files[f"{FOLDER}/{made.file}"] = made.data
    return views, files, issues
