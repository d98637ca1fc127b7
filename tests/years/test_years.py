"""Several years' workbooks as one history: identity, rows of results, bans. Cases typed from the clauses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from incubxl.assess.engine import assess
from incubxl.register.across import Book
from incubxl.years.history import Histories, histories
from incubxl.years.read import opened
from incubxl.years.sheets import year_sheets, years_json
from tests.procedure.books import register

BOTH = {"consecutive_scope": "both"}
URUMQI, XINJIANG, NATIONAL = "urumqi-intl", "xinjiang-makerspace", "national-base"
DAY = dt.date(2026, 6, 30)
Row = Mapping[str, Any]


def code(n: int) -> str:
    """A valid fictional credit code (GB 32100-2015)."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91650100MA7{n:06d}"
    total = sum(signs.index(s) * pow(3, i, 31) for i, s in enumerate(body))
    return body + signs[(31 - total % 31) % 31]


A, B = code(1), code(2)


def look(id: str, books: Sequence[tuple[int, Sequence[Row], Sequence[Row]]], **answers: str) -> Histories:
    """(year, register rows, history rows) per book; the answers stand in every book."""
    found = []
    given = {key.replace("_", "-"): value for key, value in answers.items()}
    for year, rows, history in books:
        r = register(id, rows, year=year, history=history, answers=given, settings={"as_of": dt.date(year, 6, 30)})
        day = dt.date(year, 6, 30)
        found.append((Book(f"{year}.xlsx", r, day), assess(r, day)))
    read, _ = opened(found, ())
    assert read is not None
    return histories(read, DAY)


def graded(*results: tuple[int, str]) -> list[Row]:
    """History rows: a grade's label, or a kind of its own."""
    kinds = ("withdrawn", "not_reported", "absent", "not_held")
    return [
        {"year": year, "kind": what} if what in kinds else {"year": year, "kind": "grade", "what": what}
        for year, what in results
    ]


def row(found: Histories, sanction: str) -> Any:
    (one,) = found.all
    return next(r for r in one.rows if r.sanction.id == sanction)


def state(id: str, sanction: str, results: Sequence[tuple[int, str]], **answers: str) -> str:
    return str(row(look(id, [(2026, [{"uscc": A}], graded(*results))], **answers), sanction).state)


@pytest.mark.parametrize(
    ("results", "answers", "expected"),
    [
        (
            [(2024, "不合格"), (2025, "不合格")],
            {},
            "reached",
        ),  # 连续两次 under both readings, one alone under the other
        ([(2024, "不合格"), (2025, "合格")], {"consecutive_scope": "both"}, "not_reached"),
        ([(2024, "不合格"), (2025, "合格")], {"consecutive_scope": "absence-only"}, "reached"),
        ([(2024, "不合格"), (2025, "合格")], {}, "pending"),
        ([(2024, "合格"), (2025, "良好")], {}, "not_reached"),
        ([], {}, "nothing"),
        ([(2023, "absent"), (2024, "absent"), (2025, "合格")], {"consecutive_scope": "both"}, "reached"),
        ([(2023, "不合格"), (2024, "合格"), (2025, "不合格")], {"consecutive_scope": "both"}, "not_reached"),
        # 放弃: counts only where the office says so
        ([(2024, "withdrawn"), (2025, "withdrawn")], {"consecutive_scope": "both"}, "pending"),
        ([(2024, "withdrawn"), (2025, "withdrawn")], {"waiver_counts": "counts"}, "reached"),
        ([(2024, "withdrawn"), (2025, "withdrawn")], {"waiver_counts": "not-counted"}, "not_reached"),
        # 不参加 one year, 不合格 the other
        ([(2024, "absent"), (2025, "不合格")], {"consecutive_scope": "both", "mixed_years": "mixed"}, "reached"),
        (
            [(2024, "absent"), (2025, "不合格")],
            {"consecutive_scope": "both", "mixed_years": "same-kind"},
            "not_reached",
        ),
        ([(2024, "absent"), (2025, "不合格")], {"consecutive_scope": "both"}, "pending"),
        # a year between that does not count: the measure does not say whether it breaks the row
        (
            [(2023, "不合格"), (2024, "withdrawn"), (2025, "不合格")],
            {"consecutive_scope": "both", "waiver_counts": "not-counted", "mixed_years": "mixed"},
            "pending",
        ),
        # nothing known of a year between
        ([(2023, "不合格"), (2025, "不合格")], {"consecutive_scope": "both"}, "unknown"),
        ([(2023, "合格"), (2025, "合格")], {"consecutive_scope": "both"}, "not_reached"),
    ],
)
def test_urumqi_two_in_a_row(results: list[tuple[int, str]], answers: dict[str, str], expected: str) -> None:
    """第18条：连续两次不参加绩效评价或绩效评价等级为不合格的，取消其认定资格。"""
    assert state(URUMQI, "twice-absent-or-failed", results, **answers) == expected


