"""Which form a workbook is and whose: the forms that are asked for or came, and who is to return each."""

from __future__ import annotations

from dataclasses import dataclass

from incubxl.collect.known import APPLICANTS, DISTRICTS, Recipient, recipients
from incubxl.collect.shape import Shape, shape_of
from incubxl.grid import Grid
from incubxl.issues import Issue
from incubxl.register.fold import squash
from incubxl.register.model import Register

_TOP = 12  # rows in which a form says what it is and whose


@dataclass(frozen=True)
class Wanted:
    """Which returns are asked for; an empty one asks for every form that comes. ``to`` belongs to form or slices."""

    form: str = ""
    slices: tuple[str, ...] = ()
    to: str = APPLICANTS
    round: str = ""


Key = tuple[str, bool]  # form id, whether to districts


class Desk:
    """The forms that are asked for or came, and who is to return each."""

    def __init__(self, register: Register, wanted: Wanted) -> None:
        self.register, self.wanted = register, wanted
        self.shapes: dict[Key, Shape] = {}
        self.active: dict[Key, Shape] = {}  # asked for, or returned by somebody
        self._people: dict[Key, dict[str, Recipient]] = {}

    def shape(self, key: Key) -> Shape | Issue:
        if key in self.shapes:
            return self.shapes[key]
        shape = shape_of(self.register.pack, key[0], districts=key[1])
        if not isinstance(shape, Issue):
            self.shapes[key] = shape
        return shape

    def people(self, key: Key) -> dict[str, Recipient]:
        if key not in self._people:
            to = DISTRICTS if key[1] else APPLICANTS
            self._people[key] = {squash(r.key): r for r in recipients(self.register, self.shapes[key], to)}
        return self._people[key]


def by_content(grid: Grid, desk: Desk) -> tuple[Key, Recipient] | None:
    """The form whose title stands at the top, and the one applicant named there; None where not exactly one is."""
    pack = desk.register.pack
    keys: list[Key] = [*desk.shapes, *((f.id, False) for f in pack.forms.forms)]
    texts = [
        squash(value)
        for sheet in grid.sheets.values() if not sheet.hidden
        for row in sheet.rows[:_TOP] for value in row
        if isinstance(value, str)
    ]  # fmt: skip
    for key in dict.fromkeys(keys):
        shape = desk.shape(key)
        if isinstance(shape, Issue) or squash(shape.label) not in texts:
            continue
        people = desk.people(key).values()
        named = [r for r in people if any(_names(desk.register, r, text) for text in texts)]
        return (key, named[0]) if len(named) == 1 else None
    return None


def _names(register: Register, recipient: Recipient, text: str) -> bool:
    if len(recipient.applicants) != 1 or recipient.key not in register.index:
        return text.removeprefix("推荐单位:").split("单位数")[0] == squash(recipient.key)
    code = squash(register.columns["uscc"].text(recipient.applicants[0]))
    return text == squash(recipient.name) or bool(code and code in text)


def other_unit(register: Register, recipient: Recipient, grid: Grid) -> str:
    """The name of another applicant where it stands in place of the recipient's own."""
    if len(recipient.applicants) != 1:
        return ""
    mine = {squash(recipient.name), squash(register.columns["uscc"].text(recipient.applicants[0]))} - {""}
    codes = map(squash, register.columns["uscc"].texts())
    others = {squash(n): n for n in register.names} | dict(zip(codes, register.names, strict=True))
    others.pop("", None)  # some have no code yet
    for sheet in grid.sheets.values():
        if sheet.hidden:
            continue
        for row in sheet.rows:
            for n, value in enumerate(row):
                if isinstance(value, str) and value.startswith("ix|card|") and value.endswith(("|name", "|uscc")):
                    for cell in row[n + 1 :]:
                        word = squash(cell) if isinstance(cell, str) else ""
                        if word in others and word not in mine and others[word] != recipient.name:
                            return others[word]
    return ""
