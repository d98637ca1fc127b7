"""Cells that need no second look: a column is asked at once whether anything unusual stands in it.

What is ordinary here reads as itself, without remark; everything else is left to ``parse.read_cell``. Tests hold the
two against each other.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from types import NoneType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from incubxl.grid import CellKind, CellValue
from incubxl.policy.fields import Field
from incubxl.register.dates import FIRST, LAST
from incubxl.register.identity import CODE_VALUE, CODE_WEIGHTS, PLAIN_HOST, PLAIN_PHONE
from incubxl.register.numbers import LARGEST, settle
from incubxl.register.parse import NUMERIC

_BLANK, _VALUE = np.int8(CellKind.BLANK), np.int8(CellKind.VALUE)
_PHONES = re.compile(rf"(?:(?:{PLAIN_PHONE})\n)++")
_NO_MAILBOX = re.compile(r"[^A-Za-z0-9_+.\n-]")
_NO_DOTS = ("..", "\n.", ".\n", "\n\n")
_HOST = re.compile(PLAIN_HOST)
_DIGITS = np.full(128, -1, dtype=np.int64)
_DIGITS[[ord(character) for character in CODE_VALUE]] = list(CODE_VALUE.values())
_WEIGHTS = np.array(CODE_WEIGHTS)
_DAYS = {dt.date, dt.datetime}
_EPOCH = dt.date(1970, 1, 1).toordinal()
_PARTS, _SMALL = 16, 64
_LARGEST = float(LARGEST) - 1


class Ordinary(NamedTuple):
    """n kinds and values of a column; the positions ``odd`` are still to be read, one cell after the other."""

    kinds: npt.NDArray[np.int8]
    values: npt.NDArray[Any]
    odd: list[int]


def ordinary(spec: Field, cells: Sequence[CellValue], types: set[type]) -> Ordinary | None:
    """The ordinary cells of a column; None for the types whose cells say one of a few words. ``types``: theirs."""
    if spec.type in NUMERIC:
        return _numbers(spec, cells, types)
    if spec.type == "date":
        return _dates(cells, types)
    if spec.type in _TESTS:
        return _texts(_TESTS[spec.type], cells, types)
    return None


def _texts(test: Callable[[Sequence[str]], bool], cells: Sequence[Any], types: set[type]) -> Ordinary:
    n = len(cells)
    if types == {str}:
        odd = unusual(test, cells)
        return Ordinary(np.full(n, _VALUE), np.array(cells, dtype=object), odd)
    at = [i for i, cell in enumerate(cells) if type(cell) is str]
    texts = [cells[i] for i in at]
    odd = [at[i] for i in unusual(test, texts)]
    if types - {str, NoneType}:
        odd += [i for i, cell in enumerate(cells) if type(cell) is not str and cell is not None]
    kinds = np.full(n, _BLANK)
    values = np.full(n, "", dtype=object)
    kinds[at], values[at] = _VALUE, texts
    return Ordinary(kinds, values, sorted(odd))


def unusual(test: Callable[[Sequence[str]], bool], texts: Sequence[str], first: int = 0) -> list[int]:
    """Positions (from ``first`` on) of parts of ``texts`` that fail ``test``, which is asked of many at once."""
    n = len(texts)
    if not n or test(texts):
        return []
    if n <= _SMALL:
        return [first + i for i in range(n) if not test(texts[i : i + 1])]
    step = -(-n // _PARTS)
    return [i for at in range(0, n, step) for i in unusual(test, texts[at : at + step], first + at)]


def plain_texts(texts: Sequence[str]) -> bool:
    """Whether each is kept as it stands: printable, NFC, no space at its ends. 「适」 could be 「不适用」."""
    joined = f"|{'|'.join(texts)}|"  # a bar ends what could combine
    if "适" in joined or not joined.isprintable() or not all(texts):
        return False
    if not joined.isascii() and not unicodedata.is_normalized("NFC", joined):
        return False
    return "| " not in joined and " |" not in joined


def plain_codes(texts: Sequence[str]) -> bool:
    """Whether each is a credit code of 18 characters with the right check character."""
    joined = "".join(texts)
    if set(map(len, texts)) != {18} or not joined.isascii():
        return False
    digits = _DIGITS[np.frombuffer(joined.encode("ascii"), dtype=np.uint8)].reshape(-1, 18)
    return bool(digits.min() >= 0 and digits[:, :8].max() <= 9 and not (digits @ _WEIGHTS % 31).any())


def plain_emails(texts: Sequence[str]) -> bool:
    """Whether each is a plain ASCII address, as ``identity.read_email`` knows them."""
    joined = "\n".join(texts)
    if not joined.isascii() or max(map(len, texts)) >= 64:
        return False
    written = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
    marks = written[(written == 64) | (written == 10)]  # @ and line end by turns: one @ in each, no line end in any
    if len(marks) != 2 * len(texts) - 1 or (marks[::2] != 64).any() or (marks[1::2] != 10).any():
        return False
    parts = joined.replace("@", "\n").split("\n")
    boxes = "\n".join(("", *parts[::2], ""))
    if _NO_MAILBOX.search(boxes) or any(dots in boxes for dots in _NO_DOTS):
        return False
    return all(map(_HOST.fullmatch, set(parts[1::2])))


def plain_phones(texts: Sequence[str]) -> bool:
    """Whether each is a plain Chinese number."""
    joined = "\n".join(texts) + "\n"
    return joined.count("\n") == len(texts) and _PHONES.fullmatch(joined) is not None


_TESTS: dict[str, Callable[[Sequence[str]], bool]] = {
    "text": plain_texts,
    "uscc": plain_codes,
    "email": plain_emails,
    "phone": plain_phones,
}


def _numbers(spec: Field, cells: Sequence[Any], types: set[type]) -> Ordinary:
    """Floats in range; what must be looked at: other types, infinities, broken counts, shares up to 1, huge ones."""
    strange: list[int] = []
    if types <= {float, NoneType}:
        values = np.array(cells, dtype=np.float64)
    else:
        values = np.array([cell if type(cell) is float else None for cell in cells], dtype=np.float64)
        strange = [i for i, cell in enumerate(cells) if type(cell) is not float and cell is not None]
    settled(values)
    blank = np.isnan(values)
    odd = np.zeros(len(cells), dtype=np.bool_)
    if float in types:
        low, high = (FIRST.year, LAST.year) if spec.type == "year" else (0, _LARGEST)
        odd |= (values < low) | (values > high)
        if spec.type == "percent":
            odd |= (values != 0) & (values <= 1)
        if spec.type in ("integer", "year"):
            odd |= (values != np.floor(values)) & ~blank
        if spec.plausible_max is not None:
            odd |= values >= float(spec.plausible_max)
        if blank.any() and np.count_nonzero(blank) != cells.count(None) + len(strange):
            strange += [i for i in np.flatnonzero(blank).tolist() if type(cells[i]) is float]
    odd[strange] = True
    return Ordinary(np.where(blank, _BLANK, _VALUE), values, np.flatnonzero(odd).tolist())


def settled(values: npt.NDArray[np.float64]) -> None:
    """``settle`` all in place. A quotient m / 100 with m below 10^15 is the float of a number of 15 digits already."""
    broken = np.flatnonzero(((values != np.floor(values)) & ~np.isnan(values)) | (np.abs(values) >= 1e15))
    if len(broken):
        some = values[broken]
        with np.errstate(over="ignore"):
            cents = np.rint(some * 100)
        broken = broken[(cents / 100 != some) | (np.abs(cents) >= 1e15)]
        values[broken] = [settle(number) for number in values[broken].tolist()]
    values += 0.0  # no -0


def _dates(cells: Sequence[Any], types: set[type]) -> Ordinary:
    n = len(cells)
    if types <= _DAYS:
        kinds = np.full(n, _VALUE)
        days = np.fromiter(map(dt.date.toordinal, cells), dtype=np.int64, count=n)
        odd = []
    else:
        at = [i for i, cell in enumerate(cells) if type(cell) in _DAYS]
        kinds = np.full(n, _BLANK)
        kinds[at] = _VALUE
        days = np.full(n, _EPOCH)
        days[at] = [cells[i].toordinal() for i in at]
        odd = [i for i, cell in enumerate(cells) if type(cell) not in _DAYS and cell is not None]
    far = np.flatnonzero((days < FIRST.toordinal()) | (days > LAST.toordinal())).tolist()
    return Ordinary(kinds, (days - _EPOCH).view("datetime64[D]"), sorted(odd + far))
