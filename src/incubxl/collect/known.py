"""What the register knows for a form: whom it concerns, and what its cells hold already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from incubxl.collect.shape import Card, Rowed, Shape
from incubxl.collect.values import known
from incubxl.register.fold import squash
from incubxl.register.model import Register

APPLICANTS, DISTRICTS = "applicants", "districts"


@dataclass(frozen=True)
class Recipient:
    """Who gets one workbook. ``key``: the applicant's id or the district; ``applicants``: positions in the register."""

    key: str
    name: str
    applicants: tuple[int, ...]


@dataclass(frozen=True)
class KnownRow:
    """A row that the register holds. ``key``: what the workbook calls it; ``at``: its position in the table."""

    key: str
    applicant: int
    at: int
    texts: dict[str, str]
    unread: frozenset[str] = field(default=frozenset())


def recipients(register: Register, shape: Shape, to: str) -> list[Recipient]:
    """Everyone whom the form concerns, in the register's order; applicants of an unknown track get none."""
    wanted = [i for i in range(register.size) if not shape.tracks or register.tracks[i] in shape.tracks]
    if to == APPLICANTS:
        return [Recipient(register.ids[i], register.names[i], (i,)) for i in wanted]
    groups: dict[str, list[int]] = {}
    districts = register.columns["district"].texts()
    for i in wanted:
        if districts[i].strip():
            groups.setdefault(squash(districts[i]), []).append(i)
    return [Recipient(districts[m[0]].strip(), districts[m[0]].strip(), tuple(m)) for m in groups.values()]


def nobodys(register: Register, shape: Shape) -> list[str]:
    """Ids that no workbook to a district can hold: their district is blank."""
    districts = register.columns["district"].texts()
    return [
        register.ids[i] for i in range(register.size)
        if not districts[i].strip() and (not shape.tracks or register.tracks[i] in shape.tracks)
    ]  # fmt: skip


def card_texts(register: Register, card: Card, i: int) -> dict[str, str]:
    """Fact id → text for one applicant."""
    return {a.field.id: known(register.columns[a.field.id], i)[0] for a in card.asked}


def known_rows(register: Register, part: Rowed, applicants: tuple[int, ...]) -> list[KnownRow]:
    """The register's rows of a repeating part, of these applicants only; one form's rows where it marks its own."""
    if not part.table:
        return [_register_row(register, part, i) for i in applicants]
    return list(_table_rows(register, part, applicants))


def _register_row(register: Register, part: Rowed, i: int) -> KnownRow:
    found = {a.field.id: known(register.columns[a.field.id], i) for a in part.asked}
    unread = frozenset(id for id, (_, bad) in found.items() if bad)
    return KnownRow(register.ids[i], i, i, {id: text for id, (text, _) in found.items()}, unread)


def _table_rows(register: Register, part: Rowed, applicants: tuple[int, ...]) -> Iterator[KnownRow]:
    table = register.tables[part.table]
    position = {i: n for n, i in enumerate(applicants)}
    year = str(register.settings.year)
    mine = [r for r in range(table.height) if int(table.owner[r]) in position]
    number = 0
    for r in sorted(mine, key=lambda r: (position[int(table.owner[r])], r)):
        marks = {id: known(table.columns[id], r)[0] for id in part.fixed}
        if any(marks[id] != choice for id, choice in part.fixed.items()):
            continue
        if part.year and known(table.columns[part.year], r)[0] not in ("", year):
            continue
        number += 1
        found = {a.field.id: known(table.columns[a.field.id], r) for a in part.asked}
        unread = frozenset(id for id, (_, bad) in found.items() if bad)
        yield KnownRow(str(number), int(table.owner[r]), r, {id: text for id, (text, _) in found.items()}, unread)
