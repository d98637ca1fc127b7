"""连续两次, 连续两年: which results of the years make a row, and on which open questions that hangs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key
from pydantic import model_validator

from incubxl.policy.fields import Id, Strict, Text

YearEvent = Literal["withdrawn", "not_reported", "absent"]


class StreakPart(Strict):
    """Results of one kind: a grade, or what the history sheet calls 放弃评价, 未上报数据, 未参加评价.

    ``under``: they count only under these options of open questions. ``once``: under these options one alone suffices.
    Parts with one ``kind`` are the same kind of result, also where years of different kinds do not make a row.
    """

    kind: Id
    label: Text
    grades: tuple[Id, ...] = ()
    events: tuple[YearEvent, ...] = ()
    under: dict[Id, Id] = {}
    once: dict[Id, Id] = {}

    @model_validator(mode="after")
    def _something(self) -> StreakPart:
        if not self.grades and not self.events:
            raise ValueError("须写明 grades 或 events")
        return self


class Streak(Strict):
    """``mixed``: only under these options years of different kinds make a row; empty: they always do.

    ``calendar``: the measure says 连续两年, so a year that does not count breaks the row; for 连续两次 that is open.
    """

    parts: tuple[StreakPart, ...] = Key(min_length=1)
    mixed: dict[Id, Id] = {}
    calendar: bool = False

    def questions(self) -> tuple[str, ...]:
        """The open questions it hangs on."""
        asked = [self.mixed, *(q for part in self.parts for q in (part.under, part.once))]
        return tuple(dict.fromkeys(question for one in asked for question in one))
