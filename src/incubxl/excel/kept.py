"""What a person has put on one of our sheets in the open workbook stays, on a copy of the sheet with another title.

Ours is written again in place, so that formulas of the user's that refer to it go on doing so; the copy is the user's.
Excel does not say in one call how all cells look: there the protection stands for that, which must be taken off to
change anything. Nor does it give all notes in one call: they are counted, and under the protection nobody edits one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from incubxl.excel.prepare import Prepared
from incubxl.publish.own_sheet import OWNED, Layout, Mark, kept_title, marked, notes_of, values_of

BEGUN = '="incubxl begun"'  # the hidden name's text while a sheet is being written


class Ours(NamedTuple):
    """A sheet of ours that is there, its names, and its mark; None where the hidden name's text is none.

    ``begun``: a write broke off on it, and what stands there is half of ours.
    """

    sheet: Any
    names: Any
    mark: Mark | None
    begun: bool = False

    @property
    def layout(self) -> Layout | None:
        """What is known to be set up on it."""
        return self.mark.layout if self.mark else None


def ours_of(sheet: Any) -> Ours | None:
    """A sheet with our hidden name; None where it has none and so is the user's."""
    names = sheet.Names
    found = (str(name.RefersTo) for name in names if name.Name.rpartition("!")[2] == OWNED)
    return next((Ours(sheet, names, marked(text), begun=text == BEGUN) for text in found), None)


def begin(names: Any) -> None:
    """Mark the sheet of these names as ours, not yet whole."""
    names.Add(OWNED, BEGUN, False)


def put_mark(names: Any, values: Any, sheet: Prepared, layout: Layout | None) -> None:
    """Note on the sheet what has been written. ``values``: what Excel gives for all its cells."""
    held = values_of(_rows(values), date_1904=False)  # days come as numbers
    mark = Mark(held, len(sheet.notes), notes_of(dict(sheet.notes)), layout=layout)
    names.Add(OWNED, "=" + mark.text, False)


def keep(book: Any, ours: Mapping[str, Ours], titles: Collection[str]) -> tuple[dict[str, Ours], list[str]]:
    """Copy aside those of ours that hold something else than was written; gives ours, and what to say of each copy.

    Of one that was copied nothing counts as set up: how it was set up stays on the copy. ``ours``: by title.
    ``titles``: those that are taken.
    """
    now, said = dict(ours), []
    for title, one in ours.items():
        if _as_written(one):
            continue
        kept = kept_title(title, [*titles, *(str(s.Name) for s in book.Sheets)])
        _copied(book, one.sheet, kept)
        now[title] = one._replace(mark=None)
        said.append(f"「{title}」写出以后撤消过保护或有人改过，原来的样子留在「{kept}」，以后是您自己的表。")
    return now, said


def _as_written(one: Ours) -> bool:
    if one.begun:
        return True
    sheet, before = one.sheet, one.mark
    if before is None or not sheet.ProtectContents or sheet.Comments.Count != before.noted:
        return False
    used = sheet.UsedRange
    if used.HasFormula is not False:
        return False
    return values_of(_rows(used.Value2), date_1904=False) == before.values  # what is used begins with our title, in A1


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
