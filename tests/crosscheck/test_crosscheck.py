"""疑点 across workbooks and years, by the rules that 「核对说明」 states; values are typed here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from incubxl.crosscheck.copied import telling
from incubxl.crosscheck.engine import crosscheck
from incubxl.crosscheck.model import Book, Found, Suspicion
from incubxl.crosscheck.normal import email, number, phone, words
from incubxl.files.packs import store
from incubxl.files.read import read_bytes
from incubxl.register.read import read_register
from incubxl.templates.build import build_workbook
from incubxl.templates.content import WorkbookContent
from tests.bench.inputs import code

FACTS = ("service_area", "seats", "seat_area", "public_area", "total_area", "event_total")
OWN = (1234.5, 37, 456, 321, 2345, 14)  # six numbers, each with more than one significant digit


def book(
    rows: Sequence[dict[str, Any]],
    year: int = 2026,
    label: str = "甲.xlsx",
    pack: str = "xinjiang-makerspace",
    earlier: bool = False,
    limit: float | None = None,
    **tables: Sequence[dict[str, Any]],
) -> Book:
    measure = store().pack(pack)
    settings = {"jump_limit": limit} if limit else {}
    content = WorkbookContent(
        register=tuple(rows), tables={name: tuple(given) for name, given in tables.items()}, settings=settings
    )
    grid, _ = read_bytes(build_workbook(measure, year=year, content=content), "x.xlsx")
    assert grid is not None
    return Book(label, read_register(grid, measure), label, earlier)


def one(n: int, values: Sequence[Any] = (), **more: Any) -> dict[str, Any]:
    row = {"applicant_id": f"X-{n}", "name": f"示例空间{n}", "uscc": code(n)}
    return row | dict(zip(FACTS, values, strict=False)) | more


def of(found: Found, kind: str) -> list[Suspicion]:
    return [s for s in found.suspicions if s.kind == kind]


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        (phone, "0991-5550101", "+86 991 5550101"),
        (phone, "１３８００００００００", "138-0000-0000"),
        (phone, "8613800000000", "138 0000 0000"),
        (email, "Office@Example.org", "office＠example.org"),
        (words, "示例路１２号（3-201室）", "示例路12号 (3－201室)"),
        (words, "Example　Demo-Day", "example demo day"),
        (number, "ZL 2023 1 0000000.1", "202310000000.1"),
    ],
)
def test_one_thing_typed_in_two_ways_has_one_form(form: Any, first: str, second: str) -> None:
    assert form(first) == form(second) != ""


def test_numbers_that_stood_apart_stay_apart() -> None:
    assert words("示例路1-12号") != words("示例路11-2号")
    assert words("——") == phone("转8") == email("无") == ""


def test_one_telephone_in_two_workbooks_is_shown_masked_with_both_cells() -> None:
    first = book([one(1, contact_phone="0991-5550101")])
    second = book([one(2, contact_phone="(0991) 5550101、0991-5550199")], label="乙.xlsx")
    (found,) = of(crosscheck([first, second]), "shared")
    assert [(m.book.label, m.applicant) for m in found.members] == [("甲.xlsx", "X-1"), ("乙.xlsx", "X-2")]
    assert all(m.cells[0].startswith("申报登记!") for m in found.members)
    assert "2026年度有2个申报单位" in found.why
    assert "5550101" not in repr([found.what, found.why, [m.seen for m in found.members]])


def test_one_applicant_in_two_workbooks_is_no_second_applicant() -> None:
    same = {"contact_phone": "0991-5550101", "contact_email": "a@example.org"}
    assert of(crosscheck([book([one(1, **same)]), book([one(1, **same)], label="乙.xlsx")]), "shared") == []


def test_other_years_are_not_held_against_each_other() -> None:
    now, then = book([one(1, contact_phone="0991-5550101")]), book([one(2, contact_phone="0991-5550101")], 2025)
    assert of(crosscheck([now, then]), "shared") == []


def test_a_mentor_in_two_workbooks_is_named_by_the_first_character_only() -> None:
    def people(owner: str, name: str) -> list[dict[str, Any]]:
        return [{"applicant_id": owner, "person_name": name, "employer": "示例 投资公司"}]

    given = [
        book([one(1)], people=people("X-1", "示例导师")),
        book([one(2)], label="乙.xlsx", people=people("X-2", "示例　导师")),
    ]
    (found,) = of(crosscheck(given), "shared")
    assert "示*、示例 投资公司" in found.what
    assert "导师、" not in found.what.split("：")[1]
    assert {m.cells[0].split("!")[0] for m in found.members} == {"服务人员和导师"}


def test_a_team_without_a_code_is_known_by_its_name() -> None:
    """第七条 lets teams move in, which have no credit code; a company has one and is told once, by it."""
    team = {"tenant_no": "1", "tenant_name": "示例星火 创业团队", "tenant_uscc": "不适用"}
    company = {"tenant_no": "2", "tenant_name": "示例甲公司", "tenant_uscc": code(50)}
    rows = [{"applicant_id": f"X-{n}", **thing} for n in (1, 2) for thing in (team, company)]
    found = of(crosscheck([book([one(1), one(2)], tenants=rows)]), "shared")
    assert sorted(s.what for s in found) == sorted(
        [f"入驻团队和企业：{code(50)}", "入驻团队和企业的团队或企业名称：示例星火 创业团队"]
    )


def test_a_legal_representative_and_an_address_of_two_applicants() -> None:
    row = {"legal_representative": "示例甲", "address": "示例市示例路１号", "track": "pilot"}
    rows = [one(1, **row), one(2, **row | {"address": "示例市示例路1号"}), one(3, address="示例市示例路2号")]
    found = of(crosscheck([book(rows, pack="national-base")]), "shared")
    assert [(s.what, len(s.members)) for s in found] == [("地址：示例市示例路１号", 2), ("法定代表人：示*", 2)]


def test_zero_round_and_missing_numbers_tell_nothing() -> None:
    import numpy as np

    values = np.array([0.0, 5.0, 200.0, 0.3, np.nan, 37.0, 1234.5, 0.35])
    assert telling(values).tolist() == [False, False, False, False, False, True, True, True]


def test_last_years_numbers_again() -> None:
    now, then = book([one(1, OWN)]), book([one(1, OWN)], 2025, "去年.xlsx", earlier=True)
    (found,) = of(crosscheck([now, then]), "copied")
    assert "6 个数字与本单位2025年度填的完全相同" in found.why
    assert [m.book.label for m in found.members] == ["甲.xlsx", "去年.xlsx"]
    assert "服务场地面积 1,234.5 平方米" in found.members[0].seen
    assert len(found.members[0].cells) == 7


def test_a_number_that_differs_among_few_is_no_copy_and_among_many_is() -> None:
    then = book([one(1, OWN)], 2025, "去年.xlsx", earlier=True)
    assert of(crosscheck([book([one(1, (*OWN[:5], 15))]), then]), "copied") == []
    more = {"tenant_total": 23, "new_company_total": 11, "financed_total": 12, "case_total": 13, "mentor_total": 17}
    then = book([one(1, OWN, **more)], 2025, "去年.xlsx", earlier=True)
    (found,) = of(crosscheck([book([one(1, OWN, **more | {"mentor_total": 18})]), then]), "copied")
    assert "10 个数字" in found.why
    assert "另有 1 个不同" in found.why


def test_four_numbers_alone_are_not_enough_and_zeros_do_not_help() -> None:
    few = (*OWN[:4], 0, 0)
    then = book([one(1, few)], 2025, "去年.xlsx", earlier=True)
    assert of(crosscheck([book([one(1, few), one(2, few)]), then]), "copied") == []
    same = (37, 37, 37, 37, 37, 37)  # one number six times is one number
    assert of(crosscheck([book([one(1, same), one(2, same)])]), "copied") == []


def test_neighbours_with_the_same_numbers_stand_together_once() -> None:
    rows = [one(1, OWN), one(2, (999.5, 38, 457, 322, 2346, 15)), one(3, OWN)]
    (found,) = of(crosscheck([book(rows), book([one(4, OWN)], label="乙.xlsx")]), "copied")
    assert [m.applicant for m in found.members] == ["X-1", "X-3", "X-4"]


def test_without_the_offices_limit_nothing_jumps_and_it_is_said() -> None:
    rows = [one(n, (1000 + n,)) for n in range(1, 10)] + [one(10, (90_000,))]
    found = crosscheck([book(rows)])
    assert of(found, "jump") == []
    told = [c.not_made for c in found.checks if c.kind == "jump"]
    assert len(told) == 3
    assert all("没有填异常波动倍数" in t and "甲.xlsx" in t for t in told)


def test_a_jump_over_peers_is_median_and_mad() -> None:
    # 1001 … 1009 and 2000: median of ten 1005.5; deviations 0.5 0.5 1.5 1.5 2.5 2.5 3.5 3.5 4.5 994.5: MAD 2.5.
    rows = [one(n, (1000 + n,)) for n in range(1, 10)] + [one(10, (2000,))]
    z = Decimal("994.5") / (Decimal("1.4826") * Decimal("2.5"))
    (found,) = of(crosscheck([book(rows, limit=float(z) - 1)]), "jump")
    assert [m.applicant for m in found.members] == ["X-10"]
    assert "中位数是 1,005.5" in found.why
    assert f"偏离 {z:.1f} 倍" in found.why
    assert of(crosscheck([book(rows, limit=float(z) + 1)]), "jump") == []


def test_seven_peers_or_no_spread_give_no_multiple() -> None:
    rows = [one(n, (1000 + n,)) for n in range(1, 7)] + [one(7, (90_000,))]
    assert of(crosscheck([book(rows, limit=3)]), "jump") == []
    rows = [one(n, (1000,)) for n in range(1, 10)] + [one(10, (90_000,))]
    assert of(crosscheck([book(rows, limit=3)]), "jump") == []


def test_a_jump_against_ones_own_years() -> None:
    past = [book([one(1, (v,))], year, f"{year}.xlsx", earlier=True) for year, v in
            ((2022, 1000), (2023, 1010), (2024, 1020), (2025, 1030))]  # fmt: skip
    (found,) = of(crosscheck([book([one(1, (5000,))], limit=5), *past]), "jump")
    assert "以前 4 年的中位数是 1,015" in found.why
    assert len(found.members) == 5
    (check,) = [c for c in crosscheck([book([one(1, (5000,))], limit=5), *past[1:]]).checks if "往年" in c.name]
    assert check.found == 0
    assert "只有 3 个以前年度" in check.not_made


def test_growth_far_from_the_peers() -> None:
    then = book([one(n, (1000,)) for n in range(1, 11)], 2025, "去年.xlsx", earlier=True)
    now = book([one(n, (1000 + n,)) for n in range(1, 10)] + [one(10, (3000,))], limit=1e2)
    grown = [s for s in of(crosscheck([now, then]), "jump") if "是2025年度" in s.why]
    assert [s.members[0].applicant for s in grown] == ["X-10"]
    assert "3.00 倍" in grown[0].why
