"""Assignment: 回避 is absolute, everybody has exactly so many, loads are as even as any assignment can have them."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.scoring.assign import Shortage, assign

_EXPERTS = ("A", "B", "C", "D", "E")


@st.composite
def cases(
    draw: st.DrawFn, most_experts: int, most_applicants: int
) -> tuple[list[str], list[str], set[tuple[str, str]], int]:
    experts = list(_EXPERTS[: draw(st.integers(1, most_experts))])
    applicants = [f"S{n}" for n in range(draw(st.integers(1, most_applicants)))]
    pairs = [(e, a) for e in experts for a in applicants]
    barred = draw(st.sets(st.sampled_from(pairs)))
    return experts, applicants, barred, draw(st.integers(1, 3))


@given(cases(5, 12))
def test_nobody_scores_where_barred_and_everybody_has_so_many(case: tuple) -> None:  # type: ignore[type-arg]
    experts, applicants, barred, per = case
    made = assign(experts, applicants, barred, per)
    free = {a: [e for e in experts if (e, a) not in barred] for a in applicants}
    if isinstance(made, list):
        assert [s.applicant for s in made] == [a for a in applicants if len(free[a]) < per]
        assert all(s.allowed == tuple(free[s.applicant]) for s in made)
        return
    assert all(len(free[a]) >= per for a in applicants)
    assert list(made) == applicants
    for applicant, who in made.items():
        assert len(who) == len(set(who)) == per
        assert not {(e, applicant) for e in who} & barred


@given(cases(4, 4))
def test_loads_are_the_most_even_of_all_assignments(case: tuple) -> None:  # type: ignore[type-arg]
    """Every assignment of a small case tried: none has a smaller spread."""
    experts, applicants, barred, per = case
    made = assign(experts, applicants, barred, per)
    if isinstance(made, list):
        return
    ways = [list(itertools.combinations([e for e in experts if (e, a) not in barred], per)) for a in applicants]
    spreads = []
    for choice in itertools.product(*ways):
        loads = Counter(e for who in choice for e in who)
        spreads.append(max(loads[e] for e in experts) - min(loads[e] for e in experts))
    loads = Counter(e for who in made.values() for e in who)
    spread = max(loads[e] for e in experts) - min(loads[e] for e in experts)
    if min(spreads) <= 1:
        assert spread <= 1
    assert max(loads.values()) == min(
        max(Counter(e for who in choice for e in who).values()) for choice in itertools.product(*ways)
    )


@given(st.integers(1, 5), st.integers(1, 60), st.integers(1, 5))
def test_without_bars_loads_differ_by_one_at_most(experts: int, applicants: int, per: int) -> None:
    if per > experts:
        return
    made = assign(_EXPERTS[:experts], [f"S{n}" for n in range(applicants)], set(), per)
    assert isinstance(made, dict)
    loads = Counter(e for who in made.values() for e in who)
    assert max(loads.values()) - min(loads[e] for e in _EXPERTS[:experts]) <= 1


def test_applicants_are_handed_on_through_others() -> None:
    """A can give S1 only to B, and B must then give S3 to C: a path over two experts."""
    barred = {("C", "S1"), ("C", "S2"), ("A", "S3"), ("A", "S4"), ("B", "S4")}
    made = assign("ABC", ["S1", "S2", "S3", "S4"], barred, 1)
    assert isinstance(made, dict)
    assert sorted(Counter(who[0] for who in made.values()).values()) == [1, 1, 2]


def test_a_shortage_names_who_may_and_who_must_not() -> None:
    made = assign("ABC", ["S1", "S2"], {("A", "S2"), ("C", "S2")}, 2)
    assert made == [Shortage("S2", ("B",), ("A", "C"))]


def test_no_experts_at_all_is_a_shortage_and_nought_per_applicant_a_mistake() -> None:
    assert assign([], ["S1"], set(), 1) == [Shortage("S1", (), ())]
    with pytest.raises(ValueError, match="至少"):
        assign("A", ["S1"], set(), 0)


def test_the_same_input_gives_the_same_assignment() -> None:
    applicants = [f"S{n}" for n in range(40)]
    barred = {(e, a) for n, a in enumerate(applicants) for e in _EXPERTS if (n + ord(e)) % 7 == 0}
    assert assign(_EXPERTS, applicants, barred, 3) == assign(_EXPERTS, applicants, set(barred), 3)
