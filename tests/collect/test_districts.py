"""A district's workbook: where the marks and the words of a row or column differ, a person says whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.collect.summary import sheets
from tests.collect.conftest import Read, codes, state
from tests.collect.fill import XINJIANG, edit, find, made

DISTRICT = "克拉玛依市"
FIRST, SECOND = "X26-09", "X26-18"  # its first two applicants
DAY = dt.datetime(2026, 5, 30)
Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("区县") / "发出"
    return made(out, XINJIANG, slices=["推荐单位"], to="districts").files[DISTRICT]


def received(given_out: Path, back: Path, read: Read, change: Change) -> Any:
    """What one return finds."""
    edit(given_out, change, back / "区.xlsx")
    return read(back, XINJIANG)


def at(sheet: Any, id: str, title: str) -> Any:
    """The cell of a unit under a title, by what can be seen."""
    return sheet.cell(find(sheet, id)[0], find(sheet, title)[1])


def listed(found: Any) -> set[tuple[str, str, str, str]]:
    """(unit, field, new value, cell) of every conflict."""
    return {(c.applicant, c.field.id, c.new, c.source.cell) for c in found.found.conflicts}


def sorted_without_marks(book: Any) -> None:
    """The district writes a date for the second, then sorts what it sees; the hidden column A stays."""
    sheet = book["申报登记"]
    sheet.protection.sheet = False
    at(sheet, SECOND, "书面推荐日期").value = DAY
    one, two = find(sheet, FIRST)[0], find(sheet, SECOND)[0]
    for column in range(2, sheet.max_column + 1):
        a, b = sheet.cell(one, column), sheet.cell(two, column)
        a.value, b.value = b.value, a.value


def test_rows_sorted_away_from_their_marks_are_conflicts(given_out: Path, back: Path, read: Read) -> None:
    found = received(given_out, back, read, sorted_without_marks)
    assert not found.found.updates
    assert codes(found) == ["collect.row_differs", "collect.row_differs"]
    assert {
        (FIRST, "recommended_on", "2026-05-30", "H11"),
        (SECOND, "recommended_on", "2026-05-12", "H12"),
    } <= listed(found)
    assert len(found.found.conflicts) == 8  # every value of both rows
    why = {c.why for c in found.found.conflicts if c.applicant == FIRST}
    assert why == {f"行标识是{FIRST}，看得见的申报编号是「{SECOND}」（B11）"}


@pytest.mark.parametrize(("title", "seen"), [("单位名称", "别的名字"), ("统一社会信用代码", "91650100MA9X00001E")])
def test_a_row_with_another_name_or_code(title: str, seen: str, given_out: Path, back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        sheet = book["申报登记"]
        at(sheet, FIRST, "书面推荐日期").value = DAY
        at(sheet, FIRST, title).value = seen

    found = received(given_out, back, read, change)
    assert not found.found.updates and codes(found) == ["collect.row_differs"]
    (one,) = [c for c in found.found.conflicts if c.field.id == "recommended_on"]
    assert (one.applicant, one.new) == (FIRST, "2026-05-30") and seen in one.why and FIRST in one.why


def test_columns_that_changed_places_under_their_marks(given_out: Path, back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        sheet = book["申报登记"]
        one, two = (sheet.cell(*find(sheet, title)) for title in ("实地核查日期", "书面推荐日期"))
        one.value, two.value = two.value, one.value
        for row in range(find(sheet, FIRST)[0], sheet.max_row + 1):
            a, b = sheet.cell(row, one.column), sheet.cell(row, two.column)
            a.value, b.value = b.value, a.value
        sheet.cell(find(sheet, FIRST)[0], one.column).value = DAY

    found = received(given_out, back, read, change)
    assert not found.found.updates
    assert codes(found) == ["collect.column_differs", "collect.column_differs"]
    assert {(FIRST, "site_visited_on", "2026-05-30", "F11"), (FIRST, "recommended_on", "2026-05-03", "H11")} <= listed(
        found
    )
    assert any("表头写的是「书面推荐日期」（F10）" in c.why for c in found.found.conflicts)


def test_labels_that_changed_places_in_an_applicants_form(application: dict[str, Path], back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        sheet = book["填表"]
        one, two = (sheet.cell(*find(sheet, words)) for words in ("员工总数", "服务企业数量"))
        one.value, two.value = two.value, one.value
        sheet.cell(one.row, one.column + 2).value = 77

    edit(application["N02"], change, back / "甲.xlsx")
    found = read(back)
    assert not found.found.updates
    assert codes(found) == ["collect.column_differs", "collect.column_differs"]
    assert ("staff_total", "77") in {(c.field.id, c.new) for c in found.found.conflicts}


def test_a_sound_return_beside_a_doubtful_one_waits_with_it(given_out: Path, back: Path, read: Read) -> None:
    def sound(book: Any) -> None:
        at(book["申报登记"], FIRST, "书面推荐日期").value = dt.datetime(2026, 5, 21)

    edit(given_out, sound, back / "好.xlsx")
    found = received(given_out, back, read, sorted_without_marks)
    assert not found.found.updates
    assert {"2026-05-21", "2026-05-30"} <= {c.new for c in found.found.conflicts if c.applicant == FIRST}


def without_row_marks(book: Any) -> None:
    sheet = book["申报登记"]
    for row in range(find(sheet, "申报编号")[0], sheet.max_row + 1):
        sheet.cell(row, 1).value = None


def without_stamp(book: Any) -> None:
    del book["incubxl_form"]


@pytest.mark.parametrize("lose", [without_row_marks, without_stamp])
def test_rows_that_lost_their_marks_are_shown_by_what_can_be_seen(
    lose: Change, given_out: Path, back: Path, read: Read
) -> None:
    def change(book: Any) -> None:
        lose(book)
        at(book["申报登记"], FIRST, "书面推荐日期").value = DAY

    edit(given_out, change, back / "区.xlsx")
    found = read(back, XINJIANG, slices=("推荐单位",), to="districts")
    assert not found.found.updates
    assert listed(found) == {(FIRST, "recommended_on", "2026-05-30", "H11")}
    assert "collect.rows_unmarked" in codes(found) and "collect.owner_unknown" not in codes(found)
    assert all(id in i.message for i in found.issues if i.code == "collect.rows_unmarked" for id in (FIRST, SECOND))
    assert state(found, DISTRICT) == "须核实"
    reminded = [row for block in sheets(found)[-1].blocks for row in block.rows]
    assert DISTRICT in {row[0] for row in reminded}


def test_a_row_without_mark_whose_name_is_anothers(given_out: Path, back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        without_row_marks(book)
        sheet = book["申报登记"]
        at(sheet, FIRST, "书面推荐日期").value = DAY
        at(sheet, FIRST, "单位名称").value = "示例天山众创空间有限公司"

    (one,) = received(given_out, back, read, change).found.conflicts
    assert one.why == "行标识没有了，是按看得见的文字认的，单位名称写的却是「示例天山众创空间有限公司」"


def test_a_unit_copied_onto_another_line(given_out: Path, back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        sheet = book["申报登记"]
        row, last = find(sheet, FIRST)[0], sheet.max_row + 1
        for column in range(1, sheet.max_column + 1):
            sheet.cell(last, column).value = sheet.cell(row, column).value
        sheet.cell(last, find(sheet, "书面推荐日期")[1]).value = DAY

    found = received(given_out, back, read, change)
    assert codes(found) == ["collect.unit_twice"] and FIRST in found.issues[0].message
    assert listed(found) == {(FIRST, "recommended_on", "2026-05-30", "H15")}
    assert not found.found.updates and state(found, DISTRICT) == "已收回"


def test_a_unit_that_was_typed_below_is_named_as_typed(given_out: Path, back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        sheet = book["申报登记"]
        last = sheet.max_row + 1
        sheet.cell(last, find(sheet, "申报编号")[1]).value = "X26-99"
        sheet.cell(last, find(sheet, "书面推荐日期")[1]).value = DAY

    found = received(given_out, back, read, change)
    assert codes(found) == ["collect.owner_unknown"] and "「X26-99」" in found.issues[0].message
    assert not found.found.updates and not found.found.conflicts


def test_the_same_sent_again_in_the_sheet_given_out_settles_it(given_out: Path, back: Path, read: Read) -> None:
    def fill(book: Any) -> None:
        at(book["申报登记"], FIRST, "书面推荐日期").value = DAY

    def lost(book: Any) -> None:
        without_row_marks(book)
        fill(book)

    edit(given_out, lost, back / "先.xlsx")
    found = received(given_out, back, read, fill)
    assert [(c.applicant, c.new) for c in found.found.updates] == [(FIRST, "2026-05-30")]
    assert not found.found.conflicts and state(found, DISTRICT) == "已收回"


def without_second(book: Any) -> None:
    sheet = book["申报登记"]
    sheet.delete_rows(find(sheet, SECOND)[0])


@pytest.mark.parametrize("also", [lambda book: None, without_stamp])
def test_a_unit_whose_row_was_deleted_is_missed(also: Change, given_out: Path, back: Path, read: Read) -> None:
    def change(book: Any) -> None:
        without_second(book)
        also(book)

    edit(given_out, change, back / "区.xlsx")
    found = read(back, XINJIANG, slices=("推荐单位",), to="districts")
    (told,) = [i for i in found.issues if i.code == "collect.units_missing"]
    assert SECOND in told.message and FIRST not in told.message
    (status,) = [s for s in found.statuses if s.key == DISTRICT]
    assert status.state == "部分收回" and SECOND in status.note
    assert DISTRICT in {row[0] for block in sheets(found)[-1].blocks for row in block.rows}


def test_a_second_return_brings_the_missing_unit(given_out: Path, back: Path, read: Read) -> None:
    edit(
        given_out, lambda book: at(book["申报登记"], SECOND, "书面推荐日期").__setattr__("value", DAY), back / "补.xlsx"
    )
    found = received(given_out, back, read, without_second)
    assert state(found, DISTRICT) == "已收回" and codes(found) == ["collect.units_missing"]
    assert [(c.applicant, c.new) for c in found.found.updates] == [(SECOND, "2026-05-30")]


def test_a_whole_sheet_of_units_deleted(tmp_path: Path, back: Path, read: Read) -> None:
    done = made(tmp_path / "发出", XINJIANG, slices=["推荐单位", "入驻团队和企业"], to="districts")

    def change(book: Any) -> None:
        del book["申报登记"]

    found = received(done.files[DISTRICT], back, read, change)
    assert set(codes(found)) == {"collect.part_missing", "collect.units_missing"}
    assert state(found, DISTRICT) == "部分收回"


def test_a_header_as_it_was_given_out_is_not_in_doubt_when_the_measures_words_changed_since(
    given_out: Path, back: Path, read: Read
) -> None:
    def change(book: Any) -> None:
        sheet, hidden = book["申报登记"], book["incubxl_form"]
        at(sheet, FIRST, "书面推荐日期").value = DAY
        for page in (sheet, hidden):
            page.cell(*find(page, "书面推荐日期")).value = "报送日期"

    found = received(given_out, back, read, change)
    assert [(c.applicant, c.new) for c in found.found.updates] == [(FIRST, "2026-05-30")]
    assert not found.found.conflicts and not codes(found)
