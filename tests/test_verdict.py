"""The precedence of the verdicts, typed from the design: strongest first, limbs that do not apply drop out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from incubxl.verdict import Verdict, all_of, any_of, n_of, negate

NA, MET, PENDING, UNKNOWN, NOT_MET = Verdict


def _one(*verdicts: Verdict) -> list[np.ndarray]:  # type: ignore[type-arg]
    return [np.array([v], dtype=np.int8) for v in verdicts]


@pytest.mark.parametrize("limbs", list(product(Verdict, repeat=3)))
def test_all_of_takes_not_met_unknown_pending_met(limbs: tuple[Verdict, ...]) -> None:
    expected = next((v for v in (NOT_MET, UNKNOWN, PENDING, MET) if v in limbs), NA)
    assert all_of(_one(*limbs))[0] == expected


@pytest.mark.parametrize("limbs", list(product(Verdict, repeat=3)))
def test_any_of_takes_met_unknown_pending_not_met(limbs: tuple[Verdict, ...]) -> None:
    expected = next((v for v in (MET, UNKNOWN, PENDING, NOT_MET) if v in limbs), NA)
    assert any_of(_one(*limbs))[0] == expected


@pytest.mark.parametrize(
    ("limbs", "n", "expected"),
    [
        ((MET, MET, NOT_MET), 2, MET),
        ((MET, NOT_MET, NOT_MET), 2, NOT_MET),
        ((MET, UNKNOWN, NOT_MET), 2, UNKNOWN),
        ((MET, PENDING, NOT_MET), 2, PENDING),
        ((MET, PENDING, UNKNOWN), 2, UNKNOWN),
        ((NA, MET, MET), 2, MET),
        ((NA, NA, NA), 1, NA),
        ((UNKNOWN, NOT_MET, NOT_MET), 2, NOT_MET),
    ],
)
def test_n_of(limbs: tuple[Verdict, ...], n: int, expected: Verdict) -> None:
    assert n_of(_one(*limbs), n)[0] == expected


@pytest.mark.parametrize("limbs", list(product(Verdict, repeat=3)))
def test_one_of_n_is_any_of_and_all_of_n_is_all_of(limbs: tuple[Verdict, ...]) -> None:
    assert n_of(_one(*limbs), 1)[0] == any_of(_one(*limbs))[0]
    if NA not in limbs:
        assert n_of(_one(*limbs), 3)[0] == all_of(_one(*limbs))[0]


def test_negation_swaps_the_decided_and_leaves_the_open() -> None:
    assert [Verdict(int(negate(a)[0])) for a in _one(*Verdict)] == [NA, NOT_MET, PENDING, UNKNOWN, MET]
