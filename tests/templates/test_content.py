"""What is put into a workbook stands in its cells, typed, as openpyxl and as our own reader see it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubxl.files.read import read_bytes
from incubxl.grid import CellKind
from incubxl.policy.pack import Pack
from incubxl.register.model import Register
from incubxl.register.read import read_register
from incubxl.templates.build import build_workbook
from incubxl.templates.content import AnswerInput, Formula, WorkbookContent
from incubxl.verdict import Verdict


def cells(sheet: Any) -> tuple[dict[str, int], int]:
    """Column of each header, and the header row (1-based)."""
    (table,) = sheet.tables.values()
    first = sheet[table.ref][0]
    return {cell.value: cell.column for cell in first}, first[0].row


@pytest.fixture(scope="module")
def book(filled: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(filled))


def read(data: bytes, pack: Pack) -> Register:
    grid, issues = read_bytes(data, "样例.xlsx")
    assert grid is not None, issues
    return read_register(grid, pack)


def test_register_cells_are_typed(book: Any, urumqi: Pack) -> None:
    sheet = book["申报登记"]
    at, head = cells(sheet)

    def cell(row: int, fact: str) -> Any:
        return sheet.cell(head + row, at[urumqi.fact[fact].label])

    assert cell(1, "name").value == "=天山样例孵化器有限公司"
    assert cell(1, "name").data_type == "s"
    assert cell(1, "uscc").value == "91650100MA0000001U"
    assert cell(1, "uscc").number_format == "@"
    assert cell(1, "track").value == "离岸孵化器"
    assert cell(1, "application_date").value == dt.datetime(2026, 5, 20)
    assert cell(1, "application_date").number_format == "yyyy-mm-dd"
    assert cell(1, "local_legal_person").value == "是"
    assert cell(2, "local_legal_person").value == "否"
    assert cell(1, "overseas_area").value == 512.5
    assert cell(2, "local_area").value == "３００平方米"
    assert cell(1, "local_area").value is None


def test_reader_gives_the_content_back(filled: bytes, urumqi: Pack) -> None:
    register = read(filled, urumqi)
    errors = [i for i in register.issues if i.severity == "error"]
    assert [i.code for i in errors] == ["officer.incomplete"], "the one answer without signature, nothing else"
    assert register.ids == ("WL-01", "WL-02")
    assert register.names == ("=天山样例孵化器有限公司", "样例创客基地有限公司")
    assert register.tracks == ("offshore", "base")
    assert register.columns["overseas_area"].exact(0) == Decimal("512.5")
    assert register.columns["local_area"].exact(1) == 300
    assert register.columns["application_date"].day(0) == dt.date(2026, 5, 20)
    assert register.columns["local_legal_person"].flag(1) is False
    assert register.columns["recognised_on"].kinds[1] == CellKind.DECLARED_NA
    assert register.columns["recognised_on"].kinds[0] == CellKind.BLANK
    judged = register.judgements["WL-01", urumqi.judgements[0].id]
    assert (judged.verdict, judged.signed.name, judged.signed.on) == (Verdict.MET, "样例乙", dt.date(2026, 6, 1))
    assert register.answers["number-inclusive"].option == "inclusive"
    assert register.answers["number-inclusive"].signed is not None
    assert "ban-first-day" not in register.answers, "an answer that nobody signed is no answer"
    assert register.settings.pack_id == "urumqi-intl"
    assert (register.settings.year, register.settings.reference_year) == (2026, 2025)
    assert register.settings.values["score_total"] == "weighted"
    assert register.settings.margin == 5
    assert register.tables["scores"].height == 4
    assert register.tables["indicators"].height == 3
    (past,) = register.history["WL-01"]
    assert (past.kind, past.year, past.on) == ("grade", 2024, dt.date(2024, 12, 1))
    assert register.refused == ()


def test_blank_template_reads_as_empty(pack: Pack) -> None:
    register = read(build_workbook(pack, year=2026), pack)
    assert register.size == 0
    assert register.refused == ()
    assert register.settings.year == 2026
    assert [i for i in register.issues if i.severity != "info"] == []
    signed = [a for a in register.answers.values() if a.signed is not None]
    assert signed == []
    assert register.judgements == {}
    assert set(register.settings.values) == {"pack", "year", "reference_year"}


def test_formula_kinds_stay_apart(urumqi: Pack) -> None:
    row = {
        "applicant_id": "WL-03",
        "talent_total": Formula("=1/0", "#DIV/0!"),
        "team_total": Formula("=1+2"),
        "foreign_tenant_total": Formula("=2+2", 4),
    }
    data = build_workbook(urumqi, year=2026, content=WorkbookContent(register=(row,)))
    register = read(data, urumqi)
    assert register.columns["talent_total"].kinds[0] == CellKind.ERROR
    assert register.columns["team_total"].kinds[0] == CellKind.UNCACHED
    assert register.columns["foreign_tenant_total"].exact(0) == 4
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"<f>1+2</f></c>" in package.read("xl/worksheets/sheet2.xml")
    totals = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["合计核对"]
    sums = {row[0]: row[2] for row in totals.iter_rows(values_only=True, max_row=15)}
    assert sums[urumqi.fact["talent_total"].label] == "#DIV/0!"
    assert sums[urumqi.fact["foreign_tenant_total"].label] == 4


def test_settings_and_answers(book: Any) -> None:
    sheet = book["设置"]
    at, head = cells(sheet)
    rows = range(head + 1, sheet.max_row + 1)
    found = {sheet.cell(r, at["标识"]).value: sheet.cell(r, at["取值"]).value for r in rows}
    assert found["pack"] == "urumqi-intl"
    assert found["office"] == "样例市科技局"
    assert found["score_total"] == "按权重加权"
    assert found["ties"] is None
    sheet = book["口径"]
    at, head = cells(sheet)
    row = next(r for r in range(head + 1, sheet.max_row + 1) if sheet.cell(r, 1).value == "number-inclusive")
    assert sheet.cell(row, at["选定口径"]).value == "包括本数"
    assert sheet.cell(row, at["确定日期"]).value == dt.datetime(2026, 3, 1)


def test_misplaced_keys_are_refused(urumqi: Pack) -> None:
    wrong = WorkbookContent(
        register=({"nmae": "样例"},),
        tables={"nowhere": (), "scores": ({"mark": 1},)},
        settings={"offce": "样例"},
        answers={"no-such": AnswerInput("a")},
    )
    with pytest.raises(ValueError, match="nmae") as caught:
        build_workbook(urumqi, year=2026, content=wrong)
    for key in ("nowhere", "mark", "offce", "no-such"):
        assert key in str(caught.value)


def test_what_excel_cannot_hold_is_refused(urumqi: Pack) -> None:
    row = {"applicant_id": "WL-01", "name": "长" * 40_000}
    with pytest.raises(ValueError, match="申报登记!B"):
        build_workbook(urumqi, year=2026, content=WorkbookContent(register=(row,)))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_stays_text(urumqi: Pack, text: str) -> None:
    row = {"applicant_id": "WL-01", "name": text, "talent_total": text}
    data = build_workbook(urumqi, year=2026, content=WorkbookContent(register=(row,)))
    grid, issues = read_bytes(data, "样例.xlsx")
    assert grid is not None, issues
    found = [row for row in grid.sheets["申报登记"].rows if row[0] == "WL-01"]
    shown = [str(value).replace("\r", "\n") for value in found[0][1:] if value is not None]  # one line break to Excel
    assert shown == [text.replace("\r", "\n")] * 2


def test_same_input_same_bytes(urumqi: Pack, content: WorkbookContent, filled: bytes) -> None:
    assert build_workbook(urumqi, year=2026, content=content) == filled
