"""What a button cannot do, said to the person who pressed it."""

from __future__ import annotations


class RefusedError(Exception):
    """``what`` happened or is in the way, and what to do ``next``: Chinese sentences; a last full stop is taken off."""

    def __init__(self, what: str, next: str) -> None:
        super().__init__(what)
        self.what, self.next = what.rstrip("。"), next.rstrip("。")
