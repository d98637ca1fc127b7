"""Periods, deadlines that roll or are counted backwards: 民法典 第二百零一条至第二百零三条, the calendar of 2026."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.workdays import OfficeDays, day, due, no_later_than, period_end, previous_workday, span

D = dt.date


@pytest.mark.parametrize(
    ("start", "length", "counted", "end"),
    [
        (D(2024, 6, 15), (2, "年"), False, D(2026, 6, 15)),  # 到期月的对应日
        (D(2024, 6, 15), (2, "年"), True, D(2026, 6, 14)),
        (D(2026, 1, 31), (1, "个月"), False, D(2026, 2, 28)),  # 没有对应日的，月末日
        (D(2024, 2, 29), (1, "年"), False, D(2025, 2, 28)),
        (D(2026, 5, 1), (7, "日"), False, D(2026, 5, 8)),
        (D(2026, 5, 1), (7, "日"), True, D(2026, 5, 7)),
    ],
)
def test_a_period_ends_on_the_corresponding_day_or_the_months_last(
    start: D, length: tuple[int, str], counted: bool, end: D
) -> None:
    assert period_end(start, span(*length), first_day_counts=counted) == end


def test_a_length_has_a_unit_of_time() -> None:
    with pytest.raises(ValueError, match="平方米"):
        span(3, "平方米")


def test_a_deadline_for_an_act_rolls_over_a_holiday() -> None:
    found = due(D(2026, 10, 1))  # 国庆节 to 10-07
    assert found.last == D(2026, 10, 8)
    assert "2026年10月1日" in found.why
    assert "顺延至2026年10月8日" in found.why
    assert due(D(2026, 10, 10)).last == D(2026, 10, 10)  # a Saturday that is worked
    assert due(D(2026, 5, 16)).last == D(2026, 5, 18)  # an ordinary Saturday


def test_a_deadline_counted_backwards_never_moves_later() -> None:
    found = no_later_than(D(2026, 11, 4), span(1, "个月"))  # 2026-10-04 is a holiday
    assert (found.last, found.advised) == (D(2026, 10, 4), D(2026, 9, 30))
    assert "不顺延" in found.why
    assert no_later_than(D(2026, 3, 31), span(1, "个月")).last == D(2026, 2, 28)  # a worked Saturday (调休)
    assert no_later_than(D(2026, 7, 31), span(1, "个月")) == no_later_than(D(2026, 7, 30), span(1, "个月"))


def test_a_year_without_published_holidays_is_said_and_nothing_is_moved() -> None:
    for found in (due(D(2099, 1, 3)), no_later_than(D(2099, 2, 3), span(1, "个月"))):
        assert found.last == D(2099, 1, 3)
        assert found.advised is None
        assert "没有2099年的放假安排" in found.why
    own = OfficeDays(years=[2099])
    assert due(D(2099, 1, 3), own).last == D(2099, 1, 5)  # a Saturday
    assert previous_workday(D(2099, 1, 5), own) == D(2099, 1, 2)
    assert previous_workday(D(2099, 1, 2)) is None


@given(st.dates(D(2024, 3, 1), D(2026, 9, 1)), st.integers(1, 36))
def test_a_rolled_deadline_is_a_workday_and_a_backward_one_is_never_later(start: D, months: int) -> None:
    length = span(months, "个月")
    rolled = due(start)
    assert rolled.last >= start
    assert day(rolled.last).kind == "workday"
    back = no_later_than(start, length)
    assert back.last == start - length
    assert (back.advised or back.last) <= back.last
