"""One line of the doctor's report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How it stands; the value is the name in JSON."""

    GOOD = "good"
    ATTENTION = "attention"
    PROBLEM = "problem"
    UNCHECKED = "unchecked"

    @property
    def word(self) -> str:
        """For people."""
        return {"good": "好", "attention": "注意", "problem": "有问题", "unchecked": "没有查"}[self.value]


@dataclass(frozen=True)
class Check:
    """What was looked at, what was seen, and what to do about it (empty when nothing): Chinese."""

    name: str
    state: State
    seen: str
    remedy: str = ""


def good(name: str, seen: str) -> Check:
    """Nothing to do."""
    return Check(name, State.GOOD, seen)


def attention(name: str, seen: str, remedy: str) -> Check:
    """Works, but not everything or not everywhere."""
    return Check(name, State.ATTENTION, seen, remedy)


def problem(name: str, seen: str, remedy: str) -> Check:
    """The buttons do not work like this."""
    return Check(name, State.PROBLEM, seen, remedy)


def unchecked(name: str, why: str) -> Check:
    """Could not be looked at."""
    return Check(name, State.UNCHECKED, why)
