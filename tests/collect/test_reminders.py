"""催报: who has not returned, as rows of the sheet 结论 that bring the measure's letter; the others are named."""

from __future__ import annotations

from pathlib import Path

from incubxl.collect.summary import sheets
from tests.collect.conftest import Read
from tests.collect.fill import NATIONAL, XINJIANG, edit, made, put


def reminders(
    read: Read, back: Path, register: Path = NATIONAL, **wanted: object
) -> tuple[list[str], list[list[object]]]:
    """The columns, and the rows of both blocks."""
    plan = sheets(read(back, register, **wanted))[-1]
    assert plan.name == "催报名单"
    return [c.label for c in plan.blocks[0].columns], [list(map(list, block.rows)) for block in plan.blocks]


def test_rows_can_be_pasted_into_the_sheet_of_conclusions(
    tmp_path: Path, back: Path, read: Read, packs: object
) -> None:
    files = made(tmp_path / "发出", form="附件2").files
    edit(files["N07"], lambda book: put(book["填表"], "制表人", "示例新人"), back / "甲.xlsx")
    received = read(back, form="附件2")
    spec = received.register.pack.table["conclusions"]
    columns, blocks = reminders(read, back, form="附件2")
    assert columns == [c.label for c in spec.columns]
    at = {label: n for n, label in enumerate(columns)}
    rows = blocks[0]
    assert {row[at["申报编号"]] for row in rows} == set(files) - {"N07"}
    assert {row[at["结论"]] for row in rows} == {"催报"}
    assert "国际科技合作孵化基地试点单位年度工作计划表" in str(rows[0][at["具体事项"]])
    assert all(row[at["签发人"]] is None for row in rows)  # a person signs


def test_who_has_no_reminder_is_named_with_the_reason(back: Path, read: Read) -> None:
    _, blocks = reminders(read, back, form="附件1")  # the measure reminds pilots and bases, not those who apply
    assert not blocks[0]
    assert {row[0] for row in blocks[1]} == {"N02", "N03", "N04", "N05", "N06", "N09"}
    _, blocks = reminders(read, back, XINJIANG, slices=("推荐单位",), to="districts")
    assert not blocks[0]
    assert {row[3] for row in blocks[1]} == {"催报函只发给申报单位，请与推荐单位联系"}
