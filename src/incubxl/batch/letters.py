"""The letters of one workbook: chosen, rendered and read back; or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from incubxl.assess.model import Assessment, Determination, LetterView
from incubxl.batch.desk import Desk, Finished
from incubxl.batch.documents import Documents
from incubxl.batch.model import LetterRecord
from incubxl.files.packs import LoadedPack
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.letters.announce import Announcement, announcements
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.engine import LetterEngine
from incubxl.letters.shelf import templates
from incubxl.letters.write import Letter, write, write_announcement
from incubxl.register.model import Conclusion

define(
    "letter.conclusion_without",
    "warning",
    "结论「{label}」没有出通知书：{why}。",
    "请核对结论和有关数据；改正后重新运行。",
    "结论为认定，核对结果却是不符合",
)

FOLDER = "通知书"
_BLOCK = 50  # applicants


@lru_cache(maxsize=16)
def _engine(own: tuple[tuple[str, Path], ...]) -> LetterEngine:
    return LetterEngine(templates(dict(own)))


def engine_of(loaded: LoadedPack) -> LetterEngine:
    """The engine over a pack's templates, shared within the process."""
    return _engine(tuple(sorted(loaded.letters.items())))


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


def letters(
    assessment: Assessment,
    loaded: LoadedPack,
    desk: Desk,
    halted: Callable[[], bool] = lambda: False,
    *,
    publish: bool = True,
) -> Letters:
    """Every applicant's letters, the documents by relative file name, and why there is none.

    ``halted`` is asked before each block of letters. Raises Halted. ``publish``: the letters will be written, so the
    numbers of those that were made are noted in the 文号簿. One whose number somebody else took, or that had said
    something else under it, is made as a draft.
    """
    engine = engine_of(loaded)
    todo = [
        _Todo((one,), plan, partial(write, engine, assessment, one))
        for one in assessment.determinations
        for plan in letters_for(assessment, one, desk.refusal, desk.known, desk.today)
    ]
    issues: list[Issue] = []
    views: list[LetterView] = []
    for found in announcements(assessment, desk.refusal, desk.today, desk.known):
        todo.append(_Todo(found.members, found.plan, partial(_announced, engine, assessment, found), public=True))
        for one, conclusion, why in found.left_out:
            issues.append(_without(one.applicant, found.plan.label, why, conclusion))
            views.append(LetterView(one.applicant, found.plan.kind, found.plan.label, "", "none", why))
    files = Documents()
    for n, job in enumerate(todo):
        if n % _BLOCK == 0 and halted():
            raise Halted
        job.make(files)
    _note([job for job in todo if job.made], desk, files, publish=publish)
    for job in todo:
        if job.plan.state == "none" and job.plan.conclusion is not None and len(job.readers) == 1:
            issues.append(_without(job.readers[0].applicant, job.plan.label, job.plan.why, job.plan.conclusion))
        if job.refused is not None:
            issues.append(job.refused)
        views += job.views()
    order = {one.applicant: n for n, one in enumerate(assessment.determinations)}
    views.sort(key=lambda view: order[view.applicant])
    records = [job.made for job in todo if job.made]
    return Letters(views, files, [*issues, *desk.issues], records)


@dataclass
class _Todo:
    """One letter on its way: ``readers`` are told of it in the results. Its bytes go into the documents at once."""

    readers: tuple[Determination, ...]
    plan: LetterPlan
    render: Callable[[LetterPlan], Letter | Issue]
    public: bool = False  # one document for all its readers
    made: LetterRecord | None = None
    refused: Issue | None = None

    def make(self, files: Documents) -> None:
        """Render the plan; what was made of an earlier plan goes."""
        if self.made:
            del files[self.made.file]
        self.made = None
        letter = None if self.plan.state == "none" else self.render(self.plan)
        if isinstance(letter, Issue):
            self.refused = letter
        if not isinstance(letter, Letter):
            return
        file = f"{FOLDER}/{letter.file}"
        if file in files:
            raise ValueError(f"two letters want the name {file}")
        files.put(file, letter.data, self.plan.kind)
        plan, reader = self.plan, self.readers[0]
        about = "" if self.public else reader.applicant
        to = "" if plan.to == reader.name.strip() else plan.to
        signed = plan.conclusion
        numbers = (signed.document_number.strip(), signed.refers_to.strip()) if signed and not self.public else ()
        self.made = LetterRecord(about, letter.applicant, plan.label, plan.state, file, letter.title, to, *numbers)

    def views(self) -> list[LetterView]:
        """What each reader's results say of it."""
        plan, file = self.plan, self.made.file if self.made else ""
        why = self.refused.bare if self.refused else plan.why
        return [
            LetterView(one.applicant, plan.kind, plan.label, file, plan.state if file else "none", why)
            for one in self.readers
        ]


def _note(made: Sequence[_Todo], desk: Desk, files: Documents, *, publish: bool) -> None:
    finished = []
    for job in made:
        assert job.made is not None
        applicant, name = ("", "") if job.public else (job.readers[0].applicant, job.readers[0].name)
        data = partial(files.__getitem__, job.made.file)
        finished.append(Finished(applicant, name, job.plan, job.made.title, data))
    for job, plan in zip(made, desk.note(finished, publish=publish), strict=True):
        if plan is not job.plan:
            job.plan = plan
            job.make(files)


def _announced(
    engine: LetterEngine, assessment: Assessment, announcement: Announcement, plan: LetterPlan
) -> Letter | Issue:
    return write_announcement(engine, assessment, replace(announcement, plan=plan))


def _without(applicant: str, label: str, why: str, conclusion: Conclusion) -> Issue:
    place = Place(*conclusion.signed.cell.split("!", 1)) if conclusion.signed.cell else Place()
    return issue("letter.conclusion_without", place, applicant=applicant, label=label, why=why)


def as_preview(plan: LetterPlan) -> LetterPlan:
    """The plan as a draft: what is only looked at can never be taken for what is sent."""
    return replace(plan, state="draft", why=plan.why if plan.state == "draft" else "仅供预览，尚未生成")


def preview(
    assessment: Assessment, loaded: LoadedPack, applicant: str
) -> tuple[list[LetterView], dict[str, bytes], list[Issue]]:
    """One applicant's letters to look at: every document is a draft; the views say what a run would make of it."""
    engine = engine_of(loaded)
    one = next(d for d in assessment.determinations if d.applicant == applicant)
    views: list[LetterView] = []
    files: dict[str, bytes] = {}
    issues: list[Issue] = []
    for plan in letters_for(assessment, one):
        views.append(LetterView(one.applicant, plan.kind, plan.label, "", plan.state, plan.why))
        if plan.state == "none":
            continue
        made = write(engine, assessment, one, as_preview(plan))
        if isinstance(made, Issue):
            issues.append(made)
        else:
            files[f"{FOLDER}/{made.file}"] = made.data
    return views, files, issues


def preview_one(assessment: Assessment, loaded: LoadedPack, applicant: str, kind: str) -> bytes | Issue:
    """One letter to look at, marked as a draft: the applicant's first of this kind, or the announcement of it."""
    engine = engine_of(loaded)
    for found in announcements(assessment):
        if found.plan.kind == kind:
            made = _announced(engine, assessment, found, as_preview(found.plan))
            return made.data if isinstance(made, Letter) else made
    one = next(d for d in assessment.determinations if d.applicant == applicant)
    plan = next(p for p in letters_for(assessment, one) if p.kind == kind and p.state != "none")
    made = write(engine, assessment, one, as_preview(plan))
    return made.data if isinstance(made, Letter) else made
