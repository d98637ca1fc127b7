"""A bad input for a code of the catalogue: what is made, and where the finding must stand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
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


def bare(found: Issue, folder: Path) -> Issue:
    """The place without the folder of the test."""
    return replace(found, place=replace(found.place, file=found.place.file.replace(f"{folder}{os.sep}", "")))
