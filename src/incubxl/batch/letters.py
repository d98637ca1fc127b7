"""The letters of one workbook: chosen, rendered and read back; or the reason why there is none."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from itertools import count
from pathlib import Path

from incubxl.assess.model import Assessment, Determination, LetterView
from incubxl.files.packs import SHIPPED, LoadedPack
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.context import context
from incubxl.letters.engine import LetterEngine
from incubxl.letters.findings import LetterRefused
from incubxl.publish.names import safe_name

FOLDER = "通知书"
define(
    "letter.refused",
    "error",
    "{name}的「{label}」没有生成：{reason}",
    "按原因改正登记内容或模板后重新运行；不完整的通知书不会写出",
    "单位名称里有不能打印的控制字符",
)


@lru_cache(maxsize=16)
def _engine(own: tuple[tuple[str, Path], ...]) -> LetterEngine:
    templates = {path.stem: path.read_bytes() for path in sorted((SHIPPED / "common" / "letters").glob("*.docx"))}
    templates |= {kind: path.read_bytes() for kind, path in own}
    return LetterEngine(templates)


def letters(assessment: Assessment, loaded: LoadedPack) -> tuple[list[LetterView], dict[str, bytes], list[Issue]]:
    """Every applicant's letters: what the results say of them, the documents by relative file name, and issues."""
    engine = _engine(tuple(sorted(loaded.letters.items())))
    views: list[LetterView] = []
    files: dict[str, bytes] = {}
    issues: list[Issue] = []
    for determination in assessment.determinations:
        for plan in letters_for(assessment, determination):
            view, data, found = _one(engine, assessment, determination, plan, files)
            issues += found
            views.append(view)
            if data is not None:
                files[view.file] = data
    return views, files, issues


def _one(
    engine: LetterEngine, assessment: Assessment, determination: Determination, plan: LetterPlan, taken: Container[str]
) -> tuple[LetterView, bytes | None, list[Issue]]:
    if plan.state == "none":
        return LetterView(determination.applicant, plan.kind, plan.label, "", "none", plan.why), None, []
    try:
        data = engine.render(plan.kind, context(assessment, determination, plan))
    except LetterRefused as refused:
        sheet, _, cell = determination.cell.rpartition("!")
        found = issue(
            "letter.refused",
            Place(sheet, cell),
            applicant=determination.applicant,
            name=determination.name,
            label=plan.label,
            reason=refused.reason,
        )
        return LetterView(determination.applicant, plan.kind, plan.label, "", "none", found.message), None, [found]
    file = _free_name(determination, plan, taken)
    return LetterView(determination.applicant, plan.kind, plan.label, file, plan.state, plan.why), data, []


def _free_name(determination: Determination, plan: LetterPlan, taken: Container[str]) -> str:
    """A name of its own, also for a second letter of one kind to one applicant."""
    mark = ".草稿.docx" if plan.state == "draft" else ".docx"
    for number in count(1):
        label = f"{plan.label}_{determination.name}" if number == 1 else f"{plan.label}{number}_{determination.name}"
        file = f"{FOLDER}/{safe_name(determination.applicant, label, mark)}"
        if file not in taken:
            return file
    raise AssertionError("count is endless")
