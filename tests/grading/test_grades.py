"""Grades by hand: bands, quotas, ties, vetoes, exemptions, 放弃, and every setting that may not be assumed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incubxl.grading.engine import grade
from tests.grading.build import DAY, ONE, RULES, found, outcomes, scored, workbook

TOP = ({"grade": "优秀", "minimum": 80, "top_share": 20}, *RULES[1:])


@pytest.mark.parametrize(
    ("score", "expected"),
    [(90, "优秀"), (89.99, "良好"), (80, "良好"), (79.99, "合格"), (60, "合格"), (59.99, "不合格"), (0, "不合格")],
)
def test_lines_include_their_number(score: float, expected: str) -> None:
    (outcome,) = outcomes(scored(score))
    assert (outcome.state, outcome.grade, outcome.score) == ("graded", expected, Decimal(str(score)))
    assert outcome.possible == ()


@pytest.mark.parametrize(
    ("score", "rounding", "digits", "total", "expected"),
    [
        (79.995, "half_up", 2, "80", "良好"),
        (79.994, "half_up", 2, "79.99", "合格"),
        (79.995, "down", 2, "79.99", "合格"),
        (79.985, "half_even", 2, "79.98", "合格"),
        (79.995, "half_even", 2, "80", "良好"),
        (79.5, "half_up", 0, "80", "良好"),
        (79.49, "half_up", 0, "79", "合格"),
        (78.5, "half_even", 0, "78", "合格"),
        (89.95, "half_up", 1, "90", "优秀"),
    ],
)
def test_rounding_comes_before_the_line(score: float, rounding: str, digits: int, total: str, expected: str) -> None:
    (outcome,) = outcomes(scored(score, settings={"score_rounding": rounding, "score_digits": digits}))
    assert (outcome.score, outcome.grade) == (Decimal(total), expected)


def test_thirds_add_up_to_the_whole() -> None:
    """Three indicators of 26.66… make exactly 80."""
    indicators = [{"indicator": f"Z{n}", "name": f"指标{n}", "method": "direct", "maximum": 30} for n in (1, 2, 3)]
    scores = [
        {"applicant_id": "S1", "indicator": f"Z{n}", "expert": e, "score": p}
        for n in (1, 2, 3)
        for e, p in (("甲", 26), ("乙", 27), ("丙", 27))
    ]
    register = workbook([{"applicant_id": "S1"}], indicators, scores, settings={"score_rounding": "down"})
    (outcome,) = outcomes(register)
    assert (outcome.score, outcome.grade) == (Decimal(80), "良好")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("score_total", "总分算法"),
        ("score_digits", "总分小数位数"),
        ("score_rounding", "总分舍入方法"),
    ],
)
def test_a_blank_setting_is_named_and_never_assumed(setting: str, words: str) -> None:
    (outcome,) = outcomes(scored(79.995, settings={setting: None}))
    assert outcome.state == "open"
    assert words in outcome.reason
    assert "合格" in outcome.possible


def test_a_setting_that_is_not_needed_is_not_asked() -> None:
    settings = {"score_digits": None, "score_rounding": None, "experts": None, "ties": None, "quota_base": None}
    (outcome,) = outcomes(scored(80, settings=settings))
    assert outcome.grade == "良好"


def test_a_missing_score_lists_every_grade_still_possible() -> None:
    indicators = [
        {"indicator": "Z1", "name": "甲项", "method": "direct", "maximum": 70},
        {"indicator": "Z2", "name": "乙项", "method": "direct", "maximum": 15},
    ]
    scores = [
        {"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": 66},
        {"applicant_id": "S1", "indicator": "Z2", "expert": "甲"},
    ]
    (outcome,) = outcomes(workbook([{"applicant_id": "S1"}], indicators, scores))
    assert (outcome.state, outcome.grade, outcome.score) == ("open", "", None)
    assert (outcome.low, outcome.high) == (66, 81)
    assert outcome.possible == ("良好", "合格")
    assert "乙项" in outcome.reason and "评分!D3" in outcome.reason


def test_a_missing_score_that_changes_nothing_does_not_hold_the_grade_up() -> None:
    indicators = [
        {"indicator": "Z1", "name": "甲项", "method": "direct", "maximum": 95},
        {"indicator": "Z2", "name": "乙项", "method": "direct", "maximum": 5},
    ]
    scores = [{"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": 92}]
    (outcome,) = outcomes(workbook([{"applicant_id": "S1"}], indicators, scores))
    assert (outcome.state, outcome.grade, outcome.score) == ("graded", "优秀", None)
    assert (outcome.low, outcome.high) == (92, 97)


def test_zero_for_missing_only_where_the_office_says_so() -> None:
    (outcome,) = outcomes(scored(None, settings={"missing_score": "zero"}))
    assert (outcome.score, outcome.grade) == (0, "不合格")


def test_an_expert_who_scored_others_is_missing_here() -> None:
    scores = [
        {"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": 95},
        {"applicant_id": "S1", "indicator": "Z1", "expert": "乙", "score": 95},
        {"applicant_id": "S2", "indicator": "Z1", "expert": "甲", "score": 95},
    ]
    first, second = outcomes(workbook([{"applicant_id": "S1"}, {"applicant_id": "S2"}], ONE, scores))
    assert first.grade == "优秀"
    assert second.state == "open"
    assert second.high == Decimal("97.5") and second.low == Decimal("47.5")
    assert "专家乙" in second.reason


def test_separate_panels_do_not_wait_for_each_other() -> None:
    scores = [
        {"applicant_id": a, "indicator": "Z1", "expert": e, "score": 90}
        for a, experts in (("S1", "甲乙"), ("S2", "丙丁"))
        for e in experts
    ]
    assert [o.grade for o in outcomes(workbook([{"applicant_id": "S1"}, {"applicant_id": "S2"}], ONE, scores))] == [
        "优秀",
        "优秀",
    ]


def test_an_excused_expert_is_not_missing() -> None:
    scores = [
        {"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": 95},
        {"applicant_id": "S1", "indicator": "Z1", "expert": "乙", "score": "不适用"},
        {"applicant_id": "S2", "indicator": "Z1", "expert": "甲", "score": 70},
        {"applicant_id": "S2", "indicator": "Z1", "expert": "乙", "score": 60},
    ]
    first, second = outcomes(workbook([{"applicant_id": "S1"}, {"applicant_id": "S2"}], ONE, scores))
    assert (first.score, first.grade) == (95, "优秀")
    assert (second.score, second.grade) == (65, "合格")


def _panel(*points: float, **more: object) -> object:
    scores = [
        {"applicant_id": "S1", "indicator": "Z1", "expert": str(n), "score": p} for n, p in enumerate(points, start=1)
    ]
    return outcomes(workbook([{"applicant_id": "S1"}], ONE, scores, **more))[0]  # type: ignore[arg-type]


def test_trimmed_mean_drops_one_highest_and_one_lowest() -> None:
    assert _panel(60, 80, 81, 82, 100, settings={"experts": "trimmed_mean"}).score == 81
    assert _panel(80, 80, 100, settings={"experts": "trimmed_mean"}).score == 80


def test_trimmed_mean_of_two_is_open_with_a_reason() -> None:
    outcome = _panel(80, 90, settings={"experts": "trimmed_mean"})
    assert outcome.state == "open"
    assert "2位专家" in outcome.reason
    assert outcome.possible == ("优秀", "良好", "合格", "不合格")


def test_several_experts_without_a_rule_are_open() -> None:
    outcome = _panel(80, 90, 95, settings={"experts": None})
    assert outcome.state == "open"
    assert "多位专家取值" in outcome.reason
    assert (outcome.low, outcome.high) == (Decimal("88.33"), Decimal(90))
    assert outcome.possible == ("优秀", "良好")
    assert _panel(90, 90, 90, settings={"experts": None}).grade == "优秀"


BASE_STEP = {
    "indicator": "A", "name": "人才", "method": "base_step", "source": "外籍及海外背景高层次人才数",
    "base_value": 50, "base_points": 5, "step_value": 1, "step_points": 0.1, "cap": 8,
}  # fmt: skip
PER_UNIT = {
    "indicator": "A", "name": "面积", "method": "per_unit", "source": "local_area",
    "step_value": 100, "step_points": 2, "cap": 10,
}  # fmt: skip
RATIO = {"indicator": "A", "name": "团队", "method": "ratio", "source": "运营管理团队人数", "target": 8, "maximum": 20}


@pytest.mark.parametrize(
    ("indicator", "fact", "value", "expected"),
    [
        (BASE_STEP, "talent_total", 49, "0"),
        (BASE_STEP, "talent_total", 50, "5"),
        (BASE_STEP, "talent_total", 51, "5.1"),
        (BASE_STEP, "talent_total", 80, "8"),
        (BASE_STEP, "talent_total", 81, "8"),
        (BASE_STEP, "talent_total", 0, "0"),
        (PER_UNIT, "local_area", 300, "6"),
        (PER_UNIT, "local_area", 500, "10"),
        (PER_UNIT, "local_area", 600, "10"),
        (RATIO, "team_total", 4, "10"),
        (RATIO, "team_total", 7, "17.5"),
        (RATIO, "team_total", 8, "20"),
        (RATIO, "team_total", 9, "20"),
    ],
)
def test_points_from_the_register_s_numbers(indicator: dict[str, object], fact: str, value: int, expected: str) -> None:
    (outcome,) = outcomes(workbook([{"applicant_id": "S1", fact: value}], [indicator]))
    assert outcome.score == Decimal(expected)
    (shown,) = outcome.indicators
    assert shown.points == Decimal(expected)
    assert any(cell.startswith("申报登记!") for cell in shown.cells)


@pytest.mark.parametrize(("choice", "expected"), [("whole", "6"), ("proportional", "7")])
def test_an_incomplete_step_counts_as_the_office_set_it(choice: str, expected: str) -> None:
    facts = [{"applicant_id": "S1", "local_area": 350}]
    assert outcomes(workbook(facts, [PER_UNIT], settings={"partial_step": choice}))[0].score == Decimal(expected)


def test_an_incomplete_step_without_a_rule_is_open_and_a_whole_one_is_not() -> None:
    blank = {"partial_step": None}
    (outcome,) = outcomes(workbook([{"applicant_id": "S1", "local_area": 350}], [PER_UNIT], settings=blank))
    assert (outcome.state, outcome.low, outcome.high) == ("open", 6, 7)
    assert "不足一步的数量" in outcome.reason
    (outcome,) = outcomes(workbook([{"applicant_id": "S1", "local_area": 300}], [PER_UNIT], settings=blank))
    assert outcome.state == "graded"


def test_a_missing_number_is_an_interval_up_to_the_cap() -> None:
    (outcome,) = outcomes(workbook([{"applicant_id": "S1"}], [PER_UNIT]))
    assert (outcome.state, outcome.low, outcome.high) == ("graded", 0, 10)  # 不合格 either way
    assert "我市孵化场地面积" in outcome.indicators[0].missing[0]


def test_vetoes_and_exemptions() -> None:
    """一票否决 and 免评 by a fact of the register; both together are the office's to decide."""
    rules = (
        {"grade": "优秀", "minimum": 90, "exempt_fact": "local_legal_person"},
        {"grade": "合格", "minimum": 60},
        {"grade": "不合格", "veto_fact": "joint_application"},
    )

    def one(exempt: bool | None, veto: bool | None, score: float | None = 70) -> tuple[str, str, tuple[str, ...]]:
        facts = [{"applicant_id": "S1", "local_legal_person": exempt, "joint_application": veto}]
        scores = [{"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": score}]
        (outcome,) = outcomes(workbook(facts, ONE, scores, rules))
        return outcome.state, outcome.grade, outcome.possible

    assert one(False, False) == ("graded", "合格", ())
    assert one(False, True) == ("graded", "不合格", ())
    assert one(False, True, None) == ("graded", "不合格", ())
    assert one(True, False) == ("exempt", "优秀", ())
    assert one(True, True) == ("open", "", ("优秀", "不合格"))
    assert one(None, False) == ("open", "", ("优秀", "合格"))
    assert one(False, None) == ("open", "", ("合格", "不合格"))


