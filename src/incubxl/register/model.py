"""What a workbook says, typed. One column per fact; every value knows its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.grid import CellKind, address
from incubxl.issues import Issue
from incubxl.policy.fields import Derived, Field, TableSpec
from incubxl.policy.pack import Pack
from incubxl.register.fold import squash
from incubxl.verdict import Verdict

_VALUE = int(CellKind.VALUE)  # plain: read once per cell
Kinds = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """A typed column of n rows.

    ``kinds``: int8 CellKind per row. ``values`` by ``spec.type``, meaningful only where kinds == VALUE:
    number, integer, money, percent (as 0–100), year → float64 in the field's unit; date → datetime64[D];
    boolean → bool_; choice → object (choice id); the rest → object (str).
    ``sheet_column`` is the 0-based column on the sheet, -1 when the sheet has no such column (all BLANK).
    ``rows`` are 0-based sheet rows, shared by all columns of one table.
    """

    spec: Field
    sheet: str
    sheet_column: int
    rows: npt.NDArray[np.int64]
    kinds: Kinds
    values: npt.NDArray[Any]

    def cell(self, i: int) -> str:
        """``sheet!A1`` of row i; empty when the column is not on the sheet."""
        if self.sheet_column < 0:
            return ""
        return f"{self.sheet}!{address(int(self.rows[i]), self.sheet_column)}"

    def has(self, i: int) -> bool:
        return bool(self.kinds[i] == _VALUE)

    def exact(self, i: int) -> Decimal | None:
        """The number as typed, in the field's unit; None when there is no value."""
        return Decimal(repr(float(self.values[i]))) if self.has(i) else None

    def text(self, i: int) -> str:
        """The str value (choice: its id), or empty."""
        return str(self.values[i]) if self.has(i) else ""

    def texts(self) -> list[str]:
        """``text`` of every row of a column of texts."""
        texts: list[str] = self.values.tolist()
        if not self.kinds.any():  # VALUE is 0
            return texts
        return [text if kind == _VALUE else "" for text, kind in zip(texts, self.kinds.tolist(), strict=True)]

    def days(self) -> list[dt.date | None]:
        """``day`` of every row of a date column."""
        return [
            day if kind == _VALUE else None for day, kind in zip(self.values.tolist(), self.kinds.tolist(), strict=True)
        ]

    def day(self, i: int) -> dt.date | None:
        """The date value, for date columns."""
        return self.values[i].astype(object) if self.has(i) else None

    def flag(self, i: int) -> bool | None:
        """The boolean value; None when there is none."""
        return bool(self.values[i]) if self.has(i) else None


@dataclass(frozen=True)
class Table:
    """A sheet of rows. ``owner[i]`` is the applicant's index, -1 for rows of no (known) applicant.

    ``contested``: rows whose id and credit code name different organisations → the owner and whom the code names.
    """

    spec: TableSpec
    columns: Mapping[str, Column]
    owner: npt.NDArray[np.int64]
    contested: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return len(self.owner)


@dataclass(frozen=True)
class Counted:
    """A derived number per applicant as an interval [lo, hi]; NaN where nothing is known.

    ``source``: where it comes from, per applicant (``在孵企业!B3:B9，7行，去重后6家`` or the typed total's cell).
    ``open``: what keeps the interval open, per applicant (cells with what they lack, or the typed total's fact id).
    ``from_rows``: whether rows (not the typed total) gave it.
    """

    spec: Derived
    lo: Floats
    hi: Floats
    source: tuple[str, ...]
    open: tuple[tuple[str, ...], ...]
    from_rows: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who, when, why."""

    name: str
    on: dt.date | None
    reason: str
    cell: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An interpretation answered (or taken from a legal default: ``source`` says which law, 类推)."""

    option: str
    signed: Signed | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A person's judgement of one applicant and one question."""

    verdict: Verdict
    signed: Signed


@dataclass(frozen=True, slots=True)
class Override:
    """改判 of a computed verdict, bound to the values it saw by ``seen`` (核对码)."""

    verdict: Verdict
    seen: str
    signed: Signed


