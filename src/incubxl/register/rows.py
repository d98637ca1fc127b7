"""Which rows below the header are data, and whose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from incubxl.grid import CellKind, CellValue, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.register.columns import Rows
from incubxl.register.fold import nearest, squash, squash_all
from incubxl.register.headers import Header
from incubxl.register.identity import read_code, read_text
from incubxl.register.model import Refused
from incubxl.register.ordinary import plain_texts, unusual
from incubxl.register.reading import seen

_TOTAL = re.compile(r"(?:本页|本表|全市|全区|以上)?(?:合计|小计|总计|共计|累计)(?:数|\(.*\))?:?")
_COLON = re.compile(r"[:：]")
_NOTE = re.compile(r"(?:备?注|说明|填表(?:人|说明|单位|日期)|制表人?|审核人?|填报人|联系人)\s*[:：]")


@dataclass
class Applicants:
    """The register's data rows: ``rows`` 0-based, ``ids`` beside them; ``index`` finds one by its squashed id."""

    rows: Rows
    ids: tuple[str, ...]
    uscc: Sequence[str] = ()  # credit codes beside the ids, once they are read
    index: dict[str, int] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    seen: int = 0

    @cached_property
    def codes(self) -> dict[str, list[int]]:
        """Credit code → applicants."""
        codes: dict[str, list[int]] = {}
        for i, code in enumerate(self.uscc):
            if code:
                codes.setdefault(code, []).append(i)
        return codes

    @cached_property
    def coded(self) -> set[int]:
        """Applicants with a credit code."""
        return {i for owners in self.codes.values() for i in owners}


def filled_rows(sheet: Sheet, header: Header) -> list[int]:
    """0-based rows below the header with anything in a known column (error cells included)."""
    known = list(dict.fromkeys(header.columns.values()))  # the key first: most rows need no second look
    marked = {row for (row, column) in sheet.special if column in known}
    below = sheet.rows[header.row + 1 :]
    keys = [cells[known[0]] for cells in below]
    if set(map(type, keys)) == {str} and all(map(str.strip, keys)):  # type: ignore[arg-type]
        return list(range(header.row + 1, sheet.height))
    return [
        number
        for number, cells in enumerate(below, header.row + 1)
        if number in marked or _something(cells[known[0]]) or any(_something(cells[column]) for column in known)
    ]


def _something(value: CellValue) -> bool:
    return value is not None and (type(value) is not str or not (value == "" or value.isspace()))


def read_applicants(sheet: Sheet, header: Header, id_field: str) -> Applicants:
    """Every filled row becomes an applicant or is refused with its reason."""
    at = header.columns.get(id_field, -1)
    out = Applicants(np.empty(0, np.int64), ())
    kept: list[int] = []
    ids: list[str] = []
    first: dict[str, int] = {}
    rows = filled_rows(sheet, header)
    out.seen = len(rows)
    totals = total_words(sheet, header, rows, at)
    named = _ids(sheet, rows, at)
    look = {*totals, *_wide_rows(sheet, at)}
    if _COLON.search("|".join(named)):
        look.update(row for row, id in zip(rows, named, strict=True) if _COLON.search(id))
    for row, id, key in zip(rows, named, squash_all(named), strict=True):
        if id and key not in first and row not in look:
            first[key] = row
            kept.append(row)
            ids.append(id)
            continue
        place = Place(sheet.name, address(row, max(at, 0)))
        if word := totals.get(row):
            out.issues.append(total_row(sheet, row, word))
            out.refused.append(Refused(sheet.name, row + 1, f"「{word}」行，不是申报单位"))
        elif not id:
            if at >= 0:  # else the missing column has been told once
                out.issues.append(_no_id(sheet, header, row, at))
            out.refused.append(Refused(sheet.name, row + 1, "没有申报编号"))
        elif _is_note(sheet, header, row, at, id):
            out.issues.append(issue("row.note", place, row=row + 1, seen=id[:30]))
            out.refused.append(Refused(sheet.name, row + 1, "说明文字，不是申报单位"))
        elif key in first:
            earlier, again = (f"{sheet.name}!{address(one, at)}" for one in (first[key], row))
            holder = ids[kept.index(first[key])]  # whose acts and details are now in doubt
            out.issues.append(issue("row.duplicate_id", place, applicant=holder, id=id, first=earlier, second=again))
            out.refused.append(Refused(sheet.name, row + 1, f"申报编号「{id}」与{earlier}重复"))
        else:
            first[key] = row
            kept.append(row)
            ids.append(id)
    out.rows, out.ids = np.array(kept, dtype=np.int64), tuple(ids)
    out.index = dict(zip(first, range(len(first)), strict=True))
    return out


def _ids(sheet: Sheet, rows: Sequence[int], at: int) -> list[str]:
    """The id on each row, empty where none can be read."""
    if at < 0:
        return [""] * len(rows)
    cells = [sheet.rows[row][at] for row in rows]
    ids = [cell if type(cell) is str else "" for cell in cells]
    for i in unusual(plain_texts, ids):
        ids[i] = _id(sheet, rows[i], at)
    return ids


def _id(sheet: Sheet, row: int, at: int) -> str:
    if at < 0:
        return ""
    value = sheet.rows[row][at]
    if value is None:
        return ""
    reading = read_text(value)
    return str(reading.value) if reading.kind == CellKind.VALUE else ""


