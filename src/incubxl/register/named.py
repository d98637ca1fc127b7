"""What the rows of the officers' sheets name, and what they lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from incubxl.blanks import names_nobody
from incubxl.grid import Place, address
from incubxl.issues import Issue, issue
from incubxl.register.fold import nearest, squash
from incubxl.register.model import Column, Table

_LEADING_ID = re.compile(r"([a-z][a-z0-9_-]*)[\s:：|｜·]")
Names = Mapping[str, str]


class Finder:
    """Finds what a text names: an id, a name, or an id followed by its name. Two things of one name: neither."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._seen: dict[str, str] = {}

    def find(self, text: str) -> str:
        """The id, or empty."""
        if text not in self._seen:
            self._seen[text] = self._look(text)
        return self._seen[text]

    def _look(self, text: str) -> str:
        word = squash(text)
        if word in self.names:
            return word
        leading = _LEADING_ID.match(text)
        if leading and leading[1] in self.names:
            return leading[1]
        found = [id for id, name in self.names.items() if squash(name) == word]
        return found[0] if len(found) == 1 else ""


def row_issue(code: str, table: Table, i: int, at: str, applicant: str, **seen: object) -> Issue:
    column = table.columns[at]
    row = int(column.rows[i])
    place = Place(column.sheet, address(row, max(column.sheet_column, 0)))
    return issue(code, place, applicant=applicant, sheet=column.sheet, row=row + 1, **seen)


def unknown(table: Table, i: int, at: str, names: Iterable[str], applicant: str) -> Issue:
    column = table.columns[at]
    near = nearest(column.text(i), list(names))
    hint = f"；是不是「{near}」" if near else ""
    return row_issue(
        "officer.unknown_item", table, i, at, applicant, label=column.spec.label, seen=column.text(i), hint=hint
    )


def lacking(table: Table, i: int, needed: Sequence[str]) -> str:
    """Labels of what a row needs and has not: blank, or 签发人 that names nobody."""
    return "、".join(said for id in needed if (said := _lack(table.columns[id], i, person=id == "signer")))


def _lack(column: Column, i: int, *, person: bool) -> str:
    if not column.has(i):
        return column.spec.label
    written = column.text(i) if person else ""
    return f"{column.spec.label}（「{written}」不是人的姓名）" if person and names_nobody(written) else ""
