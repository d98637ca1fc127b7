"""Books back, in any state: what was filled is read, what cannot be trusted is told and not used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubxl.scoring.season import Season, read_season
from tests.scoring.build import COLUMN, INDICATORS, NAMES, NOW, codes, edit, fill, issued, register, season, task_rows

TOP = {"P1": 60, "P2": 40}


def points(expert: str, applicant: str, indicator: str) -> Any:
    return TOP[indicator] - int(expert[1]) - int(applicant[1])


def by_task(found: Season) -> dict[tuple[str, str, str], tuple[str, Decimal | None]]:
    return {(m.task.expert, m.task.applicant, m.task.indicator): (m.state, m.score) for m in found.merged}


def test_what_was_filled_is_read(tmp_path: Path) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, points)
    found = season(tmp_path)
    assert codes(found) == []
    expected = {
        (t.expert, t.applicant, t.indicator): ("已评", Decimal(points(t.expert, t.applicant, t.indicator)))
        for t in made.round.tasks
    }
    assert by_task(found) == expected
    assert all(m.file == f"来自{m.task.expert}的邮件.xlsx" and m.cell.startswith("评分表!F") for m in found.merged)


SCORES = st.one_of(
    st.none(), st.just("回避"), st.decimals(0, 40, places=2).map(float), st.integers(0, 40), st.just("不适用")
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_reading_gives_back_whatever_was_typed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("round")
    made = issued(folder)
    typed = {t.key: data.draw(SCORES) for t in made.round.tasks}
    by = {(t.expert, t.applicant, t.indicator): typed[t.key] for t in made.round.tasks}
    fill(made, folder, lambda *task: by[task])
    for task, (state, score) in by_task(season(folder)).items():
        value = by[task]
        wanted = (
            ("未评", None)
            if value is None
            else ("回避", None)
            if isinstance(value, str)
            else ("已评", Decimal(repr(value)))
        )
        assert (state, score) == wanted


def _changed(tmp_path: Path, change: Callable[[Any, list[int]], None], **more: Any) -> tuple[Any, Season]:
    """All books filled, the one of E1 changed further."""
    made = issued(tmp_path, **more)
    paths = fill(made, tmp_path, points)
    edit(paths["E1"], paths["E1"], lambda sheet: change(sheet, task_rows(sheet, made)))
    return made, season(tmp_path)


def test_moved_columns_and_another_order_of_rows_do_no_harm(tmp_path: Path) -> None:
    def change(sheet: Any, rows: list[int]) -> None:
        whole = [[c.value for c in sheet[r]] for r in rows]
        for row, values in zip(rows, reversed(whole), strict=True):
            for n, value in enumerate(values, 1):
                sheet.cell(row, n).value = value
        sheet.insert_cols(3)  # a column of the expert's own
        sheet.insert_rows(2)

    _, found = _changed(tmp_path, change)
    assert codes(found) == []
    assert all(score == points(*task) for task, (_, score) in by_task(found).items())


def test_only_the_scores_sorted_moves_no_score_to_another(tmp_path: Path) -> None:
    """The names were sorted and the keys were not: every row that no longer fits is refused."""

    def change(sheet: Any, rows: list[int]) -> None:
        names = [sheet.cell(r, COLUMN["shown"]).value for r in rows]
        for row, name in zip(rows, reversed(names), strict=True):
            sheet.cell(row, COLUMN["shown"]).value = name

    _, found = _changed(tmp_path, change)
    mine = {task: got for task, got in by_task(found).items() if task[0] == "E1"}
    assert "scoring.tampered" in codes(found)
    assert all(score in (None, points(*task)) for task, (_, score) in mine.items())
    assert "未采用" in [state for state, _ in mine.values()]


def test_a_raised_maximum_is_seen(tmp_path: Path) -> None:
    def change(sheet: Any, rows: list[int]) -> None:
        sheet.cell(rows[0], COLUMN["top"]).value = 100
        sheet.cell(rows[0], COLUMN["score"]).value = 95

    _, found = _changed(tmp_path, change)
    assert codes(found) == ["scoring.tampered"]


@pytest.mark.parametrize(("value", "code"), [(61, "scoring.over"), (60.01, "scoring.over"), (-1, "cell.negative")])
def test_a_score_out_of_range_is_not_used(tmp_path: Path, value: float, code: str) -> None:
    def change(sheet: Any, rows: list[int]) -> None:
        first = next(r for r in rows if sheet.cell(r, COLUMN["indicator"]).value == "P1")
        sheet.cell(first, COLUMN["score"]).value = value

    _, found = _changed(tmp_path, change)
    assert codes(found) == [code]
    assert [s for s, _ in by_task(found).values()].count("未采用") == 1


def test_words_in_place_of_a_score_are_told_and_never_nought(tmp_path: Path) -> None:
    def change(sheet: Any, rows: list[int]) -> None:
        sheet.cell(rows[0], COLUMN["score"]).value = "很好"

    _, found = _changed(tmp_path, change)
    (issue,) = found.issues
    assert issue.code.startswith("cell.") and issue.place.file == "来自E1的邮件.xlsx"
    assert ("未采用", None) in by_task(found).values()


def test_an_added_row_is_not_taken_and_avoidance_is_named(tmp_path: Path) -> None:
    """E2 scores its own organisation in a row of its own."""
    made = issued(tmp_path)
    paths = fill(made, tmp_path, points)

    def change(sheet: Any) -> None:
        row = task_rows(sheet, made)[-1] + 1
        for id, value in (("shown", made.round.shown["S2"]), ("indicator", "P1"), ("score", 60)):
            sheet.cell(row, COLUMN[id]).value = value

    edit(paths["E2"], paths["E2"], change)
    found = season(tmp_path)
    (issue,) = found.issues
    assert issue.code == "scoring.row_added"
    assert "须回避该单位（本人单位：示例乙创新中心）" in issue.message
    assert ("E2", "S2", "P1") not in by_task(found)


def test_a_row_copied_from_another_expert_s_book_spoils_the_book(tmp_path: Path) -> None:
    made = issued(tmp_path)
    paths = fill(made, tmp_path, points)
    foreign = next(t.key for t in made.round.tasks if t.expert == "E3")
    edit(paths["E1"], paths["E1"], lambda sheet: sheet.cell(task_rows(sheet, made)[0], COLUMN["key"], foreign))
    found = season(tmp_path)
    assert sorted(codes(found)) == ["scoring.mixed_book", "scoring.not_back"]
    assert all(score is None for task, (_, score) in by_task(found).items() if task[0] == "E1")
    assert all(score is not None for task, (_, score) in by_task(found).items() if task[0] == "E3")


def test_a_book_under_another_expert_s_code_is_nobody_s(tmp_path: Path) -> None:
    made = issued(tmp_path)
    paths = fill(made, tmp_path, points, only=["E1", "E2", "E4"])

    def change(sheet: Any) -> None:
        sheet["B2"] = "专家代号：E3"

    edit(paths["E1"], paths["E1"].with_name("E3.xlsx"), change)
    found = season(tmp_path)
    assert sorted(codes(found)) == ["scoring.not_back", "scoring.whose_book"]
    assert next(i.message for i in found.issues if i.code == "scoring.not_back").startswith("专家「E3」")


def test_a_book_of_another_round_is_told(tmp_path: Path) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, points, only=["E1", "E2", "E3"])
    other = tmp_path / "other"
    other.mkdir()
    second = issued(other, name="第二轮")
    shutil.copy(second.books["E4"], tmp_path / "returns" / "E4.xlsx")
    assert sorted(codes(season(tmp_path))) == ["scoring.not_back", "scoring.other_round"]


def test_two_versions_are_both_shown_and_neither_is_chosen(tmp_path: Path) -> None:
    made = issued(tmp_path)
    paths = fill(made, tmp_path, points)
    key = next(t for t in made.round.tasks if t.expert == "E1")

    def change(sheet: Any) -> None:
        sheet.cell(task_rows(sheet, made)[0], COLUMN["score"]).value = 1

    edit(paths["E1"], paths["E1"].with_name("E1（改）.xlsx"), change)
    found = season(tmp_path)
    assert codes(found) == ["scoring.twice", "scoring.versions"]
    assert by_task(found)[key.expert, key.applicant, key.indicator] == ("未采用", None)
    message = found.issues[1].message
    assert "1分" in message and f"{points(key.expert, key.applicant, key.indicator)}分" in message
    assert sum(score is None for _, score in by_task(found).values()) == 1


def test_the_same_book_twice_counts_once(tmp_path: Path) -> None:
    made = issued(tmp_path)
    paths = fill(made, tmp_path, points)
    (tmp_path / "returns" / "再发").mkdir()
    shutil.copy(paths["E1"], tmp_path / "returns" / "再发" / "E1.xlsx")
    found = season(tmp_path)
    assert codes(found) == ["scoring.twice"]
    assert all(score == points(*task) for task, (_, score) in by_task(found).items())


def test_what_is_no_book_and_what_excel_leaves_behind(tmp_path: Path) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, points)
    shutil.copy(tmp_path / "专家.xlsx", tmp_path / "returns" / "名单.xlsx")
    (tmp_path / "returns" / "~$E1.xlsx").write_bytes(b"lock")
    assert codes(season(tmp_path)) == ["scoring.not_a_book"]


def test_lacking_scores_and_books_are_told_by_expert(tmp_path: Path) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, lambda e, a, i: None if (e, i) == ("E1", "P2") else points(e, a, i), only=["E1", "E2", "E3"])
    found = season(tmp_path)
    assert sorted(codes(found)) == ["scoring.missing", "scoring.not_back"]
    assert {task[0] for task, (state, _) in by_task(found).items() if state == "未评"} == {"E1", "E4"}


def test_an_expert_who_withdraws_is_told(tmp_path: Path) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, lambda e, a, i: "回避" if (e, a) == ("E1", _first(made, "E1")) else points(e, a, i))
    found = season(tmp_path)
    assert codes(found) == ["scoring.excused"] * 2


def _first(made: Any, expert: str) -> str:
    return next(t.applicant for t in made.round.tasks if t.expert == expert)


def test_a_round_of_another_year_is_refused(tmp_path: Path) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, points)
    record = tmp_path / "round" / "评审轮次.json"
    record.write_text(record.read_text("utf-8").replace('"year": 2026', '"year": 2025'), "utf-8")
    register(tmp_path / "登记.xlsx")
    found, issues = read_season(tmp_path / "登记.xlsx", tmp_path / "returns", tmp_path / "round", NOW)
    assert found is None
    assert "scoring.other_workbook" in [i.code for i in issues]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"names": (NAMES[0], "示例另一家公司", *NAMES[2:])}, "「S2」原为「示例乙创新中心」，现为「示例另一家公司」"),
        ({"names": NAMES[:3]}, "没有了「S4 示例丁离岸孵化有限公司」"),
        ({"indicators": ({**INDICATORS[0], "maximum": 50}, INDICATORS[1])}, "「P1 服务能力」（60分）改了"),
        ({"indicators": INDICATORS[:1]}, "「P2 合作成效」（40分）改了或者没有了"),
    ],
)
def test_scores_do_not_fall_to_what_was_put_there_later(tmp_path: Path, change: Any, words: str) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, points)
    register(tmp_path / "登记.xlsx", **change)
    found, issues = read_season(tmp_path / "登记.xlsx", tmp_path / "returns", tmp_path / "round", NOW)
    assert found is None
    told = [i.message for i in issues if i.code == "scoring.changed_since"]
    assert len(told) == 1 and words in told[0]
