"""Assessment → the sheets of its result workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incubxl.assess.model import Assessment, LetterView
from incubxl.plan import SheetPlan
from incubxl.results.agenda import DUE, PROGRESS, Agenda, agenda_sheets
from incubxl.results.conditions import DETAIL, GAPS, MATRIX, detail, gaps, matrix
from incubxl.results.frame import Frame
from incubxl.results.grades import GRADES, INDICATORS, grades
from incubxl.results.money_sheet import LIMITS, MONEY, money
from incubxl.results.overview import OVERVIEW, overview
from incubxl.results.problems import PROBLEMS, problems
from incubxl.results.record import ANSWERS, RECORD, answers, record

# A marked sheet of an earlier run under one of these is renewed or taken out (publish.graft); no other is.
TITLES = frozenset((
    OVERVIEW, MATRIX, DETAIL, GAPS, GRADES, INDICATORS, MONEY, LIMITS, DUE, PROGRESS, PROBLEMS, ANSWERS, RECORD,
))  # fmt: skip


def result_sheets(
    assessment: Assessment,
    *,
    ran_at: str,
    run_id: str,
    letters: Sequence[LetterView] = (),
    input_name: str = "",
    input_file: str | None = None,
    facts: Mapping[str, str] | None = None,
    agenda: Agenda | None = None,
) -> list[SheetPlan]:
    """The sheets, in reading order.

    ``ran_at``: local time as text. ``input_name``: file name to show. ``input_file``: relative path from the result
    workbook to the input workbook, for links to its cells; empty: the result is a copy of the input
    workbook; None: no links. ``facts``: further lines of 运行记录. ``agenda``: for 待办 and 进度.
    """
    frame = Frame(assessment, input_file)
    details = detail(frame)
    run = {"输入文件": input_name} if input_name else {}
    run |= {"运行时间": ran_at, "运行编号": run_id, **(facts or {})}
    return [
        overview(frame, letters),
        matrix(frame, details.first_row(0)),
        details,
        gaps(frame),
        *grades(frame),
        *money(frame),
        *(agenda_sheets(frame, agenda) if agenda else ()),
        problems(frame),
        answers(frame),
        record(frame, run),
    ]
