"""Rows of money that people recorded: the sheet 资金台账, the pack's own sheet of payments, awards of the history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from weakref import WeakKeyDictionary

import incubxl.funding.ledger_findings  # noqa: F401  (registers what is wrong with a row)
from incubxl.funding.past import Awards
from incubxl.grid import CellKind, Place
from incubxl.issues import Issue, issue
from incubxl.money import WAN
from incubxl.policy.fields import Field
from incubxl.policy.funding import FundingItem
from incubxl.policy.pack import Pack
from incubxl.register.across import Book
from incubxl.register.fold import squash
from incubxl.register.model import Column, Table
from incubxl.register.named import Finder

Kind = Literal["approved", "paid", "verified", "refunded"]
KIND_WORDS: Mapping[Kind, str] = {"approved": "核定", "paid": "拨付", "verified": "核实使用", "refunded": "退还"}
LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount in yuan. ``stage``: the support year of an item that has one. ``cells``: ``file：sheet!cell``."""

    item: str
    stage: int | None
    kind: Kind
    year: int | None
    on: dt.date | None
    amount: Decimal
    document_number: str
    source: str  # file and sheet: one sheet never says one payment twice without meaning it
    cells: tuple[str, ...]


@dataclass
class Rows:
    """What one workbook records. Keys: credit code, or ``#id`` of an applicant without one.

    ``broken``: cells of rows that could not be counted, by key: sums of that organisation are incomplete.
    """

    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    broken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    issues: list[Issue] = field(default_factory=list)


class Items:
    """The pack's items as ledger rows name them."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.payers = pack.table[LEDGER].column("payer")
        self.known = [item for item in pack.funding.items if not item.refund]
        self._finder = Finder({item.id: item.label for item in self.known})

    @cached_property
    def payer_of(self) -> dict[str, str]:
        """The payer's id in the ledger of every item; ``other`` for a name that the ledger does not have."""
        return {item.id: _choice(self.payers, item.payer) or "other" for item in self.pack.funding.items}

    def find(self, text: str, payer: str) -> FundingItem | None:
        """The item of this name; of several that share it the one of this payer."""
        id = self._finder.find(text)
        if id:
            return self.pack.funding.item(id)
        found = [item for item in self.known if squash(text) in {squash(name) for name in (*item.names, *item.once)}]
        if len(found) > 1 and payer:
            found = [item for item in found if self.payer_of[item.id] == payer]
        return found[0] if len(found) == 1 else None

    def stage(self, text: str) -> int | None:
        """The support year that a text names."""
        spec = self.pack.funding.support_year
        if spec is None:
            return None
        fact = self.pack.fact[spec.fact]
        choice = next(
            (c for c in fact.choices if squash(text) in {squash(n) for n in (c.id, c.label, *c.aliases)}), None
        )
        return spec.years.get(choice.id) if choice is not None else None


def _choice(field: Field, text: str) -> str:
    return next((c.id for c in field.choices if text in (c.id, c.label, *c.aliases)), "")


def key_of(book: Book, i: int) -> str:
    """Whose an applicant's money is: the credit code, else the applicant alone."""
    column = book.register.columns["uscc"]
    return column.text(i) if column.has(i) else f"#{book.file}#{book.register.ids[i]}"


_AWARDS: WeakKeyDictionary[Book, Awards] = WeakKeyDictionary()


def awards_of(book: Book) -> Awards:
    """The awards on the history sheet, gathered once per book."""
    if book not in _AWARDS:
        _AWARDS[book] = Awards(book.register, in_ledger=False)
    return _AWARDS[book]


def ledger_rows(book: Book) -> Rows:
    """Everything that the workbook records of money approved, paid, used and given back."""
    register = book.register
    rows, items = Rows(), Items(register.pack)
    table = register.tables.get(LEDGER)
    if table is not None:
        _from_ledger(book, table, items, rows)
    if register.pack.funding.payments is not None:
        _from_payments(book, items, rows)
    _from_history(book, items, rows)
    return rows


def _from_ledger(book: Book, table: Table, items: Items, rows: Rows) -> None:
    columns = table.columns
    for i in range(table.height):
        owner = int(table.owner[i])
        code = columns["uscc"].text(i)
        if owner < 0 and not code:
            continue  # the row's owner has been told where the sheet was read
        key = key_of(book, owner) if owner >= 0 else code
        applicant = book.register.ids[owner] if owner >= 0 else ""
        if i in table.contested:  # told where the sheet was read
            for one in table.contested[i]:
                rows.broken[key_of(book, one)].append(book.at(columns["applicant_id"].cell(i)))
            continue
        lacks = [columns[id].spec.label for id in ("item", "kind", "amount") if not columns[id].has(i)]
        item = items.find(columns["item"].text(i), columns["payer"].text(i)) if columns["item"].has(i) else None
        at = columns["item"].cell(i) or columns["applicant_id"].cell(i)
        seen: dict[str, Any] = {"file": book.file, "cell": at, "seen": columns["item"].text(i)}
        code_ = ""
        if lacks:
            code_, seen["lacks"] = "ledger.incomplete", "、".join(lacks)
        elif item is None:
            code_, seen["known"] = "ledger.unknown_item", "、".join(known.label for known in items.known)
        elif columns["payer"].has(i) and columns["payer"].text(i) != items.payer_of[item.id]:
            code_ = "ledger.other_payer"
            seen |= {"payer": items.payers.choice_label(columns["payer"].text(i)), "right": item.payer}
        elif item.yearly and items.stage(columns["stage"].text(i)) is None:
            code_, seen["lacks"] = "ledger.incomplete", columns["stage"].spec.label
        if code_ or item is None:
            rows.broken[key].append(book.at(at))
            rows.issues.append(issue(code_, _place(book, at), applicant=applicant, **seen))
            continue
        rows.entries[key].append(_entry(book, columns, i, item, items))


