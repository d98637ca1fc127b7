"""The two forms of a result workbook: a copy of the input with our sheets, or a workbook of its own."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from incubxl.batch.run import Run
from incubxl.publish.graft import Target, look
from incubxl.results.build import TITLES
from tests.batch.build import cli, data, go, printed, workbook
from tests.conftest import ROOT
from tests.graft.compare import problems

SAMPLE = ROOT / "samples" / "xinjiang-makerspace-2026.xlsx"


def _sheets(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {s.title: [row for row in s.iter_rows(values_only=True) if any(v is not None for v in row)] for s in book}


def _file(done: Run) -> Path:
    return done.options.out / workbook(done)["result"]["file"]


def _locked(content: bytes, folder: Path) -> Path:
    """The workbook with its structure protected."""
    path, made = folder / "登记.xlsx", folder / "from.xlsx"
    made.write_bytes(content)
    book = openpyxl.load_workbook(made)
    made.unlink()
    book.security = openpyxl.workbook.protection.WorkbookProtection(lockStructure=True)
    book.save(path)
    return path


def test_both_forms_hold_the_same_sheets_under_the_same_name(tmp_path: Path) -> None:
    copy, own = go(SAMPLE, out=tmp_path / "1"), go(SAMPLE, out=tmp_path / "2", into_copy=False)
    assert (workbook(copy)["result"]["form"], workbook(own)["result"]["form"]) == ("copy", "separate")
    assert _file(copy).name == _file(own).name == f"结果_{SAMPLE.name}"
    grafted, separate, source = _sheets(_file(copy)), _sheets(_file(own)), _sheets(SAMPLE)
    assert list(grafted) == [*source, *separate]
    assert {title: grafted[title] for title in separate} == separate
    assert problems(SAMPLE.read_bytes(), _file(copy).read_bytes(), list(separate)) == []


def test_links_lead_into_the_same_workbook(tmp_path: Path) -> None:
    done = go(SAMPLE, out=tmp_path)
    book = openpyxl.load_workbook(_file(done))
    links = [c.hyperlink for row in book["问题清单"].iter_rows() for c in row if c.hyperlink]
    assert links
    assert not [link for link in links if link.target]
    for link in links:
        sheet, _, cell = link.location.rpartition("!")
        assert book[sheet.strip("'").replace("''", "'")][cell].coordinate == cell


def test_a_workbook_that_cannot_take_sheets_gets_one_beside_it_and_a_word(tmp_path: Path) -> None:
    path = _locked(data(), tmp_path)
    before = path.read_bytes()
    ran = cli(path, "--out", tmp_path / "out", "--json")
    result = printed(ran)["workbooks"][0]["result"]
    assert (result["form"], result["code"]) == ("separate", "graft.structure_locked")
    assert "结构受保护" in ran.stderr
    assert "单独的工作簿" in ran.stderr
    assert "结果汇总" in _sheets(tmp_path / "out" / result["file"])
    row = list(openpyxl.load_workbook(tmp_path / "out" / "批量汇总.xlsx")["批次汇总"].iter_rows(values_only=True))[-1]
    assert any("结构受保护" in str(cell) for cell in row)
    assert path.read_bytes() == before


@pytest.mark.parametrize("flag", ["--into-copy", "--separate"])
def test_the_form_can_be_asked_for(tmp_path: Path, flag: str) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data())
    ran = cli(path, "--out", tmp_path / "out", "--json", flag)
    assert printed(ran)["workbooks"][0]["result"]["form"] == ("copy" if flag == "--into-copy" else "separate")
    assert ("登记工作簿的副本" in ran.stderr) == (flag == "--into-copy")


def test_another_form_is_another_run(tmp_path: Path) -> None:
    path, out = tmp_path / "登记.xlsx", tmp_path / "out"
    path.write_bytes(data())
    go(path, out=out)
    assert [t.shown for t in go(path, out=out, resume=True).kept] == [str(path)]
    again = go(path, out=out, resume=True, into_copy=False)
    assert not again.kept
    assert not again.aside


def test_a_workbook_with_macros_keeps_them_and_its_ending(tmp_path: Path) -> None:
    path, out = tmp_path / "登记.xlsm", tmp_path / "out"
    plain = tmp_path / "plain.xlsx"
    plain.write_bytes(data())
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    b"<Override",
                    b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override',
                    1,
                )
            target.writestr(name, content)
        target.writestr("xl/vbaProject.bin", b"macros")
    plain.unlink()
    done = go(path, out=out)
    assert _file(done).name == "结果_登记.xlsm"
    assert zipfile.ZipFile(_file(done)).read("xl/vbaProject.bin") == b"macros"
    again = go(path, out=out, into_copy=False)
    assert [p.name for p in out.glob("登记/结果_*")] == ["结果_登记.xlsx"] == [_file(again).name]


def test_results_used_as_the_next_register_are_replaced(tmp_path: Path) -> None:
    first = go(SAMPLE, out=tmp_path / "1")
    adopted = tmp_path / "登记.xlsx"
    adopted.write_bytes(_file(first).read_bytes())
    second = go(adopted, out=tmp_path / "2")
    assert list(_sheets(_file(second))) == list(_sheets(_file(first)))
    assert workbook(second)["applicants"] == workbook(first)["applicants"]


def _remarked(source: Path, target: Path, title: str, cell: str, text: str) -> Path:
    """The workbook with a person's words in a cell that is blank, and nothing else touched."""
    book = openpyxl.load_workbook(source)
    number = next(n for n, sheet in enumerate(book.worksheets, 1) if sheet.title == title)
    assert book[title][cell].value is None
    row = int("".join(c for c in cell if c.isdigit()))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == f"xl/worksheets/sheet{number}.xml":
                at = content.index(b"</row>", content.index(f'<row r="{row}"'.encode()))
                typed = f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
                content = content[:at] + typed + content[at:]
            new.writestr(name, content)
    return target


