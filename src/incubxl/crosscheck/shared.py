"""The same tenant, mentor, event, telephone, mailbox, address or person in two applications of one year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.crosscheck.model import Book, Check, Member, Suspicion, years
from incubxl.crosscheck.normal import forms
from incubxl.grid import CellKind
from incubxl.mask import masked, masked_name
from incubxl.policy.fields import Field
from incubxl.register.fold import squash
from incubxl.register.model import Column, Table

RULE = (
    "同一申报年度里，两个以上申报单位（含不同工作簿、不同办法）填了同一个：明细表里用来认定同一事物的栏目（企业的信用代码，"
    "导师的姓名和单位，活动的名称和日期，证书或专利号等），联系电话，电子邮箱，地址，法定代表人等。全角半角、空格、短横、"
    "大小写和电话的国家代号不算不同。单位按统一社会信用代码认，没有代码的按名称；同一单位自己重复的不列"
)
_LONGEST = 60  # characters of a thing that are shown


@dataclass(frozen=True)
class _Source:
    """Columns that together name a thing, in one workbook. ``owner``: applicant's index of each row."""

    book: Book
    pool: str  # what they are compared with
    label: str
    columns: tuple[Column, ...]
    owner: npt.NDArray[np.int64]
    table: bool


def same_things(books: Sequence[Book]) -> tuple[Check, list[Suspicion]]:
    """Every thing that two applicants of one year have."""
    found: list[Suspicion] = []
    for year in years(books):
        pools: dict[str, list[_Source]] = {}
        for book in books:
            if book.year == year and not book.earlier:
                for source in _sources(book):
                    pools.setdefault(source.pool, []).append(source)
        for sources in pools.values():
            found += _shared(sources, year)
    return Check("shared", "同一事物出现在两份申报里", RULE, len(found)), found


def _sources(book: Book) -> Iterator[_Source]:
    register = book.register
    everybody = np.arange(register.size)
    for column in register.columns.values():
        if pool := _pool(column.spec):
            yield _Source(book, pool, column.spec.label, (column,), everybody, table=False)
    for spec in register.pack.tables:
        table = register.tables.get(spec.id)
        if table is None or not table.height:
            continue
        if spec.identity:
            yield _identity(book, table)
        for id, column in table.columns.items():
            if id not in spec.identity and (pool := _pool(column.spec)):
                label = f"{spec.sheet}的{column.spec.label}"
                yield _Source(book, pool, label, (column,), _nameless(table, pool), table=True)


def _pool(field: Field) -> str:
    """What a column's values are compared with; empty for one that two applicants may well share."""
    return field.type if field.type in ("phone", "email") else field.claim


def _nameless(table: Table, pool: str) -> npt.NDArray[np.int64]:
    """The owners; where names are compared, of the rows alone that have nothing better to be known by (a team)."""
    if pool != "name" or not table.spec.identity:
        return table.owner
    named = np.logical_and.reduce([table.columns[id].kinds == CellKind.VALUE for id in table.spec.identity])
    return np.where(named, -1, table.owner)


def _identity(book: Book, table: Table) -> _Source:
    columns = tuple(table.columns[id] for id in table.spec.identity)
    alone = _pool(columns[0].spec) or columns[0].spec.type
    single = len(columns) == 1 and alone in ("uscc", "phone", "email", "address", "person", "number")
    pool = alone if single else "、".join(squash(c.spec.label) for c in columns)
    return _Source(book, pool, table.spec.sheet, columns, table.owner, table=True)


def known(columns: Sequence[Column], owner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rows of a known applicant without a gap in ``columns``."""
    whole = owner >= 0
    for column in columns:
        whole = whole & (column.kinds == CellKind.VALUE)
    return np.flatnonzero(whole)


def keys(column: Column, rows: npt.NDArray[np.int64]) -> list[tuple[Any, ...]]:
    """The forms of each row's value (see ``normal.forms``); of a date or number the value itself."""
    values: list[Any] = column.values[rows].tolist()
    if column.spec.type not in ("text", "uscc", "phone", "email"):
        return [(value,) for value in values]
    made = {text: tuple(forms(column.spec, text)) for text in set(values)}
    return [made[text] for text in values]


def _shared(sources: Sequence[_Source], year: int) -> Iterator[Suspicion]:
    import pandas as pd  # a sixth of a second, which most commands need not pay

    whos: list[str] = []
    things: list[Any] = []
    which: list[int] = []
    at: list[int] = []
    for n, source in enumerate(sources):
        rows = known(source.columns, source.owner)
        if not len(rows):
            continue
        owners, names = source.owner[rows].tolist(), source.book.keys
        columns = [keys(column, rows) for column in source.columns]
        for row, owner, parts in zip(rows.tolist(), owners, zip(*columns, strict=True), strict=True):
            for thing in parts[0] if len(parts) == 1 else ([tuple(p[0] for p in parts)] if all(parts) else []):
                things.append(thing)
                whos.append(names[owner])
                which.append(n)
                at.append(row)
    if not things:
        return
    thing = pd.factorize(pd.Series(things, dtype=object))[0]
    who = pd.factorize(pd.Series(whos, dtype=object))[0]
    frame = pd.DataFrame({"thing": thing, "who": who, "source": which, "row": at})
    several = frame.drop_duplicates(["thing", "who"])["thing"].value_counts()
    frame = frame[frame["thing"].isin(several.index[several > 1])]
    for _, group in frame.groupby("thing", sort=False):
        hits = group.drop_duplicates(["source", "row"])
        yield _suspicion([(sources[s], row) for s, row in zip(hits["source"], hits["row"], strict=True)], year)


def _suspicion(hits: Sequence[tuple[_Source, int]], year: int) -> Suspicion:
    members = tuple(_member(source, int(row)) for source, row in hits)
    who = dict.fromkeys(source.book.keys[source.owner[row]] for source, row in hits)
    labels = dict.fromkeys(source.label for source, _ in hits)
    why = f"{year}年度有{len(who)}个申报单位填了同一个（{'、'.join(labels)}），请核对归属；同名或共用不等于有问题"
    return Suspicion("shared", members[0].seen, why, members)


def _member(source: _Source, row: int) -> Member:
    register, owner = source.book.register, int(source.owner[row])
    cells = tuple(column.cell(row) for column in source.columns)
    seen = "、".join(_shown(column, row) for column in source.columns)[:_LONGEST]
    label = source.label if source.table else source.columns[0].spec.label
    return Member(source.book, register.ids[owner], register.names[owner], cells, f"{label}：{seen}")


def _shown(column: Column, row: int) -> str:
    if column.spec.type == "date":
        return str(column.day(row))
    text = column.text(row)
    person = column.spec.personal and column.spec.type == "text" and column.spec.claim != "address"
    return masked_name(text) if person else masked(text)
