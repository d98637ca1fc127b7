"""A sample of the corpus of workbooks that nobody here made: every one is grafted whole, or refused with a reason.

The whole corpus, with its table of figures: ``python -m tests.tools.sweep``.
"""

from __future__ import annotations

import pytest

from incubxl.issues import CATALOGUE
from tests.tools.sweep import CORPUS, Outcome, corpus, sweep, table

EVERY = 7  # about 160 of 1,111
VALIDATED = 42  # each of these costs seconds of the validator


def _checked(outcomes: list[Outcome]) -> None:
    assert not [o for o in outcomes if o.problems], table(outcomes)
    assert {o.code for o in outcomes if o.code} <= CATALOGUE.keys()
    assert sum(not o.code for o in outcomes) > 0.9 * len(outcomes), table(outcomes)


@pytest.fixture(autouse=True)
def _present() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here (INCUBXL_CORPUS)")


def test_a_sample_keeps_every_part_and_value() -> None:
    _checked(list(sweep(corpus(EVERY), None, jobs=1)))


def test_microsoft_s_validator_finds_nothing_new_in_a_smaller_one(validator: str) -> None:
    _checked(list(sweep(corpus(VALIDATED), validator, jobs=1)))