def test_the_vetoed_take_no_place_in_the_quota() -> None:
    rules = (*TOP[:3], {"grade": "不合格", "veto_fact": "joint_application"})
    facts = [{"applicant_id": f"S{n}", "joint_application": n == 1} for n in range(1, 6)]
    scores = [{"applicant_id": f"S{n}", "indicator": "Z1", "expert": "甲", "score": 100 - n} for n in range(1, 6)]
    assert [o.grade for o in outcomes(workbook(facts, ONE, scores, rules))] == [
        "不合格",
        "优秀",
        "良好",
        "良好",
        "良好",
    ]


def test_ranks_within_tracks_need_the_office_s_word() -> None:
    tracks = ["offshore", "offshore", "offshore", "offshore", "offshore", *["base"] * 5]
    facts = [{"applicant_id": f"S{n}", "track": t} for n, t in enumerate(tracks)]
    scores = [{"applicant_id": f"S{n}", "indicator": "Z1", "expert": "甲", "score": 99 - n} for n in range(10)]

    def winners(scope: str | None) -> list[str]:
        got = outcomes(workbook(facts, ONE, scores, TOP, {"rank_scope": scope}))
        return [f["applicant_id"] + ("?" if o.state == "open" else "") for f, o in zip(facts, got, strict=True)
                if o.grade == "优秀" or o.state == "open"]  # fmt: skip

    assert winners("all") == ["S0", "S1"]
    assert winners("track") == ["S0", "S5"]
    assert winners(None) == ["S0", "S1?", "S5?"]


