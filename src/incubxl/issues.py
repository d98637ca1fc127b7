"""Issues are values: what, where, what was seen, how to mend. The catalogue of all of them is here, in Chinese.

One entry per code. ``docs/errors.md`` is generated from it. Raise nothing for bad input: collect issues and go on.
"""

from __future__ import annotations

from collections.abc import Iterable
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

    @property
    def text(self) -> str:
        """What and how to mend it, one after the other."""
        return self.message + self.remedy

    @property
    def bare(self) -> str:
        """The message without its full stop, for the middle of a longer sentence."""
        return self.message.rstrip("。")


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


def sentence(text: str) -> str:
    """``text`` as a sentence ends in Chinese; nothing stays nothing."""
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"


def remedies(issues: Iterable[Issue]) -> str:
    """How to mend all of them in one clause, each way told once."""
    return "；".join(dict.fromkeys(i.remedy.rstrip("。") for i in issues))


def issue(code: str, place: Place, *, applicant: str = "", **seen: object) -> Issue:
    """Build the issue ``code`` at ``place``; ``seen`` fills the templates' names."""
    entry = CATALOGUE[code]
    message, remedy = (sentence(text.format(**seen)) for text in (entry.message, entry.remedy))
    return Issue(entry.severity, code, place, message, remedy, applicant)
