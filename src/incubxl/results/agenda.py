"""待办: what falls due, by clause and cell, and how it was counted. 进度: how far each has come, what it lacks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from incubxl.issues import Issue
from incubxl.plan import Block, Column, Link, SheetPlan, Value
from incubxl.policy.pack import Pack
from incubxl.procedure.due import Due
from incubxl.procedure.duties import Duties, duties
from incubxl.procedure.progress import Course, Progress, progress
from incubxl.register.model import Register
from incubxl.results.frame import Frame
from incubxl.results.words import link_target
from incubxl.workdays import NO_OFFICE_DAYS, OfficeDays

DUE, PROGRESS = "待办", "进度"
WITHIN = 90  # days ahead, where nobody says another number
STATES = {"overdue": "逾期", "soon": "临近", "open": "已到", "undated": "日期未定"}
KINDS = {"act": "须办理", "start": "自此日起办理", "term": "期限届满", "advice": "仅提示"}
COURSES = {"not_open": "未到", "not_begun": "未开始", "under_way": "办理中", "complete": "已办完"}
_BOOK = Column("工作簿")
_DUE = (
    Column("状态", "centre", words=True), Column("日期", "date"), Column("剩余天数", "integer"),
    Column("宜提前至", "date"), Column("申报编号"), Column("单位名称"), Column("事项"), Column("具体"),
    Column("期间", "centre"), Column("由谁办"), Column("性质", "centre"), Column("条款"), Column("原文"),
    Column("来源单元格", "link"), Column("怎样算出"), Column("口径"),
)  # fmt: skip
_DUE_WIDTHS = (10, 12, 9, 12, 12, 24, 24, 14, 13, 14, 13, 13, 32, 16, 40, 22)
_DUE_CELL = 13
_PROGRESS = (
    Column("申报编号"), Column("单位名称"), Column("程序"), Column("期间", "centre"),
    Column("状态", "centre", words=True), Column("已办环节"), Column("下一步", "strong"), Column("由谁办"),
    Column("需要的材料"), Column("还缺什么"), Column("例外办理"), Column("条款"), Column("原文"),
    Column("最近办结的来源", "link"), Column("核对发现"),
)  # fmt: skip
_PROGRESS_WIDTHS = (12, 24, 14, 11, 9, 44, 18, 14, 20, 32, 26, 13, 30, 16, 36)
_PROGRESS_CELL = 13
_NAMED = 5  # applicants named where many share an item


@dataclass(frozen=True)
class Agenda:
    """One workbook's. ``book``: its name, where several stand in one sheet; ``file``: its path for links, or None.

    ``note``: what must be said above the table.
    """

    register: Register
    as_of: dt.date
    within: int
    progress: Progress
    duties: Duties
    book: str = ""
    file: str | None = None
    note: str = ""

    @property
    def pack(self) -> Pack:
        return self.register.pack

    @property
    def courses(self) -> list[Course]:
        """Those worth a row: not the ones that wait for a recognition that may never come."""
        return [c for c in self.progress.courses if c.state != "not_open" or c.sequence.over]

    @property
    def issues(self) -> tuple[Issue, ...]:
        return self.progress.issues + self.duties.issues

    @property
    def left_out(self) -> tuple[Issue, ...]:
        """What stands on the events and history sheets and does not count: 问题清单 of a run has it too."""
        sheets = {self.register.tables[id].spec.sheet for id in ("procedure_events", "history")}
        return tuple(i for i in self.register.issues if i.severity == "error" and i.place.sheet in sheets)


def agenda(
    register: Register,
    as_of: dt.date,
    within: int = WITHIN,
    office: OfficeDays = NO_OFFICE_DAYS,
    *,
    book: str = "",
    file: str | None = None,
    note: str = "",
) -> Agenda:
    """What stands on the two sheets. ``office``: the office's own workdays."""
    found = progress(register, as_of)
    return Agenda(register, as_of, within, found, duties(register, as_of, within, found, office), book, file, note)


def agenda_sheets(frame: Frame, found: Agenda) -> tuple[SheetPlan, SheetPlan]:
    """待办 and 进度 of one workbook."""
    due, courses = _due_block([found]), _progress_block([found])
    lines = _lines([found])
    first, second = (
        frame.sheet(name, widths, (block,), lines=lines[n], paper="A3", freeze_columns=2)
        for n, (name, widths, block) in enumerate(((DUE, _DUE_WIDTHS, due), (PROGRESS, _PROGRESS_WIDTHS, courses)))
    )
    return (
        _linked(first, _DUE_CELL, (d.cell for d in found.duties.items), [frame.input_file] * len(due.rows)),
        _linked(second, _PROGRESS_CELL, map(_last_cell, found.courses), [frame.input_file] * len(courses.rows)),
    )


def shared_sheets(found: Sequence[Agenda], title: str) -> tuple[SheetPlan, SheetPlan]:
    """待办 and 进度 of several workbooks, with a column for the workbook."""
    lines = _lines(found)
    notices = dict.fromkeys(n for a in found if (n := a.pack.measure.notice(a.as_of)))
    notice = "；".join(notices)
    due, courses = _due_block(found, many=True), _progress_block(found, many=True)
    plans = (
        SheetPlan(DUE, DUE, notice, (18, *_DUE_WIDTHS), (due,), (title, *lines[0]), 0, 3, "A3"),
        SheetPlan(PROGRESS, PROGRESS, notice, (18, *_PROGRESS_WIDTHS), (courses,), (title, *lines[1]), 0, 3, "A3"),
    )
    files = [a.file for a in found for _ in a.duties.items], [a.file for a in found for _ in a.courses]
    return (
        _linked(plans[0], _DUE_CELL + 1, (d.cell for a in found for d in a.duties.items), files[0]),
        _linked(plans[1], _PROGRESS_CELL + 1, (_last_cell(c) for a in found for c in a.courses), files[1]),
    )


