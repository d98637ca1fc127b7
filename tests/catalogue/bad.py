"""A bad input for a code of the catalogue: what is made, and where the finding must stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from incubxl.issues import Issue

# What the small test workbooks leave out, told in every one of them.
USUAL = frozenset({"sheet.missing", "header.absent", "cell.required_blank"})


@dataclass(frozen=True)
class Bad:
    """``make``: every issue of the bad input, given an empty folder. ``place``: file, sheet or sheet!cell of the one
    with the code. ``also``: what the same slip must lead to besides."""

    place: str
    make: Callable[[Path], Iterable[Issue]]
    also: frozenset[str] = frozenset()
