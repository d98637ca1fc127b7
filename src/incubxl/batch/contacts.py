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
    """``rows``: name for comparing → what its rows say. ``there``: whether the workbook has the sheet at all."""

    rows: Mapping[str, tuple[tuple[str, str] | Nobody, ...]]
    there: bool = True
    fault: str = ""

    def of(self, name: str) -> tuple[str, str] | Nobody:
        """The one address of a recipient and its cell, or why there is none."""
        found = self.rows.get(squash(name), ())
        if self.fault or not found:
            return Nobody(Place(SHEET), self.fault or f"没有「{name}」这一行，名称要与主送一致")
        if len(found) > 1:
            return Nobody(Place(SHEET), f"「{name}」写了{len(found)}行，只能有一行")
        return found[0]


def read_contacts(grid: Grid) -> Contacts:
    """What the workbook's 通讯录 says."""
    sheet = next((one for name, one in grid.sheets.items() if squash(name) == SHEET), None)
    if sheet is None:
        return Contacts({}, there=False)
    head = next((found for n in range(min(_HEAD_ROWS, sheet.height)) if (found := _head(sheet, n))), None)
    if head is None:
        return Contacts({}, fault="没有「收件单位」「电子邮箱」两栏的表头")
    first, name_at, mail_at = head
    rows: dict[str, tuple[tuple[str, str] | Nobody, ...]] = {}
    for n in range(first + 1, sheet.height):
        key = squash(_text(sheet, n, name_at))
        if key:
            rows[key] = (*rows.get(key, ()), _address(sheet, n, mail_at))
    return Contacts(rows)


def unmailed(
    finals: Sequence[LetterRecord], kinds: Mapping[str, LetterKind], source: str, contacts: Contacts
) -> Iterator[Issue]:
    """What is published, never mailed; and, where the office keeps no 通讯录, what goes to others than applicants."""
    public = Counter(one.kind for one in finals if one.kind not in kinds or kinds[one.kind].recipient == "public")
    for label, count in public.items():
        yield issue("mail.published", Place(file=source), label=label, count=count)
    if contacts.there:
        return
    others = [one for one in finals if one.kind not in public and (kinds[one.kind].recipient != "applicant" or one.to)]
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


def _head(sheet: Sheet, row: int) -> tuple[int, int, int] | None:
    labels = [squash(_text(sheet, row, n)) for n in range(sheet.width)]
    name = next((n for n, label in enumerate(labels) if label in _NAMES), None)
    mail = next((n for n, label in enumerate(labels) if label in _ADDRESSES), None)
    return (row, name, mail) if name is not None and mail is not None else None


def _text(sheet: Sheet, row: int, column: int) -> str:
    value = sheet.rows[row][column]
    return value if isinstance(value, str) else "" if value is None else str(value)


def _address(sheet: Sheet, row: int, column: int) -> tuple[str, str] | Nobody:
    place = Place(sheet.name, address(row, column))
    if (row, column) in sheet.special:
        return Nobody(place, "单元格里的内容读不出来")
    read = read_address(_text(sheet, row, column))
    return Nobody(place, read.reason) if isinstance(read, NoAddress) else (read.value, str(place))