@pytest.mark.parametrize(
    ("results", "answers", "expected"),
    [
        ([(2024, "不合格"), (2025, "不合格")], {}, "reached"),
        ([(2025, "not_reported")], {"consecutive_scope": "failed-only"}, "reached"),
        ([(2025, "not_reported")], {"consecutive_scope": "both"}, "not_reached"),
        ([(2025, "not_reported")], {}, "pending"),
        ([(2024, "not_reported"), (2025, "不合格")], {"consecutive_scope": "both", "mixed_years": "mixed"}, "reached"),
        (
            [(2024, "not_reported"), (2025, "不合格")],
            {"consecutive_scope": "both", "mixed_years": "same-kind"},
            "not_reached",
        ),
        ([(2024, "不合格"), (2025, "A级")], {"consecutive_scope": "both"}, "not_reached"),
    ],
)
def test_xinjiang_two_in_a_row(results: list[tuple[int, str]], answers: dict[str, str], expected: str) -> None:
    """第十二条：对连续 2 次考核评价不合格或未上报统计数据的众创空间取消自治区众创空间备案资格。"""
    assert state(XINJIANG, "twice-failed-or-unreported", results, **answers) == expected


@pytest.mark.parametrize(
    ("results", "answers", "expected"),
    [
        ([(2024, "考核不合格"), (2025, "考核不合格")], {}, "reached"),
        ([(2024, "考核不合格"), (2025, "not_reported")], {}, "pending"),
        ([(2024, "考核不合格"), (2025, "not_reported")], {"not_submitted_fails": "fails"}, "reached"),
        ([(2024, "考核不合格"), (2025, "not_reported")], {"not_submitted_fails": "separate"}, "not_reached"),
    ],
)
def test_national_two_years(results: list[tuple[int, str]], answers: dict[str, str], expected: str) -> None:
    """第十四条：对连续两年考核不合格的国合孵化基地，将给予通报或取消国合孵化基地资格。"""
    assert state(NATIONAL, "base-failed", results, **answers) == expected


def test_what_each_reading_would_give_is_said() -> None:
    found = look(URUMQI, [(2026, [{"uscc": A}], graded((2024, "不合格"), (2025, "合格")))])
    readings = {dict(r.answers)["consecutive-scope"]: r.state for r in row(found, "twice-absent-or-failed").readings}
    assert readings == {"不参加和不合格都须连续两次": "not_reached", "只限定不参加；一次不合格即可取消": "reached"}
    shown = str(next(p for p in year_sheets(found) if p.name == "连续情况").blocks[0].rows)
    assert "按「只限定不参加；一次不合格即可取消」" in shown
    assert "待认定" in shown


def test_the_evidence_names_file_sheet_and_cell() -> None:
    books = [(2025, [{"uscc": A}], graded((2024, "不合格"))), (2026, [{"uscc": A}], graded((2025, "不合格")))]
    found = row(look(URUMQI, books), "twice-absent-or-failed")
    assert [(i.year, i.cells) for i in found.counted] == [
        (2024, ("2025.xlsx：历史记录!E2",)),
        (2025, ("2026.xlsx：历史记录!E2",)),
    ]


