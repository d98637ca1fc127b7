"""What the live shell may depend on."""

from __future__ import annotations

import xlwings


def test_nothing_of_the_paid_part_is_used() -> None:
    assert xlwings.__pro__ is False
