"""Whatever is filled in comes back exactly, once, with its cell; rows in are rows out."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.collect.make import read_and_open
from incubxl.collect.values import known, shown
from tests.collect.conftest import read_folder
from tests.collect.fill import NATIONAL, beside, edit, find, made, put, under

WORDS = st.text("甲乙丙丁戊路号楼科技研发合作abcXYZ0123456789（）-、&<>\"'", min_size=1, max_size=30).filter(
    lambda t: t.strip() == t and not t.startswith(("=", "ix|", "'", "必填", "按实填")) and t != "不适用"
)
CARDS = {
    "网址": ("website", WORDS),
    "地址": ("address", WORDS),
    "员工总数": ("staff_total", st.integers(0, 100_000)),
    "孵化面积": ("incubation_area", st.decimals(0, 10_000_000, places=2, allow_nan=False)),
    "服务企业数量": ("served_count", st.integers(0, 100_000)),
    "是否有海外孵化基地": ("has_overseas_base", st.booleans()),
    "单位性质（国有、民营）": ("ownership", st.sampled_from(["国有", "民营", "其他"])),
}
PEOPLE = ("姓名", "职务", "手机")


@pytest.fixture(scope="module")
def given_out() -> Any:
    """附件1 of one applicant, and what the register says of it now."""
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder) / "发出", form="附件1").files["N02"]
        yield path


def wanted(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


@settings(max_examples=25)
@given(
    cards=st.fixed_dictionaries({}, optional={words: values for words, (_, values) in CARDS.items()}),
    people=st.lists(st.tuples(WORDS, WORDS), max_size=12),
    inserted=st.integers(0, 3),
    shifted=st.integers(0, 2),
    marks=st.booleans(),
)
def test_what_is_filled_in_comes_back_exactly(
    given_out: Path, cards: dict[str, Any], people: list[tuple[str, str]], inserted: int, shifted: int, marks: bool
) -> None:
    places: dict[str, str] = {}

    def fill(book: Any) -> None:
        sheet = book["填表"]
        for words, value in cards.items():
            put(
                sheet,
                words,
                float(value) if isinstance(value, Decimal) else wanted(value) if isinstance(value, bool) else value,
            )
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        row, column = find(sheet, "姓名")
        more = max(len(people) - 6, 0) + inserted
        for _ in range(more):
            sheet.insert_rows(row + 3)
        for n, (name, post) in enumerate(people, 1):
            sheet.cell(row + n, column).value = name
            sheet.cell(row + n, column + 1).value = post
        if shifted:
            sheet.insert_cols(1 if marks else 2, shifted)
        if not marks:
            sheet.title = "改过"
            sheet.protection.disable()
        for words in cards:
            at = find(sheet, words)
            places[CARDS[words][0]] = next(
                c.coordinate for c in sheet[at[0]] if c.column > at[1] and c.value is not None
            )

    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        edit(given_out, fill, folder / "退回.xlsx")
        received = read_folder(folder)
    opened = read_and_open(NATIONAL, None)
    assert not isinstance(opened, list)
    register = opened[1]
    i = register.index["N02"]
    filled = {CARDS[words][0]: wanted(value) for words, value in cards.items()}
    now = {fact: shown(register.columns[fact].spec, known(register.columns[fact], i)[0]) for fact in filled}
    found = {c.field.id: c for c in received.found.updates}
    assert {fact: c.new for fact, c in found.items()} == {f: t for f, t in filled.items() if t != now[f]}
    for fact, change in found.items():
        assert (change.source.file, change.source.cell) == ("退回.xlsx", places[fact])
    rows = [
        (r.texts.get("person_name", ""), r.texts.get("post", "")) for r in received.found.rows if r.table == "people"
    ]
    assert rows == list(people)
    assert not received.found.conflicts and not received.found.row_conflicts


@pytest.mark.office
def test_through_libreoffice(
    tmp_path: Path, application: dict[str, Path], office: Callable[..., list[Path]], back: Path
) -> None:
    """Filled, opened and saved by another program, filled again, read."""

    def fill(book: Any) -> None:
        put(book["填表"], "员工总数", 50)
        under(book["填表"], "国家").value = "哈萨克斯坦"

    edit(application["N02"], fill, tmp_path / "一.xlsx")
    (saved,) = office([tmp_path / "一.xlsx"], "xlsx", tmp_path / "存过")
    book = openpyxl.load_workbook(saved)
    assert book["incubxl_form"].sheet_state != "visible"
    assert book["填表"].protection.sheet
    assert beside(book["填表"], "员工总数").protection.locked is False

    def again(book: Any) -> None:
        put(book["填表"], "地址", "示例新址1号")
        put(book["填表"], "单位名称", "示例改名公司")

    edit(saved, again, back / "退回.xlsx")
    received = read_folder(back)
    assert {c.field.id: c.new for c in received.found.updates} == {"staff_total": "50", "address": "示例新址1号"}
    assert [r.texts["country"] for r in received.found.rows] == ["哈萨克斯坦"]
    assert [i.code for i in received.issues] == ["collect.locked"]
    assert not received.found.conflicts and not received.found.row_conflicts
    assert dt.datetime.now() - received.found.updates[0].source.when < dt.timedelta(minutes=10)
