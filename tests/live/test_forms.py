"""下发表格: the workbooks that ``collect make`` writes, and a return of them read by 导入回收表."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands, guard
from tests.collect.fill import NATIONAL, NOW, XINJIANG, edit, made, put
from tests.live.fakewin import Scene
from tests.live.test_same_as_file import Values, values

pytestmark = pytest.mark.office
CANCEL, NO = 2, 7


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "now", lambda: NOW)


def said() -> str:
    return Scene.dialogs[-1][0]


def content(path: Path) -> Values:
    """All cells, but which file of the register it was made from: an open workbook is no file."""
    return {
        name: {at: value for at, value in cells.items() if not (name == "incubxl_form" and len(str(value)) == 64)}
        for name, cells in values(path, lambda name: True).items()
    }


def test_forms_are_those_of_the_command(opened: Callable[..., Any], excel: Any, tmp_path: Path) -> None:
    expected = made(tmp_path / "命令", form="附件1")
    book = opened(NATIONAL)
    excel.chosen = ["1"]
    assert commands.collect_make(), Scene.dialogs
    out = tmp_path / "下发_附件1_national-base-2026"
    assert "1　附件1　国际科技合作孵化基地试点单位申请表" in excel.questions[0]
    assert {path.name for path in out.iterdir()} == {"发放清单.xlsx", *(p.name for p in expected.files.values())}
    for path in expected.files.values():
        assert content(out / path.name) == content(path)
    assert f"写了 {len(expected.files)} 份" in said()
    assert book.api.Saved


def test_a_form_given_out_here_is_read_back_here(opened: Callable[..., Any], excel: Any, tmp_path: Path) -> None:
    opened(NATIONAL)
    excel.chosen = ["1"]
    assert commands.collect_make(), Scene.dialogs
    [form] = (tmp_path / "下发_附件1_national-base-2026").glob("N02*.xlsx")
    edit(form, lambda book: put(book["填表"], "员工总数", 50), tmp_path / "退回" / "甲.xlsx")
    excel.chosen = [tmp_path / "退回"]
    Scene.answers.append(NO)
    assert commands.import_returns(), Scene.dialogs
    assert "已收回 1 份" in said() and "拟更新 1 格" in said()


def test_recommending_offices_get_theirs(opened: Callable[..., Any], excel: Any, tmp_path: Path) -> None:
    expected = made(tmp_path / "命令", XINJIANG, slices=["推荐单位"], to="districts")
    opened(XINJIANG)
    excel.chosen = ["2", tmp_path / "另处"]
    Scene.answers.append(NO)
    assert commands.collect_make(), Scene.dialogs
    for path in expected.files.values():
        assert content(tmp_path / "另处" / path.name) == content(path)


@pytest.mark.parametrize(
    ("typed", "words"), [("9", "「9」不是表的序号"), ("附件1", "「附件1」不是表的序号"), (None, "已取消")]
)
def test_nothing_is_written_for_what_is_no_form(
    opened: Callable[..., Any], excel: Any, tmp_path: Path, typed: str | None, words: str
) -> None:
    opened(NATIONAL)
    excel.chosen = [typed]
    commands.collect_make()
    assert words in said()
    assert not list(tmp_path.glob("下发_*"))


def test_a_form_that_somebody_filled_in_is_not_replaced(opened: Callable[..., Any], excel: Any, tmp_path: Path) -> None:
    opened(NATIONAL)
    excel.chosen = ["1"]
    assert commands.collect_make(), Scene.dialogs
    [form] = (tmp_path / "下发_附件1_national-base-2026").glob("N02*.xlsx")
    edit(form, lambda book: put(book["填表"], "员工总数", 50))
    filled = form.read_bytes()
    excel.chosen = ["1"]
    assert not commands.collect_make()
    assert "没有覆盖" in said() and form.read_bytes() == filled