def test_bonus_stands_outside_the_hundred_and_is_held_at_its_ceiling() -> None:
    indicators = [*ONE, {"indicator": "B", "name": "加分", "method": "bonus", "cap": 5}]
    scores = [
        {"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": 98},
        {"applicant_id": "S1", "indicator": "B", "expert": "甲", "score": 8},
    ]
    (outcome,) = outcomes(workbook([{"applicant_id": "S1"}], indicators, scores))
    assert outcome.score == 103


def test_weights_apply_and_bonus_is_added_unweighted() -> None:
    indicators = [
        {"indicator": "A", "name": "甲项", "method": "direct", "maximum": 100, "weight": 60},
        {"indicator": "B", "name": "乙项", "method": "direct", "maximum": 100, "weight": 40},
        {"indicator": "C", "name": "加分", "method": "bonus", "cap": 3},
    ]
    scores = [
        {"applicant_id": "S1", "indicator": i, "expert": "甲", "score": p} for i, p in (("A", 90), ("B", 80), ("C", 2))
    ]
    (outcome,) = outcomes(workbook([{"applicant_id": "S1"}], indicators, scores, settings={"score_total": "weighted"}))
    assert outcome.score == 88


def test_weights_that_do_not_add_up_hold_everybody_open() -> None:
    indicators = [
        {"indicator": "A", "name": "甲项", "method": "direct", "maximum": 100, "weight": 60},
        {"indicator": "B", "name": "乙项", "method": "direct", "maximum": 100, "weight": 60},
    ]
    register = workbook([{"applicant_id": "S1"}], indicators, settings={"score_total": "weighted"})
    (outcome,), issues = grade(register, DAY)
    assert "grading.weights" in {i.code for i in issues}
    assert (outcome.state, outcome.score) == ("open", None)
    assert "120%" in outcome.reason


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"method": None}, "计分方法"),
        ({"maximum": None}, "满分"),
        ({"method": "per_unit", "step_value": 1, "step_points": 1}, "数据来源"),
        ({"method": "per_unit", "source": "没有的栏目", "step_value": 1, "step_points": 1}, "没有的栏目"),
        ({"method": "per_unit", "source": "单位名称", "step_value": 1, "step_points": 1}, "单位名称"),
        ({"set": "外星孵化器"}, "外星孵化器"),
    ],
)
def test_a_faulty_indicator_is_an_issue_with_its_cell(row: dict[str, object], words: str) -> None:
    register = workbook([{"applicant_id": "S1"}], [{**ONE[0], **row}])
    (outcome,), issues = grade(register, DAY)
    (fault,) = [i for i in issues if i.code == "grading.scheme"]
    assert words in fault.message
    assert (fault.place.sheet, fault.place.cell) == ("评价指标", "A2")
    assert outcome.state == "open" and words in outcome.reason


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (({"grade": "特优", "minimum": 95}, *RULES), "特优"),
        (({"grade": "优秀", "minimum": 70}, {"grade": "良好", "minimum": 80}, {"grade": "不合格"}), "高于"),
        (({"grade": "优秀"}, {"grade": "良好", "minimum": 80}, {"grade": "不合格"}), "没有写最低分"),
        (({"grade": "优秀", "minimum": 90, "veto_fact": "单位名称"}, {"grade": "不合格"}), "单位名称"),
        (({"grade": "不合格"},), "只有「不合格」一个等级"),
    ],
)
def test_faulty_rules_are_issues(rules: tuple[dict[str, object], ...], words: str) -> None:
    register = scored(95, rules=rules)
    assert any(words in i.message for i in found(register) if i.code == "grading.rules")
    assert outcomes(register)[0].state == "open"


