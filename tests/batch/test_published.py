"""Lists for the public from workbooks as officials leave them: whoever was signed for is listed, or it is a draft."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.batch.build import header_row
from tests.batch.published import corrected, letters, listed, row_of, withdrawn


def test_a_list_whose_rows_are_all_known_is_final(tmp_path: Path) -> None:
    assert letters(tmp_path, [listed("X26-01"), listed("X26-15")])["公布-2026_公示.docx"]["state"] == "final"


def _without(book: Any) -> None:
    sheet = book["申报登记"]
    sheet.delete_rows(row_of(sheet, "X26-15"))


def _no_id(book: Any) -> None:
    sheet = book["结论"]
    sheet.cell(header_row(sheet) + 2, 1).value = None


@pytest.mark.parametrize(
    ("second", "change", "why"),
    [
        (listed("X26-51"), lambda _: None, "的申报编号「X26-51」不在登记表里"),
        (listed("X26-51", "示科公示〔2026〕4号"), lambda _: None, "的申报编号「X26-51」不在登记表里"),
        (listed("X26-15"), _without, "的申报编号「X26-15」不在登记表里"),
        (listed("X26-15"), _no_id, "没有申报编号"),
        (listed("X26-15", 结论=None), lambda _: None, "所在行没有采用（没有写结论）"),
    ],
)
def test_a_row_that_reaches_no_list_keeps_it_a_draft_and_is_named(
    tmp_path: Path, second: dict[str, Any], change: Any, why: str
) -> None:
    made = letters(tmp_path, [listed("X26-01"), second], change)
    view = made["公布-2026_公示.草稿.docx"]
    assert why in view["why"]
    assert "名单可能不全" in view["why"]
    assert "结论!" in view["why"]


def test_two_rows_of_one_unit_that_contradict_each_other_keep_the_list_a_draft(tmp_path: Path) -> None:
    rows = [listed("X26-01"), listed("X26-15"), listed("X26-15", 理由="（示例）另一理由")]
    assert "与同一单位的另一行矛盾" in letters(tmp_path, rows)["公布-2026_公示.草稿.docx"]["why"]


def test_a_repeated_row_that_says_the_same_does_not(tmp_path: Path) -> None:
    rows = [listed("X26-01"), listed("X26-15"), listed("X26-15")]
    assert letters(tmp_path, rows)["公布-2026_公示.docx"]["state"] == "final"


def test_a_lost_row_of_a_correction_keeps_the_correction_a_draft_not_the_list(tmp_path: Path) -> None:
    rows = [listed("X26-01"), listed("X26-15"), corrected("X26-15", "删除"), corrected("X26-51", "删除")]
    made = letters(tmp_path, rows)
    assert "「X26-51」不在登记表里" in made["公布-2026_更正公告.草稿.docx"]["why"]
    assert "公布-2026_公示.docx" in made


@pytest.mark.parametrize(("day", "file"), [(24, "公布-2026_公示2.草稿.docx"), (26, "公布-2026_公示2.docx")])
def test_a_second_list_does_not_come_before_the_first_is_taken_back(tmp_path: Path, day: int, file: str) -> None:
    again = [listed(id, "示科公示〔2026〕5号", day) for id in ("X26-01", "X26-15")]
    made = letters(tmp_path, [listed("X26-01"), listed("X26-15"), withdrawn("X26-15"), *again])
    assert file in made, [(name, view["why"]) for name, view in made.items() if "公布" in name]
    if day == 24:
        assert "（示科公示〔2026〕1号）到2026年5月26日才撤回，本文书的日期不能早于撤回" in made[file]["why"]


def test_a_name_that_was_never_published_is_a_question_and_the_list_stays_as_it_was(tmp_path: Path) -> None:
    change = (
        "单位名称：从来没有公布过的名字有限公司 → 示例塔里木创业空间有限公司\n公示期自本公告发布之日起重新计算5日。"
    )
    first = {"关联文书日期": dt.datetime(2026, 5, 22), "关联文书名称": "公示"}
    made = letters(tmp_path, [listed("X26-01"), listed("X26-15"), corrected("X26-01", change, **first)])
    assert "工作簿里没有记录；请对照已公布的" in made["公布-2026_更正公告.草稿.docx"]["why"]
    assert "以公布时的文件为准" in made["公布-2026_公示.草稿.docx"]["why"]
