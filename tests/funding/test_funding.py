"""Money across rows and in words; single items are tested by the packs' scenarios."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from stdnum.cn.uscc import calc_check_digit

from incubxl.verdict import Verdict
from tests.funding.build import issues, lines, operating, register, title

CODE = "91150500MA0XHGM00"
CODE += calc_check_digit(CODE)
PAID = {"kind": "award", "what": "国家级科技企业孵化器", "year": 2024, "amount": 100}


def test_the_arithmetic_is_told_with_cells_and_the_limit_that_binds() -> None:
    line = lines(register("shanghai-hq", [operating(operating_planned=1600, operating_actual=1600)]))[0][
        "operating-city"
    ]
    half = next(limit for limit in line.limits if limit.id == "half")
    assert line.amount == Decimal(4_000_000)
    assert line.binding == ("half",)
    assert half.basis == "年度运营投入计划数1600万元×50%÷2＝400万元"
    assert half.soft
    assert all(cell.startswith("申报登记!") for cell in half.cells)
    assert line.year == 1
    assert any("原则上" in note for note in line.notes)
    cap = next(limit for limit in line.limits if limit.id == "cap")
    assert cap.basis == "年度运营补贴第一年市级上限（高质量孵化器）1000万元"


def test_a_limit_quotes_the_number_that_the_measure_prints_for_that_year_and_class() -> None:
    line = lines(register("shanghai-hq", [operating(operating_planned=1600, operating_actual=1600)]))[0]
    quotes = {limit.id: limit.quotes for limit in line["operating-city"].limits}
    assert len(quotes["cap"]) == 1
    assert "1000" in quotes["cap"][0]
    assert "市区两级支持资金之和,原则上不高于高质量孵化器年度运营总体投入经费的50%" in quotes["half"]
    assert quotes["approved"] == ()  # the office's own number


def test_what_the_district_really_gives_is_in_the_arithmetic() -> None:
    facts = operating(operating_planned=1600, operating_actual=1600, operating_district_actual=100)
    mine = lines(register("shanghai-hq", [facts]))[0]
    half = next(limit for limit in mine["operating-city"].limits if limit.id == "half")
    assert half.basis == "年度运营投入计划数1600万元×50%－年度运营补贴区级实际配套数100万元＝700万元"
    assert mine["operating-district"].amount == Decimal(1_000_000)


def test_both_readings_of_the_spend_are_told() -> None:
    facts = operating(operating_planned=1600, operating_actual=1200)
    line = lines(register("shanghai-hq", [facts]))[0]["operating-city"]
    assert (line.verdict, line.amount) == (Verdict.PENDING, None)
    assert line.interpretations == ("operating-basis",)
    assert "按「各年都按计划数」为400万元" in line.reason
    assert "按「各年都按实际数」为300万元" in line.reason


def test_amounts_are_cut_to_the_cent_so_that_the_limit_holds() -> None:
    facts = operating(operating_planned=0.0003, operating_actual=0.0003)  # 3 yuan: a quarter is 0.75
    mine = lines(register("shanghai-hq", [facts]))[0]
    assert (mine["operating-city"].amount, mine["operating-district"].amount) == (Decimal("0.75"), Decimal("0.75"))


def test_total_control_cuts_nobody_and_says_who_decides() -> None:
    rows = [operating(), operating(operating_city_approved=800)]
    enough = register("shanghai-hq", rows, settings={"city_total_control": 1800})
    assert [mine["operating-city"].amount for mine in lines(enough)] == [10_000_000, 8_000_000]
    assert not issues(enough)
    short = register("shanghai-hq", rows, settings={"city_total_control": 1799})
    for mine in lines(short):
        line = mine["operating-city"]
        assert (line.verdict, line.amount) == (Verdict.PENDING, None)
        assert "total_control" in {limit.id for limit in line.limits}
        assert "1万元" in line.reason and "决定" in line.reason
        assert mine["operating-district"].verdict == Verdict.PENDING
    (found,) = issues(short)
    assert found.code == "funding.total_exceeded"
    assert found.place.sheet == "设置"


def test_total_control_mentions_what_is_still_open() -> None:
    rows = [operating(), operating(operating_city_approved=None)]
    first, second = lines(register("shanghai-hq", rows, settings={"city_total_control": 1800}))
    assert first["operating-city"].amount == 10_000_000
    assert any("另有1项未定" in note for note in first["operating-city"].notes)
    assert second["operating-city"].missing == ("operating_city_approved",)


def test_an_expired_measure_still_counts_and_says_so() -> None:
    found = register("shanghai-hq", [operating()])
    for day, said in ((dt.date(2025, 10, 29), False), (dt.date(2025, 10, 30), True)):
        line = lines(found, day)[0]["operating-city"]
        assert line.amount == 10_000_000
        assert any("届满" in note for note in line.notes) is said


@pytest.mark.parametrize(
    ("fact", "value", "item"),
    [
        ("operating_district_actual", "约100", "operating-city"),
        ("operating_exception", "也许", "operating-city"),
        ("total_control_city", "待定", "operating-city"),
        ("annual_result", "待查", "operating-city"),
        ("annual_result", "待查", "refund-city"),
    ],
)
def test_an_unreadable_cell_is_not_an_empty_one(fact: str, value: str, item: str) -> None:
    """Each of these facts may be left empty; what stands there unread may not be passed over."""
    assert lines(register("shanghai-hq", [operating()]))[0][item].verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)
    line = lines(register("shanghai-hq", [operating(**{fact: value})]))[0][item]
    assert (line.verdict, line.amount) == (Verdict.UNKNOWN, None)
    assert fact in line.missing


def test_a_negative_amount_is_no_limit() -> None:
    found = register("shanghai-hq", [operating(operating_city_approved=-5)])
    line = lines(found)[0]["operating-city"]
    assert (line.verdict, line.missing) == (Verdict.UNKNOWN, ("operating_city_approved",))


def test_used_beyond_paid_is_told() -> None:
    facts = operating(support_year="y2", annual_result="stop", city_paid=300, city_used=320)
    found = register("shanghai-hq", [facts])
    assert lines(found)[0]["refund-city"].amount == 0
    assert [i.code for i in issues(found)] == ["funding.over_used"]


def test_refunds_are_known_as_such() -> None:
    pack = register("shanghai-hq", [operating()]).pack
    assert {item.id for item in pack.funding.items if item.refund} == {"refund-city", "refund-district"}


def test_an_earlier_award_is_found_by_credit_code_under_another_id() -> None:
    found = register("tongliao-award", [title(uscc=CODE)], history=[{**PAID, "applicant_id": "去年-07", "uscc": CODE}])
    line = lines(found)[0]["award-national-incubator"]
    assert line.verdict == Verdict.NOT_MET
    assert "历史记录!" in line.reason
    other = register("tongliao-award", [title()], history=[{**PAID, "applicant_id": "去年-07", "uscc": CODE}])
    assert lines(other)[0]["award-national-incubator"].amount == 1_000_000


@pytest.mark.parametrize("kind", ["recognised", "grade", "sanction"])
def test_only_awards_close_an_award(kind: str) -> None:
    found = register("tongliao-award", [title()], history=[{**PAID, "kind": kind, "applicant_id": "A1"}])
    assert lines(found)[0]["award-national-incubator"].amount == 1_000_000


@pytest.mark.parametrize("what", ["国家级孵化器", "award-national-incubator 国家级", "创新奖励"])
def test_an_award_under_words_that_are_no_title_is_asked_about_and_not_granted_again(what: str) -> None:
    """三（一）：一次性给予; which title it was is a person's call."""
    history = [{**PAID, "what": what, "applicant_id": "A1"}]
    found = register("tongliao-award", [title()], history=history)
    line = lines(found)[0]["award-national-incubator"]
    assert (line.verdict, line.amount) == (Verdict.PENDING, None)
    assert f"「{what}」（历史记录!" in line.reason
    (told,) = [i for i in issues(found) if i.code == "funding.unlisted_award"]
    assert told.place.sheet == "历史记录" and "国家级科技企业孵化器" in told.remedy
    early = register("tongliao-award", [title(title_kind="filed")], history=history)
    assert lines(early)[0]["award-national-incubator"].verdict == Verdict.NOT_MET  # not entitled in any case


