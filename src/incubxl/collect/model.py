"""One returned workbook as data, and the hidden sheet that says what had been given out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from incubxl.collect import marks
from incubxl.collect.marks import Stamp
from incubxl.grid import Grid, Place
from incubxl.issues import Issue

BY_MARKS, BY_WORDS = "标识", "内容"
LABELS = "\0"  # the key of a block's words among those of its rows
GivenOut = dict[tuple[str, str, str], tuple[str, str]]  # (part, key, field) → (kind, text)


@dataclass(frozen=True, slots=True)
class Given:
    """One value that came back. ``before``: what had been given out, None when that is not known any more.

    ``doubt``: why nobody but a person can say whose value it is, "" where that is plain.
    """

    field: str
    text: str
    unread: bool
    sheet: str
    cell: str
    before: str | None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row that came back. ``key``: as ``known_rows`` names it, "" for a row that was not given out filled.

    Of a row that stands for an applicant, ``who``: the id, name and code that can be seen; ``copied``: its mark is on
    another row too.
    """

    part: str
    key: str
    values: Mapping[str, Given]
    place: Place
    who: Mapping[str, str] = field(default_factory=dict)
    copied: bool = False


class Gone(NamedTuple):
    """A given-out row that is not in the return, with what it had held."""

    part: str
    texts: dict[str, str]


@dataclass
class Returned:
    """One file. ``by``: BY_MARKS or BY_WORDS. ``cards``: fact id → value.

    Of a district's: ``unmarked``: ids whose rows have lost their marks; ``missing``: ids whose rows are not there.
    """

    name: str
    when: dt.datetime
    stamp: Stamp | None
    sha256: str
    by: str = BY_MARKS
    cards: dict[str, Given] = field(default_factory=dict)
    rows: list[GivenRow] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    unmarked: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)


def read_stamp(grid: Grid) -> tuple[Stamp | None, GivenOut]:
    """The hidden sheet: the stamp, and (part, key, field) → (kind, text) of every cell that was given out."""
    for sheet in grid.sheets.values():
        if sheet.height and sheet.width > 1 and sheet.rows[0][0] == marks.FIRST:
            break
    else:
        return None, {}
    rows = [[_words(value) for value in row] for row in sheet.rows[1:]]
    stamp = Stamp.read({row[1]: row[2] for row in rows if row[0] == "stamp"})
    given = {
        (row[2], LABELS if row[1] == marks.LABEL else row[3], row[4]): (row[1], row[5])
        for row in rows if row[0] == "cell" and len(row) > 5
    }  # fmt: skip
    return stamp, given


def _words(value: object) -> str:
    """A hidden cell as it was written: some programs turn digits into numbers."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
