"""A sixth, fictional measure goes from pack to letters through the command line, without a line of Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

HERE = Path(__file__).parent


def _incubxl(*arguments: object, codes: tuple[int, ...] = (0,)) -> str:
    command = [sys.executable, "-m", "incubxl", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")
    assert done.returncode in codes, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office's own folder of packs."""
    shutil.copytree(HERE / "policies", tmp_path / "policies")
    (tmp_path / "seeds").mkdir()
    shutil.copyfile(HERE / "yunshan.txt", tmp_path / "seeds" / "yunshan.txt")
    return tmp_path


def _fill(path: Path, sheet: str, rows: list[dict[str, object]]) -> None:
    """Type rows under the sheet's header, as a person would."""
    book = openpyxl.load_workbook(path)
    table = book[sheet]
    head = next(r for r in range(1, 12) if "申报编号" in [c.value for c in table[r]])
    labels = {c.value: c.column for c in table[head]}
    for n, row in enumerate(rows, head + 1):
        for label, value in row.items():
            table.cell(n, labels[label], value)
    book.save(path)


def _set(path: Path, item: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book["设置"].iter_rows() for c in row if c.value == item)
    book["设置"].cell(cell.row, cell.column + 1, value)
    book.save(path)


def test_from_pack_to_letters(office: Path) -> None:
    policies = office / "policies"
    _incubxl("policy", "lint", policies, "--seeds", office / "seeds")
    scenarios = json.loads(_incubxl("policy", "test", policies, "--json"))
    assert len(scenarios["scenarios"]) == 22
    assert scenarios["failed"] == 0

    book = office / "工坊2025.xlsx"
    _incubxl("new", "yunshan-studio", "--year", 2025, "--out", book, "--policies", policies)
    _set(book, "基准日", "2025-12-31")
    _set(book, "本单位名称", "云山市科学技术局（虚构）")
    _fill(book, "申报登记", [
        {"申报编号": "YS-1", "单位名称": "云山一号工坊", "统一社会信用代码": "91650100MA0000001U", "场地面积": 200,
         "开业日期": "2025年6月30日", "核定补助": "30万元"},
        {"申报编号": "YS-2", "单位名称": "云山二号工坊", "统一社会信用代码": "91650100MA0000002Y", "场地面积": 180,
         "开业日期": "2025-01-01", "入驻团队数": 5, "核定补助": 12.5},
    ])  # fmt: skip
    _fill(book, "入驻团队", [{"申报编号": "YS-1", "团队编号": c, "是否在驻": "是"} for c in "甲乙丙"])
    _fill(book, "人工判断", [
        {"申报编号": "YS-1", "判断事项": "发展计划", "判断结论": "符合", "判断理由": "查阅计划书",
         "判断人": "示例甲", "判断日期": "2025-12-01"},
    ])  # fmt: skip
    _fill(book, "结论", [
        {"申报编号": "YS-1", "结论": "认定", "结论日期": "2025-12-31", "发文字号": "云科认〔2025〕3号",
         "签发人": "示例乙", "理由": "经审核符合条件"},
    ])  # fmt: skip
    before = book.read_bytes()

    out = office / "结果"
    printed = _incubxl("run", book, "--out", out, "--policies", policies, "--json", codes=(0, 1))
    assert book.read_bytes() == before
    (workbook,) = json.loads(printed)["workbooks"]
    first, second = workbook["applicants"]
    assert first["eligible"] == "met"
    assert {v["criterion"]: v["verdict"] for v in second["verdicts"]} == {
        "area": "not_met", "opened": "met", "teams": "met", "plan": "pending",
    }  # fmt: skip
    assert second["verdicts"][0]["remedy"].startswith("场地还差20平方米")
    assert [f["amount"] for f in first["funding"]] == ["200000"]
    assert [f["amount"] for f in second["funding"]] == ["125000"]
    letters = {(a["id"], x["kind"]): x for a in (first, second) for x in a["letters"] if x["file"]}
    assert letters["YS-1", "recognition"]["state"] == "final"
    assert letters["YS-1", "payment"]["state"] == "draft"
    text = "\n".join(
        p.text for p in docx.Document(str(out / "工坊2025" / letters["YS-1", "recognition"]["file"])).paragraphs
    )
    assert "云山一号工坊" in text
    assert "认定你单位为云山市创业工坊" in text
    assert "云科认〔2025〕3号" in text


def test_an_author_is_told_what_is_missing_with_file_and_line(office: Path) -> None:
    criteria = office / "policies" / "yunshan-studio" / "criteria.yaml"
    text = criteria.read_text(encoding="utf-8").replace("than: area-least", "than: area-lest")
    criteria.write_text(text.replace("场地不少于200平方米", "场地不少于300平方米"), encoding="utf-8")
    found = json.loads(
        _incubxl("policy", "lint", office / "policies", "--seeds", office / "seeds", "--json", codes=(3,))
    )["errors"]
    assert [(e["file"], e["line"]) for e in found] == [("yunshan-studio/criteria.yaml", 4)] * 2
    assert any("area-lest" in e["message"] for e in found)
    assert any("引文与原文不一致" in e["message"] for e in found)


def test_its_forms_go_out_and_come_back(office: Path) -> None:
    policies, book = office / "policies", office / "工坊2025.xlsx"
    _incubxl("new", "yunshan-studio", "--year", 2025, "--out", book, "--policies", policies)
    _fill(book, "申报登记", [
        {"申报编号": f"YS-{n}", "单位名称": f"云山{n}号工坊", "统一社会信用代码": code}
        for n, code in ((1, "91650100MA0000001U"), (2, "91650100MA0000002Y"))
    ])  # fmt: skip
    out, back = office / "发出", office / "退回"
    back.mkdir()
    made = json.loads(
        _incubxl("collect", "make", book, "--form", "附件", "--out", out, "--policies", policies, "--json")
    )
    form = openpyxl.load_workbook(out / made["files"]["YS-1"])
    sheet = form["填表"]
    cells = {c.value: c for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
    sheet.cell(cells["场地面积"].row, cells["场地面积"].column + 2, "260平方米")
    sheet.cell(cells["团队名称"].row + 1, cells["团队名称"].column, "甲队")
    form.save(back / "一号.xlsx")
    _incubxl(
        "collect", "read", back, "--register", book, "--out", office / "汇总", "--policies", policies, "--accept",
        codes=(1,),
    )  # fmt: skip
    merged = openpyxl.load_workbook(office / "汇总" / "登记表（合并）.xlsx")
    assert 260 in [c.value for row in merged["申报登记"].iter_rows() for c in row]
    assert "甲队" in [c.value for row in merged["入驻团队"].iter_rows() for c in row]
    status = openpyxl.load_workbook(office / "汇总" / "回收汇总.xlsx")["回收情况"]
    told = {row[1]: row[3] for row in status.iter_rows(values_only=True) if str(row[1]).startswith("YS-")}
    assert told == {"YS-1": "已收回", "YS-2": "未收回"}
