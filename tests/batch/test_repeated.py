"""One applicant in two workbooks of a run: told everywhere, and never in a final letter."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.batch.job import process
from incubxl.batch.model import Done, Options, Task
from incubxl.batch.run import Run, run
from incubxl.files.packs import store
from incubxl.templates.build import build_workbook
from tests.batch.build import RAN_AT, cli, codes, concluded, data, filled, go, hashes
from tests.bench.inputs import PACK, code


def put(folder: Path, name: str, **made: Any) -> Path:
    """A workbook of two refused applicants with a named official's conclusion: their letters are final."""
    path = folder / name
    path.write_bytes(data(concluded(filled(2, **made))))
    return path


def letters(out: Path) -> list[str]:
    """Letters that hold: what was moved aside is no longer among them."""
    return sorted(f"{p.parent.parent.name}/{p.name}" for p in out.rglob("*.docx") if "旧件保留" not in p.parts)


def finals(out: Path) -> list[str]:
    return [name for name in letters(out) if not name.endswith(".草稿.docx")]


def table(out: Path) -> list[tuple[Any, ...]]:
    """The rows of 重复申报, without title and header."""
    sheet = openpyxl.load_workbook(out / "批量汇总.xlsx")["重复申报"]
    rows = list(sheet.iter_rows(values_only=True))
    start = next(n for n, row in enumerate(rows) if row[0] == "序号")
    return rows[start + 1 :]


