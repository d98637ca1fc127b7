"""Workdays by the published arrangement for 2026, the office's list, and years nobody has published."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from incubxl.mail.findings import MailRefused
from incubxl.mail.office_days import EXAMPLE, FILE, read_office_days
from incubxl.workdays import OfficeDays, day, next_workday
from tests.conftest import ROOT

D = dt.date


@pytest.mark.parametrize(
    ("date", "kind", "reason"),
    [
        (D(2026, 5, 6), "workday", "工作日"),
        (D(2026, 5, 9), "workday", "调休上班"),  # a Saturday, worked for 劳动节
        (D(2026, 5, 5), "rest", "法定节假日或调休放假"),  # a Tuesday
        (D(2026, 5, 16), "rest", "周末"),
        (D(2026, 10, 1), "rest", "法定节假日或调休放假"),
        (D(2026, 10, 10), "workday", "调休上班"),  # a Saturday, worked for 国庆节
    ],
)
def test_published_days(date: D, kind: str, reason: str) -> None:
    assert (day(date).kind, day(date).reason) == (kind, reason)


@pytest.mark.parametrize("date", [D(2099, 1, 4), D(2099, 1, 3), D(2001, 5, 8)])
def test_a_year_without_published_holidays_is_unknown_on_any_weekday(date: D) -> None:
    found = day(date)
    assert found.kind == "unknown"
    assert f"没有{date.year}年的放假安排" in found.reason


def test_the_offices_list_goes_before_everything() -> None:
    office = OfficeDays(worked={D(2026, 5, 16), D(2099, 1, 3)}, off={D(2026, 5, 6), D(2099, 1, 5)})
    assert day(D(2026, 5, 16), office).kind == "workday"
    assert day(D(2099, 1, 3), office).kind == "workday"
    assert day(D(2026, 5, 6), office).kind == "rest"
    assert day(D(2099, 1, 5), office).kind == "rest"


def test_a_day_listed_both_ways_is_unknown() -> None:
    office = OfficeDays(worked=[D(2026, 5, 6)], off=[D(2026, 5, 6)])
    assert day(D(2026, 5, 6), office).kind == "unknown"
    assert day(D(2026, 5, 6), office).reason == "本单位把2026年5月6日既列为上班又列为休息"


def test_next_workday_passes_over_holidays_and_stops_at_the_unknown() -> None:
    assert next_workday(D(2026, 4, 30)) == D(2026, 5, 6)
    assert next_workday(D(2026, 9, 30)) == D(2026, 10, 8)
    assert next_workday(D(2098, 12, 31)) is None
    assert next_workday(D(2098, 12, 31), OfficeDays(off=[D(2099, 1, 1)], worked=[D(2099, 1, 2)])) == D(2099, 1, 2)


def test_the_example_of_the_office_s_file_is_one_and_stands_in_the_documentation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path))
    assert read_office_days() == OfficeDays()
    (tmp_path / FILE).write_text(EXAMPLE, encoding="utf-8")
    office = read_office_days()
    for date, kind in ((1, "rest"), (2, "rest"), (3, "workday"), (4, "workday"), (9, "rest")):
        assert day(dt.date(2027, 1, date), office).kind == kind
    assert EXAMPLE in (ROOT / "docs" / "mail.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ['off = ["2027-01-01"]', "off = [2027-02-30]", "years = [27]", "holidays = []"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path))
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(MailRefused) as refusal:
        read_office_days()
    assert refusal.value.issue.code == "mail.workdays"
    assert FILE in refusal.value.issue.message
