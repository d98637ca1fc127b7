"""Last year's choices come as proposals: kept, but not counted as answered."""

from __future__ import annotations

import datetime as dt

from incubxl.files.read import read_bytes
from incubxl.policy.pack import Pack
from incubxl.register.model import Register
from incubxl.register.read import read_register
from incubxl.templates.build import build_workbook
from incubxl.templates.carry import proposals
from incubxl.templates.content import Formula, WorkbookContent


def read(data: bytes, pack: Pack) -> Register:
    grid, issues = read_bytes(data, "样例.xlsx")
    assert grid is not None, issues
    return read_register(grid, pack)


def test_settings_and_history_are_carried_answers_are_proposed(filled: bytes, urumqi: Pack) -> None:
    last = read(filled, urumqi)
    found = proposals(last)
    assert found.register == ()
    assert found.settings["office"] == "样例市科技局"
    assert found.settings["score_total"] == "weighted"
    assert {"pack", "year", "reference_year", "as_of", "city_total_control"}.isdisjoint(found.settings)
    answer = found.answers["number-inclusive"]
    assert (answer.option, answer.signer, answer.signed_on) == ("inclusive", "", None)
    assert answer.reason == "沿用上年度口径（待确认）；原理由：按民法典；原确定人：样例甲，2026-03-01"
    assert set(found.answers) == {"number-inclusive"}, "legal defaults and unsigned answers are not proposals"
    (row,) = found.tables["history"]
    assert (row["year"], row["kind"], row["what"], row["on"]) == (2024, "grade", "良好", dt.date(2024, 12, 1))

    this = read(build_workbook(urumqi, year=2027, content=found), urumqi)
    assert this.settings.year == 2027
    assert this.settings.office == "样例市科技局"
    signed = [a for a in this.answers.values() if a.signed is not None]
    assert signed == []
    assert this.tables["history"].height == 1


def test_who_they_were_is_carried_on_request(filled: bytes, urumqi: Pack) -> None:
    found = proposals(read(filled, urumqi), applicants=True)
    assert [r["applicant_id"] for r in found.register] == ["WL-01", "WL-02"]
    assert found.register[0]["contact_phone"] == "0991-5550101"
    assert "overseas_area" not in found.register[0]
    assert "application_date" not in found.register[0]
    again = read(build_workbook(urumqi, year=2027, content=found), urumqi)
    assert again.names[0] == "=天山样例孵化器有限公司"


def test_what_could_not_be_read_is_named(urumqi: Pack) -> None:
    row = {
        "applicant_id": "WL-01",
        "kind": "award",
        "what": "样例奖励",
        "amount": Formula("=1/0", "#DIV/0!"),
        "note": "旧账",
    }
    data = build_workbook(urumqi, year=2026, content=WorkbookContent(tables={"history": (row,)}))
    (carried,) = proposals(read(data, urumqi)).tables["history"]
    assert carried["amount"] is None
    assert carried["note"] == "旧账；上年度的「金额」没有读出，请补录"