def test_scores_that_cannot_be_used_are_issues_and_missing() -> None:
    register = scored(101)
    assert {i.code for i in found(register)} == {"grading.score_range"}
    assert outcomes(register)[0].state == "open"
    twice = [{"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": p} for p in (80, 85, 85)]
    register = workbook([{"applicant_id": "S1"}], ONE, twice)
    assert [i.code for i in found(register)] == ["grading.score_twice"]
    assert outcomes(register)[0].state == "open"


def test_a_score_of_another_indicator_is_told() -> None:
    scores = [{"applicant_id": "S1", "indicator": "Z9", "expert": "甲", "score": 80}]
    assert "grading.score_unknown" in {i.code for i in found(workbook([{"applicant_id": "S1"}], ONE, scores))}


def test_no_scheme_is_not_graded() -> None:
    (outcome,) = outcomes(workbook([{"applicant_id": "S1"}], (), (), ()))
    assert outcome.state == "not_graded" and "评价指标" in outcome.reason
    (outcome,) = outcomes(workbook([{"applicant_id": "S1"}], ONE, (), ()))
    assert outcome.state == "not_graded" and "等级规则" in outcome.reason


def test_withdrawing_is_neither_zero_nor_failing() -> None:
    register = workbook(
        [{"applicant_id": "S1", "evaluation_submitted": False}, {"applicant_id": "S2", "evaluation_submitted": None}],
        ONE,
        [{"applicant_id": "S2", "indicator": "Z1", "expert": "甲", "score": 95}],
    )
    first, second = outcomes(register)
    assert (first.state, first.score, first.rank) == ("waived", None, None)
    assert first.clause == "第14条（二）"
    assert (second.state, second.possible) == ("open", ("优秀", "放弃"))


