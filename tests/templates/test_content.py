"""What is put into a workbook stands in its cells, typed, as openpyxl reads it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from incubxl.policy.pack import Pack
from incubxl.templates.build import build_workbook
from incubxl.templates.content import AnswerInput, Formula, WorkbookContent

CONTENT = WorkbookContent(
    register=(
        {
            "applicant_id": "WL-01",
            "name": "=天山样例孵化器有限公司",
            "uscc": "91650100MA0000001A",
            "track": "offshore",
            "application_date": dt.date(2026, 5, 20),
            "local_legal_person": True,
            "overseas_area": Decimal("512.5"),
        },
        {
            "applicant_id": "WL-02",
            "name": "样例创客基地有限公司",
            "uscc": "91650100MA0000002B",
            "track": "base",
            "local_area": "３万元",
            "talent_total": Formula("=1/0", "#DIV/0!"),
            "team_total": Formula("=1+2"),
            "local_legal_person": False,
        },
    ),
    tables={
        "judgements": ({"applicant_id": "WL-01", "judgement": "first", "verdict": "met"},),
        "indicators": (
            {"indicator": "A1", "name": "服务能力", "maximum": 60, "weight": 60},
            {"indicator": "A2", "name": "合作成效", "maximum": 40, "weight": 40},
        ),
        "scores": (
            {"applicant_id": "WL-01", "indicator": "A1", "expert": "甲", "score": 50},
            {"applicant_id": "WL-01", "indicator": "A1", "expert": "乙", "score": 40},
            {"applicant_id": "WL-01", "indicator": "A2", "expert": "甲", "score": 30},
        ),
    },
    settings={"office": "样例市科技局", "score_total": "weighted", "margin": 5},
    answers={"number-inclusive": AnswerInput("inclusive", "按民法典", "样例甲", dt.date(2026, 3, 1))},
)


def cells(sheet: Any) -> tuple[dict[str, int], int]:
    """Column of each header, and the header row (1-based)."""
    (table,) = sheet.tables.values()
    first = sheet[table.ref][0]
    return {cell.value: cell.column for cell in first}, first[0].row


@pytest.fixture(scope="module")
def content(urumqi: Pack) -> WorkbookContent:
    rows = dict(CONTENT.tables)
    rows["judgements"] = ({**rows["judgements"][0], "judgement": urumqi.judgements[0].id},)
    return WorkbookContent(CONTENT.register, rows, CONTENT.settings, {}, CONTENT.answers)


@pytest.fixture(scope="module")
def data(urumqi: Pack, content: WorkbookContent) -> bytes:
    return build_workbook(urumqi, year=2026, content=content)


@pytest.fixture(scope="module")
def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_register_cells_are_typed(book: Any, urumqi: Pack) -> None:
    sheet = book["申报登记"]
    at, head = cells(sheet)

    def cell(row: int, fact: str) -> Any:
        return sheet.cell(head + row, at[urumqi.fact[fact].label])

    assert cell(1, "name").value == "=天山样例孵化器有限公司"
    assert cell(1, "name").data_type == "s"
    assert cell(1, "uscc").value == "91650100MA0000001A"
    assert cell(1, "uscc").number_format == "@"
    assert cell(1, "track").value == "离岸孵化器"
    assert cell(1, "application_date").value == dt.datetime(2026, 5, 20)
    assert cell(1, "application_date").number_format == "yyyy-mm-dd"
    assert cell(1, "local_legal_person").value == "是"
    assert cell(2, "local_legal_person").value == "否"
    assert cell(1, "overseas_area").value == 512.5
    assert cell(2, "local_area").value == "３万元"
    assert cell(1, "local_area").value is None


def test_formula_kinds_stay_apart(data: bytes, urumqi: Pack) -> None:
    stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["申报登记"]
    at, head = cells(stored)
    assert stored.cell(head + 2, at[urumqi.fact["talent_total"].label]).value == "#DIV/0!"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read("xl/worksheets/sheet2.xml").decode()
    assert "<f>1+2</f></c>" in xml
    assert "uncached" not in xml


def test_detail_rows_use_labels(book: Any, urumqi: Pack) -> None:
    sheet = book["人工判断"]
    at, head = cells(sheet)
    assert sheet.cell(head + 1, at["判断事项"]).value in (urumqi.judgements[0].label, urumqi.judgements[0].id)
    assert sheet.cell(head + 1, at["判断结论"]).value == "符合"
    assert sheet.cell(head + 2, at["判断结论"]).value is None


def test_settings_and_answers(book: Any) -> None:
    sheet = book["设置"]
    at, head = cells(sheet)
    found = {
        sheet.cell(r, at["标识"]).value: sheet.cell(r, at["取值"]).value for r in range(head + 1, sheet.max_row + 1)
    }
    assert found["pack"] == "urumqi-intl"
    assert (found["year"], found["reference_year"]) == (2026, 2025)
    assert found["office"] == "样例市科技局"
    assert found["score_total"] == "按权重加权"
    assert found["margin"] == 5
    assert found["ties"] is None
    sheet = book["口径"]
    at, head = cells(sheet)
    row = next(r for r in range(head + 1, sheet.max_row + 1) if sheet.cell(r, 1).value == "number-inclusive")
    assert sheet.cell(row, at["选定口径"]).value == "包括本数"
    assert sheet.cell(row, at["确定人"]).value == "样例甲"
    assert sheet.cell(row, at["确定日期"]).value == dt.datetime(2026, 3, 1)


def test_misplaced_keys_are_refused(urumqi: Pack) -> None:
    wrong = WorkbookContent(register=({"nmae": "样例"},), tables={"nowhere": ()}, settings={"offce": "样例"})
    with pytest.raises(ValueError, match="nmae") as caught:
        build_workbook(urumqi, year=2026, content=wrong)
    assert "nowhere" in str(caught.value)
    assert "offce" in str(caught.value)


def test_same_input_same_bytes(urumqi: Pack, content: WorkbookContent, data: bytes) -> None:
    assert build_workbook(urumqi, year=2026, content=content) == data
