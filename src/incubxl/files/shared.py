"""How long the shared texts of a workbook are when every cell that refers to one has a copy of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_REFERENCE = b't="s"'
_REFERS = re.compile(rb'\bt="s"[^>]*>\s*<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*(\d{1,9})')
_PREFIXED = re.compile(rb"<[\w.-]+:si[\s/>]")
_LITTLE = 32 << 20  # bytes: below it the bound will do


def shared_text(texts: bytes, parts: Sequence[bytes]) -> int:
    """Bytes of XML of the texts to which cells of the sheets ``parts`` refer, once for each cell; or a bound of it,
    where that is little. ``texts``: the part of the shared texts."""
    references = [part.count(_REFERENCE) for part in parts]
    if sum(references) * len(texts) <= _LITTLE:
        return sum(references) * len(texts)
    lengths = _lengths(texts)
    longest = int(lengths.max(initial=0))
    if sum(references) * longest <= _LITTLE:
        return sum(references) * longest
    return sum(_referred(part, lengths, longest, n) for part, n in zip(parts, references, strict=True))


def _lengths(texts: bytes) -> NDArray[np.int64]:
    """From the beginning of each text to that of the next."""
    each = np.frombuffer(texts, np.uint8)
    starts = np.flatnonzero((each[:-2] == 60) & (each[1:-1] == 115) & (each[2:] == 105))  # <si
    if not len(starts):
        starts = np.array([found.start() for found in _PREFIXED.finditer(texts)], np.int64)
    lengths: NDArray[np.int64] = np.diff(starts, append=len(texts))
    return lengths


def _referred(part: bytes, lengths: NDArray[np.int64], longest: int, references: int) -> int:
    numbers = np.array(_REFERS.findall(part), np.int64)
    known = numbers[numbers < len(lengths)]
    return int(lengths[known].sum()) + longest * max(0, references - len(numbers))
