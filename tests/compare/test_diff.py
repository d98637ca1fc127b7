"""``incubxl diff``: who turned over, and the cause is the one that was changed here, alone or with another."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.batch.keeping import kept
from incubxl.batch.recorded import recorded
from incubxl.compare.engine import Compared, Flip, compare
from incubxl.compare.sides import CannotCompareError, open_run
from incubxl.files.packs import SHIPPED
from incubxl.templates.content import WorkbookContent
from tests.batch.build import data, filled, go
from tests.bench.inputs import PACK

PARAMETER = (
    "quote: 不低于 500 平方米的服务场地, values: [{since: 2019-04-01, value: 500}]"  # parameters.yaml, service-area
)


def content(area: float = 600, **more: Any) -> WorkbookContent:
    """The first applicant passes 第六条4 by its area alone: too few seats, four fifths shared."""
    facts = {"seats": 12, "seat_area": 400, "public_area": 400, "total_area": 1000}
    return filled(2, service_area=area, **facts | more)


def office(folder: Path, minimum: int) -> Path:
    """The office's own copy of the pack with another minimum of 服务场地面积."""
    shutil.copytree(SHIPPED / PACK, folder / PACK)
    path = folder / PACK / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    assert PARAMETER in text
    path.write_text(text.replace(PARAMETER, PARAMETER.replace("value: 500", f"value: {minimum}")), encoding="utf-8")
    return folder


def ran(folder: Path, made: WorkbookContent, **options: Any) -> Path:
    """A run of one workbook called 登记.xlsx; its results folder."""
    (folder / "in").mkdir(parents=True)
    path = folder / "in" / "登记.xlsx"
    path.write_bytes(data(made))
    go(path, out=folder / "out", letters=False, **options)
    return folder / "out"


def compared(one: Path, two: Path) -> Compared:
    return compare(open_run(str(one), Path()), open_run(str(two), Path()))


def area(found: Compared) -> Flip:
    (flip,) = [f for f in found.flips if f.what.startswith("条件 第六条4") and f.applicant == "XJ-00001"]
    return flip


def test_data_did_it_and_the_cell_is_named(tmp_path: Path) -> None:
    found = compared(ran(tmp_path / "1", content()), ran(tmp_path / "2", content(450)))
    flip = area(found)
    assert (flip.then, flip.now, flip.causes) == ("符合", "不符合", (("data",),))
    assert "服务场地面积 600→450（申报登记!" in flip.facts
    assert {f.applicant for f in found.flips} == {"XJ-00001"}
    assert [p.differing for p in found.pairs] == [("data",)]


def test_a_parameter_did_it(tmp_path: Path) -> None:
    two = ran(tmp_path / "2", content(), policies=office(tmp_path / "packs", 700))
    found = compared(ran(tmp_path / "1", content()), two)
    assert area(found).causes == (("parameters",),)
    assert "只有这一项不同" in area(found).why


def test_two_causes_together_and_neither_alone(tmp_path: Path) -> None:
    """550 is enough for 500, and 600 for 580; 550 for 580 is not."""
    two = ran(tmp_path / "2", content(550), policies=office(tmp_path / "packs", 580))
    flip = area(compared(ran(tmp_path / "1", content()), two))
    assert flip.causes == (("data", "parameters"),)
    assert "数据 与 参数 共同所致" in flip.why
    assert flip.alone == "只换数据：符合（不变）；只换参数：符合（不变）"


def test_two_causes_each_enough(tmp_path: Path) -> None:
    two = ran(tmp_path / "2", content(450), policies=office(tmp_path / "packs", 700))
    flip = area(compared(ran(tmp_path / "1", content()), two))
    assert flip.causes == (("data",), ("parameters",))
    assert "各自都足以" in flip.why


def test_an_answer_and_a_day(tmp_path: Path) -> None:
    """口径「每年」answered otherwise; then the day before a year of operation was full."""
    made = content(registered_on=dt.date(2025, 3, 1), operated_since=dt.date(2025, 3, 1))
    one = ran(tmp_path / "1", made)
    two = ran(tmp_path / "2", made, as_of=dt.date(2026, 2, 27))
    found = compared(one, two)
    assert found.flips
    assert {f.causes for f in found.flips} == {(("day",),)}
    open_answers = {id: a for id, a in made.answers.items() if id != "every-year"}
    three = ran(tmp_path / "3", dataclasses.replace(made, answers=open_answers))
    found = compared(one, three)
    assert found.flips
    assert {f.causes for f in found.flips} == {(("interpretations",),)}


def test_a_new_version_of_the_pack_did_it(tmp_path: Path) -> None:
    packs = office(tmp_path / "packs", 500)
    path = packs / PACK / "criteria.yaml"
    text = path.read_text(encoding="utf-8")
    old = "at_least: {fact: service_area, than: service-area}, quote"
    assert old in text
    path.write_text(text.replace(old, old.replace("service_area", "public_area")), encoding="utf-8")
    flips = compared(ran(tmp_path / "1", content()), ran(tmp_path / "2", content(), policies=packs)).flips
    assert flips
    assert {f.causes for f in flips} == {(("pack",),)}


def test_who_is_in_one_run_only(tmp_path: Path) -> None:
    one, two = ran(tmp_path / "1", filled(2)), ran(tmp_path / "2", filled(1))
    (flip,) = compared(one, two).flips
    assert (flip.applicant, flip.what, flip.then, flip.now, flip.causes) == (
        "XJ-00002", "申报单位", "在册", "", (("data",),),
    )  # fmt: skip


def test_what_was_not_kept_is_said_and_not_guessed(tmp_path: Path) -> None:
    one, two = ran(tmp_path / "1", content()), ran(tmp_path / "2", content(450))
    (entry,) = recorded(two)[0].workbooks
    kept(two).remove(entry["body"]["kept"]["pack"])
    found = compared(one, two)
    assert area(found).causes == ()
    assert area(found).why.startswith("说不清：")
    assert any("办法数据没有留存" in note for note in found.notes)


def test_the_same_is_the_same(tmp_path: Path) -> None:
    one, two = ran(tmp_path / "1", content()), ran(tmp_path / "2", content())
    assert compared(one, two).flips == ()
    with pytest.raises(CannotCompareError, match="没有运行 20200101-000000"):
        open_run(f"{one}@20200101-000000", Path())


def test_the_command_tells_and_writes_the_workbook(tmp_path: Path) -> None:
    one = ran(tmp_path / "1", content())
    two = ran(tmp_path / "2", content(550), policies=office(tmp_path / "packs", 580))
    command = [sys.executable, "-m", "incubxl", "diff", str(one), f"{two}@20260620-093000"]

    def run(*more: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *map(str, more)], capture_output=True, text=True, timeout=120, check=False, encoding="utf-8"
        )

    done = run("--out", tmp_path / "比较.xlsx", "--json")
    assert done.returncode == 1
    body = json.loads(done.stdout)
    assert ["data", "parameters"] in [c for f in body["flips"] for c in f["causes"]]
    book = openpyxl.load_workbook(tmp_path / "比较.xlsx")
    assert book.sheetnames == ["运行比较", "哪里不同"]
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    assert any("共同所致" in text for text in cells)
    assert any("服务场地面积下限 580 平方米" in text for text in cells)
    assert "共同所致" in run().stdout.replace("\n", "").replace("│", "").replace(" ", "")
    assert run("--in", tmp_path).returncode == 1
