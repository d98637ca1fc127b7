"""One unit in two rows of one workbook: told at both rows, and no final letter for either."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from incubxl.batch.mailing import gather
from tests.batch.build import cli, codes, concluded, data, filled, go, workbook
from tests.bench.inputs import code

SAMPLES = Path(__file__).parents[2] / "samples"
NAME = "示例众创空间1"


def book(path: Path, **second: Any) -> Path:
    """Three applicants with a named official's conclusion; ``second`` replaces what the second row says."""
    made = filled(3)
    rows = [dict(row) for row in made.register]
    rows[1] |= second
    path.write_bytes(data(concluded(dataclasses.replace(made, register=tuple(rows)))))
    return path


def finals(out: Path) -> list[str]:
    return sorted(p.name[:8] for p in (out / "登记" / "通知书").glob("*.docx") if not p.name.endswith(".草稿.docx"))


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({"uscc": code(1), "name": NAME}, "名称、信用代码、申报类型都相同"),
        ({"uscc": code(1)}, "信用代码相同而名称不同"),
        ({"uscc": None, "name": NAME}, "名称、申报类型相同，又没有信用代码可分"),
        ({"uscc": None, "name": "示例 众创空间１"}, "名称、申报类型相同，又没有信用代码可分"),
    ],
)
def test_both_rows_get_drafts_and_say_why(tmp_path: Path, second: dict[str, Any], why: str) -> None:
    done = go(book(tmp_path / "登记.xlsx", **second), out=tmp_path / "out")
    assert finals(tmp_path / "out") == ["XJ-00003"]
    found = [i for i in workbook(done)["issues"] if i["code"] == "applicant.two_rows"]
    assert [(i["severity"], i["sheet"]) for i in found] == [("error", "申报登记")] * 2
    first, other = found
    assert why in first["message"]
    assert f"申报编号XJ-00002（申报登记!{other['cell']}）" in first["message"]
    assert f"申报编号XJ-00001（申报登记!{first['cell']}）" in other["message"]
    letters = [x for one in workbook(done)["applicants"][:2] for x in one["letters"] if x["file"]]
    assert [(x["state"], why in x["why"]) for x in letters] == [("draft", True)] * 2


def test_two_codes_are_two_units_of_one_name(tmp_path: Path) -> None:
    done = go(book(tmp_path / "登记.xlsx", name=NAME), out=tmp_path / "out")
    assert "applicant.two_rows" not in codes(done)
    assert finals(tmp_path / "out") == ["XJ-00001", "XJ-00002", "XJ-00003"]


def test_the_terminal_says_so(tmp_path: Path) -> None:
    path = book(tmp_path / "登记.xlsx", uscc=code(1), name=NAME)
    done = cli(path, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "像是同一单位登记了两行" in done.stderr


def test_a_unit_of_several_titles_stands_in_a_row_of_each(tmp_path: Path) -> None:
    """通辽 awards titles: T11 is a 国家级科技企业孵化器 and, as T11B, a 国家众创空间."""
    done = go(SAMPLES / "tongliao-award-2026.xlsx", out=tmp_path / "out")
    assert "applicant.two_rows" not in codes(done)


def test_one_title_in_two_rows_is_asked_about(tmp_path: Path) -> None:
    """T14 and T14B are the same 国家众创空间."""
    done = go(SAMPLES / "tongliao-award-2025.xlsx", out=tmp_path / "out")
    first, second = (i["message"] for i in workbook(done)["issues"] if i["code"] == "applicant.two_rows")
    assert "申报编号T14与申报编号T14B（" in first
    assert "申报编号T14B与申报编号T14（" in second


def test_final_letters_of_both_are_not_mailed_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of results whose letters were made before rows were compared."""
    monkeypatch.setattr("incubxl.assess.engine.two_rows", lambda register: ())
    go(book(tmp_path / "登记.xlsx", uscc=code(1), name=NAME), out=tmp_path / "out")
    assert finals(tmp_path / "out") == ["XJ-00001", "XJ-00002", "XJ-00003"]
    found = gather(tmp_path / "out", None)
    assert [one.applicant for one in found.letters] == ["XJ-00003"]
    assert [(i.code, i.applicant) for i in found.issues] == [
        ("mail.conflict", "XJ-00001"),
        ("mail.conflict", "XJ-00002"),
    ]