def test_a_remark_on_a_result_sheet_is_not_written_over_and_it_is_said(tmp_path: Path) -> None:
    first = _file(go(SAMPLE, out=tmp_path / "1"))
    title = "条件核对"
    right = openpyxl.load_workbook(first)[title].max_column + 1
    cell = f"{openpyxl.utils.get_column_letter(right)}6"
    path = _remarked(first, tmp_path / "登记.xlsx", title, cell, "已电话核实，下周补")
    ran = cli(path, "--out", tmp_path / "2", "--json")
    result = printed(ran)["workbooks"][0]
    sheets = openpyxl.load_workbook(tmp_path / "2" / result["result"]["file"])
    assert sheets["条件核对（人工修改）"][cell].value == "已电话核实，下周补"
    assert sheets[title][cell].value is None
    assert "「条件核对（人工修改）」" in ran.stderr
    assert [i["code"] for i in result["issues"]].count("graft.kept") == 1
    told = [row for row in sheets["问题清单"].iter_rows(values_only=True) if "条件核对（人工修改）" in str(row)]
    assert len(told) == 1
    separate = cli(path, "--out", tmp_path / "3", "--json", "--separate")
    assert "graft.kept" not in [i["code"] for i in printed(separate)["workbooks"][0]["issues"]]


def test_libreoffice_s_saving_of_real_results_is_no_person_s_change(
    office: Callable[..., list[Path]], tmp_path: Path
) -> None:
    files = []
    for sample in sorted((ROOT / "samples").glob("*-2026.xlsx")):
        files.append(tmp_path / sample.name)
        files[-1].write_bytes(_file(go(sample, out=tmp_path / sample.stem)).read_bytes())
    assert len(files) >= 5
    for saved in office(files, "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved"):
        target = look(saved.read_bytes(), saved.name, TITLES)
        assert isinstance(target, Target)
        assert [issue.message for issue in target.kept] == []
        again = go(saved, out=tmp_path / f"again-{saved.stem}")
        assert workbook(again)["result"]["form"] == "copy"
