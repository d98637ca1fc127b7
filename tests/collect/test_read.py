"""Returns in the states in which they come."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.collect.conftest import Read, codes, lines, state, updates
from tests.collect.fill import NATIONAL, XINJIANG, beside, edit, find, made, put, under


def test_what_was_filled_in_is_what_would_be_updated(application: dict[str, Path], back: Path, read: Read) -> None:
    cell = []

    def fill(book: Any) -> None:
        cell.append(put(book["填表"], "员工总数", 50))
        under(book["填表"], "国家").value = "哈萨克斯坦"

    edit(application["N02"], fill, back / "改了名字.xlsx")
    found = read(back)
    assert updates(found) == {"staff_total": ("46", "50")}
    one = found.found.updates[0]
    assert (one.applicant, one.source.file, one.source.place) == ("N02", "改了名字.xlsx", f"填表!{cell[0]}")
    register = openpyxl.load_workbook(NATIONAL)
    assert register["申报登记"][one.target.partition("!")[2]].value == 46
    assert lines(found, "countries") == [{"country": "哈萨克斯坦"}]
    assert state(found, "N02") == "已收回" and state(found, "N03") == "未收回"


@pytest.mark.parametrize("change", ["protection", "sheet", "header", "columns", "rows", "hidden row", "unmerged"])
def test_a_return_in_any_state_is_read(change: str, application: dict[str, Path], back: Path, read: Read) -> None:
    def fill(book: Any) -> None:
        sheet = book["填表"]
        put(sheet, "员工总数", 50)
        under(sheet, "国家", 2).value = "蒙古国"
        match change:
            case "protection":
                sheet.protection.disable()
            case "sheet":
                sheet.title = "Sheet1"
                book.create_sheet("说明", 0)["A1"] = "请看后一张"
            case "header":
                sheet.cell(*find(sheet, "员工总数")).value = "员工总数（含兼职）"
            case "columns":
                for merged in list(sheet.merged_cells.ranges):
                    sheet.unmerge_cells(str(merged))
                sheet.insert_cols(2)
                sheet.insert_cols(5)
            case "rows":
                for merged in list(sheet.merged_cells.ranges):
                    sheet.unmerge_cells(str(merged))
                row, _ = find(sheet, "姓名")
                sheet.insert_rows(row + 2)
                sheet.cell(row + 2, find(sheet, "姓名")[1]).value = "示例加行人"
            case "hidden row":
                sheet.row_dimensions[1].hidden = False
                sheet.column_dimensions["A"].hidden = False
            case "unmerged":
                for merged in list(sheet.merged_cells.ranges):
                    sheet.unmerge_cells(str(merged))

    edit(application["N02"], fill, back / "甲.xlsx")
    found = read(back)
    assert updates(found) == {"staff_total": ("46", "50")}
    assert lines(found, "countries") == [{"country": "蒙古国"}]
    people = [{"person_name": "示例加行人"}] if change == "rows" else []
    assert [{k: v for k, v in r.items() if v} for r in lines(found, "people")] == people
    assert codes(found) == (["collect.locked"] if change == "header" else [])
    assert not found.found.conflicts and not found.found.row_conflicts


def test_changed_locked_cells_are_listed_and_not_merged(application: dict[str, Path], back: Path, read: Read) -> None:
    edit(application["N02"], lambda book: put(book["填表"], "单位名称", "示例改名公司"), back / "甲.xlsx")
    found = read(back)
    assert codes(found) == ["collect.locked"]
    assert "发出时是「示例丝路科技园管理有限公司」，退回时是「示例改名公司」" in found.issues[0].message
    assert not found.found.updates


@pytest.mark.parametrize(
    ("words", "value", "text", "codes_"),
    [
        ("孵化面积", "1.2万平方米", "12000", ["collect.read_as"]),
        ("员工总数", "约50人", None, ["collect.unreadable"]),
        ("员工总数", "50人", "50", ["collect.read_as"]),
        ("员工总数", "=1/0", None, ["collect.unreadable"]),
    ],
)
def test_units_and_words_in_cells(
    words: str, value: str, text: str | None, codes_: list[str], application: dict[str, Path], back: Path, read: Read
) -> None:
    edit(application["N02"], lambda book: put(book["填表"], words, value), back / "甲.xlsx")
    found = read(back)
    assert [c.new for c in found.found.updates] == ([text] if text else [])
    assert codes(found) == codes_


def test_a_header_that_names_another_unit_is_converted_and_told(tmp_path: Path, back: Path, read: Read) -> None:
    shanghai = NATIONAL.with_name("shanghai-hq-2026.xlsx")
    id, path = next(iter(made(tmp_path / "发出", shanghai, slices=["总收入"]).files.items()))

    def fill(book: Any) -> None:
        sheet = book["申报登记"]
        put(sheet, "总收入", 31_415_900)
        sheet.cell(*find(sheet, "总收入")).value = "总收入（元）"

    edit(path, fill, back / "甲.xlsx")
    found = read(back, shanghai)
    assert [(c.applicant, c.field.id, c.new) for c in found.found.updates] == [(id, "total_income", "3141.59")]
    assert codes(found) == ["collect.unit", "collect.read_as"]


def test_dates_as_text(tmp_path: Path, back: Path, read: Read) -> None:
    path = made(tmp_path / "发出", XINJIANG, slices=["机构注册日期"]).files["X26-09"]
    edit(path, lambda book: put(book["申报登记"], "机构注册日期", "2019年3月5日"), back / "甲.xlsx")
    found = read(back, XINJIANG)
    assert [c.new for c in found.found.updates] == ["2019-03-05"]


def test_the_register_changed_meanwhile_is_a_conflict(
    tmp_path: Path, application: dict[str, Path], back: Path, read: Read
) -> None:
    register = tmp_path / "登记.xlsx"
    shutil.copy(NATIONAL, register)
    edit(application["N02"], lambda book: put(book["填表"], "员工总数", 50), back / "甲.xlsx")
    target = read(back).found.updates[0].target.partition("!")[2]

    def changed(book: Any) -> None:
        book["申报登记"][target].value = 48

    edit(register, changed)
    found = read(back, register)
    assert not found.found.updates
    assert [(c.old, c.new, c.why) for c in found.found.conflicts] == [
        ("48", "50", "登记表在发出以后也改过，与退回的不同")
    ]

    def agreed(book: Any) -> None:
        book["申报登记"][target].value = 50

    edit(register, agreed)
    found = read(back, register)
    assert not found.found.updates and not found.found.conflicts


def test_two_returns_of_one_applicant(application: dict[str, Path], back: Path, read: Read) -> None:
    edit(application["N02"], lambda book: put(book["填表"], "员工总数", 50), back / "甲.xlsx")
    shutil.copy(back / "甲.xlsx", back / "甲（复制）.xlsx")
    found = read(back)
    assert codes(found) == ["collect.copy"] and updates(found) == {"staff_total": ("46", "50")}

    def other(book: Any) -> None:
        put(book["填表"], "员工总数", 50)
        book.create_sheet("备忘")["A1"] = "另存的一份"

    edit(application["N02"], other, back / "乙.xlsx")
    found = read(back)
    assert updates(found) == {"staff_total": ("46", "50")}
    assert [t.what for t in found.found.twice] == ["员工总数"]
    edit(application["N02"], lambda book: put(book["填表"], "员工总数", 60), back / "丙.xlsx")
    found = read(back)
    assert not found.found.updates
    assert {c.new for c in found.found.conflicts} == {"50", "60"}


def test_returns_of_another_year_round_measure_or_nobody(
    tmp_path: Path, application: dict[str, Path], back: Path, read: Read
) -> None:
    edit(application["N02"], lambda book: put(book["填表"], "员工总数", 50), back / "本批.xlsx")
    last = made(tmp_path / "去年", NATIONAL.with_name("national-base-2025.xlsx"), slices=["地址"]).files
    edit(next(iter(last.values())), lambda book: put(book["申报登记"], "地址", "新址"), back / "去年.xlsx")
    other = made(tmp_path / "别的", XINJIANG, slices=["联系人"]).files
    edit(next(iter(other.values())), lambda book: put(book["申报登记"], "联系人", "示例"), back / "别的办法.xlsx")
    second = made(tmp_path / "二", form="附件1", round="第二批").files["N03"]
    edit(second, lambda book: put(book["填表"], "员工总数", 50), back / "第二批.xlsx")
    (back / "不是表.xlsx").write_bytes(b"x")
    book = openpyxl.Workbook()
    book.active["A1"] = "会议通知"
    book.save(back / "通知.xlsx")
    found = read(back)
    assert updates(found) == {"staff_total": ("46", "50")}
    told = {i.place.file: i.code for i in found.issues}
    assert told.pop("不是表.xlsx").startswith("file.")
    assert told == {
        "去年.xlsx": "collect.other",
        "别的办法.xlsx": "collect.other",
        "第二批.xlsx": "collect.other",
        "通知.xlsx": "collect.not_a_form",
    }
    assert state(found, "N03") == "未收回"
    assert updates(read(back, round="第二批")) and state(read(back, round="第二批"), "N03") == "已收回"


def test_a_form_filled_by_another_applicant_is_not_merged(application: dict[str, Path], back: Path, read: Read) -> None:
    def fill(book: Any) -> None:
        put(book["填表"], "单位名称", "示例海峡创业孵化器有限公司")
        put(book["填表"], "员工总数", 99)

    edit(application["N02"], fill, back / "甲.xlsx")
    found = read(back)
    assert not found.found.updates
    assert codes(found) == ["collect.wrong_unit"]
    assert state(found, "N02") == "不能用"


def test_without_hidden_marks_words_are_enough_and_nothing_known_is_overwritten(
    application: dict[str, Path], back: Path, read: Read
) -> None:
    def fill(book: Any) -> None:
        sheet = book["填表"]
        put(sheet, "员工总数", 50)
        put(sheet, "是否有海外孵化基地（个数）", 2)
        under(sheet, "国家").value = "哈萨克斯坦"
        del book["incubxl_form"]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.delete_cols(1)
        for row in reversed(range(1, sheet.max_row + 1)):
            if any(str(c.value).startswith("ix|") for c in sheet[row]):
                sheet.delete_rows(row)

    edit(application["N02"], fill, back / "甲.xlsx")
    found = read(back)
    assert "collect.by_content" in codes(found)
    assert state(found, "N02") == "已收回"
    assert updates(found) == {"overseas_base_count": ("", "2")}  # blank in the register
    assert [(c.field.id, c.old, c.new) for c in found.found.conflicts] == [("staff_total", "46", "50")]
    assert lines(found, "countries") == [{"country": "哈萨克斯坦"}]


def test_rows_given_out_changed_cleared_deleted_copied(tmp_path: Path, back: Path, read: Read) -> None:
    register = tmp_path / "登记.xlsx"

    def more(book: Any) -> None:
        sheet = book["合作国家"]
        row, column = find(sheet, "国别")
        for n, country in enumerate(("蒙古国", "哈萨克斯坦", "老挝"), 1):
            at = next(r for r in range(row + 1, row + 200) if sheet.cell(r, column).value is None)
            sheet.cell(at, column - 1).value, sheet.cell(at, column).value = "N02", country
            assert n

    shutil.copy(NATIONAL, register)
    edit(register, more)
    path = made(tmp_path / "发出", register, form="附件1").files["N02"]

    def fill(book: Any) -> None:
        sheet = book["填表"]
        assert [under(sheet, "国家", n).value for n in (1, 2, 3)] == ["蒙古国", "哈萨克斯坦", "老挝"]
        under(sheet, "国家", 1).value = "蒙古"
        under(sheet, "国家", 2).value = None
        row = under(sheet, "国家", 4).row
        sheet.cell(row, 1).value = sheet.cell(row - 1, 1).value  # a copied row brings its mark along
        under(sheet, "国家", 4).value = "泰国"

    edit(path, fill, back / "甲.xlsx")
    found = read(back, register)
    assert [(c.field.id, c.old, c.new) for c in found.found.updates] == [("country", "蒙古国", "蒙古")]
    assert lines(found, "countries") == [{"country": "泰国"}]
    assert [(r.texts["country"], r.why) for r in found.found.row_conflicts] == [
        ("哈萨克斯坦", "退回表清空了登记表里的内容")
    ]
    assert codes(found) == ["collect.id_twice"]


def test_more_countries_than_the_form_has_lines(application: dict[str, Path], back: Path, read: Read) -> None:
    def fill(book: Any) -> None:
        sheet = book["填表"]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        row, column = find(sheet, "国家")
        sheet.insert_rows(row + 5)
        for n, country in enumerate(("蒙古国", "老挝", "泰国", "越南", "缅甸"), 1):
            sheet.cell(row + n, column).value = country

    edit(application["N02"], fill, back / "甲.xlsx")
    found = read(back)
    assert [r["country"] for r in lines(found, "countries")] == ["蒙古国", "老挝", "泰国", "越南", "缅甸"]
    assert codes(found) == ["collect.over_most"]


def test_a_base_abroad_needs_its_number(application: dict[str, Path], back: Path, read: Read) -> None:
    edit(application["N02"], lambda book: put(book["填表"], "是否有海外孵化基地", "是"), back / "甲.xlsx")
    assert codes(read(back)) == ["collect.needs"]


def test_district_returns(tmp_path: Path, back: Path, read: Read) -> None:
    done = made(tmp_path / "发出", XINJIANG, slices=["推荐单位", "入驻团队和企业"], to="districts")
    district = "乌鲁木齐市"

    def fill(book: Any) -> None:
        sheet = book["申报登记"]
        row, column = find(sheet, "书面推荐日期")
        id = sheet.cell(row + 1, find(sheet, "申报编号")[1]).value
        sheet.cell(row + 1, column).value = "2026-05-20"
        tenants = book["入驻团队和企业"]
        under(tenants, "申报编号").value = id
        under(tenants, "团队或企业名称").value = "示例团队"
        under(tenants, "申报编号", 2).value = "X26-01"  # of another district
        under(tenants, "团队或企业名称", 2).value = "示例别处团队"

    edit(done.files[district], fill, back / "区.xlsx")
    found = read(back, XINJIANG, slices=("推荐单位", "入驻团队和企业"), to="districts")
    assert [(c.field.id, c.new) for c in found.found.updates] == [("recommended_on", "2026-05-20")]
    assert [r.texts["tenant_name"] for r in found.found.rows] == ["示例团队"]
    assert codes(found) == ["collect.owner_unknown"]
    assert state(found, district) == "已收回"
    assert sum(s.state == "未收回" for s in found.statuses) == len(done.files) - 1


def test_an_untouched_form_has_not_been_returned(application: dict[str, Path], read: Read) -> None:
    found = read(next(iter(application.values())).parent)
    assert {s.state for s in found.statuses} == {"未收回"}
    assert set(codes(found)) == {"collect.untouched"}


def test_an_empty_folder_with_the_form_named(back: Path, read: Read) -> None:
    found = read(back, form="附件2")
    assert {s.state for s in found.statuses} == {"未收回"} and len(found.statuses) == 3


def test_beside_finds_the_merged_cell(application: dict[str, Path]) -> None:
    assert beside(openpyxl.load_workbook(application["N02"])["填表"], "地址").value == "示例省示例市示例路2号"


def test_a_register_whose_applicants_have_no_code_yet(tmp_path: Path, back: Path, read: Read) -> None:
    register = tmp_path / "登记.xlsx"

    def without(book: Any) -> None:
        sheet = book["申报登记"]
        row, column = find(sheet, "统一社会信用代码")
        for at in range(row + 1, sheet.max_row + 1):
            sheet.cell(at, column).value = None

    edit(NATIONAL, without, register)
    path = made(tmp_path / "发出", register, form="附件1").files["N02"]
    edit(path, lambda book: put(book["填表"], "员工总数", 50), back / "甲.xlsx")
    found = read(back, register)
    assert updates(found) == {"staff_total": ("46", "50")} and not codes(found)
