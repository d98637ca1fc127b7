"""calamine, and the process that reads one package by it for another process (``apart``).

calamine ends its process where an allocation fails. So this module takes nothing of the program along but itself: it
starts in some hundredths of a second, and nothing but one answer is lost with it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import io
import json
import marshal
import pickle
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from incubxl.grid import CellValue

    Rows = list[list[CellValue]]
_ANSWER = b"\0incubxl.files.calamine\0"
_MOMENTS = frozenset((dt.date, dt.datetime, dt.time, dt.timedelta))
_WITHOUT_REFERENCES = 2  # of marshal's formats: nothing in it is shared


def parse(package: bytes, sheets: Sequence[str]) -> dict[str, Rows]:
    """Sheet → rows from A1, for those of the sheets called ``sheets`` that calamine can read."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(package))
    except BaseException as error:  # noqa: BLE001
        _only_unreadable(error)
        return {}
    read: dict[str, Rows] = {}
    for sheet in sheets:
        try:
            read[sheet] = _rows(workbook, sheet)
        except BaseException as error:  # noqa: BLE001
            _only_unreadable(error)
    return read


def _rows(workbook: CalamineWorkbook, name: str) -> Rows:
    """With None for calamine's empty text; the truth test first, as it is the quicker one."""
    rows = cast("Rows", workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
    for number, row in enumerate(rows):
        rows[number] = [value or (None if value == "" else value) for value in row]
    return rows


def _only_unreadable(error: BaseException) -> None:
    """Whatever calamine stumbles over goes to the exact reader: its errors, dates out of range, panics in Rust.

    A panic is a BaseException of its own. Ctrl-C and the like are raised again.
    """
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def packed(read: dict[str, Rows]) -> bytes:
    """What ``parse`` gives, as bytes, with the days as numbers beside it: in a register they are a tenth of all cells,
    and pickle takes longer for them than calamine."""
    days: dict[str, dict[int, tuple[list[int], list[int]]]] = {}
    moments: list[tuple[str, int, int, CellValue]] = []
    known: dict[tuple[type, ...], list[int]] = {}
    for sheet, rows in read.items():
        found = days[sheet] = {}
        for r, row in enumerate(rows):
            kinds = tuple(map(type, row))  # rows of one kind follow each other
            places = known.get(kinds)
            if places is None:
                places = known[kinds] = [c for c, kind in enumerate(kinds) if kind in _MOMENTS]
            for c in places:
                value, row[c] = row[c], None
                if type(value) is dt.date:
                    numbers, ordinals = found.setdefault(c, ([], []))
                    numbers.append(r)
                    ordinals.append(value.toordinal())
                else:
                    moments.append((sheet, r, c, value))
    return _ANSWER + marshal.dumps((read, days, pickle.dumps(moments)), _WITHOUT_REFERENCES)


def unpacked(data: bytes) -> dict[str, Rows]:
    """The inverse of ``packed``. Raises EOFError where no answer is in ``data``."""
    start = data.find(_ANSWER)  # something may have been printed before it
    if start < 0:
        raise EOFError
    read: dict[str, Rows]
    read, days, moments = marshal.loads(memoryview(data)[start + len(_ANSWER) :])  # noqa: S302  (of our own process)
    for sheet, columns in days.items():
        rows = read[sheet]
        for c, (numbers, ordinals) in columns.items():
            for r, day in zip(numbers, map(dt.date.fromordinal, ordinals), strict=True):
                rows[r][c] = day
    for sheet, r, c, value in pickle.loads(moments):  # noqa: S301
        read[sheet][r][c] = value
    return read


def request(package: bytes, sheets: Sequence[str]) -> bytes:
    """What the process is asked: the titles in one line, and the package."""
    return json.dumps(list(sheets)).encode() + b"\n" + package


def _serve() -> None:
    gc.disable()  # cells make no cycles
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the other process ends this one
    if sys.platform == "linux":  # where memory ends, the system is to end this process
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    sheets = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(packed(parse(sys.stdin.buffer.read(), sheets)))


if __name__ == "__main__":
    _serve()
