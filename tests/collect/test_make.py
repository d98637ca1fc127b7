"""What is given out: exactly as printed, locked but for the input cells, and never another applicant's data."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from incubxl.collect.make import make, read_and_open
from incubxl.files.packs import PackStore
from tests.collect.fill import NATIONAL, NOW, URUMQI, XINJIANG, beside, edit, find, made, put, under

PRINTED = {
    "附件1": [
        "单位名称", "网址", "地址", "法定代表人", "员工总数", "孵化面积", "服务企业数量", "是否有海外孵化基地",
        "国家", "姓名", "职务", "电话",
        "电子邮箱", "手机", "1、工商部门核发的营业执照复印件", "2、法人代表身份证复印件", "3、组织机构简介",
        "1、试点单位的国际化发展目标、孵化服务体系和发展模式；", "（请作为附件一并提交。）",
    ],
    "附件2": [
        "单位名称", "认定日期", "制表人", "职务", "电话", "手机", "E-mail", "国别", "机构名称", "合作内容",
        "（请做附件一并提交）",
    ],
    "附件3": ["单位名称", "认定日期", "制表人", "二、本年度主要合作的国外机构", "国别", "机构名称", "合作内容"],
    "附件4": ["单位名称", "认定日期", "制表人", "二、主要合作国外机构", "国别", "机构名称", "合作内容"],
}  # fmt: skip


@pytest.mark.parametrize("form", PRINTED)
def test_a_form_reads_as_it_is_printed(form: str, tmp_path: Path) -> None:
    path = next(iter(made(tmp_path, form=form).files.values()))
    sheet = openpyxl.load_workbook(path)["填表"]
    for words in PRINTED[form]:
        find(sheet, words)


def test_only_input_cells_are_open_and_there_is_no_password(application: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(application["N02"])
    sheet = book["填表"]
    assert sheet.protection.sheet and not sheet.protection.password
    assert beside(sheet, "员工总数").protection.locked is False
    assert beside(sheet, "员工总数").value == 46
    assert beside(sheet, "单位名称").protection.locked is True
    assert under(sheet, "国家").protection.locked is False
    assert sheet.cell(*find(sheet, "员工总数")).protection.locked is True
    assert book["incubxl_form"].sheet_state == "veryHidden"
    assert sheet.column_dimensions["A"].hidden
    lists = [
        v for v in sheet.data_validations.dataValidation if beside(sheet, "是否有海外孵化基地").coordinate in v.cells
    ]
    assert [v.type for v in lists] == ["list"]


def test_a_workbook_holds_nothing_of_anybody_else(tmp_path: Path, application: dict[str, Path]) -> None:
    opened = read_and_open(NATIONAL, None)
    assert not isinstance(opened, list)
    register = opened[1]
    for id, path in application.items():
        text = whole(path)
        for i, other in enumerate(register.ids):
            if other != id:
                assert register.names[i] not in text
                for field in ("uscc", "contact_name", "contact_phone", "contact_email", "legal_representative"):
                    value = register.columns[field].text(i)
                    assert not value or not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text), (id, other, field)


def test_a_district_gets_its_own_applicants_and_no_personal_columns(tmp_path: Path) -> None:
    opened = read_and_open(XINJIANG, None)
    assert not isinstance(opened, list)
    register = opened[1]
    done = made(tmp_path, XINJIANG, slices=["全部"], to="districts")
    districts = register.columns["district"].texts()
    assert set(done.files) == set(districts)
    for district, path in done.files.items():
        text = whole(path)
        for i, name in enumerate(register.names):
            assert (name in text) == (districts[i] == district)
            assert register.columns["contact_phone"].text(i) not in text


def whole(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(n).decode("utf-8", "replace") for n in package.namelist() if n.endswith(".xml"))


def test_the_same_register_gives_the_same_bytes(tmp_path: Path) -> None:
    first = made(tmp_path / "甲", form="附件2").files
    second = made(tmp_path / "乙", form="附件2").files
    assert {k: p.read_bytes() for k, p in first.items()} == {k: p.read_bytes() for k, p in second.items()}


def test_a_form_that_somebody_filled_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "发出"
    path = made(out, form="附件2").files["N07"]
    edit(path, lambda book: put(book["填表"], "制表人", "示例新人"))
    before = path.read_bytes()
    refused = make(NATIONAL, out, NOW, form="附件2")
    assert isinstance(refused, list) and [i.code for i in refused] == ["collect.kept"]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"form": "附件9"}, "collect.form_unknown"),
        ({"slices": ["不存在的栏目"]}, "collect.slice_unknown"),
        ({"slices": ["推荐单位"]}, "collect.slice_empty"),
        ({"form": "附件1", "to": "districts"}, "collect.one_each"),
    ],
)
def test_what_cannot_be_given_out_is_told(asked: dict[str, object], code: str, tmp_path: Path) -> None:
    refused = make(NATIONAL, tmp_path / "发出", NOW, **asked)  # type: ignore[arg-type]
    assert isinstance(refused, list) and [i.code for i in refused] == [code]
    assert not (tmp_path / "发出").exists()


def test_every_pack_gives_slices_from_data_alone(tmp_path: Path, packs: PackStore) -> None:
    for id in packs.ids:
        done = made(tmp_path / id, XINJIANG.with_name(f"{id}-2026.xlsx"), slices=["全部"])
        assert done.files
        book = openpyxl.load_workbook(next(iter(done.files.values())))
        labels = {str(c.value) for row in book["申报登记"].iter_rows() for c in row if c.value}
        pack = packs.pack(id)
        kept = {*pack.forms.office.facts, *pack.forms.district.facts, "status"}
        assert {f.label for f in pack.facts if f.id not in kept} <= labels
        assert not {f.label for f in pack.facts if f.id in kept} & labels


@pytest.mark.validator
def test_forms_are_valid(tmp_path: Path, validate: Callable[[Path], list[str]]) -> None:
    files = [next(iter(made(tmp_path / form, form=form).files.values())) for form in PRINTED]
    files += [next(iter(made(tmp_path / "片", XINJIANG, slices=["全部"], to="districts").files.values()))]
    assert [validate(path) for path in files] == [[]] * len(files)


def test_the_hidden_sheet_says_what_was_given(application: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(application["N02"].read_bytes()))
    stamp = {row[1]: row[2] for row in book["incubxl_form"].iter_rows(values_only=True) if row[0] == "stamp"}
    assert stamp["form"] == "application-form" and stamp["recipient"] == "N02" and stamp["year"] == "2026"


def test_what_the_office_fills_is_in_no_slice_or_locked(tmp_path: Path) -> None:
    """状态 (办结的环节) and 乌鲁木齐 第10条's 实地核查日期 are recorded by the office."""
    path = made(tmp_path, URUMQI, slices=["全部"]).files["U26-20"]
    book = openpyxl.load_workbook(path)
    words = {cell.value for row in book["申报登记"].iter_rows() for cell in row}
    assert "联系人" in words and "状态" not in words
    sheet = book["变更备案"]
    for line in (1, 2, 5):
        assert under(sheet, "实地核查日期", line).protection.locked
        assert not under(sheet, "变更日期", line).protection.locked


@pytest.mark.parametrize(
    ("name", "more", "who"),
    [
        ("状态", {}, "由本单位填写"),
        ("市科技局审议日期", {}, "由本单位填写"),
        ("状态", {"to": "districts"}, "由本单位填写"),
        ("区县书面推荐日期", {}, "由推荐单位填写"),
    ],
)
def test_what_others_fill_is_not_given_out_by_its_name(
    tmp_path: Path, name: str, more: dict[str, str], who: str
) -> None:
    done = make(URUMQI, tmp_path / "发出", NOW, slices=[name], **more)
    assert isinstance(done, list)
    assert [i.code for i in done] == ["collect.slice_kept"] and who in done[0].message
    assert not (tmp_path / "发出").exists()