def test_the_same_thing_in_two_workbooks_is_one_item_with_both_cells() -> None:
    books = [(year, [{"uscc": A}], graded((2024, "不合格"))) for year in (2025, 2026)]
    (one,) = look(URUMQI, books).all
    (item,) = one.items
    assert item.cells == ("2025.xlsx：历史记录!E2", "2026.xlsx：历史记录!E2")


def test_no_code_no_merging_by_name() -> None:
    books = [(2025, [{"name": "虚构孵化器"}], []), (2026, [{"name": "虚构孵化器", "uscc": A}], [])]
    found = look(URUMQI, books)
    assert [one.incubator.code for one in found.all] == ["", A]
    (issue,) = [i for i in found.issues if i.code == "years.no_code"]
    assert "是不是同一单位" in issue.message
    assert issue.place.file == "2025.xlsx"


def test_a_code_in_the_history_alone_is_followed() -> None:
    """A revoked incubator is no longer in the register, but its rows of the history sheet stay."""
    history = [{"applicant_id": "X9", "uscc": B, "kind": "sanction", "what": "fraud", "on": dt.date(2025, 5, 1)}]
    found = look(URUMQI, [(2026, [{"uscc": A}], history)], ban_first_day="next_day")
    other = next(one for one in found.all if one.incubator.code == B)
    (banned,) = other.bans
    assert (banned.ban.state, banned.ban.last) == ("running", dt.date(2027, 5, 1))


def test_recognised_inside_a_ban_is_told() -> None:
    history = [
        {"kind": "sanction", "what": "fraud", "on": dt.date(2025, 5, 1)},
        {"kind": "recognised", "what": "国际创新创业创客基地", "on": dt.date(2026, 4, 30)},
    ]
    found = look(URUMQI, [(2026, [{"uscc": A}], history)], ban_first_day="next_day")
    (issue,) = [i for i in found.issues if i.code == "years.recognised_in_ban"]
    assert "2025-05-02 至 2027-05-01" in issue.message
    history[1]["on"] = dt.date(2027, 5, 2)
    assert not [
        i
        for i in look(URUMQI, [(2027, [{"uscc": A}], history)], ban_first_day="next_day").issues
        if i.code == "years.recognised_in_ban"
    ]


@pytest.mark.parametrize(
    ("facts", "tables", "cell"),
    [
        (
            {},
            {"conclusions": [{"letter": "recognition", "on": dt.date(2026, 5, 20), "signer": "某甲"}]},
            "2026.xlsx：结论!",
        ),
        ({"recognised_on": dt.date(2026, 5, 20)}, {}, "2026.xlsx：申报登记!"),
        ({}, {"procedure_events": [{"kind": "stage", "what": "confirmation", "on": dt.date(2026, 5, 20)}]}, "事件!"),
    ],
)
def test_what_this_year_decided_inside_a_ban_is_told(facts: Row, tables: Any, cell: str) -> None:
    """乌鲁木齐 第11条：两年内不得再次申报; not only 历史记录 holds recognitions."""
    history = [{"kind": "sanction", "what": "fraud", "on": dt.date(2025, 5, 1)}]
    r = register(
        URUMQI, [{"uscc": A, **facts}], year=2026, history=history, answers={"ban-first-day": "next_day"}, **tables
    )
    read, _ = opened([(Book("2026.xlsx", r, DAY), assess(r, DAY))], ())
    assert read is not None
    (issue,) = [i for i in histories(read, DAY).issues if i.code == "years.recognised_in_ban"]
    assert "2026-05-20 的认定或备案在禁止申报期内" in issue.message
    assert cell in issue.message
    assert not [i for i in histories(read, dt.date(2026, 5, 19)).issues if i.code == "years.recognised_in_ban"]


