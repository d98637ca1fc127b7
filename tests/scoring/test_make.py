"""Books out: 回避, what a blind book shows, what is locked, and what is never written over."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.files.packs import store
from incubxl.scoring.make import BOOKS, LIST, RECORD, load_round
from tests.scoring.build import COLUMN, EXPERTS, NAMES, attempt, issued, task_rows


def _text(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "".join(package.read(name).decode("utf-8") for name in package.namelist())


def test_own_organisation_and_declared_ties_are_never_assigned(tmp_path: Path) -> None:
    made = issued(tmp_path, 2)
    pairs = {(t.expert, t.applicant) for t in made.round.tasks}
    assert not pairs & {("E2", "S2"), ("E4", "S3")}
    assert made.round.away == {
        ("E2", "S2"): "本人单位：示例乙创新中心",
        ("E4", "S3"): "声明关系：示例丙国际创客有限公司（曾任顾问）",
    }
    assert all(sum(a == applicant for _, a in pairs) == 2 for applicant in made.round.shown)
    loads = [sum(e == expert for e, _ in pairs) for expert in made.round.experts]
    assert max(loads) - min(loads) <= 1


@pytest.mark.parametrize(
    "organisation", ["示例乙创新中心", " 示例乙创新中心 ", "示例乙创新中心（分中心）", "示例乙创新"]
)
def test_an_organisation_is_known_in_other_words(tmp_path: Path, organisation: str) -> None:
    made = issued(tmp_path, 1, people=[("E1", organisation, "", ""), ("E2", "示例大学", "无", "没有")])
    assert {t.expert for t in made.round.tasks if t.applicant == "S2"} == {"E2"}


def test_an_organisation_elsewhere_in_the_applicant_s_row_counts(tmp_path: Path) -> None:
    """The partner abroad is the expert's own organisation."""
    facts = {"S1": {_text_fact(): "示例海外大学"}}
    made = issued(tmp_path, 1, people=[("E1", "示例海外大学", "", ""), ("E2", "示例大学", "", "")], facts=facts)
    assert {t.expert for t in made.round.tasks if t.applicant == "S1"} == {"E2"}


def _text_fact() -> str:
    plain = [f.id for f in store().pack("urumqi-intl").facts if f.type == "text" and not f.personal]
    return next(id for id in plain if id not in ("applicant_id", "name"))


def test_too_few_experts_are_told_by_name_and_nothing_is_written(tmp_path: Path) -> None:
    made, issues = attempt(tmp_path, 4)
    assert made is None
    short = [i for i in issues if i.code == "scoring.short"]
    assert [NAMES[1] in short[0].message, NAMES[2] in short[1].message] == [True, True]
    assert "E2（本人单位：示例乙创新中心）" in short[0].message and "可以评的只有3位（E1、E3、E4）" in short[0].message
    assert not (tmp_path / "round").exists()


def test_a_misspelt_tie_stops_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    made, issues = attempt(tmp_path, 1, people=[("E1", "示例大学", "示例甲孵化有限公司", ""), EXPERTS[2]])
    assert made is None
    assert [i.code for i in issues if i.severity == "error"] == ["scoring.tie_misspelt"]
    assert NAMES[0] in issues[-1].message
    made, issues = attempt(tmp_path, 1, people=[("E1", "示例大学", "完全无关的一家公司", ""), EXPERTS[2]])
    assert made is not None
    assert [i.code for i in issues if i.code.startswith("scoring.")] == ["scoring.tie_unknown"]


def test_a_tie_told_in_a_sentence_stops_until_the_unit_is_named(tmp_path: Path) -> None:
    """What a sentence means is a person's to say: 「丙国际创客」 is a part of one name."""
    made, issues = attempt(tmp_path, 1, people=[("E1", "示例大学", "", "本人配偶任职于丙国际创客"), EXPERTS[2]])
    assert made is None
    (told,) = [i for i in issues if i.severity == "error"]
    assert told.code == "scoring.tie_misspelt"
    assert NAMES[2] in told.message


def test_every_unit_that_a_sentence_names_is_left_to_others(tmp_path: Path) -> None:
    tie = "曾为示例乙创新中心（原示例甲孵化器）做过顾问"
    made = issued(tmp_path, 1, people=[("E1", "示例大学", "", tie), EXPERTS[2]])
    assert {t.expert for t in made.round.tasks if t.applicant in ("S1", "S2")} == {"E3"}


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ([("E1", "示例大学", "", ""), ("E1", "示例研究院", "", "")], "scoring.expert_twice"),
        ([("E1", "", "", "")], "scoring.expert_lacks"),
        ([("", "示例大学", "", "")], "scoring.expert_lacks"),
        ([], "scoring.experts_sheet"),
    ],
)
def test_an_experts_list_with_a_fault_is_not_used(tmp_path: Path, people: Any, code: str) -> None:
    made, issues = attempt(tmp_path, 1, people=people)
    assert made is None
    assert code in [i.code for i in issues]


def test_without_indicators_that_people_score_there_is_nothing_to_send(tmp_path: Path) -> None:
    by_number = {
        "indicator": "A",
        "name": "团队",
        "method": "ratio",
        "source": "运营管理团队人数",
        "target": 8,
        "maximum": 20,
    }
    made, issues = attempt(tmp_path, 1, indicators=[by_number])
    assert made is None
    assert "scoring.no_scheme" in [i.code for i in issues]


