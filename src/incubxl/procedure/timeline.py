"""What the workbooks of several years say about one organisation, each thing once, with every cell that says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from incubxl.policy.pack import Pack
from incubxl.procedure.bans import DECISION, Decided, decisions
from incubxl.register.across import Book, Incubator
from incubxl.register.model import PastEvent
from incubxl.register.past import history_of_others

KINDS: Mapping[str, str] = {
    "recognised": "认定或备案",
    "grade": "评价等级",
    "open": "等级待定",
    "award": "奖励或补助",
    "sanction": "处理决定",
    "decision": "处理决定",
    "finding": "查明情形",
    "withdrawn": "放弃评价",
    "not_reported": "未上报数据",
    "absent": "未参加评价",
    "not_held": "当年未开展评价",
}
RESULTS = frozenset({"grade", "open", "withdrawn", "not_reported", "absent", "not_held"})  # a year's evaluation


@dataclass(frozen=True, slots=True)
class Item:
    """``what``: grade id, sanction id or the row's words. ``year`` None: the row names neither year nor day.

    ``cells``: ``file：sheet!cell`` of everything that says it, sorted.
    """

    year: int | None
    kind: str
    what: str
    label: str
    on: dt.date | None
    amount: Decimal | None
    document_number: str
    cells: tuple[str, ...]
    note: str = ""

    def said(self) -> str:
        """As one line for an official."""
        return f"{KINDS[self.kind]}：{self.label}" if self.label else KINDS[self.kind]


def items(one: Incubator, others: Mapping[Book, Mapping[str, Sequence[PastEvent]]]) -> list[Item]:
    """Everything in the history sheets, and findings and decisions among the events; in order.

    ``others``: per book, the history of codes that its register does not hold.
    """
    found: list[Item] = []
    for member in one.members:
        register = member.book.register
        found += [_past(member.book, e) for e in register.history.get(member.id, ())]
        for event in register.events.get(member.id, ()):
            if event.kind in ("finding", DECISION):
                sanction = register.pack.procedure.sanction(event.what)
                option = next((o.label for o in sanction.options if o.id == event.option), "")
                label = f"{sanction.label}：{option}" if option else sanction.finding
                cells = (member.book.at(event.cell),)
                note = event.reason
                number = event.document_number
                found.append(Item(event.on.year, event.kind, event.what, label, event.on, None, number, cells, note))
    for book, by_code in others.items():
        if one.code:
            found += [_past(book, e) for e in by_code.get(one.code, ())]
    return merged(found)


def others_of(books: Iterable[Book]) -> dict[Book, dict[str, tuple[PastEvent, ...]]]:
    """Per book, the history rows of organisations that its register does not hold, by credit code."""
    return {book: history_of_others(book.register.pack, book.register.tables["history"]) for book in books}


def _past(book: Book, event: PastEvent) -> Item:
    pack = book.register.pack
    year = event.year if event.year is not None else event.on.year if event.on and event.kind not in RESULTS else None
    return Item(
        year, event.kind, event.what, _label(pack, event), event.on, event.amount, event.document_number,
        (book.at(event.cell),),
    )  # fmt: skip


def _label(pack: Pack, event: PastEvent) -> str:
    if event.kind == "grade":
        return pack.evaluation.grade_label(event.what)
    if event.kind == "sanction":
        return next((s.label for s in pack.procedure.sanctions if s.id == event.what), event.what)
    return event.what


def merged(found: Iterable[Item]) -> list[Item]:
    """The same thing told in several workbooks is one item with all its cells."""
    by_key: dict[tuple[object, ...], Item] = {}
    for item in found:
        key = (item.year, item.kind, item.what, item.label, item.on, item.amount, item.document_number)
        before = by_key.get(key)
        cells = tuple(sorted({*item.cells, *(before.cells if before else ())}))
        by_key[key] = replace(item, cells=cells)
    return sorted(by_key.values(), key=_order)


def _order(item: Item) -> tuple[object, ...]:
    return (item.year or 0, item.on or dt.date.min, item.kind, item.what, item.label, item.amount or 0, item.cells)


def decided(one: Incubator, others: Mapping[Book, Mapping[str, Sequence[PastEvent]]]) -> list[Decided]:
    """All decisions of sanctions about one organisation, each once; cells with their file."""
    found: dict[tuple[object, ...], Decided] = {}
    for made in _decisions(one, others):
        key = (made.sanction, made.option, made.on, made.document_number)
        before = found.get(key)
        cells = sorted({made.cell, *(before.cell.split("、") if before else ())})
        found[key] = replace(made, cell="、".join(cells))
    bare = {(d.sanction, d.on) for d in found.values() if d.option}
    kept = [
        d for d in found.values() if d.option or (d.sanction, d.on) not in bare
    ]  # a history row of a known decision
    return sorted(kept, key=lambda d: (d.on or dt.date.min, d.sanction, d.option, d.document_number))


def _decisions(one: Incubator, others: Mapping[Book, Mapping[str, Sequence[PastEvent]]]) -> Iterator[Decided]:
    for member in one.members:
        for made in decisions(member.book.register, member.id):
            yield replace(made, cell=member.book.at(made.cell))
    if one.code:
        for book, by_code in others.items():
            known = {s.id for s in book.register.pack.procedure.sanctions}
            for event in by_code.get(one.code, ()):
                if event.kind == "sanction" and event.what in known:
                    year = event.year if event.on is None else None
                    yield Decided(event.what, "", event.on, book.at(event.cell), event.document_number, year)
