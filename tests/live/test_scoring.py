"""评分表下发, 评分表回收, 评审材料: what the command writes for the same workbook; nothing of the user's changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incubxl.excel import commands, guard
from incubxl.files.write import Properties, render
from incubxl.scoring.committee import committee_sheets
from incubxl.scoring.make import make
from tests.live.fakewin import Scene
from tests.live.test_same_as_file import features, values
from tests.scoring.build import EXPERTS, NOW, experts, fill, issued, register, season

pytestmark = pytest.mark.office
NO, CANCEL = 7, 2
HERE = {"评分": "评分合并", "回收情况": "评分表回收情况", "问题清单": "评分问题"}
TOP = {"P1": 60, "P2": 40}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "now", lambda: NOW)


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    """A folder of the command line's: 登记.xlsx, 专家.xlsx, and what comes of them."""
    folder = tmp_path / "命令"
    folder.mkdir()
    return folder


def points(expert: str, applicant: str, indicator: str) -> Any:
    """Nothing for the last, 90 of a hundred for the others."""
    return None if applicant == "S4" else TOP[indicator] * 0.9


def said() -> str:
    return Scene.dialogs[-1][0]


def titles(book: Any) -> list[str]:
    return [sheet.Name for sheet in book.api.Worksheets]


def test_books_are_those_of_the_command(opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path) -> None:
    source, people = register(filed / "登记.xlsx"), experts(filed / "专家.xlsx")
    made, issues = make(source, people, 2, filed / "round", "第一轮", NOW, blind=True)
    assert made is not None, issues
    book = opened(source)
    before = (tmp_path / "登记.xlsx").read_bytes()
    excel.chosen = [people, "2", "第一轮"]
    assert commands.scoring_make(), Scene.dialogs
    mine = tmp_path / "评审_登记"
    assert excel.questions == [
        "选择专家名单（代号、单位、专业、回避单位、声明关系）",
        "名单里有 4 位专家。每个单位由几位专家评？",
        "轮次名称：",
    ]
    for path in [filed / "round" / "评审轮次.json", *made.books.values()]:
        assert (mine / path.relative_to(filed / "round")).read_bytes() == path.read_bytes()
    everything = lambda name: True  # noqa: E731
    assert values(mine / "评审分配.xlsx", everything) == values(filed / "round" / "评审分配.xlsx", everything)
    assert "第一轮：4个单位，每个2位专家。" in said() and f"评分表 4 份，在「{mine / '专家评分表'}」" in said()
    assert book.api.Saved and (tmp_path / "登记.xlsx").read_bytes() == before


def test_who_cannot_have_enough_experts_is_told_and_nothing_is_written(
    opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path
) -> None:
    opened(register(filed / "登记.xlsx"))
    excel.chosen = [experts(filed / "专家.xlsx", EXPERTS[:2]), "2", "第一轮"]
    assert not commands.scoring_make()
    assert "示例乙创新中心" in said()
    assert not (tmp_path / "评审_登记").exists()


@pytest.mark.parametrize(
    ("chosen", "words"),
    [(("十",), "「十」不是人数"), (("0",), "「0」不是人数"), (("2", " "), "轮次名称是空的"), ((None,), "已取消")],
)
def test_what_was_typed_is_looked_at(
    opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path, chosen: tuple[Any, ...], words: str
) -> None:
    opened(register(filed / "登记.xlsx"))
    excel.chosen = [experts(filed / "专家.xlsx"), *chosen]
    commands.scoring_make()
    assert words in said()
    assert not (tmp_path / "评审_登记").exists()


