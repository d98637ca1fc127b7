"""疑点 across applicants: the same thing under two of them is shown with both rows, and nothing is decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incubxl.crosscheck.claims import claims
from incubxl.files.packs import PackStore
from incubxl.files.read import read_bytes
from incubxl.policy.pack import Pack
from incubxl.register.model import Register
from incubxl.register.read import read_register
from incubxl.templates.build import build_workbook
from incubxl.templates.content import WorkbookContent

A, B = "91650100MA0000001U", "91650100MA0000002Y"


@pytest.fixture(scope="module")
def xinjiang(packs: PackStore) -> Pack:
    return packs.pack("xinjiang-makerspace")


def _register(pack: Pack, table: str, rows: list[dict[str, Any]]) -> Register:
    applicants = tuple({"applicant_id": f"X-{n}", "name": f"示例空间{n}"} for n in (1, 2, 3))
    content = WorkbookContent(register=applicants, tables={table: tuple(rows)})
    grid, _ = read_bytes(build_workbook(pack, year=2026, content=content), "x.xlsx")
    assert grid is not None
    return read_register(grid, pack)


def _company(owner: str, code: str | None) -> dict[str, Any]:
    return {"applicant_id": owner, "company_name": "示例企业", "company_uscc": code}


def test_one_company_under_two_applicants_names_both_cells(xinjiang: Pack) -> None:
    rows = [_company("X-1", A), _company("X-2", A), _company("X-3", B)]
    (found,) = claims(_register(xinjiang, "companies", rows))
    assert (found.code, found.severity) == ("claim.twice", "warning")
    assert A in found.message
    assert "X-1（示例空间1）、X-2（示例空间2）" in found.message
    assert found.message.count("新注册企业!") == 2
    assert "不作认定" in found.remedy


def test_a_company_twice_under_one_applicant_is_not_a_claim_of_two(xinjiang: Pack) -> None:
    assert claims(_register(xinjiang, "companies", [_company("X-1", A), _company("X-1", A)])) == []


def test_rows_without_what_identifies_them_or_without_owner_are_left_out(xinjiang: Pack) -> None:
    rows = [_company("X-1", None), _company("X-2", None), _company("X-1", A), _company("没有这家", A)]
    assert claims(_register(xinjiang, "companies", rows)) == []


def test_an_event_is_its_name_and_its_day(xinjiang: Pack) -> None:
    def event(owner: str, day: int) -> dict[str, Any]:
        return {"applicant_id": owner, "event_name": "示例路演", "held_on": dt.date(2025, 5, day)}

    assert claims(_register(xinjiang, "events", [event("X-1", 1), event("X-2", 2)])) == []
    (found,) = claims(_register(xinjiang, "events", [event("X-1", 1), event("X-2", 1), event("X-3", 1)]))
    assert "示例路演、2025-05-01" in found.message
    assert "X-3" in found.message
