"""What the result sheets say of a hand-made assessment; the values are typed from the fictional measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from incubxl.assess.model import Assessment, LetterView
from incubxl.grid import address
from incubxl.plan import SheetPlan, Value
from incubxl.results.agenda import DUE, PROGRESS
from incubxl.results.build import TITLES, result_sheets
from incubxl.style import STYLES, WORDS
from incubxl.verdict import Verdict

NAMES = [
    "结果汇总", "条件核对", "条件核对明细", "差什么", "评价结果", "指标得分", "经费核定", "限额明细", "问题清单",
    "口径使用", "运行记录",
]  # fmt: skip


def sheets(assessment: Assessment, letters: Sequence[LetterView] = (), **more: str) -> dict[str, SheetPlan]:
    plans = result_sheets(assessment, ran_at="2026-06-01 10:00:00", run_id="r-7", letters=letters, **more)
    return {plan.name: plan for plan in plans}


def table(plan: SheetPlan, index: int = 0) -> list[dict[str, Value]]:
    """A block as one dict per row, by header."""
    block = plan.blocks[index]
    return [dict(zip((c.label for c in block.columns), row, strict=True)) for row in block.rows]


def test_all_sheets_in_reading_order_each_with_the_measure_notice(assessment: Assessment) -> None:
    plans = sheets(assessment)
    assert list(plans) == NAMES
    assert {*NAMES, DUE, PROGRESS} == TITLES  # by these a second run knows its own
    assert all(plan.notice == "征求意见稿，仅供试运行" for plan in plans.values())
    assert all("云巢市孵化器管理办法（征求意见稿）" in plan.lines[0] for plan in plans.values())
    assert all("2026年度" in plan.lines[0] and "基准日 2026-06-01" in plan.lines[0] for plan in plans.values())


def test_a_measure_plainly_in_force_has_no_notice(assessment: Assessment) -> None:
    plans = sheets(replace(assessment, notice=""))
    assert all(plan.notice == "" for plan in plans.values())
    assert plans["差什么"].header_row(0) == 2


def test_overview_counts_rows_and_verdicts(assessment: Assessment, letters: tuple[LetterView, ...]) -> None:
    plan = sheets(assessment, letters)["结果汇总"]
    first, second, third = table(plan)
    assert first["是否符合"] == "符合"
    assert (first["符合项数"], first["资料不足项数"], first["不符合项数"]) == (1, 0, 0)  # the 提示项 is not counted
    assert (first["类型"], first["等级"], first["得分"]) == ("普通孵化器", "优秀", Decimal("91.5"))
    assert first["经费合计（元）"] == Decimal("1234567.89")
    assert (first["通知书"], first["通知书状态"], first["通知书说明"]) == ("认定通知书", "正式", "letters/A001.docx")
    assert (second["等级"], second["可能等级"]) == ("待定", "合格、不合格")
    assert (second["通知书状态"], second["通知书说明"]) == ("不出", "缺少收件人电子邮箱")
    assert (third["等级"], third["通知书"], third["经费合计（元）"]) == ("放弃", "", None)
    assert any("登记表有内容的行 4 = 已判定 3 + 拒收 1" in line for line in plan.lines)
    assert table(plan, 1) == [{"行号": 9, "工作表": "登记表", "拒收原因": "「申报编号」与第4行重复（A001）。"}]


def test_unknown_money_is_words_never_nought(assessment: Assessment) -> None:
    plans = sheets(assessment)
    assert table(plans["结果汇总"])[1]["经费合计（元）"] == "1项未定"
    known, unknown = table(plans["经费核定"])
    assert (known["金额（元）"], known["金额（万元）"]) == (Decimal("1234567.89"), Decimal("123.456789"))
    assert known["大写"] == "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"
    assert known["起约束的限额"] == "运营投入50%"
    assert (unknown["金额（元）"], unknown["金额（万元）"], unknown["大写"]) == ("资料不足", "资料不足", "")
    assert unknown["缺少资料"] == "工位数"
    limits = table(plans["限额明细"])
    assert [(x["限额名称"], x["是否起约束"], x["限额（元）"]) for x in limits] == [
        ("每年最高限额", "否", Decimal(2000000)),
        ("运营投入50%", "是", Decimal("1234567.89")),
        ("每年最高限额", "否", Decimal(2000000)),
        ("运营投入50%", "否", "资料不足"),
    ]
    assert str(limits[1]["性质"]).startswith("原则上")
    assert any("市科技局 1234567.89元" in line for line in plans["经费核定"].lines)
    assert "未计入合计：资料不足 1 项" in plans["经费核定"].lines


def test_a_limit_of_money_that_is_not_due_is_not_said_to_lack_facts(assessment: Assessment) -> None:
    """A matching share of an item that is not applicable waits for nothing."""
    first, second, third = assessment.determinations
    (line,) = second.funding
    limits = tuple(replace(x, amount=None, missing=()) for x in line.limits)
    made = replace(second, funding=(replace(line, verdict=Verdict.NOT_APPLICABLE, limits=limits, missing=()),))
    plans = sheets(replace(assessment, determinations=(first, made, third)))
    assert [x["限额（元）"] for x in table(plans["限额明细"])[2:]] == ["不适用", "不适用"]


def test_matrix_shows_words_with_marks_and_leads_to_the_detail_row(assessment: Assessment) -> None:
    plans = sheets(assessment)
    matrix, detail = plans["条件核对"], plans["条件核对明细"]
    assert [(row["场地面积"], row["工位（提示项）"]) for row in table(matrix)] == [
        ("符合（临界）", "资料不足"),
        ("符合（改判需复核）", "不符合"),
        ("待认定", "符合"),
    ]
    assert matrix.blocks[0].columns[4].note == "第六条（一）\n场地面积不少于500平方米"
    rows = {address(detail.first_row(0) + n, 5): row for n, row in enumerate(table(detail))}
    assert len(matrix.links) == 6
    for link in matrix.links:
        shown = matrix.blocks[0].rows[link.row - matrix.first_row(0)]
        target = rows[link.cell]
        assert link.sheet == "条件核对明细"
        assert (target["申报编号"], target["结论"]) == (shown[0], shown[link.column])


def test_detail_cites_everything(assessment: Assessment) -> None:
    rows = table(sheets(assessment)["条件核对明细"])
    assert rows[0] == {
        "申报编号": "A001",
        "单位名称": "云巢甲孵化器有限公司",
        "条款": "第六条（一）",
        "条件": "场地面积",
        "原文": "场地面积不少于500平方米",
        "结论": "符合（临界）",
        "计算结论": "符合",
        "人工判断、改判": "",
        "数值": "500平方米",
        "门槛": "不少于500平方米",
        "来源单元格": "登记表!F4",
        "缺少资料": "",
        "口径": "「以上」「以内」「不少于」「不低于」是否包括本数？→包括本数（依《民法典》第一千二百五十九条（类推））",
        "差什么": "",
        "临界": "是",
        "核对码": "3f9c1a20",
    }
    assert rows[1]["缺少资料"] == "工位数"
    assert rows[2]["计算结论"] == "不符合"
    assert rows[2]["人工判断、改判"] == (
        "改判为符合：测试员甲（2026-05-12）：现场核对了租赁合同；所依据的数据已变化，需复核"
    )
    assert rows[4]["口径"] == "共享场地是否计入面积？→未确定"


def test_gaps_hold_only_what_is_not_met_or_unknown(assessment: Assessment) -> None:
    rows = table(sheets(assessment)["差什么"])
    assert [(r["申报编号"], r["结论"], r["怎样补足"]) for r in rows] == [
        ("A001", "资料不足", "请填写「工位数」"),
        ("A002", "不符合", "还差18个工位"),
    ]


def test_source_cells_lead_into_the_input_workbook_only_when_its_place_is_known(assessment: Assessment) -> None:
    assert not sheets(assessment)["条件核对明细"].links
    plans = sheets(assessment, input_file="../input/甲.xlsx")
    detail = plans["条件核对明细"].links
    assert (detail[0].sheet, detail[0].cell, detail[0].file) == ("登记表", "F4", "../input/甲.xlsx")
    assert len(detail) == 6
    problems = plans["问题清单"]
    first = problems.first_row(0)
    assert [(x.row - first, x.column, x.cell) for x in problems.links] == [(0, 4, "G5"), (2, 4, "F4")]


def test_a_source_that_names_several_rows_leads_to_their_range(assessment: Assessment) -> None:
    d = assessment.determinations[0]
    counted = replace(d.results[0], cell="在孵企业!B3:B9，7行，去重后6家")
    vague = replace(d.results[1], cell="见附件")
    changed = replace(assessment, determinations=(replace(d, results=(counted, vague)),))
    links = sheets(changed, input_file="甲.xlsx")["条件核对明细"].links
    assert [(x.sheet, x.cell) for x in links] == [("在孵企业", "B3:B9")]


def test_problems_come_errors_first(assessment: Assessment) -> None:
    plan = sheets(assessment)["问题清单"]
    rows = table(plan)
    assert [r["程度"] for r in rows] == ["错误", "疑点", "提示"]
    assert rows[0]["单元格"] == "G5"
    assert rows[0]["如何处理"] == "请填写一个确定的数。"
    assert "错误 1 条、疑点 1 条、提示 1 条" in plan.lines


def test_grades_are_counted_with_those_that_are_none(assessment: Assessment) -> None:
    plan = sheets(assessment)["评价结果"]
    assert table(plan)[0] == {
        "等级": "家数", "优秀": 1, "合格": 0, "不合格": 0, "待定": 1, "放弃": 1, "免评": 0, "未评价": 0,
    }  # fmt: skip
    assert plan.chart is not None
    assert plan.chart.description == "柱形图：各等级家数。优秀1家，待定1家，放弃1家。"
    rows = table(plan, 1)
    assert (rows[0]["名次"], rows[1]["最低可能"], rows[1]["最高可能"]) == ("1 / 2", Decimal(55), Decimal(80))
    scored = table(sheets(assessment)["指标得分"])
    assert scored[0]["计分方法"] == "直接打分"
    assert scored[0]["数值与来源"] == "91.5（评分!D4）"
    assert plan.chart.row > plan.header_row(plan.main)  # what a repeated row holds is printed on every page


def test_answers_say_who_or_which_law_or_that_it_is_open(assessment: Assessment) -> None:
    rows = {r["口径编号"]: r for r in table(sheets(assessment)["口径使用"])}
    assert rows["number-inclusive"]["状态"] == "类推"
    assert rows["number-inclusive"]["由谁确定、依据"] == "《民法典》第一千二百五十九条（类推）"
    assert rows["joint-area"]["状态"] == "未确定"
    assert rows["joint-area"]["涉及判定数"] == 1
    assert rows["joint-area"]["影响什么"] == "场地面积是否达标。"


def test_record_names_pack_input_program_and_run(assessment: Assessment) -> None:
    plan = sheets(assessment, input_name="甲.xlsx")["运行记录"]
    said = {r["项目"]: r["内容"] for r in table(plan)}
    assert said["办法标识与版本"] == "cloud-nest 0.3"
    assert said["办法数据摘要（SHA-256）"] == assessment.pack.digest
    assert said["输入文件 SHA-256"] == "ab" * 32
    assert (said["输入文件"], said["运行编号"], said["程序版本"]) == ("甲.xlsx", "r-7", "incubxl 0.1.0")
    assert (said["办法效力"], said["效力提示"]) == ("征求意见稿", "征求意见稿，仅供试运行")
    assert (said["登记表有内容的行"], said["已判定"], said["拒收"]) == ("4", "3", "1")


def test_no_applicants_still_makes_every_sheet(assessment: Assessment) -> None:
    plans = sheets(replace(assessment, determinations=(), issues=(), refused=()))
    assert list(plans) == NAMES
    assert plans["差什么"].blocks[0].empty == "没有不符合或资料不足的条件"


@pytest.mark.parametrize("word", ["符合", "不符合", "资料不足", "待认定", "不适用"])
def test_verdict_fills_differ_in_lightness(word: str) -> None:
    def light(fill: str) -> float:
        red, green, blue = (int((fill or "FFFFFF")[n : n + 2], 16) for n in (0, 2, 4))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    others = [light(STYLES[WORDS[w]].fill) for w in ("符合", "不符合", "资料不足", "待认定", "不适用") if w != word]
    assert min(abs(light(STYLES[WORDS[word]].fill) - other) for other in others) > 12
