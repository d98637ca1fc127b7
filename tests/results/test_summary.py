"""The summary over a batch."""

from __future__ import annotations

from decimal import Decimal

from incubxl.assess.model import Assessment, LetterView
from incubxl.plan import SheetPlan, Value
from incubxl.results.summary import ResultFile, WorkbookSummary, summarise, summary_sheets


def table(plan: SheetPlan) -> list[dict[str, Value]]:
    block = plan.blocks[0]
    return [dict(zip((c.label for c in block.columns), row, strict=True)) for row in block.rows]


def batch(assessment: Assessment, letters: tuple[LetterView, ...]) -> list[SheetPlan]:
    done = summarise(assessment, file="in/甲.xlsx", result=ResultFile("甲-结果.xlsx", copy=True), letters=letters)
    broken = WorkbookSummary("in/乙.xlsx", failed="文件已加密，请去掉打开密码后再运行。")
    return summary_sheets([done, broken, done], ran_at="2026-06-01 10:00:00", run_id="r-7")


def test_every_workbook_is_there_and_a_failed_one_says_why(
    assessment: Assessment, letters: tuple[LetterView, ...]
) -> None:
    whole, _, _, failures = batch(assessment, letters)
    rows = table(whole)
    assert [r["状态"] for r in rows] == ["完成", "未完成", "完成"]
    assert rows[1]["说明"] == "文件已加密，请去掉打开密码后再运行。"
    assert (rows[1]["登记行"], rows[1]["符合家数"]) == (None, None)
    assert (rows[0]["登记行"], rows[0]["已判定"], rows[0]["拒收"]) == (4, 3, 1)
    assert (rows[0]["符合家数"], rows[0]["待认定家数"]) == (2, 1)
    assert rows[0]["等级"] == "优秀1、待定1、放弃1"
    assert (rows[0]["经费：市科技局（元）"], rows[0]["未定经费项"]) == (Decimal("1234567.89"), 1)
    assert (rows[0]["错误"], rows[0]["疑点"], rows[0]["提示"]) == (1, 1, 1)
    assert (rows[0]["通知书正式"], rows[0]["通知书草稿"], rows[0]["通知书不出"]) == (1, 0, 1)
    assert rows[0]["说明"] == "征求意见稿，仅供试运行"
    assert "工作簿 3 个：完成 2，未完成 1　登记行 8 = 已判定 6 + 拒收 2" in whole.lines
    assert [link.file for link in whole.links] == ["甲-结果.xlsx"] * 2
    assert [r["结果形式"] for r in rows] == ["登记工作簿的副本，加了结果表", None, "登记工作簿的副本，加了结果表"]
    assert table(failures) == [{"输入文件": "in/乙.xlsx", "原因和办法": "文件已加密，请去掉打开密码后再运行。"}]


def test_a_result_that_is_no_copy_says_why(assessment: Assessment) -> None:
    why = ResultFile("甲-结果.xlsx", False, "graft.signed", "工作簿带有数字签名", "请…")
    plan = summary_sheets([summarise(assessment, file="甲.xlsx", result=why)], ran_at="", run_id="r")[0]
    assert table(plan)[0]["结果形式"] == "单独的工作簿：工作簿带有数字签名"


def test_totals_by_measure_and_their_chart(assessment: Assessment, letters: tuple[LetterView, ...]) -> None:
    _, by_measure, *_ = batch(assessment, letters)
    (row,) = table(by_measure)
    assert (row["办法"], row["工作簿"], row["单位"], row["符合"]) == ("云巢孵化器", 2, 6, 4)
    assert (row["经费：市科技局（元）"], row["未定经费项"]) == (Decimal("2469135.78"), 2)
    assert by_measure.chart is not None
    assert "云巢孵化器：符合4家、待认定2家" in by_measure.chart.description
    assert [s.name for s in by_measure.chart.series] == ["符合", "不符合", "资料不足", "待认定", "不适用"]


def test_a_batch_where_all_fail_still_has_its_sheets() -> None:
    plans = summary_sheets([WorkbookSummary("乙.xlsx", failed="打不开。")], ran_at="", run_id="r")
    assert [p.name for p in plans] == ["批次汇总", "按办法汇总", "重复申报", "未完成"]
    assert plans[1].chart is None