def test_alone_their_letters_are_final(tmp_path: Path) -> None:
    go(put(tmp_path, "甲.xlsx"), out=tmp_path / "out")
    assert len(finals(tmp_path / "out")) == 2
    assert table(tmp_path / "out")[0][0] == "没有单位在两个工作簿中申报"


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_applicant_of_two_workbooks_gets_drafts_from_both(tmp_path: Path, jobs: int) -> None:
    out = tmp_path / "out"
    put(tmp_path, "甲.xlsx")  # XJ-00001 and XJ-00002
    put(tmp_path, "乙.xlsx", first=2)  # XJ-00002 and XJ-00003
    done = go(tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", out=out, jobs=jobs)
    assert [name[:10] for name in finals(out)] == ["乙/XJ-00003", "甲/XJ-00001"]
    assert len(letters(out)) == 4
    assert (done.removed, done.aside) == ((), ())
    (row,) = done.repeated.rows
    assert (row.year, row.code, row.name) == (2026, code(2), "示例众创空间2")
    first, second = (d.json for d in done.done)
    (found,) = [i for i in first["issues"] if i["code"] == "applicant.repeated"]
    assert (found["severity"], found["sheet"]) == ("error", "申报登记")
    assert "乙.xlsx 申报登记!A" in found["message"]
    drafts = [x for x in first["applicants"][1]["letters"] if x["state"] == "draft"]
    assert "同一单位在两个工作簿中申报" in drafts[0]["why"]
    assert [x["state"] for x in second["applicants"][1]["letters"] if x["file"]] == ["final"]
    assert done.done[0].item.letters["final"] == 1
    ((_, measure, year, uscc, name, books, cells, *_),) = table(out)
    assert (year, uscc, name) == (2026, code(2), "示例众创空间2")
    assert "众创空间" in measure
    assert [x.rpartition("/")[2] for x in books.split("\n")] == ["甲.xlsx", "乙.xlsx"]
    assert cells.count("申报登记!A") == 2


def test_the_terminal_says_so_and_the_exit_code_is_1(tmp_path: Path) -> None:
    put(tmp_path, "甲.xlsx")
    put(tmp_path, "乙.xlsx", first=2)
    done = cli(tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "1 个单位在两个工作簿中申报，通知书只出草稿" in done.stderr
    assert "示例众创空间2" in done.stderr


def test_copies_of_one_file(tmp_path: Path) -> None:
    path = put(tmp_path, "甲.xlsx")
    (tmp_path / "甲 - 副本.xlsx").write_bytes(path.read_bytes())
    done = go(path, tmp_path / "甲 - 副本.xlsx", out=tmp_path / "out")
    assert finals(tmp_path / "out") == []
    assert [i.code for i in done.repeated.issues] == ["input.repeated"]
    assert "甲 - 副本.xlsx" in done.repeated.issues[0].message
    assert [row.name for row in done.repeated.rows] == ["示例众创空间1", "示例众创空间2"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"uscc": ""}, {"uscc": code(9)}, True),  # a code is lacking: the name says it
        ({"uscc": ""}, {"uscc": ""}, True),
        ({"uscc": code(8)}, {"uscc": code(9)}, False),  # two codes: two organisations of one name
        ({"uscc": code(8)}, {"uscc": code(8), "name": "示例众创空间改名"}, True),
        ({"uscc": "", "name": "示例 众创空间Ａ"}, {"uscc": "", "name": "示例众创空间A"}, True),
    ],
)
def test_by_code_or_else_by_name(tmp_path: Path, first: dict[str, str], second: dict[str, str], same: bool) -> None:
    shared = {"name": "示例众创空间"}
    (tmp_path / "甲.xlsx").write_bytes(data(concluded(filled(1, first=1, **shared | first))))
    (tmp_path / "乙.xlsx").write_bytes(data(concluded(filled(1, first=2, **shared | second))))
    done = go(tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", out=tmp_path / "out")
    assert len(done.repeated.rows) == same
    assert [("applicant.repeated" in codes(done, n)) for n in range(2)] == [same, same]


def test_resuming_counts_kept_workbooks(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = put(tmp_path, "甲.xlsx")
    go(first, out=out)
    assert len(finals(out)) == 2
    second = put(tmp_path, "乙.xlsx", first=2)
    done = go(first, second, out=out, resume=True)
    assert [name[:10] for name in finals(out)] == ["乙/XJ-00003", "甲/XJ-00001"]
    assert [p.name[:8] for p in done.aside] == ["XJ-00002"]  # the letter of the day before: it may have been sent
    assert not done.kept
    before = hashes(out)
    again = go(first, second, out=out, resume=True)
    assert len(again.kept) == 2
    assert len(again.repeated.rows) == 1
    assert {k: v for k, v in hashes(out).items() if k.endswith(".docx")} == {
        k: v for k, v in before.items() if k.endswith(".docx")
    }


@pytest.mark.parametrize("resume", [True, False])
def test_once_it_is_mended_the_letters_are_final(tmp_path: Path, resume: bool) -> None:
    out = tmp_path / "out"
    first, second = put(tmp_path, "甲.xlsx"), put(tmp_path, "乙.xlsx", first=2)
    go(first, second, out=out)
    put(tmp_path, "乙.xlsx", first=3)
    done = go(first, second, out=out, resume=resume)
    assert len(finals(out)) == len(letters(out)) == 4
    assert not done.repeated.rows
    assert done.findings == 0


def test_running_again_moves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, second = put(tmp_path, "甲.xlsx"), put(tmp_path, "乙.xlsx", first=2)
    go(first, second, out=out)
    before = letters(out)
    done = go(first, second, out=out)
    assert (letters(out), done.removed, done.aside) == (before, (), ())


def test_a_run_that_is_stopped_before_it_can_do_them_anew_leaves_no_final_letter(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, second = put(tmp_path, "甲.xlsx"), put(tmp_path, "乙.xlsx", first=2)
    calls = []

    def stops(todo: Sequence[Task], options: Options) -> Iterator[Done]:
        calls.append(len(todo))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return (process(task, options) for task in todo)

    done: Run = run([first, second], Options(out, None, RAN_AT.date(), RAN_AT), stops)
    assert done.cancelled
    assert not [name for name in finals(out) if "XJ-00002" in name]
    assert not go(first, second, out=out, resume=True).kept
    assert [name[:10] for name in finals(out)] == ["乙/XJ-00003", "甲/XJ-00001"]


def test_a_trial_run_finds_them_and_writes_nothing(tmp_path: Path) -> None:
    first, second = put(tmp_path, "甲.xlsx"), put(tmp_path, "乙.xlsx", first=2)
    done = go(first, second, out=tmp_path / "out", write=False)
    assert len(done.repeated.rows) == 1
    assert "applicant.repeated" in codes(done)
    assert not (tmp_path / "out").exists()


def test_another_year_is_another_application(tmp_path: Path) -> None:
    for year in (2025, 2026):
        made = build_workbook(store().pack(PACK), year=year, content=filled(1))
        (tmp_path / f"{year}.xlsx").write_bytes(made)
    done = go(tmp_path / "2025.xlsx", tmp_path / "2026.xlsx", out=tmp_path / "out")
    assert not done.repeated.rows


def test_next_day_only_what_had_no_day_of_its_own_is_done_again(tmp_path: Path) -> None:
    dated, dateless = filled(1, first=1), filled(1, first=2)
    settings = {k: v for k, v in dateless.settings.items() if k != "as_of"}
    (tmp_path / "有.xlsx").write_bytes(data(dated))
    (tmp_path / "无.xlsx").write_bytes(data(dataclasses.replace(dateless, settings=settings)))
    paths = (tmp_path / "有.xlsx", tmp_path / "无.xlsx")
    go(*paths, out=tmp_path / "out")
    assert len(go(*paths, out=tmp_path / "out", resume=True).kept) == 2
    tomorrow = go(*paths, out=tmp_path / "out", resume=True, today=RAN_AT.date() + dt.timedelta(days=1))
    assert [t.path.name for t in tomorrow.kept] == ["有.xlsx"]
