"""The letters of one workbook: chosen, rendered and read back; or the reason why there is none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from incubxl.assess.model import Assessment, LetterView
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


@lru_cache(maxsize=16)
def _engine(own: tuple[tuple[str, Path], ...]) -> LetterEngine:
    return LetterEngine(templates(dict(own)))


def templates_of(loaded: LoadedPack) -> dict[str, bytes]:
    """The templates of a pack's letters, by kind or layout."""
    return templates(loaded.letters)


def letters(assessment: Assessment, loaded: LoadedPack) -> tuple[list[LetterView], dict[str, bytes], list[Issue]]:
    """Every applicant's letters: what the results say of them, the documents by relative file name, and issues."""
    engine = _engine(tuple(sorted(loaded.letters.items())))
    views: list[LetterView] = []
    files: dict[str, bytes] = {}
    issues: list[Issue] = []
    for one in assessment.determinations:
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
                files[file] = made.data
                views.append(LetterView(one.applicant, plan.kind, plan.label, file, plan.state, plan.why))
    return views, files, issues
