"""Registers as badly kept as they come: every one is answered in words, nobody is lost, nothing is guessed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from incubxl.batch.run import Run
from incubxl.files.packs import PackStore
from incubxl.policy.pack import Pack
from incubxl.templates.build import build_workbook
from incubxl.templates.content import AnswerInput, CellInput, Formula, WorkbookContent
from tests.batch.build import REGISTER, codes, column, concluded, damaged, data, filled, go, header_row, set_setting
from tests.batch.build import workbook as first_workbook

Damage = Callable[[openpyxl.Workbook], None]
NAMES = (
    *(
        "NA",
        "None",
        "null",
        "示例<&>\"'{{x}}",
        "{% for x in y %}",
        "{{7*7}}",
        "示例\U0002c72c公司",
        "示例\u202e公司\u200f",
    ),
    *(
        "示" * 200,
        "示例\n换行",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@x",
        "#N/A",
        "001",
        "../../etc",
        "]]>",
        "%s",
        "<w:p/>",
    ),
)
IDS = (
    *("A-1", "A/1", "A\\1", "A:1", "A*1", "../x", "=1+1", "+1", "-1", "@x", "NA", "null", "001", "1", "CON", "A_1"),
    *("示" * 100, "{{x}}", "<&>", "A'1", 'A"1', "nan", "a1", "#N/A"),
)


def _run(tmp_path: Path, content: bytes, **options: Any) -> Run:
    """One workbook through a run, which must leave it as it is and answer in Chinese."""
    path = tmp_path / "登记.xlsx"
    path.write_bytes(content)
    done = go(path, out=tmp_path / "out", **options)
    assert path.read_bytes() == content
    assert not done.done[0].log
    for issue in first_workbook(done)["issues"]:
        assert re.search("[\u4e00-\u9fff]", issue["message"])
        assert re.search("[\u4e00-\u9fff]", issue["remedy"])
    item = done.done[0].item
    assert item.result is None or item.result.copy
    assert item.rows_seen == item.determined + item.refused
    return done


def _letters(done: Run, tmp_path: Path) -> dict[str, str]:
    """Applicant id → the text of the letter, tables included."""
    found = {}
    for one in first_workbook(done)["applicants"]:
        for letter in one["letters"]:
            if letter["file"]:
                paper = docx.Document(str(tmp_path / "out" / done.done[0].task.folder / letter["file"]))
                cells = [c.text for table in paper.tables for row in table.rows for c in row.cells]
                assert one["id"] not in found
                found[one["id"]] = "\n".join([*(p.text for p in paper.paragraphs), *cells])
    return found


def _no_formulas(tmp_path: Path) -> None:
    """Our sheets of the result hold values only; those of the input are the user's."""
    made = openpyxl.load_workbook(next((tmp_path / "out").rglob("结果_*.xlsx")))
    theirs = openpyxl.load_workbook(tmp_path / "登记.xlsx", read_only=True).sheetnames
    ours = [sheet for sheet in made if sheet.title not in theirs]
    assert "结果汇总" in [sheet.title for sheet in ours]
    for sheet in ours:
        for row in sheet.iter_rows():
            assert not [cell.coordinate for cell in row if cell.data_type in ("f", "e")]


def _with_rows(key: str, values: tuple[str, ...]) -> WorkbookContent:
    base = filled(len(values))
    rows = [{**row, key: value} for row, value in zip(base.register, values, strict=True)]
    return concluded(dataclasses.replace(base, register=tuple(rows), tables={}))


def test_names_stay_names(tmp_path: Path) -> None:
    done = _run(tmp_path, data(_with_rows("name", NAMES)))
    papers = _letters(done, tmp_path)
    assert len(papers) == len(NAMES)
    for one in first_workbook(done)["applicants"]:
        assert one["name"] in papers[one["id"]]
    _no_formulas(tmp_path)


def test_ids_stay_ids_and_apart(tmp_path: Path) -> None:
    done = _run(tmp_path, data(_with_rows("applicant_id", IDS)))
    assert [one["id"] for one in first_workbook(done)["applicants"]] == list(IDS)
    files = {path.name.casefold() for path in (tmp_path / "out").rglob("*.docx")}
    assert len(files) == len(_letters(done, tmp_path)) == len(IDS)
    assert all(len(name.encode()) <= 120 for name in files)
    _no_formulas(tmp_path)


