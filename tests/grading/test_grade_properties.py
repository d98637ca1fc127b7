"""What holds for every scheme: the announced grades are exactly those that can still come."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grading.build import RULES, outcomes, scored

POINTS = [0, 59.99, 60, 79.99, 80, 84.99, 85, 85.01, 89.99, 90, 100]
SCHEMES = {
    "bands": RULES,
    "quota": ({"grade": "优秀", "minimum": 80, "top_share": 30}, *RULES[1:]),
    "two quotas": (
        {"grade": "优秀", "minimum": 80, "top_share": 25},
        {"grade": "良好", "minimum": 60, "top_share": 50},
        {"grade": "合格", "minimum": 60},
        {"grade": "不合格"},
    ),
}
some = st.lists(st.one_of(st.none(), st.sampled_from(POINTS)), min_size=2, max_size=4)
rules = st.sampled_from(list(SCHEMES.values()))
ties = st.sampled_from(["same_rank", "all_out"])


@settings(max_examples=40, deadline=None)
@given(some.filter(lambda row: row.count(None) in (1, 2)), rules, ties)
def test_possible_grades_are_exactly_those_that_filling_in_can_reach(
    row: list[float | None], scheme: tuple[dict[str, object], ...], tie: str
) -> None:
    before = outcomes(scored(*row, rules=scheme, settings={"ties": tie}))
    reached: list[set[str]] = [set() for _ in row]
    holes = row.count(None)
    for fill in product(POINTS, repeat=holes):
        rest = iter(fill)
        whole = [next(rest) if p is None else p for p in row]
        for n, outcome in enumerate(outcomes(scored(*whole, rules=scheme, settings={"ties": tie}))):
            assert outcome.state == "graded"
            reached[n].add(outcome.grade)
    for outcome, seen in zip(before, reached, strict=True):
        announced = set(outcome.possible) or {outcome.grade}
        assert seen == announced


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(POINTS), min_size=1, max_size=6), rules, ties, st.data())
def test_more_points_never_make_the_grade_worse(
    row: list[float], scheme: tuple[dict[str, object], ...], tie: str, data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(row) - 1))
    better = data.draw(st.sampled_from([p for p in POINTS if p >= row[n]]))
    order = ["优秀", "良好", "合格", "不合格"]
    was = outcomes(scored(*row, rules=scheme, settings={"ties": tie}))[n].grade
    now = outcomes(scored(*row[:n], better, *row[n + 1 :], rules=scheme, settings={"ties": tie}))[n].grade
    assert order.index(now) <= order.index(was)