def test_returns_are_merged_as_by_the_command(
    opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path
) -> None:
    fill(issued(filed), filed, points)
    expected = filed / "expected.xlsx"
    expected.write_bytes(render(committee_sheets(season(filed), None), properties=Properties("", NOW)))
    book = opened(filed / "登记.xlsx")
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    book.api.SaveCopyAs(str(before))
    excel.chosen = [filed / "round", filed / "returns", ""]
    assert commands.scoring_read(), Scene.dialogs
    book.api.SaveCopyAs(str(after))
    wanted = {
        HERE.get(name, name): {at: _here(name, value) for at, value in cells.items()}
        for name, cells in values(expected, lambda name: True).items()
    }
    users = set(titles(book)) - set(wanted)
    assert values(after, wanted.__contains__) == wanted
    assert any("评分合并!" in str(value) for value in wanted["指标得分"].values())
    assert "3 家" in said() and "应有 16 个得分，已有 12 个" in said()
    assert values(after, users.__contains__) == values(before, lambda name: True)
    assert {name: f for name, f in features(after).items() if name not in wanted} == features(before)
    assert commands.undo(), Scene.dialogs
    assert set(titles(book)) == users


def _here(sheet: str, value: Any) -> Any:
    """A text of the command's workbook as it reads in the open one."""
    if not isinstance(value, str):
        return value
    if value == sheet:
        return HERE.get(sheet, sheet)
    return value.replace("评分!", "评分合并!").replace("「问题清单」", "「评分问题」")


def test_the_round_beside_the_workbook_is_found_and_a_limit_is_taken(
    opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path
) -> None:
    people = [(f"E{n}", f"示例机构{n}", "", "") for n in range(1, 5)]
    made = issued(filed, 4, people=people)
    fill(made, filed, lambda e, a, i: TOP[i] * (0.2 if e == "E1" and a == "S1" else 0.9))
    book = opened(filed / "登记.xlsx")
    (filed / "round").rename(tmp_path / "评审_登记")
    excel.chosen = [filed / "returns", "3"]  # one of four apart from three alike: z 3.19
    assert commands.scoring_read(), Scene.dialogs
    rows = [row for row in book.api.Worksheets("离群得分").UsedRange.Value if row[0] == "S1"]
    assert rows and {row[3] for row in rows} == {"E1"}
    excel.chosen = [filed / "returns", "很大"]
    assert not commands.scoring_read()
    assert "离群界限「很大」不是大于0的数" in said()


def test_what_has_no_round_or_no_returns_is_told(
    opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path
) -> None:
    issued(filed)
    book = opened(filed / "登记.xlsx")
    before = titles(book)
    empty = tmp_path / "空"
    empty.mkdir()
    excel.chosen = [filed / "round", empty]
    assert not commands.scoring_read()
    assert "没有找到收回的评分表" in said()
    excel.chosen = [empty, filed / "round", ""]
    assert not commands.scoring_read()
    assert "评审轮次.json" in said()
    excel.chosen = [None]
    assert commands.scoring_read() and "已取消" in said()
    assert titles(book) == before


def test_papers_are_those_of_the_command(opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path) -> None:
    fill(issued(filed), filed, points)
    expected = render(committee_sheets(season(filed), None), properties=Properties("评审会材料", NOW))
    book = opened(filed / "登记.xlsx")
    excel.chosen = [filed / "round", filed / "returns", ""]
    assert commands.scoring_pack(), Scene.dialogs
    assert (filed / "round" / "评审会材料.xlsx").read_bytes() == expected
    assert (filed / "round" / "评审会材料.docx").is_file()
    assert book.api.Saved
    kept = filed / "round" / "评审会材料.docx"
    kept.write_bytes(b"changed by somebody")
    excel.chosen = [filed / "round", filed / "returns", ""]
    assert not commands.scoring_pack()
    assert "没有覆盖" in said()
    assert kept.read_bytes() == b"changed by somebody"


def test_papers_without_returns_take_the_workbooks_own_scores(
    opened: Callable[..., Any], excel: Any, filed: Path, tmp_path: Path
) -> None:
    opened(register(filed / "登记.xlsx"))
    Scene.answers.append(NO)
    excel.chosen = []
    assert commands.scoring_pack(), Scene.dialogs
    assert (tmp_path / "评审_登记" / "评审会材料.xlsx").is_file()
    assert "参评 4 家，已排名 0 家" in said()
