"""The rows that came back for one detail sheet. A given-out row is found again in the register by what it had held."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.collect.cells import settle_cell
from incubxl.collect.found import (
    CLEARED,
    GONE,
    LOST,
    MOVED,
    UNREAD_ROW,
    Come,
    Comparison,
    NewRow,
    Source,
    Target,
    Twice,
    source_of,
)
from incubxl.collect.known import KnownRow, known_rows
from incubxl.collect.model import BY_MARKS, GivenRow, Returned
from incubxl.collect.shape import Rowed
from incubxl.collect.values import known, shown
from incubxl.grid import Place
from incubxl.issues import issue
from incubxl.issues import register as define
from incubxl.register.fold import squash
from incubxl.register.model import Register

define(
    "collect.over_most", "warning",
    "「{part}」填了{count}行，表上至多{most}行。",
    "都列在新增行里；请核对办法的表是否容许。",
    "合作国家填了五个",
)  # fmt: skip
define(
    "collect.owner_unknown", "error",
    "「{part}」有一行写的申报编号「{seen}」不是这个推荐单位的，没有合并。",
    "请与推荐单位核实申报编号。",
    "编号抄错一位",
)  # fmt: skip


def compare_table(
    register: Register,
    part: Rowed,
    came: Sequence[tuple[Returned, tuple[int, ...], GivenRow]],
    returns: Sequence[tuple[Returned, tuple[int, ...]]],
    found: Comparison,
) -> None:
    """Compare every row that came for ``part``, and name those that did not come back."""
    work = _Table(register, part, found)
    for returned, mine, row in came:
        owner = _owner(register, part, mine, row, found)
        if owner is None:
            continue
        if row.key:
            work.given_out(returned, owner, row)
        else:
            work.added(returned, owner, row)
    _limit(register, part, found)
    for returned, mine in returns:
        for gone in returned.gone:
            if gone.part == part.id:
                work.gone(returned, mine, gone.texts)
    work.settle()


class _Table:
    """The rows of one detail sheet, register and returns beside each other."""

    def __init__(self, register: Register, part: Rowed, found: Comparison) -> None:
        self.register, self.part, self.found = register, part, found
        self._columns = register.tables[part.table].columns
        self._cells: dict[tuple[int, str], list[Come]] = {}
        self._new: dict[tuple[int, tuple[str, ...]], Returned] = {}
        self._held: dict[int, list[KnownRow]] = {}

    def _rows(self, owner: int) -> list[KnownRow]:
        if owner not in self._held:
            self._held[owner] = known_rows(self.register, self.part, (owner,))
        return self._held[owner]

    def _where(self, owner: int, texts: dict[str, str]) -> KnownRow | None:
        """The register's row that holds these texts."""
        return next((k for k in self._rows(owner) if {id: k.texts[id] for id in texts} == texts), None)

    def given_out(self, returned: Returned, owner: int, row: GivenRow) -> None:
        """A row that had been given out filled."""
        found, part = self.found, self.part
        texts = {id: v.text for id, v in row.values.items()}
        before = {id: v.before or "" for id, v in row.values.items()}
        if texts == before and not any(v.unread for v in row.values.values()):
            found.same += len(texts)
            return
        source = _row_source(returned, row)
        there = self._where(owner, before)
        if there is None:
            found.row_conflicts.append(_new(self.register, part, owner, texts, source, MOVED))
        elif not any(v.text or v.unread for v in row.values.values()):
            found.row_conflicts.append(_new(self.register, part, owner, there.texts, source, CLEARED))
        else:
            for id, value in row.values.items():
                self._cells.setdefault((there.at, id), []).append(Come(value, source_of(returned, value)))

    def added(self, returned: Returned, owner: int, row: GivenRow) -> None:
        """A row without a mark of its own, or on one of the blank lines."""
        found, part, register = self.found, self.part, self.register
        texts = {id: v.text for id, v in row.values.items()}
        source = _row_source(returned, row)
        key = (owner, tuple(texts[a.field.id] for a in part.asked if a.field.id in texts))
        lost = returned.by != BY_MARKS or any(gone.part == part.id for gone in returned.gone)
        unread = any(v.unread for v in row.values.values())
        doubt = next((v.doubt for v in row.values.values() if v.doubt and (v.text or v.before)), "")
        if not unread and self._where(owner, texts):
            found.same += len(texts)
        elif doubt:
            found.row_conflicts.append(_new(register, part, owner, texts, source, doubt))
        elif lost and self._rows(owner):
            found.row_conflicts.append(_new(register, part, owner, texts, source, LOST))
        elif unread:
            found.row_conflicts.append(_new(register, part, owner, texts, source, UNREAD_ROW))
        elif key in self._new and self._new[key] is not returned:
            told = f"{part.title}：{'，'.join(filter(None, key[1]))}"
            kept = self._new[key].name
            found.twice.append(Twice(register.ids[owner], register.names[owner], told, kept, source))
        else:
            self._new.setdefault(key, returned)
            found.rows.append(_new(register, part, owner, texts, source))

    def gone(self, returned: Returned, mine: tuple[int, ...], texts: dict[str, str]) -> None:
        """A row that had been given out and is not in the return; nothing to tell where the register lacks it too."""
        for owner in mine:
            there = self._where(owner, texts)
            if there is not None:
                source = Source(returned.name, "", "", returned.when)
                self.found.row_conflicts.append(_new(self.register, self.part, owner, there.texts, source, GONE))
                return

    def settle(self) -> None:
        """The cells of given-out rows, each with all that came for it."""
        owners = self.register.tables[self.part.table].owner
        for (at, id), come in self._cells.items():
            column = self._columns[id]
            i = int(owners[at])
            text, unread = known(column, at)
            told = [shown(a.field, known(self._columns[a.field.id], at)[0]) for a in self.part.asked[:3]]
            target = Target(
                self.register.ids[i], self.register.names[i], column.sheet, column.cell(at), column.spec,
                "，".join(filter(None, told)),
            )  # fmt: skip
            settle_cell(self.found, target, come, text, unread)


