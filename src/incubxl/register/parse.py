"""One cell to one typed value, by its field."""

from __future__ import annotations

from functools import lru_cache

from incubxl.grid import CellValue
from incubxl.policy.fields import Field
from incubxl.register.dates import read_date, read_year
from incubxl.register.fold import squash
from incubxl.register.identity import read_code, read_email, read_phone, read_text
from incubxl.register.numbers import read_number
from incubxl.register.reading import BLANK, NOT_APPLICABLE, VALUE, Context, Reading, seen, unreadable

NUMERIC = frozenset(("integer", "number", "money", "percent", "year"))
_YES = frozenset(("是", "有", "√", "✓", "✔", "y", "yes", "true"))
_NO = frozenset(("否", "无", "×", "✗", "✘", "n", "no", "false"))


def read_cell(raw: CellValue, spec: Field, context: Context) -> Reading:
    """Read ``raw`` as ``spec`` asks. Values: number kinds and year float; date ``date``; boolean bool; else str."""
    if raw is None:
        return BLANK
    if isinstance(raw, str):
        if not raw or raw.isspace():
            return BLANK
        if "适" in raw and spec.type != "choice" and squash(raw) == "不适用":
            if spec.may_not_apply:
                return NOT_APPLICABLE
            if spec.type != "text" or not context.free_text:
                return unreadable("cell.not_applicable")
    match spec.type:
        case "integer" | "number" | "money" | "percent":
            return read_number(raw, spec, context)
        case "date":
            return read_date(raw, context)
        case "year":
            return read_year(raw)
        case "boolean":
            return _boolean(raw)
        case "choice":
            return _choice(raw, spec)
        case "uscc":
            return read_code(raw)
        case "email":
            return read_email(raw)
        case "phone":
            return read_phone(raw)
        case _:
            return read_text(raw, lines=context.free_text)


def _boolean(raw: CellValue) -> Reading:
    if isinstance(raw, bool):
        return Reading(VALUE, raw)
    word = squash(raw) if isinstance(raw, str) else ""
    if word in _YES or word in _NO:
        return Reading(VALUE, word in _YES)
    return unreadable("cell.unreadable_boolean")


@lru_cache(maxsize=500)
def choice_words(spec: Field) -> dict[str, str]:
    """Squashed id, label or alias → choice id. Labels go before ids, ids before aliases."""
    words = {squash(alias): choice.id for choice in spec.choices for alias in choice.aliases}
    words |= {squash(choice.id): choice.id for choice in spec.choices}
    return words | {squash(choice.label): choice.id for choice in spec.choices}


def _choice(raw: CellValue, spec: Field) -> Reading:
    word = squash(seen(raw) if not isinstance(raw, str) else raw)
    found = choice_words(spec).get(word)
    if found is not None:
        return Reading(VALUE, found)
    if word == "不适用" and spec.may_not_apply:
        return NOT_APPLICABLE
    return unreadable("cell.not_applicable" if word == "不适用" else "cell.unknown_choice")