def _entry(book: Book, columns: Mapping[str, Column], i: int, item: FundingItem, items: Items) -> Entry:
    on, amount = columns["on"].day(i), _yuan(columns["amount"], i)
    assert amount is not None
    year = int(columns["year"].values[i]) if columns["year"].has(i) else on.year if on is not None else None
    cell = columns["amount"].cell(i)
    kinds: dict[str, Kind] = {"approved": "approved", "paid": "paid", "verified": "verified", "refunded": "refunded"}
    return Entry(
        item.id, items.stage(columns["stage"].text(i)) if item.yearly else None, kinds[columns["kind"].text(i)], year,
        on, amount, columns["document_number"].text(i), f"{book.file}：{columns['amount'].sheet}", (book.at(cell),),
    )  # fmt: skip


def _from_payments(book: Book, items: Items, rows: Rows) -> None:
    spec = book.register.pack.funding.payments
    table = book.register.tables.get(spec.table) if spec is not None else None
    if spec is None or table is None:
        return
    columns = table.columns
    for i in range(table.height):
        owner = int(table.owner[i])
        if owner < 0:
            continue
        key = key_of(book, owner)
        meant = [book.register.pack.funding.item(id) for id in spec.items.get(columns[spec.item].text(i), ())]
        payer = _choice(items.payers, columns[spec.payer].text(i)) or columns[spec.payer].text(i)
        item = next((one for one in meant if items.payer_of[one.id] == payer), None)
        amount, on = _yuan(columns[spec.amount], i), columns[spec.on].day(i)
        stage = items.stage(columns[spec.stage].text(i))
        cell = columns[spec.amount].cell(i)
        if item is None or amount is None or (item.yearly and stage is None):
            at = columns[spec.item].cell(i) or cell
            lacks = "、".join(
                columns[id].spec.label
                for id, missing in (
                    (spec.item, not meant), (spec.payer, bool(meant) and item is None), (spec.amount, amount is None),
                    (spec.stage, item is not None and item.yearly and stage is None),
                )
                if missing
            )  # fmt: skip
            rows.broken[key].append(book.at(at))
            seen = {"file": book.file, "cell": at, "seen": columns[spec.item].text(i), "lacks": lacks}
            place = _place(book, at)
            rows.issues.append(issue("ledger.incomplete", place, applicant=book.register.ids[owner], **seen))
            continue
        rows.entries[key].append(
            Entry(
                item.id, stage if item.yearly else None, "paid", on.year if on else None, on, amount,
                columns[spec.document].text(i), f"{book.file}：{table.spec.sheet}", (book.at(cell),),
            )
        )  # fmt: skip


def _from_history(book: Book, items: Items, rows: Rows) -> None:
    awards = awards_of(book)
    for i in range(book.register.size):
        key = key_of(book, i)
        for item in items.known:
            for event in awards.on_history(i, (item.id, item.label, *item.once)):
                if event.amount is None:
                    rows.broken[key].append(book.at(event.cell))
                    continue
                year = event.year if event.year is not None else event.on.year if event.on else None
                rows.entries[key].append(
                    Entry(
                        item.id, None, "paid", year, event.on, event.amount, event.document_number,
                        f"{book.file}：历史记录", (book.at(event.cell),),
                    )
                )  # fmt: skip


def _yuan(column: Column, i: int) -> Decimal | None:
    if column.kinds[i] != CellKind.VALUE:
        return None
    exact = column.exact(i)
    return None if exact is None else exact * (WAN if column.spec.unit == "万元" else 1)


def _place(book: Book, cell: str) -> Place:
    sheet, _, address = cell.rpartition("!")
    return Place(sheet, address, book.file)


def unverified_of(entries: Sequence[Entry]) -> list[str]:
    """Cells of payments whose use, of this item and stage, nobody has recorded: it is not known, and not zero."""
    verified = {(entry.item, entry.stage) for entry in entries if entry.kind == "verified"}
    paid = [e for e in entries if e.kind == "paid" and e.amount and (e.item, e.stage) not in verified]
    return [cell for entry in paid for cell in entry.cells]
