"""What letters take from the office's settings sheet. Blank stays blank: nothing is assumed."""

from __future__ import annotations

from incubxl.blanks import says_nothing
from incubxl.register.model import Settings


def text(settings: Settings, key: str) -> str:
    """A setting as stripped text; empty when it is not set."""
    value = settings.values.get(key)
    return "" if value is None else str(value).strip()


def remedy_lines(settings: Settings) -> tuple[str, ...]:
    """救济途径 as the office worded it, one paragraph a line; none where that says nothing (「请填写」)."""
    worded = text(settings, "remedy_text")
    return () if says_nothing(worded) else tuple(line.strip() for line in worded.splitlines() if line.strip())


def final_document(settings: Settings) -> str:
    """The number of the final document that a measure in draft has become."""
    return text(settings, "final_document")


def correction_days(settings: Settings) -> int | None:
    """补正期限天数; None when the office has not set it."""
    return _days(settings, "correction_days")


def publicity_days(settings: Settings) -> int | None:
    """公示天数; None when the office has not set it."""
    return _days(settings, "publicity_days")


def _days(settings: Settings, key: str) -> int | None:
    value = settings.values.get(key)
    return None if value is None or str(value).strip() == "" else int(value)


def contact(settings: Settings) -> str:
    """The office's telephone or address for questions about a letter."""
    return text(settings, "office_contact")


def document_form(settings: Settings) -> str:
    """公文格式 that the office wants for all its letters: letter, official, plain; empty when it left that open."""
    return text(settings, "document_form")


def sealed(settings: Settings) -> bool:
    """Whether room is left for a seal; a letter is sealed unless the office says otherwise."""
    return text(settings, "seal") != "unsealed"