def test_an_applicant_of_unknown_class_stops_the_round(tmp_path: Path) -> None:
    one = {"indicator": "P1", "name": "服务能力", "method": "direct", "maximum": 60, "set": "国际创新创业创客基地"}
    label = next(t.label for t in store().pack("urumqi-intl").measure.tracks if t.id == "base")
    made, issues = attempt(tmp_path, 1, indicators=[{**one, "set": label}], facts={"S2": {"track": None}})
    assert made is None
    assert "scoring.class_open" in [i.code for i in issues]


def test_those_who_do_not_take_part_are_not_assigned(tmp_path: Path) -> None:
    made = issued(tmp_path, 1, facts={"S1": {"evaluation_submitted": False}})
    assert "S1" not in made.round.shown
    assert len(made.left_out) == 1 and "放弃" in made.left_out[0]


def test_a_blind_book_holds_no_name_and_no_number_of_anybody(tmp_path: Path) -> None:
    made = issued(tmp_path, 2)
    for path in made.books.values():
        text = _text(path.read_bytes())
        assert not [
            word
            for word in (*NAMES, "示例姓名", "示例大学", "S1", "S2", "S3", "S4")
            if f">{word}<" in text or (len(word) > 2 and word in text)
        ]
    shown = list(made.round.shown.values())
    assert sorted(shown) == ["1号", "2号", "3号", "4号"]


def test_a_named_book_shows_the_applicant_and_still_no_expert_s_name(tmp_path: Path) -> None:
    made = issued(tmp_path, 2, blind=False)
    text = "".join(_text(path.read_bytes()) for path in made.books.values())
    assert all(name in text for name in NAMES)
    assert "示例姓名" not in text


def test_only_scores_and_notes_can_be_typed_and_only_in_range(tmp_path: Path) -> None:
    made = issued(tmp_path, 2)
    sheet = openpyxl.load_workbook(made.books["E1"])["评分表"]
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    rows = task_rows(sheet, made)
    mine = [t for t in made.round.tasks if t.expert == "E1"]
    assert len(rows) == len(mine) == 2 * len({t.applicant for t in mine})
    for row in rows:
        unlocked = [c for c in range(1, 8) if not sheet.cell(row, c).protection.locked]
        assert unlocked == [COLUMN["score"], COLUMN["note"]]
        assert sheet.cell(row, COLUMN["score"]).value is None
        (rule,) = [v for v in sheet.data_validations.dataValidation if f"F{row}" in v.sqref]
        top = sheet.cell(row, COLUMN["top"]).value
        assert rule.formula1 == f'OR($F{row}="回避",AND(ISNUMBER($F{row}),$F{row}>=0,$F{row}<={top}))'
        assert rule.errorStyle in (None, "stop")
    cells = [c.value for line in sheet.iter_rows() for c in line if isinstance(c.value, str)]
    assert any("专家签名" in c for c in cells) and "专家代号：E1" in cells


def test_the_same_input_gives_the_same_books_and_filled_ones_are_kept(tmp_path: Path) -> None:
    made = issued(tmp_path, 2)
    before = {path: path.read_bytes() for path in made.books.values()}
    again, issues = attempt(tmp_path, 2)
    assert again is not None and again.round == made.round
    assert {path: path.read_bytes() for path in again.books.values()} == before
    made.books["E1"].write_bytes(b"filled in by the expert")
    (tmp_path / "round" / LIST).write_bytes(b"the office's notes")
    again, issues = attempt(tmp_path, 2)
    assert [i.code for i in issues if i.code.startswith("scoring.")] == ["scoring.kept", "scoring.kept"]
    assert made.books["E1"].read_bytes() == b"filled in by the expert"


def test_another_assignment_does_not_overwrite_the_round(tmp_path: Path) -> None:
    made = issued(tmp_path, 2)
    record = (tmp_path / "round" / RECORD).read_bytes()
    again, issues = attempt(tmp_path, 3)
    assert again is None
    assert "scoring.round_exists" in [i.code for i in issues]
    assert (tmp_path / "round" / RECORD).read_bytes() == record
    assert load_round(tmp_path / "round") == made.round


def test_the_record_and_the_list_hold_no_expert_s_name(tmp_path: Path) -> None:
    issued(tmp_path, 2)
    folder = tmp_path / "round"
    assert "示例姓名" not in (folder / RECORD).read_text("utf-8")
    assert "示例姓名" not in _text((folder / LIST).read_bytes())
    cells = [c.value for row in openpyxl.load_workbook(folder / LIST)["分配"].iter_rows() for c in row]
    assert set(NAMES) <= set(cells)
    assert sorted(p.name for p in folder.iterdir()) == sorted([RECORD, LIST, BOOKS])
    assert json.loads((folder / RECORD).read_text("utf-8"))["per_applicant"] == 2


def test_a_record_that_is_gone_or_damaged_is_told(tmp_path: Path) -> None:
    assert getattr(load_round(tmp_path), "code", "") == "scoring.no_round"
    (tmp_path / RECORD).write_text("{}", "utf-8")
    assert getattr(load_round(tmp_path), "code", "") == "scoring.no_round"
