"""calamine, and the process that is made of it for another one (``apart``): it reads packages until its input ends.

calamine ends its process where an allocation fails. So this module takes nothing of the program along but itself: it
starts in some hundredths of a second, and nothing but one answer is lost with it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import io
import marshal
import pickle
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from incubxl.grid import CellValue

    Rows = list[list[CellValue]]
BETWEEN = "\0"  # titles
_LENGTH = struct.Struct(">Q")
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
    return marshal.dumps((read, days, pickle.dumps(moments)), _WITHOUT_REFERENCES)


def unpacked(data: bytes) -> dict[str, Rows]:
    """The inverse of ``packed``."""
    read: dict[str, Rows]
    read, days, moments = marshal.loads(data)  # noqa: S302  (of a process of our own)
    for sheet, columns in days.items():
        rows = read[sheet]
        for c, (numbers, ordinals) in columns.items():
            for r, day in zip(numbers, map(dt.date.fromordinal, ordinals), strict=True):
                rows[r][c] = day
    for sheet, r, c, value in pickle.loads(moments):  # noqa: S301
        read[sheet][r][c] = value
    return read


def send(stream: IO[bytes], data: bytes) -> None:
    """One message to the other process. Raises OSError where that has ended."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def received(stream: IO[bytes]) -> bytes:
    """The next message of the other process. Raises EOFError where that has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    length = _LENGTH.unpack(head)[0]
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _serve() -> None:
    gc.disable()  # cells make no cycles
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the other process ends this one
    if sys.platform == "linux":  # where memory ends, the system is to end this process
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    with contextlib.suppress(EOFError, OSError):
        while True:
            sheets = received(requests).decode("utf-8", "surrogatepass").split(BETWEEN)
            send(answers, packed(parse(received(requests), sheets)))


if __name__ == "__main__":
    _serve()
