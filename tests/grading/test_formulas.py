"""The point formulas of real schemes, each with the figures of its source, typed by hand.

Sources (public, see the design notes on practice): below 50 none, at 50 five points, each further one +0.1, capped;
达60%得6分, each point more +0.1; 1 point per 300,000 yuan; joint events count half; a safety veto. The schemes here are
written for the test: nothing of them is shipped.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.grading.model import GradeOutcome
from tests.grading.build import RULES, found, outcomes, workbook

PLAIN = {"indicator": "Z1", "name": "综合", "method": "direct", "maximum": 100}
EVENTS, JOINT = "foreign_tenant_total", "talent_total"  # two counts of the register, one part of the other


def one(indicator: Any, facts: Any, **more: Any) -> GradeOutcome:
    indicators = indicator if isinstance(indicator, list) else [indicator]
    return outcomes(workbook([{"applicant_id": "S1", **facts}], indicators, **more))[0]


@pytest.mark.parametrize(
    ("rate", "points"), [("59.9", "0"), ("60", "6"), ("61", "6.1"), ("75", "7.5"), ("100", "10"), ("61.5", "6.1")]
)
def test_sixty_percent_gives_six_and_each_point_more_a_tenth(rate: str, points: str) -> None:
    indicator = {
        "indicator": "A", "name": "达标率", "method": "base_step", "source": "local_area",
        "base_value": 60, "base_points": 6, "step_value": 1, "step_points": 0.1, "cap": 10,
    }  # fmt: skip
    assert one(indicator, {"local_area": Decimal(rate)}).score == Decimal(points)


@pytest.mark.parametrize(("wan", "points"), [("29.99", "0"), ("30", "1"), ("90", "3"), ("299", "9"), ("3000", "10")])
def test_one_point_per_300_000_yuan(wan: str, points: str) -> None:
    """The source is in 万元: 30 of them are 300,000 yuan."""
    indicator = {
        "indicator": "A", "name": "引进资金", "method": "per_unit", "source": "总收入",
        "step_value": 30, "step_points": 1, "cap": 10,
    }  # fmt: skip
    from incubxl.files.packs import store
    from incubxl.grading.points import points as scored
    from incubxl.grading.scheme import read_scheme
    from incubxl.grading.scores import Marks

    register = workbook([{"applicant_id": "S1", "total_income": Decimal(wan)}], [indicator], pack_id="shanghai-hq")
    assert store().pack("shanghai-hq").fact["total_income"].unit == "万元"
    scheme, issues = read_scheme(register)
    assert issues == [] or all(i.code != "grading.scheme" for i in issues)
    got = scored(register, scheme.indicators[0], Marks(register, scheme.indicators), 0)
    assert got.lo == got.hi == Decimal(points)


HALVED = {
    "indicator": "A", "name": "活动", "method": "per_unit", "source": EVENTS, "half_source": JOINT,
    "step_value": 1, "step_points": 2, "cap": 50,
}  # fmt: skip


@pytest.mark.parametrize(("events", "joint", "points"), [(10, 0, 20), (10, 4, 16), (10, 10, 10), (3, 1, 5), (0, 0, 0)])
def test_joint_events_count_half(events: int, joint: int, points: int) -> None:
    """Ten events of which four joint are eight; two points each."""
    settings = {"partial_step": "proportional"}
    outcome = one(HALVED, {EVENTS: events, JOINT: joint}, settings=settings)
    assert outcome.score == points
    assert "减半计" in outcome.indicators[0].value
    assert len(outcome.indicators[0].cells) == 3


def test_an_unknown_joint_part_is_open_between_half_and_whole() -> None:
    outcome = one(HALVED, {EVENTS: 40}, settings={"partial_step": "proportional"})
    assert (outcome.low, outcome.high) == (40, 50)
    assert outcome.indicators[0].points is None
    assert any("高层次人才数" in m for m in outcome.indicators[0].missing)


def test_more_joint_events_than_events_decides_nothing() -> None:
    outcome = one(HALVED, {EVENTS: 3, JOINT: 4})
    assert (outcome.low, outcome.high) == (0, 50)
    assert any("请核对" in m for m in outcome.indicators[0].missing)


BANDED = {"indicator": "A", "name": "人才", "method": "bands", "source": JOINT, "cap": 10}
BANDS = (
    {"indicator": "A", "at_least": 20, "points": 8.5},
    {"indicator": "人才", "at_least": 5, "points": 3},
    {"indicator": "A", "at_least": 10, "points": 5},
)


@pytest.mark.parametrize(
    ("count", "points"),
    [(0, "0"), (4, "0"), (5, "3"), (9, "3"), (10, "5"), (19, "5"), (20, "8.5"), (900, "8.5")],
)
def test_bands_include_their_beginning(count: int, points: str) -> None:
    bands = tuple({**b, "indicator": "A"} for b in BANDS)
    assert one(BANDED, {JOINT: count}, bands=bands).score == Decimal(points)


def test_a_missing_number_in_bands_is_never_nought() -> None:
    outcome = one(BANDED, {}, bands=tuple({**b, "indicator": "A"} for b in BANDS))
    assert (outcome.low, outcome.high) == (0, 10)
    assert outcome.indicators[0].points is None


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ((), "没有它的各段"),
        (({"indicator": "B", "at_least": 1, "points": 1},), "「B」不在「评价指标」表里"),
        (({"indicator": "A", "at_least": 1},), "没有写「达到」或「得分」"),
        ((*({"indicator": "A", "at_least": 1, "points": p} for p in (1, 2)),), "两段都从1起"),
        (({"indicator": "Z1", "at_least": 1, "points": 1},), "不是「分段计分」"),
    ],
)
def test_faulty_bands_leave_everybody_open(bands: Any, words: str) -> None:
    register = workbook([{"applicant_id": "S1", JOINT: 7}], [BANDED, PLAIN], bands=bands)
    assert any(words in i.message for i in found(register))
    assert outcomes(register)[0].state == "open"


def _marked(indicator: str, score: float | None, expert: str = "甲") -> dict[str, Any]:
    return {"applicant_id": "S1", "indicator": indicator, "expert": expert, "score": score}


def test_a_deduction_by_experts_is_taken_off() -> None:
    """85 less the mean of 2 and 3."""
    minus = {"indicator": "K", "name": "材料不实", "method": "deduction", "maximum": 10}
    scores = [_marked("Z1", 85), _marked("Z1", 85, "乙"), _marked("K", 2), _marked("K", 3, "乙")]
    outcome = one([PLAIN, minus], {}, scores=scores)
    assert outcome.score == Decimal("82.5")
    assert outcome.indicators[1].points == Decimal("-2.5")


def test_a_deduction_by_number_stops_at_its_limit_and_stands_beside_the_weights() -> None:
    plain = {**PLAIN, "weight": 100}
    minus = {"indicator": "K", "name": "事故", "method": "deduction", "source": JOINT, "step_value": 1,
             "step_points": 2, "cap": 5}  # fmt: skip
    for count, expected in ((0, 90), (2, 86), (7, 85)):
        for total in ("sum", "weighted"):
            outcome = one([plain, minus], {JOINT: count}, scores=[_marked("Z1", 90)], settings={"score_total": total})
            assert outcome.score == expected


def test_a_deduction_that_nobody_gave_is_open_downward() -> None:
    minus = {"indicator": "K", "name": "材料不实", "method": "deduction", "maximum": 10}
    outcome = one([PLAIN, minus], {}, scores=[_marked("Z1", 85)])
    assert (outcome.low, outcome.high, outcome.state) == (75, 85, "open")
    assert outcome.possible == ("良好", "合格")


def test_a_total_below_nought_is_cut_towards_nought() -> None:
    minus = {"indicator": "K", "name": "事故", "method": "deduction", "maximum": 10}
    settings = {"score_rounding": "down", "score_digits": 0}
    outcome = one([PLAIN, minus], {}, scores=[_marked("Z1", 0), _marked("K", 2.5)], settings=settings)
    assert outcome.score == -2


BEST = [
    {"indicator": "G1", "name": "国家级", "method": "direct", "maximum": 10, "group": "荣誉"},
    {"indicator": "G2", "name": "自治区级", "method": "direct", "maximum": 6, "group": "荣誉"},
    {"indicator": "Z1", "name": "综合", "method": "direct", "maximum": 80},
]


@pytest.mark.parametrize(("first", "second", "total"), [(10, 6, 70), (0, 6, 66), (6, 6, 66), (0, 0, 60)])
def test_of_a_group_only_the_best_degree_counts(first: int, second: int, total: int) -> None:
    outcome = one(BEST, {}, scores=[_marked("G1", first), _marked("G2", second), _marked("Z1", 60)])
    assert outcome.score == total
    assert sum("未计入" in i.value for i in outcome.indicators) == 1


def test_a_lower_degree_that_is_missing_does_not_hold_the_total_up() -> None:
    outcome = one(BEST, {}, scores=[_marked("G1", 6), _marked("Z1", 60)])
    assert outcome.score == 66
    outcome = one(BEST, {}, scores=[_marked("G2", 6), _marked("Z1", 60)])
    assert (outcome.low, outcome.high) == (66, 70)
    assert "国家级" in "".join(outcome.indicators[0].missing)


def test_of_a_group_the_weight_counts_once() -> None:
    indicators = [{**x, "maximum": 100, "weight": 20 if "group" in x else 80} for x in BEST]
    scores = [_marked("G1", 50), _marked("G2", 100), _marked("Z1", 90)]
    assert one(indicators, {}, scores=scores, settings={"score_total": "weighted"}).score == 92
    indicators[0]["weight"] = 10
    register = workbook([{"applicant_id": "S1"}], indicators, scores, settings={"score_total": "weighted"})
    assert any("各项权重不同" in i.message for i in found(register))


VETO = (*RULES[:3], {"grade": "不合格", "veto_indicator": "安全", "veto_below": 6})
SAFE = [{"indicator": "Q", "name": "安全", "method": "direct", "maximum": 10}, {**PLAIN, "maximum": 90}]


@pytest.mark.parametrize(("points", "grade"), [(5.9, "不合格"), (6, "优秀"), (10, "优秀")])
def test_an_indicator_below_its_floor_vetoes(points: float, grade: str) -> None:
    outcome = one(SAFE, {}, scores=[_marked("Q", points), _marked("Z1", 90)], rules=VETO)
    assert outcome.grade == grade
    assert ("低于6分，一票否决" in outcome.reason) == (grade == "不合格")


def test_a_floor_that_may_still_be_missed_keeps_the_grade_open() -> None:
    outcome = one(SAFE, {}, scores=[_marked("Z1", 90)], rules=VETO)
    assert (outcome.state, outcome.possible) == ("open", ("优秀", "不合格"))
    assert "可能低于6分" in outcome.reason


@pytest.mark.parametrize(
    ("veto", "words"),
    [
        ({"veto_indicator": "Q9", "veto_below": 6}, "不在「评价指标」表里"),
        ({"veto_indicator": "Q"}, "没有写「低于几分否决」"),
    ],
)
def test_a_floor_that_says_half_is_a_fault(veto: Any, words: str) -> None:
    register = workbook([{"applicant_id": "S1"}], SAFE, rules=(*RULES[:3], {"grade": "不合格", **veto}))
    assert any(words in i.message for i in found(register))


def test_only_the_rows_of_the_sheet_are_expected_where_the_office_says_so() -> None:
    """Two applicants, each with two of three experts: nobody is missing who was never asked."""
    pairs = (("S1", "甲"), ("S1", "乙"), ("S2", "乙"), ("S2", "丙"))
    scores = [{"applicant_id": a, "indicator": "Z1", "expert": e, "score": 90} for a, e in pairs]
    people = [{"applicant_id": "S1"}, {"applicant_id": "S2"}]
    asked = outcomes(workbook(people, [PLAIN], scores, settings={"expected_scores": "rows"}))
    assert [o.grade for o in asked] == ["优秀", "优秀"]
    scores[3]["score"] = None
    asked = outcomes(workbook(people, [PLAIN], scores, settings={"expected_scores": "rows"}))
    assert [o.state for o in asked] == ["graded", "open"]
    assert "专家丙" in asked[1].reason


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), min_size=1, max_size=5), st.integers(0, 45))
def test_bands_of_an_open_number_hold_every_value_that_it_may_have(rows: list[tuple[int, int]], low: int) -> None:
    """The interval of bands over [low, low + 7] is exactly what its whole numbers and beginnings give."""
    from fractions import Fraction

    from incubxl.grading.bands import band_points

    bands = sorted({start: Fraction(points) for start, points in rows}.items())
    typed = [(Fraction(start), points) for start, points in bands]
    single = [
        max(((start, points) for start, points in bands if start <= n), default=(0, Fraction(0)))[1]
        for n in range(low, low + 8)
    ]
    assert band_points(typed, Fraction(low), Fraction(low + 7)) == (min(single), max(single))
