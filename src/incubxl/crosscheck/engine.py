"""crosscheck: workbooks of one or more years → 疑点. What cannot be compared is said; nothing is decided."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.crosscheck.copied import copied
from incubxl.crosscheck.jumps import jumps
from incubxl.crosscheck.model import Book, Found
from incubxl.crosscheck.shared import same_things


def crosscheck(books: Sequence[Book]) -> Found:
    """Everything that should be looked at in the books that are not ``earlier``."""
    shared, same = same_things(books)
    last, neighbour, copies = copied(books)
    jumped, far = jumps(books)
    return Found(tuple(books), (shared, last, neighbour, *jumped), (*same, *copies, *far))