@pytest.mark.parametrize(("before", "now"), [(None, None), (None, A), (A, None)])
def test_a_ban_of_a_unit_without_credit_code_is_asked_about_in_the_next_workbook(
    before: str | None, now: str | None
) -> None:
    history = [{"kind": "sanction", "what": "fraud", "on": dt.date(2025, 5, 1)}]
    name = {"name": "虚构国际孵化器"}
    books = [
        (2025, [{**name, "applicant_id": "P1", "uscc": before}], [{**history[0], "applicant_id": "P1"}]),
        (2026, [{**name, "applicant_id": "Q1", "uscc": now}], []),
    ]
    found = look(URUMQI, books, ban_first_day="next_day")
    (issue,) = [i for i in found.issues if i.code == "years.ban_same_name"]
    assert "禁止申报至 2027-05-01" in issue.message
    assert "2025.xlsx：历史记录!" in issue.message and "申报编号 Q1" in issue.message
    assert (issue.place.file, issue.applicant) == ("2026.xlsx", "Q1")
    assert sum(len(one.bans) for one in found.all) == 1  # asked, not carried over


def test_another_name_or_two_codes_ask_nothing_about_a_ban() -> None:
    history = [{"kind": "sanction", "what": "fraud", "on": dt.date(2025, 5, 1), "applicant_id": "P1"}]
    for before, now, name in ((A, B, "虚构国际孵化器"), (None, None, "虚构离岸孵化器")):
        books = [
            (2025, [{"name": "虚构国际孵化器", "applicant_id": "P1", "uscc": before}], history),
            (2026, [{"name": name, "applicant_id": "Q1", "uscc": now}], []),
        ]
        found = look(URUMQI, books, ban_first_day="next_day")
        assert not [i for i in found.issues if i.code == "years.ban_same_name"]


def test_a_ban_that_the_latest_workbook_does_not_know_is_told() -> None:
    history = [{"kind": "sanction", "what": "fraud", "on": dt.date(2025, 5, 1)}]
    books = [(2025, [{"uscc": A}], history), (2026, [{"uscc": A}], [])]
    found = look(URUMQI, books, ban_first_day="next_day")
    (issue,) = [i for i in found.issues if i.code == "years.ban_unrecorded"]
    assert "2026.xlsx" in issue.message


def test_two_records_of_one_year_that_contradict_leave_it_open() -> None:
    found = look(
        URUMQI,
        [(2026, [{"uscc": A}], graded((2024, "不合格"), (2025, "不合格"), (2025, "合格")))],
        consecutive_scope="both",
    )
    assert row(found, "twice-absent-or-failed").state == "pending"
    assert [i.code for i in found.issues if i.code == "years.contradiction"]


def test_results_settled_by_a_decision_do_not_count_again() -> None:
    history = [
        *graded((2022, "不合格"), (2023, "不合格"), (2025, "合格")),
        {"kind": "sanction", "what": "twice-absent-or-failed", "on": dt.date(2024, 3, 1)},
    ]
    found = look(URUMQI, [(2026, [{"uscc": A}], history)], consecutive_scope="both")
    settled = row(found, "twice-absent-or-failed")
    assert (settled.state, settled.settled_on) == ("not_reached", dt.date(2024, 3, 1))


def test_the_order_of_the_workbooks_says_nothing() -> None:
    books = [(y, [{"uscc": A}, {"uscc": B}], graded((y - 1, "不合格"))) for y in (2023, 2024, 2025, 2026)]
    assert years_json(look(URUMQI, books)) == years_json(look(URUMQI, books[::-1]))


def test_workbooks_of_another_measure_are_left_out_and_named() -> None:
    one, other = register(URUMQI, [{"uscc": A}]), register(XINJIANG, [{"uscc": A}], file="x.xlsx")
    found = [(Book("a.xlsx", one, DAY), assess(one, DAY)), (Book("b.xlsx", one, DAY), assess(one, DAY))]
    read, issues = opened([*found, (Book("x.xlsx", other, DAY), assess(other, DAY))], ())
    assert read is not None
    assert [book.file for book in read.books] == ["a.xlsx", "b.xlsx"]
    assert issues[0].code == "years.other_measure"
    assert "x.xlsx" in issues[0].message