@dataclass(frozen=True, slots=True)
class Act:
    """One step of signing a letter: who, when."""

    name: str = ""
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """结论: what a named official decided for one applicant. ``letter`` is a letter kind id of the pack.

    ``signed``: the signer (empty while nobody has signed), the letter's date, the reason. ``details``: 具体事项, as it
    stands in the letter. ``refers_*``: the earlier letter that this one amends, as the row names it.
    """

    letter: str
    document_number: str
    signed: Signed
    text: str = ""
    details: str = ""
    addressee: str = ""
    refers_to: str = ""
    refers_on: dt.date | None = None
    refers_kind: str = ""
    handled: Act = Act()  # 经办
    reviewed: Act = Act()  # 审核
    signed_on: dt.date | None = None  # 签发日期; None: the letter's date


@dataclass(frozen=True, slots=True)
class PastEvent:
    """A row of the history sheet: recognition, grade, award or sanction of an earlier year."""

    kind: str  # recognised, grade, award, sanction, withdrawn, not_reported, absent, not_held
    what: str  # grade / award title / sanction id, as its choice id or text
    on: dt.date | None
    year: int | None
    amount: Decimal | None  # yuan
    cell: str
    uscc: str = ""
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the events sheet. ``what``: the id of a stage (stage, exception), a duty (submission, deadline) or a
    sanction (finding, decision), else the words of the row; ``written``: the row's words. ``until``: the day to which
    it runs or for which it is planned (公示截止, 报送截止, 计划变更日期). ``option``: the id of the option chosen.
    """

    kind: str  # stage, submission, deadline, change, objection, objection_closed, finding, decision, exception
    what: str
    written: str
    on: dt.date
    cell: str
    until: dt.date | None = None
    period: str = ""
    by: str = ""
    document_number: str = ""
    evidence: str = ""
    option: str = ""
    reason: str = ""
    signer: str = ""
    everybody: bool = False  # a row of 全体


@dataclass(frozen=True, slots=True)
class Settings:
    """The office's settings sheet. Blank means not set: nothing is assumed."""

    pack_id: str
    year: int
    as_of: dt.date | None
    reference_year: int | None  # 统计年度
    office: str
    margin: Decimal | None  # 临界提示幅度, percent
    values: Mapping[str, Any] = field(default_factory=dict)  # every setting by id, typed
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not become an applicant, with the reason."""

    sheet: str
    row: int  # 1-based, as Excel shows it
    reason: str


@dataclass(frozen=True)
class Register:
    """All that one workbook says. Per-applicant columns have length n; ``ids[i]`` is applicant i."""

    pack: Pack
    settings: Settings
    ids: tuple[str, ...]
    names: tuple[str, ...]
    tracks: tuple[str, ...]  # track id, empty when it could not be read
    rows: npt.NDArray[np.int64]  # 0-based sheet rows
    columns: Mapping[str, Column]  # every fact of the pack
    counted: Mapping[str, Counted]
    tables: Mapping[str, Table]  # pack tables and common ones, by table id
    judgements: Mapping[tuple[str, str], Judged]  # (applicant id, judgement id)
    overrides: Mapping[tuple[str, str], Override]  # (applicant id, criterion id)
    answers: Mapping[str, Answer]  # interpretation id; unanswered ones without legal default are absent
    conclusions: Mapping[str, tuple[Conclusion, ...]]  # applicant id
    history: Mapping[str, tuple[PastEvent, ...]]  # applicant id
    events: Mapping[str, tuple[Event, ...]]  # applicant id; those of 全体 under each
    issues: tuple[Issue, ...]
    refused: tuple[Refused, ...]
    rows_seen: int  # rows of the register sheet that hold anything
    contested: Mapping[str, tuple[PastEvent, ...]] = field(default_factory=dict)  # decisions that may be about others

    @property
    def size(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Applicant id → position in the per-applicant columns."""
        return {applicant: n for n, applicant in enumerate(self.ids)}

    @cached_property
    def headings(self) -> dict[tuple[str, str], str]:
        """(sheet, column's letters) → the Chinese name of the field there."""
        columns = [*self.columns.values(), *(c for table in self.tables.values() for c in table.columns.values())]
        return {
            (c.sheet, address(0, c.sheet_column).rstrip("0123456789")): c.spec.label
            for c in columns
            if c.sheet_column >= 0
        }

    @cached_property
    def documents(self) -> dict[str, tuple[tuple[str, Conclusion], ...]]:
        """发文字号, squashed → every conclusion's row that bears it, with its applicant."""
        found: dict[str, list[tuple[str, Conclusion]]] = {}
        for applicant, rows in self.conclusions.items():
            for row in rows:
                if row.document_number.strip():
                    found.setdefault(squash(row.document_number), []).append((applicant, row))
        return {number: tuple(rows) for number, rows in found.items()}
