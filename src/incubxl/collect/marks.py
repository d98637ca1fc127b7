"""The hidden marks of a form workbook, by which a return is read whatever has been moved, renamed or added.

Every sheet: column A is hidden and says what each row is; row 1 is hidden and says where labels, values and hints
stand; a hidden row over each repeating block says which field each column is. A sheet ``incubxl_form`` that only a
program can show holds the stamp and every text and value that was given out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

SHEET = "incubxl_form"
FIRST = "incubxl-form"  # in the sheet's first cell
_SIGN = "ix|"
LABEL, VALUE, HINT, COLUMN = "label", "value", "hint", "column"  # of columns
CARD, HEAD, TITLES, ROW, OTHER = "card", "head", "titles", "row", "other"  # of rows
GIVEN, INPUT = "given", "input"  # of the cells listed on the hidden sheet, beside LABEL


def mark(kind: str, part: str = "", key: str = "") -> str:
    """The text of a mark."""
    return f"{_SIGN}{kind}|{part}|{key}"


def read_mark(value: object) -> tuple[str, str, str] | None:
    """(kind, part, key) of a cell that holds a mark."""
    if type(value) is not str or not value.startswith(_SIGN):
        return None
    pieces = value.split("|", 3)
    return (pieces[1], pieces[2], pieces[3]) if len(pieces) == 4 else None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a workbook was made as. ``to``: applicants or districts; ``recipient``: an applicant's id or a district."""

    pack: str
    form: str
    version: str
    year: str
    round: str
    to: str
    recipient: str
    register: str  # SHA-256 of the register's file
    made: str

    @property
    def districts(self) -> bool:
        return self.to == "districts"

    def rows(self) -> list[tuple[str, str]]:
        return list(asdict(self).items())

    @staticmethod
    def read(found: Mapping[str, str]) -> Stamp | None:
        """The stamp of these keys and values; None when one is missing."""
        names = [f.name for f in fields(Stamp)]
        return Stamp(**{n: found[n] for n in names}) if all(n in found for n in names) else None