@pytest.mark.parametrize("second", ["XJ-00001", "xj-00001", "XJ－00001", "XJ- 00001"])
def test_an_id_that_two_rows_have_leads_to_no_final_letter(tmp_path: Path, second: str) -> None:
    base = filled(2)
    rows = (base.register[0], {**base.register[1], "applicant_id": second})
    done = _run(tmp_path, data(concluded(dataclasses.replace(base, register=rows, tables={}))))
    (one,) = first_workbook(done)["applicants"]
    assert done.done[0].item.refused == 1
    assert {letter["state"] for letter in one["letters"]} == {"draft"}
    assert "重复" in one["letters"][0]["why"]


def test_nobody_without_a_name_gets_a_letter(tmp_path: Path) -> None:
    done = _run(tmp_path, data(filled(1, name=None)))
    assert [x["state"] for x in first_workbook(done)["applicants"][0]["letters"]] == ["none"]
    assert not list((tmp_path / "out").rglob("*.docx"))


@pytest.mark.parametrize("typed", ["500\n600", "1\r\n200", 1e15, 1e300, 9.9e15])
def test_what_is_no_one_number_is_not_read(tmp_path: Path, typed: CellInput) -> None:
    done = _run(tmp_path, data(filled(1, service_area=typed)))
    assert codes(done) == ["cell.unreadable_number"]


# sheets and headers


def _sheet(change: Callable[[Any], None]) -> Damage:
    return lambda book: change(book[REGISTER])


def _drop(label: str) -> Damage:
    return _sheet(lambda sheet: sheet.delete_cols(column(sheet, label)))


def _rename(title: str, new: str) -> Damage:
    def damage(book: openpyxl.Workbook) -> None:
        book[title].title = new

    return damage


def _without(title: str) -> Damage:
    return lambda book: book.remove(book[title])


def _bare(sheet: Any) -> None:
    for name in list(sheet.tables):
        del sheet.tables[name]


def _headless(sheet: Any) -> None:
    _bare(sheet)
    sheet.delete_rows(header_row(sheet))