# Rank quotas: 优秀 = at least 80 and within the top 20 %.


def test_not_asked_this_year_is_neither_waived_nor_open() -> None:
    """第12条: only those recognised for a year take part; the others fill in 不适用 and are outside every quota."""
    register = workbook(
        [{"applicant_id": "S1", "evaluation_submitted": "不适用"}, *({"applicant_id": f"S{n}"} for n in range(2, 7))],
        scores=[{"applicant_id": f"S{n}", "indicator": "Z1", "expert": "甲", "score": 100 - n} for n in range(2, 7)],
        rules=TOP,
        settings={"quota_rounding": "up"},
    )
    first, *others = outcomes(register)
    assert (first.state, first.grade, first.possible) == ("not_graded", "", ())
    assert "不适用" in first.reason
    assert [o.grade for o in others] == ["优秀", "良好", "良好", "良好", "良好"]  # 20 % of five, not of six


def test_band_and_rank_together() -> None:
    register = scored(95, 94, 85, 82, 81, 70, 65, 61, 60, 50, rules=TOP)
    assert [o.grade for o in outcomes(register)] == ["优秀"] * 2 + ["良好"] * 3 + ["合格"] * 4 + ["不合格"]
    assert [o.rank for o in outcomes(register)] == list(range(1, 11))
    assert outcomes(register)[0].ranked_of == 10


