"""结果汇总: one row per applicant, and the rows that were refused, so that rows in = determined + refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from incubxl.assess.model import Assessment, LetterView
from incubxl.money import in_words
from incubxl.plan import Block, Column, SheetPlan, Value
from incubxl.results.frame import Frame
from incubxl.results.words import STATE_WORDS, grade_word, payer_totals, total_cell, track_label
from incubxl.verdict import Verdict

OVERVIEW = "结果汇总"
_ORDER = (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE)
_COLUMNS = (
    Column("申报编号"), Column("单位名称"), Column("类型"), Column("是否符合", words=True),
    *(Column(f"{verdict.word}项数", "integer") for verdict in _ORDER),
    Column("等级", "centre", words=True), Column("可能等级"), Column("得分", "number"),
    Column("经费合计（元）", "yuan"), Column("通知书"), Column("通知书状态", "centre", words=True),
    Column("通知书说明"),
)  # fmt: skip
_WIDTHS = (12, 28, 18, 12, 8, 8, 10, 8, 8, 12, 16, 10, 20, 16, 11, 36)
_REFUSED = (Column("行号", "integer"), Column("工作表"), Column("拒收原因", "run"))


def overview(frame: Frame, letters: Sequence[LetterView]) -> SheetPlan:
    """``letters`` in any order; an applicant may have several."""
    assessment = frame.assessment
    by_applicant: dict[str, list[LetterView]] = {}
    for letter in letters:
        by_applicant.setdefault(letter.applicant, []).append(letter)
    rows: list[tuple[Value, ...]] = []
    for d in assessment.determinations:
        counts = Counter(r.verdict for r in d.results if not r.advisory)  # 提示项 never decide
        own = by_applicant.get(d.applicant, [])
        rows.append((
            d.applicant, d.name, track_label(assessment.pack, d.track), d.eligible.word,
            *(counts[verdict] for verdict in _ORDER),
            grade_word(d.grade), "、".join(d.grade.possible), d.grade.score, total_cell(assessment.pack, d.funding),
            "\n".join(letter.label for letter in own),
            "\n".join(STATE_WORDS[letter.state] for letter in own),
            "\n".join(text for letter in own if (text := letter.why or letter.file)),
        ))  # fmt: skip
    refused = [(r.row, r.sheet, r.reason) for r in assessment.refused]
    blocks = (
        Block(_COLUMNS, rows, empty="没有可判定的单位"),
        Block(_REFUSED, refused, heading="拒收的行（没有判定，请按原因改正后重新运行）", empty="没有拒收的行"),
    )
    return frame.sheet(OVERVIEW, _WIDTHS, blocks, lines=totals(assessment), paper="A3")


def totals(assessment: Assessment) -> tuple[str, ...]:
    """The lines above the table."""
    eligible = Counter(d.eligible for d in assessment.determinations)
    rows = (
        f"登记表有内容的行 {assessment.register.rows_seen} = 已判定 {len(assessment.determinations)}"
        f" + 拒收 {len(assessment.refused)}"
    )
    verdicts = "、".join(f"{verdict.word} {eligible[verdict]} 家" for verdict in _ORDER if eligible[verdict])
    money = "；".join(f"{payer} {in_words(total)}" for payer, total in payer_totals(assessment).items())
    return (
        rows + (f"　是否符合：{verdicts}" if verdicts else ""),
        *((f"已核定经费：{money}（未定的项目不计入，见「经费核定」）",) if money else ()),
    )
