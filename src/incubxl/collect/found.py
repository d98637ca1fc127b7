"""What a comparison of returns with the register finds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from incubxl.collect.model import Given, Returned
from incubxl.collect.values import shown
from incubxl.issues import Issue
from incubxl.policy.fields import Field

CHANGED, CLEARED, LOST, TWO, UNREADABLE, GONE, MOVED, EXTRA, UNREAD_ROW = (
    "登记表在发出以后也改过，与退回的不同", "退回表清空了登记表里的内容", "行标识丢失，可能是新增也可能是修改",
    "两份退回表填得不同", "登记表这一格有读不出的内容", "退回表没有这一行，可能是删去", "登记表里这一行已经改过或移动",
    "标识丢失，不知道发出以后是谁改的", "这一行有读不出的内容",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from."""

    file: str
    sheet: str
    cell: str
    when: dt.datetime

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.cell}"


@dataclass(frozen=True, slots=True)
class Change:
    """A register cell and what came back for it. ``target``: ``sheet!A1``, empty where the register has no column."""

    applicant: str
    name: str
    sheet: str
    target: str
    field: Field
    row: str  # which row of a detail sheet, as an official reads it
    old: str
    new: str
    source: Source
    why: str = ""
    text: str = ""  # the new value as ``values`` writes it


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row for a detail sheet: column id → text, the owner and the form's own marks among them."""

    applicant: str
    name: str
    table: str
    texts: dict[str, str]
    source: Source
    why: str = ""


@dataclass(frozen=True, slots=True)
class Twice:
    """Something that came more than once and is taken once."""

    applicant: str
    name: str
    what: str
    kept: str
    source: Source


@dataclass
class Comparison:
    """Every value that came back is counted once: ``same`` (as the register says), or listed in one of the lists."""

    updates: list[Change] = field(default_factory=list)
    conflicts: list[Change] = field(default_factory=list)
    rows: list[NewRow] = field(default_factory=list)
    row_conflicts: list[NewRow] = field(default_factory=list)
    twice: list[Twice] = field(default_factory=list)
    same: int = 0
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Come:
    """A value that came, at a target."""

    value: Given
    source: Source


def source_of(returned: Returned, value: Given) -> Source:
    return Source(returned.name, value.sheet, value.cell, returned.when)


@dataclass(frozen=True, slots=True)
class Target:
    applicant: str
    name: str
    sheet: str
    cell: str
    field: Field
    row: str

    def change(self, old: str, come: Come, why: str = "") -> Change:
        new = shown(self.field, come.value.text)
        return Change(
            self.applicant, self.name, self.sheet, self.cell, self.field, self.row, shown(self.field, old), new,
            come.source, why, come.value.text,
        )  # fmt: skip
