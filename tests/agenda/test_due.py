"""incubxl due: the sample of each measure, as a table, a workbook, a calendar and JSON."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from icalendar import Calendar

from incubxl.cli.commands import app
from tests.conftest import ROOT

SAMPLES = ROOT / "samples"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "own"))


def run(*arguments: str | Path) -> int:
    return int(app([str(a) for a in ("due", *arguments)], standalone_mode=False))


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    run(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def items(body: dict[str, Any], id: str) -> list[dict[str, Any]]:
    return [item for book in body["workbooks"] for item in book["items"] if item["id"] == id]


def test_urumqi_from_the_workbooks_own_as_of_date(capsys: pytest.CaptureFixture[str]) -> None:
    body = told(capsys, SAMPLES / "urumqi-intl-2026.xlsx")
    (book,) = body["workbooks"]
    assert (book["as_of"], body["within"]) == ("2026-05-31", 90)
    (change,) = items(body, "change-notice")  # 第10条: planned for 2026-07-26
    assert (change["on"], change["applicants"], change["state"]) == ("2026-06-26", ["U26-20"], "soon")
    assert change["clause"] == "第10条"
    assert change["cell"].startswith("事件!")
    statistics = items(body, "statistics")  # until 2026-07-11, a Saturday
    assert {item["on"] for item in statistics} == {"2026-07-13"}
    assert "U26-20" not in {a for item in statistics for a in item["applicants"]}  # handed in
    course = next(c for c in book["courses"] if c["applicant"] == "U26-01" and c["sequence"] == "recognition")
    assert [m["key"] for m in course["missing"]] == ["publicity_over", "no_open_objection"]
    assert [d["stage"] for d in course["done"]][-1] == "publicity"
    excepted = next(c for c in book["courses"] if c["applicant"] == "U26-02")
    assert [e["stage"] for e in excepted["exceptions"]] == ["first-review"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_no_calendar_reaches_is_wrong_usage(day: str) -> None:
    """Counting on from the last day there is would be a crash."""
    with pytest.raises(typer.BadParameter, match="不在1950年至2099年之间"):
        run(SAMPLES / "urumqi-intl-2026.xlsx", "--as-of", day)


def test_another_as_of_date_and_horizon(capsys: pytest.CaptureFixture[str]) -> None:
    sample = SAMPLES / "urumqi-intl-2026.xlsx"
    later = told(capsys, sample, "--as-of", "2026-07-01", "--within", "5")
    assert items(later, "change-notice")[0]["state"] == "overdue"
    assert items(later, "statistics") == []
    assert run(sample, "--as-of", "2026-07-01") == 1  # something is overdue


def test_a_folder_of_all_measures_into_one_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "登记"
    folder.mkdir()
    for sample in SAMPLES.glob("*2026.xlsx"):
        shutil.copy(sample, folder)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    out = tmp_path / "待办.xlsx"
    run(folder, "--out", out)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    capsys.readouterr()
    body = told(capsys, folder)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["待办", "进度"]
    head = next(r for r in range(1, 12) if book["待办"].cell(r, 2).value == "状态")
    rows = list(book["待办"].iter_rows(min_row=head + 1, values_only=True))
    assert len(rows) == sum(len(b["items"]) for b in body["workbooks"])
    assert {row[0] for row in rows} == {p.name for p in folder.iterdir()}
    assert {row[1] for row in rows} <= {"逾期", "临近", "已到", "日期未定"}
    assert all(row[13] for row in rows)  # the quote
    links = [cell.hyperlink for row in book["待办"].iter_rows(min_row=head + 1) for cell in row if cell.hyperlink]
    assert links
    assert run(folder, "--out", out) in (0, 1)  # our own earlier file is replaced


def test_a_calendar_that_the_library_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample, ics = SAMPLES / "urumqi-intl-2026.xlsx", tmp_path / "待办.ics"
    body = told(capsys, sample, "--ics", ics)
    data = ics.read_bytes()
    events = Calendar.from_ical(data).walk("VEVENT")
    dated = [i for i in body["workbooks"][0]["items"] if i["state"] in ("overdue", "soon")]
    assert [e["DTSTART"].dt.isoformat() for e in events] == [i["on"] for i in dated]
    assert all(type(e["DTSTART"].dt) is dt.date for e in events)  # all day, without a time zone
    assert all(e["DTEND"].dt - e["DTSTART"].dt == dt.timedelta(days=1) for e in events)
    assert len({str(e["UID"]) for e in events}) == len(events)
    change = next(e for e in events if "变更前书面报备" in str(e["SUMMARY"]))
    assert "第10条" in str(change["DESCRIPTION"])
    assert "场地位置" not in data.decode()  # what people wrote stays out
    for contact in ("@", "示例联系人", "0991-"):
        assert contact not in data.decode().replace("@incubxl.invalid", "")
    assert max(map(len, data.split(b"\r\n"))) <= 75  # RFC 5545, 3.1
    run(sample, "--ics", ics)
    assert ics.read_bytes() == data


def test_an_entry_keeps_its_identity_when_its_date_moves(tmp_path: Path) -> None:
    uids = []
    for own in ("", "off = [2026-07-13]\n"):
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / "workdays.toml").write_text(own, encoding="utf-8")
        run(SAMPLES / "urumqi-intl-2026.xlsx", "--ics", tmp_path / "a.ics")
        events = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")
        statistics = [e for e in events if "统计" in str(e["SUMMARY"])]
        uids.append(({str(e["UID"]) for e in statistics}, {e["DTSTART"].dt for e in statistics}))
    assert uids[0][0] == uids[1][0]
    assert (uids[0][1], uids[1][1]) == ({dt.date(2026, 7, 13)}, {dt.date(2026, 7, 14)})


@pytest.mark.parametrize(("option", "name"), [("--out", "待办.xlsx"), ("--ics", "待办.ics")])
def test_a_file_of_somebody_else_is_not_replaced(
    option: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / name
    mine.write_bytes(b"mine")
    assert run(SAMPLES / "urumqi-intl-2026.xlsx", option, mine) == 3
    assert "没有覆盖" in capsys.readouterr().err
    assert mine.read_bytes() == b"mine"
    assert run(SAMPLES / "urumqi-intl-2026.xlsx", option, tmp_path / "x.txt") == 3


def test_what_cannot_be_read_is_told_and_the_rest_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(SAMPLES / "urumqi-intl-2026.xlsx", tmp_path)
    (tmp_path / "坏.xlsx").write_bytes(b"not a workbook")
    assert run(tmp_path) == 3
    said = capsys.readouterr()
    assert "坏.xlsx" in said.err
    assert "变更前书面报备" in said.out
    assert run(tmp_path / "没有") == 3
    empty = tmp_path / "空"
    empty.mkdir()
    assert run(empty) == 3


def test_a_broken_list_of_workdays_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "workdays.toml").write_text("off = [2026-02-30]", encoding="utf-8")
    assert run(SAMPLES / "urumqi-intl-2026.xlsx") == 3
    assert "workdays.toml" in capsys.readouterr().err


def test_rows_that_do_not_count_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped day, an exception that nobody signed: whoever reads the list must know that they are not in it."""
    path = tmp_path / "登记.xlsx"
    book = openpyxl.load_workbook(SAMPLES / "xinjiang-makerspace-2026.xlsx")
    sheet = book["事件"]
    sheet.append(["X26-01", "环节办结", "实地核查", "2026.13.1"])
    sheet.append(["全体", "例外办理", "公示", "2026-5-1"])
    last = sheet.max_row
    book.save(path)
    assert run(path) == 1
    said = capsys.readouterr().out
    assert f"没有算进去：「日期」写的是「2026.13.1」，没有这一天（事件!D{last - 1}）。" in said
    assert f"没有算进去：「事件」第{last}行缺少理由、署名人，没有生效（" in said
    (one,) = told(capsys, path)["workbooks"]
    assert f"D{last - 1}" in {i["cell"] for i in one["issues"]}