REFUSED: dict[str, tuple[Damage, str]] = {
    "no register": (_without(REGISTER), "sheet.register_missing"),
    "register renamed": (_rename(REGISTER, "Sheet1"), "sheet.register_missing"),
    "no header": (_sheet(_headless), "header.not_found"),
    "no id column": (_drop("申报编号"), "header.missing"),
    "no settings": (_without("设置"), "sheet.settings_missing"),
    "no pack": (set_setting("pack", None), "sheet.pack_missing"),
    "unknown pack": (set_setting("pack", "../common"), "pack.unknown"),
    "no year": (set_setting("year", None), "officer.no_year"),
    "year unreadable": (set_setting("year", "26年"), "officer.no_year"),
    "as-of unreadable": (set_setting("as_of", "2026年5月"), "as_of.unreadable"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_workbook_that_cannot_be_judged_fails_and_leaves_earlier_results(tmp_path: Path, case: str) -> None:
    _run(tmp_path, data())
    before = sorted((tmp_path / "out").rglob("*.docx"))
    damage, code = REFUSED[case]
    done = _run(tmp_path, damaged(damage))
    assert done.failed
    assert code in codes(done)
    assert sorted((tmp_path / "out").rglob("*.docx")) == before


def test_an_as_of_date_given_stands_in_for_an_unreadable_one(tmp_path: Path) -> None:
    done = _run(tmp_path, damaged(set_setting("as_of", "2026年5月")), as_of=dt.date(2026, 5, 31))
    assert not done.failed
    assert first_workbook(done)["as_of"] == "2026-05-31"


def test_a_missing_as_of_date_is_the_day_of_the_run_and_said(tmp_path: Path) -> None:
    done = _run(tmp_path, damaged(set_setting("as_of", None)))
    assert (first_workbook(done)["as_of"], codes(done)) == ("2026-06-20", ["as_of.assumed"])


def _two_rows(sheet: Any) -> None:
    _bare(sheet)
    row = header_row(sheet)
    sheet.insert_rows(row)
    for n in range(1, 5):
        sheet.cell(row, n).value, sheet.cell(row + 1, n).value = sheet.cell(row + 1, n).value, None
        sheet.merge_cells(start_row=row, start_column=n, end_row=row + 1, end_column=n)
    for n in range(15, 18):
        sheet.cell(row, n).value = "场地"
    sheet.merge_cells(start_row=row, start_column=15, end_row=row, end_column=17)


def _further_down(sheet: Any) -> None:
    _bare(sheet)
    sheet.insert_rows(1, 7)


def _gaps(sheet: Any) -> None:
    _bare(sheet)
    sheet.insert_rows(header_row(sheet) + 2, 5)


def _hide(sheet: Any) -> None:
    sheet.row_dimensions[header_row(sheet) + 1].hidden = True
    sheet.column_dimensions["M"].hidden = True
    sheet.sheet_state = "hidden"


def _protect(book: openpyxl.Workbook) -> None:
    for sheet in book:
        sheet.protection.sheet = True


TOLERATED: dict[str, Damage] = {
    "two header rows": _sheet(_two_rows),
    "header further down": _sheet(_further_down),
    "blank lines between": _sheet(_gaps),
    "hidden rows, columns, sheet": _sheet(_hide),
    "settings with a blank": _rename("设置", "设 置"),
    "protected sheets": _protect,
    "1904 dates": lambda book: setattr(book, "epoch", openpyxl.utils.datetime.CALENDAR_MAC_1904),
    "no detail sheet": _without("新注册企业"),
}


@pytest.mark.parametrize("case", TOLERATED)
def test_what_does_not_matter_changes_no_verdict(tmp_path: Path, case: str) -> None:
    plain = first_workbook(_run(tmp_path, damaged(lambda _: None)))
    shutil.rmtree(tmp_path / "out")
    odd = first_workbook(_run(tmp_path, damaged(TOLERATED[case])))
    assert not [issue for issue in odd["issues"] if issue["severity"] != "info"]
    verdicts = [
        [(v["criterion"], v["verdict"], v["value"]) for one in made["applicants"] for v in one["verdicts"]]
        for made in (plain, odd)
    ]
    assert verdicts[0] == verdicts[1]


def test_rows_that_are_no_applicants_are_refused_with_a_reason(tmp_path: Path) -> None:
    def more(sheet: Any) -> None:
        _bare(sheet)
        row = header_row(sheet) + 3
        for n, (id, name) in enumerate(
            [("合计", None), ("注：数据真实", None), (None, "示例无编号"), ("XJ-00002", "示例")]
        ):
            sheet.cell(row + n, 1).value, sheet.cell(row + n, 2).value = id, name

    done = _run(tmp_path, damaged(_sheet(more)))
    assert (done.done[0].item.rows_seen, done.done[0].item.determined, done.done[0].item.refused) == (6, 2, 4)
    assert [c for c in codes(done) if c.startswith("row.")] == [
        *("row.total", "row.note", "row.no_id", "row.duplicate_id"),
    ]


def test_two_columns_of_one_name_are_both_left_alone(tmp_path: Path) -> None:
    def twice(sheet: Any) -> None:
        at = sheet.max_column + 1
        sheet.cell(header_row(sheet), at).value = "服务场地面积"
        sheet.cell(header_row(sheet) + 1, at).value = 9

    done = _run(tmp_path, damaged(_sheet(twice)))
    assert codes(done) == ["header.twice"]


# everything at once, in every measure

TYPED: tuple[CellInput, ...] = (
    *(None, Formula("=NA()", "#N/A"), Formula("=1+1", None), "无", "不适用", "约500", "3万元", "３０００", "2023.5.1"),
    *("=1+1", "nan", -1, 1e300, True, "x" * 5000, "\U0002c72c", "{{x}}", 0, dt.date(2150, 1, 1), "1_000", "５×10²"),
)


@pytest.mark.parametrize("seed", range(3))
def test_any_cells_at_all_are_judged_or_refused(tmp_path: Path, packs: PackStore, pack: Pack, seed: int) -> None:
    rng = random.Random(seed)
    tracks = [track.id for track in pack.measure.tracks]

    def cell(choices: list[str]) -> CellInput:
        return rng.choice(choices) if choices and rng.random() < 0.6 else rng.choice(TYPED)

    rows = []
    for n in range(12):
        row = {f.id: cell([c.id for c in f.choices]) for f in pack.facts}
        row |= {"applicant_id": f"X{n}", **({"track": rng.choice(tracks)} if "track" in row and tracks else {})}
        rows.append(row)
    tables = {
        table.id: tuple(
            {
                c.id: f"X{rng.randrange(12)}" if c.id == table.owner else cell([x.id for x in c.choices])
                for c in table.columns
            }
            for _ in range(20)
        )
        for table in pack.tables
        if table.id not in ("interpretations", "settings")
    }
    answers = {
        i.id: AnswerInput(rng.choice([*(o.id for o in i.options), "随便"]), "", "示例甲", dt.date(2026, 1, 1))
        for i in pack.interpretations
    }
    settings = {s.id: cell([c.id for c in s.choices]) for s in pack.settings} | {"pack": pack.id, "year": 2026}
    settings |= {"as_of": dt.date(2026, 5, 31)}
    made = WorkbookContent(register=tuple(rows), tables=tables, answers=answers, settings=settings)
    done = _run(tmp_path, build_workbook(pack, year=2026, content=made))
    assert not done.failed
    assert done.done[0].item.determined == 12