def _no_id(sheet: Sheet, header: Header, row: int, at: int) -> Issue:
    """Why there is no id on a row: the cell holds what cannot be read, is merged with the one above, or is blank."""
    place = Place(sheet.name, address(row, at))
    label = read_text(sheet.rows[header.row][at]).value or "申报编号"
    if special := sheet.special.get((row, at)):
        code = "cell.uncached" if special[0] == CellKind.UNCACHED else "cell.error"
        return issue(code, place, label=label, seen=special[1])
    value = sheet.rows[row][at]
    if value is not None and (reading := read_text(value)).code:
        return issue(reading.code, place, label=label, seen=seen(value), why=reading.why)
    above = [top for top, left, bottom, right in sheet.merged if left <= at <= right and top < row <= bottom]
    why = f"（与{address(above[0], at)}合并成一格，只有第一行算有编号）" if above else ""
    return issue("row.no_id", place, row=row + 1, why=why)


def total_words(sheet: Sheet, header: Header, rows: Sequence[int], at: int) -> dict[int, str]:
    """Rows that are no data: 合计, 小计 … where the row's key, the sheet's first column or the first known column says
    so; 表头 for a header that stands again further down."""
    found: dict[int, str] = {}
    label = sheet.rows[header.row][at] if at >= 0 else None
    for column in {at, 0, min(header.columns.values())} - {-1}:
        values = [sheet.rows[row][column] for row in rows]
        if "计" not in "|".join(value for value in values if type(value) is str) and label not in values:
            continue
        for row, value in zip(rows, values, strict=True):
            if type(value) is not str:
                continue
            if column == at and value == label:
                found[row] = "表头"
            elif "计" in value and len(value) <= 20 and _TOTAL.fullmatch(squash(value)):
                found[row] = squash(value)
    return found


def total_row(sheet: Sheet, row: int, word: str) -> Issue:
    """``row`` (0-based) is a 合计 row."""
    return issue("row.total", Place(sheet.name, address(row, 0)), row=row + 1, seen=word)


def _is_note(sheet: Sheet, header: Header, row: int, at: int, id: str) -> bool:
    if row not in _wide_rows(sheet, at) and not _NOTE.match(id):
        return False
    others = [column for column in header.columns.values() if column != at]
    return not any(_something(sheet.rows[row][column]) or (row, column) in sheet.special for column in others)


def _wide_rows(sheet: Sheet, at: int) -> set[int]:
    """Rows with a cell merged over three columns or more from the key's column or left of it."""
    return {
        row
        for top, left, bottom, right in sheet.merged
        if left <= at and right - left >= 2
        for row in range(top, min(bottom + 1, sheet.height))
    }


def hidden_note(sheet: Sheet, rows: Sequence[int]) -> list[Issue]:
    """Hidden and filtered ``rows`` count, and that is said."""
    count = sum(1 for row in rows if row in sheet.hidden_rows) if sheet.hidden_rows else 0
    found = [issue("row.hidden", Place(sheet.name), sheet=sheet.name, count=count)] if count else []
    if sheet.hidden and rows:
        found.append(issue("sheet.hidden", Place(sheet.name), sheet=sheet.name))
    return found


EVERYBODY, _EVERYBODY = -2, "全体"  # the owner of what is done for all applicants at once


def owners(
    sheet: Sheet,
    rows: Sequence[int],
    at: int,
    code_at: int,
    applicants: Applicants,
    contested: dict[int, tuple[int, ...]],
    *,
    everybody: bool = False,
) -> tuple[list[int], list[Issue]]:
    """The applicant's index of every row (-1: none known), with an error for each that has none.

    A cell merged over several rows says the same for all of them. Where the sheet has a credit code too, a row whose
    id says nothing goes by its code, one that names somebody who is not in this register is no error, and an id and a
    code that contradict each other are. With ``everybody``, a row of 全体 has the owner EVERYBODY.
    """
    if at < 0 and code_at < 0:
        return [-1] * len(rows), []  # the missing column has been told once
    merged = {
        row: top
        for top, left, bottom, right in sheet.merged
        if left <= at <= right and bottom > top
        for row in range(top, min(bottom + 1, sheet.height))
    }
    cells = [sheet.rows[merged.get(row, row)][at] for row in rows] if at >= 0 else [None] * len(rows)
    found: list[int] = []
    issues: list[Issue] = []
    known: dict[CellValue, int] = {}  # cells seen before that name an applicant
    for row, cell in zip(rows, cells, strict=True):
        if code_at < 0 and type(cell) is str and cell in known:
            found.append(known[cell])
            continue
        id = _id(sheet, merged.get(row, row), at)
        code = _code(sheet, row, code_at)
        owner = applicants.index.get(squash(id), -1) if id else -1
        by_code = applicants.codes.get(code, []) if code else []
        place = Place(sheet.name, address(row, max(at, 0)))
        if everybody and owner < 0 and squash(id) == _EVERYBODY:
            owner = EVERYBODY
        elif owner >= 0:
            known[cell] = owner
            if code and owner in applicants.coded and owner not in by_code:
                seen = {"sheet": sheet.name, "row": row + 1, "id": id, "uscc": code}
                contested[len(found)] = (owner, *by_code)
                issues += [
                    issue("row.owner_contradicts", place, applicant=applicants.ids[n], **seen)
                    for n in contested[len(found)]
                ]
        elif len(by_code) == 1:
            owner = by_code[0]
        elif code and not by_code:
            pass  # somebody of another year
        elif not id:
            issues.append(issue("row.owner_blank", place, sheet=sheet.name, row=row + 1))
        else:
            near = nearest(id, applicants.ids, 0.6) if len(applicants.ids) <= 2000 else ""
            hint = f"，是不是「{near}」" if near else ""
            issues.append(issue("row.owner_unknown", place, sheet=sheet.name, row=row + 1, seen=id, hint=hint))
        found.append(owner)
    return found, issues


def _code(sheet: Sheet, row: int, at: int) -> str:
    if at < 0 or sheet.rows[row][at] is None:
        return ""
    reading = read_code(sheet.rows[row][at])
    return str(reading.value) if reading.kind == CellKind.VALUE else ""