def _lines(found: Sequence[Agenda]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words above the two tables."""
    states: Counter[str] = Counter(d.state for a in found for d in a.duties.items)
    said = "、".join(f"{word} {states[state]} 项" for state, word in STATES.items())
    within = found[0].within if found else WITHIN
    courses: Counter[str] = Counter(c.state for a in found for c in a.courses)
    counts = "、".join(f"{word} {courses[state]}" for state, word in COURSES.items())
    due: tuple[str, ...] = (
        f"以后 {within} 天内：{said}。",
        "「逾期」是期限已过而本工作簿没有登记办了；办法没有印日期、本单位也没有定的，写「日期未定」。",
    )
    due += tuple(dict.fromkeys(a.note for a in found if a.note))
    return due, (f"{counts}。进度以「事件」为准，没有事件的看登记栏目；次序不符的只指出，不阻拦。",)


def _due_block(found: Sequence[Agenda], *, many: bool = False) -> Block:
    rows: list[tuple[Value, ...]] = []
    for one in found:
        head: tuple[Value, ...] = (one.book,) if many else ()
        rows += [(*head, *_due_row(one, item)) for item in one.duties.items]
    return Block((_BOOK, *_DUE) if many else _DUE, rows, empty="没有待办")


def _due_row(one: Agenda, item: Due) -> tuple[Value, ...]:
    left = (item.on - one.as_of).days if item.on else None
    ids, names = who(one.register, item)
    return (
        STATES[item.state], item.on, left, item.advised, ids, names, item.label, item.subject, item.period,
        item.actor, KINDS[item.kind], item.clause, item.quote, item.cell, item.why, questions(one.register, item),
    )  # fmt: skip


def who(register: Register, item: Due) -> tuple[str, str]:
    """申报编号 and 单位名称 of those whom an item concerns."""
    if not item.applicants:
        return "", "主管部门"
    chosen, more = item.applicants[:_NAMED], len(item.applicants)
    tail = f"等{more}家" if more > _NAMED else ""
    ids, names = ("、".join(shelf[i] for i in chosen) + tail for shelf in (register.ids, register.names))
    return ids, names


def questions(register: Register, item: Due) -> str:
    """The interpretations an item rests on, with the office's answers."""
    out = []
    for id in item.asked:
        question = register.pack.interpretation[id]
        answer = register.answers.get(id)
        chosen = next((o.label for o in question.options if answer and o.id == answer.option), "未确定")
        source = f"（依{answer.source}）" if answer and answer.source else ""
        out.append(f"{question.question}→{chosen}{source}")
    return "\n".join(out)


def _progress_block(found: Sequence[Agenda], *, many: bool = False) -> Block:
    rows: list[tuple[Value, ...]] = []
    for one in found:
        told: dict[str, list[str]] = {}
        for issue in one.issues:
            told.setdefault(issue.applicant, []).append(f"{issue.bare}（{issue.place}）。{issue.remedy}")
        roles = {r.id: r.label for r in one.pack.measure.roles}
        head: tuple[Value, ...] = (one.book,) if many else ()
        for course in one.courses:
            id = one.register.ids[course.index]
            said = "\n".join(told.pop(id, ()))  # with the applicant's first course
            rows.append((*head, *_course_row(one.register, course, roles), said))
    return Block((_BOOK, *_PROGRESS) if many else _PROGRESS, rows, empty="没有登记单位，或办法没有程序")


def _course_row(register: Register, course: Course, roles: dict[str, str]) -> tuple[Value, ...]:
    next_, shown = course.next, course.next or (course.last.stage if course.last else None)
    actor = roles.get(next_.actor, "申报单位" if next_.actor == "applicant" else next_.actor) if next_ else ""
    lacks = [f"{lack.text}（{lack.clause}）" if lack.clause else lack.text for lack in course.missing]
    return (
        register.ids[course.index], register.names[course.index], course.sequence.label, course.period,
        COURSES[course.state], "\n".join(_steps(course)), next_.label if next_ else "", actor,
        "、".join(next_.documents) if next_ else "", "\n".join(lacks) or course.why,
        "\n".join(f"{e.on} {register.pack.procedure.stage[e.what].label}：{e.reason}（{e.signer}，{e.cell}）"
                  for e in course.exceptions),
        shown.clause if shown else "", shown.quote if shown else "", _last_cell(course),
    )  # fmt: skip


def _steps(course: Course) -> Iterator[str]:
    """Each stage that is done: when, by what document, where it stands."""
    for step in course.steps:
        if not step.done:
            continue
        day = f" {step.on}" if step.on else ""
        until = f"至{step.until}" if step.until else ""
        event = step.event
        papers = "，".join(p for p in (event.document_number, event.evidence) if p) if event else ""
        yield f"{step.stage.label}{day}{until}（{'；'.join(p for p in (papers, step.cell) if p)}）"


def _last_cell(course: Course) -> str:
    return course.last.cell if course.last else ""


def _linked(plan: SheetPlan, column: int, cells: Iterator[str] | map[str], files: Sequence[str | None]) -> SheetPlan:
    """With links from a column to the cells that it names."""
    first = plan.first_row(0)
    links = [
        Link(first + n, column, *target, file)
        for n, (cell, file) in enumerate(zip(cells, files, strict=False))
        if file is not None and cell and (target := link_target(cell))
    ]
    return replace(plan, links=links)