def test_two_rows_of_one_carrier_for_one_title_are_paid_to_neither() -> None:
    found = register("tongliao-award", [title(uscc=CODE), title(uscc=CODE)])
    assert [mine["award-national-incubator"].verdict for mine in lines(found)] == [Verdict.PENDING] * 2
    assert "funding.twice" in {i.code for i in issues(found)}


def test_two_titles_of_one_carrier() -> None:
    rows = [title(uscc=CODE), title(uscc=CODE, track="national-makerspace", title_kind="filed")]
    items = ("award-national-incubator", "award-national-makerspace")

    def amounts(answers: dict[str, str]) -> list[object]:
        found = lines(register("tongliao-award", rows, answers=answers))
        return [mine[item].amount or mine[item].verdict.key for mine, item in zip(found, items, strict=True)]

    assert amounts({"stacking": "each"}) == [1_000_000, 300_000]
    assert amounts({"stacking": "highest"}) == [1_000_000, "not_met"]
    assert amounts({}) == ["pending", "pending"]


def test_history_that_disagrees_with_the_row_is_told() -> None:
    history = [{**PAID, "what": "自治区级科技企业孵化器", "amount": 50, "applicant_id": "A1"}]
    row = title(previous_title="regional-incubator", previous_award_amount=40)
    found = register("tongliao-award", [row], answers={"upgrade": "top-up"}, history=history)
    assert lines(found)[0]["award-national-incubator"].amount == 500_000
    assert "funding.history_differs" in {i.code for i in issues(found)}


def test_measures_without_money_have_no_lines() -> None:
    assert lines(register("urumqi-intl", [{}])) == [{}]
