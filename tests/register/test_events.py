"""The events sheet: what becomes an event, for whom, and what does not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incubxl.files.packs import PackStore
from incubxl.register.model import Register
from incubxl.register.read import read_register

from .build import found, grid, sheet

DAY = dt.date(2026, 6, 1)
HEAD = ["申报编号", "类别", "事项", "日期", "截止或计划日期", "由谁办理", "文号", "依据材料"]
HEAD += ["处理方式", "理由", "署名人"]
PACK = PackStore().pack("xinjiang-makerspace")


def events(*rows: list[Any]) -> Register:
    width = len(HEAD)
    filled = [[*row, *[None] * (width - len(row))] for row in rows]
    register = sheet("申报登记", [["申报编号", "单位名称"], ["X1", "试验众创空间甲"], ["X2", "试验众创空间乙"]])
    return read_register(grid(register, sheet("事件", [HEAD, *filled])), PACK)


def test_a_stage_done_keeps_what_the_row_says() -> None:
    """第十条2：各地州市科技局负责进行初审并实地核查。"""
    r = events(["X1", "环节办结", "实地核查", DAY, None, "试验州科技局", "试科〔2026〕1号", "核查记录"])
    (event,) = r.events["X1"]
    assert (event.kind, event.what, event.written, event.on) == ("stage", "site-visit", "实地核查", DAY)
    assert (event.by, event.document_number, event.evidence) == ("试验州科技局", "试科〔2026〕1号", "核查记录")
    assert event.cell == "事件!C2"
    assert "X2" not in r.events


def test_what_is_done_for_all_stands_under_each() -> None:
    r = events(["全体", "环节办结", "公示", DAY, dt.date(2026, 6, 8)])
    assert [r.events[id][0].what for id in ("X1", "X2")] == ["publicity", "publicity"]
    assert r.events["X2"][0].until == dt.date(2026, 6, 8)
    assert not found(r, "row.owner_unknown")


def test_a_finding_or_decision_about_all_is_asked_about_and_bans_nobody() -> None:
    """第十一条：取消其自治区备案资格，且 2 年内不得再次申报 — 其 is one organisation."""
    decision = [
        "全体",
        "处理决定",
        "申报中弄虚作假",
        DAY,
        *[None] * 4,
        "取消自治区备案资格，2年内不得再次申报",
        None,
        "某甲",
    ]
    r = events(decision, ["全体", "查明情形", "申报中弄虚作假", DAY])
    assert r.events == {}
    told = found(r, "officer.everybody")
    assert [str(issue.place) for issue in told] == ["事件!A2", "事件!A3"]
    assert "处理决定「申报中弄虚作假」写的是「全体」，没有生效" in told[0].message


def test_an_exception_needs_a_reason_and_a_name() -> None:
    r = events(["X1", "例外办理", "实地核查", DAY])
    assert r.events == {}
    (issue,) = found(r, "officer.incomplete")
    assert "缺少理由、署名人" in issue.message


def test_a_decision_names_an_option_that_the_measure_lists() -> None:
    """第十一条：取消其自治区备案资格，且 2 年内不得再次申报。"""
    option = "取消自治区备案资格，2年内不得再次申报"
    good = ["X1", "处理决定", "申报中弄虚作假", DAY, None, "", "", "", option, "", "某甲"]
    r = events(good, ["X2", "处理决定", "申报中弄虚作假", DAY, None, "", "", "", "罚款", "", "某甲"])
    assert (r.events["X1"][0].what, r.events["X1"][0].option) == ("fraud", "revoke")
    assert "X2" not in r.events
    assert "罚款" in found(r, "officer.unknown_item")[0].message


def test_a_stage_of_another_measure_is_unknown() -> None:
    r = events(["X1", "环节办结", "授牌", DAY])
    assert r.events == {}
    assert "授牌" in found(r, "officer.unknown_item")[0].message


def test_a_change_keeps_its_own_words_and_its_planned_day() -> None:
    r = events(["X1", "变更", "场地迁址", DAY, dt.date(2026, 8, 1)])
    assert (r.events["X1"][0].what, r.events["X1"][0].until) == ("场地迁址", dt.date(2026, 8, 1))
