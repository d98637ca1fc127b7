"""What can be wrong with what a register says of a procedure, in Chinese. None of it blocks anything."""

from __future__ import annotations

from incubxl.grid import Place
from incubxl.issues import register

register(
    "procedure.skipped", "warning",
    "「{done}」已登记办结，在它之前的「{stage}」（{clause}）{seen}。",
    "请补登记「{stage}」；确实没有办的，请负责人在「事件」登记「例外办理」，写明理由并署名。",
    "书面推荐以前没有登记实地核查",
)  # fmt: skip
register(
    "procedure.out_of_order", "warning",
    "「{later}」（{later_on}）早于在它之前的「{earlier}」（{earlier_on}，{cell}），与办法的次序不符。",
    "请核对两个日期；确属例外的，请负责人在「事件」登记「例外办理」，写明理由并署名。",
    "公示日期早于授牌日期",
)  # fmt: skip
register(
    "procedure.unmet", "warning",
    "「{stage}」{on}办结时，{lack}（{clause}）。",
    "请核对并补登记所缺的（公示截止、有无异议、异议办结、核查记录）；确属例外的，请负责人在「事件」登记「例外办理」，写明理由并署名。",
    "公示还没有期满就登记了确认",
)  # fmt: skip
register(
    "procedure.publicity_days", "warning",
    "「{stage}」的截止日期（{until}）早于开始日期（{on}，{cell}）。",
    "请核对两个日期；公示期满按登记的截止日期算。",
    "公示截止写成了上一个月",
)  # fmt: skip
register(
    "procedure.dates_differ", "warning",
    "「{stage}」的日期，「事件」写{on}，登记表（{cell}）写{other}。",
    "请核对后改成一致；进度以「事件」为准。",
    "实地核查日期两处不同",
)  # fmt: skip
register(
    "procedure.status_unknown", "warning",
    "状态「{seen}」不是本办法的环节{hint}。",
    "请从下拉列表选最近办结的环节，或者清空，进度以「事件」为准。",
    "状态写成「办理中」",
)  # fmt: skip
register(
    "procedure.status_differs", "warning",
    "登记表的状态是「{status}」，「事件」和登记栏目显示最近办结的是「{last}」{cell}。",
    "请核对：补登记已办的环节，或改正状态；程序两边都不改。",
    "状态写「确认」，事件只登记到公示",
)  # fmt: skip
register(
    "duty.period", "warning",
    "「{duty}」的所属期间「{seen}」读不出来，没有算作已报送。",
    "年报写年度，如 2026；季报写 2026年第1季度。",
    "季度报告的所属期间空着",
)  # fmt: skip


def at(cell: str) -> Place:
    """``工作表!A1`` as a place."""
    sheet, _, address = cell.rpartition("!")
    return Place(sheet, address)