def _row_source(returned: Returned, row: GivenRow) -> Source:
    return Source(returned.name, row.place.sheet, row.place.cell, returned.when)


def _owner(register: Register, part: Rowed, mine: tuple[int, ...], row: GivenRow, found: Comparison) -> int | None:
    """Whose row it is."""
    if not part.owned:
        return mine[0]
    value = row.values.get(part.owner)
    text = value.text if value else ""
    i = next((i for i in mine if squash(register.ids[i]) == squash(text)), None)
    if i is None:
        before = (value.before or "") if value else ""
        if row.key and not text and not any(v.text for v in row.values.values()):
            return next((i for i in mine if register.ids[i] == before), None)  # the row was cleared
        told = {"part": part.title, "seen": text or "（空）"}
        found.issues.append(issue("collect.owner_unknown", row.place, **told))
    return i


def _new(register: Register, part: Rowed, owner: int, texts: dict[str, str], source: Source, why: str = "") -> NewRow:
    whole = {part.owner: register.ids[owner], **part.fixed, **texts}
    if part.year:
        whole[part.year] = str(register.settings.year)
    return NewRow(register.ids[owner], register.names[owner], part.table, whole, source, why)


def _limit(register: Register, part: Rowed, found: Comparison) -> None:
    """Forms with a printed number of rows."""
    if not part.most:
        return
    for applicant in dict.fromkeys(r.applicant for r in found.rows if r.table == part.table):
        i = register.index[applicant]
        count = sum(r.applicant == applicant and r.table == part.table for r in found.rows)
        count += len(known_rows(register, part, (i,)))
        if count > part.most:
            source = next(r.source for r in found.rows if r.applicant == applicant and r.table == part.table)
            place = Place(source.sheet, source.cell, source.file)
            told = {"part": part.title, "count": count, "most": part.most}
            found.issues.append(issue("collect.over_most", place, applicant=applicant, **told))
