"""What the committee gets: scores with provenance, ranking, outliers, 公示 and objections, all marked as drafts."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from incubxl.files.write import Properties, render
from incubxl.scoring.committee import committee_sheets
from incubxl.scoring.minutes import minutes
from incubxl.scoring.model import Asked, Round, Scored, Task
from incubxl.scoring.outlying import outlying
from incubxl.scoring.ranking import ranking
from incubxl.scoring.season import Season
from tests.scoring.build import EXPERTS, NAMES, NOW, fill, issued, season

TOP = {"P1": 60, "P2": 40}
SHARE = {"S1": 90, "S2": 80, "S3": 80, "S4": 50}


def points(expert: str, applicant: str, indicator: str) -> Any:
    """90, 80, 80 and 50 of a hundred, from everybody."""
    return TOP[indicator] * SHARE[applicant] / 100


def ranks(found: Season) -> dict[str, tuple[int | None, str, Decimal | None]]:
    register = found.register
    return {register.ids[p.i]: (p.rank, p.state, p.score) for p in ranking(register)[0]}


def test_ties_share_a_rank_and_the_next_is_skipped(tmp_path: Path) -> None:
    fill(issued(tmp_path), tmp_path, points)
    assert ranks(season(tmp_path)) == {
        "S1": (1, "已排名", Decimal(90)),
        "S2": (2, "已排名", Decimal(80)),
        "S3": (2, "已排名", Decimal(80)),
        "S4": (4, "已排名", Decimal(50)),
    }


@pytest.mark.parametrize("setting", ["open", "zero", None])
def test_a_missing_score_is_neither_a_rank_nor_a_nought(tmp_path: Path, setting: str | None) -> None:
    made = issued(tmp_path, settings={"missing_score": setting})
    lacking = next(t for t in made.round.tasks if t.applicant == "S1")
    away = {t.expert for t in made.round.tasks if t.applicant == "S4"}
    fill(
        made,
        tmp_path,
        lambda e, a, i: (
            None if a == "S4" or (e, a, i) == (lacking.expert, "S1", lacking.indicator) else points(e, a, i)
        ),
    )
    found = ranks(season(tmp_path))
    assert found["S1"] == (None, "未评完", None)
    assert found["S4"] == (None, "未评", None)
    assert found["S2"][:2] == found["S3"][:2] == (1, "已排名")
    assert len(away) == 2
    assert "还有2家没有定分" in ranking(season(tmp_path).register)[1]


def test_experts_who_were_not_asked_are_not_waited_for(tmp_path: Path) -> None:
    """Each applicant has two of four experts; the grade is there although the others never scored it."""
    fill(issued(tmp_path), tmp_path, points)
    grades = {d.applicant: d.grade.grade for d in season(tmp_path).assessment.determinations}
    assert grades == {"S1": "优秀", "S2": "良好", "S3": "良好", "S4": "不合格"}


def test_who_was_vetoed_or_does_not_take_part_has_no_rank(tmp_path: Path) -> None:
    made = issued(tmp_path, facts={"S1": {"evaluation_submitted": False}})
    fill(made, tmp_path, points)
    found = season(tmp_path)
    assert ranks(found)["S1"][:2] == (None, "不参加排名")
    assert ranks(found)["S2"][:2] == (1, "已排名")


def test_the_cells_that_grading_cites_are_those_of_the_result(tmp_path: Path) -> None:
    made = issued(tmp_path)
    fill(made, tmp_path, points)
    before = (tmp_path / "登记.xlsx").read_bytes()
    found = season(tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(render(committee_sheets(found, None), properties=Properties("x", NOW))))
    sheet = book["评分"]
    cited = 0
    for one in found.assessment.determinations:
        for indicator in one.grade.indicators:
            for cell in indicator.cells:
                name, _, address = cell.partition("!")
                if name == "评分":
                    row = sheet[address].row
                    assert (sheet.cell(row, 1).value, sheet.cell(row, 2).value) == (one.applicant, indicator.indicator)
                    assert sheet[address].value == points("", one.applicant, indicator.indicator)
                    assert sheet.cell(row, 7).value.endswith("的邮件.xlsx")
                    cited += 1
    assert cited == len(made.round.tasks)
    assert (tmp_path / "登记.xlsx").read_bytes() == before


def test_scores_already_in_the_workbook_stay_and_contradictions_are_nobody_s(tmp_path: Path) -> None:
    own = [
        {"applicant_id": "S1", "indicator": "P1", "expert": "E1", "score": 54},
        {"applicant_id": "S1", "indicator": "P1", "expert": "E3", "score": 1},
    ]
    made = issued(tmp_path, 3, tables={"scores": own}, people=EXPERTS[:3], names=NAMES[:1])
    fill(made, tmp_path, points)
    found = season(tmp_path)
    assert "grading.score_twice" in [i.code for i in found.assessment.issues]
    assert ranks(found)["S1"][:2] == (None, "未评完")
    rows = [row[:4] for row in found.scores.blocks[0].rows]
    assert rows.count(("S1", "P1", "E1", Decimal(54))) == 1
    assert ("S1", "P1", "E3", Decimal(1)) in rows and ("S1", "P1", "E3", Decimal(54)) in rows


def _scored(scores: dict[str, float | None]) -> tuple[Round, list[Scored]]:
    asked = Asked(id="P", name="项", top="100", kind="direct")
    tasks = [Task(key=e, expert=e, applicant="S1", indicator="P") for e in scores]
    round = Round(
        name="一", id="x", pack="p", year=2026, per_applicant=1, blind=True, experts=tuple(scores),
        names={"S1": "示例甲"}, shown={"S1": "1号"},
        barred=(), indicators=(asked,), tasks=tuple(tasks),
    )  # fmt: skip
    values = [None if s is None else Decimal(str(s)) for s in scores.values()]
    return round, [
        Scored(t, "已评" if v is not None else "未评", v, "", "", "") for t, v in zip(tasks, values, strict=True)
    ]


@pytest.mark.parametrize(
    ("scores", "limit", "far"),
    [
        # median 80, deviations 2 1 0 1 20: MAD 1, z of 60 = 0.6745 × 20 = 13.49
        ({"A": 82, "B": 81, "C": 80, "D": 79, "E": 60}, "3.5", {"E": "-13.49"}),
        ({"A": 82, "B": 81, "C": 80, "D": 79, "E": 60}, "13.5", {}),
        # MAD 0: mean deviation 10 / 5 = 2, z of 90 = 10 / (2 × 1.253314) = 3.99
        ({"A": 80, "B": 80, "C": 80, "D": 80, "E": 90}, "3.5", {"E": "3.99"}),
        ({"A": 80, "B": 80, "C": 80}, "0.1", {}),
        ({"A": 80, "B": 10}, "0.1", {}),
        ({"A": 80, "B": None, "C": 10}, "0.1", {}),
    ],
)
def test_outlying_scores_by_hand(scores: dict[str, float | None], limit: str, far: dict[str, str]) -> None:
    assert {f.expert: str(f.z) for f in outlying(*_scored(scores), Decimal(limit))} == far


EVENTS = (
    {"applicant_id": "S1", "kind": "objection", "what": "面积不实", "on": dt.date(2026, 5, 1), "by": "示例单位"},
    {"applicant_id": "S1", "kind": "objection", "what": "团队不实", "on": dt.date(2026, 5, 2)},
    {"applicant_id": "S1", "kind": "objection_closed", "what": "面积不实", "on": dt.date(2026, 5, 9),
     "reason": "实地核查属实，维持", "document_number": "示科函〔2026〕9号"},
    {"applicant_id": "S2", "kind": "objection", "what": "材料不全", "on": dt.date(2026, 5, 3)},
)  # fmt: skip


def _sheets(found: Season, limit: Decimal | None = None) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(render(committee_sheets(found, limit), properties=Properties("x", NOW))))
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def test_the_workbook_has_all_sheets_each_marked_as_a_draft(tmp_path: Path) -> None:
    conclusions = [
        {"applicant_id": "S1", "letter": "evaluation_result", "on": dt.date(2026, 5, 20), "signer": "示例甲"},
    ]
    made = issued(tmp_path, tables={"procedure_events": EVENTS, "conclusions": conclusions})
    fill(made, tmp_path, points)
    sheets = _sheets(season(tmp_path), Decimal("3.5"))
    assert list(sheets) == [
        "排名", "评价结果", "指标得分", "评分", "回收情况", "离群得分", "签字表", "公示名单", "异议与答复", "问题清单",
    ]  # fmt: skip
    for name, rows in sheets.items():
        assert any("草稿" in str(cell) for row in rows[:3] for cell in row), name
    closed = {row[2]: (row[5], row[6], row[8]) for row in sheets["异议与答复"] if row[0] in ("S1", "S2")}
    assert closed["面积不实"] == ("已答复", "实地核查属实，维持", "示科函〔2026〕9号")
    assert closed["团队不实"][0] == "不能对应到答复，请核对"
    assert closed["材料不全"][0] == "尚未答复"
    assert [row[0] for row in sheets["签字表"] if row[0] in made.round.experts] == list(made.round.experts)
    said = [str(cell) for row in sheets["公示名单"] for cell in row if cell]
    assert any("还没有公示的决定" in words for words in said)  # a rank puts nobody there
    text = "".join(str(cell) for rows in sheets.values() for row in rows for cell in row)
    assert "示例姓名" not in text


def test_only_whom_a_person_decided_stands_in_the_announcement(tmp_path: Path) -> None:
    from incubxl.files.packs import store

    kind = next(k for k in store().pack("urumqi-intl").letters.kinds if k.recipient == "public")
    rows = [{"applicant_id": "S2", "letter": kind.id, "on": dt.date(2026, 5, 20), "reason": "审议通过"}]
    made = issued(tmp_path, tables={"conclusions": rows})
    fill(made, tmp_path, points)
    listed = [row for row in _sheets(season(tmp_path))["公示名单"] if row[1] in ("S1", "S2", "S3", "S4")]
    assert [(row[1], row[4]) for row in listed] == [("S2", "草稿")], listed
    assert all(row[5] for row in listed)


def test_the_document_says_what_the_workbook_says(tmp_path: Path) -> None:
    made = issued(tmp_path, tables={"procedure_events": EVENTS})
    fill(made, tmp_path, lambda e, a, i: None if a == "S4" else points(e, a, i))
    found = season(tmp_path)
    paper = docx.Document(io.BytesIO(minutes(found, Decimal("3.5"), NOW)))
    text = "\n".join(p.text for p in paper.paragraphs)
    cells = [c.text for t in paper.tables for row in t.rows for c in row.cells]
    assert "草稿" in paper.sections[0].header.paragraphs[0].text
    assert "S1 示例甲孵化器有限公司" in text and "总分90，第1名" in text and "总分80，并列第2名" in text
    assert "未评：还没有专家打分" in text
    assert "并列2" in cells and "未评" in cells and "面积不实" in cells and "实地核查属实，维持" in cells
    assert "示例姓名" not in text + "".join(cells)
    assert "S4" in text and "总分0" not in text


def test_without_returns_the_workbook_s_own_scores_make_the_pack(tmp_path: Path) -> None:
    own = [
        {"applicant_id": a, "indicator": i, "expert": "Z1", "score": points("", a, i)}
        for a in ("S1", "S2")
        for i in TOP
    ]
    issued(tmp_path, tables={"scores": own})
    found = season(tmp_path, returns=False)
    assert ranks(found)["S1"][:2] == (1, "已排名")
    assert ranks(found)["S3"] == (None, "未评", None)
    assert "签字表" not in _sheets(found)


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", "scoring", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")


@pytest.fixture
def by_command(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    from tests.scoring.build import experts, register

    register(tmp_path / "登记.xlsx")
    experts(tmp_path / "专家.xlsx")

    def make(*more: object) -> subprocess.CompletedProcess[str]:
        return _run("make", tmp_path / "登记.xlsx", "--experts", tmp_path / "专家.xlsx", *more)

    return make


def test_from_books_to_the_pack_by_command(
    tmp_path: Path, by_command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = by_command("--per-applicant", 2, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    folder = tmp_path / "评审_登记"
    assert told["folder"] == str(folder) and sorted(told["books"]) == ["E1", "E2", "E3", "E4"]
    assert max(told["loads"].values()) - min(told["loads"].values()) <= 1
    returns = tmp_path / "收回"
    returns.mkdir()
    done = _run("read", returns, "--workbook", tmp_path / "登记.xlsx")
    assert done.returncode == 1 and "没有交回" in done.stderr and "未评" in done.stdout
    done = _run("pack", tmp_path / "登记.xlsx", "--returns", returns, "--outlier", "3.5", "--json")
    assert done.returncode == 1, done.stderr
    assert {row["score"] for row in json.loads(done.stdout)["ranking"]} == {None}
    made = sorted(p.name for p in folder.iterdir())
    assert {"评分汇总.xlsx", "评审会材料.xlsx", "评审会材料.docx"} <= set(made)
    assert _run("pack", tmp_path / "登记.xlsx", "--returns", returns).returncode == 1  # our own are written anew
    (folder / "评审会材料.docx").write_bytes(b"edited by the office")
    done = _run("pack", tmp_path / "登记.xlsx", "--returns", returns)
    assert done.returncode == 3
    assert (folder / "评审会材料.docx").read_bytes() == b"edited by the office"


def test_commands_say_what_is_wrong(
    tmp_path: Path, by_command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = by_command("--per-applicant", 4)
    assert done.returncode == 3 and "须回避的：E2（本人单位：示例乙创新中心）" in done.stderr
    assert not (tmp_path / "评审_登记").exists()
    (tmp_path / "收回").mkdir()
    done = _run("read", tmp_path / "收回", "--workbook", tmp_path / "登记.xlsx")
    assert done.returncode == 3 and "轮次记录" in done.stderr
    done = _run("read", tmp_path / "收回", "--workbook", tmp_path / "登记.xlsx", "--outlier", "三")
    assert done.returncode == 3 and "--outlier" in done.stderr
