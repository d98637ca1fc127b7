"""What each checking button answers with: sheet plans, and what is said before and after writing them.

The same for the open workbook and for a snapshot of it that is worked on in the background.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from incubxl.assess.model import Assessment
from incubxl.crosscheck.engine import crosscheck
from incubxl.crosscheck.model import KINDS
from incubxl.crosscheck.model import Book as Compared
from incubxl.funding.ledger import STATE_WORDS
from incubxl.mail.office_days import office_days_or_word
from incubxl.plan import SheetPlan
from incubxl.register.across import Book
from incubxl.results.agenda import STATES, agenda, agenda_sheets
from incubxl.results.conditions import gaps, matrix
from incubxl.results.frame import Frame
from incubxl.results.grades import grades
from incubxl.results.money_sheet import money
from incubxl.results.problems import problems
from incubxl.results.suspicions import suspicions
from incubxl.years.ledger_sheets import ledger_sheets, make_ledger
from incubxl.years.read import Opened

_MATRIX_LINE = (
    "选中一行后点「解释这一行」，可看条款、数值、门槛和来源；标题上的批注是条款原文；「—」表示该条件不适用于这一类型。"
)


@dataclass(frozen=True)
class Answer:
    """``before`` and ``after``: lines said around the word about what was written."""

    plans: Sequence[SheetPlan]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def _conditions(frame: Frame) -> Answer:
    plan = matrix(frame, 0)
    plans = [replace(plan, lines=(*plan.lines[:-1], _MATRIX_LINE)), gaps(frame), problems(frame)]
    return Answer(plans, (counts(frame.assessment),), tuple(_open_questions(frame.assessment)))


def _gaps(frame: Frame) -> Answer:
    return Answer([gaps(frame)], (counts(frame.assessment),))


def _scores(frame: Frame) -> Answer:
    return Answer([grades(frame)[1]], (_scored(frame.assessment),))


def _grades(frame: Frame) -> Answer:
    return Answer([grades(frame)[0]], (_graded(frame.assessment),))


def _money(frame: Frame) -> Answer:
    return Answer(money(frame))


def _suspicions(frame: Frame) -> Answer:
    """Of the open workbook alone; several workbooks and earlier years are the command's."""
    found = crosscheck([Compared("本工作簿", frame.assessment.register)])
    each = "、".join(f"{word}{sum(s.kind == kind for s in found.suspicions)}处" for kind, word in KINDS.items())
    unmade = dict.fromkeys(c.not_made for c in found.checks if c.not_made)
    after = (f"没有做或没有全做：{'；'.join(unmade)}",) if unmade else ()
    plan = suspicions(found, lambda _: frame.input_file, frame.assessment.notice)
    said = f"疑点 {len(found.suspicions)} 处：{each}。只列出供核对，不作认定。"
    return Answer([plan], (said,), (*after, "要与其他工作簿、以前年度一起核对，请用命令 incubxl crosscheck。"))


def _agenda(frame: Frame) -> Answer:
    office, note = office_days_or_word()
    found = agenda(frame.assessment.register, frame.assessment.as_of, office=office, note=note)
    states = [d.state for d in found.duties.items]
    each = "、".join(f"{word} {states.count(state)} 项" for state, word in STATES.items() if state in states)
    told = f"基准日 {found.as_of}，以后 {found.within} 天：{each or '没有待办'}。"
    after = (f"「进度」里指出了 {len(found.issues)} 处不一致，请核对。",) if found.issues else ()
    return Answer(agenda_sheets(frame, found), (told,), after)


def _ledger(frame: Frame) -> Answer:
    """Of the workbook alone: what earlier workbooks record is told by ``incubxl ledger``."""
    found = frame.assessment
    read = Opened((Book("", found.register, found.as_of),), (found,), ())
    made = make_ledger(read, found.as_of)
    words = [STATE_WORDS[state] for state in made.checked.states.values()]
    each = "、".join(f"{word}{words.count(word)}项" for word in dict.fromkeys(words))
    summary, _, problem_list = ledger_sheets(made)
    said = f"资金{len(words)}项：{each or '无'}；问题{len(made.issues)}条。"
    after = ("只看这一个工作簿；几个年度一起看，请用 incubxl ledger。",)
    return Answer([summary, problem_list], (said,), after)


ANSWERS: Mapping[str, Callable[[Frame], Answer]] = {
    "check_all": _conditions,
    "gaps": _gaps,
    "crosscheck": _suspicions,
    "scores": _scores,
    "grade": _grades,
    "funding": _money,
    "agenda": _agenda,
    "ledger": _ledger,
}


def counts(assessment: Assessment) -> str:
    """How many applicants, and how they stand."""
    words = [d.eligible.word for d in assessment.determinations]
    each = "、".join(f"{word}{words.count(word)}家" for word in dict.fromkeys(words))
    return f"申报单位 {len(words)} 家：{each or '无'}；拒收 {len(assessment.refused)} 行。"


def _scored(assessment: Assessment) -> str:
    if not any(d.grade.indicators for d in assessment.determinations):
        return "工作簿里没有本年度的评价指标，没有可汇总的得分。"
    whole = [d for d in assessment.determinations if d.grade.score is not None]
    lacking = sum(any(i.missing for i in d.grade.indicators) for d in assessment.determinations)
    said = f"参加评价的单位 {len(assessment.determinations)} 家，得出总分的 {len(whole)} 家"
    return f"{said}；有指标资料不足的 {lacking} 家，缺的不按零分算。"


def _graded(assessment: Assessment) -> str:
    words = {"graded": "已定级", "open": "待定", "waived": "放弃", "exempt": "免评", "not_graded": "不参评"}
    states = [d.grade.state for d in assessment.determinations]
    each = "、".join(f"{word} {states.count(state)} 家" for state, word in words.items() if state in states)
    return f"{each or '没有单位'}。" + ("待定的写明了可能的等级和还缺什么。" if "open" in states else "")


def _open_questions(assessment: Assessment) -> list[str]:
    """The interpretations that verdicts wait for."""
    pack = assessment.pack
    results = (r for d in assessment.determinations for r in d.results)
    waiting = dict.fromkeys(i.id for r in results for i in r.interpretations if not i.option)
    if not waiting:
        return []
    titles = "、".join(f"「{pack.interpretation[id].question}」" for id in list(waiting)[:3])
    return [f"有 {len(waiting)} 个口径尚未答复（{titles}{'等' if len(waiting) > 3 else ''}），请在「口径」表填写。"]
