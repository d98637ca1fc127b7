"""What a person has put on one of our sheets in the open workbook stays, on a copy of the sheet with another title.

Ours is written again in place, so that formulas of the user's that refer to it go on doing so; the copy is the user's.
Excel does not say in one call how all cells look: there the protection stands for that, which must be taken off to
change anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from incubxl.excel.prepare import Prepared
from incubxl.files.scan import split
from incubxl.publish.own_sheet import OWNED, contents, kept_title, mark, marked


def mark_of(sheet: Any) -> str | None:
    """The text of our hidden name on a sheet; None where it has none and so is the user's."""
    return next((str(name.RefersTo) for name in sheet.Names if name.Name.rpartition("!")[2] == OWNED), None)


def put_mark(target: Any, values: Any, sheet: Prepared) -> None:
    """Note on the sheet what has been written. ``values``: what Excel gives for all its cells."""
    held = contents(_rows(values), dict(sheet.notes), date_1904=False)  # days come as numbers
    target.Names.Add(OWNED, "=" + mark(held), False)


def keep(book: Any, marks: Mapping[str, str], titles: Collection[str]) -> list[str]:
    """Copy aside those of ours that hold something else than was written; gives what to say of each.

    ``marks``: title → text of our name on it. ``titles``: those that are taken.
    """
    said = []
    for title, text in marks.items():
        sheet = book.Worksheets(title)
        if _as_written(sheet, text):
            continue
        kept = kept_title(title, [*titles, *(str(s.Name) for s in book.Sheets)])
        _copied(book, sheet, kept)
        said.append(f"「{title}」写出以后撤消过保护或有人改过，原来的样子留在「{kept}」，以后是您自己的表。")
    return said


def _as_written(sheet: Any, text: str) -> bool:
    before = marked(text)
    if before is None or not sheet.ProtectContents:
        return False
    used = sheet.UsedRange
    if used.HasFormula is not False:
        return False
    first, _, _ = str(used.Address).replace("$", "").partition(":")
    notes = {str(note.Parent.Address).replace("$", ""): str(note.Text()) for note in sheet.Comments}
    return contents(_rows(used.Value2), notes, first=split(first.encode()) or (0, 0), date_1904=False) == before[0]


def _rows(values: Any) -> Sequence[Sequence[Any]]:
    """Of one cell Excel gives no rows."""
    return values if isinstance(values, tuple | list) else [[values]]


def _copied(book: Any, sheet: Any, title: str) -> None:
    """A copy behind all sheets. It is no longer marked as ours before it has its title."""
    there = {str(s.Name) for s in book.Worksheets}
    sheet.Copy(After=book.Sheets(book.Sheets.Count))
    made = next(s for s in book.Worksheets if str(s.Name) not in there)
    for name in [n for n in made.Names if n.Name.rpartition("!")[2] == OWNED]:
        name.Delete()
    made.Name = title