def test_a_place_in_the_quota_without_the_line_is_not_enough() -> None:
    assert [o.grade for o in outcomes(scored(79, 70, 69, 68, 67, rules=TOP))] == ["合格"] * 5


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ("same_rank", ["优秀", "优秀", "良好", "合格", "合格"]),
        ("all_out", ["良好", "良好", "良好", "合格", "合格"]),
    ],
)
def test_a_tie_across_the_line(ties: str, expected: list[str]) -> None:
    assert [o.grade for o in outcomes(scored(90, 90, 85, 70, 70, rules=TOP, settings={"ties": ties}))] == expected


@pytest.mark.parametrize(("ties", "words"), [(None, "没有选定「同分排名」"), ("person", "由人决定")])
def test_a_tie_across_the_line_may_be_left_open(ties: str | None, words: str) -> None:
    got = outcomes(scored(90, 90, 85, 70, 70, rules=TOP, settings={"ties": ties}))
    assert [o.state for o in got] == ["open", "open", "graded", "graded", "graded"]
    assert got[0].possible == ("优秀", "良好")
    assert words in got[0].reason


def test_a_tie_inside_the_quota_needs_no_setting() -> None:
    got = outcomes(scored(90, 90, 85, 84, 83, 82, 81, 80, 70, 60, rules=TOP, settings={"ties": None}))
    assert [o.grade for o in got][:3] == ["优秀", "优秀", "良好"]


@pytest.mark.parametrize(("rounding", "winners"), [("down", 1), ("half_up", 1), ("up", 2)])  # 20 % of 7 are 1.4 places
def test_places_are_rounded_as_set(rounding: str, winners: int) -> None:
    got = outcomes(scored(99, 98, 97, 96, 95, 94, 93, rules=TOP, settings={"quota_rounding": rounding}))
    assert sum(o.grade == "优秀" for o in got) == winners


def test_blank_quota_settings_hold_up_only_those_they_touch() -> None:
    got = outcomes(scored(99, 98, 97, 96, 95, 94, 93, rules=TOP, settings={"quota_rounding": None}))
    assert [o.state for o in got] == ["graded", "open", *["graded"] * 5]
    assert "名额舍入方法" in got[1].reason


def test_the_base_of_the_quota() -> None:
    """Five register, one withdraws: 25 % of four taking part is one place, of five registered still one; 50 %: 2."""
    rules = ({"grade": "优秀", "minimum": 80, "top_share": 40}, *RULES[1:])
    facts = [{"applicant_id": f"S{n}"} for n in range(1, 5)] + [{"applicant_id": "S5", "evaluation_submitted": False}]
    scores = [
        {"applicant_id": f"S{n}", "indicator": "Z1", "expert": "甲", "score": p}
        for n, p in ((1, 99), (2, 98), (3, 97), (4, 96))
    ]

    def winners(base: str | None) -> list[str]:
        got = outcomes(workbook(facts, ONE, scores, rules, {"quota_base": base}))
        return [o.grade or o.state for o in got]

    assert winners("taking_part") == ["优秀", "良好", "良好", "良好", "放弃"]  # 40 % of 4 is 1.6
    assert winners("all") == ["优秀", "优秀", "良好", "良好", "放弃"]
    assert winners(None) == ["优秀", "open", "良好", "良好", "放弃"]