def test_nothing_that_can_be_read_is_told() -> None:
    read, issues = opened([], ())
    assert read is None
    assert [i.code for i in issues] == ["years.nothing"]


def test_two_rows_of_one_code_stand_together_and_are_named() -> None:
    found = look(URUMQI, [(2026, [{"uscc": A}, {"uscc": A}], [])])
    assert len(found.all) == 1
    (told,) = [i for i in found.issues if i.code == "years.same_row"]
    assert "申报登记!A2、申报登记!A3" in told.message


def test_a_result_without_a_year_is_told_and_not_counted() -> None:
    found = look(URUMQI, [(2026, [{"uscc": A}], [{"kind": "grade", "what": "不合格"}])])
    (told,) = [i for i in found.issues if i.code == "years.no_year"]
    assert str(told.place) == "历史记录!E2"
    assert row(found, "twice-absent-or-failed").state == "unknown"


def test_a_decision_in_other_words_than_the_measures_is_asked_about() -> None:
    """第11条: an office writes 取消认定资格 in 2025; whether the two years came with it is not said, and told."""
    past = {"kind": "sanction", "what": "取消认定资格", "on": dt.date(2025, 3, 10)}
    found = look(URUMQI, [(2025, [{"uscc": A, "track": "base"}], [past]), (2026, [{"uscc": A, "track": "base"}], [])])
    (told,) = [i for i in found.issues if i.code == "years.other_sanction"]
    assert "「取消认定资格」（2025.xlsx：历史记录!E2）" in told.message
    assert "申报资料弄虚作假" in told.remedy
    named = look(URUMQI, [(2025, [{"uscc": A, "track": "base"}], [{**past, "what": "申报资料弄虚作假"}])])
    assert [i for i in named.issues if i.code == "years.other_sanction"] == []


def test_a_decision_under_another_row_of_the_same_code_is_recorded() -> None:
    rows = [{"uscc": A, "track": "base"}, {"uscc": A, "track": "offshore"}]
    past = {"applicant_id": "A2", "kind": "sanction", "what": "申报资料弄虚作假", "on": dt.date(2025, 3, 10)}
    found = look(URUMQI, [(2026, rows, [past])], ban_first_day="next_day")
    assert found.all[0].bans[0].ban.state == "running"
    assert [i for i in found.issues if i.code == "years.ban_unrecorded"] == []


def test_answers_that_differ_between_the_years_are_told_with_both() -> None:
    """乌鲁木齐 第18条 连续两次: the reading of 2025 is another than that of 2026; 2024 has none."""
    found = []
    for year, option in ((2024, ""), (2025, "absence-only"), (2026, "both")):
        answers = {"consecutive-scope": option} if option else {}
        r = register(URUMQI, [{"uscc": A}], year=year, answers=answers, settings={"as_of": dt.date(year, 6, 30)})
        day = dt.date(year, 6, 30)
        found.append((Book(f"{year}.xlsx", r, day), assess(r, day)))
    read, _ = opened(found, ())
    assert read is not None
    [told] = [i for i in histories(read, DAY).issues if i.code == "years.answers_differ"]
    labels = {o.id: o.label for o in read.pack.interpretation["consecutive-scope"].options}
    for year, option in ((2025, "absence-only"), (2026, "both")):
        assert re.search(rf"{year}年度（{year}\.xlsx：口径![A-Z]+\d+）选「{re.escape(labels[option])}」", told.message)
    assert "；2024年度（2024.xlsx）没有选定。" in told.message
    assert told.severity == "warning"


def test_answers_that_agree_or_stand_in_one_year_alone_are_not_told() -> None:
    same = look(URUMQI, [(2025, [{"uscc": A}], []), (2026, [{"uscc": A}], [])], **BOTH)
    assert not [i for i in same.issues if i.code == "years.answers_differ"]
