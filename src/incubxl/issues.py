"""Issues are values: what, where, what was seen, how to mend. The catalogue of all of them is here, in Chinese.

One entry per code. ``docs/errors.md`` is generated from it. Raise nothing for bad input: collect issues and go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from incubxl.grid import Place

Severity = Literal["error", "warning", "info"]
SEVERITY_WORDS: dict[str, str] = {"error": "错误", "warning": "疑点", "info": "提示"}


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding about input. ``message`` and ``remedy`` are complete Chinese sentences."""

    severity: Severity
    code: str
    place: Place
    message: str
    remedy: str
    applicant: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue entry. ``message`` and ``remedy`` are str.format templates; ``example`` shows a bad input."""

    severity: Severity
    message: str
    remedy: str
    example: str


CATALOGUE: dict[str, Entry] = {}


def register(code: str, severity: Severity, message: str, remedy: str, example: str) -> None:
    """Add an entry; a code stands once."""
    if code in CATALOGUE:
        raise ValueError(f"issue code {code} is defined twice")
    CATALOGUE[code] = Entry(severity, message, remedy, example)


def issue(code: str, place: Place, *, applicant: str = "", **seen: object) -> Issue:
    """Build the issue ``code`` at ``place``; ``seen`` fills the templates' names."""
    entry = CATALOGUE[code]
    return Issue(entry.severity, code, place, entry.message.format(**seen), entry.remedy.format(**seen), applicant)