def test_what_others_still_lack_keeps_a_rank_open() -> None:
    got = outcomes(scored(95, None, 85, 70, 60, rules=TOP))
    assert got[0].possible == ("优秀", "良好") and "其他单位" in got[0].reason
    assert got[2].grade == "良好"  # never first: 95 is above
    assert got[3].grade == "合格"
    assert got[1].possible == ("优秀", "良好", "合格", "不合格")


def test_contract_results_are_the_office_s_own() -> None:
    facts = [{"applicant_id": "S1", "annual_result": "stop"}, {"applicant_id": "S2"}]
    first, second = outcomes(workbook(facts, (), (), (), pack_id="shanghai-hq"))
    assert (first.state, first.grade) == ("graded", "停止支持")
    assert "申报登记!" in first.reason
    assert (second.state, second.possible) == ("open", ("继续支持", "暂停支持", "停止支持"))


def test_a_measure_without_grades_takes_the_names_of_the_year_s_scheme() -> None:
    rules = ({"grade": "甲等", "minimum": 85}, {"grade": "乙等"})
    (outcome,) = outcomes(scored(90, rules=rules, pack_id="tongliao-award"))
    assert (outcome.state, outcome.grade) == ("graded", "甲等")


def test_a_class_without_indicators_has_no_score_and_not_zero() -> None:
    """三（二） sets indicators by class; 星创天地 has none printed and fills in 不适用."""
    facts = [
        {"applicant_id": "S1", "carrier_class": "social"},
        {"applicant_id": "S2", "carrier_class": "不适用"},
        {"applicant_id": "S3", "carrier_class": None},
        {"applicant_id": "S4", "carrier_class": "comprehensive"},
    ]
    one = [{**ONE[0], "set": "综合型孵化器"}]
    scores = [{"applicant_id": "S4", "indicator": "Z1", "expert": "甲", "score": 90}]
    rules = ({"grade": "甲等", "minimum": 85}, {"grade": "乙等"})
    made = outcomes(workbook(facts, one, scores, rules, pack_id="tongliao-award"))
    assert [(o.state, o.score, o.grade) for o in made[:2]] == [("not_graded", None, "")] * 2
    assert "没有适用本单位类别的指标" in made[0].reason
    assert (made[2].state, made[2].possible) == ("open", ("甲等", "乙等"))  # not known which class
    assert (made[3].state, made[3].grade) == ("graded", "甲等")


def test_grades_that_the_year_adds_stand_above_the_printed_one() -> None:
    """新科高字〔2019〕34号 第十二条 prints 不合格 only; and it evaluates those that are recognised."""
    facts = [{"applicant_id": f"S{n}", "evaluation_submitted": None, "recognised_on": on} for n, on in _RECOGNISED]
    scores = [{"applicant_id": f"S{n}", "indicator": "Z1", "expert": "甲", "score": p} for n, p in ((1, 92), (2, 59))]
    first, second, new = outcomes(workbook(facts, ONE, scores, RULES, pack_id="xinjiang-makerspace"))
    assert [(o.state, o.grade) for o in (first, second)] == [("graded", "优秀"), ("graded", "不合格")]
    assert (new.state, new.possible) == ("not_graded", ())
    register = workbook(facts, ONE, scores, ({"grade": "不合格"},), pack_id="xinjiang-makerspace")
    assert [o.state for o in outcomes(register)] == ["open", "open", "not_graded"]


_RECOGNISED = ((1, "2023-05-05"), (2, "2024-05-05"), (3, "不适用"))


def test_a_mark_is_not_the_applicant_s_to_supply() -> None:
    indicators = [*ONE, {"indicator": "Z2", "name": "团队", "method": "per_unit", "source": "运营管理团队人数",
                         "step_value": 1, "step_points": 1, "cap": 5}]  # fmt: skip
    (outcome,) = outcomes(scored(None, indicators=indicators))
    marks, team = outcome.indicators
    assert marks.missing and not marks.from_applicant
    assert team.missing and team.from_applicant == team.missing
