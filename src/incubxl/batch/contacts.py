"""通讯录: where letters to districts, authorities and experts go. A sheet of the register workbook that the office adds
itself: a row for each recipient, its name as in 主送, and exactly one address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from incubxl.batch.model import LetterRecord
from incubxl.grid import Grid, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.mail.address import NoAddress, read_address
from incubxl.policy.letters import LetterKind
from incubxl.register.fold import squash

SHEET = "通讯录"
_NAMES = ("收件单位", "主送", "主送机关", "单位名称", "名称", "姓名")
_ADDRESSES = ("电子邮箱", "邮箱", "电子邮件", "收件地址")
_HEAD_ROWS = 20


@dataclass(frozen=True)
class Nobody:
    """Why there is no address for a recipient, in Chinese, and where to write one."""

    place: Place
    reason: str


@dataclass(frozen=True)
class Contacts:
    """``rows``: name for comparing → what its rows say. ``there``: whether the workbook has the sheet at all;
    ``hidden``: so that nobody sees it."""

    rows: Mapping[str, tuple[tuple[str, str] | Nobody, ...]]
    there: bool = True
    fault: str = ""
    hidden: bool = False

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """(name for comparing, address, cell) of every row that has an address."""
        for name, found in self.rows.items():
            for one in found:
                if not isinstance(one, Nobody):
                    yield name, *one

    def of(self, name: str) -> tuple[str, str] | Nobody:
        """The one address of a recipient and its cell, or why there is none."""
        found = self.rows.get(squash(name), ())
        if self.fault or not found:
            return Nobody(Place(SHEET), self.fault or f"没有「{name}」这一行，名称要与主送一致")
        if len(found) > 1:
            return Nobody(Place(SHEET), f"「{name}」写了{len(found)}行，只能有一行、一个地址")
        return found[0]


def read_contacts(grid: Grid) -> Contacts:
    """What the workbook's 通讯录 says."""
    sheets = [one for name, one in grid.sheets.items() if squash(name) == SHEET]
    if not sheets:
        return Contacts({}, there=False)
    if len(sheets) > 1:
        return Contacts({}, fault="工作簿里有两张「通讯录」，不知道用哪一张，请只留一张")
    (sheet,) = sheets
    head = next((found for n in range(min(_HEAD_ROWS, sheet.height)) if (found := _head(sheet, n))), None)
    if head is None:
        return Contacts({}, fault="没有「收件单位」「电子邮箱」两栏的表头")
    first, names, mails = head
    if len(names) > 1 or len(mails) > 1:
        several = "、".join(_text(sheet, first, n).strip() for n in (names if len(names) > 1 else mails))
        return Contacts({}, fault=f"表头里「{several}」都可以作收件单位或邮箱，不知道用哪一栏，请只留一栏，其余改名")
    (name_at,), (mail_at,) = names, mails
    rows: dict[str, tuple[tuple[str, str] | Nobody, ...]] = {}
    key = ""
    for n in range(first + 1, sheet.height):
        own = squash(_text(sheet, n, name_at))
        key = own or key  # an address without a name (a merged cell) belongs to the name above it, or to nobody
        if own or (key and _text(sheet, n, mail_at).strip()):
            rows[key] = (*rows.get(key, ()), _address(sheet, n, mail_at))
    return Contacts(rows, hidden=sheet.hidden)


def unmailed(
    finals: Sequence[LetterRecord], kinds: Mapping[str, LetterKind], source: str, contacts: Contacts
) -> Iterator[Issue]:
    """What is published, never mailed; what goes to others than applicants where the office keeps no 通讯录; and that
    their addresses come from one that is hidden."""
    public = Counter(one.kind for one in finals if one.kind not in kinds or kinds[one.kind].recipient == "public")
    for label, count in public.items():
        yield issue("mail.published", Place(file=source), label=label, count=count)
    others = [one for one in finals if one.kind not in public and (kinds[one.kind].recipient != "applicant" or one.to)]
    if contacts.hidden and others:
        yield issue("mail.contacts_hidden", Place(SHEET, file=source), file=source, count=len(others))
    if contacts.there:
        return
    for label, count in Counter(one.kind for one in others).items():
        names = "、".join(dict.fromkeys(f"「{one.to}」" for one in others if one.kind == label))
        yield issue("mail.other_recipient", Place(file=source), label=label, count=count, names=names)


def contact(contacts: Contacts, one: LetterRecord, name: str) -> tuple[str, str] | Issue:
    """Where a letter to somebody else goes, and the cell that says so; or why it is not mailed."""
    found = contacts.of(one.to)
    if not isinstance(found, Nobody):
        return found
    seen = {"label": one.kind, "name": name, "to": one.to, "reason": found.reason}
    return issue("mail.no_contact", found.place, applicant=one.applicant, **seen)


def _head(sheet: Sheet, row: int) -> tuple[int, list[int], list[int]] | None:
    """The row with its columns of names and of addresses, more than one where the heads leave open which."""
    labels = [squash(_text(sheet, row, n)) for n in range(sheet.width)]
    names = [n for n, label in enumerate(labels) if label in _NAMES]
    mails = [n for n, label in enumerate(labels) if label in _ADDRESSES]
    return (row, names, mails) if names and mails else None


def _text(sheet: Sheet, row: int, column: int) -> str:
    value = sheet.rows[row][column]
    return value if isinstance(value, str) else "" if value is None else str(value)


def _address(sheet: Sheet, row: int, column: int) -> tuple[str, str] | Nobody:
    place = Place(sheet.name, address(row, column))
    if (row, column) in sheet.special:
        return Nobody(place, "单元格里的内容读不出来")
    read = read_address(_text(sheet, row, column))
    return Nobody(place, read.reason) if isinstance(read, NoAddress) else (read.value, str(place))
