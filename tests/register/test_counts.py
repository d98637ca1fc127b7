"""Counting from detail rows: intervals, sources, totals that disagree."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.files.packs import store
from incubxl.register.model import Register
from incubxl.register.read import read_register

from .build import CODES, found, grid, sheet, with_tenants

A, B, C, E = CODES
DAY = dt.date(2025, 6, 1)


def tenant(
    owner: Any = "A1", code: Any = A, kind: Any = "中外合资", day: Any = DAY, raised: Any = 10.0, active: Any = "是"
) -> list[Any]:
    return [owner, "某企业", code, kind, day, raised, active]


def span(register: Register, id: str, i: int = 0) -> tuple[float, float]:
    counted = register.counted[id]
    return counted.lo[i], counted.hi[i]


def test_distinct_by_code() -> None:
    r = with_tenants([tenant(code=A), tenant(code=B), tenant(code=A.lower()), tenant("A2", code=A)])
    assert span(r, "tenants_all") == (2, 2)
    assert span(r, "tenants_all", 1) == (1, 1)
    counted = r.counted["tenants_all"]
    assert counted.source == ("在孵企业!C2:C4（3行，去重后2家）", "在孵企业!C5（1行，去重后1家）")
    assert counted.open == ((), ())
    assert counted.from_rows.tolist() == [True, True]
    [info] = found(r, "count.repeated")
    assert (info.severity, info.applicant) == ("info", "A1")
    assert "C2 与 C4" in info.message


def test_a_row_without_code_may_repeat_one_or_be_one_more() -> None:
    r = with_tenants([tenant(code=A), tenant(code=B), tenant(code=None), tenant(code="无")])
    assert span(r, "tenants_all") == (2, 4)
    counted = r.counted["tenants_all"]
    assert counted.source[0] == "在孵企业!C2:C5（4行，去重后2至4家）"
    assert counted.open[0] == ("在孵企业!C4（缺信用代码）", "在孵企业!C5（缺信用代码）")


def test_rows_without_any_code_are_at_least_one() -> None:
    assert span(with_tenants([tenant(code=None), tenant(code=None)]), "tenants_all") == (1, 2)


def test_filter() -> None:
    r = with_tenants(
        [tenant(code=A), tenant(code=B, kind="内资"), tenant(code=C, kind=None), tenant(code=E, kind="合资")]
    )
    assert span(r, "tenants_joint") == (1, 3)
    assert r.counted["tenants_joint"].open[0] == ("在孵企业!D4（缺企业类型）", "在孵企业!D5（缺企业类型）")
    assert "可计入3行" in r.counted["tenants_joint"].source[0]


def test_an_open_row_that_repeats_a_sure_one_changes_nothing() -> None:
    assert span(with_tenants([tenant(code=A), tenant(code=A, kind=None)]), "tenants_joint") == (1, 1)


def test_rows_by_a_boolean() -> None:
    r = with_tenants([tenant(), tenant(active="否"), tenant(active=None), tenant(active="#N/A")])
    assert span(r, "rows_active") == (1, 3)


def test_sum_in_another_unit() -> None:
    r = with_tenants([tenant(raised=0.1), tenant(raised=0.2), tenant(raised="300元")])
    assert span(r, "raised_sum") == (3300, 3300)
    assert r.counted["raised_sum"].source[0] == "在孵企业!F2:F4（3行，合计3300元）"


def test_sum_with_a_blank_is_open_upwards() -> None:
    r = with_tenants([tenant(raised=1.0), tenant(raised=None)])
    assert span(r, "raised_sum") == (10000, np.inf)
    assert r.counted["raised_sum"].open[0] == ("在孵企业!F3（缺融资额）",)
    assert "合计不少于10000元" in r.counted["raised_sum"].source[0]


def test_rows_of_nobody_known_may_be_anybodys_who_has_rows() -> None:
    r = with_tenants([tenant(code=A), tenant("A9", code=B), tenant(None, code=B), tenant(None, code=None)])
    assert span(r, "tenants_all") == (1, 3)
    assert np.isnan(span(r, "tenants_all", 1)[0])
    assert "在孵企业!C3（不知道属于哪个单位）" in r.counted["tenants_all"].open[0]


def test_a_row_with_only_its_owner_is_open() -> None:
    r = with_tenants([tenant(code=A), ["A1", None, None, None, None, None, None]])
    assert span(r, "tenants_all") == (1, 2)


def test_typed_total_without_rows() -> None:
    r = with_tenants([], total=6.0)
    assert span(r, "tenants_all") == (6, 6)
    counted = r.counted["tenants_all"]
    assert (counted.source[0], counted.open[0]) == ("申报登记!E2", ())
    assert counted.open[1] == ("tenant_total",)
    assert np.isnan(span(r, "tenants_all", 1)).all()
    assert not counted.from_rows.any()


def test_nothing_at_all_names_the_sheet() -> None:
    counted = with_tenants([]).counted["rows_active"]
    assert counted.open[0] == ("在孵企业（没有该单位的明细行）",)


def test_a_total_that_disagrees_names_both_places_and_rows_win() -> None:
    r = with_tenants([tenant(code=A), tenant(code=B)], total=6.0)
    [issue] = found(r, "count.total_disagrees")
    assert (issue.severity, issue.place.cell, issue.applicant) == ("warning", "E2", "A1")
    assert "填报总数为6家（申报登记!E2）" in issue.message
    assert "在孵企业!C2:C3" in issue.message
    assert span(r, "tenants_all") == (2, 2)


def test_a_total_inside_the_interval_does_not_disagree() -> None:
    assert not found(with_tenants([tenant(code=A), tenant(code=None)], total=2.0), "count.total_disagrees")


@pytest.mark.parametrize(("typed", "disagrees"), [(3, False), (5, False), (4, True)])
def test_a_total_may_be_any_reading_of_the_clause(typed: int, disagrees: bool) -> None:
    """第7条（四）: 3 talents in a catalogue, 5 with those confirmed one by one. Only 4 fits no reading."""
    kinds = ["外籍，列入人才目录或计划"] * 3 + ["海外背景，经市科技局逐人认定高层次"] * 2
    talents = [["U1", f"R{n}", kind] for n, kind in enumerate(kinds)]
    pages = (
        sheet("申报登记", [["申报编号", "单位名称", "外籍及海外背景高层次人才数"], ["U1", "示例甲", typed]]),
        sheet("人才", [["申报编号", "人员标识", "人才类别"], *talents]),
    )
    register = read_register(grid(*pages), store().pack("urumqi-intl"))
    assert span(register, "talents_listed") == (3, 3)
    assert span(register, "talents_high") == (5, 5)
    assert bool(found(register, "count.total_disagrees")) == disagrees


def test_reference_year() -> None:
    rows = [tenant(), tenant(day=dt.date(2024, 12, 31)), tenant(day=None), tenant(day="2025.1.1")]
    assert span(with_tenants(rows), "this_year") == (2, 3)
    unset = with_tenants(rows, reference_year=None)
    assert span(unset, "this_year") == (0, 4)
    [issue] = found(unset, "count.no_reference_year")
    assert "当年入驻" in issue.message
    assert "每年入驻" in issue.message
    assert unset.counted["this_year"].open[0][0] == "设置（统计年度未填）"


def test_each_year_takes_the_weakest_complete_year() -> None:
    days = ["2023-02-01", "2024-02-01", "2024-03-01", "2025-02-01", "2025-03-01", "2025-04-01"]
    rows = [tenant(day=day) for day in days]
    assert span(with_tenants(rows, founded=dt.date(2023, 5, 1)), "each_year") == (2, 2)
    assert span(with_tenants(rows, founded=dt.date(2021, 5, 1)), "each_year") == (0, 0)
    assert span(with_tenants([*rows, tenant(day=None)], founded=dt.date(2023, 5, 1)), "each_year") == (2, 3)


def test_each_year_without_date_year_or_a_complete_year() -> None:
    for more, why in [
        ({}, "founded"),
        ({"founded": dt.date(2023, 5, 1), "reference_year": None}, "设置（统计年度未填）"),
        ({"founded": dt.date(2025, 5, 1)}, "申报登记!F2（成立日期之后还没有完整年度）"),
    ]:
        r = with_tenants([tenant()], **more)
        assert np.isnan(span(r, "each_year")).all()
        assert r.counted["each_year"].open[0] == (why,)


cells = {
    2: st.sampled_from([None, A, B, C]),
    3: st.sampled_from([None, "中外合资", "内资", "乱写"]),
    4: st.sampled_from([None, dt.date(2024, 3, 1), dt.date(2025, 3, 1), "2025年3月"]),
    5: st.sampled_from([None, 1.0, 2.5]),
    6: st.sampled_from([None, "是", "否"]),
}
row = st.tuples(st.sampled_from(["A1", "A2"]), st.none(), *(cells[i] for i in range(2, 7))).map(list)
stray = (
    st.tuples(st.none(), st.none(), *(cells[i] for i in range(2, 7))).map(list).filter(any)
)  # an empty row is no row: filling it adds one


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=5), st.lists(stray, max_size=2), st.data())
def test_filling_a_blank_never_reverses_what_was_known(mine: list[Any], strays: list[Any], data: st.DataObject) -> None:
    rows = [*mine, *strays]
    where = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(2, 6))
    value = data.draw(cells[where[1]].filter(lambda v: v is not None))
    if rows[where[0]][where[1]] is not None:
        return
    founded = dt.date(2022, 5, 1)
    before = with_tenants(rows, founded=founded)
    filled = [list(r) for r in rows]
    filled[where[0]][where[1]] = value
    after = with_tenants(filled, founded=founded)
    for id in before.counted:
        for i in range(2):
            lo, hi = span(before, id, i)
            if not np.isnan(lo) and before.counted[id].from_rows[i]:
                assert lo <= span(after, id, i)[0] <= span(after, id, i)[1] <= hi, id


@pytest.mark.parametrize("n", [0, 1, 3])
def test_counts_have_one_value_per_applicant(n: int) -> None:
    r = with_tenants([tenant() for _ in range(n)])
    for counted in r.counted.values():
        assert len(counted.lo) == len(counted.hi) == len(counted.source) == len(counted.open) == r.size
